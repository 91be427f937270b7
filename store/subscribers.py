"""Subscribers: who hears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, or_, select
from sqlalchemy import update as sql_update

from model import Chat, DeliveryKind, DeliveryState, NewSubscriber, Subscriber
from store import rhythms, watch_log
from store.engine import Tx
from store.roster import alone
from store.statements import insert
from store.tables import (
    IS_DUE,
    IS_HELD,
    alert,
    delivery,
    following_subscriber,
    lane,
    message,
    subscriber,
    watch_subscriber,
)

_MAY_BE_UPDATED = {"title", "chat", "public", "language", "why", "enabled", "muted_until"}


def as_subscriber(row: Row[Any]) -> Subscriber:
    """Read the columns of `subscriber`."""
    return Subscriber(
        id=row.id,
        courier=row.courier,
        address=row.address,
        thread=row.thread,
        title=row.title,
        chat=Chat(row.chat),
        public=row.public,
        language=row.language,
        name=row.name,
        why=row.why,
        declared=row.declared,
        enabled=row.enabled,
        parked_since=row.parked_since,
        parked_why=row.parked_why,
        muted_until=row.muted_until,
    )


async def add(tx: Tx, new: NewSubscriber, now: datetime) -> Subscriber:
    """Let an address hear; returns the Subscriber, which may have been there before (then it is
    switched on, no longer parked, and called what it is called now).
    """
    await alone(tx)
    before = await _at(tx, new.courier, new.address, new.thread)
    if before is None:
        subscriber_id = await _create(tx, new, now, added=True)
    else:
        subscriber_id = before.id
        origin: dict[str, Any] = {"added": True}
        if not before.declared:
            origin |= _described(new)
        await _set(tx, subscriber_id, **origin, **_SWITCHED_ON)
    await watch_log.append(tx, [(0, "subscriber added")], now)
    tx.wake("outbox")
    return await _one(tx, subscriber_id)


_SWITCHED_ON: dict[str, Any] = {"enabled": True, "parked_since": None, "parked_why": ""}


def _described(new: NewSubscriber) -> dict[str, Any]:
    return {
        "title": new.title,
        "chat": new.chat.value,
        "public": new.public,
        "language": new.language,
        "why": new.why,
    }


async def _create(tx: Tx, new: NewSubscriber, now: datetime, *, added: bool) -> int:
    place = {"courier": new.courier, "address": new.address, "thread": new.thread}
    kind = {"name": new.name, "declared": not added, "added": added, "created_at": now}
    row = place | kind | _described(new) | _SWITCHED_ON
    (made,) = await tx.rows(insert(tx, subscriber).returning(subscriber.c.id), [row])
    await tx.run_many(insert(tx, lane), [{"subscriber_id": made.id, "priority": 1}])
    subscriber_id: int = made.id
    return subscriber_id


async def declare(tx: Tx, news: Sequence[NewSubscriber], now: datetime) -> None:
    """Take over the channels of config.toml, known by their names: one that has a new address
    keeps its Watches, one no longer listed is switched off unless it was linked in a chat too.
    """
    await alone(tx)
    before = {row.id: row for row in await tx.rows(select(subscriber))}
    listed = {
        await _declare_one(tx, new, before, now) for new in {one.name: one for one in news}.values()
    }
    for old in before.values():
        if old.declared and old.id not in listed:
            await _set(tx, old.id, declared=False, name="", enabled=old.added)
    await _let_go(tx, now)
    await watch_log.append(tx, [(0, "subscribers declared")], now)
    tx.wake("outbox")


async def _declare_one(
    tx: Tx, new: NewSubscriber, before: dict[int, Row[Any]], now: datetime
) -> int:
    """Return the id of the Subscriber that config.toml calls `new.name`."""
    place = (new.courier, new.address, new.thread)
    rows = before.values()
    here = next((one for one in rows if (one.courier, one.address, one.thread) == place), None)
    named = next((one for one in rows if one.declared and one.name == new.name), None)
    known = here or named
    if known is None:
        return await _create(tx, new, now, added=False)
    said = _described(new)
    if not new.title:
        del said["title"]
    if here is None:
        said |= {"address": new.address, "thread": new.thread, "courier": new.courier}
        await _forget_messages(tx, known.id)
    state = {} if known.enabled else _SWITCHED_ON
    await _set(tx, known.id, name=new.name, declared=True, **said, **state)
    known_id: int = known.id
    return known_id


async def get(tx: Tx, subscriber_id: int) -> Subscriber | None:
    """Return a Subscriber by its id, switched off or not."""
    row = await tx.row(select(subscriber).where(subscriber.c.id == subscriber_id))
    return as_subscriber(row) if row else None


async def by_address(tx: Tx, courier: str, address: str, thread: int = 0) -> Subscriber | None:
    """Return the enabled Subscriber at an address."""
    row = await _at(tx, courier, address, thread)
    return as_subscriber(row) if row and row.enabled else None


async def all_subscribers(tx: Tx, *, enabled: bool | None = True) -> list[Subscriber]:
    """Return every Subscriber, the parked ones included; `enabled` None: also switched-off ones."""
    whole = select(subscriber).order_by(subscriber.c.id)
    if enabled is not None:
        whole = whole.where(subscriber.c.enabled.is_(enabled))
    return [as_subscriber(row) for row in await tx.rows(whole)]


async def update(tx: Tx, subscriber_id: int, now: datetime, **fields: object) -> Subscriber:
    """Change title, chat, public, language, why, enabled or muted_until; returns what it is now."""
    await alone(tx)
    unknown = set(fields) - _MAY_BE_UPDATED
    if unknown:
        raise ValueError(f"a Subscriber's {', '.join(sorted(unknown))} can't be set like that")
    if isinstance(fields.get("chat"), Chat):
        fields["chat"] = str(fields["chat"])
    await _set(tx, subscriber_id, **fields)
    await watch_log.append(tx, [(0, "subscriber changed")], now)
    return await _one(tx, subscriber_id)


async def park(tx: Tx, subscriber_id: int, why: str, now: datetime) -> None:
    """Hold back what goes to a Subscriber that refuses us; `why` is a sentence. Parked again,
    it stays parked since the first time.
    """
    free = sql_update(subscriber).where(
        subscriber.c.id == subscriber_id, subscriber.c.parked_since.is_(None)
    )
    await tx.run(free.values(parked_since=now, parked_why=why))


async def unpark(tx: Tx, subscriber_id: int) -> None:
    """Send again, what was held back first."""
    await _set(tx, subscriber_id, parked_since=None, parked_why="")
    tx.wake("outbox")


async def remove(tx: Tx, subscriber_id: int, now: datetime) -> bool:
    """Take back that an address was linked in a chat; False when it wasn't.

    One that config.toml lists goes on. Otherwise nothing is sent there any more, and what was
    waiting is gone.
    """
    await alone(tx)
    linked = sql_update(subscriber).where(subscriber.c.id == subscriber_id, subscriber.c.added)
    gone = await tx.run(linked.values(added=False, enabled=subscriber.c.declared))
    await _let_go(tx, now)
    await watch_log.append(tx, [(0, "subscriber removed")], now)
    return bool(gone)


async def _let_go(tx: Tx, now: datetime) -> None:
    """Give up what waits for Subscribers that are switched off. With an error, since it never came
    to be a message: where the chat is linked again, what tells the same is told.
    """
    off = select(subscriber.c.id).where(~subscriber.c.enabled)
    waiting = sql_update(delivery).where(or_(IS_DUE, IS_HELD), delivery.c.subscriber_id.in_(off))
    gone = {"state": DeliveryState.GONE.value, "error": "The chat was taken out."}
    await tx.run(waiting.values(settled_at=now, **gone))


async def migrate(tx: Tx, courier: str, old: str, new: str, now: datetime) -> int:
    """Follow a chat that has a new address; returns how many Subscribers (topics) moved.

    Message ids start anew there: old messages can't be edited any more. Where the new address
    was linked already, that Subscriber takes over.
    """
    await alone(tx)
    at_old = select(subscriber).where(subscriber.c.courier == courier, subscriber.c.address == old)
    moving = await tx.rows(at_old)
    for row in moving:
        await _forget_messages(tx, row.id)
        there = await _at(tx, courier, new, row.thread)
        if there is None:
            await _set(tx, row.id, address=new)
        else:
            await _merge(tx, row.id, there.id, now)
    await watch_log.append(tx, [(0, "subscriber moved") for _ in moving[:1]], now)
    tx.wake("outbox")
    return len(moving)


async def _merge(tx: Tx, old: int, new: int, now: datetime) -> None:
    """Give everything of one Subscriber to another."""
    for what in (watch_subscriber.c.watch_id, following_subscriber.c.docket_id):
        who = what.table.c.subscriber_id
        heard = select(what).where(who == new)
        await tx.run(delete(what.table).where(who == old, what.in_(heard)))
    for table in (watch_subscriber, following_subscriber, alert, delivery):
        theirs = sql_update(table).where(table.c.subscriber_id == old)
        await tx.run(theirs.values(subscriber_id=new))
    await rhythms.hand_over(tx, old, new)
    await _mute_as(tx, old, new)
    await tx.run(
        sql_update(lane).where(lane.c.subscriber_id == new).values(ready_at=now, priority=0)
    )
    await _set(tx, old, enabled=False, added=False, declared=False, name="")


async def _mute_as(tx: Tx, old: int, new: int) -> None:
    """Let a Subscriber be silent for as long as either was to be."""
    each = (await _one(tx, old), await _one(tx, new))
    ends = [one.muted_until for one in each if one.muted_until is not None]
    if ends:
        await _set(tx, new, muted_until=max(ends))


async def _forget_messages(tx: Tx, subscriber_id: int) -> None:
    """Forget which message is which Alert, with the edits that waited for them."""
    await tx.run(delete(message).where(message.c.subscriber_id == subscriber_id))
    edits = sql_update(delivery).where(
        IS_DUE,
        delivery.c.subscriber_id == subscriber_id,
        delivery.c.kind != DeliveryKind.SEND.value,
    )
    await tx.run(edits.values(state=DeliveryState.GONE.value))


async def _at(tx: Tx, courier: str, address: str, thread: int) -> Row[Any] | None:
    return await tx.row(
        select(subscriber).where(
            subscriber.c.courier == courier,
            subscriber.c.address == address,
            subscriber.c.thread == thread,
        )
    )


async def _one(tx: Tx, subscriber_id: int) -> Subscriber:
    (row,) = await tx.rows(select(subscriber).where(subscriber.c.id == subscriber_id))
    return as_subscriber(row)


async def _set(tx: Tx, subscriber_id: int, **columns: object) -> None:
    changed = sql_update(subscriber).where(subscriber.c.id == subscriber_id)
    await tx.run(changed.values(**columns))
