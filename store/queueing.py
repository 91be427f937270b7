"""Queue what was decided: Stories and Alerts come into being, with their Deliveries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matching.filing_alerts import weight
from matching.rhythm import wants
from model import (
    AlertDraft,
    AlertKind,
    Bond,
    Chat,
    Decision,
    Priority,
    Step,
    Tie,
)
from store import rhythms, ties
from store.buttons import (
    ON_ALERTS,
    ON_CASES,
    ON_ENTRIES,
    ON_JOINED,
    ON_STORIES,
    have,
    make_for_alerts,
)
from store.delivering import deliver, edit, insert_alerts, plain_alert
from store.engine import Tx
from store.holding import Coming, fates
from store.statements import chunks, insert
from store.tables import (
    alert,
    alert_docket,
    alert_item,
    alert_watch,
    story,
    story_item,
    subscriber,
)
from store.written import dump, load_priority, rank


@dataclass(frozen=True, slots=True)
class QueueCount:
    """What was queued: new Alerts, and edits of those told before."""

    alerts: int = 0
    edits: int = 0


@dataclass(slots=True)
class _New:
    """An Alert to be made, of one draft or of a Source's whole backlog."""

    positions: list[int] = field(default_factory=list)
    drafts: list[AlertDraft] = field(default_factory=list)
    new_stage: bool = False
    """It tells the next stage of what was told."""
    among: bool = False
    """Its reader has live Stories that it might tell."""
    id: int = 0

    @property
    def kind(self) -> AlertKind:
        if self.drafts[0].backlog:
            return AlertKind.BACKLOG
        return AlertKind.FILING if self.drafts[0].docket_id else AlertKind.STORY

    @property
    def lead(self) -> AlertDraft:
        """The draft that is said first: of Filings the weightiest."""
        if self.kind is not AlertKind.FILING:
            return self.drafts[0]
        return min(self.drafts, key=lambda one: weight(one.item.filing))

    @property
    def subscriber_id(self) -> int:
        return self.drafts[0].subscriber_id

    @property
    def rank(self) -> int:
        """How urgent it is: a backlog is never in a hurry."""
        urgent = min(rank(one.priority) for one in self.drafts)
        return max(urgent, rank(Priority.NORMAL)) if self.drafts[0].backlog else urgent


async def queue(tx: Tx, decisions: Sequence[Decision], now: datetime) -> QueueCount:
    """Turn decisions into Alerts and Deliveries, in this transaction.

    TELL makes an Alert with its send; the drafts of one Source's backlog make one Alert for
    each Subscriber. JOIN adds the Item to an Alert and, like EDIT, queues an edit of its
    message; a later edit of the same message takes the place of one that still waits. What
    joins an Alert of this very list needs none: that one is not sent yet.
    """
    decisions = await _wanted(tx, decisions)
    news = _gathered(decisions)
    await _go_on(tx, decisions)
    await _tell(tx, news, now)
    made = {position: new.id for new in news for position in new.positions}
    await _tie(tx, decisions, made)
    joins = [(one, _alert_of(one, made)) for one in decisions if one.step is Step.JOIN]
    await _join(tx, joins, now)
    edits = [
        (alert_id, one.draft.subscriber_id, one.draft.priority)
        for one, alert_id in (
            *joins,
            *((one, _alert_of(one, made)) for one in decisions if one.step is Step.EDIT),
        )
        if one.alert_id > 0 and not one.frozen
    ]
    await edit(tx, edits, now)
    return QueueCount(len(news), len(edits))


