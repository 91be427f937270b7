"""The words of new articles are taken in for /search and previews, a moment after they came."""

from __future__ import annotations

import asyncio

from store import lookup
from store.engine import Store

PAUSE = 3.0
"""Seconds between two looks where nobody says that something came."""
BREATH = 0.05
"""Seconds between two writes, so that polls and deliveries never wait for more than one."""


async def take_in_words(store: Store, stop: asyncio.Event) -> None:
    """Take in what comes, until `stop`; everything anew where an older vigil kept it."""
    await lookup.renew(store)
    while not stop.is_set():
        if await lookup.take_in(store):
            await asyncio.sleep(BREATH)
        else:
            await store.woken("words", PAUSE)


async def take_in_waiting(store: Store) -> None:
    """Take in all that waits."""
    await lookup.renew(store)
    more = 1
    while more:
        more = await lookup.take_in(store)
