"""How dockets, followings and filings become rows and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from model import (
    Docket,
    DocketState,
    Event,
    Filing,
    Following,
    Level,
    Route,
    Severity,
)
from store.engine import Tx
from store.statements import chunks
from store.tables import docket, docket_ref, following_subscriber
from store.written import dump, load_words

_PLAIN = Filing()
_DAYS = {"filed"}
_CASE, _COURTLISTENER = "c:", "d:"


def as_docket(row: Row[Any], refs: Iterable[str] = ()) -> Docket:
    """Read the columns of `docket`; `refs` are what it is known by."""
    refs = sorted(refs)
    return Docket(
        id=row.id,
        court=row.court,
        number=row.number,
        caption=row.caption,
        judge=row.judge,
        filed=as_day(row.filed),
        terminated=as_day(row.terminated),
        state=DocketState(row.state),
        case_ids=tuple(one.split(":", 2)[2] for one in refs if one.startswith(_CASE)),
        docket_ids=tuple(one[2:] for one in refs if one.startswith(_COURTLISTENER)),
        url=row.url,
        parties=load_words(row.parties),
        first_seen=row.first_seen,
    )


def docket_columns(one: Docket) -> Mapping[str, object]:
    """Write what is known of a docket."""
    return {
        "court": one.court,
        "number": one.number,
        "caption": one.caption,
        "judge": one.judge,
        "filed": day(one.filed),
        "terminated": day(one.terminated),
        "state": one.state.value,
        "url": one.url,
        "parties": dump(list(one.parties)),
    }


def new_docket_row(one: Docket, now: datetime) -> dict[str, Any]:
    """Write a docket that is new."""
    return {**docket_columns(one), "gaps": "[]", "first_seen": now}


async def dockets_by_id(tx: Tx, ids: Iterable[int]) -> dict[int, Docket]:
    """Return dockets with all their ids."""
    found: dict[int, Docket] = {}
    for some in chunks(set(ids)):
        refs: dict[int, list[str]] = {}
        for row in await tx.rows(select(docket_ref).where(docket_ref.c.docket_id.in_(some))):
            refs.setdefault(row.docket_id, []).append(row.ref)
        for row in await tx.rows(select(docket).where(docket.c.id.in_(some))):
            found[row.id] = as_docket(row, refs.get(row.id, ()))
    return found


async def as_followings(tx: Tx, rows: Sequence[Row[Any]]) -> list[Following]:
    """Read rows of `following` with their dockets and who hears."""
    ids = [row.docket_id for row in rows]
    dockets = await dockets_by_id(tx, ids)
    hearers: dict[int, list[int]] = {}
    of, who = following_subscriber.c.docket_id, following_subscriber.c.subscriber_id
    for some in chunks(ids):
        for row in await tx.rows(select(of, who).where(of.in_(some)).order_by(of, who)):
            hearers.setdefault(row.docket_id, []).append(row.subscriber_id)
    return [
        Following(
            docket=dockets[row.docket_id],
            level=Level(row.level),
            to=tuple(hearers.get(row.docket_id, ())),
            declared=row.declared,
            added=row.added,
            enabled=row.enabled,
            muted_until=row.muted_until,
            hidden=row.hidden,
            hidden_since=row.hidden_since,
        )
        for row in rows
    ]


def day(value: date | None) -> str:
    """Write a day; empty while unknown."""
    return value.isoformat() if value else ""


def as_day(text: str) -> date | None:
    """Read a day."""
    return date.fromisoformat(text) if text else None


def dump_filing(filing: Filing) -> str:
    """Write a Filing: only what is known of it."""
    said: dict[str, object] = {}
    for one in fields(Filing):
        value = getattr(filing, one.name)
        if value == getattr(_PLAIN, one.name) and one.name != "route":
            continue
        if one.name in _DAYS:
            value = day(value)
        elif one.name == "events":
            value = [[e.kind, e.severity.value, e.start, e.end] for e in value]
        elif one.name == "parties":
            value = list(value)
        said[one.name] = value
    return dump(said)


def load_filing(text: str) -> Filing:
    """Read a Filing; a field this version does not know is left out."""
    known = {one.name for one in fields(Filing)}
    said = {name: value for name, value in json.loads(text).items() if name in known}
    if "filed" in said:
        said["filed"] = as_day(said["filed"])
    if "parties" in said:
        said["parties"] = tuple(said["parties"])
    if "events" in said:
        said["events"] = tuple(Event(k, Severity(s), a, b) for k, s, a, b in said["events"])
    said["route"] = Route(said.get("route", Route.COURT))
    return replace(_PLAIN, **said)


def completed(filing: Filing, court: str, number: str, caption: str, judge: str) -> Filing:
    """Return a Filing with what its docket knows and it doesn't; the caption is the docket's."""
    return replace(
        filing,
        court=filing.court or court,
        number=number or filing.number,
        caption=caption or filing.caption,
        judge=filing.judge or judge,
    )
