"""Deliveries come into being: sends, edits, pictures and deletions of Alerts, and what is said that
is about no Item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import or_, select, update

from model import AlertKind, DeliveryKind, DeliveryState, Notice, Priority
from store.engine import Tx
from store.holding import Fate
from store.lanes import open_lanes
from store.statements import chunks, insert
from store.tables import IS_DUE, IS_HELD, alert, delivery
from store.written import dump_notice, rank


def plain_alert(
    subscriber_id: int, kind: AlertKind, priority: int, now: datetime
) -> dict[str, Any]:
    """Return the row of an Alert that is about nothing yet."""
    return {
        "subscriber_id": subscriber_id,
        "kind": kind.value,
        "story_id": 0,
        "item_id": 0,
        "priority": priority,
        "at": now,
        "hidden_by": "",
        "notice": "",
        "about": "",
        "digest": "",
        "plain": False,
    }


async def insert_alerts(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Return the ids of new Alerts, in the order of `rows`."""
    new = insert(tx, alert).returning(alert.c.id, sort_by_parameter_order=True)
    return [row.id for row in await tx.rows(new, rows)]


async def deliver(
    tx: Tx,
    sends: Sequence[tuple[int, int, int]],
    now: datetime,
    known: Mapping[int, Fate] = MappingProxyType({}),
) -> None:
    """Queue the sends of (Alert, Subscriber, rank), in this order; those whose time has not come,
    as their Fates say by Alert, are held.
    """
    rows = []
    for alert_id, subscriber_id, urgency in sends:
        row = _delivery_row(alert_id, subscriber_id, DeliveryKind.SEND, urgency, now)
        why = known.get(alert_id, Fate()).hold
        rows.append(row | ({"state": DeliveryState.HELD.value, "held": why.value} if why else {}))
    await tx.run_many(insert(tx, delivery), rows)
    quiet = [one for one, fate in known.items() if fate.silent]
    for some in chunks(quiet):
        await tx.run(update(alert).where(alert.c.id.in_(some)).values(silent=True))
    due = [row for row in rows if not row["held"]]
    await _open(tx, [(row["subscriber_id"], row["priority"]) for row in due], now)


async def _open(tx: Tx, lanes: Sequence[tuple[int, int]], now: datetime) -> None:
    urgency: dict[int, int] = {}
    for subscriber_id, one in lanes:
        urgency[subscriber_id] = min(one, urgency.get(subscriber_id, one))
    await open_lanes(tx, urgency, now)
    if lanes:
        tx.wake("outbox")


def _delivery_row(
    alert_id: int, subscriber_id: int, kind: DeliveryKind, priority: int, now: datetime
) -> dict[str, Any]:
    return {
        "alert_id": alert_id,
        "subscriber_id": subscriber_id,
        "kind": kind.value,
        "state": DeliveryState.DUE.value,
        "priority": priority,
        "tries": 0,
        "repeat": False,
        "created_at": now,
        "settled_at": None,
        "error": "",
        "held": "",
    }


async def edit(tx: Tx, edits: Sequence[tuple[int, int, Priority]], now: datetime) -> None:
    """Queue edits of (Alert, Subscriber, priority). Each is a Delivery, so that it counts; of
    those that wait for one message only the newest stays due, since it says everything.
    """
    if not edits:
        return
    last = {alert_id: position for position, (alert_id, _, _) in enumerate(edits)}
    for some in chunks(sorted(last)):
        older = update(delivery).where(
            IS_DUE, delivery.c.kind == DeliveryKind.EDIT.value, delivery.c.alert_id.in_(some)
        )
        await tx.run(older.values(state=DeliveryState.GONE.value, settled_at=now))
        sent = update(alert).where(alert.c.id.in_(some), alert.c.sent_at.is_not(None))
        await tx.run(sent.values(edited_at=now))
    rows = []
    for position, (alert_id, subscriber_id, priority) in enumerate(edits):
        calm = max(rank(priority), rank(Priority.NORMAL))  # no edit overtakes what is urgent
        row = _delivery_row(alert_id, subscriber_id, DeliveryKind.EDIT, calm, now)
        if last[alert_id] != position:
            row |= {"state": DeliveryState.GONE.value, "settled_at": now}
        rows.append(row)
    await tx.run_many(insert(tx, delivery), rows)
    await _open(tx, [(row["subscriber_id"], row["priority"]) for row in rows], now)


async def queue_edit(tx: Tx, alert_id: int, now: datetime) -> bool:
    """Have an Alert's message say what the Alert says now; False when there is no such Alert."""
    row = await tx.row(select(alert.c.subscriber_id).where(alert.c.id == alert_id))
    if row is None:
        return False
    await edit(tx, [(alert_id, row.subscriber_id, Priority.NORMAL)], now)
    return True


async def queue_picture(tx: Tx, alert_id: int, now: datetime) -> None:
    """Have the picture of an Alert's document follow its message, when that is sent."""
    row = await tx.row(select(alert.c.subscriber_id).where(alert.c.id == alert_id))
    if row is not None:
        of, urgency = row.subscriber_id, rank(Priority.NORMAL)
        shown = _delivery_row(alert_id, of, DeliveryKind.PICTURE, urgency, now)
        await tx.run_many(insert(tx, delivery), [shown])
        await _open(tx, [(of, urgency)], now)


async def withdraw(tx: Tx, alert_id: int, now: datetime) -> bool:
    """Take an Alert back: its message is deleted, or never sent if it still waits. False when
    there is no such Alert.
    """
    row = await tx.row(select(alert.c.subscriber_id).where(alert.c.id == alert_id))
    if row is None:
        return False
    waiting = update(delivery).where(or_(IS_DUE, IS_HELD), delivery.c.alert_id == alert_id)
    await tx.run(waiting.values(state=DeliveryState.GONE.value, settled_at=now))
    high = rank(Priority.HIGH)
    gone = _delivery_row(alert_id, row.subscriber_id, DeliveryKind.DELETE, high, now)
    await tx.run_many(insert(tx, delivery), [gone])
    await _open(tx, [(row.subscriber_id, high)], now)
    return True


async def notify(
    tx: Tx,
    subscriber_id: int,
    notice: Notice,
    now: datetime,
    priority: Priority = Priority.NORMAL,
) -> int:
    """Queue a Notice for a Subscriber; returns the id of its Alert."""
    return await queue_alone(tx, subscriber_id, AlertKind.NOTICE, notice, now, priority)


async def queue_alone(
    tx: Tx,
    subscriber_id: int,
    kind: AlertKind,
    notice: Notice,
    now: datetime,
    priority: Priority = Priority.NORMAL,
    *,
    silent: bool = False,
) -> int:
    """Queue an Alert that is about no Item itself; returns its id."""
    row = plain_alert(subscriber_id, kind, rank(priority), now)
    row |= {"notice": dump_notice(notice), "about": notice.about, "silent": silent}
    (alert_id,) = await insert_alerts(tx, [row])
    await deliver(tx, [(alert_id, subscriber_id, rank(priority))], now)
    return alert_id
