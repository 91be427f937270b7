"""Record what Sources published: find out what is really new or really changed, and keep it.

An Item is known by its key in its Source, for ever. Where that says "never seen", `recognise`
looks whether it is an old one under a new key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, update

from model import Item, News, Recorded
from store.engine import Tx
from store.item_rows import items_of, said_columns, stored
from store.item_words import wait_for_words
from store.recognise import Sighting, find_by_address_or_words, find_by_key, sightings_of
from store.statements import insert
from store.tables import item, seen_key, source_state


async def record(
    tx: Tx,
    items: Sequence[Item],
    now: datetime,
    *,
    backlog: Collection[int] = (),
    present: Mapping[int, Collection[bytes]] | None = None,
) -> list[Recorded]:
    """Store Items of any number of Sources; return, in their order, only what is new or changed.

    Known by key: a change of address, title, summary or text is CHANGED (with `before`), a
    change of date is nothing; an Item that vanished and came back is nothing, even when it is
    no longer kept. The same key twice in `items`: the first counts.

    `backlog`: ids of Sources whose first poll this is. `present`: for each Source the digests
    of all keys in its document now; only for Sources listed there can an Item be recognised
    under a new key (courts' feeds are left out: address and words say nothing there).
    """
    sightings = sightings_of(items)
    await find_by_key(tx, sightings)
    grown_up = {of: keys for of, keys in (present or {}).items() if of not in backlog}
    await find_by_address_or_words(tx, sightings, grown_up, now)
    news = await _store_new(tx, [one for one in sightings if not one.known], now)
    news |= await _store_changed(tx, [one for one in sightings if one.changed])
    await _remember_keys(tx, [one for one in sightings if one.new_key])
    return [
        Recorded(one, kind, before, backlog=kind is News.NEW and one.source_id in backlog)
        for seen in sightings
        if seen.at in news
        for one, kind, before in [news[seen.at]]
    ]


async def fresh(tx: Tx, items: Sequence[Item]) -> list[Item]:
    """Return the Items that `record` could call new or changed: what is worth matching.

    Reads only, so that it can be asked before the writing transaction.
    """
    sightings = sightings_of(items)
    await find_by_key(tx, sightings)
    return [one.item for one in sightings if one.changed or not one.known]


_News = dict[tuple[int, bytes], tuple[Item, News, Item | None]]
"""By identity: the Item as stored, what it is, and what it was."""


async def _store_new(tx: Tx, sightings: Sequence[Sighting], now: datetime) -> _News:
    """Insert what is new. What another process inserted a moment ago doesn't come back."""
    rows = [
        {
            "source_id": one.item.source_id,
            "key": one.keys.key,
            "guid": one.item.key,
            "first_seen": now,
            **said_columns(one.item, one.keys, one.content),
        }
        for one in sightings
    ]
    new = insert(tx, item).on_conflict_do_nothing(index_elements=["source_id", "key"])
    answer = await tx.rows(new.returning(item.c.id, item.c.source_id, item.c.key), rows)
    ids = {(row.source_id, row.key): row.id for row in answer}
    news: _News = {}
    for one in sightings:
        if one.at in ids:
            one.item_id, one.new_key = ids[one.at], True
            news[one.at] = (stored(one.item, one.item_id, now), News.NEW, None)
    await _count(tx, [source_id for source_id, _ in ids])
    await wait_for_words(tx, ids.values())
    return news


async def _count(tx: Tx, source_ids: Sequence[int]) -> None:
    """Add to how many Items each Source has given."""
    given = source_state.c["items"]
    more = update(source_state).where(source_state.c.source_id == bindparam("of"))
    await tx.run_many(
        more.values({given: given + bindparam("more")}),
        [{"of": one, "more": source_ids.count(one)} for one in sorted(set(source_ids))],
    )


async def _store_changed(tx: Tx, sightings: Sequence[Sighting]) -> _News:
    """Overwrite Items with what they say now."""
    by_id = {one.item_id: one for one in reversed(sightings)}
    before = await items_of(tx, by_id)
    said = [
        {"of": one.item_id, **said_columns(one.item, one.keys, one.content)}
        for one in by_id.values()
    ]
    await tx.run_many(update(item).where(item.c.id == bindparam("of")), said)
    await _remember_words(tx, [one for one in by_id.values() if not one.new_key])
    await wait_for_words(tx, before)
    news: _News = {}
    for item_id, old in before.items():
        one = by_id[item_id]
        if not one.new_key or not _reads_the_same(one.item, old):
            news[one.at] = (stored(one.item, item_id, old.first_seen), News.CHANGED, old)
    return news


def _reads_the_same(one: Item, other: Item) -> bool:
    """Return whether only the address differs, as when a site moves."""
    return (one.title, one.summary, one.text) == (other.title, other.summary, other.text)


async def _remember_words(tx: Tx, sightings: Sequence[Sighting]) -> None:
    """Let known keys stand for the address and words their Items have now."""
    known = update(seen_key).where(
        seen_key.c.source_id == bindparam("of"), seen_key.c.key == bindparam("by")
    )
    values = [
        {
            "of": one.item.source_id,
            "by": one.keys.key,
            "url_key": one.keys.url_key,
            "print_key": one.keys.print_key,
        }
        for one in sightings
    ]
    await tx.run_many(known, values)


async def _remember_keys(tx: Tx, sightings: Sequence[Sighting]) -> None:
    """Never forget what was seen."""
    rows = [
        {
            "source_id": one.item.source_id,
            "key": one.keys.key,
            "item_id": one.item_id,
            "url_key": one.keys.url_key,
            "print_key": one.keys.print_key,
        }
        for one in sightings
    ]
    await tx.run_many(insert(tx, seen_key).on_conflict_do_nothing(), rows)
