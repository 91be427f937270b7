"""Dockets: which are followed, at which level and by whom; what is filed in them and set for when.

Recording what is filed is in `filings`, which docket it belongs to in `docket_places`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select, tuple_, update

from matching.cases import normal_number, same_number
from matching.filings import docket_names
from model import Docket, DocketState, Filing, Following, Item, Level, Subscriber
from store.docket_places import (
    change_of,
    known_names,
    learned,
    name_docket,
    note_captions,
    one_at_a_time,
    place,
    rekey,
    update_dockets,
)
from store.docket_rows import as_followings, dockets_by_id, new_docket_row
from store.engine import Tx
from store.filings import is_filing, record_filings
from store.hearers import chats_of, keep_said, tell, with_chats
from store.item_rows import as_item, whole_items
from store.statements import chunks, insert, replace_all
from store.tables import docket as dockets
from store.tables import docket_watch, filing, filing_key, following

__all__ = [
    "Wanted",
    "by_caption",
    "count_hidden",
    "counted",
    "declare",
    "docket",
    "due_again",
    "entries",
    "find",
    "follow",
    "followed",
    "following_of",
    "followings",
    "had_turn",
    "is_filing",
    "learn",
    "mute",
    "named_by_caption",
    "note_named",
    "place",
    "record_filings",
    "set_level",
    "take_hidden",
    "unfollow",
]

AGAIN_AFTER = timedelta(hours=6)
"""How often a sealed or unknown docket is looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A docket somebody wants followed, as config.toml or a person names it."""

    court: str = ""
    number: str = ""
    docket_id: str = ""
    """CourtListener's."""
    caption: str = ""
    level: Level = Level.IMPORTANT
    to: tuple[int, ...] = ()
    state: DocketState = DocketState.UNKNOWN
    """What is known of it, where nothing is stored yet."""


async def docket(tx: Tx, docket_id: int) -> Docket | None:
    """Return a docket by its id here; None: there is none."""
    return (await dockets_by_id(tx, [docket_id])).get(docket_id)


async def find(tx: Tx, court: str = "", number: str = "", *, docket_id: str = "") -> list[Docket]:
    """Return the dockets known under CourtListener's `docket_id`, or under a number; without a
    court those of all courts. A number without its office finds all it can be.
    """
    if docket_id:
        known = await _of_names(tx, [f"d:{docket_id}"])
        return [known] if known else []
    wanted = normal_number(number)
    serial = (wanted or number).rpartition("-")[2]
    rows = select(dockets).where(dockets.c.number.like(f"%{serial}"))
    if court:
        rows = rows.where(dockets.c.court == court)
    ids = [
        row.id
        for row in await tx.rows(rows.order_by(dockets.c.id))
        if row.number == number or same_number(row.number, number)
    ]
    found = await dockets_by_id(tx, ids)
    return [found[one] for one in ids]


async def by_caption(tx: Tx, caption: str, limit: int = 5) -> list[Docket]:
    """Return the dockets whose captions hold every word of `caption` of three letters or more,
    the latest known first.
    """
    words = [one for one in re.findall(r"[^\W_]+", caption.lower()) if len(one) > 2][:8]
    wanted = [one for one in words if one not in _PARTIES]
    if not wanted:
        return []
    rows = select(dockets.c.id).order_by(dockets.c.id.desc()).limit(limit)
    for word in wanted:
        rows = rows.where(func.lower(dockets.c.caption).contains(word, autoescape=True))
    ids = [row.id for row in await tx.rows(rows)]
    found = await dockets_by_id(tx, ids)
    return [found[one] for one in ids]


_PARTIES = frozenset({"united", "states", "america", "usa"})
"""Captions write the government in several ways: it tells no case from another."""


async def _of_names(tx: Tx, names: Sequence[str]) -> Docket | None:
    known = sorted((await known_names(tx, names)).values())
    return await docket(tx, known[0]) if known else None


# -- Following -------------------------------------------------------------------------------


async def follow(
    tx: Tx,
    court: str,
    number: str,
    *,
    level: Level = Level.IMPORTANT,
    to: Sequence[int] = (),
    by: int = 0,
    now: datetime,
    declared: bool = False,
    docket_id: str = "",
    caption: str = "",
    state: DocketState = DocketState.UNKNOWN,
) -> Following:
    """Follow a docket from now on; one that was followed keeps its counts and gets this level and
    these Subscribers (ids; empty: every private and team chat). `state`: what is known of one
    that is stored nowhere yet.
    """
    await one_at_a_time(tx)
    wanted = Wanted(court, number, docket_id, caption, level, tuple(to), state)
    here = await _placed(tx, wanted, now)
    before = await following_of(tx, here.id)
    row = _followed_row(before, level, declared=declared)
    row |= {"docket_id": here.id, "by": by, "at": now}
    await tx.run_many(replace_all(insert(tx, following), "docket_id"), [row])
    await tell(tx, here.id, await with_chats(tx, before, to) if declared else to)
    tx.wake("courts")
    found = await following_of(tx, here.id)
    assert found is not None  # noqa: S101 - it was made in this transaction
    return found


