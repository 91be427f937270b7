from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from model import FetchError
from tests.fakes import LOOPBACK, Web
from watchers.discover import USUAL_PLACES, discover
from watchers.fetch import Fetcher, FetchRules
from watchers.sandbox import Sandbox

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)


def feed(title: str, count: int = 2) -> str:
    items = "".join(
        f"<item><guid>{title}-{n}</guid><title>Story number {n} of many</title>"
        f"<link>https://example.org/{n}</link><pubDate>Wed, 18 Nov 2020 1{n}:00:00 GMT</pubDate>"
        "</item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def page(*hrefs: str) -> str:
    links = "".join(
        f"<link rel='alternate' type='application/rss+xml' href='{one}'>" for one in hrefs
    )
    return f"<html><head><title>A newspaper</title>{links}</head><body>News</body></html>"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(1) as one:
        yield one


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(FetchRules(host_gap=0, allow_networks=LOOPBACK, timeout=5)) as one:
        yield one


async def test_a_feed_is_its_own_discovery(fetcher: Fetcher, sandbox: Sandbox) -> None:
    async with Web() as web:
        url = web.page("/feed", feed("News"))
        (found,) = await discover(fetcher, sandbox, url, NOW)
    assert (found.url, found.title, found.items) == (url, "News", 2)
    assert found.newest == datetime(2020, 11, 18, 11, 0, tzinfo=UTC)
    assert found.as_source().name == "News"


async def test_a_site_points_to_its_feeds(fetcher: Fetcher, sandbox: Sandbox) -> None:
    async with Web() as web:
        web.page("/", page("/a.xml", "/b.xml", "/dead.xml", "/a.xml"), Content_Type="text/html")
        web.page("/a.xml", feed("First"))
        web.page("/b.xml", feed("Second", 1))
        found = await discover(fetcher, sandbox, web.url("/"), NOW)
        assert web.paths().count("/a.xml") == 1
    assert [one.title for one in found] == ["First", "Second"]


async def test_a_site_without_scheme_is_asked_over_https_then_http(
    fetcher: Fetcher, sandbox: Sandbox
) -> None:
    async with Web() as web:
        web.page("/", feed("News"))
        (found,) = await discover(fetcher, sandbox, f"127.0.0.1:{web.port}", NOW)
    assert found.url == f"http://127.0.0.1:{web.port}"


async def test_a_feed_nobody_points_to_is_looked_for_in_the_usual_places(
    fetcher: Fetcher, sandbox: Sandbox
) -> None:
    async with Web() as web:
        web.page("/news", page(), Content_Type="text/html")
        web.page("/rss.xml", feed("Hidden"))
        (found,) = await discover(fetcher, sandbox, web.url("/news"), NOW)
        assert web.paths() == ["/news", "/feed/", "/rss", "/rss.xml"]
    assert found.title == "Hidden"


async def test_a_site_that_refuses_its_pages_may_still_have_a_feed(
    fetcher: Fetcher, sandbox: Sandbox
) -> None:
    async with Web() as web:
        web.page("/", "no", status=403)
        web.page("/feed/", feed("Open"))
        (found,) = await discover(fetcher, sandbox, web.url("/"), NOW)
    assert found.title == "Open"


async def test_a_site_without_a_feed_has_none(fetcher: Fetcher, sandbox: Sandbox) -> None:
    async with Web() as web:
        web.page("/", page(), Content_Type="text/html")
        assert await discover(fetcher, sandbox, web.url("/"), NOW) == []
        assert len(web.asked) == 1 + len(USUAL_PLACES)


async def test_a_site_that_refuses_everything_says_so(fetcher: Fetcher, sandbox: Sandbox) -> None:
    async with Web() as web:
        web.page("/", "no", status=403)
        with pytest.raises(FetchError, match="refuses automatic readers"):
            await discover(fetcher, sandbox, web.url("/"), NOW)


async def test_an_address_that_moved_is_offered_where_it_is_now(
    fetcher: Fetcher, sandbox: Sandbox
) -> None:
    async with Web() as web:
        web.page("/new", feed("News"))
        url = web.page("/old", "", status=301, Location="/new")
        (found,) = await discover(fetcher, sandbox, url, NOW)
        assert found.url == web.url("/new")


async def test_an_address_out_of_reach_is_a_sentence(fetcher: Fetcher, sandbox: Sandbox) -> None:
    with pytest.raises(FetchError, match="allow_networks"):
        await discover(fetcher, sandbox, "http://10.1.2.3/feed", NOW)
    with pytest.raises(FetchError, match="no address to ask"):
        await discover(fetcher, sandbox, "", NOW)
