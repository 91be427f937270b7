"""Watches: standing wishes, whom they tell, and what was decided about them in chats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, bindparam, delete, select, update

from model import StoredWatch, UsageError, Watch, WatchLog
from store import roster, watch_log
from store.engine import Tx
from store.roster import alone
from store.statements import chunks, insert
from store.tables import hidden as hidden_table
from store.tables import watch as watch_table
from store.tables import watch_never, watch_subscriber
from store.written import dump_watch, load_watch


class NameTakenError(UsageError):
    """A watch of this name is there already."""


async def add(
    tx: Tx,
    watch: Watch,
    now: datetime,
    *,
    to: Sequence[int] = (),
    by: int = 0,
    declared: bool = False,
    visitor: int = 0,
) -> StoredWatch:
    """Keep a new Watch that tells the Subscribers `to` (none: private and team chats).

    A name is there once: NameTakenError while a Watch of that name is on. One that was removed
    or switched off comes back as this one, with its history. What a `visitor` (a Telegram user)
    keeps for themselves stands apart from the team's, and from other visitors'.
    """
    (added,) = await add_many(tx, [(watch, to)], now, by=by, declared=declared, visitor=visitor)
    return added


async def add_many(
    tx: Tx,
    wishes: Sequence[tuple[Watch, Sequence[int]]],
    now: datetime,
    *,
    by: int = 0,
    declared: bool = False,
    visitor: int = 0,
) -> list[StoredWatch]:
    """Keep any number of new Watches with whom each tells; all of them or, on an error, none."""
    await alone(tx)
    before = await _named(tx, [watch.name for watch, _ in wishes], visitor)
    _refuse_twice(wishes, before)
    origin = {"declared": declared, "added": not declared, "created_by": by, "created_at": now}
    origin["visitor"] = visitor
    rows = [_wish(watch) | origin | _ON for watch, _ in wishes]
    fresh = [row for row in rows if row["name_key"] not in before]
    made = await tx.rows(
        insert(tx, watch_table).returning(watch_table.c.id, watch_table.c.name_key), fresh
    )
    ids = {row.name_key: row.id for row in (*before.values(), *made)}
    back = [{"of": ids[row["name_key"]], **row} for row in rows if row["name_key"] in before]
    await tx.run_many(update(watch_table).where(watch_table.c.id == bindparam("of")), back)
    audience = {ids[_name_key(watch.name)]: to for watch, to in wishes}
    await _tell(tx, audience)
    await watch_log.append(tx, [(watch_id, "added") for watch_id in audience], now, by)
    found = [
        one for some in chunks(audience) for one in await _load(tx, watch_table.c.id.in_(some))
    ]
    place = {watch_id: number for number, watch_id in enumerate(audience)}
    return sorted(found, key=lambda one: place[one.watch.id])


def _refuse_twice(
    wishes: Sequence[tuple[Watch, Sequence[int]]], before: Mapping[str, Row[Any]]
) -> None:
    """Raise NameTakenError for a name that is in use, or twice among the new ones."""
    seen = {key for key, row in before.items() if row.enabled and row.removed_at is None}
    for watch, _ in wishes:
        key = _name_key(watch.name)
        if key in seen:
            raise NameTakenError(
                f"“{watch.name}” is watched already: change that one, or choose a name."
            )
        seen.add(key)


_ON: dict[str, Any] = {"enabled": True, "removed_at": None, "muted_until": None}


def _wish(watch: Watch) -> dict[str, Any]:
    return {"name_key": _name_key(watch.name), "wish": dump_watch(watch)}


def _name_key(name: str) -> str:
    """Return a name as names are compared: case and spaces don't tell them apart."""
    return " ".join(name.casefold().split())


async def _named(tx: Tx, names: Iterable[str], visitor: int = 0) -> dict[str, Row[Any]]:
    """Return the Watches of these names: of each the one in use, else the one removed last."""
    found: dict[str, Row[Any]] = {}
    whose = watch_table.c.visitor == visitor
    for some in chunks({_name_key(name) for name in names}):
        same = select(watch_table).where(watch_table.c.name_key.in_(some), whose)
        in_use_last = same.order_by(watch_table.c.removed_at.is_(None), watch_table.c.id)
        found |= {row.name_key: row for row in await tx.rows(in_use_last)}
    return found


