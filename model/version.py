"""What a told article said, and how that changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    """Where an Item's words were read."""

    SOURCE = "source"
    """In what its Source published: a feed, a sitemap, a page of links."""
    PAGE = "page"
    """On the article's own page."""


class Changed(StrEnum):
    """What of an article differs from the version before it."""

    HEADLINE = "headline"
    SUMMARY = "summary"
    TEXT = "text"
    WITHDRAWN = "withdrawn"
    """Its page is gone."""
    BACK = "back"
    """Its page was gone and is there again."""
    DROPPED = "dropped"
    """A watched name stands in it no longer."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one part of an Item said at one time, and what proves it."""

    item_id: int
    seen_at: datetime
    part: Part
    url: str
    """The address that was asked."""
    sha256: str
    """Of the bytes that came, in hex; empty: not kept, or there were none."""
    status: int = 200
    """404 or 410: there was nothing any more."""
    changed: tuple[Changed, ...] = ()
    """What differs from the version of the same part before it."""
    title: str = ""
    summary: str = ""
    text: str = ""
    """Empty once bodies are no longer kept."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """One thing that changed in an article after it was told."""

    item_id: int
    what: Changed
    at: datetime
    """When it was noticed."""
    was: str = ""
    """The headline or summary before; of a dropped name, who."""
    watch_id: int = 0
    """Of a dropped name."""
