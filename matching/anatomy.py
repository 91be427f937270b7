"""What names are made of: parts, persons and phrases, and the small words that belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from matching import known, scripts
from matching.text import HYPHENS, WORD, WORDS, Word

PARTICLES = known.listed("particles")
"""Small words that belong to the surname after them."""
_SUN_ARTICLES = frozenset(
    vowel + heard for vowel in "ae" for heard in ("d", "n", "r", "s", "sh", "t", "z", "ch")
)
"""The Arabic article as it sounds before the letter it ends in: es-Sayegh for al-Sayegh."""
ARTICLES_AR = _SUN_ARTICLES | {"al", "el", "ul", "il"}
SON_OF = frozenset(["בנ", "בת", "bin", "ibn", "ben", "bint", "بن", "ابن", "بنت"])
ABD = frozenset(["abd", "abdel", "abdul", "abdal", "abu", "abou", "umm", "عبد", "ابو", "ام"])
JOINING = frozenset(["y", "e", "i", "und"])
SUFFIXES = {
    "jr": "jr",
    "junior": "jr",
    "jnr": "jr",
    "hijo": "jr",
    "filho": "jr",
    "fils": "jr",
    "sr": "sr",
    "senior": "sr",
    "snr": "sr",
    "padre": "sr",
    "pere": "sr",
    "neto": "neto",
    "sobrinho": "sobrinho",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "2nd": "2",
    "3rd": "3",
    "4th": "4",
    "esq": "",
}
ABBREVIATIONS = known.abbreviations()
"""Usual written abbreviations (with a point, or in capitals). Short forms (Bob, Pepe) are not."""
TITLES = known.listed("titles")
RANKS = known.listed("ranks")
"""Titles beside which a surname alone counts, when the Watch has context words."""
ARTICLE = known.listed("article")
SAINTS = frozenset(
    ["san", "santa", "santo", "sao", "saint", "sainte", "sankt", "sint", "sveti", "agios", "sveta"]
)
SAINTLY = frozenset(["san", "santa", "santo", "saint", "sainte", "st", "ste"])
"""Words that with the next one make one surname: Santa María, San Román, St. Clair."""
COMMON_GIVEN = known.listed("common_given")
COMMON_SURNAMES = known.listed("common_surnames")


class Culture(StrEnum):
    """Whose customs decide which parts of a name may be left out."""

    SPANISH = "es"
    PORTUGUESE = "pt"
    IBERIAN = "iberian"
    """Spanish or Portuguese; or of unclear origin with three or more parts."""
    EASTERN = "eastern"
    """Surname first, nothing left out: Chinese, Korean, Vietnamese."""
    ARABIC = "ar"
    SLAVIC = "ru"
    WESTERN = "west"


@dataclass(frozen=True, slots=True)
class Part:
    """One given name or one surname, with the particles before it."""

    word: Word
    """All of it as one word ("vandenakker")."""
    pieces: tuple[Word, ...]
    """The words it is written with ("van", "den", "akker")."""
    core: Word | None = None
    """Without its particles; None when it has none."""
    particles: tuple[str, ...] = ()
    patronymic: bool = False
    openers: frozenset[str] = frozenset()
    """The first letters, in Latin, of a word it may begin with."""

    @property
    def initial(self) -> str:
        """Its first letter, folded."""
        return self.pieces[0].fold[:1]


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name, understood."""

    text: str
    given: tuple[Part, ...]
    surnames: tuple[Part, ...]
    culture: Culture
    suffix: str = ""
    spelled: frozenset[str] = frozenset()
    """The scripts in which the Watch spells the name itself: only in others is it transcribed."""
    derived: bool = False
    """It was romanised from another script."""
    tongue: str = ""
    """The family of endings of its own language; empty when its names take none."""

    @property
    def heads(self) -> tuple[int, ...]:
        """Which surnames make a mention together with the given name."""
        last = len(self.surnames) - 1
        if self.culture is Culture.SPANISH or last == 0:
            return (0,)
        if self.culture is Culture.IBERIAN:
            return (0, last)
        return (last,)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a fixed order: an organisation, a ship, an alias, a phrase."""

    text: str
    words: tuple[Word, ...]
    """Without legal form, article and ship's prefix; AND stands for any "and"."""
    lead: tuple[Word, ...] = ()
    """What may stand before it and then belongs to it: an article, a ship's prefix."""
    variants: bool = True
    """Whether inflected and other spellings count."""
    literal: bool = False
    commas: bool = False
    """Its own spelling has a comma, which a text may have too."""
    kind: str = "phrase"
    """"org", "vessel", "phrase" or "alias"."""


