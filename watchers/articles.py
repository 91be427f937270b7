"""The loop that reads articles' own pages: beside polling, and never in an alert's way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from model import FetchError, ParseError, VigilError
from store import pages, second_looks, sources
from store.engine import Store, Tx
from store.pages import WantedPage
from store.second_looks import Look
from watchers.corrections import PageSaid, page_version
from watchers.fetch import Fetcher, RefusedError, UnreachableError
from watchers.look_again import LookAgain, with_host, with_page
from watchers.page_ask import PageAnswer, PageAsk, PageError, host_of, wall_before
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
        self._again = LookAgain(store, self._ask, take_in, self._remember_unreachable)
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
                report.looked += 1
                told = await self._again.look(wanted, now)
                report.alerts += told  # after the wait: others count meanwhile
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
                told = await self._tell(wanted, answer, now)
                report.alerts += told  # after the wait: others count meanwhile

    async def _failed(self, wanted: WantedPage, error: VigilError, now: datetime) -> None:
        said = with_host(str(error), wanted.url)
        self._remember_unreachable(error, wanted.url, now)
        async with self._store.write() as tx:
            if _passes(error) and wanted.tries + 1 < TRIES:
                await pages.put_off(tx, wanted.item.id, now + _wait(wanted), error=said)
            else:
                await pages.settle(tx, wanted.item.id, now, error=said)

    def _remember_unreachable(self, error: VigilError, url: str, now: datetime) -> None:
        if isinstance(error, UnreachableError):
            self._away = {host: until for host, until in self._away.items() if until > now}
            self._away[host_of(url)] = now + FIRST_WAIT

    async def _tell(self, wanted: WantedPage, answer: PageAnswer, now: datetime) -> int:
        """Match what the page says and tell it, in one transaction with the page's own row. One
        that broke off is asked for again: it may name somebody in what did not come.
        """
        async with self._store.read() as tx:
            source = await sources.get(tx, wanted.item.source_id)
        article, before = answer.article, wanted.item
        item = with_page(before, article, source, now)
        wall = wall_before(article, wanted.url)
        again = answer.cut and wanted.tries + 1 < TRIES

        async def settle(tx: Tx) -> None:
            if again:
                said = f"{host_of(wanted.url)} broke off in the middle of the page."
                await pages.put_off(tx, item.id, now + _wait(wanted), error=said)
            else:
                await pages.settle(tx, item.id, now, error=wall)
            await pages.keep_words(tx, item, before)

        if source is None:
            async with self._store.write() as tx:
                await settle(tx)
            return 0
        said = page_version(item, article.title, article.text, answer.capture, now)
        page = PageSaid(item, before, None if wall or answer.cut else said)
        return await self._take_in.take_in_page(page, source, now, settle)


def _wait(wanted: WantedPage) -> timedelta:
    """Return how long after this try the next one is."""
    return FIRST_WAIT * int(4**wanted.tries)


def _passes(error: VigilError) -> bool:
    """Return whether trying again later may help."""
    if isinstance(error, RefusedError):
        return error.status >= 500 or error.status in (408, 425, 429)
    return isinstance(error, UnreachableError)
