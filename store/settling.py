"""A Delivery on its way: begun just before it is sent, settled just after.

Between the two the process may die: `recover` then makes it due again, marked as one that may
have arrived.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, or_, select, update

from model import DeliveryKind, DeliveryState, Outcome
from store.columns import db_clock
from store.engine import Tx
from store.lanes import open_lanes
from store.statements import chunks, insert, replace_all
from store.tables import IS_DUE, IS_HELD, IS_SENDING, alert, delivery, message, subscriber
from store.tables import lease as lease_table
from store.upkeep import Lease

_SEND = DeliveryKind.SEND.value
_PICTURE = DeliveryKind.PICTURE.value
_BELOW = 1000
"""A picture counts as a part far behind those of its message, so that no edit meets it."""
_OVER = (DeliveryState.REFUSED, DeliveryState.GONE)


async def begin(tx: Tx, delivery_id: int, lease: Lease, now: datetime) -> bool:
    """Mark a Delivery as being sent; commit, then send. False: do not send it (the dispatcher's
    lease is no longer ours, or the Delivery is no longer due).
    """
    held = select(lease_table.c.epoch).where(
        lease_table.c.name == lease.name,
        lease_table.c.owner == lease.owner,
        lease_table.c.epoch == lease.epoch,
        lease_table.c.until > db_clock(),
    )
    # Locked to the end of this transaction: whoever takes the lease over waits for it, and
    # then finds this Delivery among those to recover.
    if await tx.row(held.with_for_update(read=True)) is None:
        return False
    begun = update(delivery).where(delivery.c.id == delivery_id, IS_DUE)
    sending = DeliveryState.SENDING.value
    return bool(await tx.run(begun.values(state=sending, tries=delivery.c.tries + 1)))


async def settle(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write what became of Deliveries.

    SENT keeps which messages an Alert is; DUE has it tried again at `not_before`; REFUSED and
    GONE are final, and edits that waited for such a send are gone too. A Delivery that is over
    already changes no more, except that SENT always counts: it did arrive.
    """
    last = {one.delivery_id: one for one in outcomes}
    rows = {row.id: row for row in await _locked(tx, last)}
    open_states = (DeliveryState.DUE.value, DeliveryState.SENDING.value)
    taken = [
        (one, rows[number])
        for number, one in last.items()
        if number in rows and (rows[number].state in open_states or one.state is DeliveryState.SENT)
    ]
    await _write(tx, taken, now)
    await _write_alerts(tx, taken, now)
    await _write_messages(tx, taken)
    await _drop_edits(tx, [row.alert_id for one, row in taken if _ends(one, row)], now)
    await open_lanes(tx, {row.subscriber_id: row.priority for _, row in taken}, now)


async def _locked(tx: Tx, ids: Collection[int]) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    for some in chunks(sorted(ids)):
        found = select(delivery).where(delivery.c.id.in_(some)).order_by(delivery.c.id)
        rows += await tx.rows(found.with_for_update())
    return rows


_Taken = Sequence[tuple[Outcome, Row[Any]]]


def _ends(one: Outcome, row: Row[Any]) -> bool:
    return row.kind == _SEND and one.state in _OVER


async def _write(tx: Tx, taken: _Taken, now: datetime) -> None:
    values = [
        {
            "of": row.id,
            "state": one.state.value,
            "not_before": one.not_before,
            "repeat": one.repeat or row.repeat,
            "error": one.error,
            "settled_at": None if one.state is DeliveryState.DUE else now,
        }
        for one, row in taken
    ]
    await tx.run_many(update(delivery).where(delivery.c.id == bindparam("of")), values)


