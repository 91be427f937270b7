"""Looking into the archive: what fits a search, and what was probably meant where nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from matching import near
from matching.archive import Search
from model.item import Item
from store import lookup
from store.engine import Store
from store.statements import chunks

MOST = 1_000
"""Items that are counted; beyond, "more than"."""
READ = 5_000
"""Items that are read for one search at most."""
TITLES = 10_000
"""Of so many Items the words are known, to guess what was meant."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found, the newest first."""

    items: tuple[Item, ...]
    """Those of the page asked for."""
    count: int
    """How many there are in all."""
    more: bool = False
    """There are more than could be counted."""


async def look(store: Store, search: Search, at: int, page: int) -> Seen:
    """Return the Items from place `at` on that fit `search`, `page` of them, and how many fit.
    Reading and comparing happens on a worker thread.
    """
    async with store.read() as tx:
        ids = await lookup.candidates(tx, search.anchors())
    found: list[Item] = []
    count = 0
    for some in chunks(ids[:READ], 250):
        async with store.read() as tx:
            whole = await lookup.whole(tx, some)
        fitting = await asyncio.to_thread(_fitting, search, whole)
        for one in fitting:
            found += [one] if at <= count < at + page else []
            count += 1
        if count >= MOST and count >= at + page:
            return Seen(tuple(found), count, more=True)
    return Seen(tuple(found), count, more=len(ids) > READ)


def _fitting(search: Search, items: Sequence[Item]) -> list[Item]:
    return [one for one in items if search.fits(one)]


async def meant(store: Store, text: str) -> tuple[str, int]:
    """Return what was probably meant by `text`, which nothing has, and how often its rarest word
    stands in headlines; the text itself and 0 when nothing comes near.
    """
    async with store.read() as tx:
        titles = await lookup.titles(tx, TITLES)
    return await asyncio.to_thread(lambda: near.mended(text, near.vocabulary(titles)))
