"""Forgetting: what is old goes, in short transactions; which Items were seen is never forgotten.

(why: docs/notes/why-seen-keys-outlive-items.md)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, exists, or_, select, update

from store import push_inbox, second_looks, versions
from store.engine import Store, Tx
from store.item_words import forget
from store.statements import chunks
from store.tables import (
    IS_DUE,
    IS_HELD,
    IS_SENDING,
    alert,
    alert_docket,
    alert_group,
    alert_item,
    alert_join,
    alert_tie,
    alert_watch,
    button,
    delivery,
    hidden,
    inbox,
    item,
    kept,
    mention,
    message,
    note,
    paper,
    possible,
    story,
    story_item,
    stranger,
)

_AT_ONCE = 500
"""Rows that one transaction forgets: writers wait no longer than for a poll."""
_KEEP_SETTLED = timedelta(days=30)
"""A Delivery that is over; what it sent stays with its Alert."""
_KEEP_UPDATES = timedelta(days=5)
"""Updates that were handled. Less than a week: after a week of silence Telegram's ids start
anew, and an old one must not be taken for the place to go on from.
"""
_KEEP_POSSIBLE = timedelta(days=30)
_KEEP_PAPERS = timedelta(days=30)
"""First pages of documents: who was to see them has. That they were read is kept."""
"""Mentions that may be somebody else."""
_KEEP_BUTTONS = timedelta(days=180)
"""How long a button that is good no more is known: pressed, it opens a fresh screen."""
_KEEP_STRANGERS = timedelta(days=2)
_OF_ALERTS = (
    alert_watch,
    alert_item,
    alert_join,
    alert_tie,
    alert_docket,
    message,
    note,
    delivery,
    button,
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten; as text, a line for a log."""

    articles: int = 0
    bodies: int = 0
    alerts: int = 0
    deliveries: int = 0
    updates: int = 0
    buttons: int = 0

    def __str__(self) -> str:
        """Return what was forgotten, in numbers."""
        return (
            f"{self.articles} articles, {self.bodies} bodies, {self.alerts} alerts, "
            f"{self.deliveries} deliveries, {self.updates} updates, {self.buttons} buttons"
        )


async def prune(
    store: Store,
    now: datetime,
    *,
    keep_articles: timedelta | None = None,
    keep_bodies: timedelta | None = None,
) -> Pruned:
    """Forget Items and Alerts older than `keep_articles`, full texts without a Mention older
    than `keep_bodies` (None: kept for ever), and what is over in outbox, inbox and buttons.
    """
    alerts = articles = bodies = 0
    if keep_articles is not None:
        before = now - keep_articles
        alerts = await _alerts(store, before)
        articles = await _articles(store, before)
    if keep_bodies is not None:
        bodies = await _bodies(store, now - keep_bodies)
    over = and_(~IS_DUE, ~IS_SENDING, ~IS_HELD, delivery.c.settled_at < now - _KEEP_SETTLED)
    handled = and_(inbox.c.done_at.is_not(None), inbox.c.received_at < now - _KEEP_UPDATES)
    async with store.write() as tx:
        await second_looks.prune(tx, now)
        await push_inbox.prune(tx, now)
        shown = and_(paper.c.queued_at < now - _KEEP_PAPERS, paper.c.picture != b"")
        await tx.run(update(paper).where(shown).values(picture=b""))
        await tx.run(delete(stranger).where(stranger.c.answered_at < now - _KEEP_STRANGERS))
        await tx.run(delete(possible).where(possible.c.at < now - _KEEP_POSSIBLE))
        return Pruned(
            articles=articles,
            bodies=bodies,
            alerts=alerts,
            deliveries=await tx.run(delete(delivery).where(over)),
            updates=await tx.run(delete(inbox).where(handled)),
            buttons=await tx.run(delete(button).where(button.c.expires_at <= now - _KEEP_BUTTONS)),
        )


async def _alerts(store: Store, before: datetime) -> int:
    unsettled = exists().where(delivery.c.alert_id == alert.c.id, or_(IS_DUE, IS_SENDING, IS_HELD))
    old = select(alert.c.id).where(alert.c.at < before, ~unsettled).limit(_AT_ONCE)
    gone = 0
    while True:
        async with store.write() as tx:
            ids = [row.id for row in await tx.rows(old)]
            for table in _OF_ALERTS:
                await _delete(tx, table, table.c.alert_id, ids)
            await _delete(tx, alert_group, alert_group.c.group_id, ids)
            await _delete(tx, alert, alert.c.id, ids)
        gone += len(ids)
        if not ids:
            return gone


async def _articles(store: Store, before: datetime) -> int:
    """Forget Items that no Alert shows any more, with all that hangs on them."""
    shown = exists().where(alert_item.c.item_id == item.c.id)
    old = select(item.c.id).where(item.c.first_seen < before, ~shown).limit(_AT_ONCE)
    gone = 0
    while True:
        async with store.write() as tx:
            ids = [row.id for row in await tx.rows(old)]
            for table in (mention, hidden, kept, story_item, possible):
                await _delete(tx, table, table.c.item_id, ids)
            await _delete(tx, item, item.c.id, ids)
            await forget(tx, ids)
            await versions.forget(tx, ids)
            await second_looks.forget(tx, ids)
            told = exists().where(story_item.c.story_id == story.c.id)
            if not ids:
                await tx.run(delete(story).where(story.c.at < before, ~told))
                return gone
        gone += len(ids)


async def _delete(tx: Tx, table: Table, column: ColumnElement[int], ids: Sequence[int]) -> None:
    for some in chunks(ids):
        await tx.run(delete(table).where(column.in_(some)))


async def _bodies(store: Store, before: datetime) -> int:
    """Drop full texts nobody was found in; title and summary stay, and no edit is seen in it."""
    found = exists().where(mention.c.item_id == item.c.id)
    old = select(item.c.id).where(item.c.first_seen < before, item.c.text != "", ~found)
    gone = 0
    while True:
        async with store.write() as tx:
            ids = [row.id for row in await tx.rows(old.limit(_AT_ONCE))]
            await tx.run(update(item).where(item.c.id.in_(ids)).values(text=""))
            older = await versions.drop_texts(tx, before, _AT_ONCE)
        gone += len(ids)
        if not ids and not older:
            return gone
