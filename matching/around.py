"""What stands around a name and makes it another's: a given name, a surname, a hyphen, a place."""

from __future__ import annotations

from matching import anatomy, eastern, known, scripts
from matching.aligned import ALPHABETS, SOFT, Block, Surnames, is_initial, is_letter
from matching.anatomy import Culture
from matching.fit import Dress
from matching.reading import Gap, Style
from matching.scores import Score
from matching.text import Case, Word
from matching.walk import Walk

_ONE_LETTER_WORDS = frozenset("aeiouyавикосуяіїєзйюοηαω")
"""Words of one letter that begin sentences and headlines: articles, "and", "or", "I", "in"."""

_SLAVIC_WORDS = frozenset("kksvwz")

EX = frozenset(["ex", "non", "pro", "anti", "post", "pre", "former", "semi", "экс"])

VERSUS = frozenset(["v", "vs", "versus", "contra"])

PLACE_WORDS = known.listed("place_words")

_OF = frozenset(["de", "of", "du", "da", "do", "del", "la", "the", "von", "di"])

_OF_THE = frozenset(["del", "al", "du", "des", "do", "da", "this", "este", "esta", "of", "de"])

SHORTEST_AKIN = 4

_TIED_ON = frozenset(["run", "san", "ssi", "nim"])
"""Syllables tied to a name with a hyphen that are none of it: a Li Na-run firm, Kim Min-ssi."""

_SMALL_TITLES = frozenset(["don", "dona"])

HEADLINE_WORDS = known.listed("headline_words")

_FUNCTION_WORDS = known.listed("function_words")


