"""Filings: which two are one, what one becomes when more is known of it, and what is loud.

Measured identities (docs/notes/why-a-filing-has-many-keys.md): a court's guid and link name the
docket, CourtListener's links change with the caption; what stays is the docket and, on it, the
entry's number, the document's sequence number or CourtListener's own number of the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from matching.cases import normal_number
from matching.stages import in_order, rulings
from model.courts import COURTS
from model.docket import Event, Filing, Level, Severity

AND = " AND "
"""Between the short descriptions of events that one document has."""


def docket_names(filing: Filing) -> tuple[str, ...]:
    """Return what the docket of a Filing is called, by each number that is known of it."""
    court = filing.court
    found = []
    if court and (number := normal_number(filing.number)):
        found.append(f"n:{court}:{number}")
    if court and filing.case_id:
        found.append(f"c:{court}:{filing.case_id}")
    if filing.docket_id:
        found.append(f"d:{filing.docket_id}")
    return tuple(found)


def filing_keys(filing: Filing) -> tuple[bytes, ...]:
    """Return the digests (16 bytes) by which a Filing is known again, whichever way it comes:
    one shared key, and two are the same. Empty when its docket is not known at all.
    """
    entries = list(_entry_names(filing))
    return tuple(
        _digest(f"{docket}/{entry}") for docket in docket_names(filing) for entry in entries
    )


def identity(filing: Filing) -> tuple[bytes, ...]:
    """Return `filing_keys`; of what is no entry (a docket found by a search, an opinion) digests
    of its docket and what it is called there.
    """
    what = filing.short.casefold() or "case"
    return filing_keys(filing) or tuple(
        _digest(f"{docket}/{what}") for docket in docket_names(filing)
    )


def loose_keys(filing: Filing) -> tuple[bytes, ...]:
    """Return the digests under which a Filing without a number can be found from another Route:
    docket, day and short description. Two that share one are the same only if
    `may_be_same` says so.
    """
    day = filed_on(filing)
    if filing.entry or not day:
        return ()
    words = " ".join(re.findall(r"\w+", (filing.short or filing.text[:60]).casefold()))
    return tuple(_digest(f"{docket}/l:{day}:{words}") for docket in docket_names(filing))


def may_be_same(one: Filing, other: Filing) -> bool:
    """Return whether nothing says that two Filings with a loose key in common are two: courts
    issue several orders a day that are described alike, but each Route numbers its own apart.
    """
    return all(
        not a or not b or a == b
        for a, b in (
            (one.entry, other.entry),
            (one.seq, other.seq),
            (one.pk, other.pk),
            (one.stamp, other.stamp),
        )
    )


def filed_on(filing: Filing) -> str:
    """Return the day a Filing was filed, in its court's own zone; empty when it is not known."""
    if filing.filed is not None:
        return filing.filed.isoformat()
    if not filing.stamp:
        return ""
    court = COURTS.get(filing.court)
    at = datetime.fromisoformat(filing.stamp)
    return (at.astimezone(ZoneInfo(court.zone)) if court else at).date().isoformat()


def _entry_names(filing: Filing) -> Iterator[str]:
    if filing.entry:
        yield f"e:{filing.entry}"
    if filing.seq:
        yield f"s:{filing.seq}"
    if filing.pk:
        yield f"k:{filing.pk}"
    if filing.stamp and not filing.entry and not filing.seq:
        yield f"t:{filing.stamp}"


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def merge(old: Filing, new: Filing) -> Filing:
    """Return all that two tellings of one Filing say together, whichever came first.

    Short descriptions of several events are joined with " AND "; of texts the longer stands; a
    document is sealed only as long as nobody has it.
    """
    pdf = max(old.pdf, new.pdf)
    facts = {
        name: _fuller(getattr(old, name), getattr(new, name))
        for name in (
            "court", "number", "case_id", "docket_id", "entry", "document", "seq", "pk",
            "caption", "text", "judge", "stamp", "url",
        )
    }  # fmt: skip
    days = [day for day in (old.filed, new.filed) if day is not None]
    return replace(
        new,
        **facts,
        short=joined_shorts(old.short, new.short),
        filed=min(days) if days else None,
        parties=tuple(sorted({*old.parties, *new.parties})),
        pdf=pdf,
        sealed=not pdf and old.sealed and new.sealed,
        events=_all_events(old.events, new.events),
        route=min(old.route, new.route),
    )


def joined_shorts(*shorts: str) -> str:
    """Return the distinct short descriptions in one line, in an order of their own."""
    parts = {part.strip() for short in shorts for part in short.split(AND) if part.strip()}
    return AND.join(sorted(parts))


def _fuller(old: str, new: str) -> str:
    return max(old, new, key=lambda text: (len(text), text))


def _all_events(old: tuple[Event, ...], new: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return all that either says; of one kind the one whose words stand first."""
    return in_order(sorted((*old, *new), key=lambda one: (one.start, one.end, one.severity.rank)))


def severity_of(filing: Filing) -> Severity:
    """Return how much a Filing matters: as much as the most severe thing it says happened."""
    severities = (one.severity for one in filing.events)
    return min(severities, key=lambda one: one.rank, default=Severity.ROUTINE)


def is_told(filing: Filing, level: Level) -> bool:
    """Return whether somebody who follows a case at this Level is told of a Filing at once."""
    severity = severity_of(filing)
    match level:
        case Level.ALL:
            return True
        case Level.IMPORTANT:
            return severity is not Severity.ROUTINE
        case Level.ORDERS:
            decided = any(one.kind in rulings() for one in filing.events)
            return severity is Severity.LOUD or decided


def changes(old: Filing, new: Filing) -> frozenset[str]:
    """Return what became of a Filing's one entry: "text", "document", "public", "sealed",
    "event" (it now says that something happened which matters more than all it said before).
    """
    found = set()
    if len(new.text) > len(old.text):
        found.add("text")
    if new.pdf and not old.pdf:
        found.add("document")
    if old.sealed != new.sealed:
        found.add("sealed" if new.sealed else "public")
    if is_graver(old, new):
        found.add("event")
    return frozenset(found)


def is_graver(old: Filing, new: Filing) -> bool:
    """Return whether a Filing now says that something happened which matters more than all that
    it said before: that is worth a second message, anything less is not
    (docs/notes/when-an-entry-is-told-again.md).
    """
    return severity_of(new).rank < severity_of(old).rank


def new_events(old: Filing, new: Filing) -> tuple[Event, ...]:
    """Return what a Filing now says happened, routine apart, that it did not say before."""
    had = {one.kind for one in old.events}
    return tuple(
        one for one in new.events if one.kind not in had and one.severity is not Severity.ROUTINE
    )
