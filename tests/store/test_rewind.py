"""The clock is set back: nothing waits for an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.setback import Setback, since_last_time
from model import NewSource
from store import sources, upkeep
from store.engine import Store
from store.rewind import rewind
from tests.fakes import Clock

HOUR = timedelta(hours=1)


async def test_a_source_that_was_due_by_the_old_clock_is_due_by_the_new_one(
    store: Store, now: datetime
) -> None:
    async with store.write() as tx:
        await sources.add(tx, NewSource("https://ledger.example/feed"), now + HOUR)
        assert not await sources.due(tx, "vigil", now)
        await rewind(tx, HOUR, now)
        assert len(await sources.due(tx, "vigil", now)) == 1


async def test_what_is_due_already_stays_as_it_is(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        await sources.add(tx, NewSource("https://ledger.example/feed"), now - timedelta(minutes=5))
        await rewind(tx, HOUR, now)
        assert await sources.next_due(tx) == now - timedelta(minutes=5)


async def test_the_lease_of_a_process_that_died_before_does_not_hold_for_an_hour(
    sqlite_store: Store, now: datetime
) -> None:
    async with sqlite_store.write() as tx:
        await upkeep.lease(tx, "dispatch", "the dead", 3600.0)
        assert await upkeep.lease(tx, "dispatch", "the living") is None
        await rewind(tx, HOUR, now)
        assert await upkeep.lease(tx, "dispatch", "the living") is not None


def test_a_step_back_is_noticed_once_and_the_passing_of_time_never() -> None:
    wall, seconds = Clock(), [0.0]
    setback = Setback(wall, lambda: seconds[0])
    wall.turn(seconds=15)
    seconds[0] += 15
    assert not setback.noticed()
    wall.turn(seconds=15 - 3600)
    seconds[0] += 15
    assert setback.noticed() == HOUR
    wall.turn(seconds=15)
    seconds[0] += 15
    assert not setback.noticed()


def test_signs_of_life_from_the_future_tell_of_a_step_back_while_nobody_ran(now: datetime) -> None:
    assert since_last_time([now - HOUR, now + HOUR], now) == HOUR
    assert not since_last_time([now, now + timedelta(seconds=5)], now)
    assert not since_last_time([], now)
