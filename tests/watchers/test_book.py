from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from matching.match import Matcher
from model import Item, NewSubscriber, StoredWatch, Watch
from store import subscribers, watches
from store.engine import Store
from watchers.book import WatchBook

PERSON = Watch("Salvador Cienfuegos Zepeda")
OTHER = Watch("Genaro García Luna")
ITEM = Item(title="Salvador Cienfuegos Zepeda y Genaro García Luna", source_id=1)


@pytest.fixture
def book() -> Iterator[WatchBook]:
    one = WatchBook(Matcher())
    yield one
    one.close()


async def refreshed(book: WatchBook, store: Store) -> int:
    async with store.read() as tx:
        return await book.refresh(tx)


async def found(book: WatchBook, item: Item = ITEM) -> set[int]:
    (mentions,) = await book.find_mentions([item])
    return {one.watch_id for one in mentions}


async def added(store: Store, watch: Watch, now: datetime) -> StoredWatch:
    async with store.write() as tx:
        return await watches.add(tx, watch, now)


async def test_a_watch_counts_from_the_next_batch_on(
    store: Store, book: WatchBook, now: datetime
) -> None:
    assert await refreshed(book, store) == 0
    assert await found(book) == set()
    one = await added(store, PERSON, now)
    assert await refreshed(book, store) == 1
    assert await refreshed(book, store) == 0
    assert await found(book) == {one.watch.id}
    two = await added(store, OTHER, now)
    await refreshed(book, store)
    assert await found(book) == {one.watch.id, two.watch.id}
    assert len(book) == 2


async def test_a_changed_watch_is_looked_for_as_it_is_now(
    store: Store, book: WatchBook, now: datetime
) -> None:
    one = (await added(store, PERSON, now)).watch
    await refreshed(book, store)
    async with store.write() as tx:
        await watches.change(tx, replace(one, name="Iván Reyes Arzate"), now)
    await refreshed(book, store)
    assert await found(book) == set()
    assert await found(book, Item(title="Iván Reyes Arzate en Nueva York")) == {one.id}


async def test_a_removed_watch_is_looked_for_no_more(
    store: Store, book: WatchBook, now: datetime
) -> None:
    one = (await added(store, PERSON, now)).watch
    await refreshed(book, store)
    async with store.write() as tx:
        await watches.remove(tx, one.id, now)
    await refreshed(book, store)
    assert await found(book) == set()
    assert book.watch(one.id) is None
    assert len(book.matcher) == 0


async def test_a_rule_made_in_a_chat_holds_from_the_next_batch_on(
    store: Store, book: WatchBook, now: datetime
) -> None:
    one = (await added(store, PERSON, now)).watch
    await refreshed(book, store)
    async with store.write() as tx:
        await watches.add_never(tx, one.id, "García Luna", 1, now)
    await refreshed(book, store)
    assert await found(book) == set()


async def test_a_watch_that_cannot_be_watched_is_set_aside_with_its_sentence(
    store: Store, book: WatchBook, now: datetime
) -> None:
    good = await added(store, PERSON, now)
    bad = await added(store, Watch("x" * 5000), now)
    await refreshed(book, store)
    assert await found(book) == {good.watch.id}
    assert book.broken[bad.watch.id].endswith(".")


async def test_two_books_learn_the_same(store: Store, now: datetime) -> None:
    early, late = WatchBook(Matcher()), WatchBook(Matcher())
    for name in ("Edgar Veytia", "Rafael Caro Quintero"):
        await added(store, Watch(name), now)
        await refreshed(early, store)
    await refreshed(late, store)
    item = Item(title="Edgar Veytia; Rafael Caro Quintero")
    assert await found(early, item) == await found(late, item) != set()
    early.close()
    late.close()


async def test_who_hears_is_as_it_stands_now(store: Store, book: WatchBook, now: datetime) -> None:
    async with store.write() as tx:
        desk = await subscribers.add(tx, NewSubscriber("telegram", "1"), now)
        channel = await subscribers.add(tx, NewSubscriber("telegram", "@news", public=True), now)
        to_desk = await watches.add(tx, PERSON, now)
        to_channel = await watches.add(tx, OTHER, now, to=[channel.id])
    await refreshed(book, store)
    ids = [to_desk.watch.id, to_channel.watch.id]
    async with store.read() as tx:
        heard = await book.audiences(tx, [*ids, 999])
        assert await book.audiences(tx, [999]) == {}
    assert {watch_id: one.subscriber_ids for watch_id, one in heard.items()} == {
        ids[0]: (desk.id,),
        ids[1]: (channel.id,),
    }
    async with store.write() as tx:
        await subscribers.update(tx, desk.id, now, enabled=False)
    async with store.read() as tx:
        heard = await book.audiences(tx, ids)
    assert heard[ids[0]].subscriber_ids == ()


async def test_a_mute_is_known_from_the_next_batch_on(
    store: Store, book: WatchBook, now: datetime
) -> None:
    one = (await added(store, PERSON, now)).watch
    await refreshed(book, store)
    until = now + timedelta(hours=1)
    async with store.write() as tx:
        await watches.mute(tx, one.id, until, now)
    await refreshed(book, store)
    stored = book.watch(one.id)
    assert stored is not None
    assert stored.muted_until == until
    assert await found(book) == {one.id}
