"""Mentions: a Term found in an Item."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a Mention counts: a code and its arguments; worded at the edge from the catalogue
    (`reason.<code>`), never inside matching.
    """

    code: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A Term found in an Item: place, score, reason."""

    watch_id: int
    field: str
    """"title", "summary" or "text"."""
    start: int
    end: int
    """Code points in the original field; `text` is exactly field[start:end]."""
    text: str
    score: int
    """0 to 100."""
    reason: Reason
    term: str = ""
    """The Term as its owner wrote it."""
    context: tuple[str, ...] = ()
    """The context words that helped, as they stand in the text."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said of one Watch and one Item, for `why`."""

    rule: str
    passed: bool
    reason: Reason
    field: str = ""
    start: int = 0
    end: int = 0
