"""The stories of the last days by Watch, so that a new Item is compared with few of them (pure).

The program groups by `matching.grouping` and does not use this index yet.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from sys import intern

from matching.compare import Verdict, compare
from matching.gist import Told

WINDOW = timedelta(hours=72)
"""How long an Item can be joined by others that tell the same."""
_LOOKED_AT = 6
"""So many of the likeliest Items are compared."""
_OTHER_SCRIPTS = 12
"""So many of the latest Items of a Watch are compared where no word can be shared."""
_FOLLOWED = 8
"""By so many of its rarest words the likeliest are found."""
_FEW_IDS = 200
"""So many Items are counted, once one word has named some."""
_FEW = 50
"""Fewer Items do not tell how rare a word is."""
_WEIGHTS_MOST = 200_000
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
        self._by_word: dict[tuple[int, str], array[int]] = {}
        self._latest: dict[tuple[int, str], deque[int]] = {}
        """The latest Items of a Watch in one script."""
        self._families: set[str] = set()
        self._seen: Counter[str] = Counter()
        self._weights = _Weights(self._seen)

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
        self._families.add(live.told.family)
        for watch_id in live.watch_ids:
            place = (watch_id, live.told.family)
            self._latest.setdefault(place, deque(maxlen=_OTHER_SCRIPTS)).append(live.item_id)
            for key in _keys(live.told):
                self._by_word.setdefault((watch_id, key), array("q")).append(live.item_id)

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
        weigh = self._weights.of(len(self._live))
        since = now - WINDOW
        for live in self._likely(told, wanted):
            if live.at < since or (best is not None and live.at >= best.at):
                continue
            if live.watch_ids != wanted and not set(wanted) <= set(live.watch_ids):
                continue
            said = compare(told, live.told, weigh)
            if said.is_same:
                best, verdict = live, said
        return None if best is None else Found(best.item_id, verdict)

    def _likely(self, told: Told, watch_ids: tuple[int, ...]) -> Iterator[Live]:
        if not watch_ids:
            return
        watch_id = watch_ids[0]
        places = (self._by_word.get((watch_id, key)) for key in _keys(told))
        rarest = sorted((ids for ids in places if ids is not None), key=len)[:_FOLLOWED]
        looked_up: list[int] = []
        for ids in rarest:
            if len(ids) <= _COMMON and (not looked_up or len(looked_up) + len(ids) <= _FEW_IDS):
                looked_up += ids
        shared = Counter(looked_up)
        likely = sorted(shared, key=shared.__getitem__, reverse=True)[:_LOOKED_AT]
        others: list[int] = []
        for family in self._families:
            if family != told.family:
                others += self._latest.get((watch_id, family), ())
        for item_id in dict.fromkeys((*likely, *others)):
            live = self._live.get(item_id)
            if live is not None:
                yield live


class _Weights(dict[str, float]):
    """How much each word says: 1 when hardly anybody uses it, near 0 when all do; worked out
    anew as there are more Items.
    """

    def __init__(self, seen: Counter[str]) -> None:
        super().__init__()
        self._seen = seen
        self._count = 0

    def of(self, count: int) -> Callable[[str], float] | None:
        """Return what to weigh words by among so many Items; None while there are few."""
        if count < _FEW:
            return None
        if abs(count - self._count) > count // 8 or len(self) > _WEIGHTS_MOST:
            self.clear()
            self._count = count
        return self.__getitem__

    def __missing__(self, word: str) -> float:
        count = self._count + 1
        weight = self[word] = (
            log(count / (min(self._seen[word], self._count) + 1)) / log(count) + 0.05
        )
        return weight


def _keys(told: Told) -> Iterator[str]:
    """Return by what an Item is found: the words of its headline, and how its names sound."""
    yield from told.head
    for sound in told.heard:
        yield intern(f"~{sound}")
