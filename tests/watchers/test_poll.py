from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from aiohttp import web as aioweb
from sqlalchemy import insert, select

from matching.match import Matcher
from model import (
    AlertKind,
    Delivery,
    NewSource,
    NewSubscriber,
    Notice,
    PollReport,
    Source,
    SourceHealth,
    StoreError,
    Watch,
)
from store import alerts, items, outbox, sources, subscribers, upkeep, watches
from store.engine import Store
from store.tables import lease, source_pace
from tests.commits import becomes
from tests.fakes import LOOPBACK, Clock, Web
from watchers.book import WatchBook
from watchers.fetch import Fetcher, FetchRules
from watchers.pace import PaceRules
from watchers.poll import Poller, PollRules
from watchers.sandbox import Sandbox
from watchers.take_in import TakeInRules

NAME = "Salvador Cienfuegos Zepeda"
HELD_UNTIL = select(source_pace.c.lease_until)


def entry(number: int | str, title: str = "", text: str = "Nothing of note.") -> str:
    return (
        f"<item><guid isPermaLink='false'>g{number}</guid>"
        f"<title>{title or f'The long story of number {number}'}</title>"
        f"<link>https://example.org/{number}</link><description>{text}</description></item>"
    )


def chapter(number: int, title: str, text: str) -> str:
    """Return an entry of a feed all of whose entries lead to the same page."""
    return (
        f"<item><guid isPermaLink='false'>g{number}</guid><title>{title}</title>"
        f"<link>https://example.org/programme</link><description>{text}</description></item>"
    )


def feed(*entries: str, title: str = "News") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(entries)}</channel></rss>"


@dataclass
class House:
    """Everything the inbound loop needs, over a real store and a real web server."""

    store: Store
    web: Web
    poller: Poller
    clock: Clock

    async def source(self, path: str, **fields: Any) -> Source:
        async with self.store.write() as tx:
            new = NewSource(self.web.url(path), **{"name": "Ríodoce", **fields})
            return await sources.add(tx, new, self.clock())

    async def watch(self, watch: Watch | str = NAME, **options: Any) -> int:
        one = Watch(watch) if isinstance(watch, str) else watch
        async with self.store.write() as tx:
            return (await watches.add(tx, one, self.clock(), **options)).watch.id

    async def reader(self, address: str = "1", **fields: Any) -> int:
        async with self.store.write() as tx:
            new = NewSubscriber("telegram", address, **fields)
            return (await subscribers.add(tx, new, self.clock())).id

    async def poll(self, **later: float) -> PollReport:
        self.clock.turn(**later)
        return await self.poller.poll_all(self.clock())

    async def health(self) -> SourceHealth:
        async with self.store.read() as tx:
            (one,) = await sources.health(tx)
            return one

    async def headlines(self) -> list[str]:
        """Return the headlines kept, in the order in which they were recorded."""
        async with self.store.read() as tx:
            kept = await items.history(tx, limit=5000)
        return [one.title for one in sorted(kept, key=lambda one: one.id)]

    async def deliveries(self) -> list[Delivery]:
        async with self.store.write() as tx:
            return await outbox.claim(tx, self.clock(), lanes=50, each=20)

    async def notices(self) -> list[Notice]:
        views = await self.views()
        return [view.notice for view in views if view.notice is not None]

    async def views(self) -> list[Any]:
        due = await self.deliveries()
        async with self.store.read() as tx:
            views = await alerts.views(tx, [one.alert_id for one in due])
        return [views[one.alert_id] for one in due]


@asynccontextmanager
async def house_of(store: Store, **take_in: Any) -> AsyncIterator[House]:
    rules = TakeInRules(**{"pace": PaceRules(60, 20, 3600), **take_in})
    book = WatchBook(Matcher())
    fetching = FetchRules(host_gap=0, per_host=8, allow_networks=LOOPBACK, timeout=5)
    async with Web() as web, Fetcher(fetching) as fetcher, Sandbox(1) as sandbox:
        poller = Poller(store, fetcher, sandbox, book, PollRules(rules, host_gap=0))
        yield House(store, web, poller, Clock())
    book.close()


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    async with house_of(store) as one:
        yield one


