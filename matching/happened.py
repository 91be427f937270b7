"""What a Filing says happened, read from all its words at once. Pure."""

from __future__ import annotations

from dataclasses import replace

from matching.stages import events_of
from model import Event, Filing


def with_events(filing: Filing) -> Filing:
    """Return a Filing with the events that its short description and its text tell of, besides
    those it has: spans are of the text where there is one.
    """
    kinds: dict[str, Event] = {}
    for event in (*events_of(filing.text), *events_of(filing.short), *filing.events):
        kinds.setdefault(event.kind, event)
    events = sorted(kinds.values(), key=lambda one: (one.severity.rank, one.start, one.kind))
    return replace(filing, events=tuple(events))
