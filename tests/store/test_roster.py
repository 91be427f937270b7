"""Several processes that change the lists at once, as they do when they start together."""

from __future__ import annotations

import asyncio
from datetime import datetime

from model import NewSource, NewSubscriber, Watch
from store import sources, subscribers, watches
from store.engine import Store

TOGETHER = 6
FEEDS = [NewSource(f"https://outlet.example/{n}/feed") for n in range(5)]
DESK = NewSubscriber("telegram", "-1001", name="desk")


async def declare(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        await sources.declare(tx, FEEDS, now)
        await subscribers.declare(tx, [DESK], now)
        await watches.declare(tx, [(Watch("Salvador Cienfuegos Zepeda"), ())], now)


async def add(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        await sources.add(tx, FEEDS[0], now)
        await subscribers.add(tx, NewSubscriber("telegram", "7"), now)


async def test_processes_that_start_together_declare_each_thing_once(
    database_url: str, now: datetime
) -> None:
    stores = [await Store.open(database_url) for _ in range(TOGETHER)]
    try:
        await asyncio.gather(*(declare(one, now) for one in stores))
        await asyncio.gather(*(add(one, now) for one in stores))
        async with stores[0].read() as tx:
            assert len(await sources.health(tx)) == len(FEEDS)
            assert len(await subscribers.all_subscribers(tx)) == 2
            assert len(await watches.all_watches(tx)) == 1
    finally:
        for one in stores:
            await one.close()


async def test_a_watch_is_changed_while_the_configuration_is_taken_over(
    database_url: str, now: datetime
) -> None:
    stores = [await Store.open(database_url) for _ in range(2)]

    async def mute() -> None:
        for _ in range(20):
            async with stores[0].write() as tx:
                await watches.mute(tx, stored.watch.id, now, now)

    async def declare_often() -> None:
        for _ in range(20):
            await declare(stores[1], now)

    try:
        await declare(stores[0], now)
        async with stores[0].read() as tx:
            (stored,) = await watches.all_watches(tx)
        await asyncio.gather(mute(), declare_often())
    finally:
        for one in stores:
            await one.close()
