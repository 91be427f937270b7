"""robots.txt as RFC 9309 has it, and as sites write it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from model import FetchError
from tests.fakes import LOOPBACK, Clock, Web
from watchers.fetch import Fetcher, FetchRules
from watchers.robots import RobotsBook, read_robots

RULES = """\
# for everybody
User-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*?print=
Disallow: /*.pdf$

User-agent: othersbot
User-agent: Vigil/2.0
Disallow: /news/
Crawl-delay: 10
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private/a", False),
        ("/private/open", True),
        ("/story?print=1", False),
        ("/story", True),
        ("/a.pdf", False),
        ("/a.pdf?x", True),
        ("/%70rivate/a", False),
        ("/robots.txt", True),
    ],
)
def test_the_longest_rule_decides(path: str, allowed: bool) -> None:
    assert read_robots(RULES, "somebody").allows(path) is allowed


def test_a_group_of_our_own_is_all_that_counts_for_us() -> None:
    robots = read_robots(RULES)
    assert not robots.allows("/news/1")
    assert robots.allows("/private/a")


@pytest.mark.parametrize(
    "text",
    ["", "<html><body>Not found: /</body></html>", "User-agent: *\nDisallow:", "Disallow: /"],
)
def test_what_forbids_nothing_allows_everything(text: str) -> None:
    assert read_robots(text).allows("/any")


def test_accents_are_compared_however_they_are_written() -> None:
    assert not read_robots("User-agent: *\nDisallow: /sección/").allows("/secci%C3%B3n/1")


def test_hostile_patterns_cost_no_time() -> None:
    rules = "User-agent: *\nDisallow: /" + "*a" * 5_000 + "$\n"
    assert read_robots(rules * 200).allows("/" + "a" * 4_000 + "b")


async def test_a_site_is_asked_once_a_day() -> None:
    clock = Clock()
    async with Web() as web, Fetcher(FetchRules(host_gap=0, allow_networks=LOOPBACK)) as fetcher:
        web.page("/robots.txt", "User-agent: *\nDisallow: /no")
        book = RobotsBook(fetcher)
        assert await book.allows(web.url("/yes"), clock())
        assert not await book.allows(web.url("/no"), clock())
        assert web.paths() == ["/robots.txt"]
        web.page("/robots.txt", "")
        assert await book.allows(web.url("/no"), clock() + timedelta(hours=25))


async def test_no_robots_txt_allows_and_a_site_in_trouble_allows_nothing_for_now() -> None:
    clock = Clock()
    async with Web() as web, Fetcher(FetchRules(host_gap=0, allow_networks=LOOPBACK)) as fetcher:
        assert await RobotsBook(fetcher).allows(web.url("/a"), clock())
        web.page("/robots.txt", "", status=503)
        with pytest.raises(FetchError, match="503"):
            await RobotsBook(fetcher).allows(web.url("/a"), clock())
