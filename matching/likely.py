"""Whether words that met the keys of a name can be words of it at all.

Keys merge much, so most that meet is not meant. This is asked before a Term is compiled and aligned
with the text, which costs ten times as much. It only compares words, and lets pass all that the
alignment could take for the name, and more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from matching import abroad, anatomy, eastern, endings, forms, known, sounds
from matching.customs import Custom, customs_of
from matching.fit import fit, slip
from matching.names import mohammads, read_as_one
from matching.scripts import LATIN
from matching.text import HYPHENS, WORD, WORDS, Word
from matching.word_keys import VERSUS_WORDS
from model.watch import WatchKind

MOST_PARTS = 6
"""Longer names are always aligned."""
TONGUES = frozenset(endings.FAMILY_OF.values()) - {endings.UNINFLECTED}
"""Every family of endings: where nobody said which language is spoken, a name bears its own."""
LONGEST_ADDED = 6
"""Letters that an ending adds, at most."""
_BARE = str.maketrans("", "", "aeiouhvgckqsjwxyz")
"""What romanisations agree on: all but vowels, throats and hisses."""
_T_OF_CH = re.compile("t(?=ch|s|i[aeiou])")
"""What France, Sweden and the Netherlands write before the hiss of ch: Tchekhov, Tjechov; and
Hebrew names in the hiss of tz.
"""
_ALIKE = frozenset(
    [
        *("fp", "pf", "ts", "st", "tc", "ct", "ck", "kc", "gk", "kg"),
        *("hc", "ch", "gi", "ig", "gh", "hg", "hi", "ih", "si", "is", "sc", "cs"),
        *(a + b for a in "aeiou" for b in "aeiou"),
    ]
)
"""First letters that may be one sound in some romanisation."""
_FREE = VERSUS_WORDS | anatomy.SON_OF | anatomy.ABD | frozenset(anatomy.ABBREVIATIONS)
_WITHIN = _FREE | anatomy.PARTICLES | anatomy.JOINING | anatomy.ARTICLES_AR | anatomy.SAINTLY
"""Small words that stand within names."""
_SPELT = frozenset({WatchKind.PERSON, WatchKind.ORG, WatchKind.VESSEL})
"""Kinds of which the words tell something before they are compiled."""
_NOTATION = re.compile(r'["“”„«»=~/]|\bv\b|\bvs\b')
"""What makes a name one to be read in some other way."""
_FAITH = ("ldin", "ldine", "ldeen", "ldien")
"""Ends of names in which the article is heard or not: Nour al-Din is Noureddine."""
_QUOTES = re.compile(r"[\"“”„«»‹›「『(\[`´]|(?<!\w)['’‘‚]")
"""What a nickname between given name and surname stands in."""


class _Spelling(NamedTuple):
    """One word of a name, with what is asked of it again and again."""

    word: Word
    fold: str
    bones: str
    first: str
    """Of its skeleton; empty where it is not in Latin letters."""
    stem: str
    """The beginning of its skeleton that every case keeps."""
    bare: str
    korean: str
    """How it sounds, if it is Korean."""
    customs: tuple[Custom, ...] = ()
    """By which it may be spelt otherwise."""

    @classmethod
    def of(cls, word: Word, *, korean: bool) -> _Spelling:
        """Prepare a word; `korean`: of a name that may be Korean."""
        bones = word.skeleton
        latin = word.script == LATIN
        sound = sounds.korean(word.fold) if korean and latin else ""
        stem, bare = endings.stem_of(bones), _bare(bones)
        return cls(word, word.fold, bones, bones[:1] if latin else "", stem, bare, sound)


class Likely:
    """Asks it of the words of one text."""

    def __init__(
        self,
        text: str,
        words: Sequence[str],
        spoken: frozenset[str],
        tied: Collection[int],
        *,
        small: bool,
    ) -> None:
        """`spoken`: the families of endings that may be heard in the text; `tied`: the places where
        words begin that a hyphen parts; `small`: there are no capitals.
        """
        self._text = text
        self._words = words
        self._spoken = spoken
        self._tied = tied
        self._small = small

    def found(self, term: forms.Term, places: Sequence[int]) -> bool:
        """Whether at any two of `places`, which are pairs, can stand two words of `term`; true for
        Terms of which nothing can be told before they are compiled.
        """
        if term.near or term.kind not in _SPELT:
            return True
        if term.kind is not WatchKind.PERSON:
            return self._may_be_phrase(term.text, places)
        spellings = _spellings(term.text)
        if not spellings:
            return True
        told: dict[int, bool] = {}
        for first, second in zip(places[::2], places[1::2], strict=True):
            if (
                (second - first < 2 or self._one_name(first, second, spellings))
                and self._may(first, spellings, told)
                and self._may(second, spellings, told)
            ):
                return True
        return False

    def _may_be_phrase(self, text: str, places: Sequence[int]) -> bool:
        """Whether at any two of `places` can stand words of the name of an organisation or ship,
        which may also be joined or parted otherwise than the name has them.
        """
        spellings = () if _NOTATION.search(text) else _spellings(text)
        if not spellings:
            return True
        whole = "".join(WORDS[raw].fold for raw in WORD.findall(text))
        told: dict[int, bool] = {}
        for place in places:
            if place not in told:
                word = WORDS[self._words[place]]
                told[place] = (
                    word.fold.startswith("ex")
                    or word.fold in whole
                    or (word.head != "" and WORDS[word.head].fold in whole)
                    or self._may(place, spellings, {})
                )
        return any(told[a] and told[b] for a, b in zip(places[::2], places[1::2], strict=True))

    def _one_name(self, first: int, second: int, spellings: tuple[_Spelling, ...]) -> bool:
        """Whether what stands between two words can stand within a name: no small letters other
        than particles, unless the two are small, too, or something is in quotes.
        """
        words = self._words
        if self._small or (words[first].islower() and words[first] not in VERSUS_WORDS):
            return True
        if words[second].islower():
            return True
        for place in range(first + 1, second):
            if words[place].islower() and not self._is_tied(place):
                folded = WORDS[words[place]].fold
                if folded not in _WITHIN and all(one.word.fold != folded for one in spellings):
                    return self._quoted
        return True

    def _is_tied(self, place: int) -> bool:
        """Whether a hyphen may tie a word to the one before: Jae-hyeok."""
        return place in self._tied or place - 1 in self._tied

    @cached_property
    def _quoted(self) -> bool:
        return _QUOTES.search(self._text) is not None

    def _may(self, place: int, spellings: tuple[_Spelling, ...], told: dict[int, bool]) -> bool:
        may = told.get(place)
        if may is None:
            may = place in self._tied or self._is_one(WORDS[self._words[place]], spellings)
            told[place] = may
        return may

    def _is_one(self, word: Word, spellings: tuple[_Spelling, ...]) -> bool:
        if len(word.fold) < 2 or word.fold in _FREE:
            return True
        if word.script == LATIN and not word.head:
            return self._is_latin_one(word, spellings)
        if word.fold.startswith("عبد"):
            return True
        within = word.fold.removeprefix("ال")
        return any(
            one.word.fold.startswith(word.fold)
            or within == one.word.fold.removeprefix("ال")
            or self._fits(one, word)
            for one in spellings
        )

    def _is_latin_one(self, word: Word, spellings: tuple[_Spelling, ...]) -> bool:
        folded, bones = word.fold, word.skeleton
        for one in spellings:
            if one.bones == bones or one.fold.startswith(folded):
                return True
        first, bare = bones[:1], _bare(bones)
        for one in spellings:
            if one.korean and one.korean == sounds.korean(folded):
                return True
            if not one.first:
                if self._fits(one, word):
                    return True
            elif (one.first == first or one.first + first in _ALIKE) and self._agrees(
                one, word, bare
            ):
                return True
        return False

    def _agrees(self, one: _Spelling, word: Word, bare: str) -> bool:
        """Whether two words in Latin letters that may begin alike can be one name; `bare` is what
        is left of the text's.
        """
        bent = word.skeleton.startswith(one.stem)
        bent = bent and len(word.skeleton) <= len(one.bones) + LONGEST_ADDED
        if bent and len(one.stem) > 2:
            return True
        if not (
            bent or one.bare == bare or one.fold.startswith("abd") or one.fold.endswith(_FAITH)
        ):
            return slip(one.fold, word.fold) >= 0 or one.bones in endings.IRREGULAR
        if abroad.written(one.word, word, self._spoken) is not None:
            return True
        return self._fits(one, word)

    def _fits(self, one: _Spelling, word: Word) -> bool:
        if fit(one.word, word, self._spoken, arabic=True) is not None:
            return True
        return any(custom.alike(one.word, word) for custom in one.customs)


def _bare(bones: str) -> str:
    """Return what romanisations agree on of a skeleton."""
    return (_T_OF_CH.sub("", bones) if "t" in bones else bones).translate(_BARE)


@lru_cache(maxsize=20_000)
def _spellings(text: str) -> tuple[_Spelling, ...]:
    """Return the words of a name, single and joined as a text may join them; empty where this says
    too little: one word, a phrase in quotes, an alias that begins with a title.
    """
    text = read_as_one(text)
    raws = WORD.findall(text.replace("\u200c", " "))
    if not 1 < len(raws) <= MOST_PARTS or text[:1] in '"“”«„=':
        return ()
    words = [WORDS[raw] for raw in raws]
    if words[0].fold in anatomy.TITLES or words[0].fold in anatomy.ARTICLE:
        return ()
    homes = [eastern.homes_of(word) for word in words]
    korean = any("ko" in one for one in homes)
    found = [one for word in words for one in _spellings_of(word, korean=korean)]
    if any(homes) or _tied(text, words):
        for size in (2, 3):
            for first in range(len(raws) - size + 1):
                joined = WORDS["".join(raws[first : first + size])]
                found.append(_Spelling.of(joined, korean=korean))
    for article, word in pairwise(words):
        if article.fold in anatomy.ARTICLES_AR:
            found += [_Spelling.of(WORDS[o], korean=korean) for o in forms.with_article(word.fold)]
    if both := mohammads(words[0], words[1]):
        found.append(_Spelling.of(both, korean=korean))
    if customs := customs_of(*words):
        found = [one._replace(customs=customs) for one in found]
    return tuple(found)


@lru_cache(maxsize=20_000)
def _spellings_of(word: Word, *, korean: bool) -> tuple[_Spelling, ...]:
    """Return a word of a name as it is, without what a text may write apart from it, and as sister
    languages have it. Names share many of their words.
    """
    apart = (word.tail,) if len(word.tail) > 1 else ()
    others = (*forms.halves(word.fold), *known.equivalents(word.fold), *apart)
    return tuple(
        _Spelling.of(one, korean=korean) for one in (word, *(WORDS[other] for other in others))
    )


_JOINED = anatomy.PARTICLES | anatomy.SON_OF | anatomy.ABD | anatomy.SAINTLY
_TIES = re.compile(rf"[{HYPHENS}\u200c]")


def _tied(text: str, words: list[Word]) -> bool:
    """Whether some words of a name may be one part of it: a hyphen or a particle ties them."""
    return _TIES.search(text) is not None or any(word.fold in _JOINED for word in words)
