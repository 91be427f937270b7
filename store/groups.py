"""Groups: Alerts that tell several others in one message, and the end they share with them.

A held Delivery stays held until the message that tells it was sent: a crash anywhere in between
leaves it held, or told by a message that is in the outbox (why:
docs/notes/how-alerts-are-held-back.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from model import AlertKind, DeliveryKind, DeliveryState, Notice
from store.buttons import make_for_alerts
from store.delivering import queue_alone
from store.engine import Tx
from store.statements import chunks, insert
from store.tables import IS_HELD, alert, alert_group, delivery

_SEND = DeliveryKind.SEND.value


async def group(
    tx: Tx,
    subscriber_id: int,
    notice: Notice,
    alert_ids: Sequence[int],
    now: datetime,
    *,
    silent: bool = False,
    actions: Sequence[str] = (),
) -> int:
    """Queue one message that tells these Alerts together, those among them that are held with
    it; returns the id of its Alert. `actions`: of the buttons under it.
    """
    group_id = await queue_alone(tx, subscriber_id, AlertKind.GROUP, notice, now, silent=silent)
    await take_in(tx, group_id, alert_ids)
    await make_for_alerts(tx, [group_id], now, actions)
    for some in chunks(alert_ids):
        held = update(delivery).where(
            delivery.c.alert_id.in_(some),
            delivery.c.kind == _SEND,
            IS_HELD,
            delivery.c.group_id.is_(None),
        )
        await tx.run(held.values(group_id=group_id))
    return group_id


async def take_in(tx: Tx, group_id: int, alert_ids: Sequence[int]) -> None:
    """Keep which Alerts a message shows, in order."""
    rows = [
        {"group_id": group_id, "alert_id": one, "place": place}
        for place, one in enumerate(alert_ids)
    ]
    await tx.run_many(insert(tx, alert_group), rows)


async def members(tx: Tx, group_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return by group the Alerts it tells, in order."""
    found: dict[int, list[int]] = {}
    for some in chunks(set(group_ids)):
        rows = select(alert_group).where(alert_group.c.group_id.in_(some))
        for row in await tx.rows(rows.order_by(alert_group.c.group_id, alert_group.c.place)):
            found.setdefault(row.group_id, []).append(row.alert_id)
    return found


async def held_in(tx: Tx, group_id: int) -> set[int]:
    """Return which Alerts of a group were held for it, and told by nothing else."""
    rows = await tx.rows(select(delivery.c.alert_id).where(delivery.c.group_id == group_id))
    return {row.alert_id for row in rows}


async def whole(tx: Tx, group_id: int) -> list[int]:
    """Return the Alerts of a group and of the other parts of the same message, in order."""
    ids = await parts_of(tx, group_id)
    told = await members(tx, ids)
    return [one for part_id in ids for one in told.get(part_id, ())]


async def parts_of(tx: Tx, group_id: int) -> list[int]:
    """Return the groups that are parts of the same message, in order."""
    part = alert.alias()
    found = (
        select(part.c.id)
        .join(alert, (alert.c.subscriber_id == part.c.subscriber_id) & (alert.c.at == part.c.at))
        .where(alert.c.id == group_id, part.c.kind == AlertKind.GROUP.value)
        .order_by(part.c.id)
    )
    return [row.id for row in await tx.rows(found)]


async def has_ended(tx: Tx) -> bool:
    """Return whether there is something for `follow` to do."""
    return await tx.row(_over().limit(1)) is not None


async def follow(tx: Tx, now: datetime) -> int:
    """Let what is told in a message share its end: sent, refused or gone; returns how many."""
    rows = await tx.rows(_over())
    for row in rows:
        ended = {"state": row.state, "settled_at": row.settled_at or now, "error": row.error}
        await tx.run(update(delivery).where(delivery.c.id == row.id).values(**ended))
        if row.state == DeliveryState.SENT.value:
            unsaid = update(alert).where(alert.c.id == row.alert_id, alert.c.sent_at.is_(None))
            await tx.run(unsaid.values(sent_at=row.settled_at or now))
    return len(rows)


def _over() -> Select[Any]:
    whole, part = delivery.alias(), delivery.alias()
    return (
        select(part.c.id, part.c.alert_id, whole.c.state, whole.c.settled_at, whole.c.error)
        .join(whole, (whole.c.alert_id == part.c.group_id) & (whole.c.kind == _SEND))
        .where(
            part.c.state == DeliveryState.HELD.value,
            part.c.group_id.is_not(None),
            whole.c.state.in_(
                [
                    DeliveryState.SENT.value,
                    DeliveryState.REFUSED.value,
                    DeliveryState.GONE.value,
                ]
            ),
        )
        .order_by(part.c.id)
    )
