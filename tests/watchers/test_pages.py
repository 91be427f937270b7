"""What is read from an article's own page, in the sandbox and as it comes out of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from model import ParseError
from watchers.answer import Article
from watchers.sandbox import Limits, Sandbox

URL = "https://news.example/2020/11/general?utm_source=feed"
NAME = "Salvador Cienfuegos Zepeda"
LONG = "The prosecutors asked the court for time and the court gave it to them on Thursday. " * 4


def page(*paragraphs: str, head: str = "", around: str = "") -> bytes:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f'<html lang="es"><head><title>A general goes home | The Herald</title>{head}</head>'
        f"<body><nav><a href=/a>World</a><a href=/b>Sport</a></nav>"
        f"<article><h1>A general goes home</h1>{body}</article>{around}</body></html>"
    ).encode()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(children=1) as one:
        yield one


async def test_an_article_comes_out_in_paragraphs(sandbox: Sandbox) -> None:
    names = f"The order names {NAME}, the former minister of defence, in its second line."
    read = await sandbox.article(page(LONG, names, LONG, LONG), URL)
    assert read.title == "A general goes home"
    assert read.paragraphs[1] == names
    assert "Sport" not in read.text
    assert (read.url, read.lang, read.wall) == (URL, "es", "")


async def test_a_short_article_keeps_its_paragraphs_too(sandbox: Sandbox) -> None:
    read = await sandbox.article(page("It rained.", f"{NAME} was named."), URL)
    assert read.paragraphs[1] == f"{NAME} was named."


async def test_what_the_page_says_of_itself_is_kept(sandbox: Sandbox) -> None:
    head = (
        '<link rel="canonical" href="/2020/11/general">'
        '<meta property="og:title" content="The general is home">'
        '<meta property="article:published_time" content="2020-11-18T19:00:00Z">'
    )
    read = await sandbox.article(page(LONG, LONG, head=head), URL)
    assert read.url == "https://news.example/2020/11/general"
    assert (read.title, read.published) == ("The general is home", "2020-11-18T19:00:00Z")


async def test_a_front_page_is_nobodys_canonical_address(sandbox: Sandbox) -> None:
    read = await sandbox.article(page(LONG, head='<link rel="canonical" href="/">'), URL)
    assert read.url == URL


async def test_a_date_is_found_in_linked_data(sandbox: Sandbox) -> None:
    said = '{"@graph": [{"@type": "NewsArticle", "datePublished": "2020-11-18"}]}'
    head = f'<script type="application/ld+json">{said}</script>'
    assert (await sandbox.article(page(LONG, head=head), URL)).published == "2020-11-18"


@pytest.mark.parametrize(
    ("html", "wall"),
    [
        (page("Sign in.", around='<form><input type="password"></form>'), "login"),
        (b'<html><body><input type="password"></body></html>', "login"),
        (page("The first lines.", around='<div class="paywall">Subscribe</div>'), "paywall"),
        (
            page("Lead.", head='<meta property="article:content_tier" content="locked">'),
            "paywall",
        ),
        (
            page(
                "Lead.",
                head='<script type="application/ld+json">'
                '{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>',
            ),
            "paywall",
        ),
        (page("Lead."), ""),
        (page(LONG * 3, around='<form><input type="password"></form>'), ""),
    ],
)
async def test_a_wall_is_told_from_an_article(sandbox: Sandbox, html: bytes, wall: str) -> None:
    assert (await sandbox.article(html, URL)).wall == wall


async def test_other_alphabets_and_charsets_are_read(sandbox: Sandbox) -> None:
    text = "Задержан генерал Сьенфуэгос, сообщили в прокуратуре."
    html = page(text, text, text).decode().encode("windows-1251")
    assert text in (await sandbox.article(html, URL, "windows-1251")).paragraphs


async def test_a_page_without_words_is_said_to_be_one(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError, match="holds no text"):
        await sandbox.article(b"<html><body><img src=x></body></html>", URL)


async def test_a_page_that_takes_too_long_is_given_up_and_the_loop_goes_on() -> None:
    hostile = b"<p>" * 400_000
    async with Sandbox(children=1, limits=Limits(seconds=0.5)) as sandbox:
        reading = asyncio.create_task(sandbox.article(hostile, URL))
        longest, last = 0.0, time.monotonic()
        while not reading.done():
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        with pytest.raises(ParseError, match=r"takes longer than 0\.5 seconds"):
            await reading
        assert longest < 0.25
        assert (await sandbox.article(page(LONG), URL)).title == "A general goes home"


def test_paragraphs_of_nothing_are_none() -> None:
    assert Article().paragraphs == ()
