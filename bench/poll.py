"""What polling costs: CPU-seconds per 1,000 polls, database included, beside lemon24/reader.

    python bench/poll.py                      the whole table
    python bench/poll.py --reader PYTHON      an interpreter that has `reader` installed
    python bench/poll.py --sources 300        smaller and faster

A farm of virtual feeds (../shared/tools/feedfarm.py: 44 KB and 34 items each) runs beside it on
loopback. Each engine runs in a process of its own, with a database file of its own; its CPU
time counts with that of its children (the sandbox), and its memory without.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FARM = ROOT.parent / "shared" / "tools" / "feedfarm.py"
WATCHES = (
    '"Edgar Veytia and MS-13"',  # in one of 88 items of the farm: in a third of its feeds
    "Camilo Rojas Duarte",
    "Ernesto Villalobos Prado",
    "Marcus Ridgewell",
    "Joaquín Oliveira Braga",
    "Pyotr Nesterov",
    "Tomás Arriaga Sosa",
    "Lucía Echeverría Ponce",
    "Anselmo Quiroga",
    "Viktor Halloran",
)
WARM_UP = "warm-up"
"""A round without a target: the farm shows the first new item only to the second poll."""
ROUNDS = (
    # name, the farm's mode, target in CPU-s per 1,000
    ("first fetch", "304", 35.0),
    ("all 304", "304", 0.35),
    ("nothing new, lastBuildDate changed", "churn", 0.6),
    (WARM_UP, "fresh", 0.0),
    ("one new item in 34", "fresh", 5.0),
)
REPEATED = tuple(name for name, _, target in ROUNDS[1:] if target)
REPEATS = 3
"""Rounds that can be repeated are, for both engines, and the cheapest counts."""
MEMORY_TARGET = 170
MEMORY_SOURCES = 10_000


def main() -> None:
    options = _options()
    if options.engine:
        _engine(options)
        return
    if not FARM.is_file():
        sys.exit(f"The feed farm is missing: {FARM}")
    ours = _measure("vigil", sys.executable, options.sources, options.database)
    theirs = _measure("reader", options.reader, options.reader_sources) if options.reader else {}
    _table(ours, theirs)
    if not options.no_memory:
        _memory(options)


def _options() -> argparse.Namespace:
    has_reader = importlib.util.find_spec("reader") is not None
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--reader-sources", type=int, default=200)
    parser.add_argument("--reader", default=sys.executable if has_reader else "")
    parser.add_argument("--database", default="", help="default: an SQLite file")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--engine", default="", help=argparse.SUPPRESS)
    parser.add_argument("--farm", default="", help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _farm(*args: str) -> Iterator[str]:
    """Run a farm on a free port; give its address."""
    command = [sys.executable, str(FARM), "--port", "0", "--max-seconds", "3600", *args]
    port = _free_port()
    command[3] = str(port)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _measure(
    engine: str, python: str, sources: int, database: str = "", rounds: str = "", *farm: str
) -> dict[str, Any]:
    """Run an engine through the rounds; return what it measured, by round."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _farm("--new-items", "1", "--warm", str(sources), *farm) as address,
    ):
        command = [python, __file__, "--engine", engine, "--sources", str(sources)]
        command += ["--farm", address, "--folder", folder, "--rounds", rounds]
        done = subprocess.run(
            [*command, "--database", database], check=True, stdout=subprocess.PIPE, text=True
        )
    measured: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def _engine(options: argparse.Namespace) -> None:
    """Be one engine: print what each round cost as one line of JSON."""
    run = {"vigil": _vigil, "reader": _reader}[options.engine]
    print(json.dumps(run(options)))


def _mode(farm: str, mode: str) -> None:
    urllib.request.urlopen(f"{farm}/mode/{mode}").read()


