"""Recording what Sources published: what is news, what is an edit, what is neither."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from matching.same import item_keys
from model import Item, Mention, News, Reason, Recorded
from store import items
from store.engine import Store
from store.tables import item as item_table

HEARING = Item(
    key="guid-1",
    url="https://a.example/1",
    title="Judge dismisses the charges against the general",
    summary="The hearing took ten minutes.",
    published="Wed, 18 Nov 2020 15:00:00 GMT",
    source_id=1,
)
RETURN = Item(
    key="guid-2",
    url="https://a.example/2",
    title="The general is flown home to Mexico",
    summary="A plane of the Marshals left Teterboro.",
    source_id=1,
)


def keys(*some: Item) -> dict[int, set[bytes]]:
    """The keys of a document that holds these Items."""
    return {one.source_id: {item_keys(one).key for one in some} for one in some}


async def record(store: Store, some: Sequence[Item], now: datetime, **how) -> list[Recorded]:
    async with store.write() as tx:
        return await items.record(tx, some, now, **how)


async def show(store: Store, document: Sequence[Item], now: datetime) -> list[Recorded]:
    """A poll that brings this whole document."""
    present = {1: {item_keys(one).key for one in document}}
    return await record(store, document, now, present=present)


async def test_a_new_item_comes_back_with_its_id_and_is_kept(store: Store, now):
    (news,) = await record(store, [HEARING], now)
    assert news.news is News.NEW
    assert news.before is None
    assert news.item == replace(HEARING, id=news.item.id, first_seen=now)
    async with store.read() as tx:
        assert await items.get(tx, news.item.id) == news.item
        assert await items.by_url(tx, HEARING.url) == news.item
        assert await items.by_url(tx, "https://a.example/other") is None
        assert await items.known(tx, 1, [item_keys(HEARING)]) == {item_keys(HEARING).key}
        assert await items.known(tx, 2, [item_keys(HEARING)]) == set()


async def test_many_items_of_many_sources_keep_their_order(store: Store, now):
    some = [
        replace(HEARING, key=f"g{n}", url=f"https://a.example/{n}", source_id=1 + n % 30)
        for n in range(1500)
    ]
    news = await record(store, some, now)
    assert [one.item.key for one in news] == [one.key for one in some]
    assert len({one.item.id for one in news}) == 1500
    assert await record(store, some, now) == []


async def test_the_same_key_in_another_source_is_another_item(store: Store, now):
    assert len(await record(store, [HEARING, replace(HEARING, source_id=2)], now)) == 2


async def test_the_same_key_twice_in_a_batch_counts_once(store: Store, now):
    later = replace(HEARING, title="The same entry, listed twice in one document")
    (news,) = await record(store, [HEARING, later], now)
    assert news.item.title == HEARING.title
    assert await record(store, [HEARING, later], now) == []


@pytest.mark.parametrize("field", ["title", "summary", "text", "url"])
async def test_an_edit_brings_the_version_before(store: Store, now, field: str):
    (first,) = await record(store, [HEARING], now)
    edited = replace(HEARING, **{field: "https://a.example/changed"})
    (edit,) = await record(store, [edited], now + timedelta(hours=1))
    assert edit.news is News.CHANGED
    assert edit.before == first.item
    assert edit.item == replace(edited, id=first.item.id, first_seen=now)
    assert edit.headline_changed == (field == "title")
    assert await record(store, [edited], now) == []
    async with store.read() as tx:
        assert await items.get(tx, first.item.id) == edit.item


async def test_another_date_is_nothing(store: Store, now):
    await record(store, [HEARING], now)
    assert await record(store, [replace(HEARING, published="Thu", published_at=now)], now) == []


async def test_a_headline_changed_back_is_an_edit(store: Store, now):
    await record(store, [HEARING], now)
    await record(store, [replace(HEARING, title="Judge drops the case")], now)
    (back,) = await record(store, [HEARING], now)
    assert back.headline_changed


async def test_an_undated_item_that_returns_is_not_news(store: Store, now):
    await show(store, [HEARING, RETURN], now)
    assert await show(store, [RETURN], now) == []
    assert await show(store, [HEARING, RETURN], now) == []


async def test_an_item_that_returns_after_it_was_pruned_is_not_news(store: Store, now):
    await record(store, [HEARING], now)
    async with store.write() as tx:
        await tx.run(delete(item_table))
    assert await show(store, [HEARING], now) == []
    assert await show(store, [replace(HEARING, key="new", source_id=1)], now) == []
    (other,) = await show(store, [RETURN], now)
    assert other.news is News.NEW


async def test_new_keys_for_the_same_addresses_are_not_news(store: Store, now):
    await show(store, [HEARING, RETURN], now)
    moved = [replace(HEARING, key="new-1"), replace(RETURN, key="new-2")]
    assert await show(store, moved, now) == []
    assert await show(store, moved, now) == []
    assert await show(store, [HEARING, RETURN], now) == []


async def test_new_keys_and_new_addresses_for_the_same_words_are_not_news(store: Store, now):
    (first, _) = await show(store, [HEARING, RETURN], now)
    moved = [replace(one, key=f"{one.key}b", url=f"{one.url}/slug") for one in (HEARING, RETURN)]
    assert await show(store, moved, now) == []
    async with store.read() as tx:
        known = await items.get(tx, first.item.id)
    assert known is not None
    assert known.url == "https://a.example/1/slug"
    (edit,) = await show(store, [replace(moved[0], title="Charges dropped"), moved[1]], now)
    assert edit.before == known


async def test_a_new_key_and_a_new_headline_at_the_same_address_is_an_edit(store: Store, now):
    await show(store, [HEARING], now)
    (edit,) = await show(store, [replace(HEARING, key="k", title="Charges are dropped")], now)
    assert edit.news is News.CHANGED
    assert edit.headline_changed


@pytest.mark.parametrize(
    ("days", "says", "news"),
    [
        (7, {}, News.NEW),
        (2, {}, News.CHANGED),
        (7, {"summary": HEARING.summary}, News.CHANGED),
        (7, {"title": HEARING.title}, News.CHANGED),
    ],
    ids=["days later", "within the window", "the same words", "the same headline"],
)
async def test_the_next_column_at_the_same_address_is_no_edit_of_the_last(
    store: Store, now, days, says, news
):
    await show(store, [HEARING], now)
    column = replace(RETURN, key="column-2", url=HEARING.url, **says)
    (one,) = await show(store, [column], now + timedelta(days=days))
    assert one.news is news
    assert await show(store, [column], now + timedelta(days=days)) == []


async def test_two_items_side_by_side_with_one_address_are_two(store: Store, now):
    other = replace(RETURN, url=HEARING.url)
    assert len(await show(store, [HEARING], now)) == 1
    assert len(await show(store, [HEARING, other], now)) == 1


async def test_an_address_that_items_share_is_nobodys_own(store: Store, now):
    live = [replace(RETURN, key=f"live-{n}", title=f"Part {n} of our report") for n in range(3)]
    assert len(await show(store, live[:2], now)) == 2
    (third,) = await show(store, live[2:], now)
    assert third.news is News.NEW


async def test_two_new_keys_for_one_old_item_are_one_of_them_news(store: Store, now):
    await show(store, [HEARING], now)
    twins = [replace(HEARING, key="a"), replace(HEARING, key="b")]
    (news,) = await show(store, twins, now)
    assert news.item.key == "b"


async def test_an_item_is_present_under_any_of_its_keys(store: Store, now):
    await show(store, [HEARING], now)
    moved = replace(HEARING, key="new", url="https://a.example/slug")
    await show(store, [moved], now)
    old_address = replace(RETURN, url=HEARING.url)
    (news,) = await show(store, [moved, old_address], now)
    assert news.news is News.NEW


async def test_without_the_document_nothing_is_taken_for_something_older(store: Store, now):
    await record(store, [HEARING], now)
    (news,) = await record(store, [replace(HEARING, key="entry-2")], now)
    assert news.news is News.NEW


async def test_a_rubric_repeated_without_text_is_news_each_time(store: Store, now):
    rubric = Item(key="mon", title="Editorial", source_id=1)
    assert len(await show(store, [rubric], now)) == 1
    assert len(await show(store, [replace(rubric, key="tue")], now)) == 1


async def test_the_first_poll_of_a_source_is_backlog(store: Store, now):
    (old,) = await record(store, [HEARING], now, backlog={1})
    (new,) = await record(store, [RETURN], now, backlog={2})
    (edit,) = await record(store, [replace(HEARING, title="Edited")], now, backlog={1})
    assert (old.backlog, new.backlog, edit.backlog) == (True, False, False)


async def test_what_no_database_takes_is_replaced_in_place(store: Store, now):
    odd = replace(HEARING, title="A\x00B\ud800C", key="\udfffkey")
    (news,) = await record(store, [odd], now)
    assert await record(store, [odd], now) == []
    async with store.read() as tx:
        kept = await items.get(tx, news.item.id)
    assert kept is not None
    assert kept.title == "A\ufffdB\ufffdC"


async def test_fresh_is_what_record_would_return(store: Store, now):
    await record(store, [HEARING, RETURN], now)
    some = [HEARING, replace(RETURN, summary="Edited"), replace(HEARING, key="new")]
    async with store.read() as tx:
        assert await items.fresh(tx, some) == some[1:]
    assert [one.item.key for one in await record(store, some, now)] == ["guid-2", "new"]


async def test_nothing_recorded_is_nothing(store: Store, now):
    assert await record(store, [], now, backlog={1}, present={1: set()}) == []


async def test_history_is_newest_first_in_pages(store: Store, now):
    for day in range(5):
        some = [replace(HEARING, key=f"{day}.{n}", source_id=1 + n) for n in range(2)]
        await record(store, some, now + timedelta(days=day))
    async with store.read() as tx:
        page = await items.history(tx, limit=3)
        rest = await items.history(tx, limit=99, before_id=page[-1].id)
        newer = await items.history(tx, since=now + timedelta(days=3), source_ids={2})
        assert await items.count(tx) == 10
        assert await items.count(tx, now + timedelta(days=3)) == 4
    assert [one.key for one in page] == ["4.1", "4.0", "3.1"]
    assert [one.key for one in rest] == ["3.0", "2.1", "2.0", "1.1", "1.0", "0.1", "0.0"]
    assert [one.key for one in newer] == ["4.1", "3.1"]
    chunks = [chunk async for chunk in items.stream(store, chunk=4, since=now)]
    assert [one.id for chunk in chunks for one in chunk] == [one.id for one in page + rest]
    assert [len(chunk) for chunk in chunks] == [4, 4, 2]


async def test_mentions_are_known_by_item_and_watch(store: Store):
    found = Mention(7, "title", 4, 11, "general", 90, Reason("alias", ("x",)), "General")
    async with store.write() as tx:
        await items.add_mentions(tx, [])
        await items.add_mentions(tx, [(1, found), (1, replace(found, field="text"))])
        await items.add_mentions(tx, [(1, found), (1, replace(found, watch_id=8)), (2, found)])
        assert await items.mentioned(tx, [1, 2, 3]) == {1: {7, 8}, 2: {7}}


_sources = count(1000)
_words = st.text(st.characters(exclude_categories=()), max_size=12)
_items = st.builds(
    Item,
    key=st.sampled_from(["", "a", "b", "c"]),
    url=st.sampled_from(["", "https://a.example/", "https://a.example/x"]),
    title=_words,
    summary=_words,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(document=st.lists(_items, max_size=6))
async def test_recording_twice_yields_nothing_new(store: Store, document: list[Item]):
    source_id = next(_sources)
    document = [replace(one, source_id=source_id) for one in document]
    present = {source_id: {item_keys(one).key for one in document}}
    now = datetime(2020, 11, 18, tzinfo=UTC)
    first = await record(store, document, now, present=present)
    assert len(first) == len({item_keys(one).key for one in document})
    assert await record(store, document, now, present=present) == []


async def test_an_item_recorded_by_two_processes_at_once_is_news_for_one(
    postgres_url: str, now: datetime
):
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    async with here.write() as tx:
        first = await items.record(tx, [HEARING], now)
        other = asyncio.create_task(record(there, [HEARING, RETURN], now))
        await asyncio.sleep(0.05)
    assert [one.item.key for one in first] == ["guid-1"]
    assert [one.item.key for one in await other] == ["guid-2"]
    await here.close()
    await there.close()
