"""Which live Story a new Item belongs to (pure): what the store calls inside its transaction.

Per Watch and reader there are tens to hundreds of live Items: they are handed in as they were
loaded, and nothing is remembered here but how a text reads (a cache, never needed for the answer).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
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
_IN_ORDER = attrgetter("at", "story_id")


def place(item: Item, at: datetime, kept: Iterable[Kept]) -> Place:
    """Say where an Item that came `at` belongs among the live Items of the Watches it mentions.

    `kept` holds only Items of Stories that the reader was told for all of these Watches, in any
    order; those older than WINDOW are passed over. The Item itself must not be among them.
    """
    forget(at)
    oldest = at - WINDOW
    live = [one for one in kept if one.at >= oldest]
    live.sort(key=_IN_ORDER)
    said = _Said(remembered(item), live)
    return said.joined() or said.apart()


class _Said:
    """What a new Item and each live one are to each other, found out as far as it is asked for:
    the turns alone tell most of them apart.
    """

    def __init__(self, new: Remembered, live: Sequence[Kept]) -> None:
        self._new = new.told()
        self._turns = new.turns
        self._shingles = frozenset(new.shingles)
        self._live = live
        self._read: list[Remembered | None] = [None] * len(live)
        self._told: list[Told | None] = [None] * len(live)
        self._verdicts: list[Verdict | None] = [None] * len(live)
        self._weigh = _Weights(self).__getitem__ if len(live) >= _ENOUGH else None

    def __len__(self) -> int:
        return len(self._live)

    def heads(self) -> list[tuple[str, ...]]:
        """Return the keys of every headline's words."""
        return [(one or self._remembered(at)).head for at, one in enumerate(self._read)]

    def joined(self) -> Place | None:
        """Return the earliest Story that tells the same. One of which more Items tell another
        stage than tell the same is not joined: an Item that says little would bind both stages
        together.
        """
        for at, one in enumerate(self._live):
            text = self._read[at] = remembered(one.item)
            if self._may_tell_the_same(text):
                verdict = self._verdict(at)
                if verdict.is_same and self._votes(one.story_id) > 0:
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

    def _votes(self, story_id: int) -> int:
        """Count the Items of a Story, one of which tells the same, that do, less those that tell
        another stage.
        """
        places = [at for at, one in enumerate(self._live) if one.story_id == story_id]
        if len(places) == 1:
            return 1
        votes = 0
        for at in places:
            verdict = self._verdict(at)
            votes += verdict.is_same - (verdict in (Verdict.STAGE, Verdict.DOCKET))
        return votes

    def _verdict(self, at: int) -> Verdict:
        found = self._verdicts[at]
        if found is None:
            one = self._remembered(at)
            if self._tells_other_turns(one) and not may_be_one_text(self._shingles, one.shingles):
                found = Verdict.STAGE
            else:
                found = compare(self._new, self._opened(at), self._weigh)
            self._verdicts[at] = found
        return found

    def _may_tell_the_same(self, one: Remembered) -> bool:
        """Return False where they are surely not one story: what that needs is at hand."""
        if self._tells_other_turns(one) or tell_other_facts(self._new, one) is not None:
            return may_be_one_text(self._shingles, one.shingles)
        return True

    def _tells_other_turns(self, one: Remembered) -> bool:
        """Return whether turns alone keep them apart, however alike they are otherwise."""
        return not self._new.dockets and _other_turns(self._turns, one.turns)

    def _opened(self, at: int) -> Told:
        found = self._told[at]
        if found is None:
            found = self._told[at] = self._remembered(at).told()
        return found

    def _remembered(self, at: int) -> Remembered:
        found = self._read[at]
        if found is None:
            found = self._read[at] = remembered(self._live[at].item)
        return found


class _Weights(dict[str, float]):
    """How much each word says among these headlines: little when many of them say it."""

    def __init__(self, said: _Said) -> None:
        super().__init__()
        self._said = said
        self._seen: Counter[str] | None = None

    def __missing__(self, word: str) -> float:
        if self._seen is None:
            self._seen = Counter(chain.from_iterable(self._said.heads()))
        count = len(self._said) + 1
        weight = self[word] = log(count / (self._seen[word] + 1)) / log(count) + 0.05
        return weight
