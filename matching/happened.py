"""What a Filing says happened, read from all its words at once. Pure."""

from __future__ import annotations

from dataclasses import replace

from matching.filings import AND
from matching.stages import events_of, in_order
from model import Filing


def with_events(filing: Filing) -> Filing:
    """Return a Filing with the events that its text and each of its short descriptions tell of,
    besides those it has. They are read apart: joined they could say what none of them says.
    """
    words = (filing.text, *filing.short.split(AND))
    said = (event for one in words for event in events_of(one))
    return replace(filing, events=in_order((*said, *filing.events)))
