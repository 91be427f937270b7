"""How fast names are found, how much memory a Watch takes, and how much generic tools find.

    python -m bench.match [--million] [--items 5000] [--skip-others]

Needs the packages of requirements-bench.lock. Each size runs in a process of its own, so that its
memory is its own. The generic scanners look for normalised phrases: each name and alias folded to
plain words, in the text folded alike. All figures are processor time of one core.

"First pass" reads items whose words nothing has met before, right after the Watches were added;
"second pass" reads the same items again. Items come as many at once as a feed brings. Every fifth
of them names somebody who is watched. "Real news" are titles and summaries of real feeds as they
are, read when as many others have been: what a process sees day by day.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench.crowd import SHARED, items, news, watches
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
    cold: float
    """Items a second, on the first pass."""
    steady: float
    """The same on the second."""
    change: float
    """Milliseconds until a Watch that was added, changed or removed counts; the worst of 60."""
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
        program, size = wanted.one[0], int(wanted.one[1])
        print(json.dumps(asdict(measure(program, size, wanted.items))))
        return
    programs = ("vigil",) if wanted.skip_others else ("vigil", *BUILDERS)
    print_quality(programs)
    print_hostile()
    measured = (programs[0], *((REAL_NEWS,) if SHARED.is_dir() else ()), *programs[1:])
    for size in (*SIZES, 1_000_000) if wanted.million else SIZES:
        rows = (in_a_process(program, size, wanted.items) for program in measured)
        print_speed([row for row in rows if row is not None])


def in_a_process(program: str, size: int, number: int) -> Figures | None:
    """Measure one program at one size, alone in a process; None, and a line, when it fails."""
    command = [sys.executable, "-m", "bench.match", "--one", program, str(size)]
    done = subprocess.run(
        [*command, "--items", str(number)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(f"{program} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return Figures(**json.loads(done.stdout))


def measure(program: str, size: int, number: int) -> Figures:
    """Build `program` for `size` Watches and let it read `number` Items, twice."""
    crowd = list(watches(size + CHANGES))
    crowd, later = crowd[:size], crowd[size:]
    real = program == REAL_NEWS
    read = news(number * 2) if real else items(number + WARM, crowd)
    warm = len(read) // 2 if real else WARM
    other, read = read[:warm], read[warm:]
    ours = real or program == "vigil"
    gc.collect()
    before, started = resident(), time.process_time()
    matcher = Matcher()
    found = vigil(matcher, crowd) if ours else phrases(BUILDERS[program], crowd)
    build = time.process_time() - started
    megabytes = resident() - before
    found(other)
    seconds = []
    for _ in range(2):
        started = time.process_time()
        hits = sum(found(read[at : at + A_FEED]) for at in range(0, len(read), A_FEED))
        seconds.append(time.process_time() - started)
    change = changes(matcher, later, crowd, other[0]) if ours else 0.0
    cold, steady = (len(read) / one for one in seconds)
    return Figures(program, size, build, megabytes, cold, steady, change, hits)


REAL_NEWS = "vigil, real news"
CHANGES = 20
"""Watches added, changed and removed while the rest is held."""
WARM = 50
"""Items read before anything is measured, so that lists of names are loaded."""
A_FEED = 34
"""Items that come together, as many as a feed of news has."""
Reader = Callable[[Sequence[Item]], int]
"""Says in how many Items something is found."""


def vigil(matcher: Matcher, crowd: Iterable[Watch]) -> Reader:
    """Let `matcher` hold a crowd, and return its reader."""
    for watch in crowd:
        matcher.add(watch)
    matcher.keep()
    return lambda some: sum(map(bool, matcher.find_all(some)))


def changes(matcher: Matcher, later: Sequence[Watch], crowd: Sequence[Watch], item: Item) -> float:
    """Return the worst time, in milliseconds, from a change of a Watch to the next Item read."""
    worst = 0.0
    steps = [
        *(lambda watch=watch: matcher.add(watch) for watch in later),
        *(
            lambda old=old, new=new: matcher.add(replace(new, id=old.id))
            for old, new in zip(crowd, later, strict=False)
        ),
        *(lambda watch=watch: matcher.remove(watch.id) for watch in later),
    ]
    for step in steps:
        started = time.process_time()
        step()
        matcher.find_mentions(item)
        worst = max(worst, time.process_time() - started)
    return worst * 1000


def phrases(builder: Callable[[Sequence[str]], Scanner], crowd: Iterable[Watch]) -> Reader:
    """Return the same for a scanner of normalised phrases."""
    known = {normal(name) for watch in crowd for name in (watch.name, *watch.aliases)}
    scan = builder(sorted(known))
    return lambda some: sum(
        bool(scan(normal(f"{item.title} {item.summary} {item.text}"))) for item in some
    )


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
    return bool(phrases(BUILDERS[program], [case.watch])([Item(text=case.text)]))


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
    head = ("", "1st pass", "2nd pass", "ratio", "build s", "MB", "bytes/watch", "change", "found")
    print("{:16}{:>10}{:>10}{:>8}{:>9}{:>8}{:>13}{:>9}{:>8}".format(*head))
    for row in rows:
        each = row.megabytes * 1e6 / row.watches
        ratio = row.steady / rows[0].steady
        change = f"{row.change:.0f} ms" if row.change else "-"
        print(
            f"{row.name:16}{row.cold:10,.0f}{row.steady:10,.0f}{ratio:8.1f}{row.build:9.2f}"
            f"{row.megabytes:8.0f}{each:13,.0f}{change:>9}{row.found:8,}"
        )


def resident() -> float:
    """Return how many megabytes this process holds."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
