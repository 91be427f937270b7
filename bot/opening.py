"""Opening the store for one command: the configuration's database, declared once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from bot.config import Loaded
from bot.declare import declare
from store import upkeep
from store.engine import Store

Result = TypeVar("Result")
_DECLARED = "declared"
"""Setting: this database has taken over a config.toml at least once."""


def utcnow() -> datetime:
    """Return the present moment; loops and commands ask here and hand it down."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened(loaded: Loaded, *, declaring: bool = False) -> AsyncIterator[Store]:
    """Give the store, closed afterwards.

    What config.toml declares is taken over when `declaring`, and in any case by a database that
    never did, so that a list shows it before the first `vigil run`; otherwise a changed file
    waits for `vigil reload`.
    """
    if not loaded.settings.database.url:
        loaded.data_dir.parent.mkdir(parents=True, exist_ok=True)
    store = await Store.open(loaded.database_url)
    try:
        await _declare(store, loaded, always=declaring)
        yield store
    finally:
        await store.close()


async def _declare(store: Store, loaded: Loaded, *, always: bool) -> None:
    if not always:
        async with store.read() as tx:
            if await upkeep.setting(tx, _DECLARED):
                return
    now = utcnow()
    async with store.write() as tx:
        await declare(tx, loaded, now)
        await upkeep.set_setting(tx, _DECLARED, now.isoformat())


def with_store(
    loaded: Loaded, work: Callable[[Store], Awaitable[Result]], *, declaring: bool = False
) -> Result:
    """Run `work` with the open store, to its end."""

    async def whole() -> Result:
        async with opened(loaded, declaring=declaring) as store:
            return await work(store)

    return asyncio.run(whole())
