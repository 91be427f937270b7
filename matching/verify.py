"""Is it really this person: the words around a candidate, aligned with the parts of a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from matching import known, letters, names, scripts, sounds
from matching.fit import Dress, Fit, fit
from matching.names import Culture, Part, Person
from matching.reading import Gap, Reading, Style, is_given
from matching.scores import Score
from matching.text import WORDS, Case, Word

FEWEST_CONSONANTS = 5
"""Of given name and surname together, where vowels are not compared."""
WINDOW = 9
"""How many words a name may spread over, nickname and patronymic included."""
LEAD = 3
"""How many particles may stand before the word by which a surname was found."""
SOFT = frozenset({Gap.NONE, Gap.SPACE, Gap.HYPHEN})


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


class Aligner:
    """Looks for one Person in one Reading. Rejections are kept for `explain`."""

    def __init__(self, person: Person, reading: Reading) -> None:
        """Take the name and the field."""
        self.person = person
        self.reading = reading
        self.refused: list[Hit] = []
        self.arabic = person.culture is Culture.ARABIC
        self.korean = person.culture is Culture.EASTERN and names.is_korean(person)
        self.script = person.surnames[0].word.script
        self.slots = [(g, p) for g, part in enumerate(person.given) for p in part.pieces]

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

    def _may_open(self, word: Word, part: Part) -> bool:
        """Whether `part` can begin with `word`, by its first letter."""
        if word.script != self.script or word.head or word.script not in _VOWELLED or self.korean:
            return True
        first = word.skeleton[:1]
        if first in part.openers or word.fold in names.ABBREVIATIONS:
            return True
        return self.arabic and first in _FREE_VOWELS

    # --- parts ---------------------------------------------------------------------------------

    def _fit(self, name: Word, place: int) -> Fit | None:
        word = self.reading.word(place)
        if word.script != name.script and word.script in self.person.spelled:
            return None
        if not self.korean and word.script == name.script and not word.head:
            first, other = name.skeleton[:1], word.skeleton[:1]
            if first != other and name.script in _VOWELLED and not self._interchange(first, other):
                return None
        if self.korean and sounds.same_korean(name, word):
            return Fit(Dress.EXACT if name.fold == word.fold else Dress.VARIANT)
        found = fit(name, word, self.reading.spoken, arabic=self.arabic)
        if self.korean and found is not None and found.dress is Dress.VARIANT:
            # In Korean romanisation j and y are two sounds: Jong-chul is not Yong-chul.
            return found if name.fold.count("j") == word.fold.count("j") else None
        return found

    def _interchange(self, first: str, other: str) -> bool:
        """Whether two first letters may stand for one sound in romanised names."""
        return {first, other} == {"h", "c"} or (self.arabic and {first, other} <= set("aeiou"))

    def part(self, part: Part, place: int) -> Matched | None:
        """Return `part` where it begins at `place`: as written, fused, split or bare."""
        if not self._may_open(self.reading.word(place), part):
            return None
        return (
            self._pieces(part.pieces, place)
            or self._fused(part, place)
            or self._split(part.word, place)
            or (self._core(part, place) if part.core else None)
        )

    def _pieces(self, pieces: tuple[Word, ...], place: int) -> Matched | None:
        fits: list[Fit] = []
        for step, piece in enumerate(pieces):
            at = place + step
            if at >= len(self.reading) or (step and not self._soft(at - 1, piece=True)):
                return None
            one = self._piece(piece, at, last=step == len(pieces) - 1)
            if one is None or (one.spare and step < len(pieces) - 1):
                return None
            fits.append(one)
        return Matched(place, place + len(pieces) - 1, tuple(fits))

    def _piece(self, piece: Word, at: int, *, last: bool) -> Fit | None:
        if not last:
            folded = self.reading.word(at).fold
            if self.arabic and (
                {piece.fold, folded} <= names.ARTICLES_AR or {piece.fold, folded} <= names.SON_OF
            ):
                return Fit(Dress.EXACT)
            if {piece.fold, folded} <= _SERVANT_OF or {piece.fold, folded} in _SAINTS_IN_SHORT:
                return Fit(Dress.EXACT)
            if piece.fold in names.PARTICLES and folded == piece.fold[0] and len(piece.fold) > 1:
                return Fit(Dress.EXACT) if self.reading.gap(at) is Gap.POINT else None
        return self._fit(piece, at)

    def _fused(self, part: Part, place: int) -> Matched | None:
        if len(part.pieces) == 1:
            return None
        one = self._fit(part.word, place)
        return Matched(place, place, (one,)) if one else None

    def _split(self, word: Word, place: int) -> Matched | None:
        raw = self.reading.word(place).raw
        folded = self.reading.word(place).fold
        if len(folded) >= len(word.fold) + 2 or not folded or not self._opens(word, folded):
            return None
        for at in range(place + 1, min(place + 4, len(self.reading))):
            if self.reading.gap(at - 1) not in SOFT:
                return None
            raw += self.reading.word(at).raw
            if len(raw) > len(word.raw) + 4:
                return None
            one = self._whole(word, WORDS[raw])
            if one is not None and one.dress < Dress.TYPO:
                return Matched(place, at, (one,))
        return None

    def _whole(self, name: Word, word: Word) -> Fit | None:
        if self.korean and sounds.same_korean(name, word):
            return Fit(Dress.VARIANT)
        return fit(name, word, self.reading.spoken, arabic=self.arabic)

    def _opens(self, word: Word, folded: str) -> bool:
        """Whether a word may be the beginning of `word`, written apart."""
        if scripts.script_of(folded) != word.script:
            return folded in names.ABD
        if self.arabic or self.korean:
            return word.fold[0] == folded[0]
        return word.fold.startswith(folded)

    def _core(self, part: Part, place: int) -> Matched | None:
        assert part.core is not None
        found = self._pieces(part.pieces[len(part.particles) :] or (part.core,), place)
        if found is None and len(part.pieces) == 1:
            found = self._pieces((part.core,), place)
        return found._replace(bare=True) if found else None

    def _soft(self, place: int, *, piece: bool = False) -> bool:
        """Whether the words at `place` and `place` + 1 may belong to one name."""
        gap = self.reading.gap(place)
        if gap in SOFT:
            return True
        if gap is not Gap.POINT:
            return False
        folded = self.reading.word(place).fold
        if len(folded) == 1 or folded in {"st", "jr", "sr"}:
            return True
        return piece or folded in names.ABBREVIATIONS

    # --- surnames ------------------------------------------------------------------------------

    def _surnames(self, place: int) -> Surnames | None:
        """Return the surnames that begin at `place`, with all that follow in their order."""
        parts = self.person.surnames
        for index, part in enumerate(parts):
            first = self.part(part, place)
            if first is None or (first.bare and not self._bare_allowed(part)):
                continue
            if self.reading.word(first.last).case is Case.LOWER and self._odd_small(first):
                continue
            return self._more_surnames({index: first}, index + 1)
        return None

    def _bare_allowed(self, part: Part) -> bool:
        return bool(part.core)

    def _odd_small(self, found: Matched) -> bool:
        """Whether a small-letter surname stands in a text that has capitals."""
        if self.person.surnames and self.person.surnames[0].pieces[-1].case is Case.LOWER:
            return False
        return self.reading.capitals

    def _more_surnames(self, matched: dict[int, Matched], index: int) -> Surnames:
        first = next(iter(matched.values())).first
        last = next(iter(matched.values())).last
        joined = cut = False
        while index < len(self.person.surnames):
            step = self._next_surname(self.person.surnames[index], last)
            if step is None:
                break
            found, with_and, initial = step
            joined, cut = joined or with_and, cut or initial
            if not initial:
                matched[index] = found
            last = found.last
            index += 1
        return Surnames(matched, first, last, joined, cut)

    def _next_surname(self, part: Part, last: int) -> tuple[Matched, bool, bool] | None:
        if last + 1 >= len(self.reading) or self.reading.gap(last) not in SOFT:
            return None
        nxt = self.reading.word(last + 1)
        if (
            nxt.fold in names.JOINING
            and nxt.case is not Case.TITLE
            and last + 2 < len(self.reading)
        ):
            bare = names.make_part(tuple(p for p in part.pieces if p.fold not in names.JOINING))
            found = self.part(bare, last + 2) if self.reading.gap(last + 1) in SOFT else None
            return (found, True, False) if found else None
        found = self.part(part, last + 1)
        if found is not None:
            return found, False, False
        if _is_initial(nxt) and nxt.fold == _initial(part):
            if self.reading.gap(last + 1) is not Gap.SPACE:
                return Matched(last + 1, last + 1, ()), False, True
        return None

    # --- the given names -----------------------------------------------------------------------

    def _with_given(self, surnames: Surnames) -> Iterator[Hit | None]:
        block = self._before(surnames)
        if block.matched or block.initials:
            yield self._natural(block, surnames)
            return
        block = self._after(surnames)
        if block.matched or block.initials:
            yield self._inverted(block, surnames)

    def _before(self, surnames: Surnames) -> Block:
        """Walk left from the surnames over all that may stand between them and the given name."""
        block = Block()
        seen: list[tuple[str, int, Matched | None]] = []
        place = surnames.first - 1
        while place >= 0 and surnames.first - place <= WINDOW:
            step = self._step_left(place, seen)
            if step is None:
                break
            kind, at, found = step
            seen.append((kind, at, found))
            place = at - 1
        self._resolve(block, seen[::-1])
        return block

    def _step_left(
        self, place: int, seen: list[tuple[str, int, Matched | None]]
    ) -> tuple[str, int, Matched | None] | None:
        gap = self.reading.gap(place)
        if gap in {Gap.CLOSE, Gap.QUOTE}:
            start = self._quoted(place)
            if start is not None:
                return "nickname", start, None
            # NICCOLO' D'ALESSANDRI: an apostrophe where the type has no accent.
            end = self.reading.spans[place][1]
            if self.reading.text[end : end + 2] not in {"' ", "’ "}:
                return None
            gap = Gap.SPACE
        after_nickname = bool(seen) and seen[-1][0] == "nickname" and gap is Gap.OPEN
        if not after_nickname and gap is not Gap.SPACE and not self._soft(place):
            return None
        taken = {id(found) for _, _, found in seen}
        for part in self.person.given:
            found = self._ending_at(part, place)
            if found is not None and id(found) not in taken:
                return "given", found.first, found
        return self._other(place)

    def _other(self, place: int) -> tuple[str, int, Matched | None] | None:
        """Return what else a word between given name and surname may be."""
        word = self.reading.word(place)
        if _is_initial(word):
            return "initial", place, None
        if names.is_patronymic(word) and word.capital:
            return "patronymic", place, None
        if word.script == scripts.CYRILLIC and word.capital and word.fold.endswith(_FATHERS):
            return "stranger", place, None
        for index, part in enumerate(self.person.surnames):
            if index not in self.person.heads and self._ending_at(part, place):
                return "surname", place, None
        if word.fold in self._loose_particles():
            return "particle", place, None
        if place and word.capital and self.reading.word(place - 1).fold in names.SON_OF:
            return "patronymic", place - 1, None
        if word.script != self.reading.word(place + 1).script:
            return None
        return ("stranger", place, None) if is_given(word) or self._spelt_out(word) else None

    def _spelt_out(self, word: Word) -> bool:
        """Whether the Watch lists only the initial of `word` among its given names."""
        return word.capital and any(
            part.word.fold == word.fold[:1] and len(word.fold) > 1 for part in self.person.given[1:]
        )

    def _loose_particles(self) -> frozenset[str]:
        if self.arabic:
            return names.ARTICLES_AR
        if self.person.culture in {Culture.PORTUGUESE, Culture.IBERIAN}:
            return frozenset({"da", "de", "do", "dos", "das"})
        return frozenset()

    def _quoted(self, place: int) -> int | None:
        """Return where the nickname that ends at `place` begins."""
        for start in range(place, max(-1, place - 7), -1):
            before = self.reading.gap(start - 1)
            if start > 0 and before in {Gap.OPEN, Gap.QUOTE}:
                return start
            if before is Gap.HARD:
                return None
        return None

    def _ending_at(self, part: Part, place: int) -> Matched | None:
        longest = min(len(part.pieces) + 1, 4)
        for first in range(max(0, place - longest), place + 1):
            found = self.part(part, first)
            if found is not None and found.last == place:
                return found
        return self._abbreviated(part, place)

    def _abbreviated(self, part: Part, place: int) -> Matched | None:
        word = self.reading.word(place)
        meant = names.ABBREVIATIONS.get(word.fold)
        if meant is None or meant != part.word.fold:
            return None
        pointed = self.reading.gap(place) is Gap.POINT
        return (
            Matched(place, place, (Fit(Dress.EXACT),))
            if pointed or word.case is Case.UPPER
            else None
        )

    def _after(self, surnames: Surnames) -> Block:
        """Walk right from the surnames: inverted order, with a comma or without."""
        block = Block()
        place = surnames.last + 1
        if self._suffix_at(place) and self.reading.gap(surnames.last) in SOFT:
            place += 1
        gap = self.reading.gap(place - 1)
        if place >= len(self.reading) or not (gap in SOFT or gap is Gap.COMMA) or gap is Gap.HYPHEN:
            return block
        seen: list[tuple[str, int, Matched | None]] = []
        while place < len(self.reading) and place - surnames.last <= WINDOW:
            step = self._step_right(place, seen)
            if step is None:
                break
            seen.append(step)
            place = (step[2].last if step[2] else step[1]) + 1
            if not self._soft(place - 1):
                break
        while seen and seen[-1][0] == "stranger":
            seen.pop()
        self._resolve(block, seen)
        return block

    def _step_right(
        self, place: int, seen: list[tuple[str, int, Matched | None]]
    ) -> tuple[str, int, Matched | None] | None:
        for part in self.person.given:
            found = self.part(part, place) or self._abbreviated(part, place)
            if found is not None and all(found != other for _, _, other in seen):
                return "given", place, found
        if not seen and self.reading.word(place).fold not in {p.initial for p in self.person.given}:
            return None
        word = self.reading.word(place)
        if _is_initial(word):
            return "initial", place, None
        if names.is_patronymic(word) and word.capital:
            return "patronymic", place, None
        for index, part in enumerate(self.person.surnames):
            if seen and index not in self.person.heads and self.part(part, place):
                return "surname", place, None
        particles = {piece for part in self.person.surnames for piece in part.particles}
        if seen and word.fold in particles:
            return "particle", place, None
        return ("stranger", place, None) if seen and is_given(word) else None

    def _resolve(self, block: Block, seen: list[tuple[str, int, Matched | None]]) -> None:
        """Assign what was walked over, left to right, to the given names of the Watch."""
        slot = 0
        for kind, at, found in seen:
            if kind == "given" and found is not None:
                index = self._which(found)
                block.matched[index] = found
                slot = max([i + 1 for i, (g, _) in enumerate(self.slots) if g == index])
                self._reach(block, found.first, found.last)
            elif kind == "initial":
                slot = self._initial(block, at, slot)
            elif kind == "stranger":
                (block.strangers if block.first >= 0 else block.leading).append(at)
            elif kind == "patronymic":
                block.patronymics.append(at)
                self._reach(block, block.first, at)
            elif block.first >= 0:
                self._reach(block, block.first, at)

    def _which(self, found: Matched) -> int:
        for index, part in enumerate(self.person.given):
            if (
                self.part(part, found.first) == found
                or self._abbreviated(part, found.first) == found
            ):
                return index
        return 0

    def _initial(self, block: Block, at: int, slot: int) -> int:
        letter = self.reading.word(at)
        if self._middle_surname(letter):
            return slot
        for index in range(slot, len(self.slots)):
            piece = self.slots[index][1]
            if letter.fold == piece.fold[:1] or letter.skeleton == piece.skeleton[:1]:
                block.initials.add(index)
                self._reach(block, at, at)
                return index + 1
        (block.strangers if block.first >= 0 else block.leading).append(at)
        return slot

    def _middle_surname(self, letter: Word) -> bool:
        """Whether an initial stands for a surname that Portuguese names may leave out."""
        if self.person.culture is not Culture.PORTUGUESE:
            return False
        middle = self.person.surnames[:-1]
        return any(_initial(part) == letter.fold for part in middle) and not any(
            piece.fold[:1] == letter.fold for _, piece in self.slots
        )

    @staticmethod
    def _reach(block: Block, first: int, last: int) -> None:
        block.first = first if block.first < 0 else min(block.first, first)
        block.last = max(block.last, last)

    # --- verdicts ------------------------------------------------------------------------------

    def _natural(self, block: Block, surnames: Surnames) -> Hit | None:
        end = surnames.last
        score = self._judge(block, surnames)
        if score is None:
            return None
        if not self._left_clear(block, surnames, score) or not self._right_clear(surnames, score):
            return None
        end, suffix_ok = self._suffix(end)
        if not suffix_ok:
            self._refuse(block.first, end, "suffix")
            return None
        return self._hit(block.first, end, score)

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

    def _order_free(self, surnames: Surnames, block: Block) -> bool:
        """Whether surname first without a comma is believable here."""
        if any(one.dress is Dress.SCRIPT for found in block.matched.values() for one in found.fits):
            return self.person.culture is Culture.EASTERN
        if self.person.culture in {Culture.EASTERN, Culture.SLAVIC, Culture.ARABIC}:
            return True
        head = self.reading.word(surnames.last)
        if head.case is Case.UPPER or not block.matched:
            return bool(block.matched)
        return not known.given(head) or "hungarian" in self.reading.spoken

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
        return given in names.COMMON_GIVEN and surname in names.COMMON_SURNAMES

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

    def _only_small_words(self, block: Block) -> bool:
        """Whether what looks like an initial is rather "a", "o" or "I": it has no point."""
        return all(
            self.reading.gap(at) is Gap.SPACE and not self._stands_for_a_name(self.reading.word(at))
            for at in range(block.first, block.last + 1)
        )

    def _stands_for_a_name(self, word: Word) -> bool:
        slavic = "slavic" in self.reading.spoken
        return word.fold not in _ONE_LETTER_WORDS and not (slavic and word.fold in _SLAVIC_WORDS)

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

    def _filled(self, block: Block) -> set[int]:
        whole = {i for i, (g, _) in enumerate(self.slots) if g in block.matched}
        return whole | block.initials

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
        return bool(listed) and not any(self.person.given[g].patronymic for g in block.matched)

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
        eastern = self.person.culture is Culture.EASTERN
        if eastern and not given and block.initials and Dress.EXACT not in dresses:
            score.lower(Score.UNCLEAR, "initials")
        for dress, value, code in Score.DRESSES:
            if dress in dresses:
                score.lower(value, code)
        alphabet = {self.reading.word(one.first).script for one in family} <= _ALPHABETS
        alphabet = alphabet and self.person.surnames[0].word.script in _ALPHABETS
        if Dress.SCRIPT in dresses and not given and not alphabet:
            score.lower(Score.UNCLEAR, "initials")
        if Dress.SCRIPT in dresses and self._few_consonants(block, surnames):
            score.lower(Score.UNCLEAR, "few_letters")
        if (
            any(found.bare for found in family)
            and not self.arabic
            and not self._particles_after(block)
        ):
            self._without_particle(score)
        return True

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

    def _without_particle(self, score: Score) -> None:
        if self.person.culture in {Culture.PORTUGUESE, Culture.IBERIAN}:
            score.lower(Score.PARTICLE, "particle")
        elif self.person.culture is Culture.SPANISH:
            score.lower(Score.UNCLEAR, "particle")
        else:
            score.lower(Score.PARTICLE, "particle")

    def _cases_agree(self, given: list[Matched], family: list[Matched]) -> bool:
        """Whether given name and surname stand in cases that can go together."""
        if not given or not family:
            return True
        bent_given = any(f.dress is Dress.INFLECTED and not f.suffixed for f in given)
        bent_family = any(f.dress is Dress.INFLECTED and not f.suffixed for f in family)
        if bent_given == bent_family:
            return True
        still = family if bent_given else given
        parts = self.person.surnames if bent_given else self.person.given
        return all(
            self._unbending(found, given=not bent_given) or self._other_accent(found, parts)
            for found in still
        )

    def _other_accent(self, found: Matched, parts: tuple[Part, ...]) -> bool:
        """Whether the last letter differs by an accent, which folding took away: Polish -ą, -ę."""
        raw = self.reading.word(found.last).raw
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
        declining = word.script == scripts.CYRILLIC or "slavic" in self.reading.spoken
        return declining and first[-1:] in {"a", "i"} and end not in "aeiou"

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
        if before in names.SAINTS:
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
        if is_given(word):
            return True
        opens = first == 1 or self.reading.gap(first - 2) in {Gap.POINT, Gap.HARD}
        sentence = self.reading.style(first - 1, first) is Style.SENTENCE
        titled = word.fold in names.TITLES or word.script != scripts.LATIN
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
        if gap in SOFT and alike and is_given(word) and word.fold not in _SMALL_TITLES:
            return True
        if word.fold in names.PARTICLES and word.case is Case.LOWER and gap in SOFT:
            return self._given_before(first - 1)
        if not _is_initial(word):
            return False
        return gap is Gap.POINT or (
            gap is Gap.SPACE and word.script == scripts.LATIN and _is_letter(word)
        )

    def _right_clear(self, surnames: Surnames, score: Score) -> bool:
        """Whether no other surname or hyphen follows that makes it another's."""
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
        if self._another_surname(surnames, nxt):
            self._refuse(surnames.first, last + 1, "second_surname")
            return False
        return True

    def _compound(self, place: int) -> bool:
        """Whether what a hyphen ties on is no surname but a word of a compound (capitals, German)."""
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

    def _another_surname(self, surnames: Surnames, nxt: Word) -> bool:
        """Whether the next word is a surname that contradicts the Watch."""
        place = surnames.last + 1
        if not nxt.capital or nxt.case is Case.NONE or nxt.fold in names.SUFFIXES:
            return False
        if nxt.script != self.reading.word(surnames.last).script:
            return False
        open_end = max(surnames.matched) < len(self.person.surnames) - 1 and not surnames.cut
        iberian = self.person.culture in {Culture.SPANISH, Culture.PORTUGUESE, Culture.IBERIAN}
        if len(nxt.fold) == 1:
            return open_end and iberian and self._pointed(place) and _is_letter(nxt)
        if not open_end:
            return not iberian and len(self.person.surnames) == 1 and self._longer_western(place)
        homes = known.surname(nxt)
        if self.reading.style(surnames.first, place) is not Style.SENTENCE or self.reading.german:
            return bool(homes & {"es", "pt", "it"}) or (
                bool(homes) and nxt.fold not in HEADLINE_WORDS
            )
        return bool(homes) or (nxt.case is Case.TITLE and nxt.fold not in _FUNCTION_WORDS)

    def _pointed(self, place: int) -> bool:
        end = self.reading.spans[place][1]
        return self.reading.text[end : end + 1] == "."

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
        if self.reading.gap(last) not in {Gap.SPACE, Gap.HYPHEN} or last + 1 >= len(self.reading):
            return False
        nxt = self.reading.word(last + 1)
        if (
            not nxt.capital
            or nxt.case is Case.NONE
            or len(nxt.fold) == 1
            or nxt.fold in names.SUFFIXES
        ):
            return False
        if names.is_patronymic(nxt) or nxt.fold in _FUNCTION_WORDS:
            return False
        return bool(known.surname(nxt)) or self.reading.gap(last) is Gap.HYPHEN

    def _suffix_at(self, place: int) -> str:
        if place >= len(self.reading):
            return ""
        word = self.reading.word(place)
        found = names.SUFFIXES.get(word.fold, "")
        if word.case is Case.LOWER and word.fold not in {"jr", "sr"}:
            return ""
        if word.fold in {"v", "padre", "pere", "fils", "senior", "hijo"} and not self.person.suffix:
            return ""
        return found

    def _suffix(self, last: int) -> tuple[int, bool]:
        """Return where the name ends when a Jr. or III follows, and whether it agrees."""
        gap = self.reading.gap(last)
        if gap not in {Gap.SPACE, Gap.COMMA}:
            return last, True
        found = self._suffix_at(last + 1)
        if not found or not self.person.suffix:
            return last, True
        return (last + 1, True) if found == self.person.suffix else (last, False)

    # --- surnames without a given name -----------------------------------------------------------

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
        if self._first_is_given(surnames):
            self._refuse(surnames.first, surnames.last, "other_given")
            return None
        score = Score()
        if not self._dressed(Block(), surnames, score) or not self._right_clear(surnames, score):
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

    def _first_is_given(self, surnames: Surnames) -> bool:
        """Whether the first surname is rather the given name of somebody who bears the second and
        another one (Alonso Hidalgo Pérez).
        """
        last = surnames.last
        if len(surnames.matched) < 2 or not is_given(self.reading.word(surnames.first)):
            return False
        if last + 1 >= len(self.reading) or self.reading.gap(last) is not Gap.SPACE:
            return False
        nxt = self.reading.word(last + 1)
        return nxt.case is Case.TITLE and bool(known.surname(nxt))

    def _pair(self, surnames: Surnames, score: Score) -> Hit | None:
        if surnames.joined:
            self._refuse(surnames.first, surnames.last, "joined")
            return None
        score.lower(Score.PAIR, "pair")
        return self._hit(surnames.first, surnames.last, score)

    def _double(self, surnames: Surnames) -> bool:
        part = self.person.surnames[0]
        return len(part.pieces) - len(part.particles) > 1

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

    # --- results -------------------------------------------------------------------------------

    def _hit(self, first: int, last: int, score: Score, *, weak: bool = False) -> Hit:
        start, end = self._span(first, last)
        if self.person.derived:
            score.lower(Score.SCRIPT, "script")
        return Hit(start, end, score.value, score.code, score.args, weak)

    def _span(self, first: int, last: int) -> tuple[int, int]:
        start, end = self.reading.spans[first][0], self.reading.spans[last][1]
        word = self.reading.word(first)
        for part in (*self.person.given, *self.person.surnames):
            found = fit(part.pieces[0], word, self.reading.spoken, arabic=self.arabic)
            if found and found.skip and word.script == scripts.LATIN:
                start += found.skip
                break
        tail = self.reading.word(last)
        for part in (*self.person.given, *self.person.surnames):
            found = fit(part.pieces[-1], tail, self.reading.spoken, arabic=self.arabic)
            if found and found.spare:
                end -= found.spare
                break
        if tail.fold in {"jr", "sr"} and self.reading.text[end : end + 1] == ".":
            end += 1
        return start, end

    def _refuse(self, first: int, last: int, code: str) -> None:
        if 0 <= first <= last < len(self.reading):
            start, end = self.reading.spans[first][0], self.reading.spans[last][1]
            self.refused.append(Hit(start, end, 0, code, (self.reading.text[start:end],)))


