"""News and the court's own entries of one case are joined, whichever comes first."""

from __future__ import annotations

from sqlalchemy import select

from model import AlertKind, Bond, DeliveryKind
from store import alerts
from store.tables import delivery
from tests.watchers.test_filings import Court, court, court_entry, lite  # noqa: F401 - fixtures
from tests.watchers.test_poll import entry, feed

NAME = "Salvador Cienfuegos Zepeda"
DISMISSED = "Judge in Brooklyn dismisses the case against Salvador Cienfuegos"
HIRED = "Salvador Cienfuegos buys a house in the hills of Tepic"
ORDER = court_entry("Order Dismissing Indictment", entry=22)


async def published(court: Court, *titles: str, paper: str = "/news") -> None:  # noqa: F811
    """Let a paper that was there already publish articles, and poll it."""
    first = await court.source(paper, name="Ledger")
    assert first
    court.web.page(paper, feed(entry("old", "A second crane for the port", "More containers.")))
    await court.poll(minutes=20)
    told = [entry(title, title, f"{NAME} is named here.") for title in titles]
    court.web.page(paper, feed(*told, entry("old", "A second crane for the port", "More")))
    await court.poll(minutes=20)


async def test_an_order_answers_the_news_of_it_which_says_so(court: Court) -> None:  # noqa: F811
    await court.watch()
    await published(court, DISMISSED)
    (news,) = await court.news()
    (order,) = await court.shows(ORDER)
    assert order.kind is AlertKind.FILING
    assert order.thread.tie is not None
    assert (order.thread.tie.alert_id, order.thread.tie.bond) == (news.id, Bond.COURT)
    async with court.store.read() as tx:
        news = (await alerts.views(tx, [news.id]))[news.id]
        edits = select(delivery.c.alert_id).where(delivery.c.kind == DeliveryKind.EDIT.value)
        edited = [row.alert_id for row in await tx.rows(edits)]
    assert [one.id for one in news.thread.filings] == [order.items[0].id]
    assert edited == [news.id]


async def test_news_of_an_order_that_was_told_says_what_the_court_said(
    court: Court,  # noqa: F811
) -> None:
    await court.watch()
    (order,) = await court.shows(ORDER)
    await published(court, DISMISSED)
    (news,) = await court.news()
    assert news.kind is AlertKind.STORY
    assert [one.id for one in news.thread.filings] == [order.items[0].id]


async def test_other_news_of_the_same_person_is_not_of_the_case(lite: Court) -> None:  # noqa: F811
    await lite.watch()
    await lite.shows(ORDER)
    await published(lite, HIRED)
    (news,) = await lite.news()
    assert news.thread.filings == ()
    (other,) = await lite.shows(court_entry("Order Dismissing Count Two", entry=23), ORDER)
    assert other.thread.tie is None


async def test_news_that_gives_the_number_is_of_the_case(lite: Court) -> None:  # noqa: F811
    await lite.watch()
    (order,) = await lite.shows(ORDER)
    await published(lite, "What is in 1:19-cr-00366, the file of Salvador Cienfuegos")
    (news,) = await lite.news()
    assert [one.id for one in news.thread.filings] == [order.items[0].id]
