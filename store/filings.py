"""Record Filings: one of them, whichever way it came; what is really new or changed comes back.

A Filing is known by its keys (`matching.filings.filing_keys`), each of which is its own for ever;
its Item is the one it first came with. Facts of every route are merged into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from matching.filings import (
    changes,
    docket_names,
    identity,
    loose_keys,
    may_be_same,
    merge,
    new_events,
)
from matching.same import item_keys
from model import Filed, Filing, Item, News, Recorded
from store.docket_places import Placed, one_at_a_time, place
from store.docket_rows import completed, day, dump_filing, load_filing
from store.engine import Tx
from store.item_rows import content_of, items_of, said_columns
from store.item_words import wait_for_words
from store.statements import chunks, insert
from store.tables import filing, filing_key, filing_trace, item

_DIGITS = 9
"""An entry's number with more digits is no number."""


def is_filing(one: Item) -> bool:
    """Return whether an Item is a court's, and it is known in which docket."""
    return one.filing is not None and bool(docket_names(one.filing))


@dataclass(slots=True)
class _Found:
    """A Filing while a batch is recorded."""

    place: Placed
    facts: Filing
    item: Item
    """As it came first, or as it is stored."""
    text: str
    """The document's text, the longest there is."""
    id: int = 0
    before: Item | None = None
    """As it was stored; None: it is new, or its Item is no longer kept."""
    forgotten: bool = False
    """It was seen before, and its Item is no longer kept."""
    backlog: bool = False
    keys: set[bytes] = field(default_factory=set)
    traces: set[bytes] = field(default_factory=set)


async def record_filings(
    tx: Tx, items: Sequence[Item], now: datetime, *, backlog: Collection[int] = ()
) -> list[Filed]:
    """Store the Filings of any number of Sources (all of them `is_filing`, with what they say
    happened); return, in the order in which they came, what is new or of which more is known now;
    last, with Items of no id, what became of dockets of which nothing that came is kept any more.

    `backlog`: ids of Sources whose first poll this is.
    """
    if not items:
        return []
    await one_at_a_time(tx)
    came = [one.filing for one in items if one.filing is not None]
    places = await place(tx, came, now)
    facts = [_facts(one, at) for one, at in zip(came, places, strict=True)]
    batch = await _Batch.of(tx, facts)
    for one, said, at in zip(items, facts, places, strict=True):
        batch.take(one, said, at, backlog=one.source_id in backlog)
    found = batch.all()
    await _write_new(tx, [one for one in found if not one.id], now)
    await _write_changed(tx, [one for one in found if one.id and not one.forgotten])
    await _write_keys(tx, found, batch)
    return _filed(found, now)


def _facts(one: Filing, at: Placed) -> Filing:
    """Return what came with what its docket knows."""
    known = at.docket
    return completed(one, known.court, known.number, known.caption, known.judge)


_Stored = Mapping[int, tuple[Filing, Item | None]]


