"""What changes of a Watch would do, measured on the Items already stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.talk.parts import Parts
from bot.talk.preview import AT_ONCE, READ, SPAN
from matching.lookup import anchors_of
from matching.match import Matcher
from matching.raising import admits
from matching.same import item_keys
from model.item import Item
from model.source import Source
from model.watch import Watch
from store import lookup, sources
from store.statements import chunks


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change would do to the alerts of the last 30 days, reprints counted once."""

    before: int
    after: int
    gone: tuple[Item, ...] = ()
    """What would not have been sent any more, the newest first."""
    new: tuple[Item, ...] = ()
    """What would have been sent too."""
    gone_ids: frozenset[int] = frozenset()
    """All articles that would not have been told of any more, the reprints included."""
    latest: int = 0
    """It was measured on so many of the newest articles that could name them; 0: on all."""

    @property
    def is_nothing(self) -> bool:
        """Whether the same would have been sent."""
        return not self.gone and not self.new


async def effects(
    parts: Parts, watch: Watch, changes: Sequence[Watch], now: datetime
) -> list[Effect]:
    """Return what each of `changes` would do in place of `watch`, from one walk through what the
    last 30 days hold that could mention it (the newest of it, where that is very much).
    TermError when one can't be watched.
    """
    (first, *rest), latest = await _walked(parts, [watch, *changes], now)
    return [replace(_effect(first, one), latest=latest) for one in rest]


async def mentioned(parts: Parts, watch: Watch, now: datetime) -> list[Item]:
    """Return what of the last 30 days mentions the Watch, one Item a story, the newest first."""
    [tally], _ = await _walked(parts, [watch], now)
    return list(tally.stories.values())


def silences(parts: Parts, watch: Watch) -> bool:
    """Return whether what the Watch must never see stands in its own name."""
    plain = replace(watch, require=(), also=(), lang=(), sources=(), leading=False)
    return _names_itself(parts, replace(plain, never=())) and not _names_itself(parts, plain)


def _names_itself(parts: Parts, watch: Watch) -> bool:
    matcher = Matcher(threshold=parts.threshold, context_distance=parts.context_distance)
    matcher.add(replace(watch, id=1, threshold=None))
    return bool(matcher.find_mentions(Item(title=watch.name)))


async def _walked(parts: Parts, wishes: Sequence[Watch], now: datetime) -> tuple[list[_Tally], int]:
    """Return what each would have sent, from one walk through the Items that could mention any;
    and how many of these were looked at, 0 where it was all of them.
    """
    tallies = [_Tally(parts, one) for one in wishes]
    anchors = [anchors_of(one) for one in dict.fromkeys(wishes)]
    async with parts.store.read() as tx:
        known = {one.source.id: one.source for one in await sources.health(tx)}
        first_id = (await lookup.archive(tx, now - SPAN)).first_id
        ids: set[int] = set()
        for one in anchors:
            ids.update(await lookup.candidates(tx, one, first_id=first_id))
    for some in chunks(sorted(ids, reverse=True)[:READ], AT_ONCE):
        async with parts.store.read() as tx:
            chunk = await lookup.whole(tx, some)
        await asyncio.to_thread(_take, tallies, chunk, known)
    return tallies, READ if len(ids) > READ else 0


def _effect(before: _Tally, after: _Tally) -> Effect:
    gone = [item for story, item in before.stories.items() if story not in after.stories]
    new = [item for story, item in after.stories.items() if story not in before.stories]
    ids = frozenset(before.ids - after.ids)
    return Effect(len(before.stories), len(after.stories), tuple(gone), tuple(new), ids)


class _Tally:
    """What one Watch would have sent, by story, the newest first."""

    def __init__(self, parts: Parts, watch: Watch) -> None:
        self.watch = replace(watch, id=1)
        self.matcher = Matcher(threshold=parts.threshold, context_distance=parts.context_distance)
        self.matcher.add(self.watch)
        self.stories: dict[bytes, Item] = {}
        self.ids: set[int] = set()

    def take(self, item: Item, source: Source | None) -> None:
        """Look at one Item."""
        if admits(self.watch, item, source) and self.matcher.find_mentions(item):
            keys = item_keys(item)
            self.ids.add(item.id)
            self.stories.setdefault(keys.title_key or keys.url_key or keys.key, item)


def _take(tallies: Sequence[_Tally], chunk: Sequence[Item], known: dict[int, Source]) -> None:
    for item in chunk:
        for tally in tallies:
            tally.take(item, known.get(item.source_id))