async def change(tx: Tx, watch: Watch, now: datetime, *, by: int = 0) -> StoredWatch:
    """Let the Watch with this id look for something else from now on.

    Rules made by "not them" that `watch.never` no longer has are dropped too. NameTakenError when
    another Watch has the name.
    """
    await alone(tx)
    await _refuse_taken(tx, watch)
    await _set(tx, watch.id, **_wish(watch))
    dropped = delete(watch_never).where(
        watch_never.c.watch_id == watch.id, watch_never.c.phrase.not_in(watch.never)
    )
    await tx.run(dropped)
    await watch_log.append(tx, [(watch.id, "changed")], now, by)
    return await _one(tx, watch.id)


async def _refuse_taken(tx: Tx, watch: Watch) -> None:
    other = (await _named(tx, [watch.name])).get(_name_key(watch.name))
    if other is not None and other.id != watch.id and other.removed_at is None:
        raise NameTakenError(f"“{watch.name}” is the name of another watch: choose another.")


async def remove(tx: Tx, watch_id: int, now: datetime, *, by: int = 0) -> bool:
    """Watch no more; False when it was removed already. `restore` takes it back."""
    await alone(tx)
    there = update(watch_table).where(
        watch_table.c.id == watch_id, watch_table.c.removed_at.is_(None)
    )
    gone = await tx.run(there.values(removed_at=now))
    if gone:
        await watch_log.append(tx, [(watch_id, "removed")], now, by)
    return bool(gone)


async def restore(tx: Tx, watch_id: int, now: datetime, *, by: int = 0) -> StoredWatch | None:
    """Undo a removal; None when there is no such Watch, NameTakenError when its name is in use."""
    await alone(tx)
    row = await tx.row(select(watch_table).where(watch_table.c.id == watch_id))
    if row is None:
        return None
    await _refuse_taken(tx, load_watch(row.wish, watch_id))
    await _set(tx, watch_id, removed_at=None, enabled=True)
    await watch_log.append(tx, [(watch_id, "restored")], now, by)
    return await _one(tx, watch_id)


async def send_to(
    tx: Tx, watch_id: int, to: Sequence[int], now: datetime, *, by: int = 0
) -> StoredWatch:
    """Let a Watch tell these Subscribers and no others (none: private and team chats)."""
    await alone(tx)
    await _tell(tx, {watch_id: to})
    await watch_log.append(tx, [(watch_id, "sent elsewhere")], now, by)
    return await _one(tx, watch_id)


async def names(tx: Tx, watch_ids: Collection[int]) -> dict[int, str]:
    """Return the names of Watches by id, the removed ones included."""
    found: dict[int, str] = {}
    for some in chunks(watch_ids):
        rows = select(watch_table.c.id, watch_table.c.wish).where(watch_table.c.id.in_(some))
        found |= {row.id: load_watch(row.wish, row.id).name for row in await tx.rows(rows)}
    return found


async def mute(
    tx: Tx, watch_id: int, until: datetime | None, now: datetime, *, by: int = 0
) -> StoredWatch:
    """Let a Watch be silent until then; None: let it speak again. Declared ones too."""
    await alone(tx)
    await _set(tx, watch_id, muted_until=until)
    await watch_log.append(tx, [(watch_id, "muted" if until else "unmuted")], now, by)
    return await _one(tx, watch_id)


async def add_never(tx: Tx, watch_id: int, phrase: str, by: int, now: datetime) -> None:
    """Keep a "not them" rule beside the Watch, which may be declared in config.toml."""
    await alone(tx)
    rule = {"watch_id": watch_id, "phrase": phrase, "by": by, "at": now}
    await tx.run_many(insert(tx, watch_never).on_conflict_do_nothing(), [rule])
    await watch_log.append(tx, [(watch_id, "never")], now, by)


