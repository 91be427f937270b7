"""The outbox: what is to be said, from the decision to the message (why:
docs/notes/why-the-outbox.md).

`queue` and `notify` fill it, `claim`, `begin` and `settle` empty it; here is what people ask
about it and do to it by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, or_, select, update

from model import DeliveryKind, DeliveryState, Priority
from store.delivering import notify, queue_edit, withdraw
from store.engine import Tx
from store.holding import NEWS
from store.lanes import claim, last_message, message_ids, open_lanes, pause_lane
from store.papers import show_with
from store.queueing import QueueCount, queue
from store.settling import begin, recover, refuse_parked, settle
from store.statements import chunks
from store.tables import IS_DUE, IS_HELD, IS_SENDING, alert, delivery, item, subscriber
from store.written import load_priority

_SEND, _SENT = DeliveryKind.SEND.value, DeliveryState.SENT.value

__all__ = [
    "QueueCount",
    "Waiting",
    "begin",
    "claim",
    "depth",
    "drop",
    "last_edit",
    "last_message",
    "listing",
    "message_ids",
    "notify",
    "pause_lane",
    "queue",
    "queue_edit",
    "recover",
    "refuse_parked",
    "retry",
    "sent_since",
    "settle",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Delivery as `vigil outbox list` shows it."""

    id: int
    state: DeliveryState
    kind: DeliveryKind
    priority: Priority
    to: str
    """The Subscriber's title, else its address."""
    alert_id: int
    about: str
    """The headline, or what a notice is about."""
    tries: int
    created_at: datetime
    not_before: datetime | None
    repeat: bool
    error: str


async def listing(
    tx: Tx, *, states: Collection[DeliveryState] | None = None, limit: int = 100
) -> list[Waiting]:
    """Return Deliveries (in some states only), the oldest first."""
    whole = (
        select(
            delivery,
            alert.c.kind.label("alert_kind"),
            alert.c.about,
            item.c.title.label("headline"),
            subscriber.c.title,
            subscriber.c.address,
            subscriber.c.courier,
        )
        .outerjoin(alert, alert.c.id == delivery.c.alert_id)
        .outerjoin(item, item.c.id == alert.c.item_id)
        .outerjoin(subscriber, subscriber.c.id == delivery.c.subscriber_id)
        .order_by(delivery.c.id)
        .limit(limit)
    )
    if states is not None:
        whole = whole.where(delivery.c.state.in_([one.value for one in states]))
    return [
        Waiting(
            id=row.id,
            state=DeliveryState(row.state),
            kind=DeliveryKind(row.kind),
            priority=load_priority(row.priority),
            to=row.title or row.address or row.courier or "",
            alert_id=row.alert_id,
            about=row.headline or row.about or row.alert_kind or "",
            tries=row.tries,
            created_at=row.created_at,
            not_before=row.not_before,
            repeat=row.repeat,
            error=row.error,
        )
        for row in await tx.rows(whole)
    ]


async def retry(tx: Tx, ids: Collection[int], now: datetime) -> int:
    """Have Deliveries that were refused, given up, held or put off tried now; returns how many."""
    again = [DeliveryState.REFUSED.value, DeliveryState.GONE.value]
    changes = {"state": DeliveryState.DUE.value, "not_before": None, "settled_at": None}
    taken: list[Row[Any]] = []
    lone = and_(IS_HELD, delivery.c.group_id.is_(None))
    for some in chunks(ids):
        wanted = update(delivery).where(
            delivery.c.id.in_(some), or_(IS_DUE, lone, delivery.c.state.in_(again))
        )
        back = wanted.values(**changes).returning(
            delivery.c.subscriber_id, delivery.c.priority, delivery.c.alert_id, delivery.c.kind
        )
        taken += await tx.rows(back)
    await open_lanes(tx, {row.subscriber_id: row.priority for row in taken}, now)
    await show_with(tx, [row.alert_id for row in taken if row.kind == _SEND], now)
    tx.wake("outbox")
    return len(taken)


async def drop(tx: Tx, ids: Collection[int], now: datetime) -> int:
    """Give Deliveries up that still wait or are held; returns how many."""
    count = 0
    for some in chunks(ids):
        wanted = update(delivery).where(delivery.c.id.in_(some), or_(IS_DUE, IS_HELD))
        count += await tx.run(wanted.values(state=DeliveryState.GONE.value, settled_at=now))
    return count


async def last_edit(tx: Tx, alert_id: int) -> datetime | None:
    """Return when an Alert's message was last edited; None: never."""
    edits = delivery.c.kind == DeliveryKind.EDIT.value, delivery.c.state == _SENT
    newest = select(func.max(delivery.c.settled_at)).where(delivery.c.alert_id == alert_id, *edits)
    found: datetime | None = await tx.value(newest)
    return found


async def depth(tx: Tx) -> tuple[int, datetime | None]:
    """Return how many Deliveries wait or are being sent, and since when the oldest could have
    gone. What is held back for a parked or switched-off Subscriber doesn't count as late.
    """
    open_ = or_(IS_DUE, IS_SENDING)
    number = await tx.value(select(func.count()).select_from(delivery).where(open_))
    held_until = delivery.c.not_before
    could_go = case((held_until > delivery.c.created_at, held_until), else_=delivery.c.created_at)
    oldest = (
        select(func.min(could_go))
        .join(subscriber, subscriber.c.id == delivery.c.subscriber_id)
        .where(open_, subscriber.c.enabled, subscriber.c.parked_since.is_(None))
    )
    return int(number), await tx.value(oldest)


async def sent_since(tx: Tx, subscriber_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """Return by Subscriber how many Alerts were queued for it since then."""
    found: dict[int, int] = {}
    for some in chunks(subscriber_ids):
        counted = (
            select(alert.c.subscriber_id, func.count().label("number"))
            .where(
                alert.c.subscriber_id.in_(some),
                alert.c.at >= since,
                alert.c.kind.in_(NEWS),
            )
            .group_by(alert.c.subscriber_id)
        )
        found |= {row.subscriber_id: row.number for row in await tx.rows(counted)}
    return found
