"""Alerts: what each Subscriber has been told, and all that is needed to say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, select, update

from matching.filing_alerts import weight
from matching.same import item_keys
from model import (
    AlertDraft,
    AlertKind,
    AlertView,
    Item,
    Mention,
    Subscriber,
    Told,
    WatchName,
)
from store import buttons
from store.docket_rows import dockets_by_id
from store.engine import Tx
from store.item_rows import as_item, whole_items
from store.queueing import queue_edit
from store.statements import chunks
from store.subscribers import as_subscriber
from store.tables import (
    alert,
    alert_docket,
    alert_item,
    alert_watch,
    filing,
    item,
    mention,
    message,
    possible,
    subscriber,
    watch,
)
from store.written import load_mentions, load_notice, load_watch, load_words


async def told(tx: Tx, drafts: Sequence[AlertDraft], since: datetime) -> list[Told]:
    """Return the Alerts, not older than `since`, that the drafts' Subscribers have had about
    the drafts' Items or others with the same address or headline.
    """
    same = await _same_items(tx, [draft.item for draft in drafts])
    readers = {draft.subscriber_id for draft in drafts}
    rows: dict[int, Row[Any]] = {}
    for some in chunks(same):
        about = (
            select(alert)
            .join(alert_item, alert_item.c.alert_id == alert.c.id)
            .where(alert_item.c.item_id.in_(some), alert.c.at >= since)
        )
        found = await tx.rows(about)
        rows |= {row.id: row for row in found if row.subscriber_id in readers}
    return await _as_told(tx, rows)


async def about(tx: Tx, item_ids: Collection[int]) -> list[Told]:
    """Return every Alert that told anybody of one of these Items, whenever that was."""
    rows: dict[int, Row[Any]] = {}
    for some in chunks(item_ids):
        shown = select(alert).join(alert_item, alert_item.c.alert_id == alert.c.id)
        rows |= {row.id: row for row in await tx.rows(shown.where(alert_item.c.item_id.in_(some)))}
    return await _as_told(tx, rows)


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


async def _as_told(tx: Tx, rows: dict[int, Row[Any]]) -> list[Told]:
    watches = await _ids_of(tx, alert_watch.c.alert_id, alert_watch.c.watch_id, rows)
    items = await _ids_of(tx, alert_item.c.alert_id, alert_item.c.item_id, rows)
    every = {one for ids in items.values() for one in ids}
    keys: dict[int, Row[Any]] = {}
    for some in chunks(every):
        those = select(item.c.id, item.c.url_key, item.c.title_key).where(item.c.id.in_(some))
        keys |= {row.id: row for row in await tx.rows(those)}
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
        )
        for row in sorted(rows.values(), key=lambda row: int(row.id))
    ]


async def _ids_of(
    tx: Tx, of: Column[int], value: Column[int], alert_ids: Collection[int]
) -> dict[int, list[int]]:
    """Return what is kept beside Alerts, by Alert, in order."""
    found: dict[int, list[int]] = {}
    for some in chunks(alert_ids):
        pairs = select(of.label("of"), value.label("value")).where(of.in_(some))
        for row in await tx.rows(pairs.order_by(of, value)):
            found.setdefault(row.of, []).append(row.value)
    return found


async def views(tx: Tx, alert_ids: Sequence[int]) -> dict[int, AlertView]:
    """Return by id everything needed to say these Alerts; unknown ids are left out.

    The same few statements for one Alert as for hundreds.
    """
    rows: dict[int, Row[Any]] = {}
    for some in chunks(set(alert_ids)):
        rows |= {row.id: row for row in await tx.rows(select(alert).where(alert.c.id.in_(some)))}
    readers = await _subscribers(tx, {row.subscriber_id for row in rows.values()})
    watches = await _ids_of(tx, alert_watch.c.alert_id, alert_watch.c.watch_id, rows)
    item_ids = await _ids_of(tx, alert_item.c.alert_id, alert_item.c.item_id, rows)
    names = await _names(tx, {one for ids in watches.values() for one in ids})
    items = await _items(tx, {one for ids in item_ids.values() for one in ids})
    mentions = await _mentions(tx, items)
    pressed = await buttons.of_alerts(tx, rows)
    of_dockets = await _of_dockets(tx, rows)
    found: dict[int, AlertView] = {}
    for alert_id, row in rows.items():
        shown = [items[one] for one in item_ids.get(alert_id, ()) if one in items]
        shown.sort(key=lambda one: (one.id != row.item_id, one.id))
        named = watches.get(alert_id, [])
        by_item = tuple((one.id, _of(mentions, one.id, named)) for one in shown)
        found[alert_id] = AlertView(
            id=alert_id,
            kind=AlertKind(row.kind),
            subscriber=readers[row.subscriber_id],
            watches=tuple(names[one] for one in named if one in names),
            items=tuple(shown),
            mentions=by_item[0][1] if by_item else (),
            notice=load_notice(row.notice, row.about) if row.notice else None,
            at=row.at,
            edited_at=row.edited_at,
            hidden_by=row.hidden_by,
            buttons=pressed.get(alert_id, ()),
            item_mentions=by_item if row.kind in _BY_ITEM else (),
            earlier=await _earlier(tx, of_dockets.get(alert_id), shown),
            **of_dockets.get(alert_id, {}),
        )
    return found


_CHAIN = 3
_LOOKED_BACK = 60
"""So many of a docket's entries are looked at for those of weight."""


