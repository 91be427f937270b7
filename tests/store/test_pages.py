"""The queue of article pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from model import Item, NewSource
from store import items, pages, sources
from store.engine import Store


async def stored(store: Store, now: datetime, count: int = 3, url: str = "https://a.example/feed"):
    async with store.write() as tx:
        source = await sources.add(tx, NewSource(url), now)
        news = [
            Item(key=str(n), url=f"{url}/{n}", title=f"Story number {n}", source_id=source.id)
            for n in range(count)
        ]
        return [one.item for one in await items.record(tx, news, now)]


async def claimed(store: Store, now: datetime, limit: int = 10, per_hour: int = 60):
    async with store.write() as tx:
        return await pages.claim(tx, now, limit, per_hour=per_hour)


async def queued(store: Store, now: datetime, count: int = 3) -> list[Item]:
    news = await stored(store, now, count)
    async with store.write() as tx:
        await pages.queue(tx, news, now)
    return news


async def test_a_page_is_wanted_once_and_claimed_once(store: Store, now: datetime) -> None:
    news = await queued(store, now)
    async with store.write() as tx:
        await pages.queue(tx, news, now + timedelta(minutes=1))
    assert [one.item.id for one in await claimed(store, now)] == [one.id for one in news]
    assert await claimed(store, now) == []


async def test_a_claim_that_died_is_due_again(store: Store, now: datetime) -> None:
    await queued(store, now, 1)
    await claimed(store, now)
    later = now + pages.LEASE + timedelta(seconds=1)
    (again,) = await claimed(store, later)
    assert again.tries == 0


async def test_one_source_gets_so_many_pages_an_hour(store: Store, now: datetime) -> None:
    await queued(store, now, 5)
    others = await stored(store, now, 1, "https://b.example/feed")
    async with store.write() as tx:
        await pages.queue(tx, others, now)
    assert len(await claimed(store, now, per_hour=2)) == 3
    assert await claimed(store, now, per_hour=2) == []
    assert len(await claimed(store, now + timedelta(minutes=61), per_hour=2)) == 3


async def test_what_was_asked_by_a_clock_that_ran_ahead_holds_up_no_page(
    store: Store, now: datetime
) -> None:
    await queued(store, now, 3)
    assert len(await claimed(store, now + timedelta(days=1), per_hour=2)) == 2
    assert len(await claimed(store, now + timedelta(seconds=1), per_hour=2)) == 1


async def test_what_failed_is_tried_later_and_least_tried_goes_first(
    store: Store, now: datetime
) -> None:
    first, second = await queued(store, now, 2)
    await claimed(store, now, 1)
    async with store.write() as tx:
        await pages.put_off(tx, first.id, now + timedelta(minutes=5), error="a.example is away.")
    then = now + timedelta(minutes=5)
    assert [(one.item.id, one.tries) for one in await claimed(store, then)] == [
        (second.id, 0),
        (first.id, 1),
    ]


async def test_what_was_put_off_unasked_counts_as_no_try(store: Store, now: datetime) -> None:
    (one,) = await queued(store, now, 1)
    await claimed(store, now, per_hour=1)
    async with store.write() as tx:
        await pages.put_off(tx, one.id, now + timedelta(seconds=30))
        assert await pages.next_due(tx) == now + timedelta(seconds=30)
    (again,) = await claimed(store, now + timedelta(seconds=30), per_hour=1)
    assert again.tries == 0


async def test_health_counts_and_says_each_trouble_once(store: Store, now: datetime) -> None:
    first, second, third = await queued(store, now)
    async with store.write() as tx:
        await pages.settle(tx, first.id, now)
        await pages.settle(tx, second.id, now, error="a.example wants a login.")
        await pages.settle(tx, third.id, now, error="a.example wants a login.")
        health = await pages.health(tx, now - timedelta(days=1))
        assert await pages.next_due(tx) is None
    assert (health.waiting, health.read, health.failed) == (0, 1, 2)
    assert health.troubles == (("a.example wants a login.", 2),)


async def test_what_waits_too_long_is_no_news_and_is_forgotten(store: Store, now: datetime) -> None:
    await queued(store, now)
    assert await claimed(store, now + pages.FORGOTTEN) == []
    async with store.write() as tx:
        assert await pages.prune(tx, now + pages.KEPT + timedelta(seconds=1)) == 3


async def test_a_pages_text_is_no_change_of_the_item(store: Store, now: datetime) -> None:
    (one,) = await queued(store, now, 1)
    async with store.write() as tx:
        await pages.keep_words(tx, replace(one, text="What the page says."), one)
        same = Item(key="0", url=one.url, title=one.title, source_id=one.source_id)
        assert await items.record(tx, [same], now) == []
        kept = await items.get(tx, one.id)
    assert kept is not None
    assert kept.text == "What the page says."


async def test_what_a_source_said_while_a_page_was_read_is_newer(
    store: Store, now: datetime
) -> None:
    (one,) = await queued(store, now, 1)
    (wanted,) = await claimed(store, now)
    newer = Item("0", one.url, "The new headline", "New.", "The new text", source_id=one.source_id)
    async with store.write() as tx:
        await items.record(tx, [newer], now)
    page = replace(wanted.item, title="The headline on the page", text="Text.", published="today")
    async with store.write() as tx:
        await pages.keep_words(tx, page, wanted.item)
        kept = await items.get(tx, one.id)
    assert kept is not None
    assert (kept.title, kept.text, kept.published) == ("The new headline", "The new text", "today")
    longer = replace(page, text="The whole text of the page")
    async with store.write() as tx:
        await pages.keep_words(tx, longer, wanted.item)
        kept = await items.get(tx, one.id)
    assert kept is not None
    assert (kept.title, kept.text) == ("The new headline", "The whole text of the page")
