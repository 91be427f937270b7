"""Killed at any moment, no Delivery is lost, and what may be a repeat says so."""

from __future__ import annotations

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from datetime import datetime
from pathlib import Path

from model import AlertDraft, Decision, DeliveryState, Item, NewSubscriber, Step
from store import items, outbox, subscribers
from store.engine import Store

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = 100
KILLS = 4

DISPATCH = """
import asyncio, os, sys
from datetime import UTC, datetime
from model import DeliveryState, Outcome
from store import outbox, upkeep
from store.engine import Store

async def main(url):
    store = await Store.open(url)
    now = datetime.now(UTC)
    async with store.write() as tx:
        await tx.run(__import__("sqlalchemy").text("UPDATE lease SET until = 0"))
        lease = await upkeep.lease(tx, "dispatch", f"{os.getpid()}", 60)
        await outbox.recover(tx, now)
    while True:
        async with store.write() as tx:
            claimed = await outbox.claim(tx, now, each=3)
        if not claimed:
            break
        for one in claimed:
            async with store.write() as tx:
                begun = await outbox.begin(tx, one.id, lease, now)
            assert begun
            os.write(1, f"{one.id} {one.repeat:d}\\n".encode())  # the message has arrived
            async with store.write() as tx:
                await outbox.settle(tx, [Outcome(one.id, DeliveryState.SENT, (one.id,))], now)
    await store.close()

asyncio.run(main(sys.argv[1]))
"""
"""Sends to whoever reads what it prints: a line is a message that has arrived."""


async def _fill(store: Store, now: datetime) -> set[int]:
    """Queue Deliveries to a few Subscribers; returns their ids."""
    async with store.write() as tx:
        to = [await subscribers.add(tx, NewSubscriber("console", f"{n}"), now) for n in range(3)]
        entries = [
            Item(f"{n}", f"https://a.example/{n}", f"Headline number {n}", source_id=1)
            for n in range(DELIVERIES)
        ]
        decisions = [
            Decision(AlertDraft(to[n % 3].id, one.item, (1,), ()), Step.TELL)
            for n, one in enumerate(await items.record(tx, entries, now))
        ]
        await outbox.queue(tx, decisions, now)
        return {one.id for one in await outbox.listing(tx, limit=DELIVERIES)}


async def _start(url: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", DISPATCH, url, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


async def test_no_crash_point_between_claim_and_settle_loses_a_delivery(
    sqlite_store: Store, sqlite_url: str, now: datetime
):
    queued = await _fill(sqlite_store, now)
    lines: list[str] = []
    chance = random.Random(20)
    for kill in range(KILLS):
        process = await _start(sqlite_url)
        assert process.stdout is not None
        enough = range(chance.randrange(1, DELIVERIES // KILLS - 2))
        lines += [(await process.stdout.readline()).decode() for _ in enough]
        await asyncio.sleep(chance.random() * 0.004)
        process.kill()
        out, said = await process.communicate()
        assert process.returncode == -9, (kill, said)
        lines += out.decode().splitlines()
    process = await _start(sqlite_url)
    out, said = await process.communicate()
    assert (process.returncode, said) == (0, b"")
    lines += out.decode().splitlines()

    arrived = Counter(int(line.split()[0]) for line in lines)
    assert set(arrived) == queued
    seen: set[str] = set()
    for line in lines:
        number, is_marked = line.split()
        assert number not in seen or is_marked == "1", f"delivery {number} repeated unmarked"
        seen.add(number)
    async with sqlite_store.read() as tx:
        rows = await outbox.listing(tx, limit=DELIVERIES)
    assert {one.state for one in rows} == {DeliveryState.SENT}