@pytest.fixture
async def lite(sqlite_store: Store) -> AsyncIterator[House]:
    async with house_of(sqlite_store) as one:
        yield one


async def test_the_walk_from_bytes_to_the_outbox(house: House) -> None:
    house.web.page("/feed", feed(entry(1)), ETag='"1"')
    source, reader = await house.source("/feed"), await house.reader()
    await house.watch()
    first = await house.poll()
    assert [(one.outcome, one.new) for one in first.polls] == [("new", 1)]
    assert (await house.poll(minutes=5)).polls[0].outcome == "unchanged"

    house.web.page("/feed", feed(entry(2, text=f"Judge: {NAME} may go."), entry(1)), ETag='"2"')
    report = await house.poll(minutes=5)
    (one,) = report.polls
    assert (one.outcome, one.new, one.mentions, one.alerts) == ("new", 1, 1, 1)
    assert (one.name, one.url, one.source_id) == ("Ríodoce", house.web.url("/feed"), source.id)
    assert (report.alerts, report.edits) == (1, 0)
    (view,) = await house.views()
    assert view.kind is AlertKind.STORY
    assert view.subscriber.id == reader
    assert [item.title for item in view.items] == ["The long story of number 2"]
    assert [mention.text for mention in view.mentions] == [NAME]


async def test_what_a_new_source_holds_is_one_message(house: House) -> None:
    house.web.page("/feed", feed(*(entry(n, text=f"{NAME} again") for n in range(5))))
    await house.source("/feed")
    await house.reader()
    await house.watch()
    report = await house.poll()
    assert report.alerts == 1
    (view,) = await house.views()
    assert view.kind is AlertKind.BACKLOG
    assert len(view.items) == 5


async def test_the_backlog_can_be_kept_quiet(sqlite_store: Store) -> None:
    async with house_of(sqlite_store, tell_backlog=False) as lite:
        lite.web.page("/feed", feed(entry(1, text=NAME)))
        await lite.source("/feed")
        await lite.reader()
        await lite.watch()
        assert (await lite.poll()).alerts == 0
        lite.web.page("/feed", feed(entry(1, "A quite new headline", NAME), entry(2, text=NAME)))
        report = await lite.poll(minutes=5)
        assert (report.alerts, report.edits) == (1, 0)


async def test_entries_that_all_lead_to_one_page_are_each_told(house: House) -> None:
    first = chapter(1, "Nothing of note happened today", "Rain in the north.")
    second = chapter(2, "The charges were dropped in Brooklyn", f"Judge: {NAME} may go.")
    third = chapter(3, "A book about old generals is out", f"How {NAME} grew up.")
    house.web.page("/feed", feed(first))
    await house.source("/feed"), await house.reader(), await house.watch()
    await house.poll()
    told = []
    for entries in ((second, first), (third, second, first)):
        house.web.page("/feed", feed(*entries))
        told.append((await house.poll(hours=30)).polls[0].alerts)
    assert told == [1, 1]


async def test_an_edited_headline_edits_and_a_new_name_alerts(house: House) -> None:
    await house.source("/feed")
    await house.reader()
    await house.watch()
    await house.watch("Carol Bagley Amon")
    house.web.page("/feed", feed(entry(0)))
    await house.poll()
    steps = [
        (("A first headline of it", NAME), (1, 0)),
        (("A second headline of it", NAME), (0, 1)),
        (("A second headline of it", f"{NAME}, a summary more"), (0, 0)),
        (("A third headline of it", f"{NAME} before Carol Bagley Amon"), (1, 0)),
        (("A fourth headline, without", "any name"), (0, 1)),
    ]
    for (title, text), counts in steps:
        house.web.page("/feed", feed(entry(1, title, text), entry(0)))
        report = await house.poll(minutes=5)
        assert (report.alerts, report.edits) == counts, title


