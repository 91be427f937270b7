"""What is offered for a site without a feed, and what becomes of it once it is watched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from model import NewSource, Source
from store import items, sources, versions
from store.engine import Store
from tests.fakes import LOOPBACK, Clock, Web
from tests.watchers.test_articles import HTML, LONG, NAME, Desk, desk_of, page
from tests.watchers.test_sitemap_kind import index, row, sitemap
from watchers.answer import Answer
from watchers.fetch import Fetcher, FetchRules
from watchers.kinds.links import PageLinks
from watchers.sandbox import Sandbox
from watchers.without_feed import without_feed

NOW = Clock().now
SITE = "https://a.example/"
LINKS = "".join(f"<a href='/nota/{n}'>La nota del día {n}</a>" for n in range(10_000, 10_004))


@pytest.fixture
async def tools() -> AsyncIterator[tuple[Fetcher, Sandbox]]:
    rules = FetchRules(host_gap=0, allow_networks=LOOPBACK, timeout=5)
    async with Fetcher(rules) as fetcher, Sandbox(1) as sandbox:
        yield fetcher, sandbox


async def test_the_sitemap_that_robots_txt_calls_news_is_looked_at_first(
    web: Web, tools: tuple[Fetcher, Sandbox]
) -> None:
    named = f"Sitemap: {web.url('/all.xml')}\nSitemap: {web.url('/my-news.xml')}"
    web.page("/robots.txt", named)
    web.page("/all.xml", sitemap(row("/x", "Everything else there is")))
    web.page("/my-news.xml", sitemap(*(row(f"/{n}", f"Nota {n}", days=n / 10) for n in range(30))))
    found = await without_feed(*tools, web.url("/"), NOW)
    assert found is not None
    assert (found.kind, found.url, found.per_day) == ("sitemap", web.url("/my-news.xml"), 10)
    assert found.newest == NOW
    assert "/all.xml" not in web.paths()
    assert found.as_source() == NewSource(web.url("/my-news.xml"), "Ríodoce", "sitemap")


async def test_an_index_is_offered_by_what_its_sitemaps_list(
    web: Web, tools: tuple[Fetcher, Sandbox]
) -> None:
    web.page("/sitemap_index.xml", index([(web.url("/posts.xml"), NOW.isoformat())]))
    web.page("/posts.xml", sitemap(row("/a-new-story-today"), row("/b", "Another one")))
    found = await without_feed(*tools, web.url("/"), NOW)
    assert found is not None
    assert (found.kind, found.url, found.per_day) == ("sitemap", web.url("/sitemap_index.xml"), 1)


async def test_a_sitemap_without_news_is_passed_over_for_the_pages_links(
    web: Web, tools: tuple[Fetcher, Sandbox]
) -> None:
    web.page("/sitemap.xml", sitemap(row("/about-us-and-our-staff", days=5)))
    web.page("/", LINKS, **HTML)
    found = await without_feed(*tools, web.url("/"), NOW)
    assert found is not None
    assert (found.kind, found.items) == ("links", 4)


async def test_a_page_that_robots_forbid_is_not_offered(
    web: Web, tools: tuple[Fetcher, Sandbox]
) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /")
    web.page("/", LINKS, **HTML)
    assert await without_feed(*tools, web.url("/"), NOW) is None
    assert await without_feed(*tools, web.url("/"), NOW, robots=False) is not None


def test_a_page_that_broke_off_keeps_its_last_link_to_itself() -> None:
    whole, broken = (Answer(SITE, 200, HTML, LINKS.encode(), NOW, cut) for cut in (False, True))
    source = Source(1, SITE, SITE, "El Sitio", "links")
    pages = [PageLinks().parse(source, one) for one in (whole, broken)]
    addresses = [[one.url for one in page.items] for page in pages]
    assert addresses[0][:-1] == addresses[1]
    later = PageLinks().parse(source, whole, pages[1].known)
    assert [one.url for one in later.items] == addresses[0][-1:]


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with desk_of(store, corrections=True) as one:
        yield one


async def added(desk: Desk, kind: str, path: str) -> None:
    async with desk.store.write() as tx:
        await sources.add(tx, NewSource(desk.web.url(path), "El Sitio", kind), desk.clock())


async def polled(desk: Desk) -> None:
    desk.clock.turn(minutes=30)
    await desk.poller.poll_all(desk.clock())


async def test_what_a_watched_page_held_already_is_never_told_and_what_comes_is(
    desk: Desk,
) -> None:
    desk.web.page("/front", f"<a href='/nota/10001'>{NAME} en la corte</a>", **HTML)
    await added(desk, "links", "/front")
    await polled(desk)
    assert await desk.due() == []
    both = (
        f"<a href='/nota/10001'>{NAME} en la corte</a><a href='/nota/10002'>Una nota nueva hoy</a>"
    )
    desk.web.page("/front", both, **HTML)
    desk.web.page("/nota/10002", page(LONG, f"La orden nombra a {NAME}.", LONG), **HTML)
    await polled(desk)
    assert await desk.due() == []
    assert (await desk.read()).alerts == 1
    (view,) = await desk.views()
    assert view.items[0].title == "The minister goes home"
    async with desk.store.read() as tx:
        kept = await versions.of(tx, [view.items[0].id])
    assert [one.title for one in kept] == ["Una nota nueva hoy", "The minister goes home"]


async def test_a_sitemap_that_gives_no_headline_has_the_pages(desk: Desk) -> None:
    address = desk.web.url("")
    desk.web.page("/map.xml", sitemap(row("/old-story-of-before", base=address)))
    await added(desk, "sitemap", "/map.xml")
    await polled(desk)
    told = page(LONG, f"La orden nombra a {NAME}.", LONG).replace(
        "<body>",
        f"<meta property='article:published_time' content='{desk.clock().isoformat()}'><body>",
    )
    desk.web.page("/general-goes-home-again", told, **HTML)
    rows = [row(one, base=address) for one in ("/general-goes-home-again", "/old-story-of-before")]
    desk.web.page("/map.xml", sitemap(*rows))
    await polled(desk)
    async with desk.store.read() as tx:
        (newest, *_) = await items.history(tx)
    assert newest.title == "general goes home again"
    published = desk.clock() - timedelta(minutes=30)
    assert (await desk.read()).alerts == 1
    (view,) = await desk.views()
    assert (view.items[0].title, view.items[0].published_at) == (
        "The minister goes home",
        published,
    )
