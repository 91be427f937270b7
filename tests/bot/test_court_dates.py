"""Dates in court are said the evening before: once to each who hears of the case."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from alerts.compose import compose
from bot.court_dates import tell_dates
from bot.words import load
from matching.hearings import hearings_of
from model.docket import Docket, Hearing
from model.people import Chat, NewSubscriber
from store import alerts, dockets, hearings, outbox, subscribers
from store.engine import Store

ZONE = "America/New_York"
SIX = datetime(2020, 11, 17, 23, 0, tzinfo=UTC)
"""Six in the evening in New York."""
TEXT = "Status Conference set for 11/18/2020 at 10:00 AM before Judge Carol Bagley Amon."


async def case(store: Store, number: str, caption: str, text: str, to: tuple[int, ...] = ()) -> int:
    async with store.write() as tx:
        one = await dockets.follow(tx, "nyed", number, to=to, now=SIX, caption=caption)
        await hearings.note(tx, one.docket.id, 0, hearings_of(text, "nyed", number))
        return one.docket.id


async def chat(store: Store, address: str, *, public: bool = False) -> int:
    kind = Chat.CHANNEL if public else Chat.PRIVATE
    new = NewSubscriber("telegram", address, chat=kind, public=public)
    async with store.write() as tx:
        return (await subscribers.add(tx, new, SIX)).id


async def said(store: Store) -> list[tuple[int, str]]:
    """Every Message queued, with whom it is for, the earliest first."""
    async with store.read() as tx:
        waiting = [one.alert_id for one in await outbox.listing(tx)]
        views = await alerts.views(tx, waiting)
    return [(views[one].subscriber.id, compose(views[one], load()).text) for one in sorted(views)]


async def test_tomorrows_date_is_said_at_six_and_never_again(store: Store):
    ana = await chat(store, "1")
    await case(store, "1:19-cr-00366", "United States v. Cienfuegos Zepeda", TEXT)
    assert await tell_dates(store, ZONE, SIX - timedelta(minutes=1)) == 0
    assert await tell_dates(store, ZONE, SIX) == 1
    for hours in range(17):
        assert await tell_dates(store, ZONE, SIX + timedelta(hours=hours)) == 0
    [(reader, text)] = await said(store)
    assert reader == ana
    assert text.splitlines()[0] == (
        "🗓 Tomorrow 10:00: Status Conference, United States v. Cienfuegos Zepeda"
        " (E.D.N.Y. 1:19-cr-00366)"
    )
    assert "the court's own time" in text


async def test_two_that_tell_at_once_tell_it_once(store: Store):
    await chat(store, "1")
    await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    counts = await asyncio.gather(*(tell_dates(store, ZONE, SIX) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 1]
    assert len(await said(store)) == 1


async def test_the_dates_of_an_evening_come_in_one_message_in_their_order(store: Store):
    await chat(store, "1")
    late = "Sentencing set for 11/18/2020 at 2:30 PM in Courtroom 10D."
    await case(store, "1:18-cr-00100", "United States v. Later", late)
    await case(store, "1:19-cr-00366", "United States v. Earlier", TEXT)
    await case(store, "1:19-cr-00400", "United States v. Daylong", "Trial set for 11/18/2020.")
    await tell_dates(store, ZONE, SIX)
    [(_, text)] = await said(store)
    first, second, third, below = text.splitlines()
    assert first.startswith("🗓 Tomorrow: Trial, United States v. Daylong")
    assert second.startswith("🗓 Tomorrow 10:00: Status Conference, United States v. Earlier")
    assert third.startswith("🗓 Tomorrow 14:30: Sentencing, United States v. Later")
    assert "each court's own time" in below


async def test_a_public_channel_hears_only_of_a_case_that_names_it(store: Store):
    ana, channel = await chat(store, "1"), await chat(store, "-100", public=True)
    await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    await case(store, "1:19-cr-00367", "United States v. Y", TEXT, to=(channel,))
    await tell_dates(store, ZONE, SIX)
    heard = dict(await said(store))
    assert "v. X" in heard[ana]
    assert "v. Y" not in heard[ana]
    assert "v. Y" in heard[channel]
    assert "v. X" not in heard[channel]


async def test_a_case_that_is_muted_or_no_longer_followed_is_not_said(store: Store):
    await chat(store, "1")
    muted = await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    left = await case(store, "1:19-cr-00367", "United States v. Y", TEXT)
    async with store.write() as tx:
        await dockets.mute(tx, muted, SIX + timedelta(days=3))
        await dockets.unfollow(tx, left)
    assert await tell_dates(store, ZONE, SIX) == 0
    assert await said(store) == []


async def test_an_evening_that_was_missed_is_made_good_in_the_morning(store: Store):
    await chat(store, "1")
    await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    morning = datetime(2020, 11, 18, 13, 30, tzinfo=UTC)
    assert await tell_dates(store, ZONE, morning) == 1
    [(_, text)] = await said(store)
    assert text.startswith("🗓 Today 10:00: Status Conference")


async def test_what_is_over_is_not_said(store: Store):
    await chat(store, "1")
    await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    assert await tell_dates(store, ZONE, datetime(2020, 11, 18, 15, 0, tzinfo=UTC)) == 0


async def test_a_date_that_is_set_in_the_evening_is_said_that_evening(store: Store):
    await chat(store, "1")
    assert await tell_dates(store, ZONE, SIX) == 0
    await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    assert await tell_dates(store, ZONE, SIX + timedelta(hours=2)) == 1


async def test_the_repeated_hour_of_autumn_repeats_nothing(store: Store):
    await chat(store, "1")
    await case(store, "1:19-cr-00366", "United States v. X", "Trial set for 11/1/2020 at 9:00 AM.")
    first = datetime(2020, 11, 1, 5, 0, tzinfo=UTC)  # 01:00, which comes twice that night
    counts = [await tell_dates(store, ZONE, first + timedelta(hours=n)) for n in range(3)]
    assert counts == [1, 0, 0]


@pytest.mark.parametrize(("minute", "due"), [(59, 0), (60, 1)])
async def test_six_is_six_where_vigil_is_read(store: Store, minute: int, due: int):
    await chat(store, "1")
    await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    madrid = datetime(2020, 11, 17, 16, 0, tzinfo=UTC) + timedelta(minutes=minute)
    assert await tell_dates(store, "Europe/Madrid", madrid) == due


async def test_two_things_set_for_one_time_are_one_line(store: Store):
    await chat(store, "1")
    docket = await case(store, "1:19-cr-00366", "United States v. X", TEXT)
    at = datetime(2020, 11, 18, 15, 0, tzinfo=UTC)
    some = [
        Hearing("nyed", "1:19-cr-00366", at, has_time=True, what=what)
        for what in ("status conference", "Change of Plea")
    ]
    async with store.write() as tx:
        await hearings.note(tx, docket, 0, some)
        assert isinstance(await dockets.docket(tx, docket), Docket)
    await tell_dates(store, ZONE, SIX)
    [(_, text)] = await said(store)
    assert len(text.splitlines()) == 2
    assert text.lower().count("status conference") == 1
    assert "Change of Plea" in text
