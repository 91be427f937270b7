"""Two weeks of one real feed, poll by poll, through the real poller and store.

    python bench/replay.py                    1,035 polls: exactly 1,029 alerts and 324 edits
    python bench/replay.py --polls 150        the first of them, counts worked out from the archive
    python bench/replay.py --database URL     on another database than an SQLite file

A loopback server says what the feed said at each poll, with a watched name written into every
description. The poller is a process of its own, with the archive's clock; it is killed with
SIGKILL three times in the middle of a poll and started again. What a poll queued is settled
as sent before the next one, so that every edit has a message to edit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import tarfile
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
ARCHIVE = "data/feeds/replay_bbc/home_uk_2021-03-01_14.tar.xz"
NAME = "Salvador Cienfuegos Zepeda"
EXPECTED = (1029, 324)
EDIT_WINDOW = timedelta(hours=24)
LEASE = 1.0
"""Seconds: short, so that a killed poller's claim is soon free again."""


@dataclass(frozen=True)
class Poll:
    """What the feed said at one moment."""

    at: datetime
    body: bytes


def read_archive(path: Path, polls: int) -> list[Poll]:
    """Return the first `polls` of the archive, with the name in every description."""
    with tarfile.open(path) as archive:
        members = sorted((one for one in archive if one.isfile()), key=lambda one: one.name)
        return [Poll(_at(one), _named(_bytes(archive, one))) for one in members[:polls]]


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    assert opened is not None
    return opened.read()


