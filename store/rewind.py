"""After the clock was set back: what waits for a time on the old clock would wait too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Double, type_coerce, update

from store.columns import db_clock
from store.engine import Tx
from store.tables import article_page, delivery, lane, lease, paper, second_look, source_pace

_AWAITED = (
    source_pace.c.next_due,
    lane.c.ready_at,
    lane.c.paused_until,
    delivery.c.not_before,
    article_page.c.next_try,
    second_look.c.next_look,
    paper.c.next_try,
)
_LEASES = (source_pace.c.lease_until, lease.c.until)


async def rewind(tx: Tx, by: timedelta, now: datetime) -> None:
    """Bring as much nearer as the clock was set back whatever was to happen later than `now`.

    What comes too early costs a look; what comes an hour late would be a forgotten message. The
    leases too where the database has the same clock as we (SQLite): that of a process that died
    before would otherwise hold for as long as the clock was set back.
    """
    seconds = by.total_seconds()
    for column in _AWAITED:
        later = update(column.table).where(column > now)
        await tx.run(later.values({column: type_coerce(column, Double) - seconds}))
    if tx.dialect == "sqlite":
        for column in _LEASES:
            held = update(column.table).where(column > db_clock() + seconds / 2)
            await tx.run(held.values({column: column - seconds}))
    tx.wake("sources")
    tx.wake("outbox")
