"""Entries of a followed docket that its court numbered and nobody may see: each said once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import select, update

from matching.unsealing import seal_gaps
from store.engine import Tx
from store.tables import docket, filing, following
from store.written import dump

SURE_AFTER = timedelta(hours=24)
"""A court's entries come in no order within a day: so old is what stands above a gap."""


async def said_gaps(tx: Tx, docket_id: int) -> list[tuple[int, int]]:
    """Return the runs of entries of which it was said that they are not public."""
    text = await tx.value(select(docket.c.gaps).where(docket.c.id == docket_id))
    return [(first, last) for first, last in json.loads(text or "[]")]


async def take_gaps(tx: Tx, docket_id: int, now: datetime) -> list[tuple[int, int]]:
    """Return the runs of entries, above the first that came since the docket is followed, that
    are surely not public and of which that was not said; they count as said from now on.
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
    known = [str(row.entry) for row in rows if row.entry <= newest]
    said = await said_gaps(tx, docket_id)
    told = {number for first, last in said for number in range(first, last + 1)}
    fresh = [
        (first, last)
        for first, last in seal_gaps(known, newest, seen[0].entry)
        if not told.issuperset(range(first, last + 1))
    ]
    if fresh:
        every = dump(sorted({*said, *fresh}))
        await tx.run(update(docket).where(docket.c.id == docket_id).values(gaps=every))
    return fresh
