"""Lanes: what waits for each Subscriber, in order. A busy one holds up no other.

A lane's row says when it is worth looking at; that may be too early, never too late. Whoever
queues updates it always, even to what it is, and `claim` locks the rows it looks at: so neither
overlooks the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from model import Delivery, DeliveryKind, DeliveryState
from store.engine import Tx
from store.statements import chunks
from store.tables import IS_DUE, alert, delivery, lane, message, subscriber
from store.written import load_priority

_BLOCKED = timedelta(seconds=2)
"""How soon a lane is looked at again whose Deliveries wait for one that is being sent."""

_PATIENT = 5
"""Tries of a send for which those behind it wait when it must; then they may pass it."""

_SEND = DeliveryKind.SEND.value


async def claim(
    tx: Tx,
    now: datetime,
    *,
    couriers: Collection[str] | None = None,
    busy: Collection[int] = (),
    lanes: int = 50,
    each: int = 5,
) -> list[Delivery]:
    """Return what may be sent now: of up to `lanes` Subscribers the first `each` Deliveries.

    Of one Subscriber they come in the order in which they must be sent: the higher priority
    first, else as queued. A send that must wait holds up the sends behind it until it has been
    tried five times; an edit or delete is given out only when its Alert's send is settled.
    `busy`: Subscribers to leave alone (something of theirs is in flight). Parked, paused and
    switched-off ones are passed over.

    Only the holder of the dispatcher's lease may call this. Nothing is marked: what is not
    begun is returned again.
    """
    while ids := await _ready(tx, now, couriers, busy, lanes):
        first = await _first(tx, ids, each, now)
        taken = {one: _cut(rows, now) for one, rows in first.items()}
        await _look_again(tx, ids, first, taken, now)
        found = await _deliveries(tx, [row for one in ids for row in taken.get(one, ())], now)
        if found:
            return found
    return []  # each round without a find puts off the lanes it looked at, so this ends


async def _ready(
    tx: Tx,
    now: datetime,
    couriers: Collection[str] | None,
    busy: Collection[int],
    most: int,
) -> list[int]:
    """Return the lanes worth looking at, the most urgent first, and lock them."""
    ready = (
        select(lane.c.subscriber_id)
        .join(subscriber, subscriber.c.id == lane.c.subscriber_id)
        .where(
            lane.c.ready_at <= now,
            or_(lane.c.paused_until.is_(None), lane.c.paused_until <= now),
            subscriber.c.enabled,
            subscriber.c.parked_since.is_(None),
        )
        .order_by(lane.c.priority, lane.c.ready_at, lane.c.subscriber_id)
        .limit(most)
        .with_for_update(skip_locked=True, of=lane)
    )
    if couriers is not None:
        ready = ready.where(subscriber.c.courier.in_(couriers))
    if busy:
        ready = ready.where(lane.c.subscriber_id.not_in(busy))
    return [row.subscriber_id for row in await tx.rows(ready)]


async def _first(tx: Tx, ids: Sequence[int], each: int, now: datetime) -> dict[int, list[Row[Any]]]:
    """Return the first Deliveries of these lanes, in order, less edits whose time has not come.

    One subquery for each place in a lane: its cost is a few steps of an index, whatever the
    length of the lane. A window function would read the lanes whole.
    """
    found = await tx.rows(_places(each), {"lanes": list(ids), "now": now})
    wanted = [one for row in found for one in row if one is not None]
    rows: list[Row[Any]] = []
    for some in chunks(wanted):
        rows += await tx.rows(_whole().where(delivery.c.id.in_(some)))
    rows.sort(key=lambda row: (row.priority, row.id))
    first: dict[int, list[Row[Any]]] = {}
    for row in rows:
        first.setdefault(row.subscriber_id, []).append(row)
    return first


@cache
def _places(each: int) -> Select[Any]:
    """Select for each of the `lanes`, as of `now`, the ids of its first Deliveries: a column for
    each place. Built once: that costs more than running it.
    """
    places = [_place(number).label(f"place_{number}") for number in range(each)]
    return select(*places).where(lane.c.subscriber_id.in_(bindparam("lanes", expanding=True)))


def _place(number: int) -> ColumnElement[Any]:
    """Return the id of a lane's Delivery at this place from its head."""
    one, sending = delivery.alias(), delivery.alias()
    unsettled = exists().where(
        sending.c.alert_id == one.c.alert_id,
        sending.c.kind == _SEND,
        sending.c.state.in_([DeliveryState.DUE.value, DeliveryState.SENDING.value]),
    )
    now = bindparam("now", type_=delivery.c.not_before.type)
    its_time = or_(one.c.not_before.is_(None), one.c.not_before <= now)
    return (
        select(one.c.id)
        .where(
            one.c.subscriber_id == lane.c.subscriber_id,
            one.c.state == literal_column("'due'"),
            or_(one.c.kind == _SEND, and_(its_time, ~unsettled)),
        )
        .order_by(one.c.priority, one.c.id)
        .limit(1)
        .offset(number)
        .scalar_subquery()
    )


def _whole() -> Select[Any]:
    return select(delivery, alert.c.digest, alert.c.plain).join(
        alert, alert.c.id == delivery.c.alert_id
    )


