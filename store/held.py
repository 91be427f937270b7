"""What is held: Deliveries that wait for their time, and how they are let go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from matching.rhythm import Now, silent
from model import AlertKind, DeliveryKind, DeliveryState
from model.rhythm import Held, Hold
from store import papers
from store.engine import Tx
from store.holding import NEWS, places_of
from store.lanes import open_lanes
from store.statements import chunks
from store.tables import (
    IS_HELD,
    alert,
    alert_watch,
    delivery,
    subscriber,
    watch,
)
from store.written import load_priority

_SEND = DeliveryKind.SEND.value


async def waiting(tx: Tx, subscriber_id: int = 0) -> dict[int, list[Held]]:
    """Return by Subscriber (or of one alone) what is held and in no message yet, in the order it
    came. What waits for one that is parked or switched off is left alone.
    """
    whole = (
        select(delivery, alert.c.kind.label("sort"), alert.c.hidden_by)
        .join(alert, alert.c.id == delivery.c.alert_id)
        .join(subscriber, subscriber.c.id == delivery.c.subscriber_id)
        .where(
            IS_HELD,
            delivery.c.group_id.is_(None),
            subscriber.c.enabled,
            subscriber.c.parked_since.is_(None),
        )
        .order_by(delivery.c.subscriber_id, delivery.c.id)
    )
    if subscriber_id:
        whole = whole.where(delivery.c.subscriber_id == subscriber_id)
    found: dict[int, list[Held]] = {}
    for row in await tx.rows(whole):
        found.setdefault(row.subscriber_id, []).append(_held(row))
    return found


def _held(row: Row[Any]) -> Held:
    return Held(
        delivery_id=row.id,
        alert_id=row.alert_id,
        subscriber_id=row.subscriber_id,
        why=Hold(row.held),
        since=row.created_at,
        priority=row.priority,
        backlog=row.sort == AlertKind.BACKLOG.value,
        hidden=bool(row.hidden_by),
        look_at=row.not_before,
    )


async def count(tx: Tx) -> dict[Hold, int]:
    """Return how many Alerts are held, by why."""
    number = select(delivery.c.held, func.count().label("number")).where(IS_HELD)
    rows = await tx.rows(number.group_by(delivery.c.held))
    return {Hold(row.held): row.number for row in rows}


async def is_due_anything(tx: Tx, now: datetime) -> bool:
    """Return whether there may be something to do: something is held, or a mute is over."""
    any_of = (
        select(delivery.c.id).where(IS_HELD),
        select(subscriber.c.id).where(subscriber.c.muted_until <= now, subscriber.c.enabled),
        select(watch.c.id).where(watch.c.muted_until <= now),
    )
    for one in any_of:
        if await tx.rows(one.limit(1)):
            return True
    return False


async def unmuted_places(tx: Tx, now: datetime) -> list[int]:
    """Return the Subscribers whose mute is over, less those that are switched off."""
    over = select(subscriber.c.id).where(subscriber.c.muted_until <= now, subscriber.c.enabled)
    return [row.id for row in await tx.rows(over.order_by(subscriber.c.id))]


async def unmuted_watches(tx: Tx, now: datetime) -> list[int]:
    """Return the Watches whose mute is over."""
    over = select(watch.c.id).where(watch.c.muted_until <= now).order_by(watch.c.id)
    return [row.id for row in await tx.rows(over)]


async def watches_of(tx: Tx, alert_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by Alert the Watches it is about."""
    found: dict[int, set[int]] = {}
    for some in chunks(alert_ids):
        for row in await tx.rows(select(alert_watch).where(alert_watch.c.alert_id.in_(some))):
            found.setdefault(row.alert_id, set()).add(row.watch_id)
    return found


