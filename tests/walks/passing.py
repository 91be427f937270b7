"""Time that passes while the program is down: all it remembers is so much longer ago."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Double, type_coerce, update

from store.columns import Instant
from store.engine import Store
from store.tables import meta

_OF_OTHERS = {"published_at"}
"""What outlets say, which is not ours to move."""


async def time_passes(url: str, **length: float) -> None:
    """Move every instant that the database at `url` keeps back by so much."""
    seconds = timedelta(**length).total_seconds()
    store = await Store.open(url)
    try:
        async with store.write() as tx:
            for table in meta.sorted_tables:
                moved = {
                    column.name: type_coerce(column, Double) - seconds
                    for column in table.columns
                    if isinstance(column.type, Instant) and column.name not in _OF_OTHERS
                }
                if moved:
                    await tx.run(update(table).values(moved))
    finally:
        await store.close()