def _cpu() -> float:
    """Return the CPU-seconds of this process and its living children."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = own.ru_utime + own.ru_stime + gone.ru_utime + gone.ru_stime
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            ticks += int(fields[11]) + int(fields[12])
    return used + ticks / os.sysconf("SC_CLK_TCK")


def _rounds(options: argparse.Namespace) -> list[tuple[str, str, float]]:
    wanted = options.rounds.split(",") if options.rounds else []
    return [one for one in ROUNDS if not wanted or one[0] in wanted]


def _vigil(options: argparse.Namespace) -> dict[str, Any]:
    sys.path.insert(0, str(ROOT))
    return asyncio.run(_poll_rounds(options))


async def _poll_rounds(options: argparse.Namespace) -> dict[str, Any]:
    from datetime import UTC, datetime

    from matching.match import Matcher
    from matching.terms import parse
    from model import NewSource, NewSubscriber
    from store import sources, subscribers, watches
    from store.engine import Store
    from watchers.book import WatchBook
    from watchers.fetch import Fetcher, FetchRules
    from watchers.poll import Poller, PollRules
    from watchers.sandbox import Sandbox

    url = options.database or f"sqlite+aiosqlite:///{options.folder}/vigil.db"
    store = await Store.open(url)
    now = datetime.now(UTC)
    async with store.write() as tx:
        await subscribers.add(tx, NewSubscriber("console", ""), now)
        for name in WATCHES:
            await watches.add(tx, parse(name), now)
        for number in range(options.sources):
            await sources.add(tx, NewSource(f"{options.farm}/feed/{number}"), now)
    rules = FetchRules(host_gap=0, per_host=64, allow_networks=("127.0.0.0/8",))
    book = WatchBook(Matcher())
    results: dict[str, Any] = {}
    async with Fetcher(rules) as fetcher, Sandbox() as sandbox:
        poller = Poller(store, fetcher, sandbox, book, PollRules(host_gap=0))
        for name, mode, _ in _rounds(options):
            _mode(options.farm, mode)
            for _ in range(REPEATS if name in REPEATED else 1):
                cpu, began = _cpu(), time.monotonic()
                report = await poller.poll_all(now)
                spent = _spent(cpu, began, len(report.polls))
                spent |= {"outcomes": _counted(report.polls), "alerts": report.alerts}
                results[name] = _least(results.get(name), spent)
    results["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    book.close()
    await store.close()
    return results


def _counted(polls: Any) -> dict[str, int]:  # noqa: ANN401 - SourcePolls
    counts: dict[str, int] = {}
    for poll in polls:
        counts[poll.outcome] = counts.get(poll.outcome, 0) + 1
    return counts


def _reader(options: argparse.Namespace) -> dict[str, Any]:
    from reader import make_reader

    reader = make_reader(f"{options.folder}/reader.db")
    for number in range(options.sources):
        reader.add_feed(f"{options.farm}/feed/{number}")
    results: dict[str, Any] = {}
    for name, mode, _ in _rounds(options):
        _mode(options.farm, mode)
        for _ in range(REPEATS if name in REPEATED else 1):
            cpu, began = _cpu(), time.monotonic()
            reader.update_feeds(scheduled=False)
            spent = _spent(cpu, began, options.sources)
            results[name] = _least(results.get(name), spent)
    results["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader.close()
    return results


def _least(before: dict[str, Any] | None, spent: dict[str, Any]) -> dict[str, Any]:
    """Return the cheaper of two runs: what else the machine does only ever adds."""
    return before if before is not None and before["cpu"] <= spent["cpu"] else spent


def _spent(cpu: float, began: float, polls: int) -> dict[str, Any]:
    seconds = time.monotonic() - began
    return {"cpu": (_cpu() - cpu) * 1000 / max(polls, 1), "rate": polls / seconds}


def _table(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    print(f"{'CPU-s per 1,000 polls':<36}{'vigil':>8}{'target':>8}{'':>6}{'feeds/s':>9}", end="")
    print(f"{'reader':>9}{'feeds/s':>9}{'ratio':>8}")
    for name, _, target in ROUNDS:
        if name == WARM_UP:
            continue
        own = ours[name]
        fine = "ok" if own["cpu"] <= target else "OVER"
        line = f"{name:<36}{own['cpu']:>8.2f}{target:>8.2f}{fine:>6}{own['rate']:>9.0f}"
        if name in theirs:
            other = theirs[name]
            line += f"{other['cpu']:>9.2f}{other['rate']:>9.0f}{other['cpu'] / own['cpu']:>7.1f}x"
        print(line)
    for name, _, _ in ROUNDS:
        print(f"  {name}: {ours[name]['outcomes']}, {ours[name]['alerts']} alerts")


def _memory(options: argparse.Namespace) -> None:
    """Print how much memory the polling process takes with many Sources."""
    few = ("--min-items", "1", "--max-items", "2", "--cache", "100")
    rounds = "first fetch,all 304"
    measured = _measure("vigil", sys.executable, MEMORY_SOURCES, options.database, rounds, *few)
    fine = "ok" if measured["memory"] <= MEMORY_TARGET else "OVER"
    said = f"{measured['memory']:.0f} MB with {MEMORY_SOURCES:,} sources"
    print(f"Memory of the polling process: {said} (target {MEMORY_TARGET}) {fine}")


if __name__ == "__main__":
    main()
