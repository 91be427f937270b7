"""Which dates in court are said to whom this evening. Pure.

From six in the evening on those of tomorrow are due; before, those of today that are still ahead,
which makes good an evening on which vigil did not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from matching.filing_alerts import Readers
from model.courts import COURTS
from model.docket import Docket, Hearing

EVENING = 18
"""The hour from which tomorrow's dates are due."""
NOON = timedelta(hours=12)
"""A date without an hour is taken to be over then."""


@dataclass(frozen=True, slots=True)
class CourtDate:
    """What is set in one docket for one time."""

    docket: Docket
    at: datetime
    """In the court's own time zone; midnight when only the day was said."""
    has_time: bool
    what: tuple[str, ...]
    """What is to happen, each once however it was written."""
    is_tomorrow: bool


def court_dates(
    some: Iterable[tuple[Docket, Hearing]], readers: Mapping[int, Readers], local: datetime
) -> list[tuple[int, CourtDate]]:
    """Return the dates due at `local` (now, where vigil is read) with the Subscriber each is for,
    in the order of the dates. `readers`: who hears of which docket; nobody of a muted one.
    """
    evening = local.hour >= EVENING
    day = local.date() + timedelta(days=1 if evening else 0)
    found: dict[tuple[int, datetime], CourtDate] = {}
    for docket, hearing in some:
        at = hearing.at.astimezone(_zone(docket.court))
        if docket.id in readers and _is_due(at, hearing, day, local):
            before = found.get((docket.id, at))
            names = _each_once(*(before.what if before else ()), hearing.what)
            has_time = hearing.has_time
            found[docket.id, at] = CourtDate(docket, at, has_time, names, evening)
    return [
        (reader, one)
        for one in sorted(found.values(), key=lambda one: (one.at, one.docket.id))
        for reader in _awake(readers[one.docket.id], local)
    ]


def _zone(court: str) -> ZoneInfo:
    known = COURTS.get(court)
    return ZoneInfo(known.zone if known else "UTC")


def _is_due(at: datetime, hearing: Hearing, day: date, local: datetime) -> bool:
    until = at.astimezone(UTC) + (timedelta() if hearing.has_time else NOON)
    return at.date() == day and until > local.astimezone(UTC)


def _each_once(*names: str) -> tuple[str, ...]:
    return tuple({" ".join(one.casefold().split()): one for one in reversed(names)}.values())[::-1]


def _awake(readers: Readers, local: datetime) -> tuple[int, ...]:
    muted = readers.following.muted_until
    return () if muted is not None and muted > local else readers.subscriber_ids
