"""Feeds written for tests, and what it takes to have them read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from matching.same import item_keys
from model import Item, Page, Source
from watchers.answer import Answer
from watchers.reading import read_feed

ADDRESS = "http://outlet.example/news/feed.xml"
SOURCE = Source(7, ADDRESS, ADDRESS, name="The Outlet")
NOW = datetime(2020, 11, 20, 12, 0, tzinfo=UTC)


def rss(*items: str, head: str = "<title>The Outlet</title>", declaration: str = "") -> bytes:
    """Return an RSS 2.0 document."""
    body = "".join(items)
    text = f'{declaration}<rss version="2.0"><channel>{head}{body}</channel></rss>'
    return text.encode()


def item(
    guid: str = "", link: str = "", title: str = "", summary: str = "", extra: str = ""
) -> str:
    """Return an RSS item; what is empty is left out."""
    parts = {"guid": guid, "link": link, "title": title, "description": summary}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inner}{extra}</item>"


def story(number: int, extra: str = "") -> str:
    """Return one of many items, each different."""
    return item(
        guid=f"guid-{number}",
        link=f"http://outlet.example/{number}",
        title=f"Story number {number}",
        summary=f"What happened in story {number} &lt;b&gt;and&lt;/b&gt; why.",
        extra=extra,
    )


def stories(count: int, start: int = 0) -> list[str]:
    """Return so many different items."""
    return [story(number) for number in range(start, start + count)]


def many_attributes(count: int) -> str:
    """Return an element on which feedparser's time grows with the square of `count`."""
    return "<x " + " ".join(f'a{number}=""' for number in range(count)) + "/>"


def answer(body: bytes, headers: Mapping[str, str] | None = None, *, cut: bool = False) -> Answer:
    """Return an Answer with this body."""
    return Answer(ADDRESS, 200, headers or {}, body, NOW, cut)


def read(body: bytes, known: bytes = b"", source: Source = SOURCE, **headers: str) -> Page:
    """Read one slice in this process."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_feed(source, answer(body, sent), known)


def only(page: Page) -> Item:
    """Return the one Item of a Page."""
    [found] = page.items
    return found


def key_of(found: Item) -> bytes:
    """Return the digest of an Item's key."""
    return item_keys(found).key
