"""A process that sends is killed without warning, again and again: nothing is lost, and what may
have come twice says so.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from store.engine import Store
from tests.alerts.newsroom import Newsroom, headlines, newsroom

ROOT = Path(__file__).parent.parent.parent
MARK = " (may be a repeat)"
ALERTS = 150
KILLS = 6


@asynccontextmanager
async def sending(room: Newsroom, url: str, owner: str) -> AsyncIterator[None]:
    """Give a running process that delivers; kill it without warning at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.alerts.sender", url, room.server.url, owner, cwd=ROOT
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def grown(room: Newsroom, most: int) -> None:
    """Wait until the channel shows so many messages."""
    await room.server.until(lambda: len(room.desk.texts) >= most, "it stands still", 30)


async def test_killed_at_random_nothing_is_lost_and_every_repeat_says_so(
    store: Store, database_url: str
) -> None:
    chance = random.Random(20201118)
    async with newsroom(store) as room:
        titles = [f"story {number}" for number in range(ALERTS)]
        await room.tell(*titles)
        for _ in range(KILLS):
            async with sending(room, database_url, "the same"):
                await grown(room, len(room.desk.texts) + chance.randint(3, 25))
                await asyncio.sleep(chance.random() * 0.02)
        async with sending(room, database_url, "the same"):
            await room.server.until(lambda: titles[-1] in room.shown[-1], "it stands still", 60)
        shown = headlines(room.desk)
    unmarked = Counter(one for one in shown if not one.endswith(MARK))
    assert {one.removesuffix(MARK) for one in shown} == set(titles)
    assert max(unmarked.values()) == 1
    assert len(shown) <= ALERTS + KILLS
    first = list(dict.fromkeys(one.removesuffix(MARK) for one in shown))
    assert first == titles


async def test_another_process_goes_on_within_fifteen_seconds_of_a_kill(
    sqlite_store: Store, sqlite_url: str
) -> None:
    async with newsroom(sqlite_store) as room:
        await room.tell("one")
        async with sending(room, sqlite_url, "first"):
            await room.desk.shows("one", patience=30)
        killed = monotonic()
        await room.tell("two")
        async with sending(room, sqlite_url, "second"):
            await room.desk.shows("two", patience=30)
        assert 1 < monotonic() - killed < 15
