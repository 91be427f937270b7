"""Pages of told Items that are asked for again: after an hour, six hours, a day and three days.

As with `store.pages`, whoever claims a page has it for a while; when its process dies, the page
is due again afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, select, update

from model import Item
from store.engine import Tx
from store.item_rows import items_of
from store.pages import asked_lately
from store.statements import chunks, insert
from store.tables import second_look

AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))
"""How long after an article was told its page is looked at again."""
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Look:
    """A page to be looked at again, and for which Item."""

    item: Item
    url: str
    etag: str
    last_modified: str
    """What its server gave to ask "anything new since?"."""
    gone: int
    """How often in a row there was nothing."""


async def want(tx: Tx, items: Sequence[Item], now: datetime) -> None:
    """Look again at the pages of Items that were told now; what is looked at already stays so."""
    rows = [
        {
            "item_id": one.id,
            "source_id": one.source_id,
            "url": one.url,
            "told_at": now,
            "looks": 0,
            "next_look": now + AFTER[0],
            "looked_at": None,
            "etag": "",
            "last_modified": "",
            "gone": 0,
            "error": "",
        }
        for one in items
    ]
    await tx.run_many(insert(tx, second_look).on_conflict_do_nothing(), rows)


async def soon(tx: Tx, item_ids: Collection[int], now: datetime) -> None:
    """Look at the pages of these Items now: their Source says something else of them."""
    for some in chunks(item_ids):
        mine = update(second_look).where(second_look.c.item_id.in_(some))
        await tx.run(mine.values(next_look=now))
    if item_ids:
        tx.wake("pages")


async def next_due(tx: Tx) -> datetime | None:
    """Return when the next page is due; None when none waits."""
    found: datetime | None = await tx.value(select(func.min(second_look.c.next_look)))
    return found


async def claim(tx: Tx, now: datetime, limit: int, *, per_hour: int) -> list[Look]:
    """Return pages that are due, the longest waiting first, and take them for LEASE. Of each
    Source at most `per_hour` pages within an hour.
    """
    c = second_look.c
    spent = await asked_lately(tx, second_look, c.looked_at, now)
    full = [source_id for source_id, number in spent.items() if number >= per_hour]
    due = select(second_look).where(c.next_look <= now, c.source_id.not_in(full))
    rows: dict[int, Row[tuple[object, ...]]] = {}
    for row in await tx.rows(due.order_by(c.next_look, c.item_id).limit(limit)):
        if spent[row.source_id] < per_hour:
            spent[row.source_id] += 1
            rows[row.item_id] = row
    mine: set[int] = set()
    for some in chunks(rows):
        taken = update(second_look).where(c.item_id.in_(some), c.next_look <= now)
        taking = taken.values(next_look=now + LEASE, looked_at=now).returning(c.item_id)
        mine |= {row.item_id for row in await tx.rows(taking)}
    return await _looks(tx, [row for one, row in rows.items() if one in mine])


async def _looks(tx: Tx, rows: Sequence[Row[tuple[object, ...]]]) -> list[Look]:
    items = await items_of(tx, [row.item_id for row in rows])
    return [
        Look(items[row.item_id], row.url, row.etag, row.last_modified, row.gone)
        for row in rows
        if row.item_id in items
    ]


async def looked(
    tx: Tx,
    item_id: int,
    now: datetime,
    *,
    etag: str = "",
    last_modified: str = "",
    gone: int = 0,
    error: str = "",
) -> None:
    """Note what came of a look, and when the next one is."""
    c = second_look.c
    row = await tx.row(select(c.told_at).where(c.item_id == item_id))
    if row is None:
        return
    times = [row.told_at + after for after in AFTER]
    done = {
        "looks": c.looks + 1,
        "next_look": min((at for at in times if at > now), default=None),
        "etag": etag,
        "last_modified": last_modified,
        "gone": gone,
        "error": error,
    }
    await tx.run(update(second_look).where(c.item_id == item_id).values(**done))


async def put_off(tx: Tx, item_id: int, until: datetime, *, gone: int | None = None) -> None:
    """Look at a page then; it was not asked, or what it answered is to be asked once more."""
    values: dict[str, object] = {"next_look": until, "looked_at": None}
    if gone is not None:
        values["gone"] = gone
    await tx.run(update(second_look).where(second_look.c.item_id == item_id).values(**values))


async def forget(tx: Tx, item_ids: Collection[int]) -> None:
    """Forget the looks at Items that are kept no longer."""
    for some in chunks(item_ids):
        await tx.run(delete(second_look).where(second_look.c.item_id.in_(some)))


async def prune(tx: Tx, now: datetime) -> int:
    """Forget looks at what was told long ago."""
    return await tx.run(delete(second_look).where(second_look.c.told_at < now - KEPT))
