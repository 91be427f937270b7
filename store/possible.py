"""Mentions that are possible: too weak for an Alert, kept for a month so that none is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, func, select

from model import Mention
from store.engine import Tx
from store.statements import chunks, insert, replace_all
from store.tables import alert, possible
from store.written import dump_mentions, load_mentions

_ABOUT = "possible:"


async def add(tx: Tx, mentions: Iterable[tuple[int, Mention]], now: datetime) -> None:
    """Keep possible Mentions by the ids of their Items; when one was first possible stays."""
    found: dict[tuple[int, int], list[Mention]] = {}
    for item_id, one in mentions:
        found.setdefault((item_id, one.watch_id), []).append(one)
    rows = [
        {"item_id": item_id, "watch_id": watch_id, "found": dump_mentions(some), "at": now}
        for (item_id, watch_id), some in found.items()
    ]
    await tx.run_many(replace_all(insert(tx, possible), "item_id", "watch_id", but=("at",)), rows)


def about(watch_id: int) -> str:
    """Return what the line that tells what is possible of a Watch is about."""
    return f"{_ABOUT}{watch_id}"


async def lines_since(tx: Tx, since: datetime) -> dict[int, datetime]:
    """Return by Watch when its line was last told, as far as that is later than `since`."""
    last = select(alert.c.about, func.max(alert.c.at).label("at")).where(
        alert.c.at > since, alert.c.about.startswith(_ABOUT)
    )
    rows = await tx.rows(last.group_by(alert.c.about))
    return {int(row.about.removeprefix(_ABOUT)): row.at for row in rows}


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
