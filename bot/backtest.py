"""`vigil backtest`: what a Watch, or a changed configuration, would have sent from stored Items."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matching.joining import Joining, Telling
from matching.listed import party_mentions
from matching.match import Matcher
from matching.raising import admits
from matching.risk import find_risks
from model.item import Item
from model.mention import Mention
from model.source import Source
from model.watch import Watch
from model.words import Words
from store import items, sources
from store.engine import Store

MONTH = timedelta(days=30)
SAMPLES = 500
"""Items from which context words are suggested."""
GROUPED = 2_000
"""Hits that are compared by what they tell, some milliseconds each."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A Watch, and the settings it is matched with."""

    watch: Watch
    threshold: int = 70
    context_distance: int = 300

    def matcher(self) -> Matcher:
        """Return a Matcher that knows this Watch alone."""
        found = Matcher(threshold=self.threshold, context_distance=self.context_distance)
        found.add(replace(self.watch, id=1))
        return found


@dataclass(frozen=True, slots=True)
class Hit:
    """An Item that would have been an alert, or joined one."""

    item: Item
    mention: Mention
    """The strongest."""
    joins: bool = False
    """It tells the same: it would have edited the message sent before it."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """What one or two settings would have sent."""

    items: int
    """How many Items were looked at."""
    since: datetime | None
    """When the oldest of them was first seen; None: there was none."""
    hits: tuple[Hit, ...]
    """Oldest first."""
    others: tuple[Hit, ...] | None = None
    """Of the other configuration; None: there was none to compare with."""


async def backtest(
    store: Store,
    one: Setting,
    *,
    since: datetime,
    other: Setting | None = None,
    watching: Callable[[int], None] = lambda _: None,
) -> Backtest:
    """Match all Items first seen after `since`; `watching` hears how many were looked at."""
    async with store.read() as tx:
        known = {health.source.id: health.source for health in await sources.health(tx)}
    settings = [one] if other is None else [one, other]
    matchers = [(setting.watch, setting.matcher()) for setting in settings]
    found: list[list[Hit]] = [[] for _ in settings]
    seen, oldest = 0, None
    async for chunk in items.stream(store, since=since):
        for hits, more in zip(
            found, await asyncio.to_thread(_matched, matchers, chunk, known), strict=True
        ):
            hits += more
        seen += len(chunk)
        oldest = chunk[-1].first_seen
        watching(seen)
    told = [await asyncio.to_thread(_joined, hits[::-1]) for hits in found]
    return Backtest(seen, oldest, told[0], told[1] if other is not None else None)


def _matched(
    matchers: Sequence[tuple[Watch, Matcher]], chunk: Sequence[Item], known: dict[int, Source]
) -> list[list[Hit]]:
    found: list[list[Hit]] = [[] for _ in matchers]
    for item in chunk:
        for hits, (watch, matcher) in zip(found, matchers, strict=True):
            if not admits(watch, item, known.get(item.source_id)):
                continue
            mentions = matcher.find_mentions(item) + party_mentions(matcher, item)
            if mentions:
                hits.append(Hit(item, max(mentions, key=lambda mention: mention.score)))
    return found


def _joined(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Mark what would have joined the message of a story sent before it: of the first GROUPED by
    what they tell, of the rest only what has the same address or headline.
    """
    full, rest = Telling(), Telling(Joining(compared=0))
    told: list[Hit] = []
    for number, hit in enumerate(hits):
        at = hit.item.first_seen
        telling = full if number < GROUPED else rest
        told.append(replace(hit, joins=at is not None and telling.joins(hit.item, at)))
    return tuple(told)


async def outlook(store: Store, setting: Setting, now: datetime, words: Words) -> list[str]:
    """Return what whoever adds a Watch should know, in sentences: how often it would have fired
    on the Items stored, and which of its Terms would find too much.
    """
    result = await backtest(store, setting, since=now - MONTH)
    alerts = sum(not hit.joins for hit in result.hits)
    told = []
    if result.since is not None:
        days = max(1, round((now - result.since) / timedelta(days=1)))
        seen = f"from {result.items:,} items in the last {days} days"
        told.append(f"It would have sent {alerts} alerts {seen}.")
    samples = [hit.item for hit in result.hits[-SAMPLES:]]
    for risk in await asyncio.to_thread(find_risks, setting.watch, samples):
        told.append(words.say(f"risk.{risk.code}", term=risk.term))
        if risk.words:
            told.append(words.say("risk.words", words=", ".join(risk.words)))
    return told


def difference(result: Backtest) -> tuple[list[Hit], list[Hit]]:
    """Return what only the other configuration would have told of, and what only this one."""
    mine = {hit.item.id: hit for hit in result.hits}
    theirs = {hit.item.id: hit for hit in result.others or ()}
    added = [hit for number, hit in theirs.items() if number not in mine]
    gone = [hit for number, hit in mine.items() if number not in theirs]
    return added, gone
