"""Notes: what people write in reply to an Alert, kept with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from store.engine import Tx
from store.statements import chunks, insert
from store.tables import note

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about an Alert."""

    id: int
    alert_id: int
    by: int
    at: datetime
    text: str


async def add(tx: Tx, alert_id: int, by: int, text: str, now: datetime) -> int:
    """Keep a note on an Alert; return its number."""
    row = {"alert_id": alert_id, "by": by, "at": now, "text": text[:LONGEST]}
    [kept] = await tx.rows(insert(tx, note).returning(note.c.id), [row])
    number: int = kept.id
    return number


async def remove(tx: Tx, note_id: int) -> None:
    """Forget a note."""
    await tx.run(delete(note).where(note.c.id == note_id))


async def of_alerts(tx: Tx, alert_ids: Collection[int]) -> dict[int, list[Note]]:
    """Return the notes on these Alerts, the oldest first."""
    found: dict[int, list[Note]] = {}
    for some in chunks(alert_ids):
        rows = select(note).where(note.c.alert_id.in_(some)).order_by(note.c.id)
        for row in await tx.rows(rows):
            one = Note(row.id, row.alert_id, row.by, row.at, row.text)
            found.setdefault(row.alert_id, []).append(one)
    return found


async def of_person(tx: Tx, person: int) -> int:
    """Return how many notes somebody has written."""
    return len(await tx.rows(select(note.c.id).where(note.c.by == person)))


async def forget_person(tx: Tx, person: int) -> None:
    """Forget everything somebody has noted."""
    await tx.run(delete(note).where(note.c.by == person))
