"""What was told in a period, page by page, and what was read in it: for exports and timelines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_

from model import AlertKind, Bond, Item
from store.engine import Store, Tx
from store.item_rows import as_item, whole_items
from store.tables import alert, alert_docket, alert_tie, alert_watch, item, source, watch


@dataclass(frozen=True, slots=True)
class Reading:
    """How much one Source gave in a period."""

    source_id: int
    name: str
    url: str
    items: int


async def told_between(
    tx: Tx,
    since: datetime,
    until: datetime,
    *,
    watch_id: int = 0,
    docket_id: int = 0,
    after: int = 0,
    limit: int = 500,
) -> list[int]:
    """Return ids of the Alerts about Items raised in [since, until), the oldest first, those after
    the id `after`; `watch_id`: only because of that Watch (0: of any of the team's); `docket_id`:
    only about that docket (0: about anything). What somebody joined to an earlier Alert is told by
    that one.
    """
    c = alert.c
    merged = select(alert_tie.c.alert_id).where(
        alert_tie.c.alert_id == c.id, alert_tie.c.bond == Bond.MERGED.value
    )
    found = select(c.id).where(
        c.at >= since,
        c.at < until,
        c.id > after,
        c.kind != AlertKind.NOTICE.value,
        ~merged.exists(),
    )
    if watch_id:
        found = found.join(alert_watch, alert_watch.c.alert_id == c.id)
        found = found.where(alert_watch.c.watch_id == watch_id)
    else:
        theirs = select(alert_watch.c.alert_id).join(watch, watch.c.id == alert_watch.c.watch_id)
        theirs = theirs.where(alert_watch.c.alert_id == c.id, watch.c.visitor != 0)
        found = found.where(~theirs.exists())
    if docket_id:
        found = found.join(alert_docket, alert_docket.c.alert_id == c.id)
        found = found.where(alert_docket.c.docket_id == docket_id)
    return [row.id for row in await tx.rows(found.order_by(c.id).limit(limit))]


async def read_between(tx: Tx, since: datetime, until: datetime) -> list[Reading]:
    """Return what each Source gave for the first time in [since, until), the silent ones too."""
    counted = (
        select(item.c.source_id, func.count().label("given"))
        .where(item.c.first_seen >= since, item.c.first_seen < until)
        .group_by(item.c.source_id)
        .subquery()
    )
    rows = await tx.rows(
        select(source.c.id, source.c.name, source.c.url, source.c.enabled, counted.c.given)
        .outerjoin(counted, counted.c.source_id == source.c.id)
        .order_by(source.c.id)
    )
    return [
        Reading(row.id, row.name, row.url, row.given or 0)
        for row in rows
        if row.enabled or row.given
    ]


async def items_between(
    store: Store, since: datetime, until: datetime, *, chunk: int = 300
) -> AsyncIterator[list[Item]]:
    """Give what was first seen in [since, until), the oldest first, in lists of `chunk`.

    Each list is a transaction of its own: a long walk through the archive holds up nothing.
    """
    after = (since, 0)
    while True:
        seen = tuple_(item.c.first_seen, item.c.id)
        page = whole_items().where(item.c.first_seen < until, seen > after)
        async with store.read() as tx:
            rows = await tx.rows(page.order_by(item.c.first_seen, item.c.id).limit(chunk))
        if not rows:
            return
        yield [as_item(row) for row in rows]
        after = (rows[-1].first_seen, rows[-1].id)
