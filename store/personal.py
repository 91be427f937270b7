"""What is kept about one person, and forgetting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from model import DeliveryState
from store import members, notes, visiting
from store.engine import Tx
from store.tables import (
    IS_HELD,
    alert,
    button,
    delivery,
    following,
    hidden,
    inbox,
    kept,
    rhythm,
    setting,
    stranger,
    subscriber,
    watch,
    watch_log,
    watch_never,
    watch_search,
)

FORMER = -1
"""Stands where the number of a person stood who was forgotten."""
_AUTHORS = (
    (watch, watch.c.created_by),
    (watch_log, watch_log.c.by),
    (watch_never, watch_never.c.by),
    (hidden, hidden.c.by),
    (kept, kept.c.by),
    (watch_search, watch_search.c.by),
    (following, following.c.by),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about a person."""

    watches: int
    """That they made and that are followed still."""
    changes: int
    """Entries of the history of changes that name them."""
    hidden: int
    """Articles they said are not about somebody."""
    notes: int
    messages: int
    """Of theirs, as they came from Telegram; each is kept for five days."""


async def kept_about(tx: Tx, person: int) -> Kept:
    """Return what is kept about a Telegram user."""
    return Kept(
        watches=await _count(tx, watch, watch.c.created_by == person, watch.c.removed_at.is_(None)),
        changes=await _count(tx, watch_log, watch_log.c.by == person),
        hidden=await _count(tx, hidden, hidden.c.by == person),
        notes=await notes.of_person(tx, person),
        messages=await _count(tx, inbox, _from(person)),
    )


async def forget(tx: Tx, person: int, now: datetime) -> None:
    """Forget a Telegram user: who they are, their chat, what they wrote. What they decided stays
    without their name. The update that is being handled goes with the other handled ones.
    """
    known = await members.get(tx, person)
    if known is not None and known.name:
        named = update(alert).where(alert.c.hidden_by == known.name)
        await tx.run(named.values(hidden_by="…"))
    await members.remove(tx, person)
    await visiting.leave(tx, person, now, forgotten=True)
    await notes.forget_person(tx, person)
    for table, author in _AUTHORS:
        await tx.run(update(table).where(author == person).values({author: FORMER}))
    here = subscriber.c.courier == "telegram", subscriber.c.address == str(person)
    for row in await tx.rows(select(subscriber.c.id).where(*here)):
        gone = {"title": "", "enabled": False, "added": False, "address": f"gone:{row.id}"}
        await tx.run(update(subscriber).where(subscriber.c.id == row.id).values(gone))
        await tx.run(delete(rhythm).where(rhythm.c.subscriber_id == row.id))
        waits = update(delivery).where(IS_HELD, delivery.c.subscriber_id == row.id)
        await tx.run(waits.values(state=DeliveryState.GONE.value, settled_at=delivery.c.created_at))
    await tx.run(delete(stranger).where(stranger.c.user_id == person))
    await tx.run(delete(button).where(button.c.who == person))
    await tx.run(delete(inbox).where(inbox.c.done_at.is_not(None), _from(person)))
    keys = [setting.c.key == f"{name}:{person}" for name in ("undo", "bulk", "zone", "choosing")]
    asked = [setting.c.key.like(f"{name}:%:{person}") for name in ("question", "news")]
    await tx.run(delete(setting).where(or_(*asked, *keys)))


def _from(person: int) -> ColumnElement[bool]:
    """Whether an update of the inbox is of this person, however its JSON is spaced."""
    ways = [f'%"id":{person},%', f'%"id": {person},%']
    return or_(*(inbox.c.body.like(one) for one in ways))


async def _count(tx: Tx, table: Table, *conditions: ColumnElement[bool]) -> int:
    number = select(func.count()).select_from(table).where(*conditions)
    return int(await tx.value(number))
