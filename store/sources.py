"""Sources: which places are asked, and how each has behaved. Claiming them is in `claims`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, bindparam, func, or_, select, update

from model import NewSource, Pace, Source, SourceHealth, SourceState
from model.courts import court_at
from store.claims import claim_all, due, host_of, next_due, note_polls, renew, still_ours
from store.engine import Tx
from store.roster import alone
from store.source_rows import as_pace, as_source, pace_columns, state_columns
from store.statements import chunks, insert
from store.tables import source, source_pace, source_state
from store.written import dump

__all__ = [
    "add",
    "by_url",
    "claim_all",
    "declare",
    "due",
    "get",
    "health",
    "never_asked",
    "next_due",
    "note_polls",
    "remove",
    "renew",
    "set_told",
    "still_ours",
]

_FORGOTTEN_AFTER = timedelta(days=1)
"""A Source that nobody asked for this long starts with a backlog again, not with news."""


async def add(tx: Tx, new: NewSource, now: datetime, *, declared: bool = False) -> Source:
    """Ask `new.url` from now on; returns the Source, which may have been there before.

    The same address declared and added is one Source with two origins; what config.toml says
    of it stands.
    """
    await alone(tx)
    before = await by_url(tx, new.url)
    if before is None:
        (source_id,) = await _create(tx, [new], now, declared=declared)
    else:
        source_id = before.id
        origin = {"declared": True} if declared else {"added": True}
        if declared or not before.declared:
            origin |= _described(new, before)
        await tx.run(update(source).where(source.c.id == source_id).values(**origin))
        await _switch_on(tx, [source_id], now)
    tx.wake("sources")
    (row,) = await tx.rows(select(source).where(source.c.id == source_id))
    return as_source(row)


async def never_asked(tx: Tx, new: NewSource, now: datetime) -> Source:
    """Return the Source that stands for what comes by another way than polling; it is made at
    the first call, switched off, so that nobody polls it.
    """
    await alone(tx)
    found = await by_url(tx, new.url)
    if found is None:
        (source_id,) = await _create(tx, [new], now, declared=False)
        await tx.run(update(source).where(source.c.id == source_id).values(added=False))
        await _switch_off(tx, [source_id], now)
        found = await get(tx, source_id)
    assert found is not None  # noqa: S101 - it was made in this transaction
    return found


_PLAIN, _COURT = "feed", "pacer"
_OF_COURTS = frozenset({_COURT, "courtlistener_docket", "courtlistener_search"})


def _court_of(url: str) -> str:
    """Return the id of the court whose electronic filing system has this address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    court = court_at(host) if host.startswith("ecf") else None
    return court.id if court else ""


def _described(new: NewSource, before: Source | None = None) -> dict[str, Any]:
    """Return the columns that say what a Source is; a name left out keeps the one it had. A
    court's feed stays one whoever adds its address as a feed: read as any other, all entries of a
    case but the first would be taken for known.
    """
    if new.kind == _PLAIN and before is not None and before.kind in _OF_COURTS:
        new = replace(new, kind=before.kind, tags=before.tags, lang=before.lang)
        new = replace(new, interval=before.interval)
    elif new.kind == _PLAIN and _court_of(new.url):
        new = replace(new, kind=_COURT, tags=new.tags or ("court", _court_of(new.url)), lang="en")
    return {
        "name": new.name or (before.name if before else ""),
        "kind": new.kind,
        "tags": dump(list(new.tags)),
        "lang": new.lang,
        "declared_interval": new.interval,
    }


async def _create(tx: Tx, news: Sequence[NewSource], now: datetime, *, declared: bool) -> list[int]:
    """Store Sources that are new, due at once."""
    rows = [
        _described(new)
        | {
            "url": new.url,
            "base": new.url,
            "host": host_of(new.url),
            "declared": declared,
            "added": not declared,
            "enabled": True,
            "told": "",
            "created_at": now,
        }
        for new in news
    ]
    ids = [row.id for row in await tx.rows(insert(tx, source).returning(source.c.id), rows)]
    pace = {"lease_until": 0.0, "lease_owner": "", "lease_epoch": 0} | dict(pace_columns(Pace()))
    state = dict(state_columns(SourceState())) | {"items": 0}
    for some in chunks(ids):
        due_now = [{"source_id": one, "next_due": now} | pace for one in some]
        await tx.run_many(insert(tx, source_pace), due_now)
        await tx.run_many(insert(tx, source_state), [{"source_id": one} | state for one in some])
    return ids


