"""Cases that come out of seal, and entries nobody may see, through the real inbound loop."""

from __future__ import annotations

from datetime import timedelta

from alerts.filings import filings as filing_message
from bot.words import load
from model import AlertView, Item, Level, Message, Route
from store import court_asks, dockets, hearings
from store.engine import Store
from tests.watchers.test_filings import (
    CAPTION,
    NUMBER,
    Chat,
    Court,
    at_courtlistener,
    court,
    court_entry,
    given,
    house_of,
    lite,
)

__all__ = ["court", "lite"]


def said(view: AlertView) -> str:
    return filing_message(view, Message(""), load("en")).text


async def test_an_old_number_at_its_first_entries_is_told_as_unsealed(court: Court) -> None:
    await court.watch()
    (view,) = await court.shows(court_entry("Letter", entry=6))
    assert set(view.changes) == {"unsealed", "sign:old_number", "sign:low_entry"}
    assert said(view).startswith("🔓 Case unsealed: ")
    assert "a criminal number of an earlier year, first seen now" in said(view)
    assert await court.shows(court_entry("Letter", entry=6)) == []
    later = court_entry("Order on Motion to Dismiss", entry=9)
    (view,) = await court.shows(later, court_entry("Letter", entry=6))
    assert view.changes == ()


async def test_a_followed_case_that_comes_out_is_told_whatever_its_level(court: Court) -> None:
    await court.follow(Level.ORDERS)
    (view,) = await court.shows(court_entry("Notice of Appearance", entry=3))
    assert view.followed
    assert {"unsealed", "found", "sign:low_entry"} <= set(view.changes)


async def test_a_case_that_may_be_of_somebody_watched_is_told_as_possible(court: Court) -> None:
    await court.watch("Tatiana Shargorodskaya")
    entry = court_entry("Letter", entry=2, caption="USA v. Shargorodskaya")
    (view,) = await court.shows(entry)
    assert view.possible
    assert "unsealed" in view.changes


async def test_a_case_nobody_follows_or_watches_says_nothing(court: Court) -> None:
    await court.watch("Genaro García Luna")
    assert await court.shows(court_entry("Indictment", entry=1)) == []


async def test_a_case_of_this_year_or_far_gone_is_only_a_case(lite: Court) -> None:
    await lite.watch()
    year = lite.clock().year % 100
    fresh = court_entry("Indictment", entry=1, number=f"1:{year}-cr-00007", case=7)
    gone = court_entry("Letter", entry=412, number="1:15-cr-00008", case=8)
    views = await lite.shows(fresh, gone)
    assert len(views) == 2
    assert [view.changes for view in views] == [(), ()]


async def test_what_a_feed_holds_at_its_first_poll_was_public_all_along(
    sqlite_store: Store,
) -> None:
    async with house_of(sqlite_store) as house:
        court = Court(house.store, house.web, house.poller, house.clock)
        await court.source("/rss", kind="pacer", name="EDNY")
        await court.reader("1", chat=Chat.PRIVATE)
        await court.watch()
        (view,) = await court.shows(court_entry("Indictment", entry=1))
        assert view.changes == ()


async def test_an_old_case_that_courtlistener_tells_of_was_not_unsealed_by_that(
    lite: Court,
) -> None:
    await lite.watch()
    old = at_courtlistener(
        Route.SEARCH_FEED, court="nyed", number="1:19-cr-00366", caption=CAPTION, entry="6",
        text="Letter",
    )  # fmt: skip
    (view,) = await given(lite, old)
    assert view.changes == ()


async def test_an_order_to_unseal_says_why(lite: Court) -> None:
    await lite.shows(court_entry("Complaint", entry=1))
    await lite.follow(Level.ORDERS)
    (view,) = await lite.shows(court_entry("Order to Unseal Case", entry=13))
    assert set(view.changes) == {"unsealed", "sign:unseal"}
    assert "Signs: the docket says so" in said(view)


