"""Entries of a followed docket that are missing, each said once: nobody may see them, or they were
missed while its court's feed was not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, exists, select, update

from matching.unsealing import seal_gaps
from store.engine import Tx
from store.statements import insert
from store.tables import docket, docket_ask, docket_ref, filing, following, missed_time
from store.written import dump

SURE_AFTER = timedelta(hours=24)
"""A court's entries come in no order within a day: so old is what stands above a gap."""
_MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of entries that nobody has seen."""

    first: int
    last: int
    missed: bool = False
    """They may be as public as any: the court's feed was not read in time."""


async def said_gaps(tx: Tx, docket_id: int) -> list[Gap]:
    """Return the runs of entries of which it was said that they are missing."""
    text = await tx.value(select(docket.c.gaps).where(docket.c.id == docket_id))
    return [Gap(one[0], one[1], one[2:] == [_MISSED]) for one in json.loads(text or "[]")]


async def take_gaps(tx: Tx, docket_id: int, now: datetime) -> list[Gap]:
    """Return the runs of entries, above the first that came since the docket is followed, that
    are surely missing and of which that was not said; they count as said from now on.
    """
    since = await tx.value(select(following.c.at).where(following.c.docket_id == docket_id))
    rows = await tx.rows(
        select(filing.c.entry, filing.c.first_seen)
        .where(filing.c.docket_id == docket_id, filing.c.entry.is_not(None))
        .order_by(filing.c.id)
    )
    seen = [row for row in rows if since is not None and row.first_seen >= since]
    newest = max((r.entry for r in seen if r.first_seen <= now - SURE_AFTER), default=0)
    if not newest:
        return []
    said = await said_gaps(tx, docket_id)
    told = {number for one in said for number in range(one.first, one.last + 1)}
    known = [str(row.entry) for row in rows if row.entry <= newest]
    times = await _missed_times(tx, docket_id)
    fresh = [
        Gap(first, last, _is_missed(first, last, rows, times))
        for first, last in seal_gaps(known, newest, seen[0].entry)
        if not told.issuperset(range(first, last + 1))
    ]
    if fresh:
        every = sorted((one.first, one.last, *([_MISSED] * one.missed)) for one in (*said, *fresh))
        await tx.run(update(docket).where(docket.c.id == docket_id).values(gaps=dump(every)))
    return fresh


async def is_asked(tx: Tx, docket_id: int) -> bool:
    """Return whether a docket's entries are read through CourtListener's API."""
    asked = exists().where(
        docket_ref.c.docket_id == docket_id,
        docket_ref.c.ref == "d:" + docket_ask.c.docket_id,
        docket_ask.c.asked_at.is_not(None),
    )
    return bool(await tx.value(select(asked)))


async def note_missed(tx: Tx, courts: Iterable[str], since: datetime, until: datetime) -> None:
    """Keep that these courts' feeds were read too late: what they listed only in between is
    unknown.
    """
    rows = [{"court": one, "since": since, "until": until} for one in sorted(set(courts))]
    await tx.run_many(insert(tx, missed_time).on_conflict_do_nothing(), rows)


async def _missed_times(tx: Tx, docket_id: int) -> Sequence[Row[Any]]:
    return await tx.rows(
        select(missed_time)
        .join(docket, docket.c.court == missed_time.c.court)
        .where(docket.c.id == docket_id)
    )


def _is_missed(first: int, last: int, rows: Sequence[Row[Any]], times: Sequence[Row[Any]]) -> bool:
    """Return whether the feed was read too late between the entries around a gap."""
    below = max((r.first_seen for r in rows if r.entry == first - 1), default=None)
    above = max((r.first_seen for r in rows if r.entry == last + 1), default=None)
    if below is None or above is None:
        return bool(times)
    start, end = sorted((below, above))
    return any(one.since <= end and one.until >= start for one in times)
