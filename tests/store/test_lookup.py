"""Finding Items by their words, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from matching.lookup import anchors_of
from model import Item, NewSource, Watch
from store import items, lookup, sources, upkeep
from store.engine import Store

ANCHORS = anchors_of(Watch("Salvador Cienfuegos Zepeda"))


async def read(store: Store, now: datetime, *titles: str) -> list[Item]:
    async with store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed"), now)
        new = [Item(key=one, title=one, source_id=source.id) for one in titles]
        return [one.item for one in await items.record(tx, new, now)]


async def found(store: Store, since: datetime | None = None) -> list[str]:
    return [one.title async for some in lookup.stream(store, ANCHORS, since=since) for one in some]


async def test_what_is_taken_in_is_found_and_nothing_else(store: Store, now: datetime):
    await read(store, now, "Rain in Cienfuegos", "Salvador Cienfuegos is heard")
    await read(store, now, "A hearing", "Judge frees General Cienfuegos Zepeda")
    assert await lookup.take_in(store) == 4
    assert await lookup.take_in(store) == 0
    assert await found(store) == [
        "Judge frees General Cienfuegos Zepeda",
        "Salvador Cienfuegos is heard",
    ]


async def test_what_waits_to_be_taken_in_is_given_too(store: Store, now: datetime):
    await read(store, now, "Salvador Cienfuegos is heard")
    await lookup.take_in(store)
    await read(store, now, "Not looked through yet")
    assert await found(store) == ["Not looked through yet", "Salvador Cienfuegos is heard"]


async def test_a_changed_item_is_found_by_its_new_words(store: Store, now: datetime):
    [one] = await read(store, now, "A hearing")
    await lookup.take_in(store)
    async with store.write() as tx:
        await items.record(tx, [replace(one, title="Salvador Cienfuegos is heard")], now)
    await lookup.take_in(store)
    assert await found(store) == ["Salvador Cienfuegos is heard"]


async def test_only_what_was_seen_since_is_given(store: Store, now: datetime):
    await read(store, now - timedelta(days=40), "Salvador Cienfuegos is arrested")
    await read(store, now, "Salvador Cienfuegos is heard")
    await lookup.take_in(store)
    assert await found(store, now - timedelta(days=30)) == ["Salvador Cienfuegos is heard"]
    async with store.read() as tx:
        kept = await lookup.archive(tx, now - timedelta(days=30))
    assert (kept.items, kept.oldest) == (1, now)


async def test_what_is_forgotten_is_not_found(store: Store, now: datetime):
    await read(store, now - timedelta(days=40), "Salvador Cienfuegos is arrested")
    await lookup.take_in(store)
    await upkeep.prune(store, now, keep_articles=timedelta(days=30))
    assert await found(store) == []


async def test_words_are_taken_in_anew_once_when_vigil_reads_them_otherwise(
    store: Store, now: datetime
):
    await read(store, now, "Salvador Cienfuegos is heard", "A hearing")
    await lookup.take_in(store)
    assert await lookup.renew(store)
    assert await lookup.take_in(store) == 2
    assert not await lookup.renew(store)
    assert await found(store) == ["Salvador Cienfuegos is heard"]
