"""Which live Story a new Item belongs to (pure): what the store calls inside its transaction.

Per Watch and reader there are tens to hundreds of live Items: they are handed in as they were
loaded, and nothing is remembered here but how a text reads (a cache, never needed for the answer).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import log
from operator import attrgetter

from matching.compare import (
    Verdict,
    compare,
    is_near,
    may_be_one_text,
    tell_other_facts,
    tell_other_turns,
)
from matching.gist import Told
from matching.headlines import words_of
from matching.remembered import Remembered, forget, remembered
from model import Item

WINDOW = timedelta(hours=72)
"""How long an Item can be joined by others that tell the same."""
_ENOUGH = 30
"""Items from which on it is counted how rare their words are."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An Item of a live Story (or of an Alert: any number that stands for what was told)."""

    story_id: int
    item: Item
    at: datetime
    """When it was told."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new Item belongs."""

    verdict: Verdict
    """REPRINT or SAME: it joins `story_id`. STAGE: the next stage of the Story `after`. Else why
    the nearest live Story was not joined; OTHER where none is near.
    """
    story_id: int = 0
    """The Story it joins; 0: it is a Story of its own."""
    item_id: int = 0
    """The Item it was found to tell the same as, or that it was kept apart from."""
    after: int = 0
    """Of a Story of its own: the live Story whose next stage it is; 0 without one."""


_other_turns = lru_cache(maxsize=50_000)(tell_other_turns)
_AT = attrgetter("at")


def place(item: Item, at: datetime, kept: Sequence[Kept], whose: Hashable = None) -> Place:
    """Say where an Item that came `at` belongs among the live Items of the Watches it mentions.

    `kept` holds only Items of Stories that the reader was told for all of these Watches, in the
    order in which they were told, those of one Story together; those older than WINDOW are passed
    over. The Item itself must not be among them. `whose`: something that stands for
    the reader and these Watches, under which the words of the headlines stay counted.
    """
    forget(at)
    oldest = bisect_left(kept, at - WINDOW, key=_AT)
    said = _Said(remembered(item), kept[oldest:], whose)
    return said.joined() or said.apart()


class _Said:
    """What a new Item and each live one are to each other, found out as far as it is asked for:
    the turns alone tell most of them apart.
    """

    def __init__(self, new: Remembered, live: Sequence[Kept], whose: Hashable) -> None:
        self._new = new.told()
        self._turns = None if new.dockets else new.turns
        self._shingles = frozenset(new.shingles)
        self._live = live
        self._read: list[Remembered | None] = [None] * len(live)
        self._told: dict[int, Told] = {}
        self._verdicts: dict[int, Verdict] = {}
        self._weigh = _Weights(self, whose).__getitem__ if len(live) >= _ENOUGH else None

    def joined(self) -> Place | None:
        """Return the earliest Story that tells the same. One of which more Items tell another
        stage than tell the same is not joined: an Item that says little would bind both stages
        together.
        """
        for at, one in enumerate(self._live):
            text = self._read[at] = remembered(one.item)
            if self._may_tell_the_same(text):
                verdict = self._verdict(at)
                if verdict.is_same and self._votes(at) > 0:
                    return Place(verdict, one.story_id, one.item.id)
        return None

    def apart(self) -> Place:
        """Return a Place of its own, with the latest Story it is near to and what keeps them
        apart.
        """
        backwards = range(len(self._live) - 1, -1, -1)
        for at in backwards:
            if self._verdict(at) is Verdict.STAGE and is_near(self._new, self._opened(at)):
                return Place(Verdict.STAGE, 0, self._live[at].item.id, self._live[at].story_id)
        for at in backwards:
            verdict = self._verdict(at)
            if verdict is not Verdict.OTHER:
                shown = verdict if verdict is not Verdict.STAGE else Verdict.OTHER
                return Place(shown, 0, self._live[at].item.id)
        return Place(Verdict.OTHER)

    def _votes(self, here: int) -> int:
        """Count the Items of the Story here, where one tells the same, that do, less those that
        tell another stage.
        """
        places = self._of_one_story(here)
        if len(places) == 1:
            return 1
        votes = 0
        for at in places:
            verdict = self._verdict(at)
            votes += verdict.is_same - (verdict in (Verdict.STAGE, Verdict.DOCKET))
        return votes

    def _of_one_story(self, at: int) -> Sequence[int]:
        """Return the places of the Items of the Story one of whose Items is here."""
        live = self._live
        story_id = live[at].story_id
        first, last = at, at + 1
        while first and live[first - 1].story_id == story_id:
            first -= 1
        while last < len(live) and live[last].story_id == story_id:
            last += 1
        return range(first, last)

    def _verdict(self, at: int) -> Verdict:
        found = self._verdicts.get(at)
        if found is None:
            text = self._text(at)
            if self._tells_other_turns(text) and not may_be_one_text(self._shingles, text.shingles):
                found = Verdict.STAGE
            else:
                found = compare(self._new, self._opened(at), self._weigh)
            self._verdicts[at] = found
        return found

    def _may_tell_the_same(self, text: Remembered) -> bool:
        """Return False where they are surely not one story: what that needs is at hand."""
        if self._tells_other_turns(text) or tell_other_facts(self._new, text) is not None:
            return may_be_one_text(self._shingles, text.shingles)
        return True

    def _tells_other_turns(self, text: Remembered) -> bool:
        """Return whether turns alone keep them apart, however alike they are otherwise."""
        return self._turns is not None and _other_turns(self._turns, text.turns)

    def _opened(self, at: int) -> Told:
        found = self._told.get(at)
        if found is None:
            found = self._told[at] = self._text(at).told()
        return found

    def texts(self) -> list[Remembered]:
        """Return what every live Item tells."""
        return [one or self._text(at) for at, one in enumerate(self._read)]

    def _text(self, at: int) -> Remembered:
        found = self._read[at]
        if found is None:
            found = self._read[at] = remembered(self._live[at].item)
        return found


class _Weights(dict[str, float]):
    """How much each word says among these headlines: little when many of them say it."""

    def __init__(self, said: _Said, whose: Hashable) -> None:
        super().__init__()
        self._said = said
        self._whose = whose
        self._seen: Counter[str] | None = None
        self._of = 0

    def __missing__(self, word: str) -> float:
        if self._seen is None:
            texts = self._said.texts()
            self._seen, self._of = words_of(texts, self._whose), len(texts)
        weight = self[word] = _weight(self._seen[word], self._of)
        return weight


@lru_cache(maxsize=20_000)
def _weight(seen: int, of: int) -> float:
    """Return how much a word says that so many headlines of so many say."""
    return log((of + 1) / (seen + 1)) / log(of + 1) + 0.05
