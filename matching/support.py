"""What else an Item must or must not say: nicknames' support, require, never; and the Mentions that
stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from matching import anatomy, endings, forms, nouns, scripts
from matching.aligned import Hit
from matching.anatomy import Person, Phrase
from matching.cases import DocketNumber, dockets, parse_docket
from matching.forms import shape_of, terms_of
from matching.reading import Gap, Reading, spoken_in
from matching.reasons import LIFTED
from matching.runs import RunFinder
from matching.scores import THRESHOLD
from matching.text import WORD, WORDS, Case, Word, fold
from model.item import Item
from model.mention import Mention, Reason, Verdict
from model.watch import Watch

FIELDS = ("title", "summary", "text")
LONGEST_FIELD = 200_000
LONGEST_CONTEXT = 300
"""Letters of one context phrase, at most."""
MOST_NEAR = 40
"""Context words on each side of a hit that are looked at."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A Hit in a named field."""

    field: str
    hit: Hit
    term: str


class Fields:
    """The fields of an Item, read when first asked for."""

    def __init__(self, item: Item) -> None:
        """Take the Item."""
        self.item = item
        texts = [(name, getattr(item, name)[:LONGEST_FIELD]) for name in FIELDS]
        self.texts: list[tuple[str, str]] = [(name, text) for name, text in texts if text]
        self._read: dict[str, Reading] = {}
        self._folds: dict[str, list[tuple[str, ...]]] = {}
        self._places: dict[str, dict[str, list[int]]] = {}

    def __getitem__(self, name: str) -> Reading:
        """Return the Reading of a field."""
        reading = self._read.get(name)
        if reading is None:
            reading = self._read[name] = Reading(dict(self.texts)[name], self.item.lang)
        return reading

    def folds(self, name: str) -> list[tuple[str, ...]]:
        """Return the folds of each word of a field: whole, and without what an apostrophe parts."""
        found = self._folds.get(name)
        if found is None:
            found = self._folds[name] = [_folds(token.word) for token in self[name].tokens]
        return found

    def opening(self, name: str, fold: str) -> list[int]:
        """Return the places of a field's words that fold to `fold`."""
        places = self._places.get(name)
        if places is None:
            places = self._places[name] = {}
            for place, forms_of_one in enumerate(self.folds(name)):
                for one in forms_of_one:
                    places.setdefault(one, []).append(place)
        return places.get(fold, [])

    @cached_property
    def offsets(self) -> dict[str, int]:
        """Where each field begins when they are laid end to end."""
        found, at = {}, 0
        for name, text in self.texts:
            found[name] = at
            at += len(text) + 1
        return found


