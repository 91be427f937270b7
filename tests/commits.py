"""Waits for what another task writes: looks again after each commit of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from store.engine import Store


@contextmanager
def commits(store: Store) -> Iterator[asyncio.Event]:
    """Give an event that every commit of `store`'s writers sets, once others can see it."""
    came = asyncio.Event()
    engine = store._engine.sync_engine

    def committing(conn: Any) -> None:
        if conn.get_execution_options().get("write"):
            conn.info["wrote"] = True

    def given_back(_connection: object, record: Any) -> None:
        if record.info.pop("wrote", False):
            came.set()

    event.listen(engine, "commit", committing)
    event.listen(engine.pool, "checkin", given_back)
    try:
        yield came
    finally:
        event.remove(engine, "commit", committing)
        event.remove(engine.pool, "checkin", given_back)


async def becomes(
    store: Store, look: Callable[[], Awaitable[object]], patience: float = 60.0
) -> None:
    """Return once `look` finds something, having looked again after each commit."""
    with commits(store) as came:
        async with asyncio.timeout(patience):
            while not await look():
                await came.wait()
                came.clear()
