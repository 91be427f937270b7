"""Which Terms could be in this text: found by the keys of its words, alone or two near each other.

A plain dict, so that adding and removing a Term costs what its own keys cost, however many there
are. Everything found here is verified afterwards: a key may be too generous, never too narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache

from matching import anatomy, endings, forms, known, letters, scripts, sounds
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
            self._looks.clear()
        self._uses[number] += 1
        return number

    def _release(self, key: str) -> None:
        number = self._ids[key]
        self._uses[number] -= 1
        if not self._uses[number]:
            del self._ids[key], self._uses[number]
            self._free.append(number)
            self._sorts[key[:1]] -= 1
            self._looks.clear()

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
        look = self._looks.get((spoken, small))
        if look is None:
            look = self._looks[spoken, small] = _Look(self._ids, self._sorts, spoken, small=small)
        seen = [(place, keys) for place, raw in enumerate(words) if (keys := look[raw])]
        if joined:
            tied = [(place_of(start), keys) for start, raw in joined if (keys := look[raw])]
            seen = sorted(seen + tied) if tied else seen
        found: dict[int, list[int]] = {}
        if not seen:
            return found
        hits = [(place, keys[0]) for place, keys in seen if keys[0]]
        if hits:
            self._alone(hits, found)
            self._together(hits, REACH, found)
            marks = [(place, keys[2]) for place, keys in seen if keys[2]]
            if marks:
                marks = _initials(marks, words, pointed)
                self._beside(marks, hits + marks, MARK_REACH, found)
            versus = [(place, keys[5]) for place, keys in seen if keys[5]]
            if versus:
                versus = _initials(versus, words, pointed)
                self._beside(versus, hits, VERSUS_REACH, found, after=True)
            slips = [(place, keys[3]) for place, keys in seen if keys[3]]
            if slips:
                self._beside(slips, hits, SLIP_REACH, found)
        low = [(place, keys[1]) for place, keys in seen if keys[1]]
        self._together(low, LOW_REACH, found)
        far = [(place, keys[4]) for place, keys in seen if keys[4]]
        families = [(place, keys[6]) for place, keys in seen if keys[6]]
        if families:
            self._beside(families, self._korean_near(families, words), FAR_REACH, found)
        self._together(far, FAR_REACH, found)
        return found

    def _korean_near(self, families: list[_At], words: list[str]) -> list[_At]:
        """Return the keys of what may be Korean given names beside Korean surnames."""
        near: dict[int, tuple[int, ...]] = {}
        for place, _ in families:
            for at in range(max(0, place - FAR_REACH), min(len(words), place + FAR_REACH + 1)):
                ids = [self._ids[key] for key in korean_keys(words[at]) if key in self._ids]
                near[at] = tuple(ids)
        return list(near.items())

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
        ordinary: list[_At],
        reach: int,
        found: dict[int, list[int]],
        *,
        after: bool = False,
    ) -> None:
        """Look up keys of one special sort beside ordinary ones; `after`: only those after it."""
        pairs = self._pairs
        around = dict(ordinary)
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


def _note(found: dict[int, list[int]], held: int | list[int], first: int, last: int) -> None:
    for term in (held,) if isinstance(held, int) else held:
        places = found.get(term)
        if places is None:
            found[term] = [first, last]
        else:
            places += (first, last)


_Ids = tuple[int, ...]
_Keys = tuple[_Ids, _Ids, _Ids, _Ids, _Ids, _Ids, _Ids]
"""Of one word: its ordinary keys; those that count in small letters beside another such; what
stands for a name (an initial); what a slip left of one; how it reads in other alphabets; "v."; a
Korean surname.
"""
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
        spoken: frozenset[str],
        *,
        small: bool,
    ) -> None:
        super().__init__()
        self._ids = ids
        self._sorts = sorts
        self._spoken = spoken
        self._small = small

    def __missing__(self, raw: str) -> _Keys | None:
        if len(self) > LIMIT:
            self.clear()
        word = WORDS[raw]
        if (word.case is Case.LOWER and not self._small) or raw.isdigit():
            keys = self._of_small(word)
        else:
            far = () if word.case is Case.LOWER else self._held(far_keys(word, self._sorts))
            slips = self._held(slip_keys(word)) if 3 < len(raw) < 30 else ()
            plain, marks = self._held(self._ordinary(word)), self._held(mark_keys(word))
            family = self._held(korean_family(word))
            keys = (plain, (), marks, slips, far, self._versus(word), family)
        self[raw] = found = keys if any(keys) else None
        return found

    def _of_small(self, word: Word) -> _Keys:
        """Return the keys of a word in small letters in a text that has capitals: phrases count,
        and names when two such words are neighbours.
        """
        keys = keys_of(word, self._spoken)
        low = keys[:1] if len(word.raw) >= SHORTEST_LOW and word.fold not in _plain_words() else []
        marks = mark_keys(word) if len(word.raw) < SHORTEST_MARK else []
        phrases = self._held(forms.PHRASE + key for key in keys)
        return phrases, self._held(low), self._held(marks), (), (), self._versus(word), ()

    def _versus(self, word: Word) -> _Ids:
        return self._held((forms.VERSUS,)) if word.fold in _VERSUS else ()

    def _ordinary(self, word: Word) -> list[str]:
        keys = keys_of(word, self._spoken)
        phrases = [forms.PHRASE + key for key in keys]
        if len(word.fold) == 1:
            return phrases
        return keys + phrases

    def _held(self, keys: Iterable[str]) -> tuple[int, ...]:
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
    if len(word.raw) >= SHORTEST_MARK:
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
