"""Which Terms could be in this text: found by the keys of its words, alone or two near each other.

A plain dict, so that adding and removing a Term costs what its own keys cost, however many there
are. Everything found here is verified afterwards: a key may be too generous, never too narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import NamedTuple

from matching import anatomy, endings, forms, known, letters, scripts, sounds
from matching.fit import CLITIC_SCRIPTS
from matching.fit import forms as word_forms
from matching.text import WORDS, Case, Word, skeleton

REACH = 8
"""How many words apart two parts of one name may stand."""
MARK_REACH = 4
VERSUS_REACH = 2
SLIP_REACH = 3
FAR_REACH = 4
LOW_REACH = 2
_SHIFT = 26
LIMIT = 100_000


class Index:
    """Keys of Terms -> Terms, which are plain numbers here."""

    def __init__(self) -> None:
        """Begin empty."""
        self._ids: dict[str, int] = {}
        self._uses: dict[int, int] = {}
        self._free: list[int] = []
        self._single: dict[int, int | list[int]] = {}
        self._pairs: dict[int, int | list[int]] = {}
        self._looks: dict[tuple[frozenset[str], bool], _Look] = {}
        self._small_words: dict[str, _Keys | None] = {}
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

    def candidates(
        self,
        words: list[str],
        spoken: frozenset[str],
        joined: Iterable[tuple[int, str]] = (),
        place_of: Callable[[int], int] = int,
        *,
        small: bool = False,
        pointed: Callable[[], Collection[str]] = frozenset,
    ) -> dict[int, list[int]]:
        """Return term -> the places of `words` near which it could be, two by two; `joined` are
        words that a hyphen parts, each with where it starts, which `place_of` turns into a place;
        `small`: the text has no capitals;
        `pointed` tells which letters stand somewhere with a point, as initials do.
        """
        look = self._look(spoken, small=small)
        seen = [(place, keys) for place, raw in enumerate(words) if (keys := look[raw])]
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
            self._special(sorts, words, pointed, found)
        self._together(sorts.low, LOW_REACH, found)
        if sorts.families:
            near = self._korean_near(sorts.families, words)
            self._beside(sorts.families, near, FAR_REACH, found)
        self._together(sorts.far, FAR_REACH, found)
        return found

    def _look(self, spoken: frozenset[str], *, small: bool) -> _Look:
        look = self._looks.get((spoken, small))
        if look is None:
            look = _Look(self._ids, self._sorts, self._small_words, spoken, small=small)
            self._looks[spoken, small] = look
        return look

    def _special(
        self,
        sorts: _Sorts,
        words: list[str],
        pointed: Callable[[], Collection[str]],
        found: dict[int, list[int]],
    ) -> None:
        """Look up initials, "v." and what a slip left, beside ordinary keys."""
        if not (sorts.marks or sorts.versus or sorts.slips):
            return
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
        if sorts.slips:
            self._beside(sorts.slips, dict(sorts.plain), SLIP_REACH, found)

    def _korean_near(self, families: list[_At], words: list[str]) -> dict[int, _Ids]:
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
        around: dict[int, _Ids],
        reach: int,
        found: dict[int, list[int]],
        *,
        after: bool = False,
    ) -> None:
        """Look up keys of one special sort beside ordinary ones; `after`: only those after it."""
        pairs = self._pairs
        for place, ids in special:
            for near in range(place + 1 if after else place - reach, place + reach + 1):
                if near == place or near not in around:
                    continue
                for b in around[near]:
                    for a in ids:
                        held = pairs.get(a << _SHIFT | b if a < b else b << _SHIFT | a)
                        if held is not None:
                            _note(found, held, min(place, near), max(place, near))


_At = tuple[int, tuple[int, ...]]
"""A place and the keys of the word there."""


def _may_slip(word: Word) -> bool:
    if word.script not in {scripts.LATIN, scripts.CYRILLIC, scripts.GREEK, scripts.ARABIC}:
        return False
    if word.case is Case.LOWER or word.fold in _plain_words():
        return False
    return not known.given(word) and not known.surname(word)


@cache
def _plain_words() -> frozenset[str]:
    return known.words("ordinary.txt") | known.words("little.txt")


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


_Ids = tuple[int, ...]
_Keys = tuple[_Ids, _Ids, _Ids, _Ids, _Ids, _Ids, _Ids, _Ids]
"""Of one word, in the order of _Sorts."""


class _Sorts(NamedTuple):
    """The keys of a text's words by what they are for."""

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