async def test_what_is_given_up_is_no_longer_set(court: Court) -> None:
    def entry(number: str, text: str) -> Item:
        return at_courtlistener(
            Route.API, court="nyed", number=NUMBER, entry=number, pk=number, text=text
        )

    async def set_for() -> list[str]:
        async with court.store.read() as tx:
            start = court.clock().replace(year=2020, month=12, day=1)
            some = await hearings.between(tx, start, start + timedelta(days=30))
        return [f"{one.at:%d %H}" for _, one in some]

    await given(court, entry("30", "Status Conference set for 12/2/2020 at 02:00 PM."))
    await given(court, entry("31", "Motion Hearing set for 12/2/2020 at 04:00 PM."))
    assert await set_for() == ["02 19", "02 21"]
    moved = (
        "Status Conference set for 12/2/2020 at 02:00 PM is rescheduled to 12/9/2020 at 3:00 PM."
    )
    await given(court, entry("32", moved))
    assert await set_for() == ["02 21", "09 20"]
    await given(court, entry("33", "ORDER vacating the hearing set for 12/2/2020."))
    assert await set_for() == ["09 20"]


async def test_entries_that_are_not_public_are_said_once_and_so_when_they_are(
    court: Court,
) -> None:
    def at(*numbers: int) -> list[str]:
        return [court_entry("Letter", entry=n).replace("nyed", "wvsd") for n in numbers]

    await court.shows(*at(12))
    async with court.store.write() as tx:
        await dockets.follow(tx, "wvsd", NUMBER, level=Level.ALL, now=court.clock())
    (view,) = await court.shows(*at(17, 13))
    assert view.changes == ()  # the court may only be in no order yet
    court.clock.turn(days=1)
    (view,) = await court.shows(*at(18, 17, 13))
    assert "Entries 14–16 are not public" in said(view)
    (view,) = await court.shows(*at(19, 18, 17))
    assert view.changes == ()
    (view,) = await court.shows(*at(15, 19, 18, 17))
    assert "Entry 15, which was not public, is" in said(view)


async def test_entries_missed_in_an_outage_are_not_called_secret(court: Court) -> None:
    def at(*numbers: int) -> list[str]:
        return [court_entry("Letter", entry=n).replace("nyed", "wvsd") for n in numbers]

    await court.shows(*at(12))
    async with court.store.write() as tx:
        await dockets.follow(tx, "wvsd", NUMBER, level=Level.ALL, now=court.clock())
    await court.shows(*at(13, 12))
    (view,) = await court.shows(*at(17), hours=30)
    assert view.changes == ()
    await court.shows(*at(18, 17), hours=2)
    court.clock.turn(hours=22)
    (view,) = await court.shows(*at(22, 18, 17))
    text = said(view)
    assert "Entries 14–16 may only have been missed" in text
    assert "not public" not in text
    (view,) = await court.shows(*at(23, 22))
    assert view.changes == (), "said once"
    await court.shows(*at(23, 22), hours=23)
    (view,) = await court.shows(*at(24, 23, 22), hours=2)
    assert "Entries 19–21 are not public" in said(view), "that was after the outage"
    (view,) = await court.shows(*at(15, 24, 23))
    assert "which was not public" not in said(view)


async def test_what_courtlistener_does_not_have_is_said_as_that(court: Court) -> None:
    def at(*numbers: int) -> list[Item]:
        return [
            at_courtlistener(Route.API, court="nyed", number=NUMBER, entry=str(n), pk=str(n))
            for n in numbers
        ]

    docket = await court.follow(Level.ALL, docket_id="18555801")
    await given(court, *at(6, 7))
    court.clock.turn(days=1, hours=1)
    (view,) = await given(court, *at(22))
    assert view.changes == (), "its entries are not read through the API"
    async with court.store.write() as tx:
        asked = court_asks.Asked("18555801", asked_at=court.clock(), known=True)
        await court_asks.note_asked(tx, asked)
    court.clock.turn(days=1, hours=1)
    (view,) = await given(court, *at(23))
    assert "Entries 8–21 are not public, as far as CourtListener shows" in said(view)
    assert docket.id
