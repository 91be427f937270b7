"""How fast the store takes Items in, hands Sources out and empties the outbox.

    python -m bench.store [--postgres URL]

SQLite in a temporary folder, and PostgreSQL where an address is given (or VIGIL_TEST_POSTGRES is
set): a database is made there and dropped. Each line: the rate, CPU milliseconds of this process
for each thing done, and how the rate compares with what prototypes of the same design reached
when it was chosen (`prototype`) and with the plainest way of doing it (`plain`).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from model import (
    AlertDraft,
    Decision,
    DeliveryState,
    Item,
    NewSource,
    NewSubscriber,
    Outcome,
    PollNote,
    Step,
)
from store import items, outbox, sources, subscribers, upkeep
from store.engine import Store

NOW = datetime(2020, 11, 18, tzinfo=UTC)
FEEDS, ENTRIES = 400, 30
SOURCES = 10_000
WAITING = 20_000
PROTOTYPE = {
    ("sqlite", "all new, 1 source a transaction"): 5_900,
    ("sqlite", "all new, 10 sources a transaction"): 21_700,
    ("sqlite", "all new, 50 sources a transaction"): 14_700,
    ("sqlite", "all known, 10 sources a transaction"): 61_000,
    ("sqlite", "3 new of 30, 10 sources a transaction"): 8_400,
    ("sqlite", "claimed and noted, 200 at once"): 20_800,
    ("postgresql", "all new, 1 source a transaction"): 2_500,
    ("postgresql", "all new, 10 sources a transaction"): 7_000,
    ("postgresql", "all new, 50 sources a transaction"): 7_100,
    ("postgresql", "all known, 10 sources a transaction"): 7_400,
    ("postgresql", "3 new of 30, 10 sources a transaction"): 6_700,
    ("postgresql", "claimed and noted, 200 at once"): 4_430,
    ("postgresql", "10 lanes"): 3_900,
    ("postgresql", "1,000 lanes"): 7_300,
    ("postgresql", "10,000 lanes"): 4_430,
}


class Meter:
    """Prints rates and what they compare with."""

    def __init__(self, dialect: str) -> None:
        """Compare with what is known of this dialect."""
        self.dialect = dialect
        self.plain: float | None = None

    async def run(self, name: str, count: int, work: Awaitable[object]) -> float:
        """Await `work`, which does `count` things; print and return how many a second."""
        cpu, wall = time.process_time(), time.perf_counter()
        await work
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        rate = count / wall
        line = f"  {name:<40}{rate:>10,.0f}/s {1000 * cpu / count:>8.3f} ms"
        if known := PROTOTYPE.get((self.dialect, name)):
            line += f"  {rate / known:>6.2f} x prototype"
        if self.plain:
            line += f"  {rate / self.plain:>6.1f} x plain"
        print(line, flush=True)
        return rate


def entries(feeds: range, first: int = 0) -> list[list[Item]]:
    """Documents of 30 entries; `first`: the number of their oldest one."""
    return [
        [
            Item(
                key=f"{feed}-{number}",
                url=f"https://site{feed}.example/news/{number}",
                title=f"Headline {number} of the outlet with the number {feed}",
                summary="About two hundred letters. " * 8,
                published="Wed, 18 Nov 2020 15:00:00 GMT",
                published_at=NOW,
                source_id=feed,
            )
            for number in range(first, first + ENTRIES)
        ]
        for feed in feeds
    ]


async def record(store: Store, documents: Sequence[Sequence[Item]], at_once: int) -> None:
    for start in range(0, len(documents), at_once):
        some = [one for document in documents[start : start + at_once] for one in document]
        async with store.write() as tx:
            await items.record(tx, some, NOW)


async def measure_items(store: Store, meter: Meter) -> None:
    print("Items recorded")
    few = [[one] for document in entries(range(90_000, 90_010)) for one in document]
    meter.plain = await meter.run(
        "all new, each in its own transaction", len(few), record(store, few, 1)
    )
    for at_once in (1, 10, 50):
        feeds = range(at_once * 1000, at_once * 1000 + FEEDS)
        words = f"{at_once} source{'s' * (at_once > 1)} a transaction"
        for name, first in (("all new", 0), ("all known", 0), ("3 new of 30", 3)):
            documents = entries(feeds, first)
            work = record(store, documents, at_once)
            await meter.run(f"{name}, {words}", FEEDS * ENTRIES, work)
    meter.plain = None


async def measure_claims(store: Store, meter: Meter) -> None:
    print(f"Sources claimed and given back, of {SOURCES:,}")
    async with store.write() as tx:
        new = [NewSource(f"https://site{n}.example/feed") for n in range(SOURCES)]
        await sources.declare(tx, new, NOW)

    async def poll_all() -> None:
        while True:
            async with store.write() as tx:
                claims = await sources.due(tx, "me", NOW, limit=200)
            if not claims:
                return
            later = NOW + timedelta(minutes=15)
            notes = [PollNote(one.source.id, "me", one.epoch, later, one.pace) for one in claims]
            async with store.write() as tx:
                await sources.note_polls(tx, notes, NOW)

    await meter.run("claimed and noted, 200 at once", SOURCES, poll_all())


async def measure_outbox(store: Store, meter: Meter) -> None:
    print(f"Deliveries claimed and settled, of {WAITING:,}")
    async with store.write() as tx:
        (told,) = await items.record(tx, [Item("x", title="Told", source_id=1)], NOW)
    for lanes, waiting in ((1, WAITING // 4), (10, WAITING), (1_000, WAITING), (10_000, WAITING)):
        async with store.write() as tx:
            to = [
                await subscribers.add(tx, NewSubscriber("x", f"{lanes}.{n}"), NOW)
                for n in range(lanes)
            ]
        decisions = [
            Decision(AlertDraft(to[n % lanes].id, told.item, (1,), ()), Step.TELL)
            for n in range(waiting)
        ]
        for start in range(0, waiting, 2_000):
            async with store.write() as tx:
                await outbox.queue(tx, decisions[start : start + 2_000], NOW)
        name = f"{lanes:,} lane{'s' * (lanes > 1)}"
        await meter.run(name, waiting, empty(store))
    await meter.run("begun and settled one by one", 300, one_by_one(store, to[0].id, told.item))


async def empty(store: Store) -> None:
    while True:
        async with store.write() as tx:
            claimed = await outbox.claim(tx, NOW)
            if not claimed:
                return
            done = [Outcome(one.id, DeliveryState.SENT) for one in claimed]
            await outbox.settle(tx, done, NOW)


async def one_by_one(store: Store, subscriber_id: int, item: Item) -> None:
    decision = Decision(AlertDraft(subscriber_id, item, (1,), ()), Step.TELL)
    async with store.write() as tx:
        await outbox.queue(tx, [decision] * 300, NOW)
        lease = await upkeep.lease(tx, "dispatch", "me", 600)
    assert lease is not None
    while True:
        async with store.write() as tx:
            claimed = await outbox.claim(tx, NOW)
        if not claimed:
            return
        for one in claimed:
            async with store.write() as tx:
                await outbox.begin(tx, one.id, lease, NOW)
            async with store.write() as tx:
                await outbox.settle(tx, [Outcome(one.id, DeliveryState.SENT)], NOW)


@asynccontextmanager
async def sqlite() -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{Path(folder) / 'vigil.db'}"


@asynccontextmanager
async def postgres(url: str) -> AsyncIterator[str]:
    import asyncpg

    server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"vigil_bench_{uuid4().hex[:8]}"
    conn = await asyncpg.connect(server)
    try:
        await conn.execute(f'CREATE DATABASE "{name}"')
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        await conn.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await conn.close()


PARTS: dict[str, Callable[[Store, Meter], Awaitable[None]]] = {
    "items": measure_items,
    "claims": measure_claims,
    "outbox": measure_outbox,
}


async def measure(url: str, parts: Sequence[str]) -> None:
    store = await Store.open(url)
    print(f"== {store.dialect}")
    for part in parts:
        await PARTS[part](store, Meter(store.dialect))
    await store.close()


async def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--postgres", default=os.environ.get("VIGIL_TEST_POSTGRES", ""))
    asked.add_argument("--only", choices=PARTS, action="append")
    options = asked.parse_args()
    parts = options.only or list(PARTS)
    async with sqlite() as url:
        await measure(url, parts)
    if options.postgres:
        async with postgres(options.postgres) as url:
            await measure(url, parts)


if __name__ == "__main__":
    asyncio.run(main())
