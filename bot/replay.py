"""`vigil replay`: stored Items against changed rules; what would be told differently, and at wish
the telling of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matching.joining import Joining, decide
from matching.listed import party_mentions
from matching.match import Matcher
from matching.raising import Audience, admits, audiences, raise_alerts
from matching.same import REPRINT_WINDOW
from model.alert import AlertDraft
from model.errors import TermError
from model.item import Item, News, Recorded
from model.mention import Mention
from model.source import Source
from model.watch import StoredWatch, Watch
from store import alerts, history, items, outbox, sources, subscribers, versions, watches
from store.engine import Store, Tx


@dataclass(frozen=True, slots=True)
class Rules:
    """What Items are matched against."""

    watches: tuple[Watch, ...]
    """Numbered: those that are stored as there, others by themselves."""
    threshold: int = 70
    context_distance: int = 300

    def matcher(self) -> Matcher:
        """Return a Matcher that knows these Watches; one that can't be watched is left out."""
        found = Matcher(threshold=self.threshold, context_distance=self.context_distance)
        for watch in self.watches:
            try:
                found.add(watch)
            except TermError:
                continue
        return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A Watch that an Item would be told for and was not, or was told for and would not be."""

    item: Item
    name: str
    mentions: tuple[Mention, ...] = ()
    """Empty: it was found then and would not be found now."""

    @property
    def is_new(self) -> bool:
        """Whether it would be told now."""
        return bool(self.mentions)


@dataclass(slots=True)
class Count:
    """How far it went."""

    items: int = 0
    same: int = 0
    more: int = 0
    fewer: int = 0
    sent: int = 0
    """Alerts that were queued."""


def merged(stored: Sequence[StoredWatch], declared: Sequence[Watch]) -> tuple[Watch, ...]:
    """Return the Watches as another configuration has them: those it lists as it lists them, those
    of chats as they are, and none that only the one in use lists. Numbers stay with names.
    """
    numbers = {one.watch.name: one.watch.id for one in stored}
    named = {one.name for one in declared}
    free = max(numbers.values(), default=0)
    found = [one.watch for one in stored if one.watch.name not in named and not one.declared]
    for one in declared:
        free += 1
        found.append(replace(one, id=numbers.get(one.name) or free))
    return tuple(found)


async def replay(
    store: Store, rules: Rules, since: datetime, until: datetime, count: Count
) -> AsyncIterator[list[Difference]]:
    """Match what was first seen in [since, until), the oldest first, and give what differs from
    what was found then, some hundred Items at a time. `count` grows.
    """
    matcher = await asyncio.to_thread(rules.matcher)
    named = {watch.id: watch for watch in rules.watches}
    async with store.read() as tx:
        known = {one.source.id: one.source for one in await sources.health(tx)}
    async for chunk in history.items_between(store, since, until):
        found = await asyncio.to_thread(_found, matcher, named, chunk, known)
        async with store.read() as tx:
            differences = await _compared(tx, chunk, found, named, count)
        count.items += len(chunk)
        yield differences


_Found = dict[tuple[int, int], list[Mention]]
"""By Item and Watch."""


def _found(
    matcher: Matcher, named: dict[int, Watch], chunk: Sequence[Item], known: dict[int, Source]
) -> _Found:
    found: _Found = {}
    for item, mentions in zip(chunk, matcher.find_all(chunk), strict=True):
        for one in (*mentions, *party_mentions(matcher, item)):
            if admits(named[one.watch_id], item, known.get(item.source_id)):
                found.setdefault((item.id, one.watch_id), []).append(one)
    return found


async def _compared(
    tx: Tx, chunk: Sequence[Item], found: _Found, named: dict[int, Watch], count: Count
) -> list[Difference]:
    """Return what differs from the Mentions that are stored. What somebody marked "not them", and
    names that went from an article since, are no difference.
    """
    ids = [one.id for one in chunk]
    before = await items.mentioned(tx, ids)
    gone = await versions.gone(tx, ids)
    every = {watch_id for some in before.values() for watch_id in some} | named.keys()
    settled = await watches.hidden(tx, every, ids)
    names = await watches.names(tx, every) | {one.id: one.name for one in named.values()}
    differences: list[Difference] = []
    for item in chunk:
        now = {watch_id for item_id, watch_id in found if item_id == item.id}
        then = before.get(item.id, set())
        count.same += len(now & then)
        for watch_id in sorted((now ^ then) - gone.get(item.id, {}).keys()):
            if (watch_id, item.id) not in settled:
                mentions = tuple(found.get((item.id, watch_id), ()))
                differences.append(Difference(item, names.get(watch_id, ""), mentions))
    count.more += sum(one.is_new for one in differences)
    count.fewer += sum(not one.is_new for one in differences)
    return differences


async def tell(
    store: Store, found: Sequence[Difference], now: datetime, edit_window: timedelta
) -> int:
    """Queue Alerts for what would be told and was not, and keep that it is found now; return how
    many Alerts come of it. Court filings are left out: their cases tell them.
    """
    new = [one for one in found if one.is_new and one.item.filing is None]
    if not new:
        return 0
    async with store.write() as tx:
        every = await watches.all_watches(tx)
        audience = audiences(every, await subscribers.all_subscribers(tx))
        known = {one.source.id: one.source for one in await sources.health(tx)}
        before = await items.mentioned(tx, {one.item.id for one in new})
        drafts = _drafts(new, audience, known, before)
        told = await alerts.told(tx, drafts, now - max(REPRINT_WINDOW, edit_window))
        decisions = decide(drafts, told, now=now, rules=Joining(edit_window=edit_window))
        queued = await outbox.queue(tx, decisions, now)
        await items.add_mentions(tx, [(o.item.id, m) for o in new for m in o.mentions])
    return queued.alerts


def _drafts(
    new: Collection[Difference],
    audience: dict[int, Audience],
    known: dict[int, Source],
    before: dict[int, set[int]],
) -> list[AlertDraft]:
    """Return what to tell of each Item, in order. One that was told for other Watches is told as
    an edit that newly names somebody is.
    """
    by_item: dict[int, list[Difference]] = {}
    for one in new:
        by_item.setdefault(one.item.id, []).append(one)
    return [
        draft
        for some in by_item.values()
        for draft in raise_alerts(
            _recorded(some[0].item, before),
            [mention for one in some for mention in one.mentions],
            audience,
            source=known.get(some[0].item.source_id),
        )
    ]


def _recorded(item: Item, before: dict[int, set[int]]) -> Recorded:
    if before.get(item.id):
        return Recorded(item, News.CHANGED, item)
    return Recorded(item, News.NEW)