_FREE_VOWELS = frozenset("aeiou")
_VOWELLED = frozenset({scripts.LATIN, scripts.CYRILLIC, scripts.GREEK})


def _initial(part: Part) -> str:
    return (part.core or part.word).fold[:1]


def _is_initial(word: Word) -> bool:
    return len(word.fold) == 1 and word.case in {Case.TITLE, Case.UPPER} and not word.fold.isdigit()


_FATHERS = ("ов", "ев", "ски", "ова", "ева", "ска")
"""Ends of the father's name that Bulgarians bear between given name and surname."""


_ALPHABETS = frozenset({scripts.LATIN, scripts.CYRILLIC, scripts.GREEK})
"""Scripts of which one letter says something in another of them."""
_ONE_LETTER_WORDS = frozenset("aeiouyавикосуяіїєзйюοηαω")
"""Words of one letter that begin sentences and headlines: articles, "and", "or", "I", "in"."""
_SERVANT_OF = frozenset({"abd", "abdel", "abdul", "abdal"})
_SAINTS_IN_SHORT = ({"st", "saint"}, {"ste", "sainte"}, {"sta", "santa"}, {"sto", "santo"})
_SLAVIC_WORDS = frozenset("kksvwz")


def _is_letter(word: Word) -> bool:
    return not word.fold.isdigit() and word.raw not in {"A", "Y", "E", "O", "I"}


EX = frozenset(["ex", "non", "pro", "anti", "post", "pre", "former", "semi", "экс"])
VERSUS = frozenset(["v", "vs", "versus", "contra"])
PLACE_WORDS = known.listed("place_words")
_OF = frozenset(["de", "of", "du", "da", "do", "del", "la", "the", "von", "di"])
_SMALL_TITLES = frozenset(["don", "dona"])
HEADLINE_WORDS = known.listed("headline_words")
_FUNCTION_WORDS = known.listed("function_words")
