"""What texts tell, kept small while they are live: a cache that no answer depends on (pure).

A text is read in a tenth of a millisecond; a Watch's live Items are compared with each new one,
so that they would be read again and again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from matching.gist import Gist, Told, TurnsTold, told
from matching.turns import Turns
from model import Item

MOST = 100_000
"""So many texts stay read, and as many at most that nobody asked for lately; about 2 kB each."""
DAY = timedelta(days=1)
"""What nobody asked for in a whole one is forgotten."""
_LONGEST = 1_200
"""Characters of a summary and a text that are read."""


@dataclass(frozen=True, slots=True)
class Remembered(Gist):
    """A `Told` in less room: its sets as tuples, which are a sixth of the size."""

    turns: TurnsTold
    """One and the same object for all Items that tell the same turns."""
    head: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]

    def told(self) -> Told:
        """Return it as it is compared."""
        of = self.turns
        own = (
            frozenset(self.head),
            frozenset(self.words),
            frozenset(self.names),
            of.turns,
            of.every_turn,
            of.headline_turns,
            of.told_turns,
        )
        return Told(*(*_gist(self), *own))


_gist = attrgetter(*(one.name for one in fields(Gist)))
"""What a `Gist` holds, in order: the first of what both ways to keep it hold."""


def remembered(item: Item) -> Remembered:
    """Return what an Item tells; a text that was read lately is not read again.

    It is known by a digest of the text: 64 bits with a secret of this process, by which no two
    texts are taken for one.
    """
    filed = item.filing and item.filing.number
    said = (item.title, item.summary[:_LONGEST], item.text[:_LONGEST], item.lang, filed)
    mark = hash(said)
    return _READ.young.get(mark) or _READ.again(mark) or _READ.keep(mark, _small(told(item)))


def forget(now: datetime) -> None:
    """Let go, once a DAY, of what nobody has asked for since the time before."""
    if _READ.since is None or not timedelta() <= now - _READ.since < DAY:
        _READ.since = now
        _READ.age()


class _Lately:
    """What was read lately. Threads may use it at the same time."""

    def __init__(self) -> None:
        self.young: dict[int, Remembered] = {}
        self.since: datetime | None = None
        self._old: dict[int, Remembered] = {}

    def again(self, mark: int) -> Remembered | None:
        """Return what nobody asked for lately, which is kept from now on; None: it was not read."""
        found = self._old.get(mark)
        return found and self.keep(mark, found)

    def keep(self, mark: int, one: Remembered) -> Remembered:
        """Keep what was just read or asked for, and return it."""
        if len(self.young) >= MOST:
            self.age()
        self.young[mark] = one
        return one

    def age(self) -> None:
        """Let go of what was not asked for since this was done last."""
        self.young, self._old = {}, self.young


_READ = _Lately()


def _small(one: Told) -> Remembered:
    turns = _turns(one.turns, one.every_turn, one.headline_turns, one.told_turns)
    own = (turns, tuple(one.head), tuple(one.words), tuple(one.names))
    return Remembered(*(*_gist(one), *own))


@lru_cache(maxsize=20_000)
def _turns(turns: Turns, every: Turns, headline: Turns, told_turns: Turns) -> TurnsTold:
    return TurnsTold(turns, every, headline, told_turns)
