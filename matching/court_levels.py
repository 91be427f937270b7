"""Which levels of courts a text names, the highest, one of appeal or another (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import TypeAlias

from matching.stopwords import COURTS
from matching.turns import ARTICLE, SEEN_MOST, folded

_Court: TypeAlias = tuple[str, re.Pattern[str]]
"""A level, and how courts of it are called."""
_LOOSE = re.compile(r"\(.*?\)\??|\[.*?\][?*+]?|\\.[?*+]?|.[?*]|\W")
"""What of a pattern need not stand in one word of a text, letter by letter."""


def _piece(name: str) -> str:
    """Return letters that are in a word of every text in which a pattern is found."""
    return max((one.removeprefix(ARTICLE) for one in _LOOSE.split(name)), key=len)


_PIECES = tuple(
    (_piece(name), (level, re.compile(name)))
    for level, names in COURTS.items()
    for name in map(folded, names)
)


class _Named(dict[str, tuple[_Court, ...]]):
    """What courts may be called in a text that has a word, for each word seen so far."""

    def __missing__(self, word: str) -> tuple[_Court, ...]:
        if len(self) > SEEN_MOST:
            self.clear()
        found = self[word] = tuple(court for piece, court in _PIECES if piece in word)
        return found


_NAMED = _Named()


def levels_in(text: str, words: Iterable[str]) -> frozenset[str]:
    """Return the levels of the courts that a folded text names, given with its words."""
    courts = frozenset(chain.from_iterable(map(_NAMED.__getitem__, words)))
    return frozenset(level for level, name in courts if name.search(text))
