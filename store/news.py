"""What was told lately, each story once however many chats it was told in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, func, select

from model import AlertKind
from store.engine import Tx
from store.tables import alert

_STORY, _FILING = AlertKind.STORY.value, AlertKind.FILING.value


async def latest(
    tx: Tx, since: datetime, *, subscriber_id: int = 0, limit: int = 200
) -> list[tuple[int, datetime]]:
    """Return the Alerts about news since then, with when they came, the newest first: of one
    Subscriber, or (0) of all, where one Alert stands for all of the same Story or Filing. What
    was held back is among them, what was marked "not them" is not.
    """
    story = case((alert.c.kind == _STORY, alert.c.story_id), else_=0)
    filing = case((alert.c.kind == _FILING, alert.c.item_id), else_=0)
    came = func.min(alert.c.at).label("came")
    found = (
        select(func.min(alert.c.id).label("id"), came)
        .where(alert.c.kind.in_([_STORY, _FILING]), alert.c.hidden_by == "", alert.c.at > since)
        .group_by(alert.c.kind, story, filing)
        .order_by(came.desc(), func.min(alert.c.id).desc())
        .limit(limit)
    )
    if subscriber_id:
        found = found.where(alert.c.subscriber_id == subscriber_id)
    return [(row.id, row.came) for row in await tx.rows(found)]
