"""Writes what tries led to: settled Deliveries, paused lanes, parked chats, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.attempt import Job
from alerts.inert import clipped
from alerts.retry import KEPT, Pause, Verdict
from model.alert import AlertKind, DeliveryKind, DeliveryState, Notice
from model.people import Subscriber
from model.report import DispatchReport
from store import outbox, subscribers, visiting
from store.engine import Tx
from store.owner import owners_chat


@dataclass(frozen=True, slots=True)
class Tried:
    """A try and what is to be done about it."""

    job: Job
    verdict: Verdict
    at: datetime
    told_to_wait: bool = False
    asked: bool = True
    """False: there was nothing to do, the message reads like that already."""


async def settle(tx: Tx, tried: Sequence[Tried], now: datetime) -> None:
    """Write these verdicts, all in the one transaction."""
    await outbox.settle(tx, [one.verdict.outcome for one in tried], now)
    for one in tried:
        verdict, subscriber = one.verdict, one.job.view.subscriber
        if verdict.pause is Pause.LANE and verdict.until:
            await outbox.pause_lane(tx, subscriber.id, verdict.until)
        if verdict.moved_to:
            courier, old = subscriber.courier, subscriber.address
            await subscribers.migrate(tx, courier, old, verdict.moved_to, now)
        if verdict.park:
            await subscribers.park(tx, subscriber.id, verdict.park, now)
        if verdict.notice:
            await _tell(tx, one, now)


async def _tell(tx: Tx, one: Tried, now: datetime) -> None:
    """Tell the owner, unless it is their own chat, a visitor's, whose names are no business of
    theirs, or a notice that could not be delivered.
    """
    view = one.job.view
    is_notice_lost = view.kind is AlertKind.NOTICE and not one.verdict.park
    if is_notice_lost or view.subscriber.is_visitor:
        return
    args = (
        ("chat", name_of(view.subscriber)),
        ("error", one.verdict.park or one.verdict.outcome.error),
        ("headline", clipped(view.items[0].title, 200) if view.items else ""),
    )
    about = f"subscriber:{view.subscriber.id}"
    await _notify(tx, view.subscriber.id, Notice(one.verdict.notice, args, about), now)


async def give_up_lost(tx: Tx, now: datetime) -> int:
    """Refuse what chats that have refused us for seven days would still get, and say so; where it
    was a visitor's, what they followed ends without a word.
    """
    counts = await outbox.refuse_parked(tx, now - KEPT, now)
    for subscriber_id, count in counts.items():
        lost = await subscribers.get(tx, subscriber_id)
        if lost is not None and lost.is_visitor:
            if lost.enabled:  # else they left, and had their address forgotten perhaps
                await visiting.leave(tx, int(lost.address), now)
        elif lost is not None:
            args = (("chat", name_of(lost)), ("n", str(count)))
            notice = Notice("notice.chat.dropped", args, f"subscriber:{subscriber_id}")
            await _notify(tx, subscriber_id, notice, now)
    return sum(counts.values())


async def _notify(tx: Tx, about: int, notice: Notice, now: datetime) -> None:
    owner = await owners_chat(tx)
    if owner is not None and owner.id != about:
        await outbox.notify(tx, owner.id, notice, now)


def name_of(subscriber: Subscriber) -> str:
    """Return what people call a chat."""
    return subscriber.title or subscriber.name or subscriber.address or subscriber.courier


def report_of(tried: Sequence[Tried]) -> DispatchReport:
    """Return these tries in numbers."""
    sent = [one for one in tried if _went(one, DeliveryKind.SEND)]
    states = [one.verdict.outcome.state for one in tried]
    return DispatchReport(
        sent=len(sent),
        edited=sum(_went(one, DeliveryKind.EDIT) for one in tried),
        again=states.count(DeliveryState.DUE),
        refused=states.count(DeliveryState.REFUSED),
        gone=states.count(DeliveryState.GONE),
        repeats=sum(one.job.delivery.repeat for one in sent),
        waits=sum(one.told_to_wait for one in tried),
        delays=tuple(delay for one in sent if (delay := _delay(one)) is not None),
    )


def _went(one: Tried, kind: DeliveryKind) -> bool:
    went = one.verdict.outcome.state is DeliveryState.SENT
    return went and one.asked and one.job.delivery.kind is kind


def _delay(one: Tried) -> float | None:
    """Return the seconds from first seen to sent, for news."""
    view = one.job.view
    if view.kind is not AlertKind.STORY or not view.items or view.items[0].first_seen is None:
        return None
    return max(timedelta(), one.at - view.items[0].first_seen).total_seconds()


def added(one: DispatchReport, other: DispatchReport) -> DispatchReport:
    """Return both reports as one."""
    return DispatchReport(
        sent=one.sent + other.sent,
        edited=one.edited + other.edited,
        again=one.again + other.again,
        refused=one.refused + other.refused,
        gone=one.gone + other.gone,
        repeats=one.repeats + other.repeats,
        waits=one.waits + other.waits,
        delays=one.delays + other.delays,
    )
