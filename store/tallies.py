"""How often a Watch has told people something, and how often that was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select

from store.engine import Tx
from store.tables import alert, alert_watch, hidden


@dataclass(frozen=True, slots=True)
class Tally:
    """What a Watch has sent."""

    alerts: int
    """Different articles and filings told of, whoever heard of them."""
    hidden: int
    """Articles marked "not them"."""


async def of_watch(tx: Tx, watch_id: int, since: datetime) -> Tally:
    """Return what a Watch has sent since then, and what of all was marked "not them"."""
    told = (
        select(func.count(distinct(alert.c.item_id)))
        .join(alert_watch, alert_watch.c.alert_id == alert.c.id)
        .where(alert_watch.c.watch_id == watch_id, alert.c.at >= since)
    )
    marked = select(func.count()).select_from(hidden)
    of = marked.where(hidden.c.watch_id == watch_id, hidden.c.at >= since)
    return Tally(int(await tx.value(told) or 0), int(await tx.value(of) or 0))