async def _earlier(tx: Tx, about: dict[str, Any] | None, shown: Sequence[Item]) -> tuple[Item, ...]:
    """Return what of weight was filed in a docket before what an Alert shows, the oldest first:
    numbered entries, which a reader can look up, or else what has no number.
    """
    if about is None or about["docket"] is None or not shown:
        return ()
    first = min(one.id for one in shown)
    before = whole_items().where(filing.c.docket_id == about["docket"].id, item.c.id < first)
    rows = await tx.rows(before.order_by(item.c.id.desc()).limit(_LOOKED_BACK))
    some = [one for one in map(as_item, rows) if weight(one.filing) < _ROUTINE]
    numbered = [one for one in some if one.filing is not None and one.filing.entry]
    return tuple(sorted((numbered or some)[:_CHAIN], key=lambda one: one.id))


_ROUTINE = 2


_BY_ITEM = {AlertKind.BACKLOG.value, AlertKind.FILING.value}


async def _of_dockets(tx: Tx, alert_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return what Alerts about dockets say besides their Items."""
    rows: list[Row[Any]] = []
    for some in chunks(alert_ids):
        rows += await tx.rows(select(alert_docket).where(alert_docket.c.alert_id.in_(some)))
    known = await dockets_by_id(tx, {row.docket_id for row in rows})
    return {
        row.alert_id: {
            "docket": known.get(row.docket_id),
            "followed": row.followed,
            "possible": row.possible,
            "changes": load_words(row.changes),
        }
        for row in rows
    }


def _of(
    mentions: dict[tuple[int, int], tuple[Mention, ...]], item_id: int, watches: Iterable[int]
) -> tuple[Mention, ...]:
    """Return the Mentions of these Watches in an Item."""
    return tuple(one for watch_id in watches for one in mentions.get((item_id, watch_id), ()))


async def _subscribers(tx: Tx, ids: Collection[int]) -> dict[int, Subscriber]:
    found: dict[int, Subscriber] = {}
    for some in chunks(ids):
        rows = await tx.rows(select(subscriber).where(subscriber.c.id.in_(some)))
        found |= {row.id: as_subscriber(row) for row in rows}
    return found


async def _names(tx: Tx, watch_ids: Collection[int]) -> dict[int, WatchName]:
    """Return what Watches are called, the removed ones too."""
    found: dict[int, WatchName] = {}
    for some in chunks(watch_ids):
        for row in await tx.rows(select(watch).where(watch.c.id.in_(some))):
            wish = load_watch(row.wish, row.id)
            found[row.id] = WatchName(row.id, wish.name, wish.priority)
    return found


async def _items(tx: Tx, item_ids: Collection[int]) -> dict[int, Item]:
    found: dict[int, Item] = {}
    for some in chunks(item_ids):
        rows = await tx.rows(whole_items().where(item.c.id.in_(some)))
        found |= {row.id: as_item(row) for row in rows}
    return found


async def _mentions(
    tx: Tx, item_ids: Collection[int]
) -> dict[tuple[int, int], tuple[Mention, ...]]:
    """Return the Mentions in Items, by Item and Watch: what counts, or else what is possible."""
    found: dict[tuple[int, int], tuple[Mention, ...]] = {}
    for some in chunks(item_ids):
        for table in (possible, mention):
            for row in await tx.rows(select(table).where(table.c.item_id.in_(some))):
                found[row.item_id, row.watch_id] = load_mentions(row.found, row.watch_id)
    return found


async def by_message(tx: Tx, courier: str, address: str, message_id: int) -> int | None:
    """Return the Alert that a message in a chat is (in whichever of its topics); None: none."""
    found: int | None = await tx.value(
        select(message.c.alert_id)
        .join(subscriber, subscriber.c.id == message.c.subscriber_id)
        .where(
            message.c.message_id == message_id,
            subscriber.c.courier == courier,
            subscriber.c.address == address,
        )
    )
    return found


async def mark_hidden(tx: Tx, alert_id: int, by_name: str, now: datetime) -> None:
    """Let an Alert say who marked it "not them", and have its message edited; an empty name
    takes that back.
    """
    one = update(alert).where(alert.c.id == alert_id)
    await tx.run(one.values(hidden_by=by_name, hidden_at=now if by_name else None))
    await queue_edit(tx, alert_id, now)