def spoken(text: str, lang: str, words: list[str]) -> frozenset[str]:
    """Return the families of endings heard in `text` (see Reading.spoken), cheaply."""
    if lang:
        code = lang[:2].lower()
        if code not in endings.FAMILY_OF:
            return frozenset()
    return spoken_in(text, lang, words)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a field."""

    field: str
    start: int
    end: int


def find_phrase(phrase: str, readings: Fields) -> list[Found]:
    """Return where `phrase` stands in the Item as whole folded words."""
    docket = parse_docket(phrase)
    if docket is not None and docket.type:
        return _find_docket(docket, readings)
    wanted = [WORDS[m.group()].fold for m in WORD.finditer(phrase)]
    if not wanted:
        return []
    if scripts.SPACELESS.search(phrase):
        return _find_run(phrase, readings)
    found = []
    for name, _ in readings.texts:
        tokens = readings[name].tokens
        folds = readings.folds(name)
        for first in readings.opening(name, wanted[0]):
            last = first + len(wanted) - 1
            same = last < len(tokens) and all(
                want in folds[first + i] for i, want in enumerate(wanted)
            )
            if same and not any(readings[name].gap(at) is Gap.HARD for at in range(first, last)):
                found.append(Found(name, tokens[first].start, tokens[last].end))
    return found


def find_bent(phrase: str, readings: Fields) -> list[Found]:
    """Return where `phrase`, one Cyrillic word, stands in another case or number."""
    words = [WORDS[m.group()] for m in WORD.finditer(phrase)]
    if len(words) != 1 or words[0].script != scripts.CYRILLIC:
        return []
    return [
        Found(name, token.start, token.end)
        for name, _ in readings.texts
        for token in readings[name].tokens
        if token.word.fold != words[0].fold and nouns.bent(words[0], token.word)
    ]


def _find_docket(docket: DocketNumber, readings: Fields) -> list[Found]:
    return [
        Found(name, found.start, found.end)
        for name, text in readings.texts
        for found in dockets(text)
        if docket.agrees(found.docket)
    ]


def _find_run(phrase: str, readings: Fields) -> list[Found]:
    run = forms.run_of(phrase)
    if run is not None:
        return [
            Found(name, hit.start, hit.end)
            for name, text in readings.texts
            for hit in RunFinder(text).hits(run)
        ]
    pattern = re.compile(re.escape(phrase.strip().strip('"“”«»')))
    return [
        Found(name, match.start(), match.end())
        for name, text in readings.texts
        for match in pattern.finditer(text)
    ]


def _folds(word: Word) -> tuple[str, ...]:
    if not word.head:
        return (word.fold,)
    return word.fold, fold(word.head), fold(word.tail)


class Judge:
    """Decides which hits of one Watch in one Item are Mentions."""

    def __init__(self, watch: Watch, readings: Fields, distance: int) -> None:
        """Take the Watch, the Item's fields and how near support must be, in characters."""
        self.watch = watch
        self.readings = readings
        self.distance = distance

    def settle(self, placed: list[Placed]) -> list[Mention]:
        """Return the Mentions left after support, never and require, one for each place."""
        if not self._language() or self._vetoed() or self._lacking():
            return []
        kept = [one for one in (self._supported(p) for p in placed) if one is not None]
        kept = [one for one in kept if not self._covered(one) and self._leads(one)]
        return [self._mention(one) for one in _without_overlaps(kept)]

    def _language(self) -> bool:
        lang = self.readings.item.lang[:2].lower()
        wanted = {code[:2].lower() for code in self.watch.lang}
        return not wanted or not lang or lang in wanted

    # --- require and never ---------------------------------------------------------------------

    def _lacking(self) -> tuple[str, ...]:
        """Return the first group of required words of which none is there."""
        for group in (self.watch.require, *self.watch.also):
            if group and not any(find_phrase(phrase, self.readings) for phrase in group):
                return tuple(group)
        return ()

    @cached_property
    def parts(self) -> frozenset[str]:
        """The folded words of the Watch's own names."""
        texts = [self.watch.name, *self.watch.aliases]
        return (
            frozenset(WORDS[m.group()].fold for text in texts for m in WORD.finditer(text))
            - _LITTLE
        )

    def _covers(self, phrase: str) -> bool:
        words = {WORDS[m.group()].fold for m in WORD.finditer(phrase)}
        return bool(words & self.parts)

    def _vetoed(self) -> str:
        """Return the `never` that forbids the whole Item, if one is there."""
        for phrase in self.watch.never:
            if not self._covers(phrase) and find_phrase(phrase, self.readings):
                return phrase
        return ""

    @cached_property
    def _cancelled(self) -> list[Found]:
        return [
            found
            for phrase in self.watch.never
            if self._covers(phrase)
            for found in find_phrase(phrase, self.readings)
        ]

    def _covered(self, placed: Placed) -> bool:
        hit = placed.hit
        return any(
            c.field == placed.field and c.start < hit.end and hit.start < c.end
            for c in self._cancelled
        )

    def _leads(self, placed: Placed) -> bool:
        """Return whether it stands where the Watch looks: anywhere, or where texts begin."""
        if not self.watch.leading or placed.field == "title":
            return True
        return "\n" not in self.readings[placed.field].text[: placed.hit.start].lstrip()

    # --- support -------------------------------------------------------------------------------

    @cached_property
    def _context(self) -> list[tuple[int, int, Found]]:
        return self._laid(
            f
            for phrase in self.watch.context
            for f in (*find_phrase(phrase, self.readings), *find_bent(phrase, self.readings))
        )

    def _laid(self, found: Iterable[Found]) -> list[tuple[int, int, Found]]:
        """Return `found` with where each begins and ends when the fields are laid end to end."""
        offsets = self.readings.offsets
        spots = [(offsets[f.field] + f.start, offsets[f.field] + f.end, f) for f in found]
        return sorted(spots, key=lambda spot: spot[:2])

    def near(self, placed: Placed, spots: list[tuple[int, int, Found]]) -> list[Found]:
        """Return those of `spots` within the distance of a hit, at most MOST_NEAR on each side."""
        start = self.readings.offsets[placed.field] + placed.hit.start
        end = start + placed.hit.end - placed.hit.start
        first = bisect_left(spots, (start - self.distance - LONGEST_CONTEXT,))
        middle = bisect_left(spots, (end,))
        before = [s for s in spots[first:middle] if s[1] <= start <= s[1] + self.distance]
        after = [s for s in spots[middle : middle + MOST_NEAR] if s[0] <= end + self.distance]
        return [spot[2] for spot in (*before[-MOST_NEAR:], *after)]

    def _supported(self, placed: Placed) -> Placed | None:
        """Return a hit as its surroundings leave it; None for a nickname without support."""
        hit = placed.hit
        context = self.near(placed, self._context)
        if hit.weak:
            if not (context or self._titled(placed) or self._part_near(placed)):
                return None
            return placed
        if hit.score < THRESHOLD and hit.code in LIFTED and context:
            lifted = Hit(hit.start, hit.end, THRESHOLD, f"{hit.code}_context", hit.args)
            return Placed(placed.field, lifted, placed.term)
        return placed

    def _titled(self, placed: Placed) -> bool:
        """Whether a title stands right before a surname that counts beside context."""
        if placed.hit.code != "surname_context":
            return False
        reading = self.readings[placed.field]
        place = bisect_left(reading.tokens, placed.hit.start, key=lambda token: token.start)
        if not place or reading.word(place - 1).fold not in anatomy.RANKS:
            return False
        between = reading.text[reading.tokens[place - 1].end : placed.hit.start]
        return between.strip() in {"", "."}

    @cached_property
    def _surname_parts(self) -> list[anatomy.Part]:
        found: list[anatomy.Part] = []
        for term in terms_of(self.watch):
            shape = shape_of(term)
            if isinstance(shape, Person) and not term.weak:
                found += shape.surnames[:1] if len(shape.surnames) > 1 else shape.surnames
                found += [part for part in shape.given[:1] if len(part.word.fold) > 4]
            elif isinstance(shape, Phrase) and not term.weak:
                found += [
                    anatomy.make_part((w,)) for w in shape.words if w.fold not in anatomy.TITLES
                ]
        return found

    def _part_near(self, placed: Placed) -> bool:
        """Whether another part of the name stands near a nickname."""
        return placed.hit.code != "surname_context" and bool(self.near(placed, self._parts))

    @cached_property
    def _parts(self) -> list[tuple[int, int, Found]]:
        found = []
        for name, _ in self.readings.texts:
            reading = self.readings[name]
            for place, token in enumerate(reading.tokens):
                may = token.word.case is not Case.LOWER and self._is_part(token.word)
                if may and not self._elsewhere(reading, place):
                    found.append(Found(name, token.start, token.end))
        return self._laid(found)

    def _is_part(self, word: Word) -> bool:
        for part in self._surname_parts:
            core = part.core or part.word
            if len(core.fold) > 2 and (core.fold == word.fold or core.skeleton == word.skeleton):
                return True
            if word.head and fold(word.head) == core.fold:
                return True
        return False

    def _elsewhere(self, reading: Reading, place: int) -> bool:
        """Whether the part is a place's or another person's."""
        if place and reading.gap(place - 1).name in {"SPACE", "HYPHEN"}:
            before = reading.word(place - 1)
            if before.fold in anatomy.SAINTS:
                return True
        return False

    # --- what stays ----------------------------------------------------------------------------

    def _mention(self, placed: Placed) -> Mention:
        hit = placed.hit
        text = self.readings[placed.field].text
        context = dict.fromkeys(
            self.readings[one.field].text[one.start : one.end]
            for one in self.near(placed, self._context)
        )
        args = hit.args or (text[hit.start : hit.end], placed.term)
        return Mention(
            self.watch.id, placed.field, hit.start, hit.end, text[hit.start : hit.end], hit.score,
            Reason(hit.code, args), placed.term, tuple(context),
        )  # fmt: skip

    def verdicts(self, placed: list[Placed], threshold: int) -> list[Verdict]:
        """Return what each rule says, for `vigil why`."""
        said = []
        if not self._language():
            said.append(
                Verdict("lang", passed=False, reason=Reason("lang", (self.readings.item.lang,)))
            )
        if vetoed := self._vetoed():
            said.append(Verdict("never", passed=False, reason=Reason("never", (vetoed,))))
        if lacking := self._lacking():
            reason = Reason("require", (", ".join(lacking),))
            said.append(Verdict("require", passed=False, reason=reason))
        said += [self._verdict(one, threshold) for one in placed]
        if not placed:
            said.append(Verdict("name", passed=False, reason=Reason("absent", (self.watch.name,))))
        return said

    def _verdict(self, placed: Placed, threshold: int) -> Verdict:
        hit = placed.hit
        text = self.readings[placed.field].text[hit.start : hit.end]

        def say(rule: str, reason: Reason, *, passed: bool = False) -> Verdict:
            return Verdict(rule, passed, reason, placed.field, hit.start, hit.end)

        settled = self._supported(placed)
        if settled is None:
            return say("nickname", Reason("unsupported", (text,)))
        if self._covered(settled):
            return say("never", Reason("cancelled", (text,)))
        if not self._leads(settled):
            return say("leading", Reason("not_leading", (text,)))
        passed = settled.hit.score >= threshold
        args = (text, placed.term, str(settled.hit.score), str(threshold))
        return say("name", Reason(settled.hit.code, args), passed=passed)


_LITTLE = anatomy.PARTICLES | anatomy.TITLES | anatomy.ARTICLE


def _without_overlaps(placed: list[Placed]) -> list[Placed]:
    """Keep, of hits that overlap, the one with the best score, then the longest."""
    ranked = sorted(placed, key=lambda p: (-p.hit.score, p.hit.start - p.hit.end))
    kept: list[Placed] = []
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in ranked:
        taken = spans.setdefault(one.field, [])
        span = (one.hit.start, one.hit.end)
        at = bisect_left(taken, span)
        after = at < len(taken) and taken[at][0] < span[1]
        before = at > 0 and taken[at - 1][1] > span[0]
        if not (after or before):
            taken.insert(at, span)
            kept.append(one)
    order = {name: i for i, name in enumerate(FIELDS)}
    return sorted(kept, key=lambda p: (order[p.field], p.hit.start))
