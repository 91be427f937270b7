"""Which docket a Filing belongs to: known by any of its numbers, made when none is known.

Several of CourtListener's and PACER's ids stand under one number: they are one docket. Where two
dockets turn out to be one, the younger is absorbed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from matching.cases import normal_number
from matching.filings import docket_names, identity, merge
from matching.renaming import renaming
from model import Docket, DocketState, Filing
from store.docket_rows import (
    completed,
    docket_columns,
    dockets_by_id,
    dump_filing,
    load_filing,
    new_docket_row,
)
from store.engine import Tx
from store.hearers import follow_as_one
from store.statements import chunks, insert
from store.tables import (
    alert_docket,
    docket,
    docket_caption,
    docket_ref,
    docket_watch,
    filing,
    filing_key,
    hearing,
    hearing_told,
)
from store.written import dump

_LOCK = 0x636F_7572_74
"""The advisory lock of PostgreSQL that those who record Filings share ("court" in ASCII)."""
_LONGEST = 600
"""Characters of a caption that the list of captions holds: an index of PostgreSQL takes 2,700
bytes.
"""


async def one_at_a_time(tx: Tx) -> None:
    """Wait until nobody else records Filings: whether one is known, and then that it is, are two
    statements.
    """
    await tx.alone(_LOCK)


@dataclass(slots=True)
class Placed:
    """A docket, as far as the Filings of one batch concern it."""

    docket: Docket
    names: set[str] = field(default_factory=set)
    is_new: bool = False
    change: str = ""
    """What has become of it (`change_of`); empty: nothing."""
    called: str = ""
    """What it was called before this batch."""


async def place(tx: Tx, filings: Sequence[Filing], now: datetime) -> list[Placed]:
    """Return for each Filing its docket, made where it is new and brought up to date.

    Every Filing must have at least one of `matching.filings.docket_names`.
    """
    names = [docket_names(one) for one in filings]
    known = await known_names(tx, {name for some in names for name in some})
    group = _Groups(known)
    for some in names:
        group.join(some)
    for keep, gone in group.absorbed:
        await absorb(tx, keep, gone)
    places = await _open(tx, group, filings, names)
    for one, some in zip(filings, names, strict=True):
        _learn(places[group.of(some)], one, some)
    await _write(tx, list(places.values()), known, now)
    return [places[group.of(some)] for some in names]


async def known_names(tx: Tx, names: Iterable[str]) -> dict[str, int]:
    """Return the dockets that are known by these names."""
    found: dict[str, int] = {}
    for some in chunks(names):
        rows = await tx.rows(select(docket_ref).where(docket_ref.c.ref.in_(some)))
        found |= {row.ref: row.docket_id for row in rows}
    return found


class _Groups:
    """Names dealt out to dockets; those of one Filing are one docket's. New ones are below 0."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._of = dict(known)
        self._moved: dict[int, int] = {}
        self._new = 0
        self.absorbed: list[tuple[int, int]] = []

    def of(self, names: Sequence[str]) -> int:
        number = self._of[names[0]]
        while number in self._moved:
            number = self._moved[number]
        return number

    def join(self, names: Sequence[str]) -> None:
        ids = {self.of([name]) for name in names if name in self._of}
        if not ids:
            self._new -= 1
            ids = {self._new}
        stored = sorted(one for one in ids if one > 0)
        keep = stored[0] if stored else max(ids)
        for gone in sorted(ids - {keep}):
            self._moved[gone] = keep
            if gone > 0:
                self.absorbed.append((keep, gone))
        for name in names:
            self._of.setdefault(name, keep)


async def _open(
    tx: Tx, group: _Groups, filings: Sequence[Filing], names: Sequence[Sequence[str]]
) -> dict[int, Placed]:
    """Return the dockets of this batch as they are stored, or as nothing is known of them."""
    numbers = {group.of(some) for some in names}
    stored = await dockets_by_id(tx, [one for one in numbers if one > 0])
    places = {number: Placed(one, called=one.caption) for number, one in stored.items()}
    for number in sorted(numbers - places.keys()):
        places[number] = Placed(Docket(state=DocketState.OPEN), is_new=True)
    return places


