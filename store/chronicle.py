"""What is known of a Watch or a case, one light row an Item: for timelines and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from model.docket import Event
from store.docket_rows import load_filing
from store.engine import Tx
from store.tables import (
    alert,
    alert_item,
    alert_watch,
    docket_watch,
    filing,
    hidden,
    item,
    mention,
    source,
    story_item,
    watch,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One Item that belongs to a timeline."""

    item_id: int
    at: datetime
    """When it was published or filed, as far as that can be believed; else when it was seen."""
    story: tuple[str, object]
    """What Items that tell the same have in common."""
    outlet: str
    title: str
    lang: str
    is_filing: bool = False
    events: tuple[Event, ...] = ()
    """Of a Filing."""


async def of_watch(tx: Tx, watch_id: int, *, since: datetime | None = None) -> list[Moment]:
    """Return what mentions a Watch (0: any) without being somebody else, and what was filed in
    the cases that are named after it; the oldest first.
    """
    rows = _rows().join(mention, mention.c.item_id == item.c.id)
    theirs = and_(hidden.c.watch_id == mention.c.watch_id, hidden.c.item_id == item.c.id)
    rows = rows.outerjoin(hidden, theirs).where(hidden.c.item_id.is_(None))
    cases = _rows().join(docket_watch, docket_watch.c.docket_id == filing.c.docket_id)
    if not watch_id:
        theirs_alone = select(watch.c.id).where(watch.c.visitor != 0)
        rows = rows.where(mention.c.watch_id.not_in(theirs_alone))
        cases = cases.where(docket_watch.c.watch_id.not_in(theirs_alone))
    else:
        rows = rows.where(mention.c.watch_id == watch_id)
        cases = cases.where(docket_watch.c.watch_id == watch_id)
    return await _moments(tx, [rows, cases], since)


async def of_docket(tx: Tx, docket_id: int, *, since: datetime | None = None) -> list[Moment]:
    """Return what was filed in a case, and the news told together with it; the oldest first."""
    filed = _rows().where(filing.c.docket_id == docket_id)
    named = select(docket_watch.c.watch_id).join(watch, watch.c.id == docket_watch.c.watch_id)
    named = named.where(docket_watch.c.docket_id == docket_id, watch.c.visitor == 0)
    news = _rows().join(mention, mention.c.item_id == item.c.id)
    theirs = and_(hidden.c.watch_id == mention.c.watch_id, hidden.c.item_id == item.c.id)
    news = news.outerjoin(hidden, theirs).where(hidden.c.item_id.is_(None))
    news = news.where(mention.c.watch_id.in_(named), filing.c.id.is_(None))
    return await _moments(tx, [filed, news], since)


async def told_in(tx: Tx, subscriber_ids: Sequence[int], watch_ids: Sequence[int]) -> list[Moment]:
    """Return what these Subscribers were told because of these Watches and still show."""
    shown = (
        select(alert_item.c.item_id)
        .join(alert, alert.c.id == alert_item.c.alert_id)
        .join(alert_watch, alert_watch.c.alert_id == alert.c.id)
        .where(
            alert.c.subscriber_id.in_(subscriber_ids),
            alert_watch.c.watch_id.in_(watch_ids),
            alert.c.sent_at.is_not(None),
            alert.c.hidden_at.is_(None),
        )
    )
    return await _moments(tx, [_rows().where(item.c.id.in_(shown))], None)


def _rows() -> Select[Any]:
    return (
        select(
            item.c.id,
            item.c.title,
            item.c.lang,
            item.c.title_key,
            item.c.published_at,
            item.c.first_seen,
            source.c.name.label("outlet"),
            source.c.host,
            story_item.c.story_id,
            filing.c.filed,
            filing.c.facts,
        )
        .outerjoin(source, source.c.id == item.c.source_id)
        .outerjoin(story_item, story_item.c.item_id == item.c.id)
        .outerjoin(filing, filing.c.item_id == item.c.id)
    )


async def _moments(tx: Tx, parts: list[Select[Any]], since: datetime | None) -> list[Moment]:
    found: dict[int, Moment] = {}
    for rows in parts:
        recent = rows
        if since is not None:
            is_recent = or_(item.c.first_seen >= since, filing.c.filed >= since.date().isoformat())
            recent = rows.where(is_recent)
        found |= {row.id: _moment(row) for row in await tx.rows(recent)}
    kept = [one for one in found.values() if since is None or one.at >= since]
    return sorted(kept, key=lambda one: (one.at, one.item_id))


def _moment(row: Row[Any]) -> Moment:
    told = load_filing(row.facts) if row.facts is not None else None
    story: tuple[str, object] = ("item", row.id)
    if told is None and row.story_id is not None:
        story = ("story", row.story_id)
    elif told is None and row.title_key:
        story = ("title", row.title_key)
    return Moment(
        row.id,
        _at(row),
        story,
        row.outlet or row.host or "",
        row.title,
        row.lang,
        told is not None,
        told.events if told is not None else (),
    )


def _at(row: Row[Any]) -> datetime:
    """Return when it was filed (noon of that day), published, or seen."""
    if row.filed:
        return datetime.combine(date.fromisoformat(row.filed), time(12), UTC)
    seen: datetime = row.first_seen
    published: datetime | None = row.published_at
    return published if published is not None and published <= seen else seen
