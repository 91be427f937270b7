#!/usr/bin/env python3
"""Replays two weeks of real polls through the real poller, killed three times on the way.

    python -m bench.replay [--polls N] [--kills N]

Serves the 1,035 snapshots of one BBC feed (../shared) from loopback at the moments they were taken,
with a watched name written into every description, and counts what was queued in the database. The
process that polls is killed (-9) at random moments and started again. What must come of it is
counted from the snapshots beside it, by reading them with regular expressions.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from aiohttp import ClientSession, web

ROOT = Path(__file__).resolve().parent.parent
ARCHIVE = "data/feeds/replay_bbc/home_uk_2021-03-01_14.tar.xz"
NAME = "Salvador Cienfuegos Zepeda"
WINDOW = timedelta(hours=24)
_ITEM = re.compile(r"<item>.*?</item>", re.DOTALL)
_TEXT = "<description><![CDATA["
LEASE = 1.0
"""Seconds: how soon a killed process's claim is given up."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the feed said at one moment."""

    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Queued:
    """How many Deliveries there are."""

    alerts: int
    edits: int


def snapshots(shared: Path, most: int | None = None) -> list[Snapshot]:
    """Return the first `most` polls of the archive, oldest first, the name written into each."""
    with tarfile.open(shared / ARCHIVE) as archive:
        members = sorted((one for one in archive if one.isfile()), key=lambda one: one.name)
        return [_snapshot(archive, one) for one in members[:most]]


def _snapshot(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Snapshot:
    file = archive.extractfile(member)
    assert file is not None
    at = datetime.strptime(Path(member.name).stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    named = _ITEM.sub(
        lambda item: item[0].replace(_TEXT, f"{_TEXT}{NAME}: ", 1), file.read().decode()
    )
    return Snapshot(at, named)


def expected(polls: Sequence[Snapshot]) -> Queued:
    """Return what must be queued: an alert for each guid after the first poll, an edit for each
    new headline within a day of its alert.
    """
    titles: dict[str, str] = {}
    told: dict[str, datetime] = {}
    edits = 0
    for number, poll in enumerate(polls):
        for item in _ITEM.findall(poll.body):
            guid, title = _inside("guid", item), _inside("title", item)
            before = titles.get(guid)
            titles[guid] = title
            if before is None and number:
                told[guid] = poll.at
            elif before not in (None, title) and guid in told:
                edits += poll.at - told[guid] <= WINDOW
    return Queued(len(told), edits)


def _inside(tag: str, item: str) -> str:
    found = re.search(f"<{tag}[^>]*>(.*?)</{tag}>", item, re.DOTALL)
    assert found is not None
    return found[1]


@dataclass(slots=True)
class Stand:
    """Serves the snapshots one after another, and kills its reader when that is due."""

    polls: Sequence[Snapshot]
    kills: set[int]
    at: int = 0
    reader: asyncio.subprocess.Process | None = None
    killed: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def feed(self, _: web.Request) -> web.Response:
        """Answer with the snapshot of the moment; perhaps shoot whoever asked."""
        if self.at in self.kills and self.reader is not None:
            self.kills.discard(self.at)
            self.killed += 1
            asyncio.get_running_loop().call_later(random.uniform(0, 0.05), self.reader.kill)
        body = self.polls[self.at].body.encode()
        return web.Response(body=body, content_type="application/rss+xml")

    async def clock(self, _: web.Request) -> web.Response:
        """Say what time it is; nothing once all is told."""
        at = self.polls[self.at].at.isoformat() if self.at < len(self.polls) else ""
        return web.json_response(at)

    async def done(self, _: web.Request) -> web.Response:
        """Go on to the next snapshot."""
        self.at += 1
        return web.json_response(self.at)


async def replay(polls: Sequence[Snapshot], kills: int, folder: Path) -> tuple[Queued, int]:
    """Replay the polls on a database in `folder`; return what was queued and the kills."""
    moments = random.sample(range(1, len(polls)), kills)
    stand = Stand(polls, set(moments))
    app = web.Application()
    app.add_routes(
        [
            web.get("/feed", stand.feed),
            web.get("/clock", stand.clock),
            web.post("/done", stand.done),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    database = folder / "replay.db"
    try:
        while stand.at < len(polls):
            stand.reader = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.replay", "--read", base, str(database), cwd=ROOT
            )
            code = await stand.reader.wait()
            if code > 0:
                raise SystemExit(f"the polling process ended with {code}")
    finally:
        await runner.cleanup()
    return queued(database), stand.killed


def queued(database: Path) -> Queued:
    """Return what stands in the database's outbox."""
    with closing(sqlite3.connect(database)) as conn:
        rows = dict(conn.execute("SELECT kind, count(*) FROM delivery GROUP BY kind").fetchall())
    return Queued(rows.get("send", 0), rows.get("edit", 0))


async def read(base: str, database: str) -> None:
    """Poll as the program does, at the moments that the stand tells."""
    from matching.match import Matcher
    from store.engine import Store
    from watchers.book import WatchBook
    from watchers.fetch import Fetcher, FetchRules
    from watchers.poll import Poller, PollRules
    from watchers.sandbox import Sandbox
    from watchers.take_in import TakeInRules

    rules = PollRules(
        TakeInRules(tell_backlog=False, merge_reprints=False, edit_window=WINDOW), 0.0, LEASE
    )
    allowed = FetchRules(host_gap=0.0, allow_networks=("127.0.0.0/8",))
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    book = WatchBook(Matcher())
    try:
        async with Fetcher(allowed) as fetcher, Sandbox() as sandbox, ClientSession() as session:
            await _furnish(store, f"{base}/feed")
            poller = Poller(store, fetcher, sandbox, book, rules)
            while at := await (await session.get(f"{base}/clock")).json():
                report = await poller.poll_all(datetime.fromisoformat(at))
                if report.polls:
                    await session.post(f"{base}/done")
                else:
                    await asyncio.sleep(LEASE / 10)
    finally:
        book.close()
        await store.close()


async def _furnish(store: object, feed: str) -> None:
    """Write down the watch, the feed and who hears, unless an earlier life did."""
    from model import NewSource, NewSubscriber, Watch
    from store import sources, subscribers, watches
    from store.engine import Store

    assert isinstance(store, Store)
    start = datetime(2021, 3, 1, tzinfo=UTC)
    async with store.write() as tx:
        if not await watches.all_watches(tx):
            await subscribers.add(tx, NewSubscriber("console", ""), start)
            await watches.add(tx, Watch(NAME), start)
            await sources.add(tx, NewSource(feed, name="replay"), start)


def main() -> None:
    """Replay and print what came of it beside what must."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--polls", type=int, help="only the first so many")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--read", nargs=2, metavar=("BASE", "DATABASE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        asyncio.run(read(*given.read))
        return
    polls = snapshots(ROOT.parent / "shared", given.polls)
    must = expected(polls)
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        got, killed = asyncio.run(replay(polls, given.kills, Path(folder)))
    print(f"{len(polls)} polls, {killed} kills, {monotonic() - began:.0f} s")
    print(f"queued: {got.alerts} alerts, {got.edits} edits")
    print(f"must be: {must.alerts} alerts, {must.edits} edits")
    sys.exit(got != must)


if __name__ == "__main__":
    main()
