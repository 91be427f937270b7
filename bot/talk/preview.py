"""What a Watch would have sent: measured on the Items already stored."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.talk.parts import Parts
from matching.also_called import AlsoCalled, also_called
from matching.lookup import anchors_of
from matching.match import Matcher
from matching.raising import admits
from matching.risk import Risk, find_risks
from matching.same import item_keys
from model.item import Item
from model.source import Source
from model.watch import Watch
from store import items, lookup, sources
from store.statements import chunks

SPAN = timedelta(days=30)
NEWEST = 3
SAMPLES = 200
AT_ONCE = 250
READ = 1_200
"""Items that are read for one preview at most."""
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
    filings: int = 0
    """How many of the alerts would be court filings."""
    latest: int = 0
    """Too many Items could mention it to be read: `alerts` is scaled up from so many of the
    newest. 0: all were read.
    """
    also: tuple[AlsoCalled, ...] = ()
    """What the person is also called in what mentions them."""

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

    Only Items are read that could mention it (`store.lookup`); of a Watch that could be
    mentioned nearly everywhere the newest are read, and what they give is scaled up.
    TermError says in one sentence why it can't be watched. Matching runs on a worker thread.
    """
    anchors = anchors_of(watch)
    async with parts.store.read() as tx:
        kept = await lookup.archive(tx, now - SPAN)
        ids = await lookup.candidates(tx, anchors, first_id=kept.first_id)
        known = {one.source.id: one.source for one in await sources.health(tx)}
        newest = await items.history(tx, since=now - SPAN, limit=SAMPLES)
    tally = _Tally(parts, watch, known)
    for some in chunks(ids[:READ], AT_ONCE):
        async with parts.store.read() as tx:
            whole = [one for one in await lookup.whole(tx, some) if _is_since(one, now - SPAN)]
        await asyncio.to_thread(tally.take, whole)
    days = min((now - kept.oldest) / timedelta(days=1), 30.0) if kept.oldest else 0.0
    others = [one for one in newest if one.id not in tally.found]
    risks = await asyncio.to_thread(find_risks, watch, [*tally.telling, *others])
    return Preview(
        kept.items,
        days,
        kept.oldest,
        tally.scaled(len(ids)),
        tuple(tally.newest),
        tuple(risks),
        filings=tally.filings,
        latest=READ if len(ids) > READ else 0,
        also=tuple(await asyncio.to_thread(also_called, watch, tally.telling)),
    )


def _is_since(item: Item, since: datetime) -> bool:
    return item.first_seen is not None and item.first_seen >= since


class _Tally:
    """Counts while the Items go by, newest first."""

    def __init__(self, parts: Parts, watch: Watch, known: Mapping[int, Source]) -> None:
        self.watch = replace(watch, id=1)
        self.matcher = Matcher(threshold=parts.threshold, context_distance=parts.context_distance)
        self.matcher.add(self.watch)
        self.known = known
        self.read = 0
        self.filings = 0
        self.stories: set[bytes] = set()
        self.found: set[int] = set()
        self.newest: list[Item] = []
        self.telling: list[Item] = []
        """Samples of what mentions it: they show which words tell apart."""

    def take(self, some: Sequence[Item]) -> None:
        """Look at some Items."""
        for item in some:
            self.read += 1
            if admits(self.watch, item, self.known.get(item.source_id)) and (
                self.matcher.find_mentions(item)
            ):
                self._count(item)

    def _count(self, item: Item) -> None:
        self.found.add(item.id)
        if len(self.telling) < SAMPLES:
            self.telling.append(item)
        keys = item_keys(item)
        story = keys.title_key or keys.url_key or keys.key
        if item.filing is not None:
            story = keys.key
        if story in self.stories:
            return
        self.stories.add(story)
        self.filings += item.filing is not None
        if len(self.newest) < NEWEST:
            self.newest.append(item)

    def scaled(self, candidates: int) -> int:
        """Return how many alerts that makes of all candidates."""
        return round(len(self.stories) * max(1.0, candidates / (self.read or 1)))
