"""Article pages that are to be read: a queue beside polling, and what came of it.

An Item is queued once. Whoever claims a page has it for a while; when its process dies, the page
is due again afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row, Table, delete, func, select, update

from matching.same import item_keys
from model import Item
from model.item import Capture
from store.engine import Tx
from store.item_rows import items_of
from store.item_words import wait_for_words
from store.statements import chunks, insert
from store.tables import article_page, item

DUE, READ, FAILED = "due", "read", "failed"
LEASE = timedelta(minutes=5)
"""How long a claimed page is left to whoever claimed it."""
FORGOTTEN = timedelta(days=2)
"""A page that still waits after so long is not asked for any more: it is no news."""
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WantedPage:
    """A page to be read, and for which Item."""

    item: Item
    url: str
    tries: int
    """How often it was asked for before."""


@dataclass(frozen=True, slots=True)
class PageHealth:
    """How the reading of pages goes."""

    waiting: int = 0
    read: int = 0
    failed: int = 0
    troubles: tuple[tuple[str, int], ...] = ()
    """Sentences, and to how many pages each applies; the most frequent first."""


async def queue(tx: Tx, items: Sequence[Item], now: datetime) -> None:
    """Want the pages of these Items; one that was wanted before is not wanted again."""
    rows = [
        {
            "item_id": one.id,
            "source_id": one.source_id,
            "url": one.url,
            "state": DUE,
            "tries": 0,
            "next_try": now,
            "queued_at": now,
            "tried_at": None,
            "error": "",
            "fed_by": one.capture.url if one.capture else "",
            "fed_sha256": one.capture.sha256 if one.capture else "",
        }
        for one in items
    ]
    await tx.run_many(insert(tx, article_page).on_conflict_do_nothing(), rows)
    if rows:
        tx.wake("pages")


async def next_due(tx: Tx) -> datetime | None:
    """Return when the next page is due; None when none waits."""
    found: datetime | None = await tx.value(
        select(func.min(article_page.c.next_try)).where(article_page.c.state == DUE)
    )
    return found


async def claim(tx: Tx, now: datetime, limit: int, *, per_hour: int) -> list[WantedPage]:
    """Return pages that are due, those asked for least often first, and take them for LEASE.

    Of each Source at most `per_hour` pages within an hour.
    """
    c = article_page.c
    spent = await asked_lately(tx, article_page, c.tried_at, now)
    full = [source_id for source_id, count in spent.items() if count >= per_hour]
    due = (
        select(article_page.c.item_id, article_page.c.source_id)
        .where(
            article_page.c.state == DUE,
            article_page.c.next_try <= now,
            article_page.c.queued_at > now - FORGOTTEN,
            article_page.c.source_id.not_in(full),
        )
        .order_by(article_page.c.tries, article_page.c.item_id)
        .limit(limit)
    )
    wanted: list[int] = []
    for row in await tx.rows(due):
        if spent[row.source_id] < per_hour:
            spent[row.source_id] += 1
            wanted.append(row.item_id)
    return await _take(tx, wanted, now)


async def asked_lately(tx: Tx, table: Table, at: Column[datetime], now: datetime) -> Counter[int]:
    """Return by Source how many rows of a queue of pages were asked for (`at`) within the hour;
    not what a clock that ran ahead says of the time to come.
    """
    counted = select(table.c.source_id, func.count().label("number"))
    counted = counted.where(at > now - timedelta(hours=1), at <= now)
    rows = await tx.rows(counted.group_by(table.c.source_id))
    return Counter({row.source_id: row.number for row in rows})


async def _take(tx: Tx, item_ids: Sequence[int], now: datetime) -> list[WantedPage]:
    taken: dict[int, Row[Any]] = {}
    for some in chunks(item_ids):
        mine = (
            update(article_page)
            .where(article_page.c.item_id.in_(some), article_page.c.next_try <= now)
            .values(next_try=now + LEASE, tried_at=now)
            .returning(article_page)
        )
        taken |= {row.item_id: row for row in await tx.rows(mine)}
    items = await items_of(tx, taken)
    return [
        WantedPage(_proved(items[one], taken[one]), taken[one].url, taken[one].tries)
        for one in item_ids
        if one in taken and one in items
    ]


def _proved(one: Item, row: Row[Any]) -> Item:
    """Return an Item with the document it stood in."""
    if not row.fed_sha256:
        return one
    return replace(one, capture=Capture(row.fed_by, row.fed_sha256))


async def put_off(tx: Tx, item_id: int, until: datetime, *, error: str = "") -> None:
    """Ask for a page again then. Without an `error` it was not asked for at all this time."""
    values: dict[str, object] = {"next_try": until, "error": error}
    if error:
        values["tries"] = article_page.c.tries + 1
    else:
        values["tried_at"] = None
    await tx.run(update(article_page).where(article_page.c.item_id == item_id).values(**values))


async def settle(tx: Tx, item_id: int, now: datetime, *, error: str = "") -> None:
    """Note that a page was read, or with an `error` that it never will be."""
    done = {
        "state": FAILED if error else READ,
        "error": error,
        "tries": article_page.c.tries + 1,
        "tried_at": now,
        "next_try": None,
    }
    await tx.run(update(article_page).where(article_page.c.item_id == item_id).values(**done))


async def hold(tx: Tx, item_id: int) -> None:
    """Wait until nobody else changes an Item, and let nobody until this transaction ends."""
    await tx.value(select(item.c.id).where(item.c.id == item_id).with_for_update())


async def keep_words(tx: Tx, one: Item, before: Item) -> None:
    """Keep an Item's headline, text and date as its page says them. That is no change of what its
    Source said: the next poll still finds the Item as it was.

    `before`: the Item as it was stored when its page was asked for. What its Source has said
    otherwise since then stays, unless the page has more text than that.
    """
    c = item.c
    now = select(c.title, c.text, c.published).where(c.id == one.id).with_for_update()
    for row in await tx.rows(now):
        values: dict[str, Any] = {}
        if one.title != before.title and row.title == before.title:
            values |= {"title": one.title, "title_key": item_keys(one).title_key}
        if one.text != before.text and (row.text == before.text or len(one.text) > len(row.text)):
            values["text"] = one.text
        if row.published == before.published:
            values |= {"published": one.published, "published_at": one.published_at}
        if values:
            await tx.run(update(item).where(c.id == one.id).values(**values))
            await wait_for_words(tx, [one.id])


async def health(tx: Tx, since: datetime, *, most: int = 5) -> PageHealth:
    """Return how reading went since then, with the `most` frequent troubles."""
    by_state = (
        select(article_page.c.state, func.count().label("number"))
        .where(article_page.c.queued_at > since)
        .group_by(article_page.c.state)
    )
    counts = {row.state: row.number for row in await tx.rows(by_state)}
    troubles = (
        select(article_page.c.error, func.count().label("number"))
        .where(article_page.c.queued_at > since, article_page.c.error != "")
        .group_by(article_page.c.error)
        .order_by(func.count().desc(), article_page.c.error)
        .limit(most)
    )
    return PageHealth(
        waiting=counts.get(DUE, 0),
        read=counts.get(READ, 0),
        failed=counts.get(FAILED, 0),
        troubles=tuple((row.error, row.number) for row in await tx.rows(troubles)),
    )


async def prune(tx: Tx, now: datetime) -> int:
    """Forget pages that were wanted long ago."""
    return await tx.run(delete(article_page).where(article_page.c.queued_at < now - KEPT))
