"""What a Filing says happened, read from all its words at once, and by what it is known. Pure."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from matching.filings import docket_names, filing_keys
from matching.stages import events_of
from model import Event, Filing, Severity

_RANK = {Severity.LOUD: 0, Severity.IMPORTANT: 1, Severity.ROUTINE: 2}


def with_events(filing: Filing) -> Filing:
    """Return a Filing with the events that its short description and its text tell of, besides
    those it has: spans are of the text where there is one.
    """
    kinds: dict[str, Event] = {}
    for event in (*events_of(filing.text), *events_of(filing.short), *filing.events):
        kinds.setdefault(event.kind, event)
    events = sorted(kinds.values(), key=lambda one: (_RANK[one.severity], one.start, one.kind))
    return replace(filing, events=tuple(events))


def identity(filing: Filing) -> tuple[bytes, ...]:
    """Return `filing_keys`; of what is no entry (a docket found by a search, an opinion) digests
    of its docket and what it is called there.
    """
    keys = filing_keys(filing)
    if keys:
        return keys
    what = filing.short.casefold() or "case"
    return tuple(
        blake2b(f"{name}/{what}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
        for name in docket_names(filing)
    )