def _followed_row(before: Following | None, level: Level, *, declared: bool) -> dict[str, Any]:
    return {
        "level": level.value,
        "declared": declared or (before is not None and before.declared),
        "added": not declared or (before is not None and before.added),
        "enabled": True,
        "muted_until": before.muted_until if before else None,
        "hidden": before.hidden if before else 0,
        "hidden_since": before.hidden_since if before else None,
    }


async def _placed(tx: Tx, wanted: Wanted, now: datetime) -> Docket:
    """Return the docket somebody names, made if nothing is known of it."""
    number = normal_number(wanted.number) or wanted.number
    asked = Filing(
        court=wanted.court, number=number, docket_id=wanted.docket_id, caption=wanted.caption
    )
    known = await find(tx, wanted.court, number) if wanted.court and number else []
    if wanted.docket_id:
        known = await find(tx, docket_id=wanted.docket_id) or known
    if len(known) == 1 and not wanted.docket_id:
        return known[0]
    if known or wanted.caption:
        (placed,) = await place(tx, [asked], now)
        return placed.docket
    return await _expected(tx, asked, wanted.state, now)


async def _expected(tx: Tx, asked: Filing, state: DocketState, now: datetime) -> Docket:
    """Keep a docket of which nothing is public, to be looked for again and again."""
    names = docket_names(asked)
    one = Docket(court=asked.court, number=asked.number, state=state)
    row = new_docket_row(one, now) | {"due": now}
    (made,) = await tx.rows(insert(tx, dockets).returning(dockets.c.id), [row])
    await name_docket(tx, made.id, names)
    return (await dockets_by_id(tx, [made.id]))[made.id]


async def unfollow(tx: Tx, docket_id: int, *, declared: bool = False) -> bool:
    """Take back that a docket is followed (`declared`: by config.toml); False when it wasn't.

    One that is followed for another reason too stays followed; what was filed is kept.
    """
    before = await following_of(tx, docket_id)
    if before is None or not (before.declared if declared else before.added):
        return False
    rest = before.added if declared else before.declared
    one = following.c.docket_id == docket_id
    if rest:
        origin = {"declared": False} if declared else {"added": False}
        await tx.run(update(following).where(one).values(**origin))
        if declared:
            await tell(tx, docket_id, await chats_of(tx, before))
    else:
        await tx.run(delete(following).where(one))
        await tell(tx, docket_id, ())
    tx.wake("courts")
    return True


async def declare(tx: Tx, wanted: Sequence[Wanted], now: datetime) -> list[Following]:
    """Take over the dockets of config.toml: new ones are followed, those no longer listed are
    not, unless a chat follows them. Chats that follow one of these too go on hearing of it.
    """
    found = [
        await follow(
            tx, one.court, one.number, level=one.level, to=one.to, now=now, declared=True,
            docket_id=one.docket_id, caption=one.caption,
        )
        for one in wanted
    ]  # fmt: skip
    listed = {one.docket.id for one in found}
    for row in await tx.rows(select(following.c.docket_id).where(following.c.declared)):
        if row.docket_id not in listed:
            await unfollow(tx, row.docket_id, declared=True)
    await keep_said(tx, {one.docket.id: w.to for one, w in zip(found, wanted, strict=True)})
    return found


async def followings(tx: Tx) -> list[Following]:
    """Return every docket that is followed, the earliest first."""
    rows = await tx.rows(select(following).order_by(following.c.at, following.c.docket_id))
    return await as_followings(tx, rows)


async def following_of(tx: Tx, docket_id: int) -> Following | None:
    """Return how a docket is followed; None: it isn't."""
    found = await followed(tx, [docket_id])
    return found.get(docket_id)


async def followed(tx: Tx, docket_ids: Collection[int]) -> dict[int, Following]:
    """Return which of these dockets are followed, and how."""
    rows: list[Any] = []
    for some in chunks(docket_ids):
        rows += await tx.rows(select(following).where(following.c.docket_id.in_(some)))
    return {one.docket.id: one for one in await as_followings(tx, rows)}


async def set_level(tx: Tx, docket_id: int, level: Level) -> None:
    """Tell more, or less, of a docket from now on."""
    one = update(following).where(following.c.docket_id == docket_id)
    await tx.run(one.values(level=level.value))


async def mute(tx: Tx, docket_id: int, until: datetime | None) -> None:
    """Tell only orders and outcomes of a docket until then; None: no longer muted."""
    one = update(following).where(following.c.docket_id == docket_id)
    await tx.run(one.values(muted_until=until))


