"""Holding back: what of the Alerts that come up waits, and which make no sound."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matching.rhythm import FRESH, HOUR, Now, hold, silent
from model import AlertDraft, AlertKind, DeliveryKind, Priority, Subscriber
from model.rhythm import Hold, Rhythm
from store import rhythms
from store.engine import Tx
from store.statements import chunks
from store.subscribers import as_subscriber
from store.tables import alert, alert_watch, delivery, subscriber, watch

_SEND = DeliveryKind.SEND.value
NEWS = (AlertKind.STORY.value, AlertKind.FILING.value, AlertKind.BACKLOG.value)


@dataclass(frozen=True, slots=True)
class Coming:
    """An Alert about to be queued."""

    alert_id: int
    subscriber_id: int
    drafts: tuple[AlertDraft, ...]
    priority: Priority
    new_stage: bool = False
    """It tells a new stage of what was told: never kept back by the hourly cap."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an Alert that comes up."""

    hold: Hold | None = None
    silent: bool = False


async def fates(tx: Tx, coming: Sequence[Coming], now: datetime) -> dict[int, Fate]:
    """Return by Alert whether it waits, and whether it makes a sound."""
    places = await places_of(tx, {one.subscriber_id for one in coming})
    watch_ids = {one for new in coming for draft in new.drafts for one in draft.watch_ids}
    muted = await muted_watches(tx, watch_ids, now)
    ours = {one.alert_id for one in coming}
    capped = [one for one, at in places.items() if at.rhythm.most_per_hour]
    told = await _told_lately(tx, capped, ours, now)
    known = await _known_watches(tx, capped, ours, now)
    found: dict[int, Fate] = {}
    for one in coming:
        place = places[one.subscriber_id]
        mine = known.setdefault(one.subscriber_id, set())
        at = Now(place.rhythm, place.subscriber, now, muted, told.get(one.subscriber_id, 0), mine)
        why = hold(at, one.drafts, one.priority)
        if why is Hold.HOUR and one.new_stage:
            why = None
        found[one.alert_id] = Fate(why, silent(at, one.priority))
        if why is None and not one.drafts[0].backlog:
            told[one.subscriber_id] = told.get(one.subscriber_id, 0) + 1
        mine.update(watch_id for draft in one.drafts for watch_id in draft.watch_ids)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A Subscriber and how it wants to be told."""

    rhythm: Rhythm
    subscriber: Subscriber


async def places_of(tx: Tx, ids: Collection[int]) -> dict[int, Place]:
    """Return these Subscribers with their Rhythms."""
    known = await rhythms.of(tx, ids)
    found: dict[int, Place] = {}
    for some in chunks(ids):
        for row in await tx.rows(select(subscriber).where(subscriber.c.id.in_(some))):
            found[row.id] = Place(known[row.id], as_subscriber(row))
    return found


async def muted_watches(tx: Tx, ids: Collection[int], now: datetime) -> set[int]:
    """Return which of these Watches are muted."""
    found: set[int] = set()
    for some in chunks(ids):
        muted = select(watch.c.id).where(watch.c.id.in_(some), watch.c.muted_until > now)
        found.update(row.id for row in await tx.rows(muted))
    return found


async def _told_lately(
    tx: Tx, ids: Collection[int], ours: Collection[int], now: datetime
) -> dict[int, int]:
    """Return by Subscriber how many Alerts it was sent at once in the last hour."""
    found: dict[int, int] = {}
    for some in chunks(ids):
        counted = (
            select(alert.c.subscriber_id, func.count().label("number"))
            .join(delivery, delivery.c.alert_id == alert.c.id)
            .where(
                alert.c.subscriber_id.in_(some),
                alert.c.at > now - HOUR,
                alert.c.at < now + HOUR,  # else kept by a clock that ran ahead
                alert.c.kind.in_(NEWS[:2]),
                alert.c.id.not_in(ours),
                delivery.c.kind == _SEND,
                delivery.c.held == "",
            )
            .group_by(alert.c.subscriber_id)
        )
        found |= {row.subscriber_id: row.number for row in await tx.rows(counted)}
    return found


async def _known_watches(
    tx: Tx, ids: Collection[int], ours: Collection[int], now: datetime
) -> dict[int, set[int]]:
    """Return by Subscriber the Watches it was told of in the last 24 hours."""
    found: dict[int, set[int]] = {}
    for some in chunks(ids):
        recent = (
            select(alert.c.subscriber_id, alert_watch.c.watch_id)
            .join(alert_watch, alert_watch.c.alert_id == alert.c.id)
            .where(
                alert.c.subscriber_id.in_(some),
                alert.c.at > now - FRESH,
                alert.c.id.not_in(ours),
            )
            .distinct()
        )
        for row in await tx.rows(recent):
            found.setdefault(row.subscriber_id, set()).add(row.watch_id)
    return found
