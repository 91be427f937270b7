"""What a Watch would have sent: measured on the Items already stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.talk.parts import Parts
from matching.match import Matcher
from matching.risk import Risk, find_risks
from matching.same import item_keys
from model.item import Item
from model.watch import Watch
from store import items

SPAN = timedelta(days=30)
NEWEST = 3
SAMPLES = 200
BROAD = 20.0
"""Alerts a day from which a Watch is called too broad."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found."""

    articles: int
    """How many were looked at."""
    days: float
    """Over how many days they came, at most 30."""
    since: datetime | None
    """When the oldest of them was first seen; None: there was none."""
    alerts: int
    """How many would have been told of, reprints of one headline counted once."""
    newest: tuple[Item, ...]
    risks: tuple[Risk, ...] = ()
    """What in the Watch would find too much."""

    @property
    def a_week(self) -> float:
        """Alerts a week."""
        return self.alerts * 7 / max(self.days, 1.0)

    @property
    def is_broad(self) -> bool:
        """Whether it would be more than anybody reads."""
        return self.alerts / max(self.days, 1.0) > BROAD


async def measure(parts: Parts, watch: Watch, now: datetime) -> Preview:
    """Return what `watch` would have sent in the last 30 days.

    TermError says in one sentence why it can't be watched. Matching runs on a worker thread.
    """
    matcher = Matcher(threshold=parts.threshold, context_distance=parts.context_distance)
    matcher.add(replace(watch, id=1))
    tally = _Tally()
    async for chunk in items.stream(parts.store, since=now - SPAN):
        await asyncio.to_thread(tally.take, matcher, chunk)
    since = tally.oldest
    days = min((now - since) / timedelta(days=1), 30.0) if since else 0.0
    risks = await asyncio.to_thread(find_risks, watch, [*tally.telling, *tally.others])
    return Preview(
        tally.articles, days, since, len(tally.stories), tuple(tally.newest), tuple(risks)
    )


class _Tally:
    """Counts while the Items go by, newest first."""

    def __init__(self) -> None:
        self.articles = 0
        self.stories: set[bytes] = set()
        self.newest: list[Item] = []
        self.oldest: datetime | None = None
        self.telling: list[Item] = []
        self.others: list[Item] = []
        """Samples of what has a Mention and what has none: they show which words tell apart."""

    def take(self, matcher: Matcher, chunk: Sequence[Item]) -> None:
        """Look at some Items."""
        for item in chunk:
            self.articles += 1
            self.oldest = item.first_seen or self.oldest
            found = matcher.find_mentions(item)
            samples = self.telling if found else self.others
            if len(samples) < SAMPLES:
                samples.append(item)
            if not found:
                continue
            keys = item_keys(item)
            story = keys.title_key or keys.url_key or keys.key
            if story not in self.stories and len(self.newest) < NEWEST:
                self.newest.append(item)
            self.stories.add(story)
