"""Which live Story a new Item belongs to (pure): what the store calls inside its transaction.

Per Watch and reader there are tens to hundreds of live Items: they are handed in as they were
loaded, and nothing is remembered here but how a text reads (a cache, never needed for the answer).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import log

from matching.compare import Verdict, compare, is_near
from matching.gist import Told, told
from model import Item

WINDOW = timedelta(hours=72)
"""How long an Item can be joined by others that tell the same."""
_READ = 4_000
"""So many texts stay read."""
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


def place(item: Item, at: datetime, kept: Iterable[Kept]) -> Place:
    """Say where an Item that came `at` belongs among the live Items of the Watches it mentions.

    `kept` holds only Items of Stories that the reader was told for all of these Watches, in any
    order; those older than WINDOW are passed over. The Item itself must not be among them.
    """
    new = reading(item)
    live = [(one, reading(one.item)) for one in kept if at - one.at <= WINDOW]
    live.sort(key=lambda pair: (pair[0].at, pair[0].story_id))
    weigh = _weights([text for _, text in live])
    said = [(one, compare(new, text, weigh)) for one, text in live]
    joined = _joined(said)
    if joined is not None:
        return joined
    return _apart(new, live, said)


def _joined(said: Sequence[tuple[Kept, Verdict]]) -> Place | None:
    """Return the earliest Story that tells the same. One of which more Items tell another stage
    than tell the same is not joined: an Item that says little would bind both stages together.
    """
    votes: Counter[int] = Counter()
    for one, verdict in said:
        votes[one.story_id] += verdict.is_same - (verdict in (Verdict.STAGE, Verdict.DOCKET))
    for one, verdict in said:
        if verdict.is_same and votes[one.story_id] > 0:
            return Place(verdict, one.story_id, one.item.id)
    return None


def _apart(
    new: Told, live: Sequence[tuple[Kept, Told]], said: Sequence[tuple[Kept, Verdict]]
) -> Place:
    """Return a Place of its own, with the latest Story it is near to and what keeps them apart."""
    for (one, text), (_, verdict) in zip(reversed(live), reversed(said), strict=True):
        if verdict is Verdict.STAGE and is_near(new, text):
            return Place(verdict, 0, one.item.id, one.story_id)
    for one, verdict in reversed(said):
        if verdict is not Verdict.OTHER:
            return Place(verdict if verdict is not Verdict.STAGE else Verdict.OTHER, 0, one.item.id)
    return Place(Verdict.OTHER)


def reading(item: Item) -> Told:
    """Return what an Item tells; a text that was read lately is not read again."""
    if item.filing is not None:
        return told(item)
    return _reading(item.title, item.summary[:_LONGEST], item.text[:_LONGEST], item.lang)


_LONGEST = 1_200


@lru_cache(maxsize=_READ)
def _reading(title: str, summary: str, text: str, lang: str) -> Told:
    return told(Item(title=title, summary=summary, text=text, lang=lang))


def _weights(live: Sequence[Told]) -> Callable[[str], float] | None:
    """Return how much a word says among these Items: little when many say it."""
    if len(live) < _ENOUGH:
        return None
    seen = Counter(word for one in live for word in one.head)
    count = len(live) + 1

    whole = log(count)
    known: dict[str, float] = {}

    def weigh(word: str) -> float:
        weight = known.get(word)
        if weight is None:
            weight = known[word] = log(count / (seen[word] + 1)) / whole + 0.05
        return weight

    return weigh