async def _switch_on(tx: Tx, source_ids: Iterable[int], now: datetime) -> None:
    """Ask Sources again that were switched off: at once, and as new ones if that was long ago
    (what they published while nobody asked is a backlog, not news).
    """
    for some in chunks(source_ids):
        off = select(source.c.id).where(source.c.id.in_(some), ~source.c.enabled)
        long_off = off.where(source.c.off_since < now - _FORGOTTEN_AFTER)
        await tx.run(
            update(source_state)
            .where(source_state.c.source_id.in_(long_off))
            .values(first_polled=None)
        )
        await tx.run(
            update(source_pace).where(source_pace.c.source_id.in_(off)).values(next_due=now)
        )
        on = update(source).where(source.c.id.in_(some), ~source.c.enabled)
        await tx.run(on.values(enabled=True, off_since=None, told=""))


async def _switch_off(tx: Tx, source_ids: Iterable[int], now: datetime) -> None:
    """Ask Sources no more that neither config.toml nor a chat wants."""
    for some in chunks(source_ids):
        unwanted = select(source.c.id).where(
            source.c.id.in_(some), ~source.c.declared, ~source.c.added
        )
        await tx.run(
            update(source_pace).where(source_pace.c.source_id.in_(unwanted)).values(next_due=None)
        )
        off = update(source).where(source.c.id.in_(unwanted), source.c.enabled)
        await tx.run(off.values(enabled=False, off_since=now))


async def declare(tx: Tx, news: Sequence[NewSource], now: datetime) -> None:
    """Take over the list of config.toml: what is new is asked, what changed is changed, what is
    no longer listed is declared no more, and switched off unless a chat added it too.
    """
    await alone(tx)
    known = {row.base: row for row in await tx.rows(select(source))}
    known = {row.url: row for row in known.values()} | known
    wanted = {new.url: new for new in reversed(news)}
    found = {known[url].id: (known[url], new) for url, new in wanted.items() if url in known}
    missing = [new for url, new in wanted.items() if url not in known]
    await _create(tx, missing, now, declared=True)
    await _redescribe(tx, found.values(), now)
    await _switch_on(tx, found, now)
    dropped = [row.id for row in known.values() if row.declared and row.id not in found]
    for some in chunks(set(dropped)):
        await tx.run(update(source).where(source.c.id.in_(some)).values(declared=False))
    await _switch_off(tx, dropped, now)
    tx.wake("sources")


async def _redescribe(tx: Tx, found: Collection[tuple[Row[Any], NewSource]], now: datetime) -> None:
    """Write what config.toml now says of Sources; a shorter interval counts from now."""
    changed = []
    sooner = []
    for row, new in found:
        said = _described(new, as_source(row)) | {"declared": True}
        if any(getattr(row, name) != value for name, value in said.items()):
            changed.append({"of": row.id} | said)
        if new.interval is not None and new.interval != row.declared_interval:
            sooner.append({"of": row.id, "then": now + timedelta(seconds=new.interval)})
    await tx.run_many(update(source).where(source.c.id == bindparam("of")), changed)
    then = bindparam("then", type_=source_pace.c.next_due.type)
    later = update(source_pace).where(
        source_pace.c.source_id == bindparam("of"), source_pace.c.next_due > then
    )
    await tx.run_many(later.values(next_due=then), sooner)


async def remove(tx: Tx, source_id: int, now: datetime) -> bool:
    """Take back that a chat or the command line added a Source; False when none had.

    One that config.toml lists is asked on. What was seen is remembered, and its Items stay.
    """
    gone = await tx.run(
        update(source).where(source.c.id == source_id, source.c.added).values(added=False)
    )
    await _switch_off(tx, [source_id], now)
    tx.wake("sources")
    return bool(gone)


async def get(tx: Tx, source_id: int) -> Source | None:
    """Return a Source by its id, switched off or not."""
    row = await tx.row(select(source).where(source.c.id == source_id))
    return as_source(row) if row else None


async def by_url(tx: Tx, url: str) -> Source | None:
    """Return the Source asked at `url`, or the one that was first stored with it."""
    row = await tx.row(select(source).where(or_(source.c.url == url, source.c.base == url)))
    return as_source(row) if row else None


async def health(tx: Tx, *, kinds: Collection[str] | None = None) -> list[SourceHealth]:
    """Return how each enabled Source (of some kinds only) is doing, by name."""
    whole = (
        select(source, source_pace, source_state.c["items"].label("given"))
        .join(source_pace, source_pace.c.source_id == source.c.id)
        .join(source_state, source_state.c.source_id == source.c.id)
        .where(source.c.enabled)
        .order_by(func.lower(source.c.name), source.c.id)
    )
    if kinds is not None:
        whole = whole.where(source.c.kind.in_(kinds))
    return [
        SourceHealth(as_source(row), as_pace(row), row.next_due, row.given, row.told)
        for row in await tx.rows(whole)
    ]


async def set_told(tx: Tx, source_id: int, incident: str) -> None:
    """Remember which incident ("failing", "silent") its owner was told of; empty: it is over."""
    await tx.run(update(source).where(source.c.id == source_id).values(told=incident))
