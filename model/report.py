"""Reports: what a loop did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourcePoll:
    """How one Source answered in one round."""

    source_id: int
    name: str
    url: str
    outcome: str
    """"unchanged", "nothing new", "new", "failed", "gone"."""
    new: int = 0
    changed: int = 0
    mentions: int = 0
    alerts: int = 0
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one round of polling did."""

    polls: tuple[SourcePoll, ...] = ()
    alerts: int = 0
    edits: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DispatchReport:
    """What one round of dispatch did."""

    sent: int = 0
    edited: int = 0
    again: int = 0
    """To be tried again later."""
    refused: int = 0
    gone: int = 0
    repeats: int = 0
    """Sent with the mark that it may be a repeat."""
    waits: int = 0
    """How often the other side told us to wait (429)."""
    delays: tuple[float, ...] = ()
    """Seconds from first seen to sent, one for each new Message."""