async def _write_alerts(tx: Tx, taken: _Taken, now: datetime) -> None:
    """Keep when an Alert was first sent, what it last said, and that Marks are refused there."""
    of = update(alert).where(alert.c.id == bindparam("of"))
    sent = [(one, row) for one, row in taken if one.state is DeliveryState.SENT]
    first = [{"of": row.alert_id, "at_": now} for _, row in sent if row.kind == _SEND]
    when = func.coalesce(alert.c.sent_at, bindparam("at_", type_=alert.c.sent_at.type))
    await tx.run_many(of.values(sent_at=when), first)
    said = [{"of": row.alert_id, "digest": one.digest} for one, row in sent if one.digest]
    await tx.run_many(of, said)
    await tx.run_many(of, [{"of": row.alert_id, "plain": True} for one, row in taken if one.plain])


async def _write_messages(tx: Tx, taken: _Taken) -> None:
    rows = {
        (row.subscriber_id, message_id): {
            "subscriber_id": row.subscriber_id,
            "message_id": message_id,
            "alert_id": row.alert_id,
            "part": part + (_BELOW if row.kind == _PICTURE else 0),
        }
        for one, row in taken
        if one.state is DeliveryState.SENT and row.kind != DeliveryKind.DELETE.value
        for part, message_id in enumerate(one.message_ids)
    }
    new = replace_all(insert(tx, message), "subscriber_id", "message_id")
    await tx.run_many(new, list(rows.values()))
    deleted = [
        row.alert_id
        for one, row in taken
        if one.state is DeliveryState.SENT and row.kind == DeliveryKind.DELETE.value
    ]
    for some in chunks(deleted):
        await tx.run(delete(message).where(message.c.alert_id.in_(some)))


async def _drop_edits(tx: Tx, alert_ids: Sequence[int], now: datetime) -> None:
    """Give up the edits and deletes of what was never sent."""
    for some in chunks(alert_ids):
        waiting = update(delivery).where(
            IS_DUE, delivery.c.kind != _SEND, delivery.c.alert_id.in_(some)
        )
        await tx.run(waiting.values(state=DeliveryState.GONE.value, settled_at=now))


async def recover(tx: Tx, now: datetime) -> int:
    """Make due again what was being sent when its dispatcher died; returns how many.

    Called by whoever takes the dispatcher's lease over, before anything is claimed. A send that
    may have arrived says so when it is repeated; an edit can be done twice; a picture that may
    have arrived is not shown again.
    """
    rows = await tx.rows(select(delivery).where(IS_SENDING).order_by(delivery.c.id))
    if not rows:
        return 0
    newer = delivery.alias()
    overtaken = exists().where(
        newer.c.alert_id == delivery.c.alert_id,
        newer.c.kind == DeliveryKind.EDIT.value,
        newer.c.state == DeliveryState.DUE.value,
    )
    old_edit = update(delivery).where(
        IS_SENDING, delivery.c.kind == DeliveryKind.EDIT.value, overtaken
    )
    await tx.run(old_edit.values(state=DeliveryState.GONE.value, settled_at=now))
    shown = update(delivery).where(IS_SENDING, delivery.c.kind == _PICTURE)
    await tx.run(shown.values(state=DeliveryState.GONE.value, settled_at=now))
    again = update(delivery).where(IS_SENDING)
    may_have_arrived = or_(delivery.c.repeat, delivery.c.kind == _SEND)
    await tx.run(again.values(state=DeliveryState.DUE.value, repeat=may_have_arrived))
    await open_lanes(tx, {row.subscriber_id: row.priority for row in rows}, now)
    tx.wake("outbox")
    return len(rows)


async def refuse_parked(tx: Tx, before: datetime, now: datetime) -> Mapping[int, int]:
    """Refuse what waits for Subscribers parked since before then; returns how many for each, so
    that it can be said.
    """
    long_parked = select(subscriber.c.id, subscriber.c.parked_why).where(
        subscriber.c.parked_since < before
    )
    counts: dict[int, int] = {}
    for row in await tx.rows(long_parked):
        open_ = or_(IS_DUE, IS_HELD)
        waiting = update(delivery).where(open_, delivery.c.subscriber_id == row.id)
        refused = {"state": DeliveryState.REFUSED.value, "error": row.parked_why}
        count = await tx.run(waiting.values(settled_at=now, **refused))
        if count:
            counts[row.id] = count
    return counts
