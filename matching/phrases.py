"""Is it really this organisation, ship, alias or phrase: words in a fixed order."""

from __future__ import annotations

import unicodedata

from matching import known
from matching.aligned import SOFT, Hit
from matching.anatomy import Phrase
from matching.fit import Dress, Fit, fit
from matching.reading import Gap, Reading
from matching.scores import Score
from matching.text import WORDS, Case, Word

CONJUNCTIONS = known.listed("conjunctions")
NUMERALS = frozenset(["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"])


INDEFINITE = known.listed("indefinite")
LONGEST_ACRONYM = 4
"""Longer acronyms are hardly words of any language."""
LONGEST_DOTTED = 6
"""Longer ones are hardly written with points."""


def is_acronym(phrase: Phrase) -> bool:
    """Whether a phrase is one short word in capitals, which may be written with points."""
    own = phrase.words[0]
    short = len(phrase.words) == 1 and 1 < len(own.raw) <= LONGEST_DOTTED
    return short and own.raw.isalpha() and own.case is Case.UPPER and not phrase.literal


class Sequencer:
    """Looks for one Phrase in one Reading."""

    def __init__(self, phrase: Phrase, reading: Reading) -> None:
        """Take the phrase and the field."""
        self.phrase = phrase
        self.reading = reading
        self.refused: list[Hit] = []
        self.variants = phrase.variants and not phrase.literal
        # "H-2", "H2" and "H 2" are one: compared without anything between the words.
        self.squashed = "".join(word.fold for word in phrase.words)
        self.acronym = len(self.squashed) if is_acronym(phrase) else 0

    def hits(self, places: list[int], *, alone: bool = False) -> list[Hit]:
        """Return what is found with a first word near `places`."""
        found: list[Hit] = []
        reach = len(self.phrase.words) + 3
        firsts = {
            first
            for place in places
            for first in range(max(0, place - reach), min(len(self.reading), place + 2))
        }
        for first in sorted(firsts):
            hit = self._at(first)
            if hit:
                found.append(hit)
        return found

    def _at(self, first: int) -> Hit | None:
        aligned = self.aligned(first) or self.squashed_at(first)
        if aligned is None:
            return None
        last, fits = aligned
        score = self._judge(first, last, fits)
        if score is None:
            return None
        spans = self.reading.spans
        start = spans[first][0] + (fits[0].skip if fits else 0)
        end = spans[last][1] - (fits[-1].spare if fits else 0)
        start = self._with_lead(first, start)
        if self.phrase.literal and not self._literally(start, end):
            return None
        return Hit(start, end, score.value, score.code)

    def _literally(self, start: int, end: int) -> bool:
        """Whether the text has the very signs of the phrase; only spaces may differ."""
        shown = unicodedata.normalize("NFC", " ".join(self.reading.text[start:end].split()))
        return shown == unicodedata.normalize("NFC", self.phrase.text.strip())

    def aligned(self, first: int) -> tuple[int, list[Fit]] | None:
        """Match word by word; any "and" stands for any other."""
        place, fits = first, []
        for step, name in enumerate(self.phrase.words):
            conjunction = name.fold in CONJUNCTIONS and step > 0
            if conjunction and self.reading.gap(place - 1) is Gap.AND:
                continue
            if place >= len(self.reading) or (step and not self._soft(place - 1)):
                return None
            word = self.reading.word(place)
            one = (
                Fit(Dress.EXACT)
                if conjunction and word.fold in CONJUNCTIONS
                else self.fit_word(name, word)
            )
            if one is None or (one.spare and step < len(self.phrase.words) - 1):
                return None
            fits.append(one)
            place += 1
        return place - 1, fits

    def fit_word(self, name: Word, word: Word) -> Fit | None:
        """Return how `word` is a word of the phrase, or None."""
        if (
            self.phrase.kind == "org"
            and name is self.phrase.words[0]
            and word.fold == "ex" + name.fold
        ):
            return Fit(Dress.EXACT, 2)
        if not self.variants:
            if name.fold == word.fold:
                return Fit(Dress.EXACT)
            if word.head and WORDS[word.head].fold == name.fold:
                return Fit(Dress.EXACT, 0, len(word.raw) - len(word.head))
            return None
        if name.fold.isdigit() or len(name.fold) < 2:
            return Fit(Dress.EXACT) if name.fold == word.fold else self._possessive(name, word)
        one = fit(name, word, self.reading.spoken)
        if one is not None and (one.dress is Dress.TYPO or self._plural(one, name, word)):
            return None
        if one is not None and one.dress is Dress.VARIANT and len(name.fold) < 5:
            return None
        return one

    def _plural(self, one: Fit, name: Word, word: Word) -> bool:
        """Whether a bare s is more likely a plural than a genitive: where nobody said so."""
        bare = one.suffixed and word.fold == name.fold + "s"
        return bare and self.phrase.kind == "org" and not self.reading.lang

    @staticmethod
    def _possessive(name: Word, word: Word) -> Fit | None:
        if word.head and WORDS[word.head].fold == name.fold:
            return Fit(Dress.EXACT, 0, len(word.raw) - len(word.head))
        return None

    def _soft(self, place: int) -> bool:
        gap = self.reading.gap(place)
        if gap in SOFT or gap is Gap.AND or (gap is Gap.COMMA and self.phrase.commas):
            return True
        if gap is Gap.HARD and self.reading.word(place).fold == "re":
            return self.phrase.words[0].fold == "in"  # "In re: …"
        return gap is Gap.POINT and len(self.reading.word(place).fold) == 1

    def squashed_at(self, first: int) -> tuple[int, list[Fit]] | None:
        """Match with other hyphens and spaces than the Watch has."""
        joined = ""
        reach = max(len(self.phrase.words) + 3, self.acronym)
        for last in range(first, min(first + reach, len(self.reading))):
            if last > first and self.reading.gap(last - 1) not in SOFT and not self._dotted(last):
                return None
            word = self.reading.word(last)
            whole = joined + word.fold
            if whole == self.squashed:
                return None if self._initials(first, last) else (last, [Fit(Dress.EXACT)])
            if word.head and joined + WORDS[word.head].fold == self.squashed:
                spare = len(word.raw) - len(word.head)
                return last, [Fit(Dress.EXACT, 0, spare)]
            if not self.squashed.startswith(whole):
                return None
            joined = whole
        return None

    def _dotted(self, place: int) -> bool:
        """Whether the word at `place` goes on an acronym that is written with points (C.S.N.)."""
        if not self.acronym or self.reading.gap(place - 1) is not Gap.POINT:
            return False
        return len(self.reading.word(place - 1).raw) == len(self.reading.word(place).raw) == 1

    def _initials(self, first: int, last: int) -> bool:
        """Whether two letters with points are rather somebody's initials: J.P. Morgan."""
        if last - first != 1 or not self.acronym or last + 1 >= len(self.reading):
            return False
        pointed = self.reading.gap(first) is self.reading.gap(last) is Gap.POINT
        return pointed and self.reading.word(last + 1).capital

    def _judge(self, first: int, last: int, fits: list[Fit]) -> Score | None:
        score = Score()
        for dress, value, code in Score.DRESSES:
            if any(one.dress is dress for one in fits):
                score.lower(value, code)
        if self.phrase.kind in {"org", "vessel"}:
            if self._numbered(last) or self._tied(first, last):
                self._refuse(first, last, "numeral")
                return None
            if self._small(first, last) or self._acronym_in_small(first, last):
                score.lower(Score.UNCLEAR, "small_letters")
        elif self._tied(first, last) and self.phrase.kind == "alias":
            self._refuse(first, last, "hyphen")
            return None
        return score

    def _numbered(self, last: int) -> bool:
        """Whether a numeral follows that makes it another entity."""
        if self.reading.gap(last) not in SOFT or last + 1 >= len(self.reading):
            return False
        word = self.reading.word(last + 1)
        roman = word.fold in NUMERALS and word.case is not Case.LOWER
        if word.fold.isdigit():
            return len(word.fold) < 4 or self.reading.gap(last) is Gap.HYPHEN
        return (roman and word.raw not in {"V", "X"}) or (roman and self.phrase.kind == "vessel")

    def _tied(self, first: int, last: int) -> bool:
        """Whether a hyphen ties it to another capital or number, as in a longer name."""
        if last + 1 < len(self.reading) and self.reading.gap(last) is Gap.HYPHEN:
            nxt = self.reading.word(last + 1)
            if nxt.raw[:1].isdigit():
                return True
        return False

    def _small(self, first: int, last: int) -> bool:
        """Whether all its words are in small letters although the text has capitals."""
        words = [self.reading.word(place) for place in range(first, last + 1)]
        if any(word.case is not Case.LOWER for word in words):
            return False
        if all(
            word.case is not Case.TITLE and word.case is not Case.UPPER
            for word in self.phrase.words
        ):
            return False
        return self.reading.capitals or self._one_of_many(first, words)

    def _one_of_many(self, first: int, words: list[Word]) -> bool:
        """Whether an indefinite article makes ordinary words of it: "a bold osprey"."""
        before = self.reading.word(first - 1).fold if first else ""
        return before in INDEFINITE and all(word.raw.isalpha() for word in words)

    def _acronym_in_small(self, first: int, last: int) -> bool:
        """Whether a short acronym is not in capitals although the text has other words in small
        letters: ICE is not ice, BON not Bon.
        """
        own, word = self.phrase.words[0], self.reading.word(first)
        short = first == last and own.case is Case.UPPER and len(own.fold) <= LONGEST_ACRONYM
        return short and word.case is not Case.UPPER and self.reading.capitals

    def _with_lead(self, first: int, start: int) -> int:
        """Let the span begin with the article or ship's prefix, where it stands there."""
        return start

    def _refuse(self, first: int, last: int, code: str) -> None:
        start, end = self.reading.spans[first][0], self.reading.spans[last][1]
        self.refused.append(Hit(start, end, 0, code, (self.reading.text[start:end],)))
