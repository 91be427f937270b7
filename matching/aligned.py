"""What a name aligned with the words of a text is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from matching import scripts
from matching.anatomy import Part
from matching.fit import Dress, Fit
from matching.reading import Gap
from matching.text import Case, Word

SOFT = frozenset({Gap.NONE, Gap.SPACE, Gap.HYPHEN})


ALPHABETS = frozenset({scripts.LATIN, scripts.CYRILLIC, scripts.GREEK})
"""Scripts of which one letter says something in another of them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A form of a name found in one field."""

    start: int
    end: int
    score: int
    code: str
    args: tuple[str, ...] = ()
    weak: bool = False
    """It counts only near another part of the name or a context word."""


class Matched(NamedTuple):
    """A Part found at the words first..last."""

    first: int
    last: int
    fits: tuple[Fit, ...]
    bare: bool = False
    """Its particles are left out."""

    @property
    def dress(self) -> Dress:
        """The furthest dress of its words."""
        return max((one.dress for one in self.fits), default=Dress.EXACT)

    @property
    def suffixed(self) -> bool:
        """Whether its last word bears an ending only last words take."""
        return any(one.suffixed for one in self.fits)


@dataclass(slots=True)
class Block:
    """The given names found beside a surname."""

    matched: dict[int, Matched] = field(default_factory=dict)
    initials: set[int] = field(default_factory=set)
    strangers: list[int] = field(default_factory=list)
    """Places of initials and given names that are not in the Watch, between listed ones."""
    leading: list[int] = field(default_factory=list)
    """The same, before the first listed one."""
    patronymics: list[int] = field(default_factory=list)
    first: int = -1
    last: int = -1


class Surnames(NamedTuple):
    """The surnames found together."""

    matched: dict[int, Matched]
    first: int
    last: int
    joined: bool = False
    """By y, e or i."""
    cut: bool = False
    """The second is cut to its initial."""


def initial_of(part: Part) -> str:
    """Return the first letter of a part, its particles left out."""
    return (part.core or part.word).fold[:1]


_CASELESS = frozenset({scripts.HEBREW, scripts.ARABIC, scripts.DEVANAGARI})


def is_initial(word: Word) -> bool:
    """Whether `word` is one capital letter, or one letter of a script that has no capitals."""
    if len(word.fold) != 1 or word.fold.isdigit() or word.fold == "و":  # Arabic "and"
        return False
    return word.case in {Case.TITLE, Case.UPPER} or word.script in _CASELESS


def is_letter(word: Word) -> bool:
    """Whether a single letter is an initial rather than a word or a digit."""
    return not word.fold.isdigit() and word.raw not in {"A", "Y", "E", "O", "I"}
