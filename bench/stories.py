"""Stories a second grouped on one core with 100,000 live Items, and memory per live Item.

    .venv/bin/python -m bench.stories

First as the program does it (`matching.grouping.place`, the latest Items of a Watch handed in as
the database has them), then through `matching.story_index`, which the program does not use yet.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matching.gist import told
from matching.grouping import Kept, place
from matching.joining import COMPARED
from matching.story_index import Live, StoryIndex
from model import Item

LIVE = 100_000
WATCHES = 1_000
ASKED = 20_000
PLACED = 300
"""Items that are placed as the program does it, which is much slower."""
SPOKEN = """court judge lawyers bank minister senator cartel trial hearing evidence police border
bribes contract company airport witness documents money prison election governor oil ships drugs
indictment prosecutors agents office report brother account village river mine bridge
union"""
WORDS = list(SPOKEN.split())
TURNS = ["arrested", "released", "charged", "convicted", "sentenced", "extradited", "fined", ""]
GIVEN = ["Ana", "Luis", "Carol", "Ivan", "Eva", "Marco", "Jan", "Salvador", "Hanno", "Rosa"]


def items(count: int, names: list[str], rng: random.Random) -> list[tuple[Item, int]]:
    made = []
    for number in range(count):
        watch = rng.randrange(WATCHES)
        who = f"{rng.choice(GIVEN)} {names[watch]}"
        head = f"{who} {rng.choice(TURNS)} over {' '.join(rng.sample(WORDS, 4))}"
        body = f"{' '.join(rng.choices(WORDS, k=25))} in {rng.choice(names)} on Thursday"
        item = Item(key=str(number), title=head, summary=body, lang="en", id=number + 1)
        made.append((item, watch))
    return made


def placed(live: list[tuple[Item, int]], asked: list[tuple[Item, int]], now: datetime) -> None:
    """Print how many Items a second the program's own way places."""
    of: dict[int, list[Kept]] = {}
    for number, (item, watch) in enumerate(live):
        of.setdefault(watch, []).append(Kept(number + 1, item, now + timedelta(seconds=number)))
    at = now + timedelta(hours=30)
    some = [item for item, _ in asked[:PLACED]]
    one = of[asked[0][1]][-COMPARED:]
    started = time.process_time()
    for item, watch in asked[:PLACED]:
        place(item, at, of[watch][-COMPARED:])
    spread = PLACED / (time.process_time() - started)
    place(some[0], at, one)
    rates = []
    for kept in (one, one[-10:]):
        started = time.process_time()
        for item in some:
            place(item, at, kept)
        rates.append(PLACED / (time.process_time() - started))
    print(
        f"in the program, over {WATCHES:,} watches, every text read anew: {spread:,.0f} stories/s"
    )
    print(f"of one watch with {len(one)} live, texts read before: {rates[0]:,.0f} stories/s")
    print(f"of one watch with 10 live, texts read before: {rates[1]:,.0f} stories/s")


def memory() -> int:
    """Return the resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    rng = random.Random(5)
    names = [
        "".join(rng.choices("bcdfglmnprst", k=1) + rng.choices("aeiou", k=1)) * 2 + str(n)
        for n in range(WATCHES)
    ]
    names = [
        name.rstrip("0123456789").title() + "".join(chr(97 + int(d)) for d in str(n))
        for n, name in enumerate(names)
    ]
    now = datetime(2020, 11, 18, tzinfo=UTC)
    live, asked = items(LIVE, names, rng), items(ASKED, names, rng)
    placed(live, asked, now)
    before = memory()
    index = StoryIndex()
    started = time.process_time()
    for number, (item, watch) in enumerate(live):
        at = now + timedelta(seconds=number)
        index.add(Live(item.id, at, (watch,), told(item)))
    filled = time.process_time() - started
    each = (memory() - before) / LIVE
    found = 0
    started = time.process_time()
    for item, watch in asked:
        what = told(item)
        found += index.find(what, (watch,), now + timedelta(hours=30)) is not None
    spent = time.process_time() - started
    print(f"through the index: {LIVE:,} live items, {each:,.0f} bytes a live item")
    print(f"filled at {LIVE / filled:,.0f} items/s")
    print(f"grouped {ASKED / spent:,.0f} stories/s on one core ({found:,} of {ASKED:,} joined one)")
    started = time.process_time()
    index.forget(now + timedelta(hours=73 + LIVE / 3600))
    print(f"forgot all in {time.process_time() - started:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
