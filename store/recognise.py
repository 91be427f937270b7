"""Recognise what was seen before: by key, else by address, else by words.

The last two are for the day a site gives all its entries new keys. They take over an Item only
if that Item has left the document: two that stand side by side are two. What says something else
altogether, days later, at the address where another stood (a column, a bulletin) is another, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Select, select

from matching.same import REPRINT_WINDOW, ItemKeys, item_keys
from model import Item
from store.engine import Tx
from store.item_rows import content_of
from store.statements import grouped_pairs, pairs_in
from store.tables import item, seen_key

_Place = tuple[int, bytes]
"""A Source's id and a digest."""


@dataclass(slots=True)
class Sighting:
    """An Item as its Source shows it now, and what is known of it."""

    item: Item
    keys: ItemKeys
    content: bytes
    item_id: int = 0
    """The Item it is; 0: never seen."""
    kept: bool = False
    """The Item is still in the store, with the content digest `before`."""
    before: bytes = b""
    new_key: bool = False
    """Its key is not remembered yet."""

    @property
    def at(self) -> _Place:
        """Its identity."""
        return self.item.source_id, self.keys.key

    @property
    def known(self) -> bool:
        """Whether it was seen before."""
        return self.item_id != 0

    @property
    def changed(self) -> bool:
        """Whether it says something else than what is stored."""
        return self.kept and self.before != self.content

    def is_item(self, row: Row[Any]) -> None:
        """Note that it is the Item of this row of `_remembered`."""
        self.item_id = row.item_id
        self.kept = row.content is not None
        self.before = row.content or b""


def sightings_of(items: Iterable[Item]) -> list[Sighting]:
    """Return Items with their digests, in order; of the same key twice, the first."""
    sightings: dict[_Place, Sighting] = {}
    for one in items:
        seen = Sighting(one, item_keys(one), content_of(one))
        sightings.setdefault(seen.at, seen)
    return list(sightings.values())


def _remembered() -> Select[Any]:
    """Select seen keys, with the content of the Items they name while those are kept."""
    kept = item.c.id == seen_key.c.item_id
    return select(seen_key, item.c.content).outerjoin(item, kept)


_SAID = (item.c.first_seen, item.c.title, item.c.title_key, item.c.summary, item.c.text)
"""What tells whether something else stands at an address now."""


async def _rows(
    tx: Tx, column: Column[Any], wanted: Iterable[_Place], more: Sequence[Column[Any]] = ()
) -> list[Row[Any]]:
    """Return what is remembered under these digests in `column`, with `more` of the Items."""
    places = set(wanted)
    rows: list[Row[Any]] = []
    for some in grouped_pairs(places):
        found = _remembered().add_columns(*more).where(pairs_in(seen_key.c.source_id, column, some))
        rows += await tx.rows(found)
    return [row for row in rows if (row.source_id, getattr(row, column.name)) in places]


async def find_by_key(tx: Tx, sightings: Sequence[Sighting]) -> None:
    """Mark the sightings whose keys were seen before."""
    by_key = {one.at: one for one in sightings}
    for row in await _rows(tx, seen_key.c.key, by_key):
        by_key[row.source_id, row.key].is_item(row)


async def find_by_address_or_words(
    tx: Tx,
    sightings: Sequence[Sighting],
    present: Mapping[int, Collection[bytes]],
    now: datetime,
) -> None:
    """Mark the sightings that are known Items under new keys, as of `now`.

    `present`: the digests of all keys in each Source's document; others are left alone.
    """
    unknown = [one for one in sightings if not one.known and one.item.source_id in present]
    urls = [(one, one.keys.url_key) for one in unknown]
    by_url = await _pasts(tx, seen_key.c.url_key, urls, _SAID)
    by_print = await _pasts(tx, seen_key.c.print_key, [(one, _print(one)) for one in unknown])
    if not by_url and not by_print:
        return
    here = await _items_present(tx, present)
    for one in unknown:
        of = one.item.source_id
        past = _left(by_url.get((of, one.keys.url_key), {}), here, alone=True)
        past = None if past is not None and _is_another(one, past, now) else past
        past = past or _left(by_print.get((of, _print(one)), {}), here)
        if past is not None:
            one.is_item(past)
            one.new_key = True
            here.add(one.item_id)


def _is_another(one: Sighting, past: Row[Any], now: datetime) -> bool:
    """Return whether what stands at an address now is no version of what stood there: neither
    headline nor words are the same, and it was first seen longer ago than an address says that
    two are one. An edit that comes with a new key says one of them still.
    """
    if past.first_seen is None or now - past.first_seen <= REPRINT_WINDOW:
        return False
    said = one.item
    titles = (said.title, past.title), (one.keys.title_key, past.title_key)
    words = (said.summary, past.summary), (said.text, past.text)
    return not any(new and new == old for new, old in (*titles, *words))


def _print(one: Sighting) -> bytes:
    """Return the fingerprint of its words, if they are words enough to tell Items apart."""
    return one.keys.print_key if one.keys.title_key else b""


_Pasts = dict[_Place, dict[int, Row[Any]]]
"""By Source and digest: the Items of the past that had it, by id."""


async def _pasts(
    tx: Tx,
    column: Column[bytes],
    wanted: Iterable[tuple[Sighting, bytes]],
    more: Sequence[Column[Any]] = (),
) -> _Pasts:
    places = {(one.item.source_id, digest) for one, digest in wanted if digest}
    found: _Pasts = {}
    for row in await _rows(tx, column, places, more):
        found.setdefault((row.source_id, getattr(row, column.name)), {})[row.item_id] = row
    return found


async def _items_present(tx: Tx, present: Mapping[int, Collection[bytes]]) -> set[int]:
    """Return the Items that stand in the documents now, under whichever of their keys."""
    keys = [(of, key) for of, keys in present.items() for key in keys]
    return {row.item_id for row in await _rows(tx, seen_key.c.key, keys)}


def _left(pasts: Mapping[int, Row[Any]], here: Set[int], *, alone: bool = False) -> Row[Any] | None:
    """Return the latest of the Items of the past, if all have left the document; with `alone`
    only if there is no second: an address that several Items share is nobody's own.
    """
    if not pasts or (alone and len(pasts) > 1) or not here.isdisjoint(pasts):
        return None
    return pasts[max(pasts)]
