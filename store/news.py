"""What was told lately, each story once however many chats it was told in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, case, func, select

from model import AlertKind
from store.engine import Tx
from store.tables import alert, subscriber
from store.visiting import IS_VISITOR, SHOWN

_STORY, _FILING = AlertKind.STORY.value, AlertKind.FILING.value


async def latest(
    tx: Tx, since: datetime, *, subscriber_id: int = 0, limit: int = 200
) -> list[tuple[int, datetime]]:
    """Return the Alerts about news since then, with when they came, the newest first: of one
    Subscriber, or (0) of all, where one Alert stands for all of the same Story or Filing. What
    was held back is among them, what was marked "not them" is not.
    """
    found = _stories(since, limit)
    if subscriber_id:
        found = found.where(alert.c.subscriber_id == subscriber_id)
    else:
        visitors = select(subscriber.c.id).where(IS_VISITOR)
        found = found.where(alert.c.subscriber_id.not_in(visitors))
    return [(row.id, row.came) for row in await tx.rows(found)]


async def public(tx: Tx, since: datetime, *, limit: int = 100) -> list[tuple[int, datetime]]:
    """Return what anybody could read since then, as `latest` does: what public channels and
    groups were sent and still show.
    """
    here = subscriber.c.id == alert.c.subscriber_id
    found = _stories(since, limit).join(subscriber, here).where(*SHOWN)
    return [(row.id, row.came) for row in await tx.rows(found)]


def _stories(since: datetime, limit: int) -> Select[tuple[int, datetime]]:
    story = case((alert.c.kind == _STORY, alert.c.story_id), else_=0)
    filing = case((alert.c.kind == _FILING, alert.c.item_id), else_=0)
    came = func.min(alert.c.at).label("came")
    return (
        select(func.min(alert.c.id).label("id"), came)
        .where(alert.c.kind.in_([_STORY, _FILING]), alert.c.hidden_by == "", alert.c.at > since)
        .group_by(alert.c.kind, story, filing)
        .order_by(came.desc(), func.min(alert.c.id).desc())
        .limit(limit)
    )