async def count_hidden(tx: Tx, counts: Mapping[int, int], now: datetime) -> None:
    """Add to how many Filings below their level dockets have had, by docket."""
    more = update(following).where(following.c.docket_id == bindparam("of"))
    rows = [{"of": one, "more": number} for one, number in sorted(counts.items()) if number]
    since = func.coalesce(
        following.c.hidden_since, bindparam("then", now, type_=following.c.hidden_since.type)
    )
    more = more.values(hidden=following.c.hidden + bindparam("more"), hidden_since=since)
    await tx.run_many(more, [row | {"then": now} for row in rows])


async def counted(tx: Tx, place: Subscriber, since: datetime, until: datetime) -> list[Following]:
    """Return the dockets that `place` hears of and in which Filings were only counted, as far as
    something was filed there between these times.
    """
    every = [one for one in await followings(tx) if one.hidden and one.enabled]
    heard = [one for one in every if (place.id in one.to if one.to else not place.public)]
    ids = [one.docket.id for one in heard]
    lately = select(filing.c.docket_id).where(
        filing.c.docket_id.in_(ids), filing.c.first_seen > since, filing.c.first_seen <= until
    )
    found = {row.docket_id for row in await tx.rows(lately.distinct())} if ids else set()
    return [one for one in heard if one.docket.id in found]


async def take_hidden(tx: Tx, docket_id: int) -> int:
    """Return how many Filings were only counted since the count was last said, and begin anew."""
    before = await following_of(tx, docket_id)
    one = update(following).where(following.c.docket_id == docket_id)
    await tx.run(one.values(hidden=0, hidden_since=None))
    return before.hidden if before else 0


# -- What is filed -----------------------------------------------------------------------------


async def entries(tx: Tx, docket_id: int, limit: int = 20, before: int | None = None) -> list[Item]:
    """Return the Items filed in a docket, the latest entry first; `before`: only those that come
    after this Item's id in that order (the next page).
    """
    own = exists().where(filing_key.c.filing_id == filing.c.id)
    rows = whole_items().where(filing.c.docket_id == docket_id, own)
    order = (
        func.coalesce(func.nullif(filing.c.filed, ""), "9999"),
        func.coalesce(filing.c.entry, 0),
        filing.c.id,
    )
    if before is not None:
        last = await tx.row(select(*order).where(filing.c.item_id == before))
        if last is None:  # no longer kept
            return []
        rows = rows.where(tuple_(*order) < tuple(last))
    listed = rows.order_by(*(one.desc() for one in order)).limit(limit)
    return [as_item(row) for row in await tx.rows(listed)]


# -- Dockets of which little is known --------------------------------------------------------


async def due_again(tx: Tx, now: datetime, limit: int = 5) -> list[Docket]:
    """Return followed dockets, sealed or unknown, whose turn it is to be looked for, until they
    have had it (`had_turn`).
    """
    rows = await tx.rows(
        select(dockets)
        .join(following, following.c.docket_id == dockets.c.id)
        .where(following.c.enabled, dockets.c.due <= now)
        .order_by(dockets.c.due, dockets.c.id)
        .limit(limit)
    )
    return list((await dockets_by_id(tx, [row.id for row in rows])).values())


async def had_turn(tx: Tx, docket_id: int, now: datetime) -> None:
    """Look for a docket that is still hidden again in six hours."""
    one = update(dockets).where(dockets.c.id == docket_id, dockets.c.due.is_not(None))
    await tx.run(one.values(due=now + AGAIN_AFTER))


async def learn(tx: Tx, known: Docket, now: datetime) -> tuple[Docket, str]:
    """Take in what was looked up of a docket; return it as it now stands and what has become of
    it ("unsealed", "found", "renamed" or nothing), which its followers should hear.
    """
    await one_at_a_time(tx)
    ids = [
        Filing(court=known.court, number=known.number, case_id=case, docket_id=listed)
        for case in known.case_ids or ("",)
        for listed in known.docket_ids or ("",)
    ]
    old = await _before(tx, ids)
    placed = (await place(tx, ids, now))[0]
    new = learned(placed.docket, replace(known, id=placed.docket.id))
    await update_dockets(tx, [new], now)
    await note_captions(tx, [new], now)
    await rekey(tx, new.id)
    return new, change_of(old, new) if old else ""


async def _before(tx: Tx, asked: Sequence[Filing]) -> Docket | None:
    names = [name for one in asked for name in docket_names(one)]
    return await _of_names(tx, names)


async def named_by_caption(tx: Tx, docket_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (docket, watch) pairs: which Watches have been told of these dockets' captions."""
    found: set[tuple[int, int]] = set()
    for some in chunks(docket_ids):
        rows = await tx.rows(select(docket_watch).where(docket_watch.c.docket_id.in_(some)))
        found |= {(row.docket_id, row.watch_id) for row in rows}
    return found


async def note_named(tx: Tx, pairs: Collection[tuple[int, int]], now: datetime) -> None:
    """Keep that Watches have been told of dockets' captions."""
    rows = [{"docket_id": a, "watch_id": b, "at": now} for a, b in sorted(pairs)]
    await tx.run_many(insert(tx, docket_watch).on_conflict_do_nothing(), rows)
