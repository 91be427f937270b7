"""How long crowds of messages take, and what goes wrong on the way: three ways of pacing.

    python -m bench.dispatch [--burst 3]

Nothing waits: an event loop in simulated time runs the same server (`bot/demo/botapi/limits.py`:
30 a second in all, 20 a minute in a group or channel, 1 a second in a chat after a small burst, a
flood wait for whoever breaks one) against
  ours    alerts/pacing.py, one message in flight in each chat
  PTB     the library's AIORateLimiter, with 50 retries (its default is none: then it loses)
  naive   thirty at a time, sleeping on every 429
Makespan in simulated seconds, 429s, messages that arrived out of order in their chat, lost ones,
and the delay of messages to chats of their own that trickle in beside a busy one (p50 / p95).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import selectors
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from alerts.pacing import Pacer, Turn
from bot.demo.botapi.limits import Allowance, Limits
from bot.demo.botapi.refusals import RefusedError
from model.people import Chat

ROUND_TRIP = 0.05
LANES = 50
"""Chats the dispatcher looks at together."""
RETRIES = 50


class _Selector(selectors.SelectSelector):
    """Lets time jump to the next timer instead of waiting for it."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("the simulation waits for ever")
        self.now += max(1e-6, timeout)  # never quite nothing, or a timer's rounding never passes
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.simulated = _Selector()
        super().__init__(self.simulated)

    def time(self) -> float:
        return self.simulated.now


@dataclass(frozen=True, slots=True)
class Wish:
    """One message that somebody wants sent."""

    chat: int
    number: int
    at: float = 0.0
    trickle: bool = False


@dataclass(slots=True)
class World:
    """A server with limits, and what it saw."""

    limits: Limits
    floods: int = 0
    lost: int = 0
    arrived: list[tuple[float, Wish]] = field(default_factory=list)

    async def take(self, wish: Wish) -> None:
        """Take a message, or raise RetryAfter."""
        await asyncio.sleep(ROUND_TRIP / 2)
        try:
            self.limits.take(wish.chat, group=wish.chat < 0)
        except RefusedError as refused:
            self.floods += 1
            await asyncio.sleep(ROUND_TRIP / 2)
            raise RetryAfter(refused.parameters["retry_after"]) from None
        self.arrived.append((asyncio.get_running_loop().time(), wish))
        await asyncio.sleep(ROUND_TRIP / 2)

    def reordered(self) -> int:
        """Return how many messages arrived after a later one of their chat."""
        highest: dict[int, int] = defaultdict(lambda: -1)
        late = 0
        for _, wish in self.arrived:
            late += wish.number < highest[wish.chat]
            highest[wish.chat] = max(highest[wish.chat], wish.number)
        return late


Way = Callable[[World, list[Wish]], Coroutine[None, None, None]]


async def ours(world: World, wishes: list[Wish]) -> None:
    """One message in flight in each chat, at the pacer's word."""
    pacer, loop = Pacer(), asyncio.get_running_loop()
    lanes: dict[int, list[Wish]] = defaultdict(list)
    tasks: dict[asyncio.Task[float], Wish] = {}
    coming = sorted(wishes, key=lambda wish: (wish.at, wish.number), reverse=True)
    start = loop.time()

    async def send(wish: Wish) -> float:
        try:
            await world.take(wish)
        except RetryAfter as wait:
            return float(wait._retry_after.total_seconds())
        return 0.0

    while coming or lanes or tasks:
        while coming and coming[-1].at <= loop.time() - start:
            lanes[coming[-1].chat].append(coming.pop())
        busy = {wish.chat for wish in tasks.values()}
        held = itertools.islice(lanes.items(), LANES)
        waiting = [_turn(lane[0]) for chat, lane in held if chat not in busy]
        chosen, soonest = pacer.next_turn(waiting, loop.time())
        if chosen is not None:
            wish = lanes[int(chosen.address)][0]
            pacer.sent(chosen.address, chosen.chat, loop.time())
            tasks[asyncio.create_task(send(wish))] = wish
            continue
        await _next(tasks, min(soonest, start + coming[-1].at if coming else soonest))
        for task in [task for task in tasks if task.done()]:
            wish = tasks.pop(task)
            if task.result():
                pacer.told_to_wait(str(wish.chat), task.result(), loop.time())
            else:
                lanes[wish.chat].remove(wish)
                if not lanes[wish.chat]:
                    del lanes[wish.chat]


def _turn(wish: Wish) -> Turn:
    chat = Chat.CHANNEL if wish.chat < 0 else Chat.PRIVATE
    return Turn(wish.chat, str(wish.chat), chat, (1, wish.number))


async def _next(tasks: dict[asyncio.Task[float], Wish], until: float) -> None:
    wait = max(0.0, until - asyncio.get_running_loop().time())
    if tasks:
        timeout = None if wait == float("inf") else wait
        await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    else:
        await asyncio.sleep(wait)