def _learn(placed: Placed, one: Filing, names: Iterable[str]) -> None:
    """Add to a docket what a Filing tells of it."""
    was = placed.docket
    placed.names.update(names)
    placed.docket = learned(
        was,
        Docket(
            court=one.court,
            number=normal_number(one.number) or one.number,
            caption=one.caption,
            judge=one.judge,
            parties=one.parties,
            state=DocketState.OPEN,
        ),
    )
    if not placed.is_new and not placed.change:
        placed.change = change_of(was, placed.docket)


def learned(old: Docket, new: Docket) -> Docket:
    """Return a docket with what else is now known of it; a new caption counts where the old one
    named nobody, or somebody else.
    """
    renamed = bool(new.caption) and (not old.caption or renaming(old.caption, new.caption) != "")
    state = old.state
    if new.caption and state in (DocketState.SEALED, DocketState.UNKNOWN):
        state = DocketState.OPEN
    if new.state is DocketState.CLOSED:
        state = DocketState.CLOSED
    return replace(
        old,
        court=old.court or new.court,
        number=old.number or new.number,
        caption=new.caption if renamed else old.caption,
        judge=new.judge or old.judge,
        filed=old.filed or new.filed,
        terminated=new.terminated or old.terminated,
        url=old.url or new.url,
        parties=tuple(dict.fromkeys((*old.parties, *new.parties))),
        state=state,
    )


def change_of(old: Docket, new: Docket) -> str:
    """Return what has become of a docket that was known before: "found", "unsealed", "renamed", or
    "named" where only its caption was missing; empty for nothing.
    """
    if old.state is DocketState.SEALED and new.state is not DocketState.SEALED:
        return "unsealed"
    if old.state is DocketState.UNKNOWN and new.state is not DocketState.UNKNOWN:
        return "found"
    if old.caption and old.caption != new.caption:
        return renaming(old.caption, new.caption)
    return "named" if new.caption and not old.caption else ""


async def _write(tx: Tx, places: Sequence[Placed], known: Mapping[str, int], now: datetime) -> None:
    new = [one for one in places if one.is_new]
    rows = [new_docket_row(one.docket, now) for one in new]
    made = insert(tx, docket).returning(docket.c.id, sort_by_parameter_order=True)
    for one, row in zip(new, await tx.rows(made, rows), strict=True):
        one.docket = replace(one.docket, id=row.id, first_seen=now)
    await update_dockets(tx, [one.docket for one in places if not one.is_new], now)
    await note_captions(tx, [one.docket for one in places], now)
    grown = []
    for one in places:
        names = sorted(one.names - known.keys())
        await name_docket(tx, one.docket.id, names)
        if names and not one.is_new:
            grown.append(one.docket.id)
    for docket_id in grown:
        await rekey(tx, docket_id)
    whole = await dockets_by_id(tx, [one.docket.id for one in places])
    for one in places:
        one.docket = whole[one.docket.id]


async def update_dockets(tx: Tx, dockets: Sequence[Docket], now: datetime) -> None:
    """Overwrite dockets with what is now known; what is open is looked for no more."""
    stored = await dockets_by_id(tx, [one.id for one in dockets])
    rows = [
        {"of": one.id, "due_at": None, **docket_columns(one)}
        for one in dockets
        if docket_columns(one) != docket_columns(stored[one.id])
    ]
    hidden = (DocketState.SEALED, DocketState.UNKNOWN)
    open_now = {one.id for one in dockets if one.state not in hidden}
    by_id = update(docket).where(docket.c.id == bindparam("of"))
    for due_ends in (True, False):
        some = [
            {name: value for name, value in row.items() if name != "due_at"}
            for row in rows
            if (row["of"] in open_now) is due_ends
        ]
        await tx.run_many(by_id.values(due=None) if due_ends else by_id, some)


async def note_captions(tx: Tx, dockets: Iterable[Docket], now: datetime) -> None:
    """Keep every caption a docket has had, as far as an index holds it."""
    rows = [
        {"docket_id": one.id, "caption": one.caption[:_LONGEST], "at": now}
        for one in dockets
        if one.caption
    ]
    await tx.run_many(insert(tx, docket_caption).on_conflict_do_nothing(), rows)


