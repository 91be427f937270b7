"""What people said of alerts: that they were right, and which old ones a new rule makes wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select

from store import alerts, told, watches
from store.engine import Tx
from store.statements import chunks, insert
from store.tables import kept


async def keep(tx: Tx, pairs: Iterable[tuple[int, int]], by: int, now: datetime) -> None:
    """Note of (Watch, Item) pairs that the alert was right."""
    rows = [{"watch_id": w, "item_id": i, "by": by, "at": now} for w, i in pairs]
    await tx.run_many(insert(tx, kept).on_conflict_do_nothing(), rows)


async def kept_of(tx: Tx, watch_id: int, item_ids: Collection[int]) -> set[int]:
    """Return which of these Items somebody kept for this Watch."""
    found: set[int] = set()
    for some in chunks(item_ids):
        rows = select(kept.c.item_id).where(kept.c.watch_id == watch_id, kept.c.item_id.in_(some))
        found.update(row.item_id for row in await tx.rows(rows))
    return found


async def hide_all(
    tx: Tx, watch_id: int, item_ids: Collection[int], by: int, by_name: str, now: datetime
) -> tuple[list[tuple[int, int]], list[int]]:
    """Hide Items from a Watch, and mark the alerts that told nothing else; returns the pairs that
    were not hidden before, and those alerts.
    """
    gone = set(item_ids)
    before = await watches.hidden(tx, [watch_id], gone)
    pairs = [(watch_id, one) for one in sorted(gone) if (watch_id, one) not in before]
    for _, one in pairs:
        await watches.hide(tx, watch_id, one, by, now)
        await tx.run(delete(kept).where(kept.c.watch_id == watch_id, kept.c.item_id == one))
    marked = [
        one.alert_id
        for one in await told.about(tx, gone)
        if set(one.item_ids) <= gone and one.watch_ids == (watch_id,)
    ]
    for alert_id in marked:
        await alerts.mark_hidden(tx, alert_id, by_name, now)
    return pairs, marked
