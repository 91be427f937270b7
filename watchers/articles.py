"""The loop that reads articles' own pages: beside polling, and never in an alert's way."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

from model import FetchError, ParseError, VigilError
from store import pages, sources
from store.engine import Store, Tx
from store.pages import WantedPage
from watchers.answer import Answer, Article, Request
from watchers.fetch import Fetcher, RefusedError, UnreachableError
from watchers.robots import RobotsBook
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn
from watchers.turns import HostParkedError

TRIES = 5
FIRST_WAIT = timedelta(minutes=5)
"""After the first failure; four times as long after each further one."""
LOOK_EVERY = 2.0
"""Seconds after which the database is asked again what is due, whatever was announced."""
AFTER_TROUBLE = 5.0
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_HEADERS = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
_LOGIN = re.compile(r"/(?:log-?in|sign-?in|account|auth|sso|register|subscri\w+|suscri\w+)\b", re.I)
_WALLS = {
    "login": "shows a login instead of the article.",
    "paywall": "shows only the beginning of the article to who has not paid.",
}


@dataclass(frozen=True, slots=True)
class PageRules:
    """What of the configuration the reading of pages needs."""

    respect_robots: bool = True
    per_hour: int = 60
    """Pages of one Source within an hour."""
    at_once: int = 8


@dataclass(slots=True)
class PageReport:
    """What reading pages did."""

    read: int = 0
    failed: int = 0
    alerts: int = 0


class PageError(VigilError):
    """The page of an article was answered, and is not the article."""


class PageReader:
    """Reads pages that are due, for ever or for one round. Several processes can share them."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        sandbox: Sandbox,
        take_in: TakeIn,
        rules: PageRules | None = None,
        *,
        robots: RobotsBook | None = None,
    ) -> None:
        """Build on parts that are opened and closed elsewhere. `robots`: shared with others that
        ask the same sites.
        """
        self._store = store
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._take_in = take_in
        self._rules = rules or PageRules()
        self._robots = robots or RobotsBook(fetcher)
        self._away: dict[str, datetime] = {}
        """Hosts that could not be reached, and until when they are left alone."""

    async def read_due(self, now: datetime, patience: float = 3600.0) -> PageReport:
        """Read the pages that are due, and begin no more once `patience` seconds have gone by.

        StoreError when the database can't be used.
        """
        report = PageReport()
        until = monotonic() + patience
        while monotonic() < until and (wanted := await self._claim(now, self._rules.at_once)):
            await asyncio.gather(*(self._read(one, now, report) for one in wanted))
        return report

    async def run(
        self,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
        trouble: Callable[[VigilError], None] = lambda _: None,
    ) -> None:
        """Read pages until `stop` is set; those being asked for then are due again later."""
        reading: set[asyncio.Task[None]] = set()
        try:
            while not stop.is_set():
                try:
                    await self._top_up(reading, clock)
                except VigilError as error:
                    trouble(error)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(AFTER_TROUBLE):
                            await stop.wait()
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def _top_up(
        self, reading: set[asyncio.Task[None]], clock: Callable[[], datetime]
    ) -> None:
        """Begin what is due as far as there is room, and wait for something to happen."""
        room = self._rules.at_once - len(reading)
        wanted = await self._claim(clock(), room) if room else []
        for one in wanted:
            reading.add(asyncio.create_task(self._read(one, clock(), PageReport())))
        if not reading:
            await self._store.woken("pages", LOOK_EVERY)
        elif len(wanted) < room or not room:
            done, _ = await asyncio.wait(reading, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            reading -= done
            for task in done:
                task.result()

    async def _claim(self, now: datetime, limit: int) -> list[WantedPage]:
        """Claim what is due; only look before writing anything."""
        async with self._store.read() as tx:
            first = await pages.next_due(tx)
        if first is None or first > now:
            return []
        async with self._store.write() as tx:
            return await pages.claim(tx, now, limit, per_hour=self._rules.per_hour)

    async def _read(self, wanted: WantedPage, now: datetime, report: PageReport) -> None:
        host = _host(wanted.url)
        if self._away.get(host, now) > now:
            async with self._store.write() as tx:
                await pages.put_off(tx, wanted.item.id, self._away[host])
            return
        try:
            article = await self._article(wanted.url, now)
        except HostParkedError as error:
            async with self._store.write() as tx:
                until = now + timedelta(seconds=max(error.seconds, 1.0))
                await pages.put_off(tx, wanted.item.id, until)
        except (FetchError, ParseError, PageError) as error:
            report.failed += 1
            await self._failed(wanted, error, now)
        else:
            report.read += 1
            report.alerts += await self._tell(wanted, article, now)

    async def _failed(self, wanted: WantedPage, error: VigilError, now: datetime) -> None:
        said = _with_host(str(error), wanted.url)
        if isinstance(error, UnreachableError):
            self._away = {host: until for host, until in self._away.items() if until > now}
            self._away[_host(wanted.url)] = now + FIRST_WAIT
        async with self._store.write() as tx:
            if _passes(error) and wanted.tries + 1 < TRIES:
                wait = FIRST_WAIT * 4**wanted.tries
                await pages.put_off(tx, wanted.item.id, now + wait, error=said)
            else:
                await pages.settle(tx, wanted.item.id, now, error=said)

    async def _article(self, url: str, now: datetime) -> Article:
        """Return what the page says. HostParkedError, FetchError, ParseError or PageError."""
        await self._may(url, now)
        answer = (await self._fetcher.fetch(Request(url, _HEADERS), now)).answer
        if _origin(answer.url) != _origin(url):
            await self._may(answer.url, now)
        _check(answer, url)
        return await self._sandbox.article(answer.body, answer.url, answer.charset)

    async def _may(self, url: str, now: datetime) -> None:
        if self._rules.respect_robots and not await self._robots.allows(url, now):
            raise PageError(f"{_host(url)} asks in its robots.txt not to read this page.")

    async def _tell(self, wanted: WantedPage, article: Article, now: datetime) -> int:
        """Match what the page says and tell it, in one transaction with the page's own row."""
        async with self._store.read() as tx:
            source = await sources.get(tx, wanted.item.source_id)
        item = wanted.item
        if len(article.text) > len(item.text):
            lang = item.lang or article.lang
            item = replace(item, text=article.text, lang=lang)
        wall = f"{_host(wanted.url)} {_WALLS[article.wall]}" if article.wall in _WALLS else ""

        async def settle(tx: Tx) -> None:
            await pages.settle(tx, item.id, now, error=wall)
            await pages.keep_text(tx, item.id, item.text)

        if source is None:
            async with self._store.write() as tx:
                await settle(tx)
            return 0
        return await self._take_in.take_in_page(item, source, now, settle)


def _check(answer: Answer, asked: str) -> None:
    """Raise PageError for an answer that can't be the article."""
    if answer.media not in _HTML:
        raise PageError(f"{_host(asked)} answers with {answer.media}, not with a page.")
    if _LOGIN.search(urlsplit(answer.url).path) and not _LOGIN.search(urlsplit(asked).path):
        raise PageError(f"{_host(asked)} {_WALLS['login']}")


def _passes(error: VigilError) -> bool:
    """Return whether trying again later may help."""
    if isinstance(error, RefusedError):
        return error.status >= 500 or error.status in (408, 425, 429)
    return isinstance(error, UnreachableError)


def _with_host(sentence: str, url: str) -> str:
    """Return the sentence with the site it is about, where it doesn't say so itself."""
    host = _host(url)
    return sentence if host in sentence else f"{host}: {sentence}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
