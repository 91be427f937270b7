"""The Matcher: which Watches are mentioned in an Item, where, how surely and why."""

from __future__ import annotations

import gc
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from matching import forms, support
from matching.aligned import Hit
from matching.anatomy import Person, Phrase
from matching.captions import CaptionFinder
from matching.cases import DocketNumber, dockets
from matching.forms import Caption, Run, Shape, Term
from matching.index import Index
from matching.likely import TONGUES, Likely
from matching.phrases import Sequencer
from matching.reading import Reading
from matching.runs import RunFinder, Runs
from matching.scores import POSSIBLE, THRESHOLD
from matching.text import HYPHENS, LONGEST_WORD, word_pattern
from matching.verify import Aligner
from matching.within import Within, WithinFinder
from model.errors import TermError
from model.item import Item
from model.mention import Mention, Reason, Verdict
from model.watch import Watch

MOST_PLACES = 260
"""Places in any field at which one Term is verified, two for each pair of words; in a field of many
words one for every WORDS_A_PLACE: a long document names others many times before the one.
"""
WORDS_A_PLACE = 8
LEAST_WORK = 2_000
"""Places that are verified in any field; beyond, one for every two words. An ordinary item of 400
letters asks for about ten with 100,000 Watches.
"""
FEWEST_PLACES = 4
"""Places at which every Term is verified, however much there is to do."""
LONGEST_FIELD = 200_000
"""Code points of a field that are read; what lies beyond is not looked at."""
TOGETHER = 64
"""Items whose words are learnt together."""


@dataclass(slots=True)
class _Held:
    """A Term held for the Watches that have it."""

    term: Term
    number: int
    watches: int | set[int] = field(default_factory=set)
    """Watch ids; one alone without a set around it, for there are many such."""

    def join(self, watch_id: int) -> None:
        """Hold it for one more Watch."""
        if isinstance(self.watches, int):
            self.watches = {self.watches, watch_id}
        elif self.watches:
            self.watches.add(watch_id)
        else:
            self.watches = watch_id

    def leave(self, watch_id: int) -> bool:
        """Hold it for one Watch less; whether none is left."""
        if isinstance(self.watches, int):
            return self.watches == watch_id
        self.watches.discard(watch_id)
        return not self.watches

    def ids(self) -> Iterable[int]:
        """Return the Watches it is held for."""
        return (self.watches,) if isinstance(self.watches, int) else self.watches


class _Text(NamedTuple):
    """One field of an Item, taken apart."""

    name: str
    text: str
    pattern: re.Pattern[str]
    """Finds its words."""
    words: list[str]
    spoken: frozenset[str]
    small: bool
    """It has no capitals."""
    joined: list[tuple[int, str]]
    """Words that a hyphen parts, as one each, with where the first begins."""

    @classmethod
    def of(cls, name: str, text: str, lang: str) -> _Text:
        """Take a text apart; `lang` is what its Source declares."""
        pattern = word_pattern(text)
        words = pattern.findall(text)
        spoken = support.spoken(text, lang, words)
        joined = joined_words(text)
        return cls(name, text, pattern, words, spoken, text == text.lower(), joined)


