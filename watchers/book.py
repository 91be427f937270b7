"""The watches this process knows, kept as they are in the database, and what they find."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from matching.filing_alerts import Seen
from matching.listed import party_mentions
from matching.match import Matcher
from matching.raising import Audience, audiences
from model import Item, Mention, StoredWatch, TermError, WatchLog
from store import subscribers, watches
from store.engine import Tx

MANY = 1_000
"""Watches that come at once, as when the program starts."""


class WatchBook:
    """Reads the watch log past its mark and finds the watches' Mentions in Items.

    The matcher is touched on one worker thread only, so that a watch never changes while an
    Item is being read, and matching never holds up the loop.
    """

    def __init__(self, matcher: Matcher) -> None:
        """Keep `matcher` current from now on; it starts out empty."""
        self.matcher = matcher
        self.broken: dict[int, str] = {}
        """Watches that can't be watched as they stand, with the sentence that says why."""
        self._stored: dict[int, StoredWatch] = {}
        self.mark = 0
        """Up to where the watch log was read."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="matching")

    def __len__(self) -> int:
        """Return how many watches are enabled."""
        return len(self._stored)

    async def refresh(self, tx: Tx) -> int:
        """Take in what happened to the watches since the last time; return how many changed."""
        log = await watches.log_since(tx, self.mark)
        if not log.changed and not log.removed:
            self.mark = log.mark
            return 0
        await asyncio.get_running_loop().run_in_executor(self._thread, self._apply, log)
        self.mark = log.mark
        return len(log.changed) + len(log.removed)

    def _apply(self, log: WatchLog) -> None:
        for watch_id in log.removed:
            self._drop(watch_id)
        for stored in log.changed:
            watch_id = stored.watch.id
            if not stored.enabled:
                self._drop(watch_id)
                continue
            before = self._stored.get(watch_id)
            self._stored[watch_id] = stored
            if before is None or before.watch != stored.watch:
                self._learn(stored)
        if len(log.changed) >= MANY:
            self.matcher.keep()

    def _learn(self, stored: StoredWatch) -> None:
        watch = stored.watch
        self.broken.pop(watch.id, None)
        try:
            self.matcher.add(watch)
        except TermError as error:
            self.matcher.remove(watch.id)
            self.broken[watch.id] = str(error)

    def _drop(self, watch_id: int) -> None:
        self.broken.pop(watch_id, None)
        if self._stored.pop(watch_id, None) is not None:
            self.matcher.remove(watch_id)

    async def find_mentions(self, items: Sequence[Item]) -> list[list[Mention]]:
        """Return for each Item, in order, the Mentions that count."""
        if not items:
            return []
        if not self._stored:
            return [[] for _ in items]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._find, items)

    def _find(self, items: Sequence[Item]) -> list[list[Mention]]:
        return self.matcher.find_all(items)

    async def find_in_filings(self, items: Sequence[Item]) -> list[Seen]:
        """Return for each court's Item, in order, what counts and what is only possible.

        Parties that no text names are found as if the caption named them.
        """
        if not items or not self._stored:
            return [Seen() for _ in items]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._find_possible, items)

    def _find_possible(self, items: Sequence[Item]) -> list[Seen]:
        return [self._seen(item) for item in items]

    def _seen(self, item: Item) -> Seen:
        found = self.matcher.find_mentions(item, possible=True)
        found += party_mentions(self.matcher, item, possible=True)
        strong = [one for one in found if one.score >= self._threshold(one.watch_id)]
        counting = {one.watch_id for one in strong}
        rest = [one for one in found if one.watch_id not in counting]
        return Seen(tuple(strong), tuple(rest))

    def _threshold(self, watch_id: int) -> int:
        stored = self._stored.get(watch_id)
        own = stored.watch.threshold if stored else None
        return self.matcher.threshold if own is None else own

    async def audiences(self, tx: Tx, watch_ids: Collection[int]) -> Mapping[int, Audience]:
        """Return who hears of each of these watches, as things stand in this transaction."""
        wanted = [self._stored[one] for one in watch_ids if one in self._stored]
        if not wanted:
            return {}
        return audiences(wanted, await subscribers.all_subscribers(tx))

    def watch(self, watch_id: int) -> StoredWatch | None:
        """Return an enabled watch as it was when last refreshed."""
        return self._stored.get(watch_id)

    def close(self) -> None:
        """Let go of the worker thread."""
        self._thread.shutdown(cancel_futures=True)
