"""Kills, faults and hostile feeds by seed, judged from outside; one table at the end.

    python -m bench.torture                                   a few kills on each database
    python -m bench.torture --kills 500 --seeds 10            500 kills over 10 seeds, SQLite
    python -m bench.torture --kills 200 --seeds 10 --database postgresql --server-kills 50
    python -m bench.torture --naive mark-first                a worker to compare with

The real program (`vigil run`) polls feeds that offer numbered items and tells four chats of a
loopback Telegram server that answers badly on purpose. It is killed with SIGKILL at random
instants. On SQLite the file is also locked and the disk filled, on PostgreSQL its server (one of
our own, in a temporary folder) is killed too. docs/reliability.md says what is checked.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.torture.campaign import Orders, campaign, faketime, vigil
from tests.torture.cluster import Cluster
from tests.torture.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent
HEAD = ("seed", "database", "kills", "server kills", "offered", "told", "lost", "repeats marked")
HEAD += ("repeats unmarked", "commands", "other faults", "minutes")


def naive(folder: Path) -> list[str]:
    """Return the command of the worker to compare with: it marks, then sends."""
    return [sys.executable, str(ROOT / "bench/naive_worker.py"), str(folder / "config.toml")]


def naive_sending_first(folder: Path) -> list[str]:
    """Return the command of the other worker to compare with: it sends, then marks."""
    return [*naive(folder), "--send-first"]


STARTING = {"": vigil, "mark-first": naive, "send-first": naive_sending_first}


@contextlib.contextmanager
def _place(keep: str, seed: int, database: str) -> Iterator[Path]:
    if keep:
        folder = Path(keep) / f"{database}-{seed}"
        folder.mkdir(parents=True)
        yield folder
    else:
        with tempfile.TemporaryDirectory() as made:
            yield Path(made)


async def one_seed(seed: int, kills: int, options: argparse.Namespace) -> dict[str, object]:
    """Carry one seed's campaign out and return its row of the table."""
    on_server = options.database == "postgresql"
    orders = Orders(
        seed=seed,
        kills=kills,
        server_kills=-(-options.server_kills // options.seeds) if on_server else 0,
        locks=() if on_server or options.naive else (2.0, options.lock),
        full_disks=0 if on_server or options.naive else 2,
        probe=options.probe,
        clock_back=bool(faketime()) and not options.naive and seed % 5 == 0,
    )
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(_place(options.keep, seed, options.database))
        cluster = stack.enter_context(Cluster()) if on_server else None
        verdict, killed = await campaign(
            orders,
            folder,
            cluster=cluster,
            starting=STARTING[options.naive],
            complete=not options.naive,
            tell=lambda line: print(line, file=sys.stderr, flush=True),
        )
    return _row(seed, options, orders, killed, verdict, (time.monotonic() - began) / 60)


def _row(
    seed: int,
    options: argparse.Namespace,
    orders: Orders,
    killed: int,
    verdict: Verdict,
    minutes: float,
) -> dict[str, object]:
    usual = {"lost", "repeats_unmarked"}
    other = {name: what for name, what in verdict.faults.items() if name not in usual}
    row = {
        "seed": seed,
        "database": f"naive, {options.naive}"
        if options.naive
        else options.database + ", probe" * options.probe,
        "kills": killed,
        "server kills": orders.server_kills,
        "offered": verdict.offered * 4,
        "told": verdict.told,
        "lost": len(verdict.lost),
        "repeats marked": verdict.repeats_marked,
        "repeats unmarked": len(verdict.repeats_unmarked),
        "commands": verdict.commands,
        "other faults": len(other),
        "minutes": round(minutes, 1),
    }
    if verdict.faults and not options.naive:
        print(json.dumps(asdict(verdict), indent=1), file=sys.stderr, flush=True)
    return row


def table(rows: Sequence[dict[str, object]]) -> str:
    """Return the rows as a table in Markdown."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(str(row[name]) for name in HEAD) + " |" for row in rows]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=10, help="in all, shared by the seeds")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--server-kills", type=int, default=0, help="in all; PostgreSQL")
    parser.add_argument("--lock", type=float, default=30.0, help="seconds of the longest lock")
    parser.add_argument("--probe", action="store_true", help='with alerts.ambiguous = "probe"')
    parser.add_argument("--naive", choices=tuple(STARTING), default="", help="a worker to compare")
    parser.add_argument("--keep", default="", help="a folder in which everything is left to read")
    parser.add_argument("--rows", default="", help="a file to which each row is appended as JSON")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with us
    rows, each = [], -(-options.kills // options.seeds)
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        row = asyncio.run(one_seed(seed, each, options))
        rows.append(row)
        print(json.dumps(row), file=sys.stderr, flush=True)
        if options.rows:
            with Path(options.rows).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
    print(table(rows))
    bad = ("lost", "repeats unmarked", "other faults")
    sys.exit(0 if options.naive or not any(row[name] for row in rows for name in bad) else 1)


if __name__ == "__main__":
    main()
