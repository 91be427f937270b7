from __future__ import annotations

import asyncio

import pytest

from watchers.turns import HostParkedError, Turns


async def test_a_host_gets_its_requests_in_order_and_few_at_once() -> None:
    turns = Turns(per_host=2, gap=0)
    inside: list[int] = []
    most = 0
    order: list[int] = []

    async def one(number: int) -> None:
        nonlocal most
        async with turns.turn("a"):
            inside.append(number)
            order.append(number)
            most = max(most, len(inside))
            await asyncio.sleep(0)
            inside.remove(number)

    await asyncio.gather(*(one(n) for n in range(9)))
    assert most == 2
    assert order == list(range(9))


async def test_requests_to_one_host_keep_their_distance() -> None:
    turns = Turns(per_host=4, gap=0.02)
    loop = asyncio.get_running_loop()
    starts: list[float] = []

    async def one() -> None:
        async with turns.turn("a"):
            starts.append(loop.time())

    began = loop.time()
    await asyncio.gather(*(one() for _ in range(4)))
    # A busy machine may start one late, never early: each has waited for those before it.
    assert all(at - began >= 0.02 * before - 0.001 for before, at in enumerate(starts))


async def test_hosts_do_not_wait_for_each_other() -> None:
    turns = Turns(per_host=1, gap=3600)
    for host in "abc":
        async with turns.turn(host):
            pass


async def test_a_parked_host_is_left_alone_until_its_time_is_over() -> None:
    now = 100.0
    turns = Turns(gap=0, clock=lambda: now)
    turns.park("a", 60)
    turns.park("a", 5)
    assert turns.parked("a") == 60
    assert turns.parked("b") == 0
    with pytest.raises(HostParkedError, match="a has asked to be left alone for 60 more seconds"):
        async with turns.turn("a"):
            pass
    now = 161.0
    async with turns.turn("a"):
        pass


async def test_who_waits_for_a_host_sees_it_parked() -> None:
    turns = Turns(per_host=1, gap=0)
    async with turns.turn("a"):
        second = asyncio.create_task(_enter(turns, "a"))
        await asyncio.sleep(0)
        turns.park("a", 60)
    with pytest.raises(HostParkedError):
        await second


async def _enter(turns: Turns, host: str) -> None:
    async with turns.turn(host):
        pass


async def test_hosts_that_need_no_remembering_are_forgotten() -> None:
    now = 0.0
    turns = Turns(gap=1, clock=lambda: now)
    turns.park("parked", 10_000)
    for number in range(9000):
        now += 2
        async with turns.turn(str(number)):
            pass
    assert len(turns._hosts) < 5000
    assert turns.parked("parked") == 0 or now < 10_000