class Matcher:
    """Holds Watches and finds them in Items. Not for use by two threads at once."""

    def __init__(self, *, threshold: int = THRESHOLD, context_distance: int = 300) -> None:
        """`threshold`: from which score on a mention counts, unless a Watch says otherwise;
        `context_distance`: how many characters from a nickname its support may stand.
        """
        self.threshold = threshold
        self.context_distance = context_distance
        self._watches: dict[int, tuple[Watch, tuple[int, ...]]] = {}
        self._numbers: dict[Term, int] = {}
        self._held: dict[int, _Held] = {}
        self._free: list[int] = []
        self._index = Index()
        self._runs = Runs()
        self._dockets: dict[tuple[str, str], list[int]] = {}

    def __len__(self) -> int:
        """Return how many Watches are held."""
        return len(self._watches)

    def add(self, watch: Watch) -> None:
        """Look for `watch` from now on; an id that is held already is replaced. TermError when it
        can't be watched.
        """
        terms = forms.terms_of(watch)
        self.remove(watch.id)
        numbers = tuple(self._hold(term, watch.id) for term in terms)
        self._watches[watch.id] = (watch, numbers)

    def remove(self, watch_id: int) -> None:
        """Look for it no more; nothing happens when it is not held."""
        held = self._watches.pop(watch_id, None)
        if held is None:
            return
        for number in held[1]:
            entry = self._held[number]
            if entry.leave(watch_id):
                self._drop(entry)

    @staticmethod
    def keep() -> None:
        """Say that many Watches have been added that will stay: Python then no longer looks through
        all of them whenever it collects what is left over.
        """
        gc.freeze()

    def _hold(self, term: Term, watch_id: int) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._free.pop() if self._free else len(self._held)
            self._numbers[term] = number
            self._held[number] = _Held(term, number)
            self._enter(term, number)
        self._held[number].join(watch_id)
        return number

    def _enter(self, term: Term, number: int) -> None:
        shape = forms.shape_of(term)
        if isinstance(shape, DocketNumber):
            self._dockets.setdefault((shape.year, shape.number), []).append(number)
        elif isinstance(shape, Run):
            self._runs.add(number, shape)
        elif shape is not None:
            self._index.add(number, _anchors(term, shape))
            if isinstance(shape, Person) and not term.near:
                self._runs.add_person(number, shape)

    def _drop(self, entry: _Held) -> None:
        shape = forms.shape_of(entry.term)
        if isinstance(shape, DocketNumber):
            numbers = self._dockets[shape.year, shape.number]
            numbers.remove(entry.number)
            if not numbers:
                del self._dockets[shape.year, shape.number]
        elif isinstance(shape, Run):
            self._runs.remove(entry.number, shape)
        elif shape is not None:
            self._index.remove(entry.number, _anchors(entry.term, shape))
            if isinstance(shape, Person) and not entry.term.near:
                self._runs.remove_person(entry.number, shape)
        del self._held[entry.number], self._numbers[entry.term]
        self._free.append(entry.number)

    def find_mentions(self, item: Item, *, possible: bool = False) -> list[Mention]:
        """Return the mentions in `item` at or above the threshold, after never and require;
        `possible`: those from 40 up too. At most one per Watch, field and span.
        """
        return self.find_all([item], possible=possible)[0]

    def find_all(self, items: Sequence[Item], *, possible: bool = False) -> list[list[Mention]]:
        """Return the same for each of many Items; their new words are learnt together, which
        costs much less than one by one.
        """
        found: list[list[Mention]] = []
        for first in range(0, len(items), TOGETHER):
            some = [support.Fields(item) for item in items[first : first + TOGETHER]]
            texts = [[_Text.of(*one, fields.item.lang) for one in fields.texts] for fields in some]
            for text in chain.from_iterable(texts):
                coming = text.words
                if text.joined:
                    coming = [*coming, *(raw for _, raw in text.joined)]
                self._index.expect(coming, text.spoken, small=text.small)
            for fields, read in zip(some, texts, strict=True):
                found.append(self._find(fields, read, possible=possible))
            self._index.forget_expected()
        return found

    def _find(
        self, readings: support.Fields, texts: Iterable[_Text], *, possible: bool
    ) -> list[Mention]:
        found: dict[int, list[support.Placed]] = {}
        for text in texts:
            for number, hits in self._hits(text, readings):
                for watch_id in self._held[number].ids():
                    found.setdefault(watch_id, []).extend(
                        support.Placed(text.name, hit, self._held[number].term.text) for hit in hits
                    )
        mentions: list[Mention] = []
        for watch_id, placed in found.items():
            mentions += self._settle(
                self._watches[watch_id][0], placed, readings, possible=possible
            )
        return mentions

    def _hits(self, text: _Text, readings: support.Fields) -> Iterable[tuple[int, list[Hit]]]:
        place_of = _placer(text.pattern, text.text)
        candidates = self._index.candidates(
            text.words,
            text.spoken,
            text.joined,
            place_of,
            small=text.small,
            pointed=lambda letters: _pointed(text.text, letters),
        )
        if candidates:
            yield from self._verified(candidates, text, place_of, readings)
        if self._dockets:
            yield from self._docket_hits(text.text)
        yield from self._runs.find(text.text)

    def _verified(
        self,
        candidates: dict[int, list[int]],
        text: _Text,
        place_of: Callable[[int], int],
        readings: support.Fields,
    ) -> Iterable[tuple[int, list[Hit]]]:
        """Yield those Terms, which could be at these places, that are there."""
        most = _portion(candidates, text.words)
        tied = frozenset(place_of(start) for start, _ in text.joined)
        spoken = text.spoken if readings.item.lang else TONGUES
        likely = Likely(text.text, text.words, spoken, tied, small=text.small)
        for number, places in candidates.items():
            term = self._held[number].term
            if not likely.found(term, places):
                continue
            shape = forms.shape_of(term)
            if len(places) > most:
                places = _telling(places, text.words, most)
            if shape is not None:
                hits = find(shape, term, readings[text.name], places)
                if hits:
                    yield number, hits

    def _docket_hits(self, text: str) -> Iterable[tuple[int, list[Hit]]]:
        for found in dockets(text):
            for number in self._dockets.get((found.docket.year, found.docket.number), ()):
                shape = forms.shape_of(self._held[number].term)
                if isinstance(shape, DocketNumber) and shape.agrees(found.docket):
                    yield number, [Hit(found.figures, found.end, 100, "docket")]

    def _settle(
        self,
        watch: Watch,
        placed: list[support.Placed],
        readings: support.Fields,
        *,
        possible: bool,
    ) -> list[Mention]:
        threshold = self.threshold if watch.threshold is None else watch.threshold
        floor = min(POSSIBLE, threshold) if possible else threshold
        judge = support.Judge(watch, readings, self.context_distance)
        return [mention for mention in judge.settle(placed) if mention.score >= floor]

    def explain(self, watch: Watch, item: Item) -> list[Verdict]:
        """Return what each rule says of `watch` in `item`, found or not."""
        readings = support.Fields(item)
        verdicts: list[Verdict] = []
        placed: list[support.Placed] = []
        for term in forms.terms_of(watch):
            shape = forms.shape_of(term)
            for name, text in readings.texts:
                hits, refused = _look_everywhere(shape, term, readings[name], text)
                placed += [support.Placed(name, hit, term.text) for hit in hits]
                verdicts += [_refusal(name, hit) for hit in refused]
        judge = support.Judge(watch, readings, self.context_distance)
        threshold = self.threshold if watch.threshold is None else watch.threshold
        return judge.verdicts(placed, threshold) + list(dict.fromkeys(verdicts))


