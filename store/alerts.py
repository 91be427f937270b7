"""Alerts: what each Subscriber has been told, and all that is needed to say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from matching.filing_alerts import weight
from model import (
    AlertKind,
    AlertView,
    Item,
    Mention,
    Subscriber,
    Thread,
    WatchName,
)
from store import buttons, versions
from store.delivering import queue_edit
from store.docket_rows import dockets_by_id
from store.engine import Tx
from store.groups import members
from store.item_rows import as_item, items_of, whole_items
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
from store.threads import threads
from store.told import about, ids_of, live_items, one_decides, told
from store.written import load_mentions, load_notice, load_watch, load_words

__all__ = ["about", "by_message", "live_items", "mark_hidden", "one_decides", "told", "views"]


async def views(tx: Tx, alert_ids: Sequence[int]) -> dict[int, AlertView]:
    """Return by id, in their order, everything needed to say these Alerts; unknown ids are left
    out.

    The same few statements for one Alert as for hundreds.
    """
    unordered: dict[int, Row[Any]] = {}
    for some in chunks(set(alert_ids)):
        told_here = await tx.rows(select(alert).where(alert.c.id.in_(some)))
        unordered |= {row.id: row for row in told_here}
    rows = {one: unordered[one] for one in alert_ids if one in unordered}
    readers = await _subscribers(tx, {row.subscriber_id for row in rows.values()})
    watches = await ids_of(tx, alert_watch.c.alert_id, alert_watch.c.watch_id, rows)
    item_ids = await ids_of(tx, alert_item.c.alert_id, alert_item.c.item_id, rows)
    names = await _names(tx, {one for ids in watches.values() for one in ids})
    items = await items_of(tx, {one for ids in item_ids.values() for one in ids})
    mentions = await _mentions(tx, items)
    pressed = await buttons.of_alerts(tx, rows)
    of_dockets = await _of_dockets(tx, rows)
    tied = await threads(tx, rows)
    changed = await versions.amended(tx, items)
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
            amendments=tuple(one for item in shown for one in changed.get(item.id, ())),
            notice=load_notice(row.notice, row.about) if row.notice else None,
            at=row.at,
            edited_at=row.edited_at,
            hidden_by=row.hidden_by,
            buttons=() if readers[row.subscriber_id].is_visitor else pressed.get(alert_id, ()),
            item_mentions=by_item if row.kind in _BY_ITEM else (),
            earlier=await _earlier(tx, of_dockets.get(alert_id), shown),
            **of_dockets.get(alert_id, {}),
            silent=row.silent,
            thread=tied.get(alert_id, Thread()),
        )
        if row.headline and shown:
            mine = replace(shown[0], title=row.headline)
            found[alert_id] = replace(found[alert_id], items=(mine, *shown[1:]))
    return await _with_members(tx, found)


_TOGETHER = (AlertKind.GROUP, AlertKind.REVIEW)


async def _with_members(tx: Tx, found: dict[int, AlertView]) -> dict[int, AlertView]:
    """Return the views, those that tell other Alerts with these."""
    groups = [one.id for one in found.values() if one.kind in _TOGETHER]
    if not groups:
        return found
    told_in = await members(tx, groups)
    parts = await views(tx, [one for some in told_in.values() for one in some])
    inner = {
        group: tuple(parts[one] for one in some if one in parts) for group, some in told_in.items()
    }
    return found | {one: replace(found[one], members=inner.get(one, ())) for one in groups}


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
