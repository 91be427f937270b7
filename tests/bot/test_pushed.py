"""What CourtListener pushes, through the real web app into real databases."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from bot import web
from bot.pushed import MOST, PATH, PATIENCE, courtlistener
from matching.match import Matcher
from model import Item, NewSubscriber, StoreError, Watch
from store import court_asks, items, outbox, push_inbox, subscribers, watches
from store.engine import Store
from tests.fakes import Clock
from watchers.book import WatchBook
from watchers.push import TRIES, Pushes, PushReport
from watchers.take_in import TakeIn, TakeInRules

SECRET = "a-long-secret-of-our-own"
BASE = "http://127.0.0.1:9"
NAMES = [
    "docket_alert",
    "search_alert",
    "search_alert_v2",
    "recap_fetch",
    "old_alerts_report",
    "pray_and_pay",
]


async def fine() -> list[str]:
    return []


@dataclass
class Desk:
    """The real web app and the loop behind it."""

    store: Store
    url: str
    pushes: Pushes
    clock: Clock
    session: aiohttp.ClientSession

    async def push(
        self, body: bytes | object, key: str = "k1", *, secret: str = SECRET, method: str = "POST"
    ) -> int:
        said = body if isinstance(body, bytes | BytesIO) else json.dumps(body).encode()
        path = PATH.format(secret=secret)
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        async with self.session.request(
            method, self.url + path, data=said, headers=headers
        ) as answer:
            return answer.status

    async def drain(self) -> PushReport:
        return await self.pushes.drain(self.clock())

    async def waiting(self) -> int:
        async with self.store.read() as tx:
            return await push_inbox.depth(tx)

    async def kept(self) -> list[Item]:
        async with self.store.read() as tx:
            return await items.history(tx)

    async def alerts(self) -> int:
        async with self.store.write() as tx:
            return len(await outbox.claim(tx, self.clock(), lanes=50, each=20))

    async def watch(self, name: str) -> None:
        async with self.store.write() as tx:
            await subscribers.add(tx, NewSubscriber("telegram", "1"), self.clock())
            await watches.add(tx, Watch(name), self.clock())


@asynccontextmanager
async def desk_of(store: Store, patience: float = 20.0) -> AsyncIterator[Desk]:
    """A patient desk: the machine that tests may be slower than any that is pushed to."""
    clock, book = Clock(), WatchBook(Matcher())
    answering = {PATH: courtlistener(store, SECRET, clock, patience=patience)}
    checks = web.Checks(fine, fine, lambda: b"", answering)
    runner = await web.start("127.0.0.1:0", checks)
    pushes = Pushes(store, TakeIn(store, book, TakeInRules()), BASE, owner="here")
    async with aiohttp.ClientSession() as session:
        yield Desk(store, f"http://{web.bound(runner)}", pushes, clock, session)
    await runner.cleanup()
    book.close()


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with desk_of(store) as one:
        yield one


@pytest.fixture
async def lite(sqlite_store: Store) -> AsyncIterator[Desk]:
    async with desk_of(sqlite_store) as one:
        yield one


def payload(shared: Path, name: str) -> bytes:
    folder = shared / "data" / "courts" / "courtlistener_agpl" / "webhooks"
    stem, version = (name[:-3], "_v2") if name.endswith("_v2") else (name, "")
    return (folder / f"{stem}_webhook_dummy{version}.json").read_bytes()


def alert(pk: int = 1, text: str = "ORDER as to Salvador Cienfuegos Zepeda.", **fields: object):
    entry = {"id": pk, "docket": 77, "entry_number": 22, "description": text, **fields}
    return {"webhook": {"event_type": 1, "version": 1}, "payload": {"results": [entry]}}


@pytest.mark.parametrize("name", NAMES)
async def test_each_event_posted_twice_is_kept_and_handled_once(
    desk: Desk, shared: Path, name: str
) -> None:
    body = payload(shared, name)
    for _ in range(2):
        assert await desk.push(body) == 200
    assert await desk.waiting() == 1
    assert (await desk.drain()).handled == 1
    assert await desk.push(body) == 200, "even after it was handled"
    assert await desk.drain() == PushReport()
    assert len(await desk.kept()) == (1 if "alert_" in name + "_" and "old" not in name else 0)


async def test_one_event_twice_is_one_alert(desk: Desk) -> None:
    await desk.watch("Salvador Cienfuegos Zepeda")
    assert await desk.push(alert(), "a") == 200
    assert await desk.push(alert(), "a") == 200
    assert await desk.push(alert(), "b") == 200, "the same entry under another key"
    await desk.drain()
    assert len(await desk.kept()) == 1
    assert await desk.alerts() == 1


async def test_two_entries_that_read_the_same_are_two(lite: Desk) -> None:
    await lite.watch("Salvador Cienfuegos Zepeda")
    for pk in (1, 2):
        await lite.push(alert(pk, entry_number=None), f"k{pk}")
        await lite.drain()
    assert len(await lite.kept()) == 2
    assert await lite.alerts() == 2


@pytest.mark.parametrize("secret", ["wrong", SECRET[:-1], SECRET + "x", "é"])
async def test_a_wrong_secret_is_nothing_here(lite: Desk, secret: str) -> None:
    assert await lite.push(alert(), secret=secret) == 404
    assert await lite.waiting() == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_post_is_taken(lite: Desk, method: str) -> None:
    assert await lite.push(b"", method=method) == 405
    assert await lite.push(b"", method=method, secret="wrong") == 404


async def test_ten_megabytes_are_refused_at_once(lite: Desk) -> None:
    with contextlib.suppress(aiohttp.ClientConnectionError):  # it hangs up while we talk
        assert await lite.push(BytesIO(b"x" * 10_000_000)) == 413
    assert await lite.waiting() == 0


async def test_a_body_without_its_length_is_cut_off(lite: Desk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 * MOST // 65_536):
            yield b" " * 65_536

    with contextlib.suppress(aiohttp.ClientConnectionError):
        url = lite.url + PATH.format(secret=SECRET)
        async with lite.session.post(url, data=endless()) as answer:
            assert answer.status == 413
    assert await lite.waiting() == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"hello", b'{"webhook":{}}', b'{"a":' * 9999])
async def test_what_is_no_event_is_refused_in_a_sentence(lite: Desk, body: bytes) -> None:
    assert await lite.push(body) == 400
    assert await lite.waiting() == 0


async def test_an_event_of_an_unknown_sort_is_kept(lite: Desk) -> None:
    unknown = {"webhook": {"event_type": 99}, "payload": {"what": "ever"}}
    assert await lite.push(unknown) == 200
    assert await lite.drain() == PushReport(kept=1)
    assert await lite.waiting() == 0


async def test_what_cant_be_kept_is_not_acknowledged(lite: Desk) -> None:
    real = lite.store.write

    def broken() -> object:
        raise StoreError("The disk is full.")

    lite.store.write = broken  # type: ignore[method-assign, assignment]
    assert await lite.push(alert()) == 503
    lite.store.write = real  # type: ignore[method-assign]
    assert await lite.push(alert()) == 200
    assert await lite.waiting() == 1


async def test_every_answer_comes_within_a_second(sqlite_store: Store) -> None:
    async with desk_of(sqlite_store, PATIENCE) as desk:
        spans = [await timed(desk, f"k{number}") for number in range(5)]
        assert min(spans) < 0.5


async def timed(desk: Desk, key: str) -> float:
    started = monotonic()
    await desk.push(alert(), key)
    return monotonic() - started


async def test_a_busy_database_holds_up_no_answer(sqlite_store: Store) -> None:
    async with desk_of(sqlite_store, PATIENCE) as desk:
        async with desk.store.write():
            started = monotonic()
            assert await desk.push(alert()) == 503
            assert PATIENCE <= monotonic() - started < 3, "CourtListener waits three seconds"
        async with desk_of(sqlite_store) as patient:
            assert await patient.push(alert()) == 200


async def test_later_news_may_come_first(lite: Desk) -> None:
    await lite.push(alert(2, entry_number=23), "b")
    await lite.push(alert(1), "a")
    await lite.drain()
    numbers = {one.filing.entry if one.filing else one.key for one in await lite.kept()}
    assert len(await lite.kept()) == 2, numbers


async def test_old_alerts_are_armed_anew(lite: Desk, shared: Path) -> None:
    clock = lite.clock
    async with lite.store.write() as tx:
        for docket in ("1", "3", "9"):
            one = court_asks.CourtAlert("docket", docket, f"a{docket}", clock())
            await court_asks.note_alert(tx, one)
    await lite.push(payload(shared, "old_alerts_report"))
    await lite.drain()
    async with lite.store.read() as tx:
        old = {one.about for one in await court_asks.court_alerts(tx) if one.armed_at.year == 1970}
    assert old == {"1", "3"}


async def test_a_docket_nobody_knows_is_looked_up_later_and_told_at_once(lite: Desk) -> None:
    await lite.watch("Salvador Cienfuegos Zepeda")
    await lite.push(alert())
    await lite.drain()
    assert await lite.alerts() == 1
    async with lite.store.read() as tx:
        wanted = await court_asks.asked(tx, ["77"])
    assert wanted["77"].wanted_at == lite.clock()


async def test_an_event_that_breaks_us_is_tried_again_then_kept(lite: Desk) -> None:
    class Broken(TakeIn):
        async def take_in_given(self, *_: object) -> object:  # type: ignore[override]
            raise RuntimeError("nobody foresaw this")

    book = WatchBook(Matcher())
    broken = Pushes(lite.store, Broken(lite.store, book, TakeInRules()), BASE, owner="here")
    await lite.push(alert())
    for _ in range(TRIES - 1):
        assert (await broken.drain(lite.clock.turn(hours=2))).failed == 1
    assert await lite.waiting() == 1
    assert (await broken.drain(lite.clock.turn(hours=2))).kept == 1
    assert await lite.waiting() == 0
    book.close()


async def test_the_loop_handles_what_comes_while_it_runs(lite: Desk) -> None:
    stop, seen = asyncio.Event(), asyncio.Event()

    def report(one: PushReport) -> None:
        if one.handled:
            seen.set()

    task = asyncio.create_task(lite.pushes.run(stop, lite.clock, report))
    await lite.push(alert())
    async with asyncio.timeout(20):
        await seen.wait()
    stop.set()
    await task
