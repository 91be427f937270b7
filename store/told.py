"""What each reader has been told, as far as deciding about something new needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, and_, bindparam, func, or_, select

from matching.same import item_keys
from model import (
    AlertDraft,
    AlertKind,
    Bond,
    DeliveryKind,
    DeliveryState,
    Item,
    Sameness,
    Tie,
    Told,
)
from store.engine import Tx
from store.item_rows import items_of
from store.statements import chunks
from store.tables import (
    alert,
    alert_docket,
    alert_item,
    alert_join,
    alert_tie,
    alert_watch,
    delivery,
    item,
)

STORIES_MOST = 60
"""So many live Stories of a Watch are looked at for each reader, the latest ones."""
_READERS_MOST = 50
"""Readers of one Watch for whom that many are read; with more, fewer for each."""
_BEGINNING = 1_200
"""Characters of a summary or text: a story is told at its beginning."""
_LOCK = 0x746F_6C64
"""The advisory lock of PostgreSQL that those who decide what is told share ("told" in ASCII)."""


_SHOWN = (
    select(
        alert.c.id,
        alert.c.subscriber_id,
        alert.c.story_id,
        alert.c.at,
        alert.c.kind,
        alert_tie.c.other_id,
        alert_tie.c.bond,
        alert_tie.c.why,
    )
    .select_from(alert)
    .outerjoin(alert_tie, alert_tie.c.alert_id == alert.c.id)
)
"""Alerts with their Ties."""


async def one_decides(tx: Tx) -> None:
    """Wait until nobody else decides what is told, and decide alone until this transaction ends:
    two who take in one Story from two Sources at once would both tell it.
    """
    await tx.alone(_LOCK)


async def told(tx: Tx, drafts: Sequence[AlertDraft], since: datetime) -> list[Told]:
    """Return the Alerts, not older than `since`, that the drafts' Subscribers have had about
    the drafts' Items or others with the same address or headline, and the latest Stories and
    Filings they were told for the drafts' Watches, with what these say.
    Until this transaction ends nobody else decides.
    """
    await one_decides(tx)
    same = await _same_items(tx, [draft.item for draft in drafts])
    readers = {draft.subscriber_id for draft in drafts}
    rows: dict[int, Row[Any]] = {}
    for some in chunks(same):
        about_these = _SHOWN.join(alert_item, alert_item.c.alert_id == alert.c.id).where(
            alert_item.c.item_id.in_(some), alert.c.at >= since
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
        shown = _SHOWN.join(alert_item, alert_item.c.alert_id == alert.c.id)
        rows |= {row.id: row for row in await tx.rows(shown.where(alert_item.c.item_id.in_(some)))}
    return await _as_told(tx, rows)


async def live_items(tx: Tx, watch_ids: Iterable[int], since: datetime) -> list[Item]:
    """Return what the latest Stories told for these Watches say, as far as grouping reads it."""
    first = await _first_since(tx, since)
    found: dict[int, Row[Any]] = {}
    for watch_id in sorted(set(watch_ids)) if first else ():
        asked = {"watch": watch_id, "first": first, "since": since, "most": STORIES_MOST}
        found |= {row.id: row for row in await tx.rows(_LIVE_STORIES, asked)}
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
            asked = {"watch": watch_id, "first": first, "since": since, "most": most}
            if len(some) == 1:
                theirs = await tx.rows(_LIVE_OF_ONE, asked | {"reader": some[0]})
            else:
                theirs = await tx.rows(_LIVE_OF_SOME, asked | {"readers": some})
            found |= {row.id: row for row in theirs}
    return found


async def _refused(tx: Tx, alert_ids: Collection[int]) -> set[int]:
    """Return the Alerts that never became a message, though nobody decided that: what tells the
    same must be told.
    """
    c = delivery.c
    found: set[int] = set()
    for some in chunks(alert_ids):
        refused = select(c.alert_id).where(
            c.alert_id.in_(some),
            c.kind == DeliveryKind.SEND.value,
            or_(
                c.state == DeliveryState.REFUSED.value,
                and_(c.state == DeliveryState.GONE.value, c.error != ""),
            ),
        )
        found.update(row.alert_id for row in await tx.rows(refused))
    return found


def _but(rows: Mapping[int, Row[Any]], without: Collection[int]) -> dict[int, Row[Any]]:
    return {one: row for one, row in rows.items() if one not in without}


async def _first_since(tx: Tx, since: datetime) -> int | None:
    """Return the lowest id of the Alerts since then, below which nothing has to be read; None when
    there is none. Not that of the earliest: a clock that was set back gives later ones an
    earlier time.
    """
    # Reckoned with, the id can't lure a planner into walking all ids up from the first Alert ever;
    # the index of times answers alone (0.4 ms for 10,000 Alerts).
    lowest = select(func.min(alert.c.id + 0)).where(alert.c.at >= since)
    first: int | None = await tx.value(lowest)
    return first


_LIVE = (
    _SHOWN.join(alert_watch, alert_watch.c.alert_id == alert.c.id)
    .where(
        alert_watch.c.watch_id == bindparam("watch"),
        alert_watch.c.alert_id >= bindparam("first"),
        alert.c.at >= bindparam("since"),
    )
    .order_by(alert_watch.c.alert_id.desc())
    .limit(bindparam("most"))
)
"""The latest Alerts of a Watch; written once, since what a statement costs is its writing."""
_IS_STORY = alert.c.kind == AlertKind.STORY.value
_IS_LIVE = or_(_IS_STORY, alert.c.kind == AlertKind.FILING.value)
_LIVE_STORIES = _LIVE.where(_IS_STORY)
_LIVE_OF_ONE = _LIVE.where(_IS_LIVE, alert.c.subscriber_id == bindparam("reader"))
_LIVE_OF_SOME = _LIVE.where(
    _IS_LIVE, alert.c.subscriber_id.in_(bindparam("readers", expanding=True))
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
    stories = [one for one in live if rows[one].kind != AlertKind.FILING.value]
    of_stories = await _holding(tx, stories, says=True)
    held = of_stories | await _holding(tx, rows.keys() - of_stories.keys())
    filed = {i for one in live if rows[one].kind == AlertKind.FILING.value for i in held[one].ids}
    filings = await items_of(tx, filed) if filed else {}
    unsure = await _unsure(tx, rows)
    found = []
    for alert_id in sorted(rows):
        row, has = rows[alert_id], held[alert_id]
        found.append(
            Told(
                alert_id=alert_id,
                subscriber_id=row.subscriber_id,
                story_id=row.story_id,
                watch_ids=tuple(watches.get(alert_id, ())),
                item_ids=tuple(has.ids),
                url_keys=tuple(has.url_keys),
                title_keys=tuple(has.title_keys),
                at=row.at,
                kind=_KINDS[row.kind],
                items=tuple(has.says or (filings[i] for i in has.ids if i in filings)),
                tie=Tie(row.other_id, Bond(row.bond), row.why) if row.bond else None,
                possible=alert_id in unsure,
            )
        )
    return found


_KINDS = {one.value: one for one in AlertKind}


@dataclass(slots=True)
class _Held:
    """What belongs to an Alert."""

    ids: list[int] = field(default_factory=list)
    url_keys: list[bytes] = field(default_factory=list)
    title_keys: list[bytes] = field(default_factory=list)
    says: list[Item] = field(default_factory=list)
    """What its Items say, reprints left out."""


async def _holding(tx: Tx, alert_ids: Collection[int], *, says: bool = False) -> dict[int, _Held]:
    """Return by Alert the Items that belong to it, in order; `says`: with what they say."""
    found = {one: _Held() for one in alert_ids}
    for some in chunks(alert_ids):
        for row in await tx.rows(_SAYING if says else _KEYED, {"alerts": some}):
            of, item_id, url_key, title_key, *said = tuple(row)
            held = found[of]
            held.ids.append(item_id)
            if url_key is not None:  # else the Item is kept no longer
                held.url_keys.append(url_key)
                held.title_keys.append(title_key)
            if said and url_key is not None and not _is_reprint(said[0]):
                _, title, summary, text, lang, url, source_id = said
                held.says.append(
                    Item(
                        id=item_id,
                        url=url,
                        title=title,
                        summary=summary,
                        text=text,
                        lang=lang,
                        source_id=source_id,
                    )
                )
    return found


_OF = alert_item.c.alert_id
_BEGUN = (
    item.c.title,
    func.substr(item.c.summary, 1, _BEGINNING).label("summary"),
    func.substr(item.c.text, 1, _BEGINNING).label("text"),
    item.c.lang,
)
"""As much of an Item as grouping reads."""
_KEYED = (
    select(_OF, alert_item.c.item_id, item.c.url_key, item.c.title_key)
    .select_from(alert_item)
    .outerjoin(item, item.c.id == alert_item.c.item_id)
    .where(_OF.in_(bindparam("alerts", expanding=True)))
    .order_by(_OF, alert_item.c.item_id)
)
_SAYING = _KEYED.outerjoin(
    alert_join,
    and_(alert_join.c.alert_id == _OF, alert_join.c.item_id == alert_item.c.item_id),
).add_columns(alert_join.c.how, *_BEGUN, item.c.url, item.c.source_id)


async def _unsure(tx: Tx, alert_ids: Collection[int]) -> set[int]:
    """Return which of these Alerts said that it may be somebody else."""
    found: set[int] = set()
    for some in chunks(alert_ids):
        of = alert_docket.c.alert_id
        rows = await tx.rows(select(of).where(of.in_(some), alert_docket.c.possible))
        found.update(row.alert_id for row in rows)
    return found


def _is_reprint(how: str | None) -> bool:
    return how is not None and Sameness(how).is_reprint


async def _beginnings(tx: Tx, item_ids: Collection[int]) -> dict[int, Item]:
    """Return Items with as much of their texts as grouping reads, and nothing else."""
    found: dict[int, Item] = {}
    read = select(item.c.id, *_BEGUN)
    for some in chunks(item_ids):
        for row in await tx.rows(read.where(item.c.id.in_(some))):
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