async def drop_never(tx: Tx, watch_id: int, phrase: str, now: datetime, *, by: int = 0) -> None:
    """Undo `add_never`."""
    await alone(tx)
    rule = delete(watch_never).where(
        watch_never.c.watch_id == watch_id, watch_never.c.phrase == phrase
    )
    await tx.run(rule)
    await watch_log.append(tx, [(watch_id, "never undone")], now, by)


async def hide(tx: Tx, watch_id: int, item_id: int, by: int, now: datetime) -> None:
    """Note that this article is not about them."""
    row = {"watch_id": watch_id, "item_id": item_id, "by": by, "at": now}
    await tx.run_many(insert(tx, hidden_table).on_conflict_do_nothing(), [row])


async def hidden_marks(
    tx: Tx, item_ids: Collection[int]
) -> dict[tuple[int, int], tuple[int, datetime]]:
    """Return by Watch and article who said that it is not about them, and when."""
    found: dict[tuple[int, int], tuple[int, datetime]] = {}
    for some in chunks(item_ids):
        rows = select(hidden_table).where(hidden_table.c.item_id.in_(some))
        found |= {(row.watch_id, row.item_id): (row.by, row.at) for row in await tx.rows(rows)}
    return found


async def unhide(tx: Tx, watch_id: int, item_id: int) -> None:
    """Undo `hide`."""
    row = hidden_table.c.watch_id == watch_id, hidden_table.c.item_id == item_id
    await tx.run(delete(hidden_table).where(*row))