class Around(Walk):
    """Looks at the neighbours of a name."""

    def _left_clear(self, block: Block, surnames: Surnames, score: Score) -> bool:
        """Whether nothing before the name makes it another's."""
        first = block.first
        if self._tied_before(first):
            self._refuse(first, surnames.last, "hyphen")
            return False
        before = (
            self.reading.word(first - 1).fold
            if first and self.reading.gap(first - 1) in SOFT
            else ""
        )
        if before in anatomy.SAINTS:
            self._refuse(first, surnames.last, "saint")
            return False
        if not block.matched and self._named_before(first):
            self._refuse(first, surnames.last, "other_given")
            return False
        if not block.leading:
            return True
        initial = all(len(self.reading.word(at).fold) == 1 for at in block.leading)
        parts = len(self._filled(block)) + len(surnames.matched)
        if initial and block.matched:
            score.lower(Score.LEADING_INITIAL, "extra_given")
            return True
        if block.matched and parts > 2 and len(surnames.matched) == len(self.person.surnames):
            score.lower(Score.LEADING_GIVEN, "extra_given")
            return True
        self._refuse(first, surnames.last, "other_given")
        return False

    def _named_before(self, first: int) -> bool:
        """Whether the initial at `first` is somebody's middle initial (Cyrus R. Vance)."""
        if first == 0 or self.reading.gap(first - 1) is not Gap.SPACE:
            return False
        word = self.reading.word(first - 1)
        if self._given_at(first - 1):
            return True
        opens = first == 1 or self.reading.gap(first - 2) in {Gap.POINT, Gap.HARD}
        sentence = self.reading.style(first - 1, first) is Style.SENTENCE
        titled = word.fold in anatomy.TITLES or word.script != scripts.LATIN
        return word.case is Case.TITLE and sentence and not opens and not titled

    def _tied_before(self, first: int) -> bool:
        if first == 0 or self.reading.gap(first - 1) is not Gap.HYPHEN:
            return False
        before = self.reading.word(first - 1)
        return before.fold not in EX and (before.capital or before.case is Case.NONE)

    def _given_before(self, first: int) -> bool:
        """Whether a known given name or an initial stands directly before."""
        if first == 0:
            return False
        word, gap = self.reading.word(first - 1), self.reading.gap(first - 1)
        alike = word.script == self.reading.word(first).script
        named = self._given_at(first - 1) or self._akin(word)
        if gap in SOFT and alike and named and word.fold not in _SMALL_TITLES:
            return True
        if word.fold in anatomy.PARTICLES and word.case is Case.LOWER and gap in SOFT:
            return self._given_before(first - 1)
        if not is_initial(word) or self._honours(first - 1):
            return False
        return gap is Gap.POINT or (
            gap is Gap.SPACE and word.script == scripts.LATIN and is_letter(word)
        )

    def _akin(self, word: Word) -> bool:
        """Whether `word` begins as a given name of the Watch does and so is another of its family:
        Evarista for Evaristo, Fabriciano for Fabricio.
        """
        return word.case is not Case.LOWER and any(
            len(part.word.fold) > SHORTEST_AKIN
            and word.fold != part.word.fold
            and word.fold.startswith(part.word.fold[: max(SHORTEST_AKIN, len(part.word.fold) - 3)])
            for part in self.person.given
        )

    def _unknown_before(self, first: int) -> bool:
        """Whether an unknown word stands before two surnames as only a given name would: with a
        capital amid a sentence, and without an article.
        """
        if first < 2 or {self.reading.gap(first - 1), self.reading.gap(first - 2)} != {Gap.SPACE}:
            return False
        word, before = self.reading.word(first - 1), self.reading.word(first - 2)
        titled = word.fold in anatomy.TITLES or word.fold in anatomy.RANKS
        if word.case is not Case.TITLE or titled or known.surname(word) or len(word.fold) < 3:
            return False
        if before.case is not Case.LOWER or before.fold in anatomy.ARTICLE | _OF_THE:
            return False
        return self.reading.style(first - 1, first) is Style.SENTENCE

    def _right_clear(self, surnames: Surnames, *, short: bool = False) -> bool:
        """Whether no other surname or hyphen follows that makes it another's; `short`: not all
        given names were there.
        """
        last = surnames.last
        gap = self.reading.gap(last)
        if last + 1 >= len(self.reading) or gap not in {Gap.SPACE, Gap.HYPHEN, Gap.NONE}:
            return True
        if self._possessive_end(surnames):
            return True
        nxt = self.reading.word(last + 1)
        if gap is Gap.HYPHEN:
            if nxt.case in {Case.TITLE, Case.UPPER} and not self._compound(last + 1):
                self._refuse(surnames.first, last, "hyphen")
                return False
            return True
        if self._another_surname(surnames, nxt, short=short):
            self._refuse(surnames.first, last + 1, "second_surname")
            return False
        return True

    def _compound(self, place: int) -> bool:
        """Whether a hyphen ties on no surname but a word of a compound (capitals, German)."""
        word = self.reading.word(place)
        if known.surname(word) or known.given(word):
            return False
        return self.reading.german or self.reading.style(place, place + 1) is Style.CAPITALS

    def _possessive_end(self, surnames: Surnames) -> bool:
        last = max(surnames.matched.values(), key=lambda found: found.last)
        if last.last != surnames.last or not last.fits:
            return False
        if last.fits[-1].spare:
            return True
        end = self.reading.spans[surnames.last][1]
        return self.reading.text[end : end + 1] in {"'", "’"}

    def _another_surname(self, surnames: Surnames, nxt: Word, *, short: bool) -> bool:
        """Whether the next word is a surname that contradicts the Watch."""
        place = surnames.last + 1
        if not nxt.capital or nxt.case is Case.NONE or nxt.fold in anatomy.SUFFIXES:
            return False
        if nxt.script != self.reading.word(surnames.last).script:
            return False
        open_end = max(surnames.matched) < len(self.person.surnames) - 1 and not surnames.cut
        iberian = self.person.culture in {Culture.SPANISH, Culture.PORTUGUESE, Culture.IBERIAN}
        if len(nxt.fold) == 1:
            return open_end and iberian and self._pointed(place) and is_letter(nxt)
        if not open_end and iberian and short:  # and one surname more: two signs of another
            return bool(known.surname(nxt)) and not known.given(nxt)
        if not open_end:
            return not iberian and len(self.person.surnames) == 1 and self._longer_western(place)
        homes = known.surname(nxt)
        if self.reading.style(surnames.first, place) is not Style.SENTENCE or self.reading.german:
            return bool(homes & {"es", "pt", "it"}) or (
                bool(homes) and nxt.fold not in HEADLINE_WORDS
            )
        return bool(homes) or (nxt.case is Case.TITLE and nxt.fold not in _FUNCTION_WORDS)

    def _longer_western(self, place: int) -> bool:
        """Whether a one-surname Western name goes on with another known surname."""
        nxt = self.reading.word(place)
        if not known.surname(nxt) or known.given(nxt) or nxt.fold in HEADLINE_WORDS:
            return False
        return (
            self.reading.style(place - 1, place + 1) is Style.SENTENCE and not self.reading.german
        )

    def _name_goes_on(self, last: int) -> bool:
        """Whether a surname follows the given name of an inverted name: García, Genaro Estrada."""
        gap = self.reading.gap(last)
        pointed = gap is Gap.POINT and is_initial(self.reading.word(last))
        if gap not in {Gap.SPACE, Gap.HYPHEN} and not pointed:
            return False
        nxt = self.reading.word(last + 1)
        if gap is Gap.HYPHEN and self._second_syllable(nxt):
            return True
        if (
            not nxt.capital
            or (nxt.case is Case.NONE and not pointed)
            or len(nxt.fold) == 1
            or nxt.fold in anatomy.SUFFIXES
        ):
            return False
        if anatomy.is_patronymic(nxt) or nxt.fold in _FUNCTION_WORDS:
            return False
        return bool(known.surname(nxt)) or self.reading.gap(last) is Gap.HYPHEN

    def _second_syllable(self, word: Word) -> bool:
        """Whether a hyphen ties a second syllable to an Eastern given name of one: Lee Jun-seok is
        not Lee Jun.
        """
        if self.person.culture is not Culture.EASTERN or word.case is not Case.LOWER:
            return False
        homes = eastern.homes_of(self.person.surnames[0].word)
        if len(eastern.syllables(self.person.given[0], homes)) != 1 or word.fold in _TIED_ON:
            return False
        return eastern.is_syllable(word, homes)

    def _suffix(self, last: int) -> tuple[int, bool]:
        """Return where the name ends when a Jr. or III follows, and whether it agrees."""
        gap = self.reading.gap(last)
        if gap not in {Gap.SPACE, Gap.COMMA}:
            return last, True
        found = self._suffix_at(last + 1)
        if not found or not self.person.suffix:
            return last, True
        return (last + 1, True) if found == self.person.suffix else (last, False)

    def _after_versus(self, first: int) -> bool:
        if first == 0 or self.reading.gap(first - 1) not in {Gap.POINT, Gap.SPACE}:
            return False
        return self.reading.word(first - 1).fold in VERSUS

    def _place_before(self, first: int) -> bool:
        """Whether a place word stands right before: en, ciudad de, port of."""
        place = first - 1
        while place >= 0 and self.reading.gap(place) in SOFT and first - place < 4:
            folded = self.reading.word(place).fold
            if folded in PLACE_WORDS:
                return True
            if folded not in _OF:
                return False
            place -= 1
        return False

    def _filled(self, block: Block) -> set[int]:
        whole = {i for i, (g, _) in enumerate(self.slots) if g in block.matched}
        return whole | block.initials

    def _first_is_given(self, surnames: Surnames) -> bool:
        """Whether the first surname is rather the given name of somebody who bears the second and
        another one (Alonso Hidalgo Pérez).
        """
        last = surnames.last
        if len(surnames.matched) < 2 or not self._given_at(surnames.first):
            return False
        if last + 1 >= len(self.reading) or self.reading.gap(last) is not Gap.SPACE:
            return False
        nxt = self.reading.word(last + 1)
        return nxt.case is Case.TITLE and bool(known.surname(nxt))

    def _only_small_words(self, block: Block) -> bool:
        """Whether what looks like an initial is rather "a", "o" or "I": it has no point."""
        return all(
            self.reading.gap(at) is Gap.SPACE and not self._stands_for_a_name(self.reading.word(at))
            for at in range(block.first, block.last + 1)
        )

    def _stands_for_a_name(self, word: Word) -> bool:
        if word.script in {scripts.ARABIC, scripts.DEVANAGARI}:
            return False
        slavic = "slavic" in self.spoken
        return word.fold not in _ONE_LETTER_WORDS and not (slavic and word.fold in _SLAVIC_WORDS)

    def _order_free(self, surnames: Surnames, block: Block) -> bool:
        """Whether surname first without a comma is believable here."""
        given = list(block.matched.values())
        if any(one.dress is Dress.SCRIPT for found in given for one in found.fits):
            alphabet = all(self.reading.word(found.first).script in ALPHABETS for found in given)
            japanese = "ja" in known.surname(self.person.surnames[0].word) | known.given(
                self.person.given[0].word
            )
            return alphabet or japanese or self.person.culture is Culture.EASTERN
        if self.person.culture in {Culture.EASTERN, Culture.SLAVIC, Culture.ARABIC}:
            return True
        head = self.reading.word(surnames.last)
        if not block.matched:  # Kőszeghy B., but not Kőszeghy B. Ilona
            hungarian = self.person.tongue == "hungarian" and "hungarian" in self.spoken
            alone = block.last + 1 >= len(self.reading) or not self._given_at(block.last + 1)
            return hungarian and self._pointed(block.last) and alone
        if head.case is Case.UPPER:
            return True
        if self.reading.gap(surnames.last - 1) is Gap.HYPHEN and surnames.first < surnames.last:
            return True  # a double surname is nobody's given name
        return not known.given(head) or "hungarian" in self.spoken
