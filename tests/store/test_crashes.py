"""Killed at any moment, no Delivery is lost, and what may be a repeat says so."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
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

async def main(url, log):
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
            os.write(log, f"{one.id} {one.repeat:d}\\n".encode())  # the message has arrived
            async with store.write() as tx:
                await outbox.settle(tx, [Outcome(one.id, DeliveryState.SENT, (one.id,))], now)
    await store.close()

log = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
asyncio.run(main(sys.argv[1], log))
"""


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


def _start(url: str, log: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", DISPATCH, url, str(log)], cwd=ROOT, stderr=subprocess.PIPE
    )


async def _lines(log: Path) -> list[str]:
    return log.read_text().split("\n")[:-1] if log.exists() else []


async def test_no_crash_point_between_claim_and_settle_loses_a_delivery(
    sqlite_store: Store, sqlite_url: str, tmp_path: Path, now: datetime
):
    queued = await _fill(sqlite_store, now)
    log = tmp_path / "arrived.log"
    chance = random.Random(20)
    for kill in range(KILLS):
        process = _start(sqlite_url, log)
        enough = len(await _lines(log)) + chance.randrange(1, DELIVERIES // KILLS - 2)
        while process.poll() is None and len(await _lines(log)) < enough:
            await asyncio.sleep(0.0005)
        await asyncio.sleep(chance.random() * 0.004)
        process.kill()
        _, said = await asyncio.to_thread(process.communicate)
        assert process.returncode == -9, (kill, said)
    process = _start(sqlite_url, log)
    _, said = await asyncio.to_thread(process.communicate)
    assert (process.returncode, said) == (0, b"")

    arrived = Counter(int(line.split()[0]) for line in await _lines(log))
    assert set(arrived) == queued
    seen: set[str] = set()
    for line in await _lines(log):
        number, is_marked = line.split()
        assert number not in seen or is_marked == "1", f"delivery {number} repeated unmarked"
        seen.add(number)
    async with sqlite_store.read() as tx:
        rows = await outbox.listing(tx, limit=DELIVERIES)
    assert {one.state for one in rows} == {DeliveryState.SENT}
