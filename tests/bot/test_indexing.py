"""The words of what comes in are taken in while the program runs."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy import func, select

from bot.indexing import take_in_words
from store import lookup, tables
from store.engine import Store
from tests.commits import becomes
from tests.store.test_lookup import found, read


async def test_words_come_in_while_it_runs_and_it_stops_when_told(
    store: Store, now: datetime
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(take_in_words(store, stop))
    await read(store, now, "Salvador Cienfuegos is heard", "A hearing in Brooklyn")
    await becomes(store, lambda: nothing_waits(store))
    assert await found(store) == ["Salvador Cienfuegos is heard"]
    assert not await lookup.renew(store), "what it keeps is of this version"
    stop.set()
    await asyncio.wait_for(running, 60)


async def nothing_waits(store: Store) -> bool:
    async with store.read() as tx:
        return not await tx.value(select(func.count()).select_from(tables.unread_item))
