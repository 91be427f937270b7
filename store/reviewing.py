"""What editors decide about Alerts that wait to be published."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from model import AlertKind, Notice, Priority
from model.rhythm import Hold
from store import groups, held, rhythms
from store.delivering import queue_edit
from store.engine import Tx
from store.statements import chunks
from store.tables import alert, alert_group
from store.written import dump_notice, load_priority


@dataclass(frozen=True, slots=True)
class Asked:
    """An Alert that the editors were asked about."""

    review_id: int
    """The Alert that asks."""
    alert_id: int
    delivery_id: int
    subscriber_id: int
    """Where it would be posted."""
    priority: Priority


async def waiting(tx: Tx, review_id: int) -> Asked | None:
    """Return what a question to the editors is about; None: it is decided already."""
    for alert_id in (await groups.members(tx, [review_id])).get(review_id, ()):
        one = await held.by_alert(tx, alert_id)
        if one is not None and one.why is Hold.REVIEW:
            priority = load_priority(one.priority)
            return Asked(review_id, alert_id, one.delivery_id, one.subscriber_id, priority)
    return None


async def asked_in(tx: Tx, subscriber_id: int, alert_ids: Collection[int]) -> set[int]:
    """Return about which of these Alerts the editors were asked in that chat."""
    found: set[int] = set()
    for some in chunks(alert_ids):
        asked = (
            select(alert_group.c.alert_id)
            .join(alert, alert.c.id == alert_group.c.group_id)
            .where(
                alert_group.c.alert_id.in_(some),
                alert.c.kind == AlertKind.REVIEW.value,
                alert.c.subscriber_id == subscriber_id,
            )
        )
        found.update(row.alert_id for row in await tx.rows(asked))
    return found


async def publish(tx: Tx, asked: Asked, who: str, now: datetime) -> None:
    """Let it be told: at once, or in the next digest where that is how it is told there."""
    rhythm = await rhythms.one_of(tx, asked.subscriber_id)
    if rhythm.digest_only or asked.priority is Priority.DIGEST:
        await held.hold_as(tx, [asked.delivery_id], Hold.DIGEST)
    else:
        await held.let_go(tx, [asked.delivery_id], now)
    await _decided(tx, asked, "review.published", who, now)


async def skip(tx: Tx, asked: Asked, who: str, now: datetime) -> None:
    """Never post it there."""
    await held.give_up(tx, [asked.delivery_id], now)
    await _decided(tx, asked, "review.skipped", who, now)


async def _decided(tx: Tx, asked: Asked, code: str, who: str, now: datetime) -> None:
    notice = Notice(code, (("who", who),), f"alert:{asked.alert_id}")
    one = update(alert).where(alert.c.id == asked.review_id)
    await tx.run(one.values(notice=dump_notice(notice)))
    await queue_edit(tx, asked.review_id, now)


async def retitle(tx: Tx, asked: Asked, headline: str, now: datetime) -> None:
    """Post it with another headline; the empty one gives the article's own back."""
    one = update(alert).where(alert.c.id == asked.alert_id)
    await tx.run(one.values(headline=headline))
    await queue_edit(tx, asked.review_id, now)


async def headline(tx: Tx, alert_id: int) -> str:
    """Return what an editor wrote for an Alert; empty: nothing."""
    found: str | None = await tx.value(select(alert.c.headline).where(alert.c.id == alert_id))
    return found or ""
