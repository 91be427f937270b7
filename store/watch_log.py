"""The log of what happened to Watches and to who hears of them, which every process follows.

A Subscriber that comes, goes or changes is an entry for Watch 0: nobody's Terms change, but who
is told does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.engine import Tx
from store.roster import alone
from store.statements import chunks, insert
from store.tables import watch, watch_log


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: to which Watch (0: to the team or to who hears), by whom (0: not in Telegram)."""

    watch_id: int
    what: str
    by: int
    at: datetime
    mark: int = 0
    """Its number: later changes have larger ones."""


async def append(tx: Tx, entries: Sequence[tuple[int, str]], now: datetime, by: int = 0) -> None:
    """Add (Watch id, what happened) entries and wake who follows the log.

    On PostgreSQL numbers are given out of the order of commits; under the lock, held until this
    transaction ends, a reader who has seen a mark has seen all smaller ones.
    """
    if not entries:
        return
    await alone(tx)
    rows = [{"watch_id": one, "what": what, "by": by, "at": now} for one, what in entries]
    await tx.run_many(insert(tx, watch_log), rows)
    tx.wake("watches")


async def newest(tx: Tx) -> int:
    """Return the newest mark; 0: nothing has happened yet."""
    return int(await tx.value(select(func.max(watch_log.c.mark))) or 0)


async def touched_since(tx: Tx, mark: int) -> tuple[int, set[int]]:
    """Return the newest mark, and the Watches touched after `mark` (0: whatever isn't one)."""
    last = await newest(tx)
    after = select(watch_log.c.watch_id).where(watch_log.c.mark > mark).distinct()
    return last, {row.watch_id for row in await tx.rows(after)}


async def of_watches(tx: Tx, watch_ids: Collection[int]) -> list[Entry]:
    """Return every change of these Watches, the oldest first."""
    c = watch_log.c
    found: list[Entry] = []
    for some in chunks(watch_ids):
        rows = select(c.watch_id, c.what, c.by, c.at, c.mark).where(c.watch_id.in_(some))
        found += [
            Entry(row.watch_id, row.what, row.by, row.at, row.mark) for row in await tx.rows(rows)
        ]
    return sorted(found, key=lambda one: one.mark)


async def latest(tx: Tx, most: int) -> list[Entry]:
    """Return the team's latest changes, the newest first; what visitors keep is theirs."""
    c = watch_log.c
    theirs = select(watch.c.id).where(watch.c.visitor != 0)
    teams = select(c.watch_id, c.what, c.by, c.at).where(c.watch_id.not_in(theirs))
    newest = teams.order_by(c.mark.desc()).limit(most)
    return [Entry(row.watch_id, row.what, row.by, row.at) for row in await tx.rows(newest)]