class _Batch:
    """The Filings of one batch, joined with those that are stored and with one another."""

    def __init__(self, by_key: dict[bytes, int], stored: _Stored) -> None:
        """Begin with what is known by key, and with the stored Filings by id."""
        self._by_key = by_key
        self._stored = stored
        self._found: dict[int, _Found] = {}
        self._traces: dict[bytes, list[int]] = {}
        self.known_keys = set(by_key)

    @classmethod
    async def of(cls, tx: Tx, facts: Sequence[Filing]) -> _Batch:
        """Load what is stored under any of the batch's keys."""
        by_key = await _ids(tx, {key for one in facts for key in identity(one)})
        traces = await _traced(tx, {key for one in facts for key in loose_keys(one)})
        batch = cls(by_key, await _load(tx, {*by_key.values(), *_flat(traces.values())}))
        batch._traces = traces
        return batch

    def take(self, one: Item, said: Filing, at: Placed, *, backlog: bool) -> None:
        """Join one Item to the Filing that it is."""
        keys = identity(said)
        number = next((self._by_key[key] for key in keys if key in self._by_key), 0)
        number = number or self._by_trace(said)
        if not number:
            number = -len(self._found) - 1
            self._found[number] = _Found(at, said, one, one.text, backlog=backlog)
        elif number not in self._found:
            self._found[number] = self._again(number, one, said, at)
        else:
            mine = self._found[number]
            mine.facts = merge(mine.facts, said)
            mine.text = max(mine.text, one.text, key=len)
        mine = self._found[number]
        mine.keys.update(keys)
        mine.traces.update(loose_keys(said))
        for key in keys:
            self._by_key.setdefault(key, number)
        for key in loose_keys(said):
            if number not in self._traces.setdefault(key, []):
                self._traces[key].append(number)

    def _by_trace(self, said: Filing) -> int:
        for key in loose_keys(said):
            for number in self._traces.get(key, ()):
                there = self._found.get(number)
                facts = there.facts if there else self._stored[number][0]
                if may_be_same(facts, said):
                    return number
        return 0

    def _again(self, number: int, one: Item, said: Filing, at: Placed) -> _Found:
        old, kept = self._stored[number]
        return _Found(
            at,
            merge(_facts(old, at), said),
            kept or one,
            max(kept.text if kept else "", one.text, key=len),
            id=number,
            before=kept,
            forgotten=kept is None,
        )

    def all(self) -> list[_Found]:
        """Return the Filings, in the order in which they came."""
        return list(self._found.values())


def _flat(some: Iterable[Iterable[int]]) -> set[int]:
    return {one for part in some for one in part}