_PATRONYMIC = re.compile(
    r"(?:ович|евич|ьич|ыч|ич|овна|евна|ична|івна|ївна|йович"
    r"|ovich|evich|ovych|yevich|ievich|owicz|ovic|ovna|evna|ivna|yevna|ichna|iivna)$"
)
_PATRONYMIC_ANY = re.compile(
    r"(?:ович|евич|ьич|ич|йович|ovich|evich|ovych|ievych|yovych|ovych)(?:а|у|ем|ом|е|еві|ові|a|u|em|om)?$"
    r"|(?:овн|евн|ичн|инишн|івн|ївн|ovn|evn|ivn|ichn)(?:а|ы|и|е|і|у|ой|ою|a|y|i|e|u|oy|oi)$"
)


_DAUGHTERS = re.compile(
    r"(?:овн|евн|ичн|инишн|івн|ївн|ovn|evn|ivn|ichn)(?:а|ы|и|е|і|у|ой|ою|a|y|i|e|u|oy|oi)$"
)


def is_patronymic(word: Word) -> bool:
    """Whether `word` is a patronymic in any case (Павлович, Павловича, Pavlovna)."""
    return len(word.fold) > 4 and _PATRONYMIC_ANY.search(word.fold) is not None


def is_daughters(word: Word) -> bool:
    """Whether a patronymic is a woman's (Павловна, Pavlovny)."""
    return _DAUGHTERS.search(word.fold) is not None


def pieces_of(text: str) -> list[tuple[Word, bool]]:
    """Return the words of a name, each with whether a hyphen ties it to the one before."""
    found: list[tuple[Word, bool]] = []
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        tied = bool(found) and len(between) == 1 and between in HYPHENS
        found.append((WORDS[match.group()], tied))
        end = match.end()
    return found


def _leads(folded: str, following: str) -> bool:
    """Whether a word is a particle of the name after it."""
    if folded in PARTICLES or folded in SON_OF:
        return True
    return folded in _SUN_ARTICLES and following.startswith(folded[1:])


@lru_cache(maxsize=20_000)
def make_part(pieces: tuple[Word, ...]) -> Part:
    """Return the Part written with `pieces`: one and the same for the same words, for names share
    many of them.
    """
    lead = 0
    while lead < len(pieces) - 1 and _leads(pieces[lead].fold, pieces[lead + 1].fold):
        lead += 1
    word = pieces[0] if len(pieces) == 1 else WORDS["".join(piece.raw for piece in pieces)]
    core = None
    if lead:
        rest = pieces[lead:]
        core = rest[0] if len(rest) == 1 else WORDS["".join(piece.raw for piece in rest)]
    elif word.script == scripts.ARABIC and word.fold.startswith("ال") and len(word.fold) > 4:
        core = WORDS[word.fold[2:]]
    particles = tuple(piece.fold for piece in pieces[:lead])
    fathers = _PATRONYMIC.search(word.fold) is not None or (pieces[0].fold in SON_OF and lead > 0)
    sisters = tuple(WORDS[other] for other in known.equivalents(word.fold))
    words = (word, *pieces, core or word, *sisters)
    openers = frozenset(letter for one in words for letter in (one.fold[:1], one.skeleton[:1]))
    return Part(
        word, pieces, core, particles, fathers, openers | _ALSO_OPEN.get(word.skeleton[:1], openers)
    )


_ALSO_OPEN = {"h": frozenset("c"), "c": frozenset("hs"), "s": frozenset("ci"), "i": frozenset("s")}
"""Hatzis is also written Chatzis, and Zhigalov Jigalov, Shishani Chichani."""
