"""What each reader has been told, as far as deciding about something new needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Select, func, select

from matching.same import item_keys
from model import AlertDraft, AlertKind, DeliveryKind, DeliveryState, Item, Sameness, Told
from store import ties
from store.engine import Tx
from store.item_rows import items_of
from store.statements import chunks
from store.tables import alert, alert_docket, alert_item, alert_watch, delivery, item

STORIES_MOST = 60
"""So many live Stories of a Watch are looked at for each reader, the latest ones."""
_READERS_MOST = 50
"""Readers of one Watch for whom that many are read; with more, fewer for each."""
_BEGINNING = 1_200
"""Characters of a summary or text: a story is told at its beginning."""


async def told(tx: Tx, drafts: Sequence[AlertDraft], since: datetime) -> list[Told]:
    """Return the Alerts, not older than `since`, that the drafts' Subscribers have had about
    the drafts' Items or others with the same address or headline, and the latest Stories and
    Filings they were told for the drafts' Watches, with what these say.
    """
    same = await _same_items(tx, [draft.item for draft in drafts])
    readers = {draft.subscriber_id for draft in drafts}
    rows: dict[int, Row[Any]] = {}
    for some in chunks(same):
        about_these = (
            select(alert)
            .join(alert_item, alert_item.c.alert_id == alert.c.id)
            .where(alert_item.c.item_id.in_(some), alert.c.at >= since)
        )
        found = await tx.rows(about_these)
        rows |= {row.id: row for row in found if row.subscriber_id in readers}
    live = await _live(tx, drafts, since)
    never = await _refused(tx, rows | live)
    return await _as_told(tx, _but(rows | live, never), _but(live, never))


async def about(tx: Tx, item_ids: Collection[int]) -> list[Told]:
    """Return every Alert that told anybody of one of these Items, whenever that was."""
    rows: dict[int, Row[Any]] = {}
    for some in chunks(item_ids):
        shown = select(alert).join(alert_item, alert_item.c.alert_id == alert.c.id)
        rows |= {row.id: row for row in await tx.rows(shown.where(alert_item.c.item_id.in_(some)))}
    return await _as_told(tx, rows)


async def live_items(tx: Tx, watch_ids: Iterable[int], since: datetime) -> list[Item]:
    """Return what the latest Stories told for these Watches say, as far as grouping reads it."""
    first = await _first_since(tx, since)
    found: dict[int, Row[Any]] = {}
    for watch_id in sorted(set(watch_ids)) if first else ():
        latest = _stories_of(watch_id, first, since, AlertKind.STORY).limit(STORIES_MOST)
        found |= {row.id: row for row in await tx.rows(latest)}
    shown = await ids_of(tx, alert_item.c.alert_id, alert_item.c.item_id, found)
    every = {one for ids in shown.values() for one in ids}
    return list((await _beginnings(tx, every)).values())


async def _live(tx: Tx, drafts: Sequence[AlertDraft], since: datetime) -> dict[int, Row[Any]]:
    """Return what was told last for the Watches of new drafts, one Watch at a time: few
    steps of an index, however long the Watch has been there.
    """
    wanted: dict[int, set[int]] = {}
    for draft in drafts:
        if draft.watch_ids and not (draft.changed or draft.backlog):
            wanted.setdefault(draft.watch_ids[0], set()).add(draft.subscriber_id)
    first = await _first_since(tx, since) if wanted else None
    found: dict[int, Row[Any]] = {}
    if first is None:
        return found
    for watch_id, readers in sorted(wanted.items()):
        most = STORIES_MOST * min(len(readers), _READERS_MOST)
        for some in chunks(sorted(readers)):
            theirs = _stories_of(watch_id, first, since, AlertKind.STORY, AlertKind.FILING)
            theirs = theirs.where(alert.c.subscriber_id.in_(some))
            found |= {row.id: row for row in await tx.rows(theirs.limit(most))}
    return found


async def _refused(tx: Tx, alert_ids: Collection[int]) -> set[int]:
    """Return the Alerts that never became a message: what tells the same must be told."""
    c = delivery.c
    found: set[int] = set()
    for some in chunks(alert_ids):
        refused = select(c.alert_id).where(
            c.alert_id.in_(some),
            c.kind == DeliveryKind.SEND.value,
            c.state == DeliveryState.REFUSED.value,
        )
        found.update(row.alert_id for row in await tx.rows(refused))
    return found


def _but(rows: Mapping[int, Row[Any]], without: Collection[int]) -> dict[int, Row[Any]]:
    return {one: row for one, row in rows.items() if one not in without}


async def _first_since(tx: Tx, since: datetime) -> int | None:
    """Return the first Alert since then; None when there is none. Ids grow with time, so that
    nothing older has to be read.
    """
    oldest = select(alert.c.id).where(alert.c.at >= since).order_by(alert.c.at, alert.c.id)
    first: int | None = await tx.value(oldest.limit(1))
    return first


def _stories_of(
    watch_id: int, first: int | None, since: datetime, *kinds: AlertKind
) -> Select[Any]:
    return (
        select(alert)
        .join(alert_watch, alert_watch.c.alert_id == alert.c.id)
        .where(
            alert_watch.c.watch_id == watch_id,
            alert_watch.c.alert_id >= first,
            alert.c.at >= since,
            alert.c.kind.in_([kind.value for kind in kinds]),
        )
        .order_by(alert_watch.c.alert_id.desc())
    )


async def _same_items(tx: Tx, items: Iterable[Item]) -> set[int]:
    """Return the ids of stored Items that are these, or share an address or headline."""
    known = list(items)
    keys = [item_keys(one) for one in known]
    found = {one.id for one in known if one.id}
    for column, digests in (
        (item.c.url_key, {one.url_key for one in keys}),
        (item.c.title_key, {one.title_key for one in keys}),
    ):
        for some in chunks(digests - {b""}):
            rows = await tx.rows(select(item.c.id).where(column.in_(some)))
            found.update(row.id for row in rows)
    return found


async def _as_told(tx: Tx, rows: Mapping[int, Row[Any]], live: Collection[int] = ()) -> list[Told]:
    """Read rows of Alerts with what belongs to them; of those in `live` also what they say."""
    watches = await ids_of(tx, alert_watch.c.alert_id, alert_watch.c.watch_id, rows)
    items = await ids_of(tx, alert_item.c.alert_id, alert_item.c.item_id, rows)
    every = {one for ids in items.values() for one in ids}
    keys: dict[int, Row[Any]] = {}
    for some in chunks(every):
        those = select(item.c.id, item.c.url_key, item.c.title_key).where(item.c.id.in_(some))
        keys |= {row.id: row for row in await tx.rows(those)}
    tied = await ties.of(tx, rows)
    unsure = await _unsure(tx, rows)
    joined = await ties.joins(tx, live)
    says = {
        one: [i for i in items.get(one, ()) if not _is_reprint(joined.get(one, {}).get(i))]
        for one in live
    }
    filed = {i for one in live if rows[one].kind == AlertKind.FILING.value for i in says[one]}
    texts = await _beginnings(tx, {i for ids in says.values() for i in ids} - filed)
    texts |= await items_of(tx, filed)
    return [
        Told(
            alert_id=row.id,
            subscriber_id=row.subscriber_id,
            story_id=row.story_id,
            watch_ids=tuple(watches.get(row.id, ())),
            item_ids=tuple(items.get(row.id, ())),
            url_keys=tuple(keys[one].url_key for one in items.get(row.id, ()) if one in keys),
            title_keys=tuple(keys[one].title_key for one in items.get(row.id, ()) if one in keys),
            at=row.at,
            kind=AlertKind(row.kind),
            items=tuple(texts[one] for one in says.get(row.id, ()) if one in texts),
            tie=tied.get(row.id),
            possible=row.id in unsure,
        )
        for row in sorted(rows.values(), key=lambda row: int(row.id))
    ]


async def _unsure(tx: Tx, alert_ids: Collection[int]) -> set[int]:
    """Return which of these Alerts said that it may be somebody else."""
    found: set[int] = set()
    for some in chunks(alert_ids):
        of = alert_docket.c.alert_id
        rows = await tx.rows(select(of).where(of.in_(some), alert_docket.c.possible))
        found.update(row.alert_id for row in rows)
    return found


def _is_reprint(how: Sameness | None) -> bool:
    return how is not None and how.is_reprint


async def _beginnings(tx: Tx, item_ids: Collection[int]) -> dict[int, Item]:
    """Return Items with as much of their texts as grouping reads, and nothing else."""
    found: dict[int, Item] = {}
    c = item.c
    read = select(
        c.id,
        c.title,
        c.lang,
        func.substr(c.summary, 1, _BEGINNING).label("summary"),
        func.substr(c.text, 1, _BEGINNING).label("text"),
    )
    for some in chunks(item_ids):
        for row in await tx.rows(read.where(c.id.in_(some))):
            found[row.id] = Item(
                id=row.id, title=row.title, summary=row.summary, text=row.text, lang=row.lang
            )
    return found


async def ids_of(
    tx: Tx, of: Column[int], value: Column[int], alert_ids: Collection[int]
) -> dict[int, list[int]]:
    """Return what is kept beside Alerts, by Alert, in order."""
    found: dict[int, list[int]] = {}
    for some in chunks(alert_ids):
        pairs = select(of.label("of"), value.label("value")).where(of.in_(some))
        for row in await tx.rows(pairs.order_by(of, value)):
            found.setdefault(row.of, []).append(row.value)
    return found