def _by_sort(seen: list[tuple[int, _Keys]]) -> _Sorts:
    sorts = _Sorts([], [], [], [], [], [], [], [])
    for place, (plain, phrase, low, marks, slips, far, versus, family) in seen:
        if plain:
            sorts.plain.append((place, plain))
        if phrase:
            sorts.phrase.append((place, phrase))
        if low:
            sorts.low.append((place, low))
        if marks:
            sorts.marks.append((place, marks))
        if slips:
            sorts.slips.append((place, slips))
        if far:
            sorts.far.append((place, far))
        if versus:
            sorts.versus.append((place, versus))
        if family:
            sorts.families.append((place, family))
    return sorts


_LETTERS_THAT_ARE_WORDS = frozenset("AIOYEÀÉÃÂVX")
"""Initials, but only where they have a point."""


def _initials(
    marks: list[_At], words: list[str], pointed: Callable[[], Collection[str]]
) -> list[_At]:
    """Return the marks that can be initials: letters that are words must have a point."""
    if not any(words[place] in _LETTERS_THAT_ARE_WORDS for place, _ in marks):
        return marks
    held = pointed()
    return [
        (place, ids)
        for place, ids in marks
        if words[place] not in _LETTERS_THAT_ARE_WORDS or words[place] in held
    ]


class _Look(dict[str, _Keys | None]):
    """Raw word -> those of its keys that some Term has, in texts of certain languages; each
    distinct word is worked out once. None: it has none.
    """

    def __init__(
        self,
        ids: dict[str, int],
        sorts: Counter[str],
        small_words: dict[str, _Keys | None],
        spoken: frozenset[str],
        *,
        small: bool,
    ) -> None:
        super().__init__()
        self._ids = ids
        self._small_words = small_words
        self._sorts = sorts
        self._spoken = spoken
        self._small = small

    def __missing__(self, raw: str) -> _Keys | None:
        if len(self) > LIMIT:
            self.clear()
        word = WORDS[raw]
        if (word.case is Case.LOWER and not self._small) or raw.isdigit():
            found = self._of_small(word)
        else:
            found = self._of_capital(word)
        self[raw] = found
        return found

    def _of_capital(self, word: Word) -> _Keys | None:
        keys = keys_of(word, self._spoken)
        phrase = self._held([forms.PHRASE + key for key in keys])
        plain = self._held(keys) if len(word.fold) != 1 else ()
        far = () if word.case is Case.LOWER else self._held(far_keys(word, self._sorts))
        slips = self._held(slip_keys(word)) if 3 < len(word.raw) < 30 else ()
        marks, family = self._held(mark_keys(word)), self._held(korean_family(word))
        found = (plain, phrase, (), marks, slips, far, self._versus(word), family)
        return found if any(found) else None

    def _of_small(self, word: Word) -> _Keys | None:
        """Return the keys of a word in small letters in a text that has capitals: phrases count,
        and names when two such words are neighbours. Only words of other alphabets may have other
        keys in another language.
        """
        if word.script != scripts.LATIN or word.raw.isdigit():
            return self._work_out_small(word)
        held = self._small_words
        if word.raw not in held:
            if len(held) > LIMIT:
                held.clear()
            held[word.raw] = self._work_out_small(word)
        return held[word.raw]

    def _work_out_small(self, word: Word) -> _Keys | None:
        keys = keys_of(word, self._spoken)
        low = keys[:1] if len(word.raw) >= SHORTEST_LOW and word.fold not in _plain_words() else []
        marks = mark_keys(word) if len(word.raw) < SHORTEST_MARK else []
        phrase = self._held([forms.PHRASE + key for key in keys])
        found: _Keys = (
            (), phrase, self._held(low), self._held(marks), (), (), self._versus(word), ()
        )  # fmt: skip
        return found if any(found) else None

    def _versus(self, word: Word) -> _Ids:
        return self._held([forms.VERSUS]) if word.fold in _VERSUS else ()

    def _held(self, keys: list[str]) -> _Ids:
        if not keys:
            return ()
        ids = self._ids
        found = [ids[key] for key in keys if key in ids]
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


SHORTEST_LOW = 3
LONGEST_KOREAN = 10
_NOT_KOREAN = frozenset("fvzqx")
"""Letters that no romanisation of Korean uses."""
SHORTEST_MARK = 9
"""Beyond this length no word is an initial or "versus"."""