def _portion(candidates: dict[int, list[int]], words: list[str]) -> int:
    """Return at how many places each Term may be verified in a text of these words."""
    wanted = sum(map(len, candidates.values()))
    budget = LEAST_WORK + len(words) // 2
    most = max(MOST_PLACES, len(words) // WORDS_A_PLACE)
    if wanted <= budget:
        return most
    return min(most, max(FEWEST_PLACES, budget // len(candidates)))


def _telling(places: list[int], words: list[str], most: int) -> list[int]:
    """Return at most `most` of these places, which are those of two words each: first the ones
    whose neighbourhood did not occur before, for the same words are judged alike.
    """
    fresh: dict[tuple[str, ...], tuple[int, int]] = {}
    again: list[tuple[int, int]] = []
    for pair in zip(places[::2], places[1::2], strict=True):
        around = tuple(words[max(0, pair[0] - AROUND) : pair[1] + AROUND + 1])
        if fresh.setdefault(around, pair) is not pair:
            again.append(pair)
    chosen = [*fresh.values(), *again][: most // 2]
    return [place for pair in sorted(chosen) for place in pair]


AROUND = 3
"""Words on each side that are a place's neighbourhood."""

_POINTED = re.compile(r"(?<!\w)([^\W\d_])\.")


def _pointed(text: str, letters: frozenset[str]) -> frozenset[str]:
    """Return those of `letters` that stand somewhere in `text` by themselves, with a point."""
    if not any(letter + "." in text for letter in letters):
        return frozenset()
    return letters.intersection(_POINTED.findall(text))


_HYPHEN = re.compile(rf"[{HYPHENS}](?<=\w.)\n?(?=\w)")
_BEFORE = re.compile(r"[^\W_]+$")
_AFTER = re.compile(r"[^\W_]+")


def _placer(pattern: re.Pattern[str], text: str) -> Callable[[int], int]:
    """Return what tells how many words of `text` begin before a letter; counted once asked."""
    starts: list[int] = []

    def place(start: int) -> int:
        if not starts:
            starts.extend(match.start() for match in pattern.finditer(text))
        return bisect_left(starts, start)

    return place


def joined_words(text: str) -> list[tuple[int, str]]:
    """Return the words that a hyphen parts in `text` as one each, with where the first begins."""
    if "-" not in text and (text.isascii() or not any(map(text.__contains__, HYPHENS))):
        return []
    found = []
    for match in islice(_HYPHEN.finditer(text), MOST_JOINED):
        end = match.start()
        # The nearest space first: a word is short, and what is searched begins at each letter.
        start = max(0, end - LONGEST_WORD, text.rfind(" ", max(0, end - LONGEST_WORD), end))
        before = _BEFORE.search(text[start:end])
        after = _AFTER.match(text, match.end(), match.end() + LONGEST_WORD)
        if before and after:
            found.append((start + before.start(), before.group() + after.group()))
    return found


MOST_JOINED = 2_000


def _anchors(term: Term, shape: Shape) -> Iterable[tuple[str, ...]]:
    if term.near and isinstance(shape, Person):
        return forms.surname_anchors(shape)
    return forms.anchors(shape)


Finder = Aligner | Sequencer | CaptionFinder | WithinFinder


def _finder(shape: Shape, reading: Reading) -> Finder:
    if isinstance(shape, Person):
        return Aligner(shape, reading)
    if isinstance(shape, Phrase):
        return Sequencer(shape, reading)
    if isinstance(shape, Caption):
        return CaptionFinder(shape, reading)
    if isinstance(shape, Within):
        return WithinFinder(shape, reading)
    raise TermError("A docket number has no words to look for.")


def find(shape: Shape, term: Term, reading: Reading, places: list[int]) -> list[Hit]:
    """Return the hits of one compiled Term around `places`."""
    return _weakened(term, _finder(shape, reading).hits(places, alone=term.near))


def _refusal(name: str, hit: Hit) -> Verdict:
    reason = Reason(f"not_{hit.code}", hit.args)
    return Verdict("name", passed=False, reason=reason, field=name, start=hit.start, end=hit.end)


def _weakened(term: Term, hits: list[Hit]) -> list[Hit]:
    """Make the hits of a nickname weak; of a surname beside context only the weak ones stay."""
    if term.near:
        return [hit for hit in hits if hit.weak]
    if term.weak:
        return [Hit(h.start, h.end, min(h.score, 70), "nickname", h.args, weak=True) for h in hits]
    return [hit for hit in hits if not hit.weak]


def _look_everywhere(
    shape: Shape | None, term: Term, reading: Reading, text: str
) -> tuple[list[Hit], list[Hit]]:
    if isinstance(shape, DocketNumber):
        hits = [
            Hit(found.figures, found.end, 100 if shape.agrees(found.docket) else 0, "docket")
            for found in dockets(text)
        ]
        return [hit for hit in hits if hit.score], []
    if isinstance(shape, Run):
        return RunFinder(text).hits(shape), []
    if shape is None:
        return [], []
    finder = _finder(shape, reading)
    hits = _weakened(term, finder.hits(list(range(len(reading))), alone=term.near))
    return hits, finder.refused