async def _wanted(tx: Tx, decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions, in their places, without what their Subscribers don't take; what is
    taken out of a message by hand is told wherever that message is.
    """
    tells = {one.draft.subscriber_id for one in decisions if one.step is Step.TELL}
    known = await rhythms.of(tx, tells) if tells else {}
    kept: list[Decision] = []
    for one in decisions:
        if one.tie and one.tie.alert_id < 0 and kept[-one.tie.alert_id - 1].step is Step.NOTHING:
            one = replace(one, tie=None)
        joined = one.step is Step.JOIN and one.alert_id < 0
        target = kept[-one.alert_id - 1] if joined else one
        by_itself = one.step is Step.TELL and not (one.tie and one.tie.bond is Bond.SPLIT)
        unwanted = by_itself and not wants(known[one.draft.subscriber_id], one.draft)
        drop = unwanted or target.step is Step.NOTHING
        kept.append(replace(one, step=Step.NOTHING) if drop else one)
    return kept


def _gathered(decisions: Sequence[Decision]) -> list[_New]:
    """Return the Alerts to be made, in order; for a Subscriber a Source's backlog is one, and so
    are the entries of one docket.
    """
    news: dict[object, _New] = {}
    for position, one in enumerate(decisions):
        if one.step is Step.TELL:
            draft = one.draft
            new = news.setdefault(_together(draft) or position, _New())
            new.positions.append(position)
            new.drafts.append(draft)
            new.among |= one.among
            new.new_stage |= one.tie is not None and one.tie.bond is Bond.STAGE
    return list(news.values())


def _together(draft: AlertDraft) -> object:
    """Return what drafts of one Alert have in common; None: it is an Alert of its own."""
    if draft.backlog:
        return (draft.subscriber_id, draft.item.source_id)
    if draft.docket_id:
        return (draft.subscriber_id, "docket", draft.docket_id, draft.possible)
    return None


def _alert_of(one: Decision, made: Mapping[int, int]) -> int:
    """Return the Alert a decision is about; below 0 it counts the decisions before it."""
    return _known(one.alert_id, made)


def _known(alert_id: int, made: Mapping[int, int]) -> int:
    return alert_id if alert_id > 0 else made[-alert_id - 1]


async def _go_on(tx: Tx, decisions: Sequence[Decision]) -> None:
    """Let what goes on with a Story whose message is edited no more be of that Story."""
    news = {
        one.draft.item.id: one.tie.alert_id
        for one in decisions
        if one.tie and one.tie.bond is Bond.EARLIER and one.tie.alert_id > 0
    }
    await _into_stories(tx, news)


async def _tie(tx: Tx, decisions: Sequence[Decision], made: Mapping[int, int]) -> None:
    """Keep what new Alerts have to do with earlier ones."""
    tied = {
        made[position]: replace(one.tie, alert_id=_known(one.tie.alert_id, made))
        for position, one in enumerate(decisions)
        if one.tie and position in made
    }
    filed = {
        one.court: Tie(made[position], Bond.COURT)
        for position, one in enumerate(decisions)
        if one.court and position in made
    }
    await ties.keep(tx, tied | filed)


async def _tell(tx: Tx, news: Sequence[_New], now: datetime) -> None:
    """Make Alerts with all that belongs to them."""
    if not news:
        return
    first_items = [new.drafts[0].item.id for new in news if new.kind is AlertKind.STORY]
    stories = await _stories(tx, first_items, now)
    rows = [_alert_row(new, stories, now) for new in news]
    ids = await insert_alerts(tx, rows)
    for new, alert_id in zip(news, ids, strict=True):
        new.id = alert_id
    shown = {(new.id, draft.item.id) for new in news for draft in new.drafts if draft.item.id}
    named = {(new.id, one) for new in news for draft in new.drafts for one in draft.watch_ids}
    await tx.run_many(
        insert(tx, alert_item), [{"alert_id": a, "item_id": i} for a, i in sorted(shown)]
    )
    await tx.run_many(
        insert(tx, alert_watch), [{"alert_id": a, "watch_id": w} for a, w in sorted(named)]
    )
    await tx.run_many(insert(tx, alert_docket), [_docket_row(new) for new in news if _docket(new)])
    coming = [
        Coming(new.id, new.subscriber_id, tuple(new.drafts), load_priority(new.rank), new.new_stage)
        for new in news
    ]
    sends = [(new.id, new.subscriber_id, new.rank) for new in news]
    await deliver(tx, sends, now, await fates(tx, coming, now))
    pressable = await _where_buttons_are_pressed(tx, {new.subscriber_id for new in news})
    pressed = [new for new in news if new.subscriber_id in pressable]
    for belongs, actions in _BUTTONS:
        await make_for_alerts(tx, [new.id for new in pressed if belongs(new)], now, actions)


def _may_be_another(new: _New) -> bool:
    """Whether a new Story might be one of those that its reader had."""
    return new.kind is AlertKind.STORY and new.among


def _offers(new: _New) -> bool:
    """Whether an Alert can offer to follow its case."""
    return bool(_docket(new)) and not any(draft.followed for draft in new.drafts)


def _lacks_document(new: _New) -> bool:
    """Whether an Alert is about an entry with a document that nobody can read yet."""
    filing = new.lead.item.filing
    return bool(_docket(new) and filing and filing.entry and not filing.pdf)


_PRESSED = (AlertKind.STORY, AlertKind.FILING)
_BUTTONS: tuple[tuple[Callable[[_New], bool], tuple[str, ...]], ...] = (
    (lambda new: new.kind in _PRESSED, ON_ALERTS),
    (_offers, ON_CASES),
    (_lacks_document, ON_ENTRIES),
    (_may_be_another, ON_STORIES),
)
"""Which buttons belong under which new Alerts, in this order."""


def _docket(new: _New) -> int:
    """Return the docket an Alert is about; 0: none, or several (a court's backlog)."""
    return new.drafts[0].docket_id if new.kind is AlertKind.FILING else 0


def _docket_row(new: _New) -> dict[str, Any]:
    changes = {one for draft in new.drafts for one in draft.changes}
    return {
        "alert_id": new.id,
        "docket_id": _docket(new),
        "followed": any(draft.followed for draft in new.drafts),
        "possible": all(draft.possible for draft in new.drafts),
        "changes": dump(sorted(changes)),
    }


def _alert_row(new: _New, stories: Mapping[int, int], now: datetime) -> dict[str, Any]:
    item_id = new.lead.item.id if new.kind in _PRESSED else 0
    return plain_alert(new.subscriber_id, new.kind, new.rank, now) | {
        "story_id": stories.get(item_id, 0) if new.kind is AlertKind.STORY else 0,
        "item_id": item_id,
    }


async def _stories(tx: Tx, item_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Return the Story of each Item; one that has none begins a Story."""
    found: dict[int, int] = {}
    for some in chunks(set(item_ids)):
        rows = await tx.rows(select(story_item).where(story_item.c.item_id.in_(some)))
        found |= {row.item_id: row.story_id for row in rows}
    without = sorted(set(item_ids) - found.keys())
    made = await tx.rows(insert(tx, story).returning(story.c.id), [{"at": now} for _ in without])
    begun = {item_id: row.id for item_id, row in zip(without, made, strict=True)}
    told = [{"item_id": one, "story_id": begun[one]} for one in without]
    await tx.run_many(insert(tx, story_item), told)
    return found | begun


async def _where_buttons_are_pressed(tx: Tx, subscriber_ids: Collection[int]) -> set[int]:
    """Return the Subscribers that are private chats or groups (in a channel any reader could
    press, and a terminal has no buttons).
    """
    found: set[int] = set()
    for some in chunks(subscriber_ids):
        chats = select(subscriber.c.id).where(
            subscriber.c.id.in_(some),
            subscriber.c.chat.in_([Chat.PRIVATE.value, Chat.GROUP.value]),
        )
        found.update(row.id for row in await tx.rows(chats))
    return found


async def _join(tx: Tx, joins: Sequence[tuple[Decision, int]], now: datetime) -> None:
    """Add Items to Alerts and, unless they have a Story, to theirs."""
    shown = [{"alert_id": alert_id, "item_id": one.draft.item.id} for one, alert_id in joins]
    await tx.run_many(insert(tx, alert_item).on_conflict_do_nothing(), shown)
    # What goes on with a Story may have been told for some of its Watches alone.
    named = sorted({(alert_id, of) for one, alert_id in joins for of in one.draft.watch_ids})
    rows = [{"alert_id": alert_id, "watch_id": of} for alert_id, of in named]
    await tx.run_many(insert(tx, alert_watch).on_conflict_do_nothing(), rows)
    known = [(alert_id, one.draft.item.id, one.how) for one, alert_id in joins]
    await ties.note_joins(tx, [(a, i, how) for a, i, how in known if how])
    await _into_stories(tx, {one.draft.item.id: alert_id for one, alert_id in joins})
    readers = {alert_id: one.draft.subscriber_id for one, alert_id in joins}
    pressable = await _where_buttons_are_pressed(tx, set(readers.values()))
    offered = {alert_id for alert_id, of in readers.items() if of in pressable}
    offered -= await have(tx, offered, *ON_JOINED)
    await make_for_alerts(tx, sorted(offered), now, ON_JOINED)


async def _into_stories(tx: Tx, alerts: Mapping[int, int]) -> None:
    """Add Items that have no Story to those of Alerts; by Item the Alert."""
    stories: dict[int, int] = {}
    for some in chunks(set(alerts.values())):
        theirs = select(alert.c.id, alert.c.story_id).where(alert.c.id.in_(some))
        stories |= {row.id: row.story_id for row in await tx.rows(theirs)}
    told = {item_id: stories.get(alert_id, 0) for item_id, alert_id in alerts.items()}
    rows = [{"item_id": one, "story_id": of} for one, of in sorted(told.items()) if of]
    await tx.run_many(insert(tx, story_item).on_conflict_do_nothing(), rows)
