"""What grouping reads is read before the write transaction, which then only compares."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime

from matching.grouping import WINDOW
from matching.remembered import DAY, remembered
from model import Item
from store import alerts
from store.engine import Store

MOST = 2_000
"""Texts that are read ahead at most: what is left is read when it is needed."""


class ReadAhead:
    """Reads what is about to be told and what the latest Stories of its Watches say, outside the
    loop's thread: a tenth of a millisecond each, once in a process.
    """

    def __init__(self, store: Store) -> None:
        """Read what is in `store`; nothing was read yet."""
        self._store = store
        self._read: set[int] = set()
        """The Watches whose Stories were read: what is told for them later was read as it came."""
        self._since: datetime | None = None

    async def read(self, items: Collection[Item], watch_ids: Iterable[int], now: datetime) -> None:
        """Read these Items and, once a DAY, what is live of these Watches. StoreError when the
        database fails.
        """
        if self._since is None or not self._since <= now < self._since + DAY:
            self._since = now
            self._read.clear()
        unread = set(watch_ids) - self._read
        live: list[Item] = []
        if unread:
            async with self._store.read() as tx:
                live = await alerts.live_items(tx, unread, now - WINDOW)
            self._read |= unread
        await asyncio.to_thread(_read, [*items, *live][:MOST])


def _read(items: Iterable[Item]) -> None:
    for item in items:
        remembered(item)