async def test_a_reprint_joins_unless_reprints_are_told(sqlite_store: Store) -> None:
    for merge, counts in ((True, (1, 1)), (False, (2, 0))):
        async with house_of(sqlite_store, merge_reprints=merge) as lite:
            title = f"Court lets the general go, {merge}"
            for path in ("/a", "/b"):
                lite.web.page(path, feed(entry(f"{path}-0")))
                await lite.source(path)
            if merge:
                await lite.reader()
                await lite.watch()
            await lite.poll()
            lite.web.page("/a", feed(entry(f"/a-{merge}", title, NAME)))
            first = await lite.poll(minutes=5)
            lite.web.page("/b", feed(entry(f"/b-{merge}", title, NAME)))
            second = await lite.poll(minutes=5)
            both = (first.alerts + second.alerts, first.edits + second.edits)
            assert both == counts


async def test_two_reprints_in_one_batch_are_one_message(house: House) -> None:
    for path in ("/a", "/b"):
        house.web.page(path, feed(entry(f"{path}0")))
        await house.source(path)
    await house.reader()
    await house.watch()
    await house.poll()
    for path in ("/a", "/b"):
        house.web.page(path, feed(entry(f"{path}1", "One headline in two papers", NAME)))
    report = await house.poll(minutes=5)
    assert report.alerts == 1
    (view,) = await house.views()
    assert len(view.items) == 2


async def test_nothing_is_said_for_what_was_marked_not_them(house: House) -> None:
    await house.source("/feed")
    await house.reader()
    watch_id = await house.watch()
    house.web.page("/feed", feed(entry(0)))
    await house.poll()
    house.web.page("/feed", feed(entry(1, "One headline of it", NAME)))
    await house.poll(minutes=5)
    async with house.store.write() as tx:
        (item,) = [one for one in await items.history(tx) if one.title == "One headline of it"]
        await watches.hide(tx, watch_id, item.id, 1, house.clock())
    house.web.page("/feed", feed(entry(1, "Another headline of it", NAME)))
    report = await house.poll(minutes=5)
    assert (report.alerts, report.edits) == (0, 0)


async def test_a_watch_for_other_sources_hears_nothing(lite: House) -> None:
    await lite.source("/feed", tags=("crime",))
    await lite.reader()
    await lite.watch(Watch(NAME, sources=("Proceso",)))
    lite.web.page("/feed", feed(entry(0)))
    await lite.poll()
    lite.web.page("/feed", feed(entry(1, text=NAME)))
    report = await lite.poll(minutes=5)
    assert (report.alerts, report.polls[0].mentions) == (0, 0)


async def test_only_what_is_due_is_polled(house: House) -> None:
    house.web.page("/feed", feed(entry(1)))
    await house.source("/feed")
    assert len((await house.poller.poll_due(house.clock())).polls) == 1
    assert (await house.poller.poll_due(house.clock.turn(seconds=10))).polls == ()
    assert len((await house.poller.poll_due(house.clock.turn(seconds=100))).polls) == 1


async def test_a_failure_is_reported_and_everything_else_goes_on(house: House) -> None:
    house.web.page("/bad", "<html><title>Log in</title></html>", Content_Type="text/html")
    house.web.page("/good", feed(entry(1)))
    await house.source("/bad")
    await house.source("/good")
    report = await house.poll()
    bad, good = sorted(report.polls, key=lambda one: one.url)
    assert (bad.outcome, good.outcome) == ("failed", "new")
    assert "web page" in bad.error


async def test_a_moved_source_is_asked_at_its_new_address_after_three_sightings(
    house: House,
) -> None:
    house.web.page("/new", feed(entry(1)), ETag='"1"')
    house.web.page("/old", "", status=301, Location="/new")
    await house.source("/old")
    for _ in range(3):
        assert (await house.health()).source.url.endswith("/old")
        await house.poll(minutes=5)
    moved = await house.health()
    assert moved.source.url == house.web.url("/new")
    assert moved.source.base == house.web.url("/old")
    await house.poll(minutes=5)
    assert house.web.paths()[-2:] == ["/new", "/new"]


async def test_a_source_without_a_name_is_called_as_its_feed(lite: House) -> None:
    lite.web.page("/feed", feed(entry(1), title="Noticias"))
    await lite.source("/feed", name="")
    await lite.poll()
    assert (await lite.health()).source.name == "Noticias"


