"""How fast names are found, how much memory a Watch takes, and how much generic tools find.

    python -m bench.match [--million] [--items 5000] [--skip-others]

Needs the packages of requirements-bench.lock. Each size runs in a process of its own, so that its
memory is its own. The generic scanners look for normalised phrases: each name and alias folded to
plain words, in the text folded alike. All figures are processor time of one core.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.crowd import items, watches
from matching.match import Matcher
from matching.text import WORD, WORDS
from matching.wishes import from_row
from model import Item, Watch
from tests.matching.hostile import ROWS, texts
from tests.matching.labelled import Case, answer, every, marks

SIZES = (10_000, 100_000)
Scanner = Callable[[str], set[int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """One program at one size."""

    name: str
    watches: int
    build: float
    """Seconds."""
    megabytes: float
    """What the process grew by."""
    speed: float
    """Items a second."""
    found: int
    """Items with at least one mention."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.match", description=__doc__)
    parser.add_argument("--million", action="store_true", help="1,000,000 watches too")
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--skip-others", action="store_true", help="vigil alone")
    parser.add_argument("--one", nargs=2, metavar=("PROGRAM", "SIZE"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(asdict(measure(wanted.one[0], int(wanted.one[1]), wanted.items))))
        return
    programs = ("vigil",) if wanted.skip_others else ("vigil", *BUILDERS)
    print_quality(programs)
    print_hostile()
    for size in (*SIZES, 1_000_000) if wanted.million else SIZES:
        print_speed([in_a_process(program, size, wanted.items) for program in programs])


def in_a_process(program: str, size: int, number: int) -> Figures:
    """Measure one program at one size, alone in a process."""
    command = [sys.executable, "-m", "bench.match", "--one", program, str(size)]
    done = subprocess.run(
        [*command, "--items", str(number)], check=True, capture_output=True, text=True
    )
    return Figures(**json.loads(done.stdout))


def measure(program: str, size: int, number: int) -> Figures:
    """Build `program` for `size` Watches and let it read `number` Items."""
    crowd = list(watches(size))
    news = items(number, crowd)
    gc.collect()
    before, started = resident(), time.process_time()
    found = vigil(crowd) if program == "vigil" else phrases(BUILDERS[program], crowd)
    build = time.process_time() - started
    megabytes = resident() - before
    for item in news[: max(50, number // 20)]:
        found(item)
    started = time.process_time()
    hits = sum(found(item) for item in news)
    seconds = time.process_time() - started
    return Figures(program, size, build, megabytes, len(news) / seconds, hits)


def vigil(crowd: Iterable[Watch]) -> Callable[[Item], bool]:
    """Return what says whether vigil finds anything in an Item."""
    matcher = Matcher()
    for watch in crowd:
        matcher.add(watch)
    return lambda item: bool(matcher.find_mentions(item))


def phrases(
    builder: Callable[[Sequence[str]], Scanner], crowd: Iterable[Watch]
) -> Callable[[Item], bool]:
    """Return the same for a scanner of normalised phrases."""
    known = {normal(name) for watch in crowd for name in (watch.name, *watch.aliases)}
    scan = builder(sorted(known))
    return lambda item: bool(scan(normal(f"{item.title} {item.summary} {item.text}")))


def normal(text: str) -> str:
    """Return the folded words of a text, parted and enclosed by single spaces."""
    return f" {' '.join(WORDS[raw].fold for raw in WORD.findall(text))} "


def pyahocorasick(known: Sequence[str]) -> Scanner:
    """Build the automaton of pyahocorasick."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for at, phrase in enumerate(known):
        automaton.add_word(phrase, at)
    automaton.make_automaton()
    return lambda text: {at for _, at in automaton.iter(text)}


def ahocorasick_rs(known: Sequence[str]) -> Scanner:
    """Build the automaton of ahocorasick-rs."""
    import ahocorasick_rs as rust

    automaton = rust.AhoCorasick(list(known))
    return lambda text: {
        at for at, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)
    }


def hyperscan(known: Sequence[str]) -> Scanner:
    """Build the database of hyperscan, in its mode for plain strings."""
    import hyperscan as hs

    database = hs.Database(mode=hs.HS_MODE_BLOCK)
    database.compile(
        expressions=[phrase.encode() for phrase in known],
        ids=list(range(len(known))),
        elements=len(known),
        flags=hs.HS_FLAG_SINGLEMATCH,
        literal=True,
    )
    scratch = hs.Scratch(database)

    def scan(text: str) -> set[int]:
        found: set[int] = set()
        database.scan(text.encode(), lambda at, *_: found.add(at), scratch=scratch)
        return found

    return scan


BUILDERS: dict[str, Callable[[Sequence[str]], Scanner]] = {
    "pyahocorasick": pyahocorasick,
    "ahocorasick-rs": ahocorasick_rs,
    "hyperscan": hyperscan,
}


def print_quality(programs: Sequence[str]) -> None:
    """Print how right each program is on the labelled cases."""
    cases = list(every())
    print(f"{'':16}{'core P':>8}{'R':>7}{'F1':>7}{'stretch F1':>12}")
    for program in programs:
        found = {case.id: says(program, case) for case in cases}
        core = [case for case in cases if case.tier == "core"]
        stretch = [case for case in cases if case.tier == "stretch"]
        near = marks(core, [found[case.id] for case in core])
        far = marks(stretch, [found[case.id] for case in stretch])
        line = f"{near.precision:8.3f}{near.recall:7.3f}{near.f1:7.3f}{far.f1:12.3f}"
        print(f"{program:16}{line}")


def says(program: str, case: Case) -> bool:
    """Return whether `program`, knowing only the case's Watch, finds it in the case's text."""
    if program == "vigil":
        return bool(answer(case))
    return phrases(BUILDERS[program], [case.watch])(Item(text=case.text))


def print_hostile() -> None:
    """Print how long the worst of the texts made to be slow takes, per 10,000 letters."""
    matcher = Matcher()
    for at, row in enumerate(ROWS, 1):
        matcher.add(from_row({**row, "id": at}))
    spent = []
    for text in texts(10_000):
        started = time.process_time()
        matcher.find_mentions(Item(text=text))
        spent.append((time.process_time() - started, text[:12]))
    spent.sort(reverse=True)
    worst = ", ".join(f"{seconds * 1000:.0f} ms {text!r}" for seconds, text in spent[:3])
    print(f"\nhostile texts of 10,000 letters, {len(spent)} of them; the slowest: {worst}")


def print_speed(rows: Sequence[Figures]) -> None:
    """Print the programs of one size, with the ratio of their speed to vigil's."""
    print(f"\n{rows[0].watches:,} watches")
    print(
        f"{'':16}{'items/s':>10}{'ratio':>8}{'build s':>9}{'MB':>8}{'bytes/watch':>13}{'found':>8}"
    )
    for row in rows:
        each = row.megabytes * 1e6 / row.watches
        ratio = row.speed / rows[0].speed
        print(
            f"{row.name:16}{row.speed:10,.0f}{ratio:8.1f}{row.build:9.2f}{row.megabytes:8.0f}"
            f"{each:13,.0f}{row.found:8,}"
        )


def resident() -> float:
    """Return how many megabytes this process holds."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
