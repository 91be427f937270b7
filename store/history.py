"""What was told in a period, page by page, and what was read in it: for exports and timelines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from model import AlertKind
from store.engine import Tx
from store.tables import alert, alert_watch, item, source


@dataclass(frozen=True, slots=True)
class Reading:
    """How much one Source gave in a period."""

    source_id: int
    name: str
    url: str
    items: int


async def told_between(
    tx: Tx, since: datetime, until: datetime, *, watch_id: int = 0, after: int = 0, limit: int = 500
) -> list[int]:
    """Return ids of the Alerts about Items raised in [since, until), the oldest first, those after
    the id `after`; `watch_id`: only because of that Watch (0: of any).
    """
    c = alert.c
    found = select(c.id).where(
        c.at >= since, c.at < until, c.id > after, c.kind != AlertKind.NOTICE.value
    )
    if watch_id:
        found = found.join(alert_watch, alert_watch.c.alert_id == c.id)
        found = found.where(alert_watch.c.watch_id == watch_id)
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
