"""Items: what was published, kept for previews and alerts; `record` takes new ones in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, tuple_

from matching.same import ItemKeys, item_keys
from model import Item, Mention
from store.engine import Store, Tx
from store.item_rows import as_item, whole_items
from store.record import fresh, record
from store.statements import chunks, insert, replace_all
from store.tables import item, mention, seen_key
from store.written import dump_mentions, load_mentions

__all__ = [
    "add_mentions",
    "by_url",
    "count",
    "fresh",
    "get",
    "history",
    "known",
    "mention_counts",
    "mentioned",
    "mentioned_in_words",
    "mentions_in_text",
    "record",
    "stream",
]


async def known(tx: Tx, source_id: int, keys: Sequence[ItemKeys]) -> set[bytes]:
    """Return which of these `key` digests the Source has shown before (`fresh` also finds what
    has changed since).
    """
    found: set[bytes] = set()
    for some in chunks({one.key for one in keys}):
        seen = select(seen_key.c.key).where(
            seen_key.c.source_id == source_id, seen_key.c.key.in_(some)
        )
        found.update(row.key for row in await tx.rows(seen))
    return found


async def get(tx: Tx, item_id: int) -> Item | None:
    """Return an Item by its id; None when it is no longer kept."""
    row = await tx.row(whole_items().where(item.c.id == item_id))
    return as_item(row) if row else None


async def by_url(tx: Tx, url: str) -> Item | None:
    """Return the newest Item with this canonical address."""
    key = item_keys(Item(url=url)).url_key
    same = whole_items().where(item.c.url_key == key, item.c.url == url)
    row = await tx.row(same.order_by(item.c.id.desc()).limit(1))
    return as_item(row) if row else None


async def count(tx: Tx, since: datetime | None = None) -> int:
    """Return how many Items are kept, or were first seen since then."""
    number = select(func.count()).select_from(item)
    if since is not None:
        number = number.where(item.c.first_seen >= since)
    return int(await tx.value(number))


async def history(
    tx: Tx,
    *,
    since: datetime | None = None,
    limit: int = 100,
    before_id: int | None = None,
    source_ids: Collection[int] | None = None,
) -> list[Item]:
    """Return Items, the newest first. `before_id`: only older ones than this (the next page)."""
    page = whole_items().order_by(item.c.first_seen.desc(), item.c.id.desc()).limit(limit)
    if since is not None:
        page = page.where(item.c.first_seen >= since)
    if source_ids is not None:
        page = page.where(item.c.source_id.in_(source_ids))
    if before_id is not None:
        last = await tx.row(select(item.c.first_seen, item.c.id).where(item.c.id == before_id))
        if last is None:  # no longer kept, and everything older isn't either
            return []
        page = page.where(tuple_(item.c.first_seen, item.c.id) < (last.first_seen, last.id))
    return [as_item(row) for row in await tx.rows(page)]


async def stream(
    store: Store,
    *,
    since: datetime | None = None,
    source_ids: Collection[int] | None = None,
    chunk: int = 500,
) -> AsyncIterator[list[Item]]:
    """Give all Items since then, the newest first, in lists of `chunk`.

    Each list is a transaction of its own: a long walk through the archive holds up nothing.
    """
    last: int | None = None
    while True:
        async with store.read() as tx:
            page = await history(
                tx, since=since, limit=chunk, before_id=last, source_ids=source_ids
            )
        if not page:
            return
        yield page
        last = page[-1].id


async def add_mentions(tx: Tx, mentions: Iterable[tuple[int, Mention]]) -> None:
    """Keep Mentions by the ids of their Items. For a Watch in an Item the newest replace the
    older ones: those may stand in words that an edit has taken away.
    """
    found: dict[tuple[int, int], list[Mention]] = {}
    for item_id, one in mentions:
        found.setdefault((item_id, one.watch_id), []).append(one)
    rows = [
        {"item_id": item_id, "watch_id": watch_id, "found": dump_mentions(some)}
        for (item_id, watch_id), some in found.items()
    ]
    await tx.run_many(replace_all(insert(tx, mention), "item_id", "watch_id"), rows)


async def drop_mentions(tx: Tx, watch_id: int, item_id: int) -> None:
    """Let a Watch be mentioned in an Item no more."""
    one = delete(mention).where(mention.c.watch_id == watch_id, mention.c.item_id == item_id)
    await tx.run(one)


async def mentioned(tx: Tx, item_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by Item the Watches that have a Mention there already."""
    found: dict[int, set[int]] = {}
    for some in chunks(item_ids):
        have = select(mention.c.item_id, mention.c.watch_id).where(mention.c.item_id.in_(some))
        for row in await tx.rows(have):
            found.setdefault(row.item_id, set()).add(row.watch_id)
    return found


async def mentioned_in_words(tx: Tx, item_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by Item the Watches that have a Mention there already, besides in its title."""
    found: dict[int, set[int]] = {}
    for some in chunks(item_ids):
        for row in await tx.rows(select(mention).where(mention.c.item_id.in_(some))):
            if any(one.field != "title" for one in load_mentions(row.found, row.watch_id)):
                found.setdefault(row.item_id, set()).add(row.watch_id)
    return found


async def mentions_in_text(tx: Tx, item_ids: Collection[int]) -> dict[int, list[Mention]]:
    """Return by Item the Mentions in its text."""
    found: dict[int, list[Mention]] = {}
    for some in chunks(item_ids):
        for row in await tx.rows(select(mention).where(mention.c.item_id.in_(some))):
            inside = [one for one in load_mentions(row.found, row.watch_id) if one.field == "text"]
            found.setdefault(row.item_id, []).extend(inside)
    return found


async def mention_counts(tx: Tx, *, since: datetime) -> dict[int, int]:
    """Return by Watch in how many Items first seen since then it has Mentions."""
    counted = (
        select(mention.c.watch_id, func.count().label("number"))
        .join(item, item.c.id == mention.c.item_id)
        .where(item.c.first_seen >= since)
        .group_by(mention.c.watch_id)
    )
    return {row.watch_id: row.number for row in await tx.rows(counted)}
