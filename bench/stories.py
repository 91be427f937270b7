"""Stories a second grouped on one core with 100,000 live Items, and memory per live Item.

    .venv/bin/python -m bench.stories

As the program does it: `matching.grouping.place`, the latest Items of a Watch handed in as the
database has them; what they tell is remembered, or is read for the first time after a start.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matching.grouping import Kept, place
from matching.joining import COMPARED
from matching.remembered import remembered
from model import Item

LIVE = 100_000
WATCHES = 1_000
ASKED = 10_000
COLD = 300
"""Items that are placed before anything was read."""
NOW = datetime(2020, 11, 18, tzinfo=UTC)
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
        watch = rng.randrange(len(names))
        who = f"{rng.choice(GIVEN)} {names[watch]}"
        head = f"{who} {rng.choice(TURNS)} over {' '.join(rng.sample(WORDS, 4))}"
        body = f"{' '.join(rng.choices(WORDS, k=25))} in {rng.choice(names)} on Thursday"
        item = Item(key=str(number), title=head, summary=body, lang="en", id=number + 1)
        made.append((item, watch))
    return made


def placed(name: str, asked: Sequence[tuple[Item, int]], of: Mapping[int, list[Kept]]) -> None:
    """Print how many Items a second find their place among the latest of their Watch."""
    at = NOW + timedelta(hours=30)
    joined = 0
    started = time.process_time()
    for item, watch in asked:
        joined += place(item, at, of[watch][-COMPARED:]).story_id > 0
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


def main() -> None:
    rng = random.Random(5)
    names = called(WATCHES)
    live, asked = items(LIVE, names, rng), items(ASKED, names, rng)
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
    placed("strangers to one watch, every text read before", one, of)


if __name__ == "__main__":
    main()
