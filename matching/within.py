"""Words near each other: `Cienfuegos w/10 DEA` and `"Cienfuegos DEA"~10`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from matching.aligned import Hit
from matching.anatomy import Phrase
from matching.notation import Form, read_term
from matching.phrases import Sequencer
from matching.reading import Reading
from matching.text import WORD, WORDS

LONGEST_PART = 30
"""Words of one part, at most."""
MOST_HITS = 200
"""Places of one part in one field that are looked at."""


@dataclass(frozen=True, slots=True)
class Within:
    """Phrases of which all must stand at most `distance` words apart, in any order."""

    text: str
    parts: tuple[Phrase, ...]
    distance: int


def within(text: str) -> Within | None:
    """Return what a Term in this notation asks for; None for any other Term."""
    term = read_term(text)
    if term.form is not Form.WITHIN:
        return None
    words = [tuple(WORDS[raw] for raw in WORD.findall(part)) for part in term.parts]
    parts = tuple(
        Phrase(part, found, variants=False)
        for part, found in zip(term.parts, words, strict=True)
        if found
    )
    return Within(text, parts, term.distance) if len(parts) > 1 else None


class WithinFinder:
    """Looks for one Within in one Reading."""

    def __init__(self, wanted: Within, reading: Reading) -> None:
        """Take what is wanted and the field."""
        self.wanted = wanted
        self.reading = reading
        self.refused: list[Hit] = []

    def hits(self, places: list[int], *, alone: bool = False) -> list[Hit]:
        """Return the narrowest stretches that hold all parts; at most one begins at each place of
        the first part.
        """
        everywhere = list(range(len(self.reading)))
        found = [
            Sequencer(part, self.reading).hits(everywhere)[:MOST_HITS] for part in self.wanted.parts
        ]
        if not all(found):
            return []
        starts = {token.start: at for at, token in enumerate(self.reading.tokens)}
        ends = {token.end: at for at, token in enumerate(self.reading.tokens)}
        spans = [[self._words(hit, starts, ends) for hit in hits] for hits in found]
        best = {one: self._narrowest(one, spans[1:]) for one in dict.fromkeys(spans[0])}
        return [self._hit(*span) for span in dict.fromkeys(best.values()) if span]

    def _narrowest(
        self, one: tuple[int, int], others: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[int, int] | None:
        """Return the narrowest stretch from or to `one` with one of each of `others` in it."""
        low, high = one
        taken = [one]
        for every in others:
            reach = self.wanted.distance + LONGEST_PART
            spans = every[bisect_left(every, (low - reach,)) : bisect_left(every, (high + reach,))]
            free = [s for s in spans if all(s[1] < t[0] or s[0] > t[1] for t in taken)]
            near = [s for s in free if self._apart(s, one) <= self.wanted.distance]
            if not near:
                return None
            span = min(near, key=lambda s: (self._apart(s, one), s))
            taken.append(span)
            low, high = min(low, span[0]), max(high, span[1])
        return low, high

    @staticmethod
    def _apart(one: tuple[int, int], other: tuple[int, int]) -> int:
        """Return how many words stand between two stretches, and one: neighbours are one apart."""
        return max(one[0] - other[1], other[0] - one[1])

    @staticmethod
    def _words(hit: Hit, starts: dict[int, int], ends: dict[int, int]) -> tuple[int, int]:
        first = starts.get(hit.start, 0)
        return first, ends.get(hit.end, first)

    def _hit(self, first: int, last: int) -> Hit:
        tokens = self.reading.tokens
        return Hit(tokens[first].start, tokens[last].end, 100, "within")
