"""One budget for CourtListener, whoever asks."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from store import quota
from store.engine import Store
from store.quota import FREE, LENGTHS, Budget, Grant, Left, Purpose, Said, allowed
from tests.fakes import Clock


async def reserve(store: Store, now: datetime, purpose: Purpose = Purpose.ENRICH) -> Grant:
    async with store.write() as tx:
        return await quota.reserve(tx, now, 1, purpose)


async def left(store: Store, now: datetime) -> dict[str, int]:
    async with store.read() as tx:
        return {one.window: one.left for one in await quota.left(tx, now)}


async def test_a_minutes_budget_is_spent_and_comes_back(store: Store) -> None:
    clock = Clock()
    for _ in range(5):
        assert (await reserve(store, clock())).granted
    refused = await reserve(store, clock.turn(seconds=10))
    assert not refused.granted
    assert refused.when == clock() + timedelta(seconds=52)
    assert await left(store, clock()) == {"minute": 0, "hour": 45, "day": 120}
    assert (await reserve(store, refused.when)).granted


async def test_the_day_holds_125_whatever_the_minutes_allow(store: Store) -> None:
    clock, made = Clock(), 0
    for _ in range(20 * 60):
        made += (await reserve(store, clock.turn(minutes=1))).granted
    assert made == 125
    assert await left(store, clock()) == {"minute": 5, "hour": 50, "day": 0}


@pytest.mark.parametrize("most", [1, 5, 50, 125, 1400])
def test_polling_leaves_room_for_people_and_these_for_webhooks(most: int) -> None:
    poll, asked, enrich = (
        allowed(most, one) for one in (Purpose.POLL, Purpose.ASKED, Purpose.ENRICH)
    )
    assert poll < asked < enrich == most


async def test_what_is_urgent_goes_where_polling_may_not(store: Store) -> None:
    clock = Clock()
    while (await reserve(store, clock(), Purpose.POLL)).granted:
        pass
    assert (await reserve(store, clock(), Purpose.ASKED)).granted
    assert not (await reserve(store, clock(), Purpose.ASKED)).granted
    assert (await reserve(store, clock(), Purpose.ENRICH)).granted
    assert not (await reserve(store, clock(), Purpose.ENRICH)).granted


async def test_many_at_once_never_take_more_than_there_is(store: Store) -> None:
    now = Clock()()
    grants = await asyncio.gather(*(reserve(store, now) for _ in range(12)))
    assert sum(one.granted for one in grants) == 5


async def test_a_429_is_remembered_by_everybody(store: Store) -> None:
    clock = Clock()
    async with store.write() as tx:
        await quota.pause(tx, clock() + timedelta(minutes=7), clock())
        await quota.pause(tx, clock() + timedelta(minutes=3), clock())
    refused = await reserve(store, clock())
    assert refused == Grant(granted=False, when=clock() + timedelta(minutes=7))
    async with store.read() as tx:
        assert await quota.paused_until(tx, clock()) == refused.when
        assert await quota.paused_until(tx, clock.turn(minutes=8)) is None
    assert (await reserve(store, clock())).granted


async def test_a_pause_lasts_a_day_at_most(store: Store) -> None:
    clock = Clock()
    async with store.write() as tx:
        await quota.pause(tx, clock() + timedelta(days=900), clock())
    assert (await reserve(store, clock())).when == clock() + timedelta(days=1)


async def test_answers_raise_and_lower_the_limits(store: Store) -> None:
    clock = Clock()
    async with store.write() as tx:
        await quota.note(tx, clock(), [Said("day", 1400), Said("minute", 10), Said("week", 3)])
        found = {one.window: one.most for one in await quota.left(tx, clock())}
        assert found == {"minute": 10, "hour": 50, "day": 1400}
        await quota.note(tx, clock(), [Said("day", 100)])
    assert (await left(store, clock()))["day"] == 100


async def test_what_others_used_of_the_account_is_counted(store: Store) -> None:
    clock = Clock()
    await reserve(store, clock())
    async with store.write() as tx:
        await quota.note(tx, clock(), [Said("day", 125, left=20), Said("hour", 50, left=49)])
    assert (await left(store, clock()))["day"] == 20


def test_more_than_a_window_holds_is_never_granted(now: datetime) -> None:
    grant = Budget((), FREE).grant(now, 6, Purpose.ENRICH)
    assert grant == Grant(granted=False, when=now + LENGTHS["minute"])


def test_nothing_used_leaves_everything(now: datetime) -> None:
    assert Budget((), FREE).left(now)[0] == Left("minute", 5, 5)