def _cut(rows: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Return what may go now: a send that must wait keeps the sends behind it from going, unless
    it has been tried so often that its trouble may be its own.
    """
    kept, held = [], False
    for row in rows:
        is_send = row.kind == _SEND
        waits = is_send and row.not_before is not None and row.not_before > now
        held = held or (waits and row.tries < _PATIENT)
        if not (waits or (is_send and held)):
            kept.append(row)
    return kept


async def _look_again(
    tx: Tx,
    ids: Sequence[int],
    first: Mapping[int, Sequence[Row[Any]]],
    taken: Mapping[int, Sequence[Row[Any]]],
    now: datetime,
) -> None:
    """Write when each lane is worth looking at again, and how urgent it is: one that was served
    goes behind those that were not, one that can't go has its time.
    """
    served = [(one, rows[0].priority, now) for one in ids if (rows := taken.get(one))]
    empty = [one for one in ids if not first.get(one)]
    times = await _next_times(tx, empty, now)
    idle = [(one, times.get(one)) for one in empty]
    for one in ids:
        if first.get(one) and not taken[one]:
            waiting = [row.not_before for row in first[one] if row.not_before]
            idle.append((one, min(at for at in waiting if at > now)))
    then = bindparam("then", type_=lane.c.ready_at.type)
    of = update(lane).where(lane.c.subscriber_id == bindparam("of"))
    later = [{"of": one, "then": at} for one, at in sorted(idle, key=lambda pair: pair[0])]
    await tx.run_many(of.values(ready_at=then), later)
    behind = [{"of": one, "rank": rank, "then": at} for one, rank, at in sorted(served)]
    await tx.run_many(of.values(ready_at=then, priority=bindparam("rank")), behind)


async def _next_times(tx: Tx, ids: Sequence[int], now: datetime) -> dict[int, datetime | None]:
    """Return when something in these lanes may go, none of whose Deliveries may go now."""
    soon = literal(now + _BLOCKED, delivery.c.not_before.type)
    waits = case((delivery.c.not_before > now, delivery.c.not_before), else_=soon)
    times: dict[int, datetime | None] = {}
    for some in chunks(ids):
        rows = await tx.rows(
            select(delivery.c.subscriber_id, func.min(waits).label("then"))
            .where(IS_DUE, delivery.c.subscriber_id.in_(some))
            .group_by(delivery.c.subscriber_id)
        )
        times |= {row.subscriber_id: row.then for row in rows}
    return times


async def _deliveries(tx: Tx, rows: Sequence[Row[Any]], now: datetime) -> list[Delivery]:
    """Return rows as Deliveries with what they are applied to; an edit or delete of what never
    became a message is gone.
    """
    messages = await message_ids(tx, [row.alert_id for row in rows])
    pointless = [row.id for row in rows if row.kind != _SEND and row.alert_id not in messages]
    for some in chunks(pointless):
        over = update(delivery).where(delivery.c.id.in_(some))
        await tx.run(over.values(state=DeliveryState.GONE.value, settled_at=now))
    gone = set(pointless)
    return [as_delivery(row, messages.get(row.alert_id, ())) for row in rows if row.id not in gone]


def as_delivery(row: Row[Any], messages: tuple[int, ...]) -> Delivery:
    """Read a row of `delivery` with its Alert's `digest` and `plain`."""
    return Delivery(
        id=row.id,
        alert_id=row.alert_id,
        subscriber_id=row.subscriber_id,
        kind=DeliveryKind(row.kind),
        state=DeliveryState(row.state),
        priority=load_priority(row.priority),
        tries=row.tries,
        not_before=row.not_before,
        repeat=row.repeat,
        created_at=row.created_at,
        message_ids=messages,
        error=row.error,
        digest=row.digest,
        plain=row.plain,
    )


async def message_ids(tx: Tx, alert_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the messages that Alerts have become, part by part."""
    found: dict[int, list[int]] = {}
    for some in chunks(set(alert_ids)):
        parts = select(message).where(message.c.alert_id.in_(some))
        for row in await tx.rows(parts.order_by(message.c.alert_id, message.c.part)):
            found.setdefault(row.alert_id, []).append(row.message_id)
    return {alert_id: tuple(ids) for alert_id, ids in found.items()}


async def last_message(tx: Tx, courier: str, address: str) -> int | None:
    """Return the highest number of a message that is known to stand in a chat, whatever its
    topic; None: none is.
    """
    here = select(func.max(message.c.message_id)).join(
        subscriber, subscriber.c.id == message.c.subscriber_id
    )
    last: int | None = await tx.value(
        here.where(subscriber.c.courier == courier, subscriber.c.address == address)
    )
    return last


async def open_lanes(tx: Tx, urgency: Mapping[int, int], at: datetime) -> None:
    """Have these Subscribers' lanes looked at from `at` on; the values are how urgent (rank)."""
    rank = bindparam("rank", type_=lane.c.priority.type)
    then = bindparam("then", type_=lane.c.ready_at.type)
    idle = lane.c.ready_at.is_(None)
    sooner = (
        update(lane)
        .where(lane.c.subscriber_id == bindparam("of"))
        .values(
            priority=case((or_(idle, lane.c.priority > rank), rank), else_=lane.c.priority),
            ready_at=case((or_(idle, lane.c.ready_at > then), then), else_=lane.c.ready_at),
        )
    )
    values = [{"of": of, "rank": urgency[of], "then": at} for of in sorted(urgency)]
    await tx.run_many(sooner, values)


async def pause_lane(tx: Tx, subscriber_id: int, until: datetime | None) -> None:
    """Send nothing to a Subscriber before `until` (it told us to wait); None: go on."""
    one = update(lane).where(lane.c.subscriber_id == subscriber_id)
    await tx.run(one.values(paused_until=until))
