"""What CourtListener has pushed: kept before it is acknowledged, handled later, forgotten last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import delete, func, or_, select, update

from store.engine import Tx
from store.statements import insert
from store.tables import push_inbox

_WAITING = push_inbox.c.done_at.is_(None)
KEEP = timedelta(days=14)
"""CourtListener tries an event again for 54 hours."""


@dataclass(frozen=True, slots=True)
class Push:
    """One event as it came."""

    id: int
    event: int
    body: bytes
    received_at: datetime
    tries: int = 0


async def put(tx: Tx, key: str, event: int, body: bytes, now: datetime) -> bool:
    """Keep an event; False when it was kept before. Once this is committed it may be forgotten
    by its sender.

    `key`: its Idempotency-Key. The same key with another body is another event: nothing is lost
    to a mistaken key.
    """
    row = {
        "key": key,
        "digest": blake2b(body, digest_size=16).digest(),
        "event": event,
        "body": body,
        "received_at": now,
        "tries": 0,
        "error": "",
    }
    new = insert(tx, push_inbox).on_conflict_do_nothing().returning(push_inbox.c.id)
    added = bool(await tx.rows(new, [row]))
    if added:
        tx.wake("pushes")
    return added


async def pending(tx: Tx, now: datetime, limit: int = 50) -> list[Push]:
    """Return what is to be handled now, the oldest first."""
    early = or_(push_inbox.c.not_before.is_(None), push_inbox.c.not_before <= now)
    waiting = select(push_inbox).where(_WAITING, early).order_by(push_inbox.c.id).limit(limit)
    return [
        Push(row.id, row.event, row.body, row.received_at, row.tries)
        for row in await tx.rows(waiting)
    ]


async def done(tx: Tx, push_id: int, now: datetime, error: str = "") -> bool:
    """Note that an event is over, well or (with `error`) badly; False: it was over already."""
    one = update(push_inbox).where(push_inbox.c.id == push_id, _WAITING)
    return bool(await tx.run(one.values(done_at=now, error=error)))


async def failed(tx: Tx, push_id: int, error: str, not_before: datetime) -> None:
    """Count a try that failed; it is tried again from `not_before` on."""
    one = update(push_inbox).where(push_inbox.c.id == push_id)
    tries = push_inbox.c.tries + 1
    await tx.run(one.values(tries=tries, error=error, not_before=not_before))


async def depth(tx: Tx) -> int:
    """Return how many events wait."""
    return int(await tx.value(select(func.count()).select_from(push_inbox).where(_WAITING)))


async def last_received(tx: Tx) -> datetime | None:
    """Return when the newest event came that is still kept."""
    newest: datetime | None = await tx.value(select(func.max(push_inbox.c.received_at)))
    return newest


async def prune(tx: Tx, now: datetime) -> int:
    """Forget events that are long over; returns how many."""
    over = delete(push_inbox).where(
        push_inbox.c.done_at.is_not(None), push_inbox.c.received_at < now - KEEP
    )
    return await tx.run(over)