async def library(world: World, wishes: list[Wish]) -> None:
    """PTB's limiter, every message handed over as it comes."""
    await _with_limiter(AIORateLimiter(max_retries=RETRIES), world, wishes)


async def library_as_shipped(world: World, wishes: list[Wish]) -> None:
    """Use the same with its default: no retry."""
    await _with_limiter(AIORateLimiter(), world, wishes)


async def _with_limiter(limiter: AIORateLimiter, world: World, wishes: list[Wish]) -> None:
    async def send(wish: Wish) -> None:
        await asyncio.sleep(wish.at)

        async def call() -> bool:
            await world.take(wish)
            return True

        try:
            data = {"chat_id": wish.chat}
            await limiter.process_request(call, (), {}, "sendMessage", data, None)
        except RetryAfter:
            world.lost += 1

    await asyncio.gather(*(send(wish) for wish in wishes))


async def naive(world: World, wishes: list[Wish]) -> None:
    """Thirty at a time; whoever gets a 429 sleeps as told and tries again."""
    queue = sorted(wishes, key=lambda wish: (wish.at, wish.number), reverse=True)
    start = asyncio.get_running_loop().time()

    async def worker() -> None:
        while queue:
            wish = queue.pop()
            await asyncio.sleep(max(0.0, start + wish.at - asyncio.get_running_loop().time()))
            while True:
                try:
                    await world.take(wish)
                    break
                except RetryAfter as wait:
                    await asyncio.sleep(wait._retry_after.total_seconds())

    await asyncio.gather(*(worker() for _ in range(30)))


def crowd(chats: int, each: int, *, channels: bool) -> list[Wish]:
    """Return `each` messages for each of `chats` chats, all at once, round by round."""
    sign = -1 if channels else 1
    return [Wish(sign * (chat + 1), n) for n in range(each) for chat in range(chats)]


def beside(hot: list[Wish]) -> list[Wish]:
    """Return a busy chat's messages; beside them, every half second one to a chat of its own."""
    return hot + [Wish(10_000 + n, 0, at=n / 2, trickle=True) for n in range(500)]


SCENARIOS: dict[str, list[Wish]] = {
    "1 channel x 100": crowd(1, 100, channels=True),
    "1 private chat x 100": crowd(1, 100, channels=False),
    "100 channels x 10": crowd(100, 10, channels=True),
    "1,000 channels x 3": crowd(1000, 3, channels=True),
    "1,000 private chats x 3": crowd(1000, 3, channels=False),
    "channel x 300 + 500 trickling": beside(crowd(1, 300, channels=True)),
    "private x 300 + 500 trickling": beside(crowd(1, 300, channels=False)),
}
WAYS: dict[str, Way] = {
    "ours": ours,
    "PTB, 50 retries": library,
    "PTB as shipped": library_as_shipped,
    "naive": naive,
}


@dataclass(frozen=True, slots=True)
class Result:
    """How one way did in one scenario."""

    makespan: float
    floods: int
    reordered: int
    lost: int
    trickle: tuple[float, float] | None
    cpu: float


def run(way: Way, wishes: list[Wish], burst: float) -> Result:
    """Play one scenario in simulated time."""
    loop = _Loop()
    world = World(Limits(loop.time, Allowance(chat_burst=burst)))
    start, cpu = loop.time(), time.process_time()
    try:
        loop.run_until_complete(way(world, list(wishes)))
    finally:
        loop.close()
    delays = sorted(at - start - wish.at for at, wish in world.arrived if wish.trickle)
    quantiles = statistics.quantiles(delays, n=20) if len(delays) > 1 else []
    return Result(
        max(at for at, _ in world.arrived) - start,
        world.floods,
        world.reordered(),
        len(wishes) - len(world.arrived),
        (statistics.median(delays), quantiles[18]) if quantiles else None,
        time.process_time() - cpu,
    )


def main() -> None:
    """Print one line for each scenario and way, makespans also as multiples of ours."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--burst", type=float, default=3.0, help="messages at once in one chat")
    burst = parser.parse_args().burst
    logging.disable(logging.CRITICAL)
    print(f"burst of {burst:g} in a chat; simulated seconds\n")
    head = ("scenario", "way", "makespan", "ratio", "429s", "order", "lost", "p50 / p95", "CPU s")
    row = "{:<31}{:<17}{:>9}{:>7}{:>7}{:>7}{:>6}  {:>17}{:>7}"
    print(row.format(*head))
    for name, wishes in SCENARIOS.items():
        base = 0.0
        for way, play in WAYS.items():
            result = run(play, wishes, burst)
            base = base or result.makespan
            trickle = "{:.2f} / {:.2f}".format(*result.trickle) if result.trickle else ""
            print(
                row.format(
                    name,
                    way,
                    f"{result.makespan:,.0f}",
                    f"{result.makespan / base:.2f}",
                    f"{result.floods:,}",
                    result.reordered,
                    result.lost,
                    trickle,
                    f"{result.cpu:.1f}",
                ),
                flush=True,
            )
            name = ""
        print()


if __name__ == "__main__":
    main()
