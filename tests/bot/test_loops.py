"""Loops are started again when they fail, noticed when they stop, ended when told to."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bot.loops import Loop, end, keep, until, watchdog
from bot.report import Progress
from model.errors import StoreError, VigilError


async def test_a_loop_that_fails_is_started_again():
    stop, tries = asyncio.Event(), 0

    async def work(_stop: asyncio.Event) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise StoreError("The database is busy.")
        stop.set()

    with capture_logs() as lines:
        await keep(Loop("poll", work), stop, pause=0.001)
    assert tries == 3
    assert [line["event"] for line in lines] == ["poll failed", "poll failed"]
    assert lines[0]["error"] == "The database is busy."
    assert lines[1]["again_in"] == 0.002


async def test_what_nobody_foresaw_is_logged_with_its_traceback():
    stop = asyncio.Event()

    async def work(_stop: asyncio.Event) -> None:
        stop.set()
        raise ZeroDivisionError

    with capture_logs() as lines:
        await keep(Loop("poll", work), stop, pause=0.001)
    assert lines[0]["exc_info"]


async def test_waiting_ends_early_when_told_to_stop():
    stop = asyncio.Event()
    assert not await until(stop, 0.001)
    stop.set()
    assert await until(stop, 3600)


async def test_the_watchdog_says_once_that_a_part_stopped_and_that_it_goes_on():
    moment = 0.0
    progress, stop = Progress(lambda: moment), asyncio.Event()
    progress.expect("poll")
    with capture_logs() as lines:
        task = asyncio.create_task(watchdog(progress, stop, every=0.001, limit=10))
        moment = 11.0
        await _seen(lines, 1)
        for _ in range(5):
            await asyncio.sleep(0.002)
        progress.beat("poll")
        await _seen(lines, 2)
        stop.set()
        await task
    assert [line["event"] for line in lines] == ["poll has got nowhere", "poll goes on"]


async def test_the_watchdog_tells_and_outlives_what_it_tells_of():
    moment, told = 0.0, []
    progress, stop = Progress(lambda: moment), asyncio.Event()
    progress.expect("deliver")

    async def tell(part: str, seconds: float) -> None:
        told.append((part, seconds))
        raise VigilError("the database is gone")

    with capture_logs() as lines:
        task = asyncio.create_task(watchdog(progress, stop, every=0.001, limit=10, tell=tell))
        moment = 11.0
        await _seen(told, 1)
        progress.beat("deliver")
        await _seen(told, 2)
        stop.set()
        await task
    assert told == [("deliver", 11.0), ("deliver", 0.0)]
    assert [one["event"] for one in lines].count("the owner could not be told") == 2


async def _seen(lines: list, count: int) -> None:
    async with asyncio.timeout(60):
        while len(lines) < count:
            await asyncio.sleep(0.001)


async def test_tasks_finish_by_themselves_or_are_cancelled_after_the_grace():
    stop = asyncio.Event()
    kind = asyncio.create_task(stop.wait(), name="kind")
    deaf = asyncio.create_task(asyncio.sleep(3600), name="deaf")
    await asyncio.sleep(0)
    stop.set()
    assert await end([kind, deaf], grace=0.05) == ["deaf"]
    assert deaf.cancelled()
    assert not kind.cancelled()
