"""What stands beside a surname: given names, initials, nicknames, patronymics, in any order."""

from __future__ import annotations

from matching import anatomy, known, scripts
from matching.aligned import SOFT, Block, Matched, Surnames, initial_of, is_initial
from matching.anatomy import Culture
from matching.fit import CLITIC_SCRIPTS
from matching.parts import Parts
from matching.reading import Gap, Style
from matching.text import Case, Word

WINDOW = 9
"""How many words a name may spread over, nickname and patronymic included."""

_FATHERS = ("ов", "ев", "ски", "ова", "ева", "ска")
"""Ends of the father's name that Bulgarians bear between given name and surname."""


class Walk(Parts):
    """Walks from a surname to the given names before or after it."""

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
            if found is not None and self._attached(found):
                break
            place = at - 1
        self._resolve(block, seen[::-1])
        return block

    def _attached(self, found: Matched) -> bool:
        """Whether an attached particle parts a name from what stands before it (Hebrew, Arabic)."""
        word = self.reading.word(found.first)
        skipped = word.script in CLITIC_SCRIPTS and bool(found.fits and found.fits[0].skip)
        return skipped and not word.raw.startswith("ה")  # the Hebrew article stands within names

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
        if is_initial(word):
            return None if self._honours(place) else ("initial", place, None)
        if anatomy.is_patronymic(word) and word.capital:
            return "patronymic", place, None
        if word.script == scripts.CYRILLIC and word.capital and word.fold.endswith(_FATHERS):
            return "stranger", place, None
        for index, part in enumerate(self.person.surnames):
            if index not in self.person.heads and self._ending_at(part, place):
                return "surname", place, None
        if word.fold in self._loose_particles() and not self._says_and(place):
            return "particle", place, None
        if place and word.capital and self.reading.word(place - 1).fold in anatomy.SON_OF:
            return "patronymic", place - 1, None
        if word.script != self.reading.word(place + 1).script:
            return None
        return ("stranger", place, None) if self._may_be_given(word, place) else None

    def _may_be_given(self, word: Word, place: int) -> bool:
        """Whether a word before a surname is a given name: a known one, one the Watch lists by its
        initial, or an unknown word between the first given name and the surname in a sentence.
        """
        if self._given_at(place) or self._spelt_out(word):
            return True
        if word.case is not Case.TITLE or len(word.fold) < 3 or known.surname(word):
            return False
        if any(word.fold == part.word.fold for part in self.person.surnames):
            return False
        if word.fold in anatomy.SUFFIXES or word.fold in anatomy.TITLES or not place:
            return False
        if self.reading.gap(place) is not Gap.SPACE or self.reading.gap(place - 1) is not Gap.SPACE:
            return False
        if self._ending_at(self.person.given[0], place - 1) is None:
            return False
        return self.reading.style(place - 1, place + 2) is Style.SENTENCE

    def _spelt_out(self, word: Word) -> bool:
        """Whether the Watch lists only the initial of `word` among its given names."""
        return word.capital and any(
            part.word.fold == word.fold[:1] and len(word.fold) > 1 for part in self.person.given[1:]
        )

    def _loose_particles(self) -> frozenset[str]:
        if self.arabic:
            return anatomy.ARTICLES_AR
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
                return None if self._attached(found) else ("given", place, found)
        word = self.reading.word(place)
        if not seen and not self._opens_given(word):
            return None
        if is_initial(word):
            return "initial", place, None
        if anatomy.is_patronymic(word) and word.capital:
            return "patronymic", place, None
        for index, part in enumerate(self.person.surnames):
            if seen and index not in self.person.heads and self.part(part, place):
                return "surname", place, None
        particles = {piece for part in self.person.surnames for piece in part.particles}
        if seen and word.fold in particles:
            return "particle", place, None
        return ("stranger", place, None) if seen and self._given_at(place) else None

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
            if letter.fold == piece.fold[:1] or self._sounds_alike(letter, piece):
                block.initials.add(index)
                self._reach(block, at, at)
                return index + 1
        (block.strangers if block.first >= 0 else block.leading).append(at)
        return slot

    def _opens_given(self, letter: Word) -> bool:
        """Whether a word is the initial of a given name."""
        return any(
            letter.fold == part.initial or self._sounds_alike(letter, part.pieces[0])
            for part in self.person.given
        )

    def _sounds_alike(self, letter: Word, piece: Word) -> bool:
        """Whether an initial of another alphabet or romanisation may stand for a given name."""
        free = letter.script != piece.script or self.person.culture in {
            Culture.SLAVIC,
            Culture.ARABIC,
        }
        return free and letter.skeleton == piece.skeleton[:1]

    def _middle_surname(self, letter: Word) -> bool:
        """Whether an initial stands for a surname that Portuguese names may leave out."""
        if self.person.culture is not Culture.PORTUGUESE:
            return False
        middle = self.person.surnames[:-1]
        return any(initial_of(part) == letter.fold for part in middle) and not any(
            piece.fold[:1] == letter.fold for _, piece in self.slots
        )

    @staticmethod
    def _reach(block: Block, first: int, last: int) -> None:
        block.first = first if block.first < 0 else min(block.first, first)
        block.last = max(block.last, last)

    def _suffix_at(self, place: int) -> str:
        if place >= len(self.reading):
            return ""
        word = self.reading.word(place)
        found = anatomy.SUFFIXES.get(word.fold, "")
        if word.case is Case.LOWER and word.fold not in {"jr", "sr"}:
            return ""
        if word.fold in {"v", "padre", "pere", "fils", "senior", "hijo"} and not self.person.suffix:
            return ""
        return found