async def _ids(tx: Tx, keys: Collection[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for some in chunks(keys):
        rows = await tx.rows(select(filing_key).where(filing_key.c.key.in_(some)))
        found |= {row.key: row.filing_id for row in rows}
    return found


async def _traced(tx: Tx, keys: Collection[bytes]) -> dict[bytes, list[int]]:
    found: dict[bytes, list[int]] = {}
    for some in chunks(keys):
        where = select(filing_trace).where(filing_trace.c.key.in_(some))
        for row in await tx.rows(where.order_by(filing_trace.c.filing_id)):
            found.setdefault(row.key, []).append(row.filing_id)
    return found


async def _load(tx: Tx, ids: Collection[int]) -> dict[int, tuple[Filing, Item | None]]:
    """Return Filings with their Items, as far as those are still kept."""
    found: dict[int, tuple[Filing, Item | None]] = {}
    for some in chunks(ids):
        rows = await tx.rows(select(filing).where(filing.c.id.in_(some)))
        items = await items_of(tx, [row.item_id for row in rows])
        found |= {row.id: (load_filing(row.facts), items.get(row.item_id)) for row in rows}
    return found


def _item(one: _Found) -> Item:
    """Return the Item of a Filing: the caption, the entry's words, the document's text."""
    facts = one.facts
    return replace(
        one.item,
        title=facts.caption,
        summary=facts.text or facts.short,
        text=one.text,
        url=facts.url or one.item.url,
        lang=one.item.lang or "en",
        filing=facts,
    )


async def _write_new(tx: Tx, found: Sequence[_Found], now: datetime) -> None:
    whole = [_item(one) for one in found]
    rows = [
        {
            "source_id": one.source_id,
            "key": min(mine.keys),
            "guid": one.key,
            "first_seen": now,
            **said_columns(one, item_keys(one), content_of(one)),
        }
        for mine, one in zip(found, whole, strict=True)
    ]
    made = insert(tx, item).returning(item.c.id, sort_by_parameter_order=True)
    ids = [row.id for row in await tx.rows(made, rows)]
    await wait_for_words(tx, ids)
    facts = [
        {
            "docket_id": mine.place.docket.id,
            "item_id": item_id,
            "first_seen": now,
            **_columns(mine.facts),
        }
        for mine, item_id in zip(found, ids, strict=True)
    ]
    kept = insert(tx, filing).returning(filing.c.id, sort_by_parameter_order=True)
    numbers = [row.id for row in await tx.rows(kept, facts)]
    for mine, one, item_id, number in zip(found, whole, ids, numbers, strict=True):
        mine.id, mine.item = number, replace(one, id=item_id, first_seen=now)


def _columns(facts: Filing) -> dict[str, Any]:
    number = facts.entry if facts.entry.isdecimal() and len(facts.entry) <= _DIGITS else ""
    return {
        "entry": int(number) if number else None,
        "filed": day(facts.filed),
        "facts": dump_filing(facts),
    }


async def _write_changed(tx: Tx, found: Sequence[_Found]) -> None:
    """Overwrite what is stored with what is known now; dates of sighting stay."""
    said = []
    known = []
    changed = []
    for mine in found:
        if mine.before is None:
            continue
        whole = replace(_item(mine), id=mine.before.id, first_seen=mine.before.first_seen)
        mine.item = whole
        if mine.before.filing != whole.filing:
            known.append({"of": mine.id, **_columns(mine.facts)})
        content = content_of(whole)
        if content != content_of(mine.before):
            said.append({"of": whole.id, **said_columns(whole, item_keys(whole), content)})
            changed.append(whole.id)
    await tx.run_many(update(filing).where(filing.c.id == bindparam("of")), known)
    await tx.run_many(update(item).where(item.c.id == bindparam("of")), said)
    await wait_for_words(tx, changed)


async def _write_keys(tx: Tx, found: Sequence[_Found], batch: _Batch) -> None:
    keys = [
        {"key": key, "filing_id": mine.id}
        for mine in found
        for key in sorted(mine.keys - batch.known_keys)
    ]
    await tx.run_many(insert(tx, filing_key).on_conflict_do_nothing(), keys)
    traces = [{"key": key, "filing_id": mine.id} for mine in found for key in sorted(mine.traces)]
    await tx.run_many(insert(tx, filing_trace).on_conflict_do_nothing(), traces)


def _filed(found: Sequence[_Found], now: datetime) -> list[Filed]:
    """Return what is news; a docket's own change goes with its first Filing of the batch."""
    told: list[Filed] = []
    said: set[int] = set()
    for mine in found:
        number = mine.place.docket.id
        change = mine.place.change if number not in said else ""
        opens = mine.place.is_new and number not in said
        filed = _one(mine, change, opens=opens)
        if filed is not None:  # else the next one that is kept says what became of the docket
            said.add(number)
            told.append(filed)
    for mine in found:
        if mine.place.change and mine.place.docket.id not in said:
            said.add(mine.place.docket.id)
            told.append(_of_docket_alone(mine))
    return told


def _of_docket_alone(mine: _Found) -> Filed:
    """Return what became of a docket of which nothing that came is kept any more."""
    known = replace(_item(mine), id=0)
    became = frozenset({mine.place.change})
    recorded = Recorded(known, News.CHANGED, known)
    return Filed(recorded, mine.place.docket, changes=became, called=mine.place.called)


def _one(mine: _Found, change: str, *, opens: bool) -> Filed | None:
    docket_change = {change} if change else set()
    called = mine.place.called if change else ""
    if mine.before is None and not mine.forgotten:
        recorded = Recorded(mine.item, News.NEW, backlog=mine.backlog)
        facts = mine.facts
        became = frozenset(docket_change)
        return Filed(recorded, mine.place.docket, opens, became, facts.events, called)
    if mine.before is None or mine.before.filing is None:
        return None
    old = mine.before.filing
    became = changes(old, mine.facts) | docket_change
    if len(mine.text) > len(mine.before.text):
        became |= {"words"}  # of the document: somebody may be named in it
    if not became:
        return None
    recorded = Recorded(mine.item, News.CHANGED, mine.before)
    events = new_events(old, mine.facts)
    return Filed(recorded, mine.place.docket, opens, became, events, called)
