"""Articles' own pages: read beside polling, told once, failures counted and said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web as aioweb

from matching.match import Matcher
from model import Delivery, Item, News, NewSource, NewSubscriber, Recorded, Watch
from model.docket import Filing
from store import alerts, items, outbox, pages, sources, subscribers, watches
from store.engine import Store
from store.pages import PageHealth
from tests.fakes import LOOPBACK, Clock, Web
from watchers.articles import PageReader, PageReport, PageRules
from watchers.book import WatchBook
from watchers.fetch import Fetcher, FetchRules
from watchers.pace import PaceRules
from watchers.poll import Poller, PollRules
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn, TakeInRules
from watchers.want import FullText, is_whole, wants_page

NAME = "Salvador Cienfuegos Zepeda"
LONG = "The prosecutors asked the court for time and the court gave it to them on Thursday. " * 8
HTML = {"content_type": "text/html; charset=utf-8"}


def page(*paragraphs: str) -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    title = "The minister goes home"
    return f"<html><title>{title}</title><body><article><h1>{title}</h1>{body}</article></body>"


@dataclass
class Desk:
    store: Store
    web: Web
    poller: Poller
    reader: PageReader
    clock: Clock

    async def publish(self, *entries: tuple[str, str, str]) -> None:
        """Let the feed hold these (path, title, summary), the newest last, and poll it."""
        told = "".join(
            f"<item><guid isPermaLink='false'>{path}</guid><title>{title}</title>"
            f"<link>{self.web.url(path)}</link><description>{summary}</description></item>"
            for path, title, summary in entries
        )
        self.web.page("/feed", f"<rss version='2.0'><channel>{told}</channel></rss>")
        self.clock.turn(minutes=1)
        await self.poller.poll_all(self.clock())

    async def read(self, **later: float) -> PageReport:
        self.clock.turn(**later)
        return await self.reader.read_due(self.clock())

    async def health(self) -> PageHealth:
        async with self.store.read() as tx:
            return await pages.health(tx, self.clock() - timedelta(days=1))

    async def due(self) -> list[Delivery]:
        async with self.store.write() as tx:
            return await outbox.claim(tx, self.clock(), lanes=50, each=20)

    async def views(self) -> list[Any]:
        due = await self.due()
        async with self.store.read() as tx:
            found = await alerts.views(tx, [one.alert_id for one in due])
        return [found[one.alert_id] for one in due]


@asynccontextmanager
async def desk_of(
    store: Store,
    how: FullText = FullText.WHEN_TRUNCATED,
    *,
    corrections: bool = False,
    **rules: Any,
) -> AsyncIterator[Desk]:
    book = WatchBook(Matcher())
    taking = TakeInRules(pace=PaceRules(60, 20, 3600), full_text=how, corrections=corrections)
    fetching = FetchRules(
        host_gap=0, per_host=8, allow_networks=LOOPBACK, timeout=5, max_bytes=2_000_000
    )
    async with Web() as web, Fetcher(fetching) as fetcher, Sandbox(1) as sandbox:
        poller = Poller(store, fetcher, sandbox, book, PollRules(taking, host_gap=0))
        take_in = TakeIn(store, book, taking)
        reader = PageReader(store, fetcher, sandbox, take_in, PageRules(**rules))
        desk = Desk(store, web, poller, reader, Clock())
        async with store.write() as tx:
            await sources.add(tx, NewSource(web.url("/feed"), "Ríodoce"), desk.clock())
            await watches.add(tx, Watch(NAME), desk.clock())
            await subscribers.add(tx, NewSubscriber("telegram", "1"), desk.clock())
        await desk.publish(("/old", "An old story nobody needs", ""))
        yield desk
    book.close()


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with desk_of(store) as one:
        yield one


async def test_a_page_that_names_whom_its_feed_does_not_is_told_once(desk: Desk) -> None:
    desk.web.page("/a", page(LONG, f"The order names {NAME}, the former minister.", LONG), **HTML)
    await desk.publish(("/a", "The minister goes home", "A deal was made."))
    assert await desk.due() == []
    assert (await desk.read()).alerts == 1
    (view,) = await desk.views()
    (mention,) = view.mentions
    assert (mention.field, mention.text) == ("text", NAME)
    assert view.items[0].text.split("\n")[1].startswith("The order names")
    assert (await desk.read(hours=1)).read == 0
    await desk.publish(("/a", "The minister goes home", "A deal was made."))
    assert len(await desk.views()) == 1


async def test_what_the_headline_told_is_not_told_again_but_its_mentions_are_kept(
    desk: Desk,
) -> None:
    desk.web.page("/a", page(LONG, f"It was {NAME} who flew.", LONG), **HTML)
    await desk.publish(("/a", f"{NAME} goes home", "A deal was made."))
    (told,) = await desk.views()
    assert (await desk.read()).alerts == 0
    async with desk.store.read() as tx:
        (again,) = (await alerts.views(tx, [told.id])).values()
    assert {one.field for one in again.mentions} == {"title", "text"}


def breaking_off(text: str, size: int) -> Any:
    """Answer with the beginning of a page, and close the connection."""

    async def answer(request: aioweb.Request) -> aioweb.StreamResponse:
        body = text.encode()
        sent = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        response = aioweb.StreamResponse(headers=sent)
        await response.prepare(request)
        await response.write(body[:size])
        assert request.transport is not None
        request.transport.close()
        return response

    return answer


async def test_a_page_that_breaks_off_before_the_name_is_read_again(desk: Desk) -> None:
    whole = page(LONG, LONG, f"The judge let {NAME} go home.")
    desk.web.program("/b", breaking_off(whole, len(LONG)))
    await desk.publish(("/b", "Plane leaves Teterboro", "Nothing here …"))
    assert (await desk.read()).alerts == 0
    assert [said for said, _ in (await desk.health()).troubles] == [
        f"{desk.web.url('/b').split('/')[2]} broke off in the middle of the page."
    ]
    desk.web.page("/b", whole, **HTML)
    assert (await desk.read(minutes=5)).alerts == 1
    assert await desk.read(hours=1) == PageReport(looked=0)


async def test_another_watch_named_only_by_the_page_has_its_alert(desk: Desk) -> None:
    async with desk.store.write() as tx:
        await watches.add(tx, Watch("Carol Bagley Amon"), desk.clock())
    desk.web.page("/a", page(LONG, "Judge Carol Bagley Amon agreed.", LONG), **HTML)
    await desk.publish(("/a", f"{NAME} goes home", "A deal was made."))
    assert len(await desk.views()) == 1
    assert (await desk.read()).alerts == 1


async def test_a_first_poll_and_a_whole_text_ask_for_no_page(desk: Desk) -> None:
    await desk.publish(("/b", "A long story, whole", "All of it is here. " * 120))
    await desk.read()
    assert {"/old", "/b"}.isdisjoint(desk.web.paths())


async def test_never_reads_no_page(store: Store) -> None:
    async with desk_of(store, FullText.NEVER) as desk:
        await desk.publish(("/a", "The minister goes home", "A deal was made."))
        assert (await desk.read()).read == 0
        assert desk.web.paths() == ["/feed", "/feed"]


async def test_each_sort_of_failure_is_said_in_a_line_and_disturbs_nothing(desk: Desk) -> None:
    web = desk.web
    host = f"127.0.0.1:{web.port}"
    web.page("/robots.txt", "User-agent: *\nDisallow: /forbidden")
    web.page("/big", b"<p>" + b"x" * 3_000_000, **HTML)
    web.page("/wall", "<html><body><form><input type=password></form></body></html>", **HTML)
    web.page("/signin", "<html><body>Please sign in.</body></html>", **HTML)
    web.page("/moved", status=302, location="/signin?next=/moved")
    web.page("/inside", status=302, location="http://10.0.0.1/admin")
    web.page("/paper", b"%PDF", content_type="application/pdf")
    web.page("/good", page(LONG, f"{NAME} flew.", LONG), **HTML)
    paths = ("forbidden", "big", "wall", "moved", "inside", "paper", "gone", "good")
    await desk.publish(*((f"/{one}", f"The story called {one}", "") for one in paths))
    report = await desk.read()
    assert (report.read, report.failed, report.alerts) == (2, 6, 1)
    said = {sentence for sentence, _ in (await _all(desk)).troubles}
    assert f"{host} asks in its robots.txt not to read this page." in said
    assert f"{host} shows a login instead of the article." in said
    assert f"{host} answers with application/pdf, not with a page." in said
    assert any("10.0.0.1 is a private network and not a public address" in one for one in said)
    assert any("max_bytes" in one for one in said)
    assert any("404" in one for one in said)
    assert "/forbidden" not in web.paths()
    assert (await desk.read(hours=12)).read == 0


async def _all(desk: Desk) -> PageHealth:
    async with desk.store.read() as tx:
        return await pages.health(tx, desk.clock() - timedelta(days=1), most=50)


async def test_robots_are_not_asked_where_the_operator_says_so(store: Store) -> None:
    async with desk_of(store, respect_robots=False) as desk:
        desk.web.page("/robots.txt", "User-agent: *\nDisallow: /")
        desk.web.page("/a", page(LONG, f"{NAME} flew."), **HTML)
        await desk.publish(("/a", "The minister goes home", ""))
        assert (await desk.read()).alerts == 1
        assert "/robots.txt" not in desk.web.paths()


async def test_a_page_in_trouble_is_tried_again_and_given_up_in_the_end(desk: Desk) -> None:
    desk.web.page("/a", "", status=503)
    await desk.publish(("/a", "The minister goes home", ""))
    assert (await desk.read()).failed == 1
    assert (await desk.read(minutes=4)).failed == 0
    assert (await desk.read(minutes=2)).failed == 1
    assert (await desk.health()).waiting == 1
    for _ in range(3):
        await desk.read(hours=6)
    assert (await desk.health()).failed == 1
    assert desk.web.paths().count("/a") == 5


async def test_a_page_that_recovers_is_told(desk: Desk) -> None:
    desk.web.page("/a", "", status=503)
    await desk.publish(("/a", "The minister goes home", ""))
    await desk.read()
    desk.web.page("/a", page(LONG, f"{NAME} flew."), **HTML)
    assert (await desk.read(minutes=6)).alerts == 1
    assert (await desk.health()).troubles == ()


async def test_one_source_gets_only_so_many_pages_an_hour(store: Store) -> None:
    async with desk_of(store, per_hour=3) as desk:
        for number in range(5):
            desk.web.page(f"/{number}", page(LONG, f"{NAME} flew."), **HTML)
        await desk.publish(*((f"/{n}", f"The story called {n}", "") for n in range(5)))
        assert (await desk.read()).read == 3
        assert (await desk.read(minutes=61)).read == 2


async def test_the_loop_reads_what_is_published_while_it_runs_and_never_stalls(
    desk: Desk,
) -> None:
    slow = asyncio.Event()

    async def waits(_: aioweb.Request) -> aioweb.StreamResponse:
        await slow.wait()
        return aioweb.Response(text=page(LONG), content_type="text/html")

    desk.web.program("/slow", waits)
    desk.web.page("/heavy", "<p>" * 100_000, **HTML)
    desk.web.page("/a", page(LONG, f"{NAME} flew."), **HTML)
    stop = asyncio.Event()
    running = asyncio.create_task(desk.reader.run(stop, desk.clock))
    await desk.publish(*((f"/{n}", f"The story called {n}", "") for n in ("slow", "heavy", "a")))
    longest, last, due = 0.0, time.monotonic(), []
    async with asyncio.timeout(30):
        while not due:
            await asyncio.sleep(0.01)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
            async with desk.store.read() as tx:
                due = (await items.mentioned(tx, range(10))).values()
    stop.set()
    slow.set()
    await running
    assert longest < 0.25


@pytest.mark.parametrize(
    ("item", "whole"),
    [
        (Item(summary="x" * 1_600), True),
        (Item(text="x" * 1_600), True),
        (Item(text="x" * 1_600 + " […]"), False),
        (Item(text="x" * 1_600 + "… Continue reading →"), False),
        (Item(summary="x" * 1_600 + " Leer más"), False),
        (Item(summary="Short."), False),
        (Item(), False),
    ],
)
def test_a_text_that_breaks_off_is_told_from_a_whole_one(item: Item, whole: bool) -> None:
    assert is_whole(item) is whole


def test_only_news_with_an_address_wants_its_page() -> None:
    item = Item(url="https://a.example/1", title="A")
    assert wants_page(Recorded(item, News.NEW), FullText.ALWAYS)
    assert not wants_page(Recorded(item, News.NEW, backlog=True), FullText.ALWAYS)
    assert not wants_page(Recorded(item, News.CHANGED, item), FullText.ALWAYS)
    assert not wants_page(Recorded(Item(title="A"), News.NEW), FullText.ALWAYS)
    filed = Item(url=item.url, filing=Filing())
    assert not wants_page(Recorded(filed, News.NEW), FullText.ALWAYS)