async def test_an_incident_is_told_once_and_its_end_answers_it(house: House) -> None:
    house.web.page("/feed", "", status=403)
    source = await house.source("/feed")
    owner = await house.reader()
    await _own(house)
    for _ in range(12):
        await house.poll(hours=6)
    (failing,) = await house.notices()
    assert failing.code == "notice.source.failing"
    assert (await house.health()).told == "failing"
    house.web.page("/feed", feed(entry(1)))
    await house.poll(hours=6)
    await house.poll(hours=6)
    views = await house.views()
    assert [view.notice.code for view in views] == ["notice.source.failing", "notice.source.works"]
    assert {view.notice.about for view in views} == {f"source:{source.id}"}
    assert {view.subscriber.id for view in views} == {owner}
    assert (await house.health()).told == ""


async def _own(house: House) -> None:
    from store import members

    async with house.store.write() as tx:
        await members.set_owner(tx, 1, house.clock())


async def test_our_own_network_is_one_notice_and_nobodys_failure(lite: House) -> None:
    await lite.reader()
    await _own(lite)
    async with lite.store.write() as tx:
        for number in range(2, 7):
            new = NewSource(f"http://127.0.0.{number}:9/feed", name=f"Paper {number}")
            await sources.add(tx, new, lite.clock())
    for _ in range(10):
        await lite.poll(minutes=5)
    assert [notice.code for notice in await lite.notices()] == ["notice.network.down"]
    async with lite.store.read() as tx:
        paces = [one.pace for one in await sources.health(tx)]
    assert max(pace.fails for pace in paces) <= 1
    lite.web.page("/feed", feed(entry(1)))
    await lite.source("/feed")
    await lite.poll(minutes=5)
    codes = [notice.code for notice in await lite.notices()]
    assert codes == ["notice.network.down", "notice.network.works"]


async def test_a_document_of_thousands_is_taken_in_whole(lite: House) -> None:
    lite.web.page("/feed", feed(*(entry(n) for n in range(4500))))
    await lite.source("/feed")
    report = await lite.poll()
    assert report.polls[0].new == 4500
    assert len(await lite.headlines()) == 4500
    assert (await lite.poll(minutes=5)).polls[0].outcome == "nothing new"


async def test_a_feed_that_shrinks_and_grows_tells_nothing_twice(lite: House) -> None:
    everything = feed(*(entry(n, text=NAME) for n in range(60)))
    lite.web.page("/feed", everything)
    await lite.source("/feed")
    await lite.reader()
    await lite.watch()
    await lite.poll()
    for body in (feed(entry(0, text=NAME)), feed(), everything):
        lite.web.page("/feed", body)
        report = await lite.poll(minutes=5)
        assert (report.alerts, report.polls[0].new) == (0, 0)


async def test_new_keys_for_everything_are_no_news(lite: House) -> None:
    def dressed(scheme: str) -> str:
        return feed(*(entry(n, text=NAME) for n in range(9))).replace(">g", f">{scheme}://g")

    lite.web.page("/feed", dressed("http"))
    await lite.source("/feed")
    await lite.reader()
    await lite.watch()
    await lite.poll()
    lite.web.page("/feed", dressed("https"))
    report = await lite.poll(minutes=5)
    assert (report.alerts, report.edits, report.polls[0].new) == (0, 0, 0)


async def test_a_result_that_comes_too_late_is_not_taken(lite: House) -> None:
    lite.web.page("/feed", feed(entry(1)))
    await lite.source("/feed")
    async with lite.store.write() as tx:
        (claim,) = await sources.claim_all(tx, "somebody else", lite.clock())
    report = await lite.poller.poll([replace(claim, owner="me")], lite.clock())
    assert report.polls == ()
    assert await lite.headlines() == []


async def test_two_processes_share_the_sources(store: Store) -> None:
    async with house_of(store) as one, house_of(store) as two:
        for number in range(30):
            one.web.page(f"/{number}", feed(entry(number)))
            await one.source(f"/{number}", name=f"Paper {number}")
        now = one.clock()
        reports = await asyncio.gather(one.poller.poll_due(now), two.poller.poll_due(now))
        assert sum(len(report.polls) for report in reports) == 30
        assert len(one.web.asked) == 30
        assert len(await one.headlines()) == 30