async def told_between(tx: Tx, subscriber_id: int, since: datetime, until: datetime) -> list[int]:
    """Return the Alerts about news that a Subscriber was told at once in that time, in order."""
    told = (
        select(alert.c.id)
        .join(delivery, delivery.c.alert_id == alert.c.id)
        .where(
            alert.c.subscriber_id == subscriber_id,
            alert.c.at > since,
            alert.c.at <= until,
            alert.c.kind.in_(NEWS[:2]),
            alert.c.hidden_by == "",
            delivery.c.kind == _SEND,
            delivery.c.state.in_(
                [DeliveryState.DUE.value, DeliveryState.SENDING.value, DeliveryState.SENT.value]
            ),
            delivery.c.group_id.is_(None),
        )
        .order_by(alert.c.id)
    )
    return [row.id for row in await tx.rows(told)]


async def let_go(tx: Tx, delivery_ids: Collection[int], now: datetime) -> int:
    """Have held Deliveries sent each by itself, with the sound they make at `now` and the first
    page of a document that was read meanwhile; returns how many.
    """
    due = {"state": DeliveryState.DUE.value, "not_before": None}
    urgency: dict[int, int] = {}
    freed: list[Row[Any]] = []
    for some in chunks(delivery_ids):
        free = update(delivery).where(
            delivery.c.id.in_(some), IS_HELD, delivery.c.group_id.is_(None)
        )
        back = free.values(**due).returning(
            delivery.c.subscriber_id, delivery.c.priority, delivery.c.alert_id
        )
        for row in await tx.rows(back):
            freed.append(row)
            first = urgency.get(row.subscriber_id, row.priority)
            urgency[row.subscriber_id] = min(first, row.priority)
    await open_lanes(tx, urgency, now)
    await _sound(tx, freed, now)
    await papers.show_with(tx, [row.alert_id for row in freed], now)
    tx.wake("outbox")
    return len(freed)


async def _sound(tx: Tx, freed: Sequence[Row[Any]], now: datetime) -> None:
    """Keep which of these make no sound as it is now: they came up at another hour."""
    places = await places_of(tx, {row.subscriber_id for row in freed})
    hushed: dict[bool, list[int]] = {True: [], False: []}
    for row in freed:
        place = places[row.subscriber_id]
        at = Now(place.rhythm, place.subscriber, now)
        hushed[silent(at, load_priority(row.priority))].append(row.alert_id)
    for value, alert_ids in hushed.items():
        for some in chunks(alert_ids):
            await tx.run(update(alert).where(alert.c.id.in_(some)).values(silent=value))


async def give_up(tx: Tx, delivery_ids: Collection[int], now: datetime) -> int:
    """Never tell these; returns how many."""
    count = 0
    for some in chunks(delivery_ids):
        held = update(delivery).where(
            delivery.c.id.in_(some), IS_HELD, delivery.c.group_id.is_(None)
        )
        count += await tx.run(held.values(state=DeliveryState.GONE.value, settled_at=now))
    return count


async def hold_as(tx: Tx, delivery_ids: Collection[int], why: Hold) -> None:
    """Let held Deliveries wait for something else."""
    for some in chunks(delivery_ids):
        held = update(delivery).where(delivery.c.id.in_(some), IS_HELD)
        await tx.run(held.values(held=why.value, not_before=None))


async def put_off(tx: Tx, delivery_ids: Collection[int], until: datetime) -> None:
    """Keep until when held Deliveries need not be looked at."""
    for some in chunks(delivery_ids):
        await tx.run(
            update(delivery).where(delivery.c.id.in_(some), IS_HELD).values(not_before=until)
        )


async def by_alert(tx: Tx, alert_id: int) -> Held | None:
    """Return how an Alert is held; None: it is not."""
    whole = (
        select(delivery, alert.c.kind.label("sort"), alert.c.hidden_by)
        .join(alert, alert.c.id == delivery.c.alert_id)
        .where(delivery.c.alert_id == alert_id, IS_HELD, delivery.c.group_id.is_(None))
    )
    rows = await tx.rows(whole.limit(1))
    return _held(rows[0]) if rows else None
