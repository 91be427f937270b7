"""Stories put right by hand: what joined is taken out, what was missed is joined, either undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from model import AlertDraft, AlertKind, AlertView, Bond, Decision, Item, Sameness, Step, Tie
from store import ties
from store.alerts import views
from store.buttons import ON_MERGED, have, make_for_alerts
from store.delivering import queue_edit, withdraw
from store.engine import Tx
from store.item_rows import items_of
from store.queueing import queue
from store.statements import insert
from store.tables import alert, alert_item, alert_join, alert_tie, alert_watch, story_item
from store.written import load_priority

OFFERED = 5
"""Earlier Stories that one can be joined to."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A Story that another of the same reader may belong to."""

    alert_id: int
    item: Item
    near: bool
    """It was near already when the other was told."""


async def take_out(tx: Tx, view: AlertView, item_id: int, now: datetime) -> int | None:
    """Tell an Item that joined an Alert in a message of its own; return its new Alert's id. None:
    it is not there (any more).
    """
    joined = dict(view.thread.joins).get(item_id)
    found = [one for one in view.items[1:] if one.id == item_id]
    if joined is None or not found:
        return None
    row = await tx.row(select(alert.c.priority).where(alert.c.id == view.id))
    if not await _leave(tx, view.id, item_id):
        return None  # somebody was quicker, after `view` was read
    await tx.run(delete(story_item).where(story_item.c.item_id == item_id))
    draft = AlertDraft(
        view.subscriber.id,
        found[0],
        tuple(watch.id for watch in view.watches),
        (),
        load_priority(row.priority if row else 1),
    )
    tie = Tie(view.id, Bond.SPLIT, joined.value)
    await queue(tx, [Decision(draft, Step.TELL, tie=tie, among=True)], now)
    await queue_edit(tx, view.id, now)
    return await _taken_out(tx, view.id, item_id)


async def put_back(tx: Tx, alert_id: int, now: datetime) -> bool:
    """Undo `take_out`: the Item is of the first message again, with what joined it meanwhile; its
    own is withdrawn. False: there is nothing to undo.
    """
    tie = (await ties.of(tx, [alert_id])).get(alert_id)
    if tie is None or tie.bond is not Bond.SPLIT:
        return False
    row = await tx.row(select(alert.c.item_id).where(alert.c.id == alert_id))
    if row is None:
        return False
    mine = await tx.rows(select(alert_item.c.item_id).where(alert_item.c.alert_id == alert_id))
    joined = (await ties.joins(tx, [alert_id])).get(alert_id, {})
    first, *over = await _speaking(tx, tie.alert_id)
    for item_id in sorted({row.item_id, *(one.item_id for one in mine)}):
        await _leave(tx, alert_id, item_id)
        await _enter(tx, first, [item_id], joined.get(item_id, Sameness(tie.why)))
        for one in over:
            await _enter(tx, one, [item_id], Sameness.MERGED)
    await withdraw(tx, alert_id, now)
    await ties.keep(tx, {alert_id: Tie(first, Bond.MERGED, ties.written(tie))})
    await queue_edit(tx, [first, *over][-1], now)
    return True


async def _speaking(tx: Tx, alert_id: int) -> list[int]:
    """Return an Alert and those it was merged into, one after another: the last speaks for all."""
    chain = [alert_id]
    while tie := (await ties.of(tx, chain[-1:])).get(chain[-1]):
        if tie.bond is not Bond.MERGED or tie.alert_id in chain:
            break
        chain.append(tie.alert_id)
    return chain


async def merge(tx: Tx, alert_id: int, into_id: int, now: datetime) -> bool:
    """Let an earlier Alert tell what another tells, of which only a line is left. False: one of
    them is gone, or they are not of one reader.
    """
    pair = await views(tx, [alert_id, into_id])
    one, into = pair.get(alert_id), pair.get(into_id)
    if one is None or into is None or one.subscriber.id != into.subscriber.id or one.id == into.id:
        return False
    before = one.thread.tie
    if any(view.thread.tie and view.thread.tie.bond is Bond.MERGED for view in (one, into)):
        return False
    had = {item.id for item in into.items}
    new = [item.id for item in one.items if item.id not in had]
    await _enter(tx, into_id, new, Sameness.MERGED)
    why = ties.written(before) if before else ""
    await ties.keep(tx, {alert_id: Tie(into_id, Bond.MERGED, why)})
    if not await have(tx, [alert_id], *ON_MERGED):
        await make_for_alerts(tx, [alert_id], now, ON_MERGED)
    for changed in (alert_id, into_id):
        await queue_edit(tx, changed, now)
    return True