@pytest.mark.parametrize("etag", ["1", "2"], ids=["not modified", "the same items"])
async def test_news_after_a_source_was_off_for_days_is_no_backlog(house: House, etag: str) -> None:
    house.web.page("/feed", feed(entry(1)), ETag='"1"')
    source, _ = await house.source("/feed"), await house.reader()
    await house.watch()
    await house.poll()
    async with house.store.write() as tx:
        await sources.remove(tx, source.id, house.clock())
    house.clock.turn(days=2)
    house.web.page("/feed", feed(entry(1)), ETag=f'"{etag}"')
    await house.source("/feed")
    await house.poll()

    house.web.page("/feed", feed(entry(2, text=f"Judge: {NAME} may go."), entry(1)), ETag='"3"')
    await house.poll(minutes=5)
    assert [view.kind for view in await house.views()] == [AlertKind.STORY]


async def test_polls_of_one_host_beyond_its_patience_are_put_off(sqlite_store: Store) -> None:
    book = WatchBook(Matcher())
    fetching = FetchRules(host_gap=0, allow_networks=LOOPBACK)
    async with Web() as web, Fetcher(fetching) as fetcher, Sandbox(1) as sandbox:
        poller = Poller(sqlite_store, fetcher, sandbox, book, PollRules(host_gap=10))
        now = Clock()()
        async with sqlite_store.write() as tx:
            for number in range(6):
                url = web.page(f"/{number}", feed(entry(number)))
                await sources.add(tx, NewSource(url), now)
        report = await poller.poll_due(now)
        assert len(report.polls) == 4
        later = await poller.poll_due(now + timedelta(seconds=120))
        assert len(later.polls) >= 2
        assert len(web.asked) >= 6
    book.close()


async def test_the_loop_polls_what_is_announced_and_ends_when_told(house: House) -> None:
    house.web.page("/feed", feed(entry(1)))
    stop, reports = asyncio.Event(), list[PollReport]()
    running = asyncio.create_task(house.poller.run(stop, house.clock, reports.append))
    await house.source("/feed")
    await house.web.is_asked()
    await becomes(house.store, house.headlines)
    house.clock.turn(hours=2)
    await house.web.is_asked(2)
    stop.set()
    await asyncio.wait_for(running, 60)
    assert sum(len(report.polls) for report in reports) == 2


async def test_the_loop_ends_at_once_although_a_server_hangs(lite: House) -> None:
    async def hang(request: aioweb.Request) -> aioweb.StreamResponse:
        await asyncio.sleep(60)
        return aioweb.Response()

    lite.web.program("/hang", hang)
    lite.web.page("/feed", feed(entry(1)))
    await lite.source("/hang")
    await lite.source("/feed")
    stop = asyncio.Event()
    running = asyncio.create_task(lite.poller.run(stop, lite.clock))
    await lite.web.is_asked(2)
    stop.set()
    await asyncio.wait_for(running, 60)
    assert await lite.headlines() in ([], ["The long story of number 1"])


async def test_a_claim_is_held_while_its_server_takes_its_time(sqlite_store: Store) -> None:
    """The lease is put off for as long as the fetch goes on, or another process would poll too."""
    release = asyncio.Event()

    async def slow(request: aioweb.Request) -> aioweb.StreamResponse:
        await release.wait()
        return aioweb.Response(body=feed(entry(1)).encode())

    book = WatchBook(Matcher())
    fetching = FetchRules(host_gap=0, allow_networks=LOOPBACK)
    async with Web() as web, Fetcher(fetching) as fetcher, Sandbox(1) as sandbox:
        rules = PollRules(host_gap=0, lease=4.0)
        poller = Poller(sqlite_store, fetcher, sandbox, book, rules)
        now = Clock()()
        async with sqlite_store.write() as tx:
            await sources.add(tx, NewSource(web.program("/slow", slow)), now)
        polling = asyncio.create_task(poller.poll_due(now))
        await web.is_asked()
        async with sqlite_store.read() as tx:
            ends = await tx.value(HELD_UNTIL)

        async def is_renewed() -> bool:
            async with sqlite_store.read() as tx:
                return bool(await tx.value(HELD_UNTIL) > ends)

        await becomes(sqlite_store, is_renewed)
        async with sqlite_store.write() as tx:
            assert await sources.due(tx, "another", now) == []
        release.set()
        assert (await polling).polls[0].new == 1
    book.close()


