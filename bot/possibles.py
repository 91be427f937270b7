"""What may be somebody who is watched, not sure enough for an alert: one quiet line a day."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from alerts.notices import POSSIBLE
from matching.match import Matcher
from matching.raising import admits, audiences
from model.alert import AlertKind, Notice
from model.errors import TermError
from model.item import Item
from model.mention import Mention
from model.people import Chat, Subscriber
from model.source import Source
from model.watch import StoredWatch
from store import alerts, buttons, items, lookup, possible, sources, subscribers, upkeep, watches
from store.delivering import queue_alone
from store.engine import Store, Tx

DAY = timedelta(days=1)
LONGEST = timedelta(days=7)
"""So far back is looked at when the line was not told for a while."""
ANSWERS = ("possible_yes", "possible_no")
LISTED = 20
"""Articles of one line that can be answered."""
AT_ONCE = 2_000
"""Watches that are held at the same time."""
_UNTIL = "possible until"


@dataclass(frozen=True, slots=True)
class Rules:
    """[matching], as far as this needs it."""

    threshold: int = 70
    context_distance: int = 300

    @classmethod
    def of(cls, known: Matching) -> Rules:
        """Return what somebody who knows [matching] knows of it."""
        return cls(known.threshold, known.context_distance)

    def matcher(self) -> Matcher:
        """Return a Matcher that knows nobody yet."""
        return Matcher(threshold=self.threshold, context_distance=self.context_distance)


class Matching(Protocol):
    """Where the two settings stand."""

    @property
    def threshold(self) -> int:
        """From which score on a Mention counts."""

    @property
    def context_distance(self) -> int:
        """Characters around a nickname."""


async def found_in(tx: Tx, rules: Rules, watch_id: int, item_id: int) -> list[Mention]:
    """Return what is found of a Watch in an Item, however weak."""
    stored, item = await watches.get(tx, watch_id), await items.get(tx, item_id)
    if stored is None or item is None:
        return []
    matcher = rules.matcher()
    matcher.add(stored.watch)
    return matcher.find_mentions(item, possible=True)


async def tell(store: Store, rules: Rules, now: datetime) -> int:
    """Keep what has become possible since the last time, and tell it: one line for each Watch, to
    private and team chats only, without a sound. Returns how many lines were queued.
    """
    async with store.read() as tx:
        kept = await upkeep.setting(tx, _UNTIL)
        every = await watches.all_watches(tx)
    since = max(datetime.fromisoformat(kept), now - LONGEST) if kept else now - DAY
    for first in range(0, len(every), AT_ONCE):
        await _keep(store, rules, every[first : first + AT_ONCE], since, now)
    async with store.read() as tx:  # where the last time broke off, some lines were told then
        told = await possible.lines_since(tx, since)
    lines = 0
    for stored in every:
        async with store.write() as tx:
            lines += await _line(tx, stored, told.get(stored.watch.id, since), now)
    async with store.write() as tx:
        await upkeep.set_setting(tx, _UNTIL, now.isoformat())
    return lines


async def _keep(
    store: Store, rules: Rules, some: Sequence[StoredWatch], since: datetime, now: datetime
) -> None:
    matcher = rules.matcher()
    by_id = {one.watch.id: one for one in some}
    for one in some:
        try:
            matcher.add(one.watch)
        except TermError:
            continue  # `vigil check` says so
    async with store.read() as tx:
        known = {one.source.id: one.source for one in await sources.health(tx)}
    async for page in items.stream(store, since=since):
        found = await asyncio.to_thread(_weak, matcher, page, by_id, known, rules.threshold)
        if found:
            async with store.write() as tx:
                await possible.add(tx, found, now)


def _weak(
    matcher: Matcher,
    page: Sequence[Item],
    watched: Mapping[int, StoredWatch],
    known: Mapping[int, Source],
    usual: int,
) -> list[tuple[int, Mention]]:
    """Return the Mentions of those Watches that have none in the Item that counts."""
    found: list[tuple[int, Mention]] = []
    plain = [one for one in page if one.filing is None]  # filings are looked at as they come
    for item, mentions in zip(plain, matcher.find_all(plain, possible=True), strict=True):
        sure = {one.watch_id for one in mentions if one.score >= _threshold(watched, one, usual)}
        found += [
            (item.id, one)
            for one in mentions
            if one.watch_id not in sure
            and admits(watched[one.watch_id].watch, item, known.get(item.source_id))
        ]
    return found


def _threshold(watched: Mapping[int, StoredWatch], one: Mention, usual: int) -> int:
    own = watched[one.watch_id].watch.threshold
    return usual if own is None else own


async def _line(tx: Tx, stored: StoredWatch, since: datetime, now: datetime) -> int:
    """Queue the line about one Watch; returns to how many chats."""
    just_after = since + timedelta(microseconds=1)  # what was kept then was told then
    rows = await possible.of_watch(tx, stored.watch.id, since=just_after)
    ids = [item_id for item_id, _ in rows]
    if not ids or (stored.muted_until is not None and stored.muted_until > now):
        return 0
    hidden = await watches.hidden_marks(tx, ids)
    told = {one for alert in await alerts.about(tx, ids) for one in alert.item_ids}
    open_ids = [one for one in ids if (stored.watch.id, one) not in hidden and one not in told]
    newest = await lookup.whole(tx, open_ids[:1])
    if not newest:
        return 0
    args = (
        ("name", stored.watch.name),
        ("n", str(len(open_ids))),
        ("headline", newest[0].title),
        ("outlet", newest[0].source),
        ("watch", str(stored.watch.id)),
        ("items", ",".join(map(str, open_ids[:LISTED]))),
    )
    notice = Notice(POSSIBLE, args, about=possible.about(stored.watch.id))
    chats = await _quiet_chats(tx, stored)
    for one in chats:
        alert_id = await queue_alone(tx, one.id, AlertKind.NOTICE, notice, now, silent=True)
        await buttons.make_for_alerts(tx, [alert_id], now, ANSWERS)
    return len(chats)


async def _quiet_chats(tx: Tx, stored: StoredWatch) -> list[Subscriber]:
    """Return the private and team chats that hear of a Watch: never a channel."""
    every = {one.id: one for one in await subscribers.all_subscribers(tx)}
    heard = audiences([stored], every.values()).get(stored.watch.id)
    theirs = [every[one] for one in heard.subscriber_ids] if heard is not None else []
    private = (Chat.PRIVATE, Chat.GROUP)
    return [one for one in theirs if one.chat in private and not one.public]
