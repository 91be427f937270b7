"""Who asks which Source: claims by lease, and what a poll writes back.

A lease is measured with the database's clock; owner and epoch fence off a process that stalled
past its lease, whose results are then not taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select, update

from model import Claim, PollNote
from store.columns import db_clock
from store.engine import Tx
from store.source_rows import as_claim, pace_columns, state_columns
from store.statements import chunks
from store.tables import source, source_pace, source_state


async def due(
    tx: Tx, owner: str, now: datetime, limit: int = 200, lease: float = 10.0
) -> list[Claim]:
    """Claim for `owner` up to `limit` Sources whose time has come, for `lease` seconds.

    The longest overdue are taken; they come ordered by host, so that one connection serves all
    feeds of a host. A new Source is due at once.
    """
    taken = await _take(tx, owner, lease, [source_pace.c.next_due <= now], limit)
    return await _load(tx, taken)


async def claim_all(
    tx: Tx,
    owner: str,
    now: datetime,
    lease: float = 10.0,
    ids: Collection[int] | None = None,
) -> list[Claim]:
    """Claim every enabled Source (or those of `ids`), due or not, unless another process has it."""
    asked = source_pace.c.next_due.is_not(None)
    if ids is None:
        return await _load(tx, await _take(tx, owner, lease, [asked]))
    taken: list[int] = []
    for some in chunks(ids):
        taken += await _take(tx, owner, lease, [asked, source_pace.c.source_id.in_(some)])
    return await _load(tx, taken)


async def _take(
    tx: Tx,
    owner: str,
    lease: float,
    wanted: Sequence[ColumnElement[bool]],
    limit: int | None = None,
) -> list[int]:
    """Put `owner`'s lease on the Sources that are wanted and free; what others are taking at
    this moment is passed over.
    """
    waiting = (
        select(source_pace.c.source_id)
        .where(source_pace.c.lease_until < db_clock(), *wanted)
        .order_by(source_pace.c.next_due)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    taken = (
        update(source_pace)
        .where(source_pace.c.source_id.in_(select(waiting.c.source_id)))
        .values(
            lease_until=db_clock() + lease,
            lease_owner=owner,
            lease_epoch=source_pace.c.lease_epoch + 1,
        )
        .returning(source_pace.c.source_id)
    )
    return [row.source_id for row in await tx.rows(taken)]


async def _load(tx: Tx, source_ids: Sequence[int]) -> list[Claim]:
    whole = (
        select(source, source_pace, source_state)
        .join(source_pace, source_pace.c.source_id == source.c.id)
        .join(source_state, source_state.c.source_id == source.c.id)
    )
    rows = [
        row
        for some in chunks(source_ids)
        for row in await tx.rows(whole.where(source.c.id.in_(some)))
    ]
    rows.sort(key=lambda row: (row.host, row.next_due, row.id))
    return [as_claim(row) for row in rows]


async def renew(tx: Tx, owner: str, source_ids: Collection[int], lease: float = 10.0) -> set[int]:
    """Hold on to Sources for another `lease` seconds; returns those that are still `owner`'s."""
    ours: set[int] = set()
    for some in chunks(source_ids):
        longer = (
            update(source_pace)
            .where(source_pace.c.source_id.in_(some), source_pace.c.lease_owner == owner)
            .values(lease_until=db_clock() + lease)
            .returning(source_pace.c.source_id)
        )
        ours.update(row.source_id for row in await tx.rows(longer))
    return ours


async def still_ours(tx: Tx, claims: Sequence[Claim]) -> set[int]:
    """Return the ids of the Sources whose claims still hold, and keep them from being claimed
    by others until this transaction ends.
    """
    return await _held(tx, {one.source.id: (one.owner, one.epoch) for one in claims})


async def _held(tx: Tx, tokens: Mapping[int, tuple[str, int]]) -> set[int]:
    """Check owner and epoch, and lock: in the order of ids, so that two processes can't each
    hold what the other waits for.
    """
    held: set[int] = set()
    for some in chunks(sorted(tokens)):
        found = (
            select(source_pace.c.source_id, source_pace.c.lease_owner, source_pace.c.lease_epoch)
            .where(source_pace.c.source_id.in_(some))
            .order_by(source_pace.c.source_id)
            .with_for_update()
        )
        held.update(
            row.source_id
            for row in await tx.rows(found)
            if tokens[row.source_id] == (row.lease_owner, row.lease_epoch)
        )
    return held


async def note_polls(tx: Tx, notes: Sequence[PollNote], now: datetime) -> set[int]:
    """Write back how polls went and give their claims up; returns the ids whose claims held.

    All paces go in one batch; the wide state is touched only where a note brings one. A Source
    switched off meanwhile stays off.
    """
    held = await _held(tx, {note.source_id: (note.owner, note.epoch) for note in notes})
    taken = [note for note in notes if note.source_id in held]
    await _write_paces(tx, taken)
    await _write_states(tx, taken)
    for note in taken:
        if note.url:
            await _move(tx, note.source_id, note.url)
    await _name(tx, [note for note in taken if note.name])
    return held


async def _write_paces(tx: Tx, notes: Sequence[PollNote]) -> None:
    next_due = case(
        (source_pace.c.next_due.is_(None), None),
        else_=bindparam("next", type_=source_pace.c.next_due.type),
    )
    narrow = (
        update(source_pace)
        .where(source_pace.c.source_id == bindparam("of"))
        .values(next_due=next_due, lease_until=0.0, lease_owner="")
    )
    values = [
        {"of": note.source_id, "next": note.next_due, **pace_columns(note.pace)} for note in notes
    ]
    await tx.run_many(narrow, values)


async def _write_states(tx: Tx, notes: Sequence[PollNote]) -> None:
    values = [
        {"of": note.source_id, **state_columns(note.state)}
        for note in notes
        if note.state is not None
    ]
    wide = update(source_state).where(source_state.c.source_id == bindparam("of"))
    await tx.run_many(wide, values)


async def _move(tx: Tx, source_id: int, url: str) -> None:
    """Ask the new address from now on, unless another Source is already asked there."""
    taken = exists().where(or_(source.c.url == url, source.c.base == url), source.c.id != source_id)
    if await tx.value(select(taken)):
        return
    moved = update(source).where(source.c.id == source_id)
    await tx.run(moved.values(url=url, host=host_of(url)))


def host_of(url: str) -> str:
    """Return the host of an address; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


async def _name(tx: Tx, notes: Sequence[PollNote]) -> None:
    """Call Sources that have no name yet what their feeds call themselves."""
    unnamed = update(source).where(source.c.id == bindparam("of"), source.c.name == "")
    values = [{"of": note.source_id, "title": note.name} for note in notes]
    await tx.run_many(unnamed.values(name=bindparam("title")), values)


async def next_due(tx: Tx) -> datetime | None:
    """Return when the next Source will be due that nobody is asking now; None: there is none."""
    free = source_pace.c.lease_until < db_clock()
    found: datetime | None = await tx.value(select(func.min(source_pace.c.next_due)).where(free))
    return found
