"""The clock's ticks only set events."""

from __future__ import annotations

import asyncio

from bot.schedule import Clock


async def test_a_tick_is_an_event_that_can_be_awaited_again_and_again():
    clock = Clock("America/New_York", {"often": 0.02})
    clock.start()
    try:
        async with asyncio.timeout(60):
            for _ in range(3):
                await clock.tick("often")
    finally:
        clock.stop()


async def test_a_clock_that_never_started_can_be_stopped():
    Clock("UTC").stop()
