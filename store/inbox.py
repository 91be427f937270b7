"""The inbox: what was pushed to us, kept before it is acknowledged and handled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from store.engine import Tx
from store.statements import chunks, insert
from store.tables import inbox

LATELY = timedelta(days=3)
"""For so long after it came an update's id says where to go on."""
_WAITING = inbox.c.done_at.is_(None)


async def put(tx: Tx, updates: Sequence[tuple[int, str]], now: datetime) -> int:
    """Keep (update id, JSON) pairs; returns how many were not there yet.

    Once this is committed the sender may forget them.
    """
    rows = [
        {"update_id": update_id, "body": body, "received_at": now, "tries": 0, "error": ""}
        for update_id, body in updates
    ]
    new = insert(tx, inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
    added = len(await tx.rows(new, rows))
    if added:
        tx.wake("inbox")
    return added


async def pending(tx: Tx, limit: int = 100) -> list[tuple[int, str, int]]:
    """Return what is still to be handled, the oldest first: (update id, JSON, tries so far)."""
    waiting = select(inbox.c.update_id, inbox.c.body, inbox.c.tries).where(_WAITING)
    rows = await tx.rows(waiting.order_by(inbox.c.update_id).limit(limit))
    return [(row.update_id, row.body, row.tries) for row in rows]


async def done(tx: Tx, update_id: int, now: datetime) -> None:
    """Note that an update is over, well or badly."""
    await tx.run(update(inbox).where(inbox.c.update_id == update_id).values(done_at=now))


async def all_done(tx: Tx, update_ids: Sequence[int], now: datetime) -> None:
    """Note that several updates are over."""
    for some in chunks(update_ids):
        await tx.run(update(inbox).where(inbox.c.update_id.in_(some)).values(done_at=now))


async def failed(tx: Tx, update_id: int, error: str, now: datetime) -> None:
    """Count a try that failed; the update stays pending until it is `done`."""
    one = update(inbox).where(inbox.c.update_id == update_id)
    await tx.run(one.values(tries=inbox.c.tries + 1, error=error))


async def last_id(tx: Tx, now: datetime) -> int | None:
    """Return the newest update id; None when none came lately: after a week without updates
    Telegram starts anew anywhere, and would take an old id for word that all before it is read.
    """
    lately = inbox.c.received_at > now - LATELY
    newest: int | None = await tx.value(select(func.max(inbox.c.update_id)).where(lately))
    return newest