async def hidden(
    tx: Tx, watch_ids: Collection[int], item_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Return the (Watch, Item) pairs among these that were hidden."""
    wanted = set(watch_ids)
    found: set[tuple[int, int]] = set()
    for some in chunks(item_ids):
        pairs = select(hidden_table.c.watch_id, hidden_table.c.item_id).where(
            hidden_table.c.item_id.in_(some)
        )
        found.update((row.watch_id, row.item_id) for row in await tx.rows(pairs))
    return {pair for pair in found if pair[0] in wanted}


async def declare(tx: Tx, wishes: Sequence[tuple[Watch, Sequence[int]]], now: datetime) -> None:
    """Take over the Watches of config.toml, known by their names: only what differs is written
    and logged. One no longer listed is switched off, unless a chat had made it. Rules and mutes
    decided in chats stay.
    """
    await alone(tx)
    listed = {_name_key(watch.name): (watch, tuple(to)) for watch, to in reversed(wishes)}
    known = {_name_key(one.watch.name): one for one in await all_watches(tx, enabled=None)}
    teams = select(watch_table).where(_IN_USE, _TEAMS)
    raw = {row.name_key: row for row in await tx.rows(teams)}
    new = [wish for key, wish in reversed(listed.items()) if key not in known]
    await add_many(tx, new, now, declared=True)
    entries = [
        (raw[key].id, "declared")
        for key in known.keys() & listed.keys()
        if await _redeclare(tx, raw[key], known[key], *listed[key])
    ]
    for key, row in raw.items():
        if row.declared and key not in listed:
            await _set(tx, row.id, declared=False, enabled=row.added)
            entries.append((row.id, "no longer declared"))
    await watch_log.append(tx, entries, now)


async def _redeclare(
    tx: Tx, row: Row[Any], known: StoredWatch, watch: Watch, to: Sequence[int]
) -> bool:
    """Write what config.toml now says of a Watch; returns whether that is anything new."""
    new = _wish(watch) | {"declared": True, "enabled": True}
    if all(getattr(row, name) == value for name, value in new.items()) and set(known.to) == set(to):
        return False
    await _set(tx, row.id, **new)
    await _tell(tx, {row.id: to})
    return True


async def get(tx: Tx, watch_id: int) -> StoredWatch | None:
    """Return a Watch that is in use, switched off or not."""
    found = await _load(tx, watch_table.c.id == watch_id, _IN_USE)
    return found[0] if found else None


async def by_name(tx: Tx, name: str) -> StoredWatch | None:
    """Return the team's Watch in use that has this name, whatever its case and spaces."""
    found = await _load(tx, watch_table.c.name_key == _name_key(name), _IN_USE, _TEAMS)
    return found[0] if found else None


async def all_watches(
    tx: Tx, *, enabled: bool | None = True, visitor: int = 0
) -> list[StoredWatch]:
    """Return the team's Watches in use, or a visitor's, by id; `enabled` None: also those switched
    off.
    """
    whose = watch_table.c.visitor == visitor
    if enabled is None:
        return await _load(tx, _IN_USE, whose)
    return await _load(tx, _IN_USE, whose, watch_table.c.enabled.is_(enabled))


async def log_since(tx: Tx, mark: int) -> WatchLog:
    """Return what happened to the Watches since `mark` (0: everything), and the mark after it.

    A mark that moves while nothing is changed or removed: who hears has changed.
    """
    newest, touched = await watch_log.touched_since(tx, mark)
    if not mark or newest < mark:  # never read before, or the database is an older backup
        return WatchLog(newest, tuple(await _load(tx, _IN_USE, watch_table.c.enabled)))
    changed: list[StoredWatch] = []
    for some in chunks(sorted(touched)):
        changed += await _load(tx, watch_table.c.id.in_(some), _IN_USE, watch_table.c.enabled)
    gone = touched - {one.watch.id for one in changed} - {0}
    return WatchLog(newest, tuple(changed), tuple(sorted(gone)))


async def are_still(tx: Tx, mark: int) -> bool:
    """Return whether nothing has happened to the Watches since `mark`, and nothing will until
    this transaction ends; False also while somebody is about to change them.
    """
    return await roster.are_still(tx) and await watch_log.newest(tx) == mark


_IN_USE = watch_table.c.removed_at.is_(None)
_TEAMS = watch_table.c.visitor == 0


async def _load(tx: Tx, *conditions: ColumnElement[bool]) -> list[StoredWatch]:
    chosen = select(watch_table).where(*conditions).order_by(watch_table.c.id)
    rows = await tx.rows(chosen)
    if not rows:
        return []
    ids = [row.id for row in rows]
    to = await _beside(tx, watch_subscriber.c.watch_id, watch_subscriber.c.subscriber_id, ids)
    never = await _beside(tx, watch_never.c.watch_id, watch_never.c.phrase, ids)
    return [
        StoredWatch(
            watch=load_watch(row.wish, row.id, never.get(row.id, ())),
            to=tuple(to.get(row.id, ())),
            declared=row.declared,
            enabled=row.enabled,
            muted_until=row.muted_until,
            created_by=row.created_by,
            created_at=row.created_at,
            visitor=row.visitor,
        )
        for row in rows
    ]


async def _beside(
    tx: Tx, of: Column[int], value: Column[Any], watch_ids: Iterable[int]
) -> dict[int, list[Any]]:
    """Return a column of a table kept beside the Watches, in order, by Watch."""
    found: dict[int, list[Any]] = {}
    for some in chunks(watch_ids):
        pairs = select(of.label("of"), value.label("value")).where(of.in_(some))
        for row in await tx.rows(pairs.order_by(of, value)):
            found.setdefault(row.of, []).append(row.value)
    return found


async def _one(tx: Tx, watch_id: int) -> StoredWatch:
    (found,) = await _load(tx, watch_table.c.id == watch_id)
    return found


async def _set(tx: Tx, watch_id: int, **columns: object) -> None:
    await tx.run(update(watch_table).where(watch_table.c.id == watch_id).values(**columns))


async def _tell(tx: Tx, audience: dict[int, Sequence[int]]) -> None:
    """Write whom Watches tell."""
    for some in chunks(audience):
        await tx.run(delete(watch_subscriber).where(watch_subscriber.c.watch_id.in_(some)))
    rows = [
        {"watch_id": watch_id, "subscriber_id": one}
        for watch_id, to in audience.items()
        for one in dict.fromkeys(to)
    ]
    await tx.run_many(insert(tx, watch_subscriber), rows)
