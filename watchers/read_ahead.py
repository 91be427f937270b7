"""What grouping reads is read before the write transaction, which then only compares."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime

from matching.grouping import WINDOW
from matching.remembered import remembered
from model import Item
from store import alerts
from store.engine import Store

MOST = 2_000
"""Texts that are read ahead at most: what is left is read when it is needed."""


async def read_ahead(
    store: Store, items: Collection[Item], watch_ids: Iterable[int], now: datetime
) -> None:
    """Read what is about to be told and what the latest Stories of these Watches say, outside the
    loop's thread: about a millisecond each, once in a process. StoreError when the database fails.
    """
    async with store.read() as tx:
        live = await alerts.live_items(tx, watch_ids, now - WINDOW)
    await asyncio.to_thread(_read, [*items, *live][:MOST])


def _read(items: Iterable[Item]) -> None:
    for item in items:
        remembered(item)