def _at(member: tarfile.TarInfo) -> datetime:
    stamp = Path(member.name).name.partition(".")[0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _named(body: bytes) -> bytes:
    """Write the watched name into every description, as its first words."""
    opening = b"<description><![CDATA["
    return body.replace(opening, opening + NAME.encode() + b": ")


def expected(polls: Sequence[Poll]) -> tuple[int, int]:
    """Work out from the documents alone how many alerts and edits there have to be: an alert
    for each guid first seen after the first poll, an edit for each later change of its title
    within the edit window.
    """
    titles: dict[str, str] = {}
    told: dict[str, datetime] = {}
    edits = 0
    for number, poll in enumerate(polls):
        for guid, title in _titles(poll.body):
            if guid not in titles:
                if number:
                    told[guid] = poll.at
            elif titles[guid] != title and guid in told:
                edits += poll.at - told[guid] <= EDIT_WINDOW
            titles[guid] = title
    return len(told), edits


def _titles(body: bytes) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for item in ET.fromstring(body).iter("item"):
        guid = item.findtext("guid") or ""
        if guid not in seen:
            seen.add(guid)
            yield guid, " ".join((item.findtext("title") or "").split())


class Feed:
    """The feed as a server: it says what it said at the poll that is under way."""

    def __init__(self, polls: Sequence[Poll]) -> None:
        """Begin with the first poll."""
        self.polls = polls
        self.done = 0
        self.asked = asyncio.Event()
        self.over = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """Serve on a free port of loopback; give the address."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await asyncio.gather(*self._talks)
            await server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = self._say(head.split(b" ")[1].decode())
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def _say(self, path: str) -> bytes:
        if path == "/feed":
            self.asked.set()
            return self.polls[self.done].body
        if path.startswith("/done/"):
            self.done = max(self.done, int(path.removeprefix("/done/")) + 1)
        if self.done >= len(self.polls):
            self.over.set()
            return b"over"
        return f"{self.done} {self.polls[self.done].at.isoformat()}".encode()


async def replay(
    polls: Sequence[Poll],
    database: str,
    kills: Sequence[int],
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[int, int]:
    """Run the polls through a poller that is killed during each of `kills`; return the alerts
    and edits that stand in the store. `tell` hears how it goes.
    """
    feed = Feed(polls)
    chance = random.Random(1)
    async with feed.served() as address:
        await _prepare(database, address, polls[0].at)
        for kill in [*kills, len(polls)]:
            code = await _poller(feed, address, database, kill, chance.uniform(0, 0.05))
            what = "killed" if code else "ended"
            tell(f"  {what} during poll {feed.done} of {len(polls)}")
    return await _counts(database)


async def _poller(feed: Feed, address: str, database: str, kill: int, delay: float) -> int:
    """Run a poller until it ends, or kill it `delay` seconds after it asked during poll `kill`."""
    command = (sys.executable, __file__, "--poller", address, "--database", database)
    child = await asyncio.create_subprocess_exec(*command)
    ending = asyncio.create_task(child.wait())
    await _until(feed, kill, ending)
    if kill < len(feed.polls):
        await asyncio.sleep(delay)
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGKILL)
    code = await ending
    if code not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the poller ended with {code} at poll {feed.done}")
    return code


async def _until(feed: Feed, number: int, ending: asyncio.Task[int]) -> None:
    """Wait until the feed is asked during poll `number`, or the poller has ended."""
    while not ending.done():
        if feed.done >= number and not feed.over.is_set():
            feed.asked.clear()
            asked = asyncio.create_task(feed.asked.wait())
            await asyncio.wait({asked, ending}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
            return
        await asyncio.wait({ending}, timeout=0.01)


async def _prepare(database: str, address: str, now: datetime) -> None:
    from model import NewSource, NewSubscriber, Watch
    from store import sources, subscribers, watches
    from store.engine import Store

    store = await Store.open(database)
    async with store.write() as tx:
        await subscribers.add(tx, NewSubscriber("telegram", "1", public=False), now)
        await watches.add(tx, Watch(NAME), now)
        await sources.add(tx, NewSource(f"{address}/feed", name="Replay"), now)
    await store.close()


async def _counts(database: str) -> tuple[int, int]:
    """Count the sends and the edits that were ever queued."""
    from model import DeliveryKind
    from store import outbox
    from store.engine import Store

    store = await Store.open(database)
    async with store.read() as tx:
        rows = await outbox.listing(tx, limit=1_000_000)
    await store.close()
    kinds = [row.kind for row in rows]
    return kinds.count(DeliveryKind.SEND), kinds.count(DeliveryKind.EDIT)


async def be_poller(address: str, database: str) -> None:
    """Be the process that polls: at each moment the server names, until it says it is over."""
    import aiohttp

    from matching.match import Matcher
    from store.engine import Store
    from watchers.book import WatchBook
    from watchers.fetch import Fetcher, FetchRules
    from watchers.poll import Poller, PollRules
    from watchers.sandbox import Sandbox
    from watchers.take_in import TakeInRules

    rules = TakeInRules(tell_backlog=False, merge_reprints=False, edit_window=EDIT_WINDOW)
    fetching = FetchRules(host_gap=0, allow_networks=("127.0.0.0/8",))
    book = WatchBook(Matcher())
    store = await Store.open(database)
    async with Fetcher(fetching) as fetcher, Sandbox(1) as sandbox, aiohttp.ClientSession() as ask:
        poller = Poller(store, fetcher, sandbox, book, PollRules(rules, host_gap=0, lease=LEASE))
        said = await _said(ask, f"{address}/next")
        while said != "over":
            number, _, at = said.partition(" ")
            now = datetime.fromisoformat(at)
            while not (await poller.poll_all(now)).polls:
                await asyncio.sleep(0.1)  # the claim of a poller that was killed runs out
            await _settle(store, now)
            said = await _said(ask, f"{address}/done/{number}")
    book.close()
    await store.close()


async def _said(ask: Any, url: str) -> str:  # noqa: ANN401 - a ClientSession
    async with ask.get(url) as answer:
        text: str = await answer.text()
        return text


async def _settle(store: Any, now: datetime) -> None:  # noqa: ANN401 - a Store
    """Settle everything that is due as sent."""
    from model import DeliveryState, Outcome
    from store import outbox

    async with store.write() as tx:
        while due := await outbox.claim(tx, now, lanes=50, each=500):
            sent = [Outcome(one.id, DeliveryState.SENT, message_ids=(one.alert_id,)) for one in due]
            await outbox.settle(tx, sent, now)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--polls", type=int, default=1035)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--database", default="", help="default: an SQLite file")
    parser.add_argument("--poller", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.poller:
        asyncio.run(be_poller(options.poller, options.database))
        return
    archive = ROOT.parent / "shared" / ARCHIVE
    if not archive.is_file():
        sys.exit(f"The archive is missing: {archive}")
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or f"sqlite+aiosqlite:///{folder}/replay.db"
        sys.exit(_run(read_archive(archive, options.polls), database, options.kills))


def _run(polls: Sequence[Poll], database: str, kills: int) -> int:
    wanted = expected(polls)
    if len(polls) == 1035 and wanted != EXPECTED:
        sys.exit(f"The archive itself says {wanted}, not {EXPECTED}.")
    when = [len(polls) * (one + 1) // (kills + 1) for one in range(kills)]
    began = time.monotonic()
    found = asyncio.run(replay(polls, database, when, print))
    seconds = time.monotonic() - began
    print(f"{len(polls)} polls, {kills} kills, {seconds:.0f} s")
    print(f"  alerts {found[0]:>6}   expected {wanted[0]:>6}")
    print(f"  edits  {found[1]:>6}   expected {wanted[1]:>6}")
    return 0 if found == wanted else 1


if __name__ == "__main__":
    main()
