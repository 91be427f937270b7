"""Finding Items by their words among hundreds of thousands: an index beside them, filled in the
background. What is not in it yet is given as well, so nothing is overlooked meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text

from matching.lookup import VERSION, Keys, keys_of_item
from model.item import Item
from store.engine import Store, Tx
from store.item_rows import items_of
from store.item_words import clear, put, spell
from store.statements import chunks
from store.tables import item, unread_item
from store.upkeep import set_setting, setting

AT_ONCE = 200
"""Items whose words are taken in in one transaction (SQLite: 60 ms)."""
_ANCHORS = 200
"""Sets of keys in one question."""
_KEY = "words of items"


@dataclass(frozen=True, slots=True)
class Archive:
    """What is kept since some moment."""

    items: int
    oldest: datetime | None
    first_id: int = 0
    """No Item seen since then has a smaller id."""


async def archive(tx: Tx, since: datetime | None = None) -> Archive:
    """Return how much is kept that was first seen since then."""
    kept = select(
        func.count().label("n"),
        func.min(item.c.first_seen).label("oldest"),
        func.min(item.c.id).label("first"),
    )
    if since is not None:
        kept = kept.where(item.c.first_seen >= since)
    [row] = await tx.rows(kept)
    return Archive(row.n, row.oldest, row.first or 0)


async def candidates(tx: Tx, anchors: Sequence[Keys], *, first_id: int = 0) -> list[int]:
    """Return ids of Items that have all keys of one of `anchors`, and of those whose words are
    not taken in yet; the newest first. Some may be kept no longer.
    """
    found = set()
    for some in chunks(anchors, _ANCHORS):
        found.update(await _asked(tx, some, first_id))
    waiting = select(unread_item.c.item_id).where(unread_item.c.item_id >= first_id)
    found.update(row.item_id for row in await tx.rows(waiting))
    return sorted(found, reverse=True)


async def whole(tx: Tx, item_ids: Iterable[int]) -> list[Item]:
    """Return those of these Items that are kept, in their order."""
    wanted = list(item_ids)
    known = await items_of(tx, wanted)
    return [known[one] for one in wanted if one in known]


async def stream(
    store: Store, anchors: Sequence[Keys], *, since: datetime | None = None, chunk: int = 250
) -> AsyncIterator[list[Item]]:
    """Give the Items that `anchors` point to, first seen since then, the newest first, in lists;
    each is a transaction of its own.
    """
    async with store.read() as tx:
        kept = await archive(tx, since)
        ids = await candidates(tx, anchors, first_id=kept.first_id)
    for some in chunks(ids, chunk):
        async with store.read() as tx:
            page = await whole(tx, some)
        yield [one for one in page if since is None or _since(one, since)]


async def take_in(store: Store, most: int = AT_ONCE) -> int:
    """Take in the words of some Items that wait for it, the newest first; return of how many."""
    async with store.write() as tx:
        waiting = select(unread_item.c.item_id).order_by(unread_item.c.item_id.desc())
        ids = [row.item_id for row in await tx.rows(waiting.limit(most))]
        for some in chunks(ids):
            await tx.run(delete(unread_item).where(unread_item.c.item_id.in_(some)))
        kept = await whole(tx, reversed(ids))
        keyed = await asyncio.to_thread(lambda: [(one.id, keys_of_item(one)) for one in kept])
        await put(tx, keyed)
    return len(ids)


async def renew(store: Store) -> bool:
    """Take all words in anew where they are kept as an older vigil did; whether that is so."""
    async with store.write() as tx:
        if await setting(tx, _KEY) == VERSION:
            return False
        await clear(tx)
        await set_setting(tx, _KEY, VERSION)
    return True


async def _asked(tx: Tx, anchors: Sequence[Keys], first_id: int) -> list[int]:
    if tx.dialect == "sqlite":
        sets = (" AND ".join(map(spell, sorted(keys))) for keys in anchors)
        match = " OR ".join(f"({one})" for one in sets)
        found = text("SELECT rowid AS id FROM item_word WHERE item_word MATCH :match")
        rows = await tx.rows(found, {"match": match})
    else:
        holds = " OR ".join(f"words @> CAST(:k{at} AS INTEGER[])" for at in range(len(anchors)))
        found = text(f"SELECT item_id AS id FROM item_word WHERE {holds}")  # noqa: S608 - numbers
        rows = await tx.rows(found, {f"k{at}": sorted(keys) for at, keys in enumerate(anchors)})
    return [row.id for row in rows if row.id >= first_id]


def _since(one: Item, since: datetime) -> bool:
    return one.first_seen is not None and one.first_seen >= since


async def titles(tx: Tx, most: int) -> list[str]:
    """Return the titles of the newest Items."""
    newest = select(item.c.title).order_by(item.c.id.desc()).limit(most)
    return [row.title for row in await tx.rows(newest)]