async def unmerge(tx: Tx, alert_id: int, now: datetime) -> bool:
    """Undo `merge`, also where what it was joined to was joined to another since. False: it is not
    joined to another (any more).
    """
    tie = (await ties.of(tx, [alert_id])).get(alert_id)
    if tie is None or tie.bond is not Bond.MERGED:
        return False
    told_by = await _speaking(tx, tie.alert_id)
    await ties.drop(tx, alert_id)
    before = ties.read(tie.why)
    if before is not None:
        await ties.keep(tx, {alert_id: before})
    mine = select(alert_item.c.item_id).where(alert_item.c.alert_id == alert_id)
    item_ids = [row.item_id for row in await tx.rows(mine)]
    for one in told_by:
        await _tell_no_more(tx, one, item_ids)
    for changed in (alert_id, *told_by):
        await queue_edit(tx, changed, now)
    return True


async def _tell_no_more(tx: Tx, alert_id: int, item_ids: Sequence[int]) -> None:
    """Take Items out of an Alert that it only told for others, and tells for none any more."""
    others = select(alert_tie.c.alert_id).where(
        alert_tie.c.other_id == alert_id, alert_tie.c.bond == Bond.MERGED.value
    )
    theirs = select(alert_item.c.item_id).where(alert_item.c.alert_id.in_(others))
    needed = {row.item_id for row in await tx.rows(theirs)}
    joined = (await ties.joins(tx, [alert_id])).get(alert_id, {})
    for one in item_ids:
        if joined.get(one) is Sameness.MERGED and one not in needed:
            await _leave(tx, alert_id, one)


async def earlier(tx: Tx, view: AlertView, since: timedelta) -> list[Earlier]:
    """Return the Stories told to the same reader for one of the same Watches before an Alert, and
    not more than `since` before it: what was near first, then the latest.
    """
    if view.at is None:
        return []
    same = select(alert_watch.c.alert_id).where(
        alert_watch.c.watch_id.in_([watch.id for watch in view.watches]),
        alert_watch.c.alert_id < view.id,
    )
    gone = select(alert_tie.c.alert_id).where(alert_tie.c.bond == Bond.MERGED.value)
    told = (
        select(alert.c.id, alert.c.item_id)
        .where(
            alert.c.id.in_(same),
            alert.c.id.not_in(gone),
            alert.c.subscriber_id == view.subscriber.id,
            alert.c.kind == AlertKind.STORY.value,
            alert.c.at >= view.at - since,
        )
        .order_by(alert.c.id.desc())
    )
    rows = await tx.rows(told.limit(10 * OFFERED))
    near = view.thread.tie.alert_id if view.thread.tie else 0
    kept = sorted(rows, key=lambda row: (row.id != near, -row.id))[:OFFERED]
    items = await items_of(tx, [row.item_id for row in kept])
    return [
        Earlier(row.id, items[row.item_id], row.id == near) for row in kept if row.item_id in items
    ]


async def _enter(tx: Tx, alert_id: int, item_ids: Sequence[int], how: Sameness) -> None:
    rows = [{"alert_id": alert_id, "item_id": one} for one in item_ids]
    await tx.run_many(insert(tx, alert_item).on_conflict_do_nothing(), rows)
    await ties.note_joins(tx, [(alert_id, one, how) for one in item_ids])


async def _leave(tx: Tx, alert_id: int, item_id: int) -> bool:
    """Take an Item out of an Alert. False: it is not there (any more)."""
    gone = [
        await tx.run(delete(one).where(one.c.alert_id == alert_id, one.c.item_id == item_id))
        for one in (alert_item, alert_join)
    ]
    return bool(gone[0])


async def _taken_out(tx: Tx, of: int, item_id: int) -> int | None:
    """Return the Alert that an Item was taken out into; None where its reader takes no such."""
    c = alert_tie.c
    new = (
        select(alert.c.id)
        .join(alert_tie, c.alert_id == alert.c.id)
        .where(c.other_id == of, c.bond == Bond.SPLIT.value, alert.c.item_id == item_id)
        .order_by(alert.c.id.desc())
    )
    found: int | None = await tx.value(new.limit(1))
    return found
