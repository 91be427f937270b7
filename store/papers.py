"""Public documents of court entries that are to be read, and their first pages.

An entry's document is queued once, when its entry is told. Whoever claims it has it for a while;
when its process dies, it is due again afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update

from model import AlertKind, Chat, DeliveryKind, DeliveryState, Item
from store.delivering import queue_picture
from store.engine import Tx
from store.item_rows import items_of
from store.statements import chunks, insert
from store.tables import alert, delivery, paper, subscriber

DUE, READ, FAILED = "due", "read", "failed"
LEASE = timedelta(minutes=5)
_UNDER_WAY = (DeliveryState.DUE, DeliveryState.SENDING, DeliveryState.SENT)


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """A document to be read, and of which entry."""

    item: Item
    url: str
    tries: int
    """How often it was asked for before."""


async def want(tx: Tx, items: Sequence[Item], now: datetime) -> None:
    """Want the documents of these Items, as far as they are public; those that were read before
    are shown where they were not yet.
    """
    rows = [
        {
            "item_id": one.id,
            "url": one.filing.pdf,
            "state": DUE,
            "tries": 0,
            "next_try": now,
            "queued_at": now,
            "error": "",
            "pages": 0,
            "picture": b"",
        }
        for one in items
        if one.id and one.filing is not None and one.filing.pdf
    ]
    if rows:
        await tx.run_many(insert(tx, paper).on_conflict_do_nothing(), rows)
        await show(tx, [one.id for one in items], now)
        tx.wake("papers")


async def is_due(tx: Tx, now: datetime) -> bool:
    """Return whether a document is due."""
    due = select(paper.c.item_id).where(paper.c.state == DUE, paper.c.next_try <= now)
    return await tx.row(due.limit(1)) is not None


async def claim(tx: Tx, now: datetime, limit: int) -> list[WantedPaper]:
    """Return documents that are due, those asked for least often first, and take them for LEASE."""
    due = select(paper.c.item_id).where(paper.c.state == DUE, paper.c.next_try <= now)
    rows = await tx.rows(due.order_by(paper.c.tries, paper.c.item_id).limit(limit))
    mine = (
        update(paper)
        .where(paper.c.item_id.in_([row.item_id for row in rows]), paper.c.next_try <= now)
        .values(next_try=now + LEASE)
        .returning(paper.c.item_id, paper.c.url, paper.c.tries)
    )
    taken = {row.item_id: row for row in await tx.rows(mine)} if rows else {}
    kept = await items_of(tx, taken)
    return [WantedPaper(one, taken[i].url, taken[i].tries) for i, one in kept.items()]


async def put_off(tx: Tx, item_id: int, until: datetime, *, error: str = "") -> None:
    """Ask for a document again then. Without an `error` it was not asked for at all this time."""
    tries = paper.c.tries + 1 if error else paper.c.tries
    later = update(paper).where(paper.c.item_id == item_id)
    await tx.run(later.values(next_try=until, error=error, tries=tries))


async def give_up(tx: Tx, item_id: int, error: str) -> None:
    """Note that a document will not be read, and why."""
    of = update(paper).where(paper.c.item_id == item_id)
    await tx.run(of.values(state=FAILED, next_try=None, error=error, tries=paper.c.tries + 1))


async def keep(tx: Tx, item_id: int, pages: int, picture: bytes, now: datetime) -> None:
    """Keep what a document shows, and show it where its entry was told."""
    of = update(paper).where(paper.c.item_id == item_id)
    read = {"state": READ, "next_try": None, "error": "", "pages": pages, "picture": picture}
    await tx.run(of.values(**read, tries=paper.c.tries + 1))
    await show(tx, [item_id], now)


async def show(tx: Tx, item_ids: Collection[int], now: datetime) -> None:
    """Have the first pages of these Items' documents follow the messages that told of them, once
    each: messages that are sent or on their way.
    """
    for some in chunks(item_ids):
        rows = (
            select(alert.c.id)
            .join(paper, paper.c.item_id == alert.c.item_id)
            .join(subscriber, subscriber.c.id == alert.c.subscriber_id)
            .where(
                alert.c.item_id.in_(some),
                alert.c.kind == AlertKind.FILING.value,
                alert.c.hidden_by == "",
                subscriber.c.chat != Chat.NONE.value,
                paper.c.picture != b"",
                _has(DeliveryKind.SEND, *_UNDER_WAY),
                ~_has(DeliveryKind.PICTURE, *DeliveryState),
            )
        )
        for row in await tx.rows(rows.order_by(alert.c.id)):
            await queue_picture(tx, row.id, now)


async def show_with(tx: Tx, alert_ids: Collection[int], now: datetime) -> None:
    """Have the first pages follow these Alerts, which were held and are sent now."""
    of: list[int] = []
    for some in chunks(alert_ids):
        filings = select(alert.c.item_id).where(
            alert.c.id.in_(some), alert.c.kind == AlertKind.FILING.value
        )
        of += [row.item_id for row in await tx.rows(filings)]
    await show(tx, dict.fromkeys(of), now)


def _has(kind: DeliveryKind, *states: DeliveryState) -> ColumnElement[bool]:
    """Whether an Alert has a Delivery of this kind in one of these states."""
    one = delivery.alias()
    return exists().where(
        one.c.alert_id == alert.c.id,
        one.c.kind == kind.value,
        one.c.state.in_([state.value for state in states]),
    )


async def pictures(tx: Tx, alert_ids: Collection[int]) -> Mapping[int, tuple[bytes, int]]:
    """Return by Alert the first page of its document, and how many pages that has."""
    found: dict[int, tuple[bytes, int]] = {}
    for some in chunks(alert_ids):
        rows = await tx.rows(
            select(alert.c.id, paper.c.picture, paper.c.pages)
            .join(paper, paper.c.item_id == alert.c.item_id)
            .where(alert.c.id.in_(some))
        )
        found |= {row.id: (row.picture, row.pages) for row in rows}
    return found
