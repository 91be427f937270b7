"""The loop that reads articles' own pages: beside polling, and never in an alert's way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from matching.amendments import GONE
from model import FetchError, Item, ParseError, Source, Validators, VigilError
from store import pages, second_looks, sources, versions
from store.engine import Store, Tx
from store.pages import WantedPage
from store.second_looks import Look
from watchers.answer import Article
from watchers.corrections import PageSaid, gone_version, page_version
from watchers.dates import believable
from watchers.fetch import Fetcher, RefusedError, UnreachableError
from watchers.kinds.links import NAME as LINKS
from watchers.kinds.sitemap import NAME as SITEMAP
from watchers.page_ask import PageAnswer, PageAsk, PageError, host_of, wall_before
from watchers.robots import RobotsBook
from watchers.sandbox import Sandbox
from watchers.sitemap import instant, slug_words
from watchers.take_in import TakeIn
from watchers.turns import HostParkedError

TRIES = 5
FIRST_WAIT = timedelta(minutes=5)
"""After the first failure; four times as long after each further one."""
LOOK_EVERY = 2.0
"""Seconds after which the database is asked again what is due, whatever was announced."""
AFTER_TROUBLE = 5.0
SURE_AFTER = timedelta(minutes=15)
"""A page that answers 404 is asked for once more after this long before it counts as withdrawn:
servers err."""
_ENOUGH = 600
"""Characters of a text that show whom an article names, or half of what it had before."""


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
    looked: int = 0
    """Pages of told articles that were looked at again."""
    alerts: int = 0


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
        self._take_in = take_in
        self._rules = rules or PageRules()
        allowing = (robots or RobotsBook(fetcher)) if self._rules.respect_robots else None
        self._ask = PageAsk(fetcher, sandbox, allowing)
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

    async def _claim(self, now: datetime, limit: int) -> list[WantedPage | Look]:
        """Claim what is due, new pages before those that are looked at again; only look before
        writing anything.
        """
        async with self._store.read() as tx:
            due = await pages.next_due(tx), await second_looks.next_due(tx)
        if all(first is None or first > now for first in due):
            return []
        per_hour = self._rules.per_hour
        async with self._store.write() as tx:
            wanted = await pages.claim(tx, now, limit, per_hour=per_hour)
            room = limit - len(wanted)
            looks = await second_looks.claim(tx, now, room, per_hour=per_hour) if room else []
            return [*wanted, *looks]

    async def _read(self, wanted: WantedPage | Look, now: datetime, report: PageReport) -> None:
        until = self._away.get(host_of(wanted.url), now)
        if until > now:
            await self._put_off(wanted, until)
            return
        try:
            if isinstance(wanted, Look):
                await self._look(wanted, now, report)
            else:
                await self._first(wanted, now, report)
        except HostParkedError as error:
            await self._put_off(wanted, now + timedelta(seconds=max(error.seconds, 1.0)))

    async def _put_off(self, wanted: WantedPage | Look, until: datetime) -> None:
        async with self._store.write() as tx:
            if isinstance(wanted, Look):
                await second_looks.put_off(tx, wanted.item.id, until)
            else:
                await pages.put_off(tx, wanted.item.id, until)

    async def _first(self, wanted: WantedPage, now: datetime, report: PageReport) -> None:
        """Read the page of an Item that is new."""
        try:
            answer = await self._ask.ask(wanted.url, now)
        except HostParkedError:
            raise
        except (FetchError, ParseError, PageError) as error:
            report.failed += 1
            await self._failed(wanted, error, now)
        else:
            report.read += 1
            if answer is not None:  # without validators no server answers "as it was"
                report.alerts += await self._tell(wanted, answer, now)

    async def _failed(self, wanted: WantedPage, error: VigilError, now: datetime) -> None:
        said = _with_host(str(error), wanted.url)
        self._remember_unreachable(error, wanted.url, now)
        async with self._store.write() as tx:
            if _passes(error) and wanted.tries + 1 < TRIES:
                wait = FIRST_WAIT * 4**wanted.tries
                await pages.put_off(tx, wanted.item.id, now + wait, error=said)
            else:
                await pages.settle(tx, wanted.item.id, now, error=said)

    def _remember_unreachable(self, error: VigilError, url: str, now: datetime) -> None:
        if isinstance(error, UnreachableError):
            self._away = {host: until for host, until in self._away.items() if until > now}
            self._away[host_of(url)] = now + FIRST_WAIT

    async def _tell(self, wanted: WantedPage, answer: PageAnswer, now: datetime) -> int:
        """Match what the page says and tell it, in one transaction with the page's own row."""
        async with self._store.read() as tx:
            source = await sources.get(tx, wanted.item.source_id)
        article, before = answer.article, wanted.item
        item = _with_page(before, article, source, now)
        wall = wall_before(article, wanted.url)

        async def settle(tx: Tx) -> None:
            await pages.settle(tx, item.id, now, error=wall)
            await pages.keep_words(tx, item)

        if source is None:
            async with self._store.write() as tx:
                await settle(tx)
            return 0
        said = page_version(item, article.title, article.text, answer.capture, now)
        page = PageSaid(item, before, None if wall else said)
        return await self._take_in.take_in_page(page, source, now, settle)

    async def _look(self, look: Look, now: datetime, report: PageReport) -> None:
        """Look again at the page of an Item that was told."""
        report.looked += 1
        try:
            since = Validators(look.etag, look.last_modified)
            answer = await self._ask.ask(look.url, now, since)
        except HostParkedError:
            raise
        except RefusedError as error:
            if error.status in GONE:
                report.alerts += await self._gone(look, error.status, now)
            else:
                await self._looked(look, now, error)
        except (FetchError, ParseError, PageError) as error:
            await self._looked(look, now, error)
        else:
            if answer is None or answer.article.wall:
                await self._looked(look, now)
            else:
                report.alerts += await self._compare(look, answer, now)

    async def _looked(self, look: Look, now: datetime, error: VigilError | None = None) -> None:
        """Note a look that showed nothing."""
        if error is not None:
            self._remember_unreachable(error, look.url, now)
        async with self._store.write() as tx:
            await second_looks.looked(
                tx,
                look.item.id,
                now,
                etag=look.etag,
                last_modified=look.last_modified,
                error=_with_host(str(error), look.url) if error else "",
            )

    async def _gone(self, look: Look, status: int, now: datetime) -> int:
        """Tell that a page is no more, once that is sure."""
        item_id, gone = look.item.id, look.gone + 1
        if status != 410 and gone == 1:
            async with self._store.write() as tx:
                await second_looks.put_off(tx, item_id, now + SURE_AFTER, gone=gone)
            return 0

        async def settle(tx: Tx) -> None:
            await second_looks.looked(tx, item_id, now, gone=gone)

        said = gone_version(look.item, look.url, status, now)
        page = PageSaid(look.item, look.item, said, readable=False)
        return await self._take_in_page(page, now, settle)

    async def _compare(self, look: Look, answer: PageAnswer, now: datetime) -> int:
        """Tell what the page of a told Item says otherwise now."""
        article, sent = answer.article, answer.validators
        async with self._store.read() as tx:
            known = (await versions.page_texts(tx, [look.item.id])).get(look.item.id, "")
            source = await sources.get(tx, look.item.source_id)
        before = look.item
        if before.text and before.text == known:
            before = replace(before, text="")  # the page's own, which it may take back
        item = _with_page(before, article, source, now)

        async def settle(tx: Tx) -> None:
            await second_looks.looked(
                tx, item.id, now, etag=sent.etag, last_modified=sent.last_modified
            )
            await pages.keep_words(tx, item)

        said = page_version(item, article.title, article.text, answer.capture, now)
        whole = len(article.text) >= min(_ENOUGH, len(known) / 2 if known else _ENOUGH)
        page = PageSaid(item, look.item, said, readable=whole)
        return await self._take_in_page(page, now, settle, source)

    async def _take_in_page(
        self,
        page: PageSaid,
        now: datetime,
        settle: Callable[[Tx], Awaitable[None]],
        source: Source | None = None,
    ) -> int:
        if source is None:
            async with self._store.read() as tx:
                source = await sources.get(tx, page.item.source_id)
        if source is None:
            async with self._store.write() as tx:
                await settle(tx)
            return 0
        return await self._take_in.take_in_page(page, source, now, settle)


def _with_page(item: Item, article: Article, source: Source | None, now: datetime) -> Item:
    """Return an Item with what its own page says: its text where that says more. Of a page that
    was found by a link or a sitemap the headline and the date too.
    """
    if len(article.text) > len(item.text):
        item = replace(item, text=article.text, lang=item.lang or article.lang)
    if source is None or source.kind not in (LINKS, SITEMAP):
        return item
    if article.title and (source.kind == LINKS or item.title == slug_words(item.key)):
        item = replace(item, title=article.title)
    at = instant(article.published)
    if at is None or not believable(at, now):
        return item
    return replace(item, published=article.published, published_at=at)


def _passes(error: VigilError) -> bool:
    """Return whether trying again later may help."""
    if isinstance(error, RefusedError):
        return error.status >= 500 or error.status in (408, 425, 429)
    return isinstance(error, UnreachableError)


def _with_host(sentence: str, url: str) -> str:
    """Return the sentence with the site it is about, where it doesn't say so itself."""
    host = host_of(url)
    return sentence if host in sentence else f"{host}: {sentence}"
