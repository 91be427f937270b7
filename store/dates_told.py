"""Who has been told of which date in court: each Subscriber once of each, whoever tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from store.engine import Tx
from store.statements import insert
from store.tables import hearing_told

KEEP = timedelta(days=30)


async def claim_dates(
    tx: Tx, wanted: Iterable[tuple[int, datetime, int]], now: datetime
) -> set[tuple[int, datetime, int]]:
    """Take it on to tell these (docket, instant in UTC, Subscriber); return those that nobody had
    taken on before. Two processes never get the same one.
    """
    await tx.run(delete(hearing_told).where(hearing_told.c.at < now - KEEP))
    rows = [
        {"docket_id": docket, "at": at.astimezone(UTC), "subscriber_id": reader}
        for docket, at, reader in sorted(set(wanted))
    ]
    if not rows:
        return set()
    columns = hearing_told.c
    new = insert(tx, hearing_told).on_conflict_do_nothing()
    taken = await tx.rows(new.returning(columns.docket_id, columns.at, columns.subscriber_id), rows)
    return {(row.docket_id, row.at, row.subscriber_id) for row in taken}
