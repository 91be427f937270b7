"""Is it really this person: the words around a candidate, aligned with the parts of a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from matching import anatomy, known, letters, scripts
from matching.aligned import ALPHABETS, Block, Hit, Matched, Surnames
from matching.anatomy import Culture, Part
from matching.around import Around
from matching.fit import Dress, fit
from matching.reading import Gap
from matching.scores import Score
from matching.text import WORDS, Case, Word

FEWEST_CONSONANTS = 5
"""Of given name and surname together, where vowels are not compared."""

_HER_VERBS = known.listed("her_verbs")
_THEY_DID = re.compile("(?<=..[аиеяыу])ли$")
_SAME_FOR_BOTH = ("о", "е", "э", "и", "у", "ю", "ых", "их")
SHORTEST_SMALL = 8
LEAD = 3
"""How many particles may stand before the word by which a surname was found."""


class Aligner(Around):
    """Looks for one Person in one Reading. Rejections are kept for `explain`."""

    def hits(self, places: Iterable[int], *, alone: bool = False) -> list[Hit]:
        """Return what is found around `places`; `alone`: a surname alone too, as a weak hit."""
        found: list[Hit] = []
        seen: set[int] = set()
        for place in places:
            for head in range(max(0, place - LEAD), min(len(self.reading), place + 1)):
                if head in seen:
                    continue
                seen.add(head)
                found += self._at(head, alone=alone)
        return found

    def _at(self, head: int, *, alone: bool) -> list[Hit]:
        surnames = self._surnames(head)
        if surnames is None:
            return []
        found = [hit for hit in self._with_given(surnames) if hit]
        if not found:
            hit = self._bare(surnames, alone=alone)
            found = [hit] if hit else []
        return found

    def _with_given(self, surnames: Surnames) -> Iterator[Hit | None]:
        if not self._attached(next(iter(surnames.matched.values()))):
            block = self._before(surnames)
            if block.matched or block.initials:
                yield self._natural(block, surnames)
                return
        block = self._after(surnames)
        if block.matched or block.initials:
            yield self._inverted(block, surnames)

    def _natural(self, block: Block, surnames: Surnames) -> Hit | None:
        end = surnames.last
        score = self._judge(block, surnames)
        if score is None:
            return None
        short = len(self._filled(block)) < len(self.slots)
        if not self._left_clear(block, surnames, score):
            return None
        if not self._right_clear(surnames, short=short):
            return None
        if self._of_a_woman(block, surnames) or self._of_a_man(block, surnames):
            self._refuse(block.first, end, "other_given")
            return None
        end, suffix_ok = self._suffix(end)
        if not suffix_ok:
            self._refuse(block.first, end, "suffix")
            return None
        return self._hit(block.first, end, score)

    def _of_a_woman(self, block: Block, surnames: Surnames) -> bool:
        """Whether what could be a man's name in another case is a woman's: a verb or adjective
        follows that says "she" (Владислава Оборина выиграла; of Владислав they write
        Владислава Оборина отпустили).
        """
        bent = {Dress.INFLECTED, Dress.SCRIPT}
        found = [one for one in surnames.matched.values() if not self._same_for_both(one)]
        found += block.matched.values()
        if any(one.dress not in bent for one in found):
            return False
        if self.person.given[0].word.skeleton[-1:] in set("aeou"):
            return False
        last = surnames.last
        if last + 1 >= len(self.reading) or self.reading.gap(last) is not Gap.SPACE:
            return False
        if any(self.reading.word(one.last).fold[-1:] not in {"а", "я"} for one in found):
            return False
        after = self.reading.word(last + 1).fold
        return after.endswith("лась") or after in _HER_VERBS

    def _of_a_man(self, block: Block, surnames: Surnames) -> bool:
        """Whether what could be a woman's name is a man's in the accusative: what follows says what
        "they" did (Евгения Широкова оправдали; of a woman they write Евгению Широкову).
        """
        last = surnames.last
        if last + 1 >= len(self.reading) or self.reading.gap(last) is not Gap.SPACE:
            return False
        if not _THEY_DID.search(self.reading.word(last + 1).fold):
            return False
        found = [*block.matched.values(), *surnames.matched.values()]
        words = [self.reading.word(one.last).fold for one in found]
        if len(block.matched) != 1 or any(word[-1:] not in {"а", "я"} for word in words):
            return False
        hers, family = words[0], self.person.surnames[0].word.skeleton
        his = hers[:-1] + ("й" if hers.endswith("ия") else "")
        return family.endswith("a") and bool(known.given(WORDS[his]))

    def _same_for_both(self, surname: Matched) -> bool:
        """Whether a surname is the same for men and women, in every case (Приходько, Седых)."""
        return self.reading.word(surname.last).fold.endswith(_SAME_FOR_BOTH)

    def _inverted(self, block: Block, surnames: Surnames) -> Hit | None:
        score = self._judge(block, surnames)
        if score is None:
            return None
        first, last = surnames.first, max(block.last, surnames.last)
        if not self._suffix(surnames.last)[1]:
            self._refuse(first, last, "suffix")
            return None
        if self._given_before(first) or self._tied_before(first):
            self._refuse(first, last, "other_given")
            return None
        comma = self.reading.gap(surnames.last) is Gap.COMMA or self._suffix_at(surnames.last + 1)
        if not comma and not self._order_free(surnames, block):
            self._refuse(first, last, "order")
            return None
        if self._name_goes_on(last):
            self._refuse(first, last, "goes_on")
            return None
        if self.person.culture is not Culture.EASTERN:
            score.lower(Score.ORDER, "order")
        return self._hit(first, last, score)

    def _judge(self, block: Block, surnames: Surnames) -> Score | None:
        """Return the score of given names and surnames together; None: another person."""
        if not self._surnames_suffice(surnames):
            self._refuse(surnames.first, surnames.last, "wrong_surname")
            return None
        score = Score()
        if not self._given_agrees(block, surnames, score):
            return None
        if not self._dressed(block, surnames, score):
            return None
        total = len(self.person.surnames)
        if len(surnames.matched) + surnames.cut < total or surnames.cut:
            score.lower(Score.SURNAME_DROPPED, "surname_dropped")
            if 0 not in surnames.matched and self.person.culture is Culture.IBERIAN:
                score.lower(Score.UNCLEAR, "unclear_origin")
            if self._common_pair(block, surnames):
                score.lower(Score.COMMON, "common_pair")
        return score

    def _surnames_suffice(self, surnames: Surnames) -> bool:
        return any(index in surnames.matched for index in self.person.heads)

    def _common_pair(self, block: Block, surnames: Surnames) -> bool:
        if len(block.matched) != 1 or len(surnames.matched) != 1 or surnames.cut:
            return False
        if len(self.person.given) < 2 or self.person.culture is Culture.WESTERN:
            return False
        given = self.person.given[next(iter(block.matched))].word.fold
        surname = self.person.surnames[next(iter(surnames.matched))].word.fold
        return given in anatomy.COMMON_GIVEN and surname in anatomy.COMMON_SURNAMES

    def _given_agrees(self, block: Block, surnames: Surnames, score: Score) -> bool:
        full = len(surnames.matched) == len(self.person.surnames)
        filled = self._filled(block)
        missing = [i for i in range(len(self.slots)) if i not in filled]
        middle = [i for i in missing if i > min(filled)]
        strangers = [at for at in block.strangers if self._conflicts(at, middle)]
        if strangers or (block.patronymics and self._other_patronymic(block)):
            self._refuse(block.first, surnames.last, "other_middle")
            return False
        if block.strangers and not full:
            score.lower(Score.UNCLEAR, "unlisted_given")
        if 0 not in filled:
            score.lower(
                Score.MIDDLE_ONLY if full and len(surnames.matched) > 1 else Score.UNCLEAR,
                "middle_only",
            )
            if block.leading:
                self._refuse(block.first, surnames.last, "other_given")
                return False
        if not block.matched and self._only_small_words(block):
            self._refuse(block.first, surnames.last, "small_word")
            return False
        self._grade(block, filled, missing, score)
        return True

    def _hyphenated(self, block: Block) -> bool:
        """Whether a hyphen ties an unlisted given name to a listed one (Jean-Claude for Jean)."""
        return any(
            Gap.HYPHEN in {self.reading.gap(at), self.reading.gap(at - 1)} for at in block.strangers
        )

    def _grade(self, block: Block, filled: set[int], missing: list[int], score: Score) -> None:
        if self._hyphenated(block):
            score.lower(Score.UNCLEAR, "other_given")
        if any(len(self.reading.word(at).fold) > 1 for at in block.strangers):
            score.lower(Score.EXTRA_GIVEN, "extra_given")
        if not block.matched:
            score.lower(Score.UNCLEAR if self.person.derived else Score.INITIALS, "initials")
        elif missing and 0 in filled:
            score.lower(Score.MIDDLE_DROPPED, "middle_dropped")

    def _conflicts(self, at: int, middle: list[int]) -> bool:
        """Whether an unlisted initial or given name stands where the Watch lists another."""
        parts = [self.person.given[self.slots[i][0]] for i in middle]
        word = self.reading.word(at)
        spelt_out = len(word.fold) > 1 and any(
            len(part.word.fold) == 1 and word.fold.startswith(part.word.fold) for part in parts
        )
        return not spelt_out and any(not part.patronymic for part in parts)

    def _other_patronymic(self, block: Block) -> bool:
        listed = [part for part in self.person.given if part.patronymic]
        if any(self._other_parent(self.reading.word(at)) for at in block.patronymics):
            return True
        return bool(listed) and not any(self.person.given[g].patronymic for g in block.matched)

    def _other_parent(self, patronymic: Word) -> bool:
        """Whether a patronymic is a woman's beside a man's name, or a man's beside a woman's."""
        given = self.person.given[0].word.skeleton
        surname = self.person.surnames[-1].word.skeleton
        if anatomy.is_daughters(patronymic):
            return given[-1:] not in {"a", "i"}
        return given.endswith("a") and surname.endswith(("ova", "eva", "ina", "aia"))

    def _dressed(self, block: Block, surnames: Surnames, score: Score) -> bool:
        """Lower the score by the dress of the words; False when the dresses do not go together."""
        given = list(block.matched.values())
        family = list(surnames.matched.values())
        last = max(given + family, key=lambda found: found.last, default=None)
        if any(found.suffixed and found is not last for found in given + family):
            return False
        slips = sum(one.dress is Dress.TYPO for found in given + family for one in found.fits)
        if slips > 1 or (slips and not given):
            return False
        dresses = {found.dress for found in given + family}
        if not self._cases_agree(given, family):
            self._refuse(surnames.first, surnames.last, "cases")
            return False
        if slips and len(dresses) > 1 and max(dresses - {Dress.TYPO}) >= Dress.SCRIPT:
            return False
        for dress, value, code in Score.DRESSES:
            if dress in dresses:
                score.lower(value, code)
        if not given and self._initials_say_little(block, family, dresses):
            score.lower(Score.UNCLEAR, "initials")
        if (Dress.SCRIPT in dresses and self._few_consonants(block, surnames)) or (
            self._two_syllables(given + family)
        ):
            score.lower(Score.UNCLEAR, "few_letters")
        parts = self.person.surnames
        bare = any(
            found.bare and not anatomy.JOINING.issuperset(parts[index].particles)
            for index, found in surnames.matched.items()
        )
        if bare and not self.arabic and not self._particles_after(block):
            self._without_particle(score, whole=len(surnames.matched) == len(parts) > 1)
        return True

    def _initials_say_little(
        self, block: Block, family: list[Matched], dresses: set[Dress]
    ) -> bool:
        """Whether initials beside a surname in another dress are too little to go by."""
        if self.person.culture is Culture.EASTERN:
            return bool(block.initials) and Dress.EXACT not in dresses
        spelled = {self.reading.word(one.first).script for one in family}
        alphabets = spelled | {self.person.surnames[0].word.script} <= ALPHABETS
        return Dress.SCRIPT in dresses and not alphabets

    def _two_syllables(self, found: list[Matched]) -> bool:
        """Whether a short Eastern name in Cyrillic has no capital: "на ли" is rather two words."""
        words = [self.reading.word(one.first) for one in found]
        return (
            (self.person.derived or self.person.culture is Culture.EASTERN)
            and all(w.script == scripts.CYRILLIC and w.case is Case.LOWER for w in words)
            and sum(len(word.fold) for word in words) < SHORTEST_SMALL
        )

    def _few_consonants(self, block: Block, surnames: Surnames) -> bool:
        """Whether a name of an alphabet that leaves vowels out says too little to be told from
        ordinary words of another.
        """
        found = [*block.matched.values(), *surnames.matched.values()]
        shown = [self.reading.word(at) for one in found for at in range(one.first, one.last + 1)]
        own = [self.person.given[at].word for at in block.matched]
        own += [self.person.surnames[at].word for at in surnames.matched]
        if not {word.script for word in (*own, *shown)} & letters.VOWELLESS:
            return False
        if block.matched and (_are_known(own) or _are_known(shown)):
            return False
        return any(
            sum(letters.consonants(word.fold, word.script) for word in words) < FEWEST_CONSONANTS
            for words in (own, shown)
        )

    def _particles_after(self, block: Block) -> bool:
        """Whether the particles stand after the given name, as in an index."""
        if block.last < 0:
            return False
        wanted = {piece for part in self.person.surnames for piece in part.particles}
        return self.reading.word(block.last).fold in wanted

    def _without_particle(self, score: Score, *, whole: bool) -> None:
        if self.person.culture in {Culture.PORTUGUESE, Culture.IBERIAN}:
            score.lower(Score.PARTICLE, "particle")
        elif self.person.culture is Culture.SPANISH and not whole:
            score.lower(Score.UNCLEAR, "particle")
        else:
            score.lower(Score.PARTICLE, "particle")

    def _cases_agree(self, given: list[Matched], family: list[Matched]) -> bool:
        """Whether given name and surname stand in cases that can go together."""
        if not given or not family:
            return True
        bent_given = any(f.dress is Dress.INFLECTED and not f.suffixed for f in given)
        bent_family = any(f.dress is Dress.INFLECTED and not f.suffixed for f in family)
        if bent_given == bent_family or self.person.derived:
            return True
        if bent_given and "romanian" in self.spoken:
            return True  # only the given name has a genitive there: Elenei Udrea-Cocoș
        still = family if bent_given else given
        parts = self.person.surnames if bent_given else self.person.given
        return all(
            self._unbending(found, given=not bent_given) or self._other_accent(found, parts)
            for found in still
        )

    def _other_accent(self, found: Matched, parts: tuple[Part, ...]) -> bool:
        """Whether the last letter differs by an accent, which folding took away: Polish -ą, -ę; of
        another alphabet last vowels are read freely, so that it may be a case.
        """
        word = self.reading.word(found.last)
        raw = word.raw
        if any(part.word.script != word.script for part in parts):
            return word.skeleton[-1:] in set("aeiou")
        return not raw[-1:].isascii() and all(
            part.pieces[-1].raw[-1:] != raw[-1:] for part in parts
        )

    def _unbending(self, found: Matched, *, given: bool) -> bool:
        """Whether a word stays the same in every case: it ends in a vowel other than a, or is a
        woman's surname that ends in a consonant.
        """
        word = self.reading.word(found.last)
        end = word.skeleton[-1:]
        if end in set("eiou"):
            return True
        if given:
            return self.reading.word(found.last).fold.endswith("ь")
        first = self.person.given[0].pieces[0].skeleton
        declining = word.script == scripts.CYRILLIC or "slavic" in self.spoken
        return declining and first[-1:] in {"a", "i"} and end not in "aeiou"

    def _bare(self, surnames: Surnames, *, alone: bool) -> Hit | None:
        """Return a hit for surnames alone: a pair, a caption, or a weak one beside context."""
        needed = self.person.heads[-1] if self.person.culture is Culture.PORTUGUESE else 0
        if self.person.culture is Culture.EASTERN or needed not in surnames.matched:
            return None
        pair = len(surnames.matched) > 1 or self._double(surnames)
        caption = self._after_versus(surnames.first)
        if any(f.dress is Dress.TYPO for m in surnames.matched.values() for f in m.fits):
            return None
        if self._given_before(surnames.first) or self._tied_before(surnames.first):
            self._refuse(surnames.first, surnames.last, "other_given")
            return None
        if self._first_is_given(surnames) or (pair and self._unknown_before(surnames.first)):
            self._refuse(surnames.first, surnames.last, "other_given")
            return None
        score = Score()
        if not self._dressed(Block(), surnames, score) or not self._right_clear(surnames):
            return None
        if pair and (len(surnames.matched) > 1 or caption):
            return self._pair(surnames, score)
        if caption:
            score.lower(Score.CAPTION, "caption_single")
            return self._hit(surnames.first, surnames.last, score)
        if alone and not self._place_before(surnames.first):
            score.lower(Score.NICKNAME, "surname_context")
            return self._hit(surnames.first, surnames.last, score, weak=True)
        return None

    def _pair(self, surnames: Surnames, score: Score) -> Hit | None:
        if surnames.joined:
            self._refuse(surnames.first, surnames.last, "joined")
            return None
        score.lower(Score.PAIR, "pair")
        return self._hit(surnames.first, surnames.last, score)

    def _double(self, surnames: Surnames) -> bool:
        part = self.person.surnames[0]
        return len(part.pieces) - len(part.particles) > 1

    def _hit(self, first: int, last: int, score: Score, *, weak: bool = False) -> Hit:
        start, end = self._span(first, last)
        if self.person.derived:
            score.lower(Score.SCRIPT, "script")
        return Hit(start, end, score.value, score.code, score.args, weak)

    def _span(self, first: int, last: int) -> tuple[int, int]:
        start, end = self.reading.spans[first][0], self.reading.spans[last][1]
        word = self.reading.word(first)
        for part in (*self.person.given, *self.person.surnames):
            found = fit(part.pieces[0], word, self.spoken, arabic=self.arabic)
            if found and found.skip and word.script == scripts.LATIN:
                start += found.skip
                break
        tail = self.reading.word(last)
        for part in (*self.person.given, *self.person.surnames):
            found = fit(part.pieces[-1], tail, self.spoken, arabic=self.arabic)
            if found and found.spare:
                end -= found.spare
                break
        if tail.fold in {"jr", "sr"} and self.reading.text[end : end + 1] == ".":
            end += 1
        return start, end


def _are_known(words: list[Word]) -> bool:
    """Whether all these words of an alphabet without vowels are known names, and so no others."""
    return all(
        word.script in letters.VOWELLESS and (known.given(word) or known.surname(word))
        for word in words
    )
