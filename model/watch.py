"""Watches: standing wishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class WatchKind(StrEnum):
    """What sort of thing is looked for; it decides which forms a name takes."""

    PERSON = "person"
    ORG = "org"
    CASE = "case"
    VESSEL = "vessel"
    PHRASE = "phrase"


class Priority(StrEnum):
    """How much of a hurry an Alert is in."""

    HIGH = "high"
    NORMAL = "normal"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing wish: what to look for. Terms are written as a user types them (docs/watching.md):
    bare words are one name with all its variants, "…" a phrase, ="…" literal.
    """

    name: str
    kind: WatchKind = WatchKind.PERSON
    aliases: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    """Weak aliases: they count only near another part of the name or a context word."""
    context: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    """If given: one of these must be in the Item."""
    also: tuple[tuple[str, ...], ...] = ()
    """Further groups like `require`: of each, one must be in the Item."""
    never: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Only Sources with one of these names, hosts or tags; empty: all."""
    priority: Priority = Priority.NORMAL
    threshold: int | None = None
    """0 to 100; None: the configured default."""
    leading: bool = False
    """Only what the headline or the first paragraph says counts, not a name in passing."""
    id: int = 0
    """0 until stored."""


@dataclass(frozen=True, slots=True)
class StoredWatch:
    """A Watch with whom to tell, as the store keeps it."""

    watch: Watch
    to: tuple[int, ...] = ()
    """Subscriber ids; empty: the private and team chats."""
    declared: bool = False
    enabled: bool = True
    muted_until: datetime | None = None
    created_by: int = 0
    """A Member's id; 0 for config.toml and the command line."""
    created_at: datetime | None = None
    visitor: int = 0
    """The Telegram user who keeps it for themselves alone; 0: it is the team's."""


@dataclass(frozen=True, slots=True)
class WatchLog:
    """What happened to the Watches since a mark."""

    mark: int
    changed: tuple[StoredWatch, ...] = ()
    """Each as it is now."""
    removed: tuple[int, ...] = field(default=())
