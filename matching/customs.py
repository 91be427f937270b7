"""Peoples who write one name in Latin letters in several ways, by customs of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from matching import greek, hebrew, indian
from matching.text import Word


class Custom(NamedTuple):
    """How one people spells names."""

    looks: Callable[[Word], bool]
    """Whether a name is of this people."""
    alike: Callable[[Word, Word], bool]
    """Whether two spellings may be of one name, if the one is of this people."""
    variants: Callable[[str], tuple[str, ...]]
    """Other spellings of a folded Latin name, under which it is looked up."""


GREEK = Custom(greek.looks_greek, greek.alike, greek.variants)
HEBREW = Custom(hebrew.looks_hebrew, hebrew.alike, hebrew.variants)
INDIAN = Custom(indian.looks_indian, indian.alike, indian.variants)
ALL = (GREEK, HEBREW, INDIAN)


@lru_cache(maxsize=20_000)
def customs_of(*words: Word) -> tuple[Custom, ...]:
    """Return the customs that a name of these words may follow: one of them tells for all."""
    return tuple(one for one in ALL if any(map(one.looks, words)))
