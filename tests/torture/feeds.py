"""Feeds that offer numbered items through a window that slides, and note who was served what."""

from __future__ import annotations

import asyncio
import random
import re
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from types import TracebackType
from typing import Self

from aiohttp import web

NAME = "Salvador Cienfuegos Zepeda"
WINDOW = 15
"""Items a feed shows at once."""
NUMBER = re.compile(r"Dispatch (\d{5})\b")
_TROUBLES = ("500", "500", "half", "half", "half", "login", "login", "cut")
_TOWNS = ("Guadalajara", "Tepic", "Colima", "Culiacan", "Durango", "Saltillo", "Morelia", "Xalapa")


@dataclass(frozen=True, slots=True)
class Offer:
    """One item a feed offers."""

    number: int
    feed: int
    matching: bool

    def xml(self) -> str:
        who = NAME if self.matching else "The mayor of a small town"
        town = _TOWNS[self.number % len(_TOWNS)]
        own = _own_words(self.number)
        return (
            f"<item><title>Dispatch {self.number:05d} from {town}: {own[:50]}</title>"
            f"<link>http://ledger.example/{self.feed}/{self.number}</link>"
            f'<guid isPermaLink="false">f{self.feed}-{self.number}</guid>'
            f"<description>{who} {own[50:]}.</description></item>"
        )


def _own_words(number: int) -> str:
    """Words of nine letters that no other item has: each is a story of its own."""
    chance = random.Random(number)
    return " ".join("".join(chance.choices("bdfglmnprstv", k=9)) for _ in range(12))


@dataclass(slots=True)
class Asked:
    """A request a feed was asked, and what it showed in answer."""

    at: float
    run: int
    feed: int
    shown: frozenset[int]
    """Numbers of the items in a whole answer, a 304 included; empty: nothing usable."""
    whole: bool
    validator: str
    """The If-None-Match that came."""
    alone: frozenset[int] = frozenset()
    """Numbers of the items that stood whole in an answer that broke off."""


@dataclass(slots=True)
class _Feed:
    window: deque[Offer] = field(default_factory=lambda: deque(maxlen=WINDOW))
    version: int = 0


class Feeds:
    """A server on loopback with some feeds; `run` says which life of the program is asking."""

    def __init__(self, chance: random.Random, count: int = 3, *, trouble: float = 0.0) -> None:
        self.offers: dict[int, Offer] = {}
        self.asked: list[Asked] = []
        self.run = 0
        self.trouble = trouble
        self.came = asyncio.Condition()
        self._chance = chance
        self._feeds = [_Feed() for _ in range(count)]
        self._runner: web.AppRunner | None = None
        self._url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{feed:\\d+}.xml", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def urls(self) -> list[str]:
        return [f"{self._url}/{number}.xml" for number in range(len(self._feeds))]

    def offer(self, *, matching: bool, feed: int | None = None) -> Offer:
        """Put a new item at the top of a feed; what falls out of its window is gone for ever."""
        if feed is None:
            feed = self._chance.randrange(len(self._feeds))
        made = Offer(len(self.offers) + 1, feed, matching)
        self.offers[made.number] = made
        self._feeds[feed].window.appendleft(made)
        self._feeds[feed].version += 1
        return made

    def in_window(self) -> set[int]:
        """Return the numbers that are offered at this moment."""
        return {one.number for feed in self._feeds for one in feed.window}

    async def all_asked(self, times: int, since: float, patience: float = 60.0) -> None:
        """Wait until every feed has been asked `times` times since the monotonic `since`."""

        def enough() -> bool:
            recent = [one.feed for one in self.asked if one.at >= since]
            return all(recent.count(number) >= times for number in range(len(self._feeds)))

        async with asyncio.timeout(patience), self.came:
            await self.came.wait_for(enough)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["feed"])
        feed = self._feeds[number]
        tag = request.headers.get("If-None-Match", "")
        shown = frozenset(one.number for one in feed.window)
        asked = Asked(
            asyncio.get_running_loop().time(), self.run, number, shown, whole=True, validator=tag
        )
        self.asked.append(asked)
        async with self.came:
            self.came.notify_all()
        if self._chance.random() < self.trouble:
            asked.whole = False
            return await self._spoil(request, feed, asked)
        etag = f'"whole-{number}-{feed.version}"'
        if tag == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=_document(feed), headers=_headers(etag))

    async def _spoil(self, request: web.Request, feed: _Feed, asked: Asked) -> web.StreamResponse:
        body, what = _document(feed), self._chance.choice(_TROUBLES)
        if what == "500":
            return web.Response(status=500, text="no")
        if what == "cut" and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if what == "login":
            return web.Response(
                text="<html><body>Please log in</body></html>", content_type="text/html"
            )
        half = body[: len(body) * self._chance.randrange(20, 95) // 100]
        asked.alone = frozenset(one.number for one in feed.window if one.xml().encode() in half)
        return web.Response(body=half, headers=_headers(f'"half-{len(self.asked)}"'))


def _headers(etag: str) -> dict[str, str]:
    return {
        "ETag": etag,
        "Content-Type": "application/rss+xml",
        "Last-Modified": formatdate(usegmt=True),
    }


def _document(feed: _Feed) -> bytes:
    items = "".join(one.xml() for one in feed.window)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Ledger</title>'
        f"<link>http://ledger.example/</link><language>en</language>{items}</channel></rss>"
    ).encode()
