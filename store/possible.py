"""Mentions that are possible: too weak for an Alert, kept for a month so that none is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select

from model import Mention
from store.engine import Tx
from store.statements import chunks, insert, replace_all
from store.tables import possible
from store.written import dump_mentions, load_mentions


async def add(tx: Tx, mentions: Iterable[tuple[int, Mention]], now: datetime) -> None:
    """Keep possible Mentions by the ids of their Items."""
    found: dict[tuple[int, int], list[Mention]] = {}
    for item_id, one in mentions:
        found.setdefault((item_id, one.watch_id), []).append(one)
    rows = [
        {"item_id": item_id, "watch_id": watch_id, "found": dump_mentions(some), "at": now}
        for (item_id, watch_id), some in found.items()
    ]
    await tx.run_many(replace_all(insert(tx, possible), "item_id", "watch_id"), rows)


async def take(tx: Tx, watch_id: int, item_id: int) -> bool:
    """Let a possible Mention be none any more; False when it was none."""
    one = delete(possible).where(possible.c.watch_id == watch_id, possible.c.item_id == item_id)
    return bool(await tx.run(one))


async def among(tx: Tx, watch_id: int, item_ids: Collection[int]) -> set[int]:
    """Return those of these Items in which a Watch is possible still."""
    found: set[int] = set()
    for some in chunks(item_ids):
        rows = select(possible.c.item_id).where(
            possible.c.watch_id == watch_id, possible.c.item_id.in_(some)
        )
        found.update(row.item_id for row in await tx.rows(rows))
    return found


async def of_watch(
    tx: Tx, watch_id: int, *, since: datetime
) -> list[tuple[int, tuple[Mention, ...]]]:
    """Return what was possible of a Watch since then, by Item id, the newest first."""
    rows = select(possible).where(possible.c.watch_id == watch_id, possible.c.at >= since)
    listed = await tx.rows(rows.order_by(possible.c.at.desc(), possible.c.item_id.desc()))
    return [(row.item_id, load_mentions(row.found, watch_id)) for row in listed]
