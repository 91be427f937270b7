"""Stories a second grouped on one core with 100,000 live Items, and memory per live Item.

.venv/bin/python -m bench.stories
"""

from __future__ import annotations

import random
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matching.stories import told
from matching.story_index import Live, StoryIndex
from model import Item

LIVE = 100_000
WATCHES = 1_000
ASKED = 20_000
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
    before = memory()
    index = StoryIndex()
    started = time.process_time()
    for place, (item, watch) in enumerate(live):
        at = now + timedelta(seconds=place)
        index.add(Live(item.id, at, (watch,), told(item)))
    filled = time.process_time() - started
    each = (memory() - before) / LIVE
    found = 0
    started = time.process_time()
    for item, watch in asked:
        what = told(item)
        found += index.find(what, (watch,), now + timedelta(hours=30)) is not None
    spent = time.process_time() - started
    print(f"{LIVE:,} live items, {WATCHES:,} watches: {each:,.0f} bytes a live item")
    print(f"filled at {LIVE / filled:,.0f} items/s")
    print(f"grouped {ASKED / spent:,.0f} stories/s on one core ({found:,} of {ASKED:,} joined one)")
    started = time.process_time()
    index.forget(now + timedelta(hours=73 + LIVE / 3600))
    print(f"forgot all in {time.process_time() - started:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
