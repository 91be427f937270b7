"""The loop that reads public court documents: beside polling, and never in an alert's way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

from model import FetchError, ParseError, VigilError
from store import papers, sources
from store.engine import Store, Tx
from store.papers import WantedPaper
from watchers.answer import Paper, Request
from watchers.fetch import Fetcher, RefusedError, UnreachableError
from watchers.sandbox import Sandbox
from watchers.take_in import Given, TakeIn
from watchers.turns import HostParkedError

TRIES = 4
FIRST_WAIT = timedelta(minutes=5)
"""After the first failure; four times as long after each further one."""
LOOK_EVERY = 10.0
"""Seconds after which the database is asked again what is due, whatever was announced."""
AFTER_TROUBLE = 5.0
_HEADERS = {"Accept": "application/pdf,*/*;q=0.1"}
_PAID = "uscourts.gov"
"""Where courts keep documents: they want a login and a fee, so nothing is asked of them."""


@dataclass(slots=True)
class DocumentReport:
    """What reading documents did."""

    read: int = 0
    failed: int = 0
    alerts: int = 0


class DocumentReader:
    """Reads documents that are due, one after another: people wait for none of them."""

    def __init__(
        self, store: Store, fetcher: Fetcher, sandbox: Sandbox, take_in: TakeIn, most: int
    ) -> None:
        """Build on parts that are opened and closed elsewhere. `most`: bytes of a document."""
        self._store = store
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._take_in = take_in
        self._most = most

    async def read_due(self, now: datetime, patience: float = 3600.0) -> DocumentReport:
        """Read the documents that are due, and begin no more once `patience` seconds have gone by.

        StoreError when the database can't be used.
        """
        report = DocumentReport()
        until = monotonic() + patience
        while monotonic() < until and (wanted := await self._next(now)):
            await self._read(wanted, now, report)
        return report

    async def run(
        self,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
        trouble: Callable[[VigilError], None] = lambda _: None,
    ) -> None:
        """Read documents until `stop` is set; the one being asked for then is due again later."""
        ends = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                step = asyncio.create_task(self._step(clock(), trouble))
                await asyncio.wait({step, ends}, return_when=asyncio.FIRST_COMPLETED)
                if not step.done():
                    step.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await step
        finally:
            ends.cancel()

    async def _step(self, now: datetime, trouble: Callable[[VigilError], None]) -> None:
        try:
            await self.read_due(now)
            await self._store.woken("papers", LOOK_EVERY)
        except VigilError as error:
            trouble(error)
            await asyncio.sleep(AFTER_TROUBLE)

    async def _next(self, now: datetime) -> WantedPaper | None:
        async with self._store.read() as tx:
            if not await papers.is_due(tx, now):
                return None
        async with self._store.write() as tx:
            return next(iter(await papers.claim(tx, now, 1)), None)

    async def _read(self, wanted: WantedPaper, now: datetime, report: DocumentReport) -> None:
        try:
            paper = await self._paper(wanted.url, now)
        except HostParkedError as error:
            async with self._store.write() as tx:
                until = now + timedelta(seconds=max(error.seconds, 1.0))
                await papers.put_off(tx, wanted.item.id, until)
        except (FetchError, ParseError) as error:
            report.failed += 1
            await self._failed(wanted, error, now)
        else:
            report.read += 1
            told = await self._tell(wanted, paper, now)
            report.alerts += told  # after the wait: others count meanwhile

    async def _paper(self, url: str, now: datetime) -> Paper:
        """Return what the document shows. HostParkedError, FetchError or ParseError."""
        _must_be_free(url)
        request = Request(url, _HEADERS, most=self._most)
        answer = (await self._fetcher.fetch(request, now)).answer
        _must_be_free(answer.url)
        return await self._sandbox.paper(answer.body)

    async def _failed(self, wanted: WantedPaper, error: VigilError, now: datetime) -> None:
        async with self._store.write() as tx:
            if _passes(error) and wanted.tries + 1 < TRIES:
                until = now + FIRST_WAIT * 4**wanted.tries
                await papers.put_off(tx, wanted.item.id, until, error=str(error))
            else:
                await papers.give_up(tx, wanted.item.id, str(error))

    async def _tell(self, wanted: WantedPaper, paper: Paper, now: datetime) -> int:
        """Keep what the document shows, and tell what its words mention, in one transaction."""
        item = wanted.item
        async with self._store.read() as tx:
            source = await sources.get(tx, item.source_id)

        async def settle(tx: Tx) -> bool:
            await papers.keep(tx, item.id, paper.pages, paper.picture, now)
            return True

        if source is None or len(paper.text) <= len(item.text):
            async with self._store.write() as tx:
                await settle(tx)
            return 0
        said = replace(item, text=paper.text)
        report = await self._take_in.take_in_given(Given(source, (said,), now), settle)
        return report.alerts


def _must_be_free(url: str) -> None:
    if (urlsplit(url).hostname or "").endswith(_PAID):
        raise FetchError("This document is at the court itself, which wants a login and a fee.")


def _passes(error: VigilError) -> bool:
    """Return whether trying again later may help."""
    if isinstance(error, RefusedError):
        return error.status >= 500 or error.status in (408, 425, 429)
    return isinstance(error, UnreachableError)
