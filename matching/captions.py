"""Is it really this case: a caption in a text."""

from __future__ import annotations

import re
from functools import cache

from matching import entities
from matching.aligned import Hit
from matching.anatomy import Phrase
from matching.around import VERSUS
from matching.cases import united_states_before
from matching.forms import Caption
from matching.phrases import Sequencer
from matching.reading import Gap, Reading
from matching.scores import Score
from matching.text import Case

MOST_GIVEN = 3


AGENCIES = (
    ("sec", "Securities and Exchange Commission"),
    ("cftc", "Commodity Futures Trading Commission"),
    ("ftc", "Federal Trade Commission"),
    ("cfpb", "Consumer Financial Protection Bureau"),
    ("eeoc", "Equal Employment Opportunity Commission"),
    ("fdic", "Federal Deposit Insurance Corporation"),
    ("nlrb", "National Labor Relations Board"),
    ("epa", "Environmental Protection Agency"),
    ("fec", "Federal Election Commission"),
    ("doj", "Department of Justice"),
    ("irs", "Internal Revenue Service"),
)
"""Plaintiffs that captions name in full or by their letters."""


@cache
def _otherwise(plaintiff: str) -> tuple[Phrase, ...]:
    """Return how else the same agency is written."""
    plain = re.sub(r"(?i)^(?:the|u\.?s\.?)\s+|[.,]", "", plaintiff).strip().lower()
    for letters, whole in AGENCIES:
        if plain in {letters, whole.lower()}:
            other = entities.phrase(whole if plain == letters else letters.upper(), "org")
            return (other,) if other else ()
    return ()


class CaptionFinder:
    """Looks for one Caption in one Reading."""

    def __init__(self, caption: Caption, reading: Reading) -> None:
        """Take the caption and the field."""
        self.caption = caption
        self.reading = reading
        self.refused: list[Hit] = []
        self.defendant = Sequencer(caption.defendant, reading)
        self.family = Sequencer(caption.family, reading) if caption.family else None

    def hits(self, places: list[int], *, alone: bool = False) -> list[Hit]:
        """Return the captions found around `places`."""
        found = []
        for place in sorted(set(places)):
            if self.reading.word(place).fold in VERSUS:
                hit = self._at(place)
                if hit:
                    found.append(hit)
        return found

    def _at(self, versus: int) -> Hit | None:
        start = self._plaintiff(versus)
        if start is None:
            return None
        whole = self._defendant(versus)
        if whole is not None:
            return self._hit(start, whole[0], whole[1])
        first = (
            self.defendant.fit_word(self.caption.defendant.words[0], self.reading.word(versus + 1))
            if (versus + 1 < len(self.reading))
            else None
        )
        if first is None or len(self.caption.defendant.words) < 2 or self._goes_on(versus + 1):
            return None
        score = Score()
        score.lower(Score.CAPTION, "caption_single")
        return self._hit(start, versus + 1, score)

    def _hit(self, start: int, last: int, score: Score) -> Hit:
        return Hit(start, self.reading.tokens[last].end, score.value, score.code, score.args)

    def _plaintiff(self, versus: int) -> int | None:
        """Return where the plaintiff begins; None when it is another."""
        if self.caption.plaintiff is None:
            return united_states_before(self.reading, self.reading.tokens[versus].start)
        for phrase in (self.caption.plaintiff, *_otherwise(self.caption.plaintiff.text)):
            start = self._stands(phrase, versus)
            if start is not None:
                return start
        return None

    def _stands(self, plaintiff: Phrase, versus: int) -> int | None:
        finder = Sequencer(plaintiff, self.reading)
        first = max(0, versus - len(plaintiff.words) - 2)
        for hit in finder.hits(list(range(first, versus))):
            between = self.reading.text[hit.end : self.reading.tokens[versus].start].lower()
            if hit.end <= self.reading.tokens[versus].start and between.strip(" .,") in {
                "",
                "et al",
            }:
                return hit.start
        return None

    def _defendant(self, versus: int) -> tuple[int, Score] | None:
        """Return the last word of the defendant, given names allowed before the surnames."""
        if self.family is not None and versus + 1 < len(self.reading):
            aligned = self.family.aligned(versus + 1)
            if aligned is not None and not self._tied(aligned[0]):
                score = Score()
                score.lower(Score.CAPTION_PAIR, "pair")
                return aligned[0], score
        for skipped in range(MOST_GIVEN + 1):
            first = versus + 1 + skipped
            if first >= len(self.reading) or (skipped and not self._given(first - 1)):
                return None
            aligned = self.defendant.aligned(first) or self.defendant.squashed_at(first)
            if aligned is not None and not self._tied(aligned[0]):
                score = Score()
                if skipped:
                    score.lower(Score.EXTRA_GIVEN, "extra_given")
                return aligned[0], score
        return None

    def _given(self, place: int) -> bool:
        return self.reading.word(place).capital and self.reading.gap(place) in {
            Gap.SPACE,
            Gap.POINT,
        }

    def _tied(self, last: int) -> bool:
        if self.reading.gap(last) is not Gap.HYPHEN or last + 1 >= len(self.reading):
            return False
        return self.reading.word(last + 1).case in {Case.TITLE, Case.UPPER}

    def _goes_on(self, place: int) -> bool:
        if place + 1 >= len(self.reading) or self.reading.gap(place) not in {Gap.SPACE, Gap.HYPHEN}:
            return False
        word = self.reading.word(place + 1)
        return word.case in {Case.TITLE, Case.UPPER}
