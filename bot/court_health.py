"""How it goes with court cases: what is followed, asked, pushed, and left of CourtListener's quota.

One look for both `vigil check` and /status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model.docket import DocketState
from model.source import SourceHealth
from store import dockets, push_inbox, quota, sources
from store.court_asks import SEARCH
from store.engine import Tx
from watchers.court_feeds import DOCKET
from watchers.kinds.pacer import NAME as PACER

_DARK = (DocketState.SEALED, DocketState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CourtHealth:
    """What the database says about court cases."""

    cases: int
    dark: int
    """Of these, sealed or unknown."""
    feeds: tuple[SourceHealth, ...]
    """Courts' own feeds and CourtListener's."""
    left: int
    most: int
    """Requests to CourtListener left today, and how many a day has."""
    paused_until: datetime | None
    pushes: int
    """Events pushed to us that wait to be handled."""
    last_push: datetime | None

    @property
    def failing(self) -> tuple[SourceHealth, ...]:
        """Return the feeds whose last poll failed."""
        return tuple(one for one in self.feeds if one.pace.fails)

    @property
    def is_used(self) -> bool:
        """Return whether anything about courts is in use."""
        return bool(self.cases or self.feeds or self.pushes)


async def court_health(tx: Tx, now: datetime) -> CourtHealth:
    """Return how things stand at `now`."""
    followed = [one for one in await dockets.followings(tx) if one.enabled]
    day = next(one for one in await quota.left(tx, now) if one.window == "day")
    return CourtHealth(
        cases=len(followed),
        dark=sum(one.docket.state in _DARK for one in followed),
        feeds=tuple(await sources.health(tx, kinds=(PACER, DOCKET, SEARCH))),
        left=day.left,
        most=day.most,
        paused_until=await quota.paused_until(tx, now),
        pushes=await push_inbox.depth(tx),
        last_push=await push_inbox.last_received(tx),
    )
