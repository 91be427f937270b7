"""Which Terms could be in this text: found by the keys of its words, alone or two near each other.

A plain dict, so that adding and removing a Term costs what its own keys cost, however many there
are. Everything found here is verified afterwards: a key may be too generous, never too narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from matching.look import Ids, Keys, Look
from matching.word_keys import korean_keys

REACH = 8
"""How many words apart two parts of one name may stand."""
MARK_REACH = 4
VERSUS_REACH = 2
SLIP_REACH = 3
FAR_REACH = 4
LOW_REACH = 2
_SHIFT = 26


class Index:
    """Keys of Terms -> Terms, which are plain numbers here."""

    def __init__(self) -> None:
        """Begin empty."""
        self._ids: dict[str, int] = {}
        self._uses: dict[int, int] = {}
        self._free: list[int] = []
        self._single: dict[int, int | list[int]] = {}
        self._pairs: dict[int, int | list[int]] = {}
        self._looks: dict[tuple[frozenset[str], bool], Look] = {}
        self._small_words: dict[str, Keys | None] = {}
        self._sorts: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many keys and pairs of keys are held."""
        return len(self._single) + len(self._pairs)

    def add(self, term: int, anchors: Iterable[tuple[str, ...]]) -> None:
        """Hold `term` under `anchors`."""
        for anchor in dict.fromkeys(tuple(sorted(anchor)) for anchor in anchors):
            ids = [self._id(key) for key in anchor]
            table, place = self._place(ids)
            held = table.get(place)
            if held is None:
                table[place] = term
            elif isinstance(held, list):
                held.append(term)
            else:
                table[place] = [held, term]

    def remove(self, term: int, anchors: Iterable[tuple[str, ...]]) -> None:
        """Forget `term`, which was added under the same `anchors`."""
        for anchor in dict.fromkeys(tuple(sorted(anchor)) for anchor in anchors):
            ids = [self._ids[key] for key in anchor]
            table, place = self._place(ids)
            held = table[place]
            if isinstance(held, list):
                held.remove(term)
                if len(held) == 1:
                    table[place] = held[0]
            else:
                del table[place]
            for key in anchor:
                self._release(key)

    def _place(self, ids: list[int]) -> tuple[dict[int, int | list[int]], int]:
        if len(ids) == 1:
            return self._single, ids[0]
        low, high = (ids[0], ids[1]) if ids[0] < ids[1] else (ids[1], ids[0])
        return self._pairs, low << _SHIFT | high

    def _id(self, key: str) -> int:
        number = self._ids.get(key)
        if number is None:
            number = self._free.pop() if self._free else len(self._ids)
            self._ids[key] = number
            self._uses[number] = 0
            self._sorts[key[:1]] += 1
            self._forget_words()
        self._uses[number] += 1
        return number

    def _release(self, key: str) -> None:
        number = self._ids[key]
        self._uses[number] -= 1
        if not self._uses[number]:
            del self._ids[key], self._uses[number]
            self._free.append(number)
            self._sorts[key[:1]] -= 1
            self._forget_words()

    def _forget_words(self) -> None:
        """Forget which keys words have, for these have changed."""
        if self._looks:
            self._looks.clear()
            self._small_words.clear()

    def expect(self, words: Collection[str], spoken: frozenset[str], *, small: bool) -> None:
        """Say that `candidates` will be asked of these words, too, so that what is new is worked
        out together.
        """
        self._look(spoken, small=small).expect(words)

    def forget_expected(self) -> None:
        """Keep no words that were expected: they have been asked for, or were known."""
        for look in self._looks.values():
            look.forget_expected()

    def candidates(
        self,
        words: list[str],
        spoken: frozenset[str],
        joined: Iterable[tuple[int, str]] = (),
        place_of: Callable[[int], int] = int,
        *,
        small: bool = False,
        pointed: Callable[[frozenset[str]], Collection[str]] = frozenset,
    ) -> dict[int, list[int]]:
        """Return term -> the places of `words` near which it could be, two by two; `joined` are
        words that a hyphen parts, each with where it starts, which `place_of` turns into a place;
        `small`: the text has no capitals;
        `pointed` tells which of some letters stand somewhere with a point, as initials do.
        """
        look = self._look(spoken, small=small)
        seen = [(place, keys) for place, keys in enumerate(map(look.__getitem__, words)) if keys]
        if joined:
            tied = [(place_of(start), keys) for start, raw in joined if (keys := look[raw])]
            seen = sorted(seen + tied) if tied else seen
        found: dict[int, list[int]] = {}
        if not seen:
            return found
        sorts = _by_sort(seen)
        if sorts.plain or sorts.phrase:
            self._alone(sorts.plain, found)
            self._alone(sorts.phrase, found)
            # A name's key is paired with names' keys only, a phrase's with phrases'.
            self._together(sorts.plain, REACH, found)
            self._together(sorts.phrase, REACH, found)
        if sorts.marks or sorts.versus:
            self._beside_marks(sorts, words, pointed, found)
        if sorts.slips and sorts.plain:
            self._beside(sorts.slips, dict(sorts.plain), SLIP_REACH, found)
        if sorts.low:
            self._together(sorts.low, LOW_REACH, found)
        if sorts.families:
            near = self._korean_near(sorts.families, words)
            self._beside(sorts.families, near, FAR_REACH, found)
        if sorts.far:
            self._together(sorts.far, FAR_REACH, found)
        return found

    def _look(self, spoken: frozenset[str], *, small: bool) -> Look:
        look = self._looks.get((spoken, small))
        if look is None:
            look = Look(self._ids, self._sorts, self._small_words, spoken, small=small)
            self._looks[spoken, small] = look
        return look

    def _beside_marks(
        self,
        sorts: _Sorts,
        words: list[str],
        pointed: Callable[[frozenset[str]], Collection[str]],
        found: dict[int, list[int]],
    ) -> None:
        """Look up initials and "v." beside ordinary keys."""
        both = dict(sorts.plain)
        for place, ids in sorts.phrase:
            both[place] = both.get(place, ()) + ids
        if sorts.marks:
            marks = _initials(sorts.marks, words, pointed)
            around = both.copy()
            around.update(marks)
            self._beside(marks, around, MARK_REACH, found)
        if sorts.versus:
            versus = _initials(sorts.versus, words, pointed)
            self._beside(versus, both, VERSUS_REACH, found, after=True)

    def _korean_near(self, families: list[_At], words: list[str]) -> dict[int, Ids]:
        """Return the keys of what may be Korean given names beside Korean surnames."""
        near: dict[int, tuple[int, ...]] = {}
        for place, _ in families:
            for at in range(max(0, place - FAR_REACH), min(len(words), place + FAR_REACH + 1)):
                ids = [self._ids[key] for key in korean_keys(words[at]) if key in self._ids]
                near[at] = tuple(ids)
        return near

    def _alone(self, hits: list[_At], found: dict[int, list[int]]) -> None:
        single = self._single
        for place, ids in hits:
            for number in ids:
                held = single.get(number)
                if held is not None:
                    _note(found, held, place, place)

    def _together(self, hits: list[_At], reach: int, found: dict[int, list[int]]) -> None:
        """Look up every two keys at most `reach` words apart."""
        pairs = self._pairs
        count = len(hits)
        for left in range(count):
            place, ids = hits[left]
            limit = place + reach
            for right in range(left + 1, count):
                other, others = hits[right]
                if other > limit:
                    break
                for a in ids:
                    for b in others:
                        held = pairs.get(a << _SHIFT | b if a < b else b << _SHIFT | a)
                        if held is not None:
                            _note(found, held, place, other)

    def _beside(
        self,
        special: list[_At],
        around: dict[int, Ids],
        reach: int,
        found: dict[int, list[int]],
        *,
        after: bool = False,
    ) -> None:
        """Look up keys of one special sort beside ordinary ones; `after`: only those after it."""
        pairs = self._pairs
        for place, ids in special:
            for near in range(place + 1 if after else place - reach, place + reach + 1):
                if near not in around or near == place:
                    continue
                for b in around[near]:
                    for a in ids:
                        held = pairs.get(a << _SHIFT | b if a < b else b << _SHIFT | a)
                        if held is not None:
                            _note(found, held, min(place, near), max(place, near))


