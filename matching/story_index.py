"""The stories of the last days by Watch, so that a new Item is compared with few of them (pure)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from matching.stories import Told, Verdict, compare, sounds

WINDOW = timedelta(hours=72)
"""How long an Item can be joined by others that tell the same."""
_LOOKED_AT = 6
"""So many of the likeliest Items are compared."""
_OTHER_SCRIPTS = 12
"""So many of the latest Items of a Watch are compared where no word can be shared."""
_WEIGHTS_MOST = 5_000
_COMMON = 400
"""A word in more Items of one Watch than this finds nobody: it is followed no further."""


@dataclass(frozen=True, slots=True)
class Live:
    """An Item that others can join."""

    item_id: int
    at: datetime
    watch_ids: tuple[int, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Found:
    """An Item that tells the same as another."""

    item_id: int
    verdict: Verdict


class StoryIndex:
    """Keeps the Items of WINDOW; one Item can be asked about in microseconds."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._live: dict[int, Live] = {}
        self._order: deque[int] = deque()
        self._by_word: dict[tuple[int, str], list[int]] = {}
        self._latest: dict[int, deque[int]] = {}
        self._seen: Counter[str] = Counter()
        self._weights: dict[int, float] = {}
        """What a word says, by how many Items have it; worked out anew as these grow."""
        self._weighed = 0

    def __len__(self) -> int:
        """Return how many Items are kept."""
        return len(self._live)

    def add(self, live: Live) -> None:
        """Keep an Item. Items come in the order of their `at`; one that is kept already stays."""
        if live.item_id in self._live:
            return
        self._live[live.item_id] = live
        self._order.append(live.item_id)
        self._seen.update(live.told.head)
        for watch_id in live.watch_ids:
            self._latest.setdefault(watch_id, deque(maxlen=_OTHER_SCRIPTS)).append(live.item_id)
            for key in _keys(live.told):
                self._by_word.setdefault((watch_id, key), []).append(live.item_id)

    def forget(self, now: datetime) -> None:
        """Let go of what is older than WINDOW."""
        while self._order and self._live[self._order[0]].at < now - WINDOW:
            live = self._live.pop(self._order.popleft())
            self._seen.subtract(live.told.head)
            for watch_id in live.watch_ids:
                for key in _keys(live.told):
                    self._drop((watch_id, key), live.item_id)

    def _drop(self, place: tuple[int, str], item_id: int) -> None:
        kept = self._by_word[place]
        kept.remove(item_id)
        if not kept:
            del self._by_word[place]

    def find(self, told: Told, watch_ids: Iterable[int], now: datetime) -> Found | None:
        """Return the earliest kept Item, of those likeliest, that tells the same for all of these
        Watches; None when there is none.
        """
        wanted = tuple(watch_ids)
        best: Live | None = None
        verdict = Verdict.OTHER
        for live in self._likely(told, wanted):
            if live.at < now - WINDOW or not set(wanted) <= set(live.watch_ids):
                continue
            said = compare(told, live.told, self.weigh)
            if said.is_same and (best is None or live.at < best.at):
                best, verdict = live, said
        return None if best is None else Found(best.item_id, verdict)

    def weigh(self, word: str) -> float:
        """Return how much a word says: 1 when hardly anybody uses it, near 0 when all do."""
        count = len(self._live)
        if count < 50:
            return 1.0
        seen = self._seen[word]
        weight = self._weights.get(seen)
        if weight is None:
            if len(self._weights) > _WEIGHTS_MOST or abs(count - self._weighed) > count // 8:
                self._weights.clear()
                self._weighed = count
            weight = log((count + 1) / (seen + 1)) / log(count + 1) + 0.05
            self._weights[seen] = weight
        return weight

    def _likely(self, told: Told, watch_ids: tuple[int, ...]) -> Iterator[Live]:
        if not watch_ids:
            return
        shared: Counter[int] = Counter()
        watch_id = watch_ids[0]
        for key in _keys(told):
            ids = self._by_word.get((watch_id, key), ())
            if len(ids) <= _COMMON:
                shared.update(ids)
        likely = [item_id for item_id, _ in shared.most_common(_LOOKED_AT)]
        others = [
            item_id
            for item_id in self._latest.get(watch_id, ())
            if item_id in self._live and self._live[item_id].told.family != told.family
        ]
        for item_id in dict.fromkeys((*likely, *others)):
            yield self._live[item_id]


def _keys(told: Told) -> frozenset[str]:
    """Return by what an Item is found: the words of its headline, and how its names sound."""
    heard = {f"~{sound}" for name in told.names & told.head if len(sound := sounds(name)) >= 3}
    return told.head | heard
