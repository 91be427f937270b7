"""Public court documents: read once their entry is told, shown below it, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from model import AlertView, DeliveryKind, FetchError, Level, Route
from store import papers, sources
from store.engine import Store
from store.tables import delivery, paper
from tests.fakes import LOOPBACK
from tests.pdfs import pdf
from tests.watchers.test_filings import KNOWN, Court, at_courtlistener, learned, opened
from tests.watchers.test_poll import house_of
from watchers.documents import DocumentReader, _must_be_free
from watchers.fetch import Fetcher, FetchRules
from watchers.push import source_of
from watchers.sandbox import Sandbox
from watchers.take_in import Given, TakeIn, TakeInRules

ORDER = "ORDER dismissing the indictment"
GRAUMANN = "See the affidavit of Otto Graumann"


@dataclass
class Desk:
    """A court's house that reads documents."""

    court: Court
    take_in: TakeIn
    reader: DocumentReader

    async def entry(self, address: str = "/22.pdf", text: str = ORDER) -> list[AlertView]:
        """Let the API tell an entry with its document; return what is told of it."""
        court = self.court
        async with court.store.write() as tx:
            source = await sources.never_asked(tx, source_of("https://cl.example"), court.clock())
        pdf_url = court.web.url(address) if address.startswith("/") else address
        item = at_courtlistener(
            Route.API, court="nyed", number=KNOWN.number, text=text, pdf=pdf_url
        )
        await self.take_in.take_in_given(Given(source, (item,), court.clock()), _settled)
        return await court.news()

    async def read(self, **later: float) -> tuple[int, int, int]:
        report = await self.reader.read_due(self.court.clock.turn(**later))
        return report.read, report.failed, report.alerts

    async def shown(self) -> list[int]:
        """Return the Alerts below which a picture is to be shown, in order."""
        async with self.court.store.read() as tx:
            rows = await tx.rows(select(delivery).order_by(delivery.c.id))
        return [row.alert_id for row in rows if row.kind == DeliveryKind.PICTURE.value]

    async def state(self) -> tuple[str, str]:
        async with self.court.store.read() as tx:
            row = await tx.row(select(paper))
        assert row is not None
        return row.state, row.error


async def _settled(_tx: object) -> bool:
    return True


@asynccontextmanager
async def desk_of(store: Store) -> AsyncIterator[Desk]:
    rules = FetchRules(host_gap=0, allow_networks=LOOPBACK, timeout=10)
    async with house_of(store) as house, Fetcher(rules) as fetcher, Sandbox(1) as sandbox:
        court = await opened(house)
        take_in = TakeIn(store, house.poller._take_in._book, TakeInRules(documents=True))
        await learned(court, KNOWN)
        await court.follow(Level.ALL)
        yield Desk(court, take_in, DocumentReader(store, fetcher, sandbox, take_in, 200_000))


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with desk_of(store) as one:
        yield one


@pytest.fixture
async def lite(sqlite_store: Store) -> AsyncIterator[Desk]:
    async with desk_of(sqlite_store) as one:
        yield one


async def test_a_document_is_read_once_its_entry_is_told_and_shown_below_it_once(
    desk: Desk,
) -> None:
    desk.court.web.page("/22.pdf", pdf(ORDER, "So ordered."))
    (view,) = await desk.entry()
    assert await desk.shown() == []
    assert await desk.read() == (1, 0, 0)
    assert await desk.shown() == [view.id]
    async with desk.court.store.read() as tx:
        picture, pages = (await papers.pictures(tx, [view.id]))[view.id]
    assert picture.startswith(b"\x89PNG")
    assert pages == 2
    assert await desk.entry() == []
    assert await desk.read(minutes=20) == (0, 0, 0)
    assert await desk.shown() == [view.id]
    assert desk.court.web.paths().count("/22.pdf") == 1


async def test_a_name_that_only_the_document_says_is_told(desk: Desk) -> None:
    await desk.court.watch("Otto Graumann")
    desk.court.web.page("/22.pdf", pdf(ORDER, GRAUMANN))
    (view,) = await desk.entry()
    assert view.watches == ()
    assert await desk.read() == (1, 0, 1)
    (found,) = await desk.court.news()
    assert [one.name for one in found.watches] == ["Otto Graumann"]
    assert await desk.shown() == [view.id, found.id]


async def test_a_document_that_comes_later_is_an_edit_with_its_picture(lite: Desk) -> None:
    (view,) = await lite.entry("")
    assert await lite.read() == (0, 0, 0)
    lite.court.web.page("/22.pdf", pdf(ORDER))
    assert await lite.entry() == []
    assert await lite.read() == (1, 0, 0)
    assert await lite.shown() == [view.id]


async def test_what_is_no_document_leaves_the_message_as_it_is(lite: Desk) -> None:
    lite.court.web.page("/22.pdf", "<html>Please log in</html>")
    await lite.entry()
    assert await lite.read() == (0, 1, 0)
    assert await lite.state() == ("failed", "This document is no PDF that can be read.")
    assert await lite.shown() == []


async def test_a_document_larger_than_allowed_is_not_read(lite: Desk) -> None:
    lite.court.web.page("/22.pdf", pdf(ORDER) + b"%" * 300_000)
    await lite.entry()
    assert await lite.read() == (0, 1, 0)
    assert "more than 0.2 MB" in (await lite.state())[1]


async def test_a_server_in_trouble_is_asked_again_and_not_for_ever(lite: Desk) -> None:
    lite.court.web.page("/22.pdf", "no", status=503)
    await lite.entry()
    assert await lite.read() == (0, 1, 0)
    assert await lite.read(minutes=4) == (0, 0, 0)
    for wait in (2, 21, 81):
        assert await lite.read(minutes=wait) == (0, 1, 0)
    assert (await lite.state())[0] == "failed"
    assert await lite.read(days=2) == (0, 0, 0)


def test_nothing_is_asked_of_a_court_that_wants_a_fee() -> None:
    with pytest.raises(FetchError, match="login and a fee"):
        _must_be_free("https://ecf.nyed.uscourts.gov/doc1/123")
    _must_be_free("https://storage.courtlistener.com/recap/22.pdf")


async def test_reading_goes_on_beside_everything_else_until_it_is_told_to_stop(
    lite: Desk,
) -> None:
    lite.court.web.page("/22.pdf", pdf(ORDER))
    stop = asyncio.Event()
    running = asyncio.create_task(lite.reader.run(stop, lite.court.clock))
    await lite.entry()
    async with asyncio.timeout(30):
        while not await lite.shown():
            await lite.court.store.woken("outbox", 5.0)
    stop.set()
    async with asyncio.timeout(5):
        await running