def mark_keys(word: Word) -> list[str]:
    """Return the keys of what stands for a name: an initial, or a letter of a phrase."""
    plain = not word.head and word.script not in CLITIC_SCRIPTS
    if len(word.raw) >= SHORTEST_MARK or (plain and len(word.fold) != 1):
        return []
    found = []
    for form, _, _ in word_forms(word):
        if len(form.fold) == 1:
            found.append("^." + form.fold)
            if form.case is not Case.LOWER:
                found += [forms.initial_key(form.skeleton[:1]), forms.initial_key(form.fold)]
    return found


def korean_family(word: Word) -> list[str]:
    """Return the key of a Korean surname in Latin letters; empty for other words."""
    if word.script != scripts.LATIN or len(word.fold) >= LONGEST_KOREAN:
        return []
    return ["k:" + sounds.korean(word.fold)] if "ko" in known.surname(word) else []


def korean_keys(raw: str) -> list[str]:
    """Return the key of what may be a Korean given name in Latin letters."""
    if not 1 < len(raw) < LONGEST_KOREAN or raw.islower() or not raw.isascii():
        return []
    folded = WORDS[raw].fold
    return ["k:" + sounds.korean(folded)] if _NOT_KOREAN.isdisjoint(folded) else []


def slip_keys(word: Word) -> list[str]:
    """Return the keys under which a word that is no known name may be a misspelt one."""
    if word.head and len(word.raw) - len(word.head) < 4:
        word = WORDS[word.head]
    return forms.slips_near(word.fold) if len(word.fold) > 3 and _may_slip(word) else []


def far_keys(word: Word, sorts: Counter[str]) -> list[str]:
    """Return the keys that meet those of names in another alphabet or romanisation, of the sorts
    that are held at all.
    """
    return [key for form, _, _ in word_forms(word) for key in _far_keys(form, sorts)]


def keys_of(word: Word, spoken: frozenset[str]) -> list[str]:
    """Return the ordinary keys under which a word of a text may belong to a Term."""
    found = [forms.word_key(form) for form, _, _ in word_forms(word)]
    folded = word.fold
    if "ch" in folded and len(folded) > 6:
        found.append(forms.key(forms.sound_of(skeleton(folded.replace("ch", "h")))))
    if (short := sounds.short_vowels(folded)) != folded:
        found.append(forms.key(forms.sound_of(skeleton(short))))
    if folded in anatomy.ABBREVIATIONS:
        found.append(forms.word_key(WORDS[anatomy.ABBREVIATIONS[folded]]))
    if word.case is not Case.LOWER or word.script != scripts.LATIN:
        found += _inflected_keys(word, spoken)
    return found


def _far_keys(word: Word, sorts: Counter[str]) -> list[str]:
    folded = word.fold
    if word.script == scripts.LATIN:
        # "+" is what names of other alphabets, and Latin ones of Arabic origin, are held under.
        return ["+" + one for one in letters.rough(folded)] if sorts["+"] else []
    if word.script == scripts.KANA:
        return ["ja:" + letters.rough_of_kana(folded)]
    if word.script in {scripts.HAN, scripts.HANGUL, scripts.THAI}:
        return []
    bare = folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded
    return ["*" + one for one in letters.rough_of(bare, word.script)]


def _inflected_keys(word: Word, spoken: frozenset[str]) -> list[str]:
    found: list[str] = []
    families = endings.families(word, spoken)
    if families & _DECLINING:
        for bones in sounds.skeletons(word) if word.script != scripts.LATIN else (word.skeleton,):
            found += [forms.key(forms.sound_of(base)) for base in endings.bases(bones)]
    elif "genitive" in families:
        found += [
            forms.key(forms.sound_of(skeleton(base))) for base in endings.telling_bases(word.fold)
        ]
    if "greek" in families:
        stem = word.skeleton.rstrip("aeiou")
        found += [forms.key(forms.sound_of(stem + end)) for end in ("os", "is", "as", "us", "es")]
    if "baltic" in families:
        stem = word.skeleton.rstrip("aeiou")
        found += [forms.key(forms.sound_of(stem + end)) for end in ("as", "is", "us")]
    if families:
        found += [
            forms.key(forms.sound_of(skeleton(base)))
            for base in endings.suffix_bases(word.fold, families)
        ]
    if word.script in {scripts.CYRILLIC, scripts.GREEK}:
        found += [forms.key(heard) for heard in sounds.sounds(word)]
    return found


_DECLINING = frozenset({"slavic", "baltic", "romanian", "greek"})
_VERSUS = frozenset(["v", "vs", "versus", "contra"])
