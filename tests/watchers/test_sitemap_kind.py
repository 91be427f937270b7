"""Sites without a feed: their news sitemap, and a page's links."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from model import Claim, Pace, ParseError, Source, SourceState
from tests.fakes import LOOPBACK, Clock, Web
from watchers.answer import Answer
from watchers.ask import Asker, Outcome, Result
from watchers.fetch import Fetcher, FetchRules
from watchers.front import MOST as LINKS_MOST
from watchers.front import FrontPage
from watchers.index import Known
from watchers.kinds import KINDS
from watchers.robots import RobotsBook
from watchers.sandbox import Sandbox
from watchers.sitemap import LARGEST, MOST, Sitemap, instant, slug_words

NOW = Clock().now
URLSET = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def row(path: str, title: str = "", *, days: float = 0.1, base: str = "https://a.example") -> str:
    at = (NOW - timedelta(days=days)).isoformat()
    news = (
        "<news:news><news:publication><news:name>Ríodoce</news:name><news:language>es"
        "</news:language></news:publication>"
        f"<news:publication_date>{at}</news:publication_date><news:title>{title}</news:title>"
        "</news:news>"
    )
    shown = "<image:image><image:loc>https://a.example/p.jpg</image:loc></image:image>"
    last = f"<lastmod>{at}</lastmod>"
    return f"<url><loc>{base}{path}</loc>{news if title else last}{shown}</url>"


def sitemap(*rows: str) -> str:
    return URLSET + "".join(rows) + "</urlset>"


def index(children: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>"
        for url, at in children
    )
    return (
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</sitemapindex>"
    )


def claim(url: str, kind: str = "sitemap", state: SourceState | None = None) -> Claim:
    return Claim(Source(5, url, url, kind=kind), Pace(), state or SourceState(), "me", 1)


def after(result: Result) -> SourceState:
    assert result.state is not None
    return result.state


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    rules = FetchRules(host_gap=0, allow_networks=LOOPBACK, timeout=5)
    async with Fetcher(rules) as fetcher, Sandbox(1) as sandbox:
        yield Asker(fetcher, sandbox, KINDS, RobotsBook(fetcher).allows)


async def test_a_news_sitemap_gives_an_item_for_each_address_with_its_headline(
    web: Web, asker: Asker
) -> None:
    url = web.page("/news.xml", sitemap(row("/a", "El general regresa"), row("/b", "Otra nota")))
    result = await asker.ask(claim(url), NOW)
    first = result.items[0]
    assert (first.title, first.url, first.key) == (
        "El general regresa", "https://a.example/a", "https://a.example/a",
    )  # fmt: skip
    assert (first.lang, first.source) == ("es", "Ríodoce")
    assert first.published_at == NOW - timedelta(days=0.1)
    assert first.capture is not None
    assert first.capture.url == url
    web.page("/news.xml", sitemap(row("/c", "La tercera nota"), row("/a", "El general regresa")))
    again = await asker.ask(claim(url, state=after(result)), NOW)
    assert [one.title for one in again.items] == ["La tercera nota"]


async def test_a_changed_date_is_no_news_and_a_changed_headline_is_read(
    web: Web, asker: Asker
) -> None:
    url = web.page("/news.xml", sitemap(row("/a", "El general regresa")))
    state = after(await asker.ask(claim(url), NOW))
    web.page("/news.xml", sitemap(row("/a", "El general regresa", days=0.05)))
    second = await asker.ask(claim(url, state=state), NOW)
    assert second.items == ()
    web.page("/news.xml", sitemap(row("/a", "El general regresa a casa")))
    third = await asker.ask(claim(url, state=after(second)), NOW)
    assert [one.title for one in third.items] == ["El general regresa a casa"]
    web.page("/news.xml", sitemap(row("/a", "El general regresa")))
    back = await asker.ask(claim(url, state=after(third)), NOW)
    assert [one.title for one in back.items] == ["El general regresa"]


async def test_a_compressed_sitemap_is_read(web: Web, asker: Asker) -> None:
    body = gzip.compress(sitemap(row("/a", "El general regresa")).encode())
    url = web.page("/news.xml.gz", body, content_type="application/gzip")
    assert len((await asker.ask(claim(url), NOW)).items) == 1


async def test_what_is_dated_long_ago_is_no_news(web: Web, asker: Asker) -> None:
    url = web.page(
        "/s.xml", sitemap(row("/old-story-of-theirs", days=30), row("/a-new-story-here"))
    )
    result = await asker.ask(claim(url), NOW)
    assert [(one.title, one.url) for one in result.items] == [
        ("new story here", "https://a.example/a-new-story-here")
    ]


async def test_the_newest_sitemaps_of_an_index_are_followed_and_asked_again_when_they_change(
    web: Web, asker: Asker
) -> None:
    day = [(NOW - timedelta(days=n)).isoformat() for n in range(9)]
    children = [(web.url(f"/posts-{n}.xml"), day[n]) for n in range(1, 6)]
    for number in range(1, 6):
        web.page(f"/posts-{number}.xml", sitemap(row(f"/{number}", f"The story number {number}")))
    tags = (web.url("/tag-sitemap.xml"), day[0])
    url = web.page("/index.xml", index([tags, *children]), ETag='"1"')
    first = await asker.ask(claim(url), NOW)
    assert sorted(one.key for one in first.items) == [
        "https://a.example/1", "https://a.example/2", "https://a.example/3",
    ]  # fmt: skip
    assert "/tag-sitemap.xml" not in web.paths()
    same = await asker.ask(claim(url, state=after(first)), NOW)
    assert same.outcome is Outcome.UNCHANGED
    asked = len(web.asked)
    web.page("/posts-1.xml", sitemap(row("/1", "The story number 1"), row("/9", "A new story")))
    web.page("/index.xml", index([(children[0][0], day[0]), *children[1:]]), ETag='"2"')
    second = await asker.ask(claim(url, state=after(first)), NOW)
    assert [one.title for one in second.items] == ["A new story"]
    assert web.paths()[asked:] == ["/index.xml", "/posts-1.xml"]


async def test_an_index_that_says_no_dates_is_followed_each_time(web: Web, asker: Asker) -> None:
    url = web.page("/index.xml", index([(web.url("/news.xml"), "")]))
    web.page("/news.xml", sitemap(row("/a", "The first story")))
    first = await asker.ask(claim(url), NOW)
    web.page("/news.xml", sitemap(row("/a", "The first story"), row("/b", "The second story")))
    second = await asker.ask(claim(url, state=after(first)), NOW)
    assert [one.title for one in second.items] == ["The second story"]


@pytest.mark.parametrize(("days", "again"), [(0, True), (3, False)], ids=["today", "days ago"])
async def test_a_sitemap_dated_by_the_day_is_read_again_until_that_is_over(
    web: Web, asker: Asker, days: int, again: bool
) -> None:
    day = (NOW - timedelta(days=days)).date().isoformat()
    url = web.page("/index.xml", index([(web.url("/news.xml"), day)]), ETag='"1"')
    web.page("/news.xml", sitemap(row("/a", "The first story")))
    first = await asker.ask(claim(url), NOW)
    web.page("/news.xml", sitemap(row("/a", "The first story"), row("/b", "The second story")))
    second = await asker.ask(claim(url, state=after(first)), NOW)
    assert [one.title for one in second.items] == ["The second story"] * again


async def test_a_sitemap_of_an_index_that_breaks_off_is_asked_again(web: Web, asker: Asker) -> None:
    moment = (NOW - timedelta(hours=1)).isoformat()
    url = web.page("/i.xml", index([(web.url("/news.xml"), moment)]), ETag='"1"')
    whole = sitemap(row("/a", "The first story"), row("/b", "The second story"))
    web.page("/news.xml", whole[: whole.index("/b")])
    first = await asker.ask(claim(url), NOW)
    assert [one.title for one in first.items] == ["The first story"]
    web.page("/news.xml", whole)
    second = await asker.ask(claim(url, state=after(first)), NOW)
    assert [one.title for one in second.items] == ["The second story"]


async def test_a_sitemap_of_an_index_that_fails_is_asked_again_and_costs_no_other(
    web: Web, asker: Asker
) -> None:
    day = (NOW - timedelta(days=1)).isoformat()
    url = web.page("/i.xml", index([(web.url("/gone.xml"), day), (web.url("/good.xml"), day)]))
    web.page("/good.xml", sitemap(row("/a", "The first story")))
    first = await asker.ask(claim(url), NOW)
    assert [one.title for one in first.items] == ["The first story"]
    web.page("/gone.xml", sitemap(row("/b", "The second story")))
    second = await asker.ask(claim(url, state=after(first)), NOW)
    assert [one.title for one in second.items] == ["The second story"]


async def test_an_index_none_of_whose_sitemaps_answer_fails(web: Web, asker: Asker) -> None:
    url = web.page("/i.xml", index([(web.url("/gone.xml"), "")]))
    result = await asker.ask(claim(url), NOW)
    assert result.outcome is Outcome.FAILED
    assert "404" in result.error


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><body>hello</body></html>", "begins with <html>"),
        (b"", "not a sitemap"),
        (b"\x1f\x8bnonsense", "damaged"),
        (gzip.compress(b"<urlset>" + b" " * (LARGEST + 1)), "too large"),
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset/>', "entity"),
    ],
)
def test_what_is_no_sitemap_is_refused_in_a_sentence(body: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        Sitemap(body, NOW)


def test_of_a_huge_sitemap_the_newest_addresses_count() -> None:
    rows = [row(f"/story-number-{n}-of-many", days=n / 1_000) for n in range(MOST + 500)]
    found = Sitemap(sitemap(*rows).encode(), NOW)
    assert len(found.hashes) == MOST
    assert found.read((0,))[0].link == "https://a.example/story-number-0-of-many"


def test_a_sitemap_that_ends_early_gives_what_it_holds() -> None:
    whole = sitemap(row("/a", "The first story"), row("/b", "The second story"))
    found = Sitemap(whole[: whole.index("/b") + 4].encode(), NOW)
    assert found.cut
    assert len(found.hashes) == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://a.example/2020/11/general-cienfuegos-regresa.html", "general cienfuegos regresa"),
        ("https://a.example/exsecretario-de-defensa-libre/1234", "exsecretario de defensa libre"),
        ("https://a.example/12345", ""),
        ("https://a.example/news/", ""),
    ],
)
def test_an_address_without_a_headline_lends_its_words(address: str, words: str) -> None:
    assert slug_words(address) == words


PAGE = """<html lang="es"><head><title>Ríodoce</title></head><body>
<nav><a href="/">Inicio</a><a href="/tag/culiacan-y-su-gente">Culiacán y su gente</a>
<a href="https://other.example/an-article-of-somebody-else">An article of somebody else</a></nav>
<a href="/2020/11/general-cienfuegos-regresa-a-mexico/"><img><h2>El general Cienfuegos regresa</h2>
<p>Una larga entradilla que no es el titular</p></a>
<a href="/2020/11/general-cienfuegos-regresa-a-mexico/?utm_source=x">Leer más</a>
<a href="/nota/123456">La fiscalía retira los cargos</a>
<a href="/2020/11/sin-palabras-en-su-enlace/"><img></a>
<a href="/foto-de-la-portada-grande.jpg">La foto de la portada</a>%s</body></html>"""


async def test_a_pages_links_to_articles_are_its_items(web: Web, asker: Asker) -> None:
    url = web.page("/", PAGE % "", content_type="text/html; charset=utf-8")
    result = await asker.ask(claim(url, "links"), NOW)
    base = web.url("")
    assert [(one.title, one.url.removeprefix(base), one.lang) for one in result.items] == [
        ("El general Cienfuegos regresa", "/2020/11/general-cienfuegos-regresa-a-mexico/", "es"),
        ("La fiscalía retira los cargos", "/nota/123456", "es"),
    ]
    more = "<a href='/nota/123457'>Una nota nueva de hoy</a>"
    more += "<a href='/nota/123456'>Otro titular aquí</a>"
    web.page("/", PAGE % more, content_type="text/html; charset=utf-8")
    second = await asker.ask(claim(url, "links", after(result)), NOW)
    assert [one.title for one in second.items] == ["Una nota nueva de hoy"]


async def test_a_link_that_comes_back_is_no_news(web: Web, asker: Asker) -> None:
    url = web.page("/", PAGE % "")
    first = await asker.ask(claim(url, "links"), NOW)
    web.page("/", "<a href='/nota/999999'>Solo una nota de hoy</a>")
    second = await asker.ask(claim(url, "links", after(first)), NOW)
    web.page("/", (PAGE % "").replace("general Cienfuegos", "exsecretario"))
    third = await asker.ask(claim(url, "links", after(second)), NOW)
    assert (len(second.items), third.items) == (1, ())


async def test_a_page_without_links_to_articles_says_so(web: Web, asker: Asker) -> None:
    url = web.page("/", "<html><script>render()</script><a href='/about'>About us here</a></html>")
    result = await asker.ask(claim(url, "links"), NOW)
    assert result.outcome is Outcome.FAILED
    assert "no links to articles" in result.error


async def test_a_page_that_robots_may_not_read_is_left_alone_and_a_sitemap_is_not(
    web: Web, asker: Asker
) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /")
    url = web.page("/front", PAGE % "")
    result = await asker.ask(claim(url, "links"), NOW)
    assert result.outcome is Outcome.FAILED
    assert "asks in its robots.txt not to read this page" in result.error
    assert "/front" not in web.paths()
    listed = web.page("/news.xml", sitemap(row("/a", "El general regresa")))
    assert (await asker.ask(claim(listed), NOW)).outcome is Outcome.NEW


def test_what_is_remembered_is_bounded_and_the_newest_of_a_key_counts() -> None:
    old = Known({b"a" * 8: b"k" * 16, b"b" * 8: b"l" * 16})
    new = Known({b"c" * 8: b"k" * 16})
    assert old.joined(new, 10).keys == {b"b" * 8: b"l" * 16, b"c" * 8: b"k" * 16}
    assert old.joined(new, 1).keys == new.keys


async def test_a_sitemap_survives_being_read_in_slices(web: Web) -> None:
    async with Sandbox(1) as sandbox:
        rows = [row(f"/{n}", f"The story number {n}") for n in range(1_200)]
        answer = Answer("https://a.example/s.xml", body=sitemap(*rows).encode(), at=NOW)
        source = Source(5, answer.url, answer.url, kind="sitemap")
        page = await sandbox.parse("sitemap", source, answer)
        assert len(page.items) == 1_200
        again = await sandbox.parse("sitemap", source, replace(answer), page.known)
        assert again.items == ()


@pytest.mark.parametrize(
    "written", ["", "yesterday", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "20"]
)
def test_a_date_that_is_none_is_left_out(written: str) -> None:
    assert instant(written) is None


def test_a_page_of_a_hundred_thousand_links_is_looked_at_no_further_than_its_first_ones() -> None:
    many = "".join(f"<a href='/una-nota-nueva-{n}'>La nota nueva {n}</a>" for n in range(10_000))
    found = FrontPage(many.encode(), "https://a.example/")
    assert len(found.hashes) == LINKS_MOST


async def test_a_sitemap_of_all_that_a_site_ever_published_is_read_within_the_sandbox() -> None:
    rows = "".join(row(f"/una-nota-vieja-{n}", days=n / 1_000 + 0.1) for n in range(40_000))
    answer = Answer("https://a.example/s.xml", body=sitemap(rows).encode(), at=NOW)
    async with Sandbox(1) as sandbox:
        page = await sandbox.parse("sitemap", Source(5, answer.url, answer.url), answer)
    assert len(page.items) == MOST
