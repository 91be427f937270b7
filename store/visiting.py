"""What visitors keep: Watches for themselves, apart from the team's, and never told elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, update

from model import StoredWatch
from model.people import Chat
from store import watch_log, watches
from store.engine import Tx
from store.roster import alone
from store.tables import alert, alert_watch, subscriber, watch

_IN_USE = watch.c.removed_at.is_(None)
_THEIRS = watch.c.visitor != 0
FORMER = -1
"""Stands where the number of a visitor stood who is forgotten."""


@dataclass(frozen=True, slots=True)
class Visitors:
    """How many there are."""

    people: int
    watches: int


async def of_visitor(tx: Tx, person: int) -> list[StoredWatch]:
    """Return the Watches that a visitor keeps, the oldest first."""
    return await watches.all_watches(tx, enabled=None, visitor=person)


async def count(tx: Tx) -> Visitors:
    """Return how many visitors keep how many Watches."""
    people = select(func.count(func.distinct(watch.c.visitor)))
    number = select(func.count(watch.c.id))
    on = (_IN_USE, _THEIRS, watch.c.enabled)
    return Visitors(await tx.value(people.where(*on)), await tx.value(number.where(*on)))


async def switch(tx: Tx, now: datetime, *, is_on: bool) -> None:
    """Switch what visitors keep off, and on again, as config.toml lets them in or not."""
    await alone(tx)
    wrong = await tx.rows(_ids(_THEIRS, watch.c.enabled.is_not(is_on)))
    await _change(tx, wrong, "declared" if is_on else "no longer declared", now, enabled=is_on)


async def leave(tx: Tx, person: int, now: datetime, *, forgotten: bool = False) -> None:
    """Remove what a visitor keeps; `forgotten`: with what tells whose it was."""
    await alone(tx)
    gone = await tx.rows(_ids(watch.c.visitor == person))
    await _change(tx, gone, "removed", now, removed_at=now)
    if forgotten:
        every = update(watch).where(watch.c.visitor == person)
        await tx.run(every.values(visitor=FORMER, created_by=FORMER))


async def adopt(tx: Tx, person: int, place: int, now: datetime) -> None:
    """Make what a visitor kept the team's: they are one of it now. Where the team has such a
    Watch already, that one tells their chat (`place`) too.
    """
    for own in await of_visitor(tx, person):
        same = await watches.by_name(tx, own.watch.name)
        if same is None:
            theirs = update(watch).where(watch.c.id == own.watch.id)
            await tx.run(theirs.values(visitor=0, enabled=True))
            await watch_log.append(tx, [(own.watch.id, "added")], now, person)
            continue
        await watches.remove(tx, own.watch.id, now, by=person)
        if same.to and not same.declared and place not in same.to:
            await watches.send_to(tx, same.watch.id, [*same.to, place], now, by=person)


async def named_publicly(tx: Tx) -> dict[int, str]:
    """Return by id the names of the Watches of which public channels and groups were told."""
    told = (
        select(alert_watch.c.watch_id)
        .join(alert, alert.c.id == alert_watch.c.alert_id)
        .join(subscriber, subscriber.c.id == alert.c.subscriber_id)
        .where(*SHOWN)
        .distinct()
    )
    return await watches.names(tx, [row.watch_id for row in await tx.rows(told)])


IS_VISITOR = and_(subscriber.c.public, subscriber.c.chat == Chat.PRIVATE.value)
"""As `Subscriber.is_visitor` says."""
PUBLIC = (subscriber.c.public, subscriber.c.enabled, ~IS_VISITOR)
"""A Subscriber whose posts anybody can read."""
SHOWN = (*PUBLIC, alert.c.sent_at.is_not(None), alert.c.hidden_at.is_(None))
"""An Alert that anybody can read: it was sent to such a Subscriber, and not hidden since."""


def _ids(*conditions: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(watch.c.id).where(_IN_USE, *conditions).order_by(watch.c.id)


async def _change(
    tx: Tx, rows: Iterable[Row[tuple[int]]], what: str, now: datetime, **columns: object
) -> None:
    ids = [row.id for row in rows]
    if ids:
        await tx.run(update(watch).where(watch.c.id.in_(ids)).values(**columns))
        await watch_log.append(tx, [(one, what) for one in ids], now)
