"""Dockets and what is filed in them: one Filing whichever way it comes, kept on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from matching.happened import with_events
from model import Docket, DocketState, Filed, Filing, Item, Level, News, NewSubscriber, Route
from store import dockets, items, subscribers
from store.dates_told import claim_dates
from store.engine import Store
from store.retention import prune

CASE = Filing(
    court="nyed",
    number="1:19-cr-00366",
    case_id="437498",
    caption="United States v. Cienfuegos Zepeda",
    entry="22",
    document="22",
    seq="77",
    short="Motion to Dismiss",
    stamp="2020-11-17T20:00:00+00:00",
)
AT_COURTLISTENER = Filing(
    number="1:19-cr-00366-CBA",
    docket_id="18555801",
    caption="United States v. Cienfuegos Zepeda",
    entry="22",
    pk="900",
    text="MOTION to Dismiss the Indictment by USA as to Salvador Cienfuegos Zepeda.",
    filed=date(2020, 11, 17),
    route=Route.DOCKET_FEED,
)


def item(filing: Filing, source: int = 1, text: str = "") -> Item:
    return Item(
        key=f"{filing.route} {filing.entry or filing.stamp}",
        url=filing.url,
        title=filing.caption,
        summary=filing.text or filing.short,
        text=text,
        source_id=source,
        filing=with_events(filing),
    )


async def record(store: Store, some: Sequence[Item], now: datetime, **how) -> list[Filed]:
    async with store.write() as tx:
        return await dockets.record_filings(tx, some, now, **how)


async def test_a_filing_comes_out_of_the_store_as_it_went_in(store: Store, now):
    (filed,) = await record(store, [item(CASE)], now)
    assert filed.opens
    assert filed.recorded.news is News.NEW
    async with store.read() as tx:
        kept = await items.get(tx, filed.recorded.item.id)
    assert kept is not None
    assert kept.filing is not None
    assert kept.filing == filed.recorded.item.filing
    assert kept.filing.number == "1:19-cr-00366"
    assert [one.kind for one in kept.filing.events] == [one.kind for one in filed.events] != []


async def test_the_same_filing_twice_is_nothing_new(store: Store, now):
    await record(store, [item(CASE)], now)
    assert await record(store, [item(CASE), item(CASE)], now + timedelta(minutes=20)) == []


async def test_the_same_filing_by_another_way_is_merged_and_says_what_it_adds(store: Store, now):
    whole = replace(AT_COURTLISTENER, court="nyed")
    await record(store, [item(CASE)], now)
    (filed,) = await record(store, [item(whole, source=2)], now)
    assert filed.recorded.news is News.CHANGED
    assert "text" in filed.changes
    assert filed.docket.docket_ids == ("18555801",)
    assert filed.docket.case_ids == ("437498",)
    async with store.read() as tx:
        (only,) = await dockets.entries(tx, filed.docket.id)
    assert only.summary == whole.text
    assert only.filing is not None
    assert only.filing.short == "Motion to Dismiss"


async def test_a_filing_of_an_unknown_docket_joins_the_case_once_its_number_is_learned(
    store: Store, now
):
    bare = replace(AT_COURTLISTENER, number="", caption="", route=Route.PUSH)
    (first,) = await record(store, [item(bare, source=2)], now)
    assert first.docket.number == ""
    await record(store, [item(CASE)], now)
    async with store.write() as tx:
        known = replace(first.docket, id=0, court="nyed", number="1:19-cr-00366-CBA")
        merged, _ = await dockets.learn(tx, known, now)
    async with store.read() as tx:
        found = await dockets.find(tx, "nyed", "1:19-cr-00366")
        (only,) = await dockets.entries(tx, merged.id)
    assert [one.id for one in found] == [merged.id]
    assert only.filing is not None
    assert only.filing.text == bare.text
    assert only.filing.short == "Motion to Dismiss"
    assert await record(store, [item(bare, source=2), item(CASE)], now) == []


async def test_several_ids_under_one_number_are_one_docket(store: Store, now):
    other = replace(CASE, case_id="437499", entry="23", seq="78")
    filed = await record(store, [item(CASE), item(other)], now)
    assert {one.docket.id for one in filed} == {filed[0].docket.id}
    assert filed[1].docket.case_ids == ("437498", "437499")


async def test_unnumbered_filings_of_one_case_and_different_seconds_are_two(store: Store, now):
    order = replace(CASE, entry="", document="", seq="", short="Order")
    later = replace(order, stamp="2020-11-17T20:00:01+00:00")
    assert len(await record(store, [item(order), item(later)], now)) == 2


async def test_a_caption_that_names_somebody_at_last_is_said_once(store: Store, now):
    hidden = [
        item(replace(CASE, caption="United States v. Sealed Defendant", entry=str(n), seq=str(n)))
        for n in range(1, 31)
    ]
    await record(store, hidden, now)
    named = [
        item(replace(CASE, caption="United States v. Cienfuegos Zepeda", entry=str(n), seq=str(n)))
        for n in range(1, 31)
    ]
    told = await record(store, named, now + timedelta(days=1))
    assert [one.changes for one in told] == [frozenset({"unsealed"})]
    assert told[0].docket.caption == "United States v. Cienfuegos Zepeda"
    assert await record(store, named, now + timedelta(days=2)) == []


async def test_what_became_of_a_docket_is_said_though_its_first_filing_is_kept_no_more(
    store: Store, now
):
    await record(store, [item(replace(CASE, caption=""))], now)
    later = now + timedelta(days=500)
    await prune(store, later, keep_articles=timedelta(days=400))
    second = replace(CASE, entry="23", document="23", seq="78", stamp="2022-04-01T20:00:00+00:00")
    (filed,) = await record(store, [item(CASE), item(second)], later)
    assert filed.recorded.item.filing.entry == "23"
    assert "named" in filed.changes


async def test_another_way_of_writing_a_caption_is_no_event(store: Store, now):
    await record(store, [item(CASE)], now)
    again = replace(CASE, caption="USA v. Cienfuegos Zepeda et al")
    assert await record(store, [item(again)], now) == []


async def test_a_docket_is_followed_counted_and_let_go(store: Store, now):
    (filed,) = await record(store, [item(CASE)], now)
    async with store.write() as tx:
        one = await dockets.follow(
            tx, "nyed", "19-cr-366", level=Level.ORDERS, to=[3, 1], by=7, now=now
        )
        assert one.docket.id == filed.docket.id
        assert one.to == (1, 3)
        await dockets.count_hidden(tx, {one.docket.id: 2}, now)
        await dockets.count_hidden(tx, {one.docket.id: 1}, now)
    async with store.write() as tx:
        (kept,) = await dockets.followings(tx)
        assert (kept.hidden, kept.level, kept.added, kept.declared) == (
            3,
            Level.ORDERS,
            True,
            False,
        )
        assert await dockets.take_hidden(tx, kept.docket.id) == 3
        assert await dockets.unfollow(tx, kept.docket.id)
        assert not await dockets.unfollow(tx, kept.docket.id)
        assert await dockets.followings(tx) == []


async def test_what_config_no_longer_lists_is_followed_on_only_where_a_chat_follows_it(
    store: Store, now
):
    async with store.write() as tx:
        await dockets.declare(tx, [dockets.Wanted("nyed", "1:19-cr-00366")], now)
        await dockets.follow(tx, "nyed", "1:19-cr-00366", now=now)
        await dockets.declare(tx, [dockets.Wanted("nyed", "1:20-cr-00001")], now)
        both = {
            one.docket.number: (one.declared, one.added) for one in await dockets.followings(tx)
        }
    assert both == {"1:19-cr-00366": (False, True), "1:20-cr-00001": (True, False)}


async def test_chats_that_follow_a_case_of_config_too_go_on_hearing_of_it(store: Store, now):
    def listed(*to: int) -> list[dockets.Wanted]:
        return [dockets.Wanted("nyed", "1:19-cr-00366", to=to)]

    async with store.write() as tx:
        (one,) = await dockets.declare(tx, listed(1), now)
        await dockets.follow(tx, "nyed", "1:19-cr-00366", to=[1, 7], now=now)
        (again,) = await dockets.declare(tx, listed(1), now)
        (other,) = await dockets.declare(tx, listed(2), now)
        assert await dockets.declare(tx, [], now) == []
        (chats,) = await dockets.followings(tx)
        (both,) = await dockets.declare(tx, listed(3), now)
        await dockets.unfollow(tx, one.docket.id)
        (alone,) = await dockets.declare(tx, listed(3), now)
    told = [one.to for one in (one, again, other, chats, both, alone)]
    assert told == [(1,), (1, 7), (2, 7), (7,), (3, 7), (3,)]


@pytest.mark.parametrize("link_first", [True, False])
async def test_two_followed_dockets_that_prove_to_be_one_tell_everybody_they_told(
    store: Store, now, link_first
):
    level = {"level": Level.ALL} if link_first else {"level": Level.ORDERS}
    async with store.write() as tx:
        private = await subscribers.add(tx, NewSubscriber("telegram", "7"), now)
        public = await subscribers.add(tx, NewSubscriber("telegram", "@p", public=True), now)
        for number in ("1:19-cr-00366", ""):
            link = bool(number) is not link_first
            await dockets.follow(
                tx,
                "" if link else "nyed",
                "" if link else "1:19-cr-00366",
                docket_id="18555801" if link else "",
                to=[public.id] if link else [],
                now=now,
                **(level if link else {}),
            )
        first, second = await dockets.followings(tx)
        at = now + timedelta(days=3)
        told = {(one.docket.id, at, private.id) for one in (first, second)}
        assert await claim_dates(tx, told, now) == told
    known = Docket(court="nyed", number="1:19-cr-00366", docket_ids=("18555801",))
    async with store.write() as tx:
        await dockets.learn(tx, known, now)
        (one,) = await dockets.followings(tx)
        assert set(one.to) == {private.id, public.id}
        assert one.level is (Level.ALL if link_first else Level.IMPORTANT)
        assert await claim_dates(tx, {(one.docket.id, at, private.id)}, now) == set()


async def test_an_unknown_docket_is_looked_for_every_six_hours_until_it_is_found(store: Store, now):
    async with store.write() as tx:
        one = await dockets.follow(tx, "nyed", "1:19-cr-00366", now=now, state=DocketState.SEALED)
        for _ in range(2):
            assert [due.id for due in await dockets.due_again(tx, now)] == [one.docket.id]
        await dockets.had_turn(tx, one.docket.id, now)
        assert await dockets.due_again(tx, now + timedelta(hours=5)) == []
        assert len(await dockets.due_again(tx, now + timedelta(hours=6))) == 1
    (filed,) = await record(store, [item(CASE)], now)
    assert filed.docket.id == one.docket.id
    assert filed.changes == {"unsealed"}
    assert filed.docket.state is DocketState.OPEN
    async with store.write() as tx:
        assert await dockets.due_again(tx, now + timedelta(days=9)) == []


async def test_entries_come_page_by_page_the_latest_first(store: Store, now):
    some = [item(replace(CASE, entry=str(n), seq=str(n))) for n in (2, 10, 9, 1)]
    filed = await record(store, some, now)
    pages: list[str] = []
    before = None
    async with store.read() as tx:
        while page := await dockets.entries(tx, filed[0].docket.id, limit=3, before=before):
            pages += [one.filing.entry for one in page if one.filing]
            before = page[-1].id
    assert pages == ["10", "9", "2", "1"]
