"""Items: what Sources publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from model.docket import Docket, Event, Filing


@dataclass(frozen=True, slots=True)
class Capture:
    """A document as it was fetched: what an Item can be proved with."""

    url: str
    """The address that was asked."""
    sha256: str
    """Of the bytes that came (decoded from how they were sent), in hex."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a Source published. Texts are plain text, cleaned of markup, in code points."""

    key: str = ""
    """What its Source calls it (guid, entry id); never built from title or date."""
    url: str = ""
    title: str = ""
    summary: str = ""
    text: str = ""
    """The full text, when the Source gives it."""
    lang: str = ""
    author: str = ""
    published: str = ""
    """The date as the Source wrote it."""
    published_at: datetime | None = None
    """The same as an instant; None when missing or not believable. Decides nothing."""
    source: str = ""
    """The Source's name, for people."""
    source_id: int = 0
    id: int = 0
    """0 until stored."""
    first_seen: datetime | None = None
    filing: Filing | None = None
    """Of a court's Item: what was filed. Its title is then the caption, its summary the entry's
    text, its text the document's.
    """
    capture: Capture | None = None
    """Of an Item that was just fetched: the document it stood in."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """Another document that belongs to one that was read, such as a sitemap of an index."""

    url: str
    mark: str
    """By what it is known that this version of it was read (a piece of SourceState.known, hex)."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer of a Source said."""

    items: tuple[Item, ...] = ()
    """The Items that had to be read (those the index already knew are left out)."""
    more: str = ""
    """Where the rest is, for kinds that page."""
    title: str = ""
    lang: str = ""
    known: bytes = b""
    """The item index of this document, to be kept for the next poll."""
    partial: bool = False
    """Cut short or damaged: its validators must not be kept."""
    total: int = 0
    """How many items the document held, read or not."""
    unread: int = 0
    """Items a long document still holds: read it again with `known` for the next slice."""
    hub: str = ""
    ttl: float | None = None
    """Seconds the feed itself asks to be left alone."""
    notes: tuple[str, ...] = ()
    """Sentences worth telling an operator (not well-formed, entries without identity …)."""
    parts: tuple[PagePart, ...] = ()
    """Documents to be read with this one, at the same poll."""
    again: bool = False
    """The same bytes may come to something else next time: they must be read again."""


class News(StrEnum):
    """What `record` found an Item to be."""

    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An Item that is really new, or really changed, after it was written."""

    item: Item
    """As stored, with its id and first_seen."""
    news: News
    before: Item | None = None
    """The version before the change; None for a new one."""
    backlog: bool = False
    """It came with a new Source's first poll."""

    @property
    def headline_changed(self) -> bool:
        """Whether the title now reads differently."""
        return self.before is not None and self.before.title != self.item.title


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a Filing that came in: it is new, or more is known of it."""

    recorded: Recorded
    """Its Item as stored, the Filing merged."""
    docket: Docket
    """As it now stands."""
    opens: bool = False
    """The docket was first seen with it."""
    changes: frozenset[str] = frozenset()
    """What has become of it (`matching.filings.changes`), and of its docket: "found", "unsealed"
    (no longer hidden), "renamed" (called by another name), "named" (its caption was missing).
    """
    events: tuple[Event, ...] = ()
    """What it now says happened that it did not say before."""
    called: str = ""
    """What the docket was called until now, where that has changed with it."""