async def name_docket(tx: Tx, docket_id: int, names: Iterable[str]) -> None:
    """Let a docket be known by these names too."""
    rows = [{"ref": name, "docket_id": docket_id} for name in names]
    await tx.run_many(insert(tx, docket_ref).on_conflict_do_nothing(), rows)


async def rekey(tx: Tx, docket_id: int) -> None:
    """Let the Filings of a docket be found by the names it has won; two that prove to be one
    become one (both were told already, and are told no more).
    """
    one = (await dockets_by_id(tx, [docket_id]))[docket_id]
    rows = await tx.rows(
        select(filing).where(filing.c.docket_id == docket_id).order_by(filing.c.id)
    )
    wanted: dict[bytes, int] = {}
    for row in rows:
        said = completed(load_filing(row.facts), one.court, one.number, one.caption, one.judge)
        for key in identity(said):
            wanted.setdefault(key, row.id)
    had: dict[bytes, int] = {}
    for some in chunks(wanted):
        found = await tx.rows(select(filing_key).where(filing_key.c.key.in_(some)))
        had |= {row.key: row.filing_id for row in found}
    facts = {row.id: load_filing(row.facts) for row in rows}
    twins = {
        (min(had[key], of), max(had[key], of))
        for key, of in wanted.items()
        if had.get(key, of) != of
    }
    for older, younger in sorted(twins):
        await _become_one(tx, older, younger, facts)
    moved = {younger: older for older, younger in twins}
    new = [
        {"key": key, "filing_id": moved.get(of, of)} for key, of in wanted.items() if key not in had
    ]
    await tx.run_many(insert(tx, filing_key).on_conflict_do_nothing(), new)


async def _become_one(tx: Tx, older: int, younger: int, facts: Mapping[int, Filing]) -> None:
    """Let the older Filing stand for both. The younger keeps its row for the Alerts that show
    its Item, and no key.
    """
    move = update(filing_key).where(filing_key.c.filing_id == younger)
    await tx.run(move.values(filing_id=older))
    if older in facts and younger in facts:
        whole = dump_filing(merge(facts[older], facts[younger]))
        await tx.run(update(filing).where(filing.c.id == older).values(facts=whole))


async def absorb(tx: Tx, keep: int, gone: int) -> None:
    """Make two dockets one: what was known of `gone` is known of `keep`."""
    both = await dockets_by_id(tx, [keep, gone])
    for table in (docket_ref, filing, alert_docket):
        await tx.run(update(table).where(table.c.docket_id == gone).values(docket_id=keep))
    for beside in (docket_caption, docket_watch, hearing, hearing_told):
        await _move(tx, beside, keep, gone)
    await follow_as_one(tx, keep, gone)
    await _join_gaps(tx, keep, gone)
    await tx.run(delete(docket).where(docket.c.id == gone))
    await update_dockets(tx, [learned(both[keep], both[gone])], both[keep].first_seen or _EPOCH)
    await rekey(tx, keep)


async def _join_gaps(tx: Tx, keep: int, gone: int) -> None:
    """Let what was said of missing entries of either count as said of both."""
    rows = await tx.rows(select(docket.c.gaps).where(docket.c.id.in_((keep, gone))))
    every = {tuple(one) for row in rows for one in json.loads(row.gaps or "[]")}
    await tx.run(update(docket).where(docket.c.id == keep).values(gaps=dump(sorted(every))))


_EPOCH = datetime.fromisoformat("1970-01-02T00:00:00+00:00")


async def _move(tx: Tx, table: Table, keep: int, gone: int) -> None:
    """Move rows to another docket; what it has already stands."""
    rows: list[dict[str, Any]] = [
        {**row._mapping, "docket_id": keep}
        for row in await tx.rows(select(table).where(table.c.docket_id == gone))
    ]
    await tx.run_many(insert(tx, table).on_conflict_do_nothing(), rows)
    await tx.run(delete(table).where(table.c.docket_id == gone))
