"""Stories a second grouped on one core with 100,000 live Items, and memory per live Item.

    .venv/bin/python -m bench.stories [--database]

As the program does it: `matching.grouping.place`, the latest Items of a Watch handed in as the
database has them; what they tell is remembered, or is read for the first time after a start. With
--database also the whole way of an Item through SQLite, which is filled with the 100,000 first.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from bot.garbage import look_seldom
from matching.grouping import WINDOW, Kept, place
from matching.joining import COMPARED, decide
from matching.remembered import remembered
from model import AlertDraft, Decision, Item, NewSubscriber, Step
from store import alerts, items, outbox, subscribers
from store.engine import Store, Tx

Made: TypeAlias = Sequence[tuple[Item, int]]
"""Items, each with the number of its Watch."""

LIVE = 100_000
WATCHES = 1_000
ASKED = 10_000
COLD = 300
"""Items that are placed before anything was read."""
AT_ONCE = 30
"""Items of one transaction."""
NOW = datetime(2020, 11, 18, tzinfo=UTC)
SPOKEN = """court judge lawyers bank minister senator cartel trial hearing evidence police border
bribes contract company airport witness documents money prison election governor oil ships drugs
indictment prosecutors agents office report brother account village river mine bridge
union"""
WORDS = list(SPOKEN.split())
TURNS = ["arrested", "released", "charged", "convicted", "sentenced", "extradited", "fined", ""]
GIVEN = ["Ana", "Luis", "Carol", "Ivan", "Eva", "Marco", "Jan", "Salvador", "Hanno", "Rosa"]


def made(count: int, names: list[str], rng: random.Random) -> list[tuple[Item, int]]:
    found = []
    for number in range(count):
        watch = rng.randrange(len(names))
        who = f"{rng.choice(GIVEN)} {names[watch]}"
        head = f"{who} {rng.choice(TURNS)} over {' '.join(rng.sample(WORDS, 4))}"
        body = f"{' '.join(rng.choices(WORDS, k=25))} in {rng.choice(names)} on Thursday"
        item = Item(key=str(number), title=head, summary=body, lang="en", id=number + 1)
        found.append((item, watch))
    return found


def placed(name: str, asked: Made, of: Mapping[int, list[Kept]]) -> None:
    """Print how many Items a second find their place among the latest of their Watch."""
    at = NOW + timedelta(hours=30)
    joined = 0
    started = time.process_time()
    for item, watch in asked:
        joined += place(item, at, of[watch][-COMPARED:], watch).story_id > 0
    rate = len(asked) / (time.process_time() - started)
    print(f"{name}: {rate:,.0f} stories/s ({joined:,} of {len(asked):,} joined one)", flush=True)


def memory() -> int:
    """Return the resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def called(count: int) -> list[str]:
    """Return as many surnames as there are Watches."""
    rng = random.Random(4)
    start = [f"{a}{b}" for a in "bcdfglmnprst" for b in "aeiou"]
    end = ["".join(chr(97 + int(digit)) for digit in str(number)) for number in range(count)]
    return [(rng.choice(start) * 2 + one).title() for one in end]


async def through_database(live: Made, asked: Made) -> None:
    """Print how many Items a second are recorded, held against what their readers were told,
    decided about and queued, in SQLite; every Watch has a reader of its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'vigil.db'}")
        async with store.write() as tx:
            to = [
                (await subscribers.add(tx, NewSubscriber("x", str(n)), NOW)).id
                for n in range(WATCHES)
            ]
        for start in range(0, len(live), 1_000):
            async with store.write() as tx:
                drafts = await recorded(tx, live[start : start + 1_000], to, NOW)
                tells = [Decision(draft, Step.TELL) for draft in drafts]
                await outbox.queue(tx, tells, NOW + timedelta(seconds=start))
        await decided(store, asked[COLD : 5 * COLD], to)
        await store.close()


async def recorded(tx: Tx, some: Made, to: Sequence[int], at: datetime) -> list[AlertDraft]:
    """Record new Items; return the drafts for their readers."""
    found = await items.record(tx, [item for item, _ in some], at)
    watch = {item.key: watch for item, watch in some}
    return [
        AlertDraft(to[watch[one.item.key]], one.item, (watch[one.item.key] + 1,), ())
        for one in found
    ]


async def decided(store: Store, some: Made, to: Sequence[int]) -> None:
    """Take Items in as the poller does, so many in one transaction."""
    at = NOW + timedelta(hours=30)
    spent: Counter[str] = Counter()
    for start in range(0, len(some), AT_ONCE):
        async with store.write() as tx:
            before = time.process_time()

            def lap(what: str) -> None:
                nonlocal before
                now = time.process_time()
                spent[what] += now - before
                before = now

            drafts = await recorded(tx, some[start : start + AT_ONCE], to, at)
            lap("recorded")
            known = await alerts.told(tx, drafts, at - WINDOW)
            lap("what was told loaded")
            decisions = decide(drafts, known, now=at)
            lap("decided")
            await outbox.queue(tx, decisions, at)
            lap("queued")
    each = ", ".join(f"{what} {1000 * of / len(some):.2f}" for what, of in spent.items())
    rate = len(some) / spent.total()
    print(f"through SQLite: {rate:,.0f} stories/s (ms each: {each})", flush=True)


def main() -> None:
    look_seldom()
    rng = random.Random(5)
    names = called(WATCHES)
    live, asked = made(LIVE, names, rng), made(ASKED, names, rng)
    of: dict[int, list[Kept]] = {}
    for number, (item, watch) in enumerate(live):
        of.setdefault(watch, []).append(Kept(number + 1, item, NOW + timedelta(seconds=number)))
    placed(f"over {WATCHES:,} watches, no text read before", asked[:COLD], of)
    before, started = memory(), time.process_time()
    for item, _ in live:
        remembered(item)
    spent = time.process_time() - started
    print(f"{LIVE:,} live items read at {LIVE / spent:,.0f}/s", end="")
    print(f", {(memory() - before) / LIVE:,.0f} bytes a live item")
    placed(f"over {WATCHES:,} watches, every live text read before", asked[COLD:], of)
    busiest = max(range(WATCHES), key=lambda watch: len(of[watch]))
    one = [(item, busiest) for item, _ in asked[COLD:]]
    placed("all for one watch, every live text read before", one, of)
    mute = [(replace(item, title=silent(item.title)), watch) for item, watch in asked[COLD:]]
    placed("headlines that tell nothing known, every live text read before", mute, of)
    if "--database" in sys.argv:
        asyncio.run(through_database(addressed("live", live), addressed("new", asked)))


def silent(title: str) -> str:
    """Return a headline without what it tells: with these the most is compared."""
    return re.sub("|".join(filter(None, TURNS)), "remarks", title)


def addressed(name: str, made: Made) -> list[tuple[Item, int]]:
    """Return Items as they come from a Source."""
    return [
        (replace(i, id=0, key=f"{name}{i.id}", url=f"https://a.example/{name}/{i.id}"), watch)
        for i, watch in made
    ]


if __name__ == "__main__":
    main()