async def test_a_database_that_fails_is_trouble_and_not_the_end(lite: House) -> None:
    troubles: list[Exception] = []
    stop = asyncio.Event()

    def trouble(error: Exception) -> None:
        troubles.append(error)
        stop.set()

    await lite.store.close()
    broken = Poller(_Broken(lite.store), *_parts(lite.poller))
    await asyncio.wait_for(broken.run(stop, lite.clock, trouble=trouble), 60)
    assert isinstance(troubles[0], StoreError)


class _Broken:
    """A store whose database is out of reach."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> Any:
        raise StoreError("The database could not be reached.")

    write = read


def _parts(poller: Poller) -> tuple[Any, ...]:
    asker, take_in = poller._asker, poller._take_in
    return asker._fetcher, asker._sandbox, take_in._book


async def test_one_document_nobody_foresaw_holds_up_no_other(
    lite: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "bad"):
        lite.web.page(f"/{name}", feed(entry(name)))
        await lite.source(f"/{name}", name=name)
    recording = items.record

    async def record(tx: Any, some: Any, now: datetime, **options: Any) -> Any:
        if any(one.key == "gbad" for one in some):
            raise ZeroDivisionError("nobody foresaw this")
        return await recording(tx, some, now, **options)

    monkeypatch.setattr(items, "record", record)
    report = await lite.poll()
    bad, good = sorted(report.polls, key=lambda one: one.url)
    assert (good.outcome, good.new) == ("new", 1)
    assert bad.outcome == "failed"
    assert "could not be stored (ZeroDivisionError" in bad.error


async def test_one_document_the_database_cannot_hold_holds_up_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "bad"):
        house.web.page(f"/{name}", feed(entry(name, text=NAME)))
        await house.source(f"/{name}", name=name)
    recording = items.record

    async def record(tx: Any, some: Any, now: datetime, **options: Any) -> Any:
        if any(one.key == "gbad" for one in some):
            twice = {"name": "twice", "owner": "", "until": 0.0, "epoch": 0}
            await tx.run_many(insert(lease), [twice, twice])
        return await recording(tx, some, now, **options)

    monkeypatch.setattr(items, "record", record)
    report = await house.poll()
    bad, good = sorted(report.polls, key=lambda one: one.url)
    assert (good.outcome, good.new) == ("new", 1)
    assert bad.outcome == "failed"
    assert "can't hold what was to be written" in bad.error


async def test_an_entry_with_a_caption_too_long_for_an_index_is_taken_in(house: House) -> None:
    letters = Random(7).choices(range(0x4E00, 0x9000), k=960)  # what no index can shorten
    caption = "".join(map(chr, letters))
    docket = "https://ecf.nyed.uscourts.gov/cgi-bin/DktRpt.pl?437498"
    order = chapter(1, f"1:20-cr-00001 {caption}", "[Order]")
    house.web.page("/court", feed(order.replace("https://example.org/programme", docket)))
    await house.source("/court", kind="pacer")
    (court,) = (await house.poll()).polls
    assert (court.outcome, court.new, court.error) == ("new", 1, "")


async def test_a_watch_made_by_another_process_counts_at_the_next_batch(store: Store) -> None:
    async with house_of(store) as house:
        await house.source("/feed")
        await house.reader()
        house.web.page("/feed", feed(entry(0)))
        await house.poll()
        other = await Store.open(store.url.render_as_string(hide_password=False))
        async with other.write() as tx:
            await watches.add(tx, Watch(NAME), house.clock())
        await other.close()
        house.web.page("/feed", feed(entry(1, text=NAME), entry(0)))
        assert (await house.poll(minutes=5)).alerts == 1


async def test_the_console_hears_what_an_owner_would(lite: House) -> None:
    async with lite.store.write() as tx:
        await subscribers.add(tx, NewSubscriber("console", ""), lite.clock())
        assert await upkeep.setting(tx, "nothing") is None
    lite.web.page("/feed", "", status=410)
    await lite.source("/feed")
    await lite.poll()
    (view,) = await lite.views()
    assert view.notice.code == "notice.source.gone"
    assert view.subscriber.courier == "console"
