"""Where a word that tells a turn of a case is used in another sense: "seizes power", "drops an
album" (pure).

The table is `model/senses.toml`, compiled for vigil from reading headlines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_NEAR = 3
"""Words within which that stands which makes it another sense."""
_BEYOND = 4
"""Words within which it does though a preposition stands between."""
_PERSON = 6
"""Words within which a person would be marked as one."""
_WORD = re.compile(r"[\w'’-]+")
_ASIDE = re.compile(r",\s+([^,;:.]{3,60}\b(?:19|20)\d\d)\s*,")
"""What went before, told in passing: "Luna, arrested in 2020, publishes memoir"."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words, and beginnings of words."""

    whole: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()

    @classmethod
    def of(cls, listed: str) -> Words:
        """Return the words of a text; "arrest*" is any that begins so."""
        words = listed.split()
        begins = tuple(one[:-1] for one in words if one.endswith("*"))
        return cls(frozenset(one for one in words if not one.endswith("*")), begins)

    def hold(self, word: str) -> bool:
        """Return whether a word is among them."""
        return word in self.whole or word.startswith(self.begins)

    def __or__(self, other: Words) -> Words:
        """Return the words of both."""
        return Words(self.whole | other.whole, self.begins + other.begins)


_NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Unless:
    """Beside what a word says nothing."""

    after: Words = _NO_WORDS
    """Close behind it, and before the next word of `ends`."""
    beyond: Words = _NO_WORDS
    """Behind it, whatever stands between."""
    before: Words = _NO_WORDS
    """Directly before it."""
    ends: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    """Before a thing, where a person is marked by one of `persons`; none where it may be either."""
    persons: frozenset[str] = frozenset()
    is_needy: bool = False
    """Alone, and before others, it says something only beside a word of law or another turn."""

    def stands(self, words: Sequence[str], at: int, read: Sequence[int]) -> bool:
        """Return whether the word at a place is used in another sense. `read`: the places of a
        phrase that begins there, whose words can't make it one.
        """
        return (
            self._is_followed(words, at, read)
            or (at > 0 and self.before.hold(words[at - 1]))
            or self._is_of_a_thing(words, at, read)
        )

    def _is_followed(self, words: Sequence[str], at: int, read: Sequence[int]) -> bool:
        is_in_clause = True
        for place in range(at + 1, min(at + 1 + _BEYOND, len(words))):
            word = words[place]
            is_in_clause = is_in_clause and place <= at + _NEAR
            if place not in read and (
                self.beyond.hold(word) or (is_in_clause and self.after.hold(word))
            ):
                return True
            is_in_clause = is_in_clause and word not in self.ends
        return False

    def _is_of_a_thing(self, words: Sequence[str], at: int, read: Sequence[int]) -> bool:
        following = words[at + 1 : at + 1 + _PERSON]
        return bool(
            self.articles
            and following
            and at + 1 not in read
            and following[0] in self.articles
            and self.persons.isdisjoint(following)
        )

    def __or__(self, other: Unless) -> Unless:
        """Return what is said of the word in both."""
        return Unless(
            self.after | other.after,
            self.beyond | other.beyond,
            self.before | other.before,
            self.ends | other.ends,
            self.articles | other.articles,
            self.persons | other.persons,
            self.is_needy or other.is_needy,
        )


def aside_in(text: str, words: Sequence[str]) -> range:
    """Return the places of the words that a folded text tells in passing, of a year. `words`:
    its words; none where they are not those of the text.
    """
    hit = _ASIDE.search(text) if "," in text else None
    if hit is None or len(_WORD.findall(text)) != len(words):
        return range(0)
    first = len(_WORD.findall(text[: hit.start()]))
    return range(first, first + len(_WORD.findall(hit[1])))


@lru_cache(maxsize=64)
def unless(lang: str) -> Mapping[str, Unless]:
    """Return by word of a language beside what it says nothing; of no language, of every one."""
    every = _file()
    found: dict[str, Unless] = {}
    for table in [every.get(lang, {})] if lang else every.values():
        for row in table.get("senses", ()):
            one = _read(row, table)
            for word in row["words"].split():
                found[word] = found.get(word, Unless()) | one
        for word in table.get("needy", "").split():
            found[word] = found.get(word, Unless()) | Unless(is_needy=True)
    return found


@lru_cache(maxsize=64)
def law(lang: str) -> Words:
    """Return the words of courts and crimes of a language; of no language, of every one."""
    every = _file()
    tables = [every.get(lang, {})] if lang else every.values()
    return Words.of(" ".join(table.get("law", "") for table in tables))


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("model").joinpath("senses.toml").read_text("utf-8"))


def _read(row: Mapping[str, Any], table: Mapping[str, Any]) -> Unless:
    marked = table if row.get("is_done_to_persons", False) else {}
    return Unless(
        Words.of(row.get("after", "")),
        Words.of(row.get("beyond", "")),
        Words.of(row.get("before", "")),
        frozenset(table.get("ends", "").split()),
        frozenset(marked.get("articles", "").split()),
        frozenset(marked.get("persons", "").split()),
    )
