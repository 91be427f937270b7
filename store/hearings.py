"""What courts have set for when, as their dockets say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from model import Docket, Hearing
from store.docket_rows import dockets_by_id
from store.engine import Tx
from store.statements import insert
from store.tables import filing, hearing


async def note(tx: Tx, docket_id: int, item_id: int, some: Sequence[Hearing]) -> None:
    """Keep what a Filing says is to happen, and when."""
    number = await tx.value(select(filing.c.id).where(filing.c.item_id == item_id))
    rows = {
        (one.at, one.what): {
            "docket_id": docket_id,
            "at": one.at,
            "what": one.what,
            "has_time": one.has_time,
            "place": one.place,
            "filing_id": number or 0,
            "start": one.start,
            "end": one.end,
        }
        for one in some
    }
    await tx.run_many(insert(tx, hearing).on_conflict_do_nothing(), list(rows.values()))


async def drop(
    tx: Tx, docket_id: int, item_id: int, given_up: Sequence[tuple[datetime, bool]]
) -> None:
    """Forget what earlier Filings set in a docket for these dates, each in its court's zone with
    whether its hour was said; with an hour only what is set for it, if anything is.
    """
    own = await tx.value(select(filing.c.id).where(filing.c.item_id == item_id))
    for at, has_time in given_up:
        day = at.replace(hour=0, minute=0)
        that_day = (
            hearing.c.docket_id == docket_id,
            hearing.c.at >= day,
            hearing.c.at < day + timedelta(days=1),
            hearing.c.filing_id != (own or 0),
        )
        if has_time and await tx.rows(select(hearing.c.at).where(*that_day, hearing.c.at == at)):
            await tx.run(delete(hearing).where(*that_day, hearing.c.at == at))
        else:
            await tx.run(delete(hearing).where(*that_day))


async def between(tx: Tx, after: datetime, before: datetime) -> list[tuple[Docket, Hearing]]:
    """Return what is to happen from `after` to just before `before`, in order, with its docket.

    `Hearing.at` is in UTC here.
    """
    when = select(hearing).where(hearing.c.at >= after, hearing.c.at < before)
    rows = await tx.rows(when.order_by(hearing.c.at, hearing.c.docket_id, hearing.c.what))
    found = await dockets_by_id(tx, [row.docket_id for row in rows])
    return [(found[row.docket_id], _hearing(row, found[row.docket_id])) for row in rows]


def _hearing(row: Any, of: Docket) -> Hearing:  # noqa: ANN401 - a row of `hearing`
    return Hearing(
        court=of.court,
        number=of.number,
        at=row.at,
        has_time=row.has_time,
        what=row.what,
        place=row.place,
        start=row.start,
        end=row.end,
    )
