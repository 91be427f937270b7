"""Names in scripts without spaces: found by two neighbouring letters, verified by what stands
around them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from anyascii import anyascii

from matching import eastern, known, scripts, sounds
from matching.aligned import Hit
from matching.anatomy import Culture, Person
from matching.forms import Run
from matching.scores import Score
from matching.text import fold


class Runs:
    """Names by their rarest pair of letters: adding and removing one touches one entry."""

    def __init__(self) -> None:
        """Begin empty."""
        self._heads: dict[str, dict[int, Run]] = {}
        self._read: dict[str, dict[int, int]] = {}

    def add(self, number: int, run: Run) -> None:
        """Hold the Term `number`."""
        self._heads.setdefault(run.folded[:2], {})[number] = run

    def remove(self, number: int, run: Run) -> None:
        """Forget the Term `number`."""
        held = self._heads[run.folded[:2]]
        del held[number]
        if not held:
            del self._heads[run.folded[:2]]

    def add_person(self, number: int, person: Person) -> None:
        """Hold a Chinese or Korean name in Latin letters, to be found in Han or Hangul."""
        for reading, score in _readings(person):
            self._read.setdefault(reading, {})[number] = score

    def remove_person(self, number: int, person: Person) -> None:
        """Forget such a name."""
        for reading, _ in _readings(person):
            held = self._read[reading]
            del held[number]
            if not held:
                del self._read[reading]

    def find(self, text: str) -> Iterator[tuple[int, list[Hit]]]:
        """Yield the Terms in `text` with their hits."""
        if not (self._heads or self._read) or scripts.SPACELESS.search(text) is None:
            return
        finder = RunFinder(text)
        if self._read:
            yield from self._find_read(finder)
        squeezed = finder.squeezed
        times: Counter[str] = Counter()
        for place in range(len(squeezed) - 1):
            head = squeezed[place : place + 2]
            held = self._heads.get(head)
            if held is None or times[head] >= MOST_TIMES:
                continue
            for number, run in held.items():
                hit = finder.at(run, place)
                if hit is not None:
                    times[head] += 1
                    yield number, [hit]

    def _find_read(self, finder: RunFinder) -> Iterator[tuple[int, list[Hit]]]:
        squeezed = finder.squeezed
        times: Counter[str] = Counter()
        for place in range(len(squeezed) - 1):
            sort = _READ_AS.get(scripts.script_of(squeezed[place]))
            around = squeezed[max(0, place - 1) : place + LONGEST_READ + 3]
            if sort is None or times[around] >= MOST_ALIKE:
                continue
            times[around] += 1
            for size in (2, 3, 4):
                name = squeezed[place : place + size]
                if len(name) < size or "\n" in name:
                    break
                for number, score in self._read.get(sort + _spoken(sort, name), {}).items():
                    run = Run("", name, scripts.script_of(name), person=True)
                    hit = finder.at(run, place)
                    if hit is not None and hit.score == Score.EXACT:
                        yield number, [Hit(hit.start, hit.end, score, "script")]


MOST_TIMES = 500
"""Mentions of the names that begin alike, in one field."""
LONGEST_READ = 4
MOST_ALIKE = 20
"""Times that the same letters with the same beside them are read aloud in one field."""

_READ_AS = {scripts.HAN: "zh:", scripts.HANGUL: "ko:"}


@lru_cache(maxsize=20_000)
def _spoken(sort: str, name: str) -> str:
    """Return how a name in Han or Hangul sounds, as a key."""
    read = [anyascii(letter).lower() for letter in name]
    if sort == "ko:":
        return sounds.korean(read[0]) + "." + sounds.korean("".join(read[1:]))
    if name[:2] in known.around("zh_double"):
        return "".join(read[:2]) + "." + "".join(read[2:])
    return read[0] + "." + "".join(read[1:])


def _readings(person: Person) -> Iterator[tuple[str, int]]:
    """Yield how an Eastern name in Latin letters sounds in Han or Hangul, with its score; Han by
    sound alone is surer the longer the name is.
    """
    if person.culture is not Culture.EASTERN or person.derived:
        return
    family, given = person.surnames[0].word.fold, person.given[0].word.fold
    if scripts.HANGUL not in person.spelled and eastern.is_korean(person):
        yield "ko:" + sounds.korean(family) + "." + sounds.korean(given), Score.SCRIPT
    if scripts.HAN not in person.spelled and eastern.syllables(person.given[0], frozenset({"zh"})):
        long = len(eastern.syllables(person.given[0], frozenset({"zh"}))) > 1
        yield f"zh:{family}.{given}", Score.INITIALS if long else Score.UNCLEAR


class RunFinder:
    """One text, squeezed and folded, with the way back to its original places."""

    def __init__(self, text: str) -> None:
        """Fold `text` letter by letter where it is in such a script."""
        letters: list[str] = []
        places: list[int] = []
        ends: list[int] = []
        for match in _STRETCH.finditer(text):
            for unit in _UNIT.finditer(text, *match.span()):
                for letter in _letter(unit.group()):
                    letters.append(letter)
                    places.append(unit.start())
                    ends.append(unit.end())
            letters.append("\n")
            places.append(match.end())
            ends.append(match.end())
        self.text = text
        self.squeezed = "".join(letters)
        self._places = places
        self._ends = ends

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
        score = self._score(run, place, end)
        start, stop = self.span(place, end)
        return (
            Hit(start, stop, score, "exact" if score == Score.EXACT else "goes_on")
            if score
            else None
        )

    def span(self, place: int, end: int) -> tuple[int, int]:
        """Return where squeezed letters stand in the original text, with their marks."""
        stop = self._ends[end - 1]
        while stop < len(self.text) and unicodedata.category(self.text[stop]) in {"Mn", "Mc"}:
            stop += 1
        return self._places[place], stop

    def before(self, place: int) -> str:
        """Return the letter that stands directly before; empty behind a gap."""
        if place == 0 or self._places[place] > self._ends[place - 1]:
            return ""
        return self.squeezed[place - 1]

    def after(self, end: int) -> str:
        """Return the letters that follow directly, up to the next gap."""
        last = end
        while last < len(self._places) and self._places[last] <= self._ends[last - 1]:
            if self.squeezed[last] == "\n" or last - end > 7:
                break
            last += 1
        return self.squeezed[end:last]

    def _score(self, run: Run, place: int, end: int) -> int:
        if not run.person:
            return Score.EXACT if run.script != scripts.HANGUL or self._hangul(place, end) else 0
        if run.script == scripts.HANGUL:
            return Score.EXACT if self._hangul(place, end) else 0
        if run.script == scripts.THAI:
            return Score.EXACT if self._thai(place, end) else 0
        if run.script == scripts.KANA:
            return Score.EXACT if self._kana(place, end) else 0
        return han(run.folded, self.before(place), self.after(end))

    def _hangul(self, place: int, end: int) -> bool:
        before = self.before(place)
        if before and scripts.script_of(before) == scripts.HANGUL:
            return False
        rest = re.match("[\uac00-\ud7a3]*", self.after(end))
        tail = rest.group() if rest else ""
        if not tail or _particles(tail):
            return True
        return any(tail.startswith(title) for title in known.around("hangul_titles"))

    def _thai(self, place: int, end: int) -> bool:
        after = self.after(end)
        if self.before(place)[-1:] in set("เแโใไ"):
            return False
        if after[:1] and (unicodedata.category(after[0]) in {"Mn", "Mc"} or after[0] in "ะาำๅ"):
            return False
        return not any(after.startswith(tail) for tail in known.around("thai_tails"))

    def _kana(self, place: int, end: int) -> bool:
        """Whether a katakana name is not part of a longer katakana word."""
        first, last = self._places[place], self._ends[end - 1] - 1
        for inner, outer in ((first, first - 1), (last, last + 1)):
            pair = (self.text[i : i + 1] for i in (inner, max(0, outer)))
            if outer >= 0 and all(_KATAKANA.match(letter) for letter in pair):
                return False
        return True


def _particles(tail: str) -> bool:
    """Whether `tail` is one Korean particle, or two."""
    held = known.around("hangul_particles")
    return tail in held or any(
        tail[:cut] in held and tail[cut:] in held for cut in range(1, len(tail))
    )


def han(name: str, before: str, after: str) -> int:
    """Return the score of a name in Han characters by what stands around it: a longer surname
    before, a longer given name after make it another's.
    """
    japanese = known.around("jp_double")
    double = _double()
    if before and before + name[0] in double and name[:2] not in double:
        return 0
    if not after or scripts.script_of(after[0]) != scripts.HAN:
        return Score.EXACT
    if name[-1] + after[0] == "博士" and len(name) == 3:
        return Score.UNCLEAR  # 郑文博士 is Dr Zheng Wen
    if any(after.startswith(title) for title in known.around("han_titles")):
        return Score.EXACT
    if len(name) == 3 and _longer_given(after):
        return 0
    long = len(name) > 3 and name[:2] not in double
    if long or name[:2] in japanese or "々" in name:
        return 0 if after[0] in _letters_of("jp_tails") else Score.EXACT
    if len(name) == 2 and after[0] not in _letters_of("han_follow"):
        return Score.UNCLEAR
    return Score.EXACT


def _longer_given(after: str) -> bool:
    """Whether a Japanese given name goes on (武史 after 武): a letter that ends many, and then
    nothing more, a title or kana.
    """
    if after[0] not in _letters_of("jp_given_tails"):
        return False
    rest = after[1:]
    if not rest:
        return True
    kana = rest[:1] and scripts.script_of(rest[0]) == scripts.KANA
    return bool(kana) or any(rest.startswith(title) for title in known.around("han_titles"))


@cache
def _double() -> frozenset[str]:
    return known.around("zh_double") | known.around("jp_double")


@cache
def _letters_of(which: str) -> frozenset[str]:
    return frozenset("".join(known.around(which)))


_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f]")


_STRETCH = re.compile(
    "[\u0e00-\u0e7f\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f]"
    "(?:[\\s\u30fb\u00b7\u2022\u2027\u2219\u22c5\uff1d\u30a0\uff65\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
    "[\u0e00-\u0e7f\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f])*"
)
_UNIT = re.compile(
    "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|.[\uff9e\uff9f\u3099\u309a]?", re.DOTALL
)
"""One letter with what belongs to it: the jamo of a Korean syllable, a kana's voice mark."""
_CACHE: dict[str, str] = {}


def _letter(letter: str) -> str:
    folded = _CACHE.get(letter)
    if folded is None:
        folded = (
            ""
            if letter.isspace()
            or letter
            in "\u30fb\u00b7\u2022\u2027\u2219\u22c5\uff1d\u30a0\uff65\uff9e\uff9f\u3099\u309a"
            else fold(letter)
        )
        if len(_CACHE) < 60_000:
            _CACHE[letter] = folded
    return folded