_At = tuple[int, tuple[int, ...]]
"""A place and the keys of the word there."""


MOST_PLACES = 20_000
"""Places of one Term that are noted in one field, two for each pair of words."""
MOST_NOTED = 4_000
"""Terms and places that one key common to many Terms is noted with in one field."""


def _note(found: dict[int, list[int]], held: int | list[int], first: int, last: int) -> None:
    if isinstance(held, int):
        places = found.get(held)
        if places is None:
            found[held] = [first, last]
        elif len(places) < MOST_PLACES:
            places += (first, last)
        return
    most = max(MOST_NOTED // len(held), LEAST_PLACES)
    for term in held:
        places = found.get(term)
        if places is None:
            found[term] = [first, last]
        elif len(places) < most:
            places += (first, last)


LEAST_PLACES = 64
"""Places that every Term is noted with, however common its key."""


class _Sorts(NamedTuple):
    """The keys of a text's words by what they are for, in the order of look.PLAIN and so on."""

    plain: list[_At]
    """Of names."""
    phrase: list[_At]
    """Of phrases."""
    low: list[_At]
    """Those that count in small letters beside another such."""
    marks: list[_At]
    """What stands for a name: initials."""
    slips: list[_At]
    """What a slip left of a name."""
    far: list[_At]
    """How it reads in other alphabets."""
    versus: list[_At]
    """The "v." of a caption."""
    families: list[_At]
    """Korean surnames."""


def _by_sort(seen: list[tuple[int, Keys]]) -> _Sorts:
    lists: tuple[list[_At], ...] = ([], [], [], [], [], [], [], [])
    for place, keys in seen:
        for sort, ids in keys:
            lists[sort].append((place, ids))
    return _Sorts(*lists)


_LETTERS_THAT_ARE_WORDS = frozenset("AIOYEÀÉÃÂVX")
"""Initials, but only where they have a point."""


def _initials(
    marks: list[_At],
    words: list[str],
    pointed: Callable[[frozenset[str]], Collection[str]],
) -> list[_At]:
    """Return the marks that can be initials: letters that are words must have a point."""
    doubtful = _LETTERS_THAT_ARE_WORDS.intersection([words[place] for place, _ in marks])
    if not doubtful:
        return marks
    plain = doubtful.difference(pointed(doubtful))
    return [(place, ids) for place, ids in marks if words[place] not in plain]
