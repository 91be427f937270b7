"""Which keys that some Term has the words of a text have: worked out once for each distinct word.

Most words of a text have none, and a text has many words: plain ones in Latin letters are worked
out together, as the lines of one string, so that each rule is applied to all of them in one go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import filterfalse

from matching import anatomy, endings, forms, known, letters, sounds
from matching.fit import ELISIONS, LONGEST_ENDING
from matching.scripts import LATIN
from matching.text import APOSTROPHES, LONGEST_WORD, WORDS, Case, Word, fold, skeleton
from matching.word_keys import (
    DECLINING,
    DECLINING_BY_VOWEL,
    LONGEST_KOREAN,
    SHORTEST_LOW,
    SHORTEST_MARK,
    VERSUS_WORDS,
    cut_bones,
    cut_spellings,
    far_keys,
    keys_of,
    korean_family,
    mark_keys,
    other_spellings,
    plain_words,
    slip_keys,
)

LIMIT = 100_000
Ids = tuple[int, ...]
Keys = tuple[tuple[int, Ids], ...]
"""Of one word, each with its sort; only those sorts of which it has any."""
PLAIN, PHRASE, LOW, MARKS, SLIPS, FAR, VERSUS, FAMILY = range(8)
"""Of names, of phrases, in small letters beside another such, what stands for a name, what a slip
leaves, other alphabets, the "v." of a caption, Korean surnames.
"""


def _keys(*by_sort: Ids) -> Keys | None:
    """Return keys given for each sort in its turn."""
    return tuple([(sort, ids) for sort, ids in enumerate(by_sort) if ids]) or None


LONGEST_CUT = 4
"""Of a shorter possessive what stands before the apostrophe may be misspelt, else the whole."""


def _plainly(raw: str) -> str:
    """Return a word of several Latin letters or ASCII digits folded, whatever accents it bears;
    empty for any other.
    """
    if not 1 < len(raw) <= LONGEST_WORD or not raw.isalnum():
        return ""
    if raw.isascii():
        return raw.lower()
    if not raw.isalpha() or LAST_LATIN < raw[0] < "\u1e00":
        return ""
    folded = fold(raw)
    return folded if folded.isascii() and len(folded) > 1 else ""


LAST_LATIN = "\u024f"
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


def _parted(raw: str) -> tuple[str, str, str] | None:
    """Return a word without its apostrophe, what is meant if it is a possessive, and what is if it
    is an elision, empty for neither; None when it is no plain word with one apostrophe.
    """
    pieces = _APOSTROPHE.split(raw)
    if len(pieces) != 2:
        return None
    head, tail = pieces
    whole = head + tail
    if not head or not tail or not whole.isalpha() or not _plainly(whole):
        return None
    meant = head if len(head) > 1 and len(tail) <= LONGEST_ENDING else ""
    rest = tail if head.lower() in ELISIONS else ""
    if len(rest) == 1 or (not whole.islower() and (meant.islower() or rest.islower())):
        return None
    return whole, meant, rest


class Look(dict[str, Keys | None]):
    """Raw word -> those of its keys that some Term has, in texts of certain languages. None: it
    has none.
    """

    def __init__(
        self,
        ids: dict[str, int],
        sorts: Counter[str],
        small_words: dict[str, Keys | None],
        spoken: frozenset[str],
        *,
        small: bool,
    ) -> None:
        """`ids`: the keys of Terms; `sorts`: how many of each first letter; `small_words`: what is
        known of words in small letters, whatever is spoken; `small`: the texts have no capitals.
        """
        super().__init__()
        self._ids = ids
        self._small_words = small_words
        self._sorts = sorts
        self._spoken = spoken
        self._small = small
        self._coming: list[Collection[str]] = []

    def expect(self, words: Collection[str]) -> None:
        """Say which words are asked for next: when one of them is new, all that are new are worked
        out together.
        """
        self._coming.append(words)

    def forget_expected(self) -> None:
        """Keep waiting for nothing: those texts are through, and none of their words was new."""
        self._coming.clear()

    def __missing__(self, raw: str) -> Keys | None:
        """Work out a word that was not met before."""
        if len(self) > LIMIT:
            self.clear()
        if self._coming:
            coming, self._coming = self._coming, []
            self._learn(list(filterfalse(self.__contains__, set[str]().union(*coming))))
            if raw in self:
                return self[raw]
        word = WORDS[raw]
        if (word.case is Case.LOWER and not self._small) or raw.isdigit():
            found = self._of_small(word)
        else:
            found = self._of_capital(word)
        self[raw] = found
        return found

    # --- many words ----------------------------------------------------------------------------

    def _learn(self, words: list[str]) -> None:
        """Work out those of `words` that are plain in Latin letters, and those that are such words
        with an apostrophe among them.
        """
        split = {raw: found for raw in words if not raw.isalnum() and (found := _parted(raw))}
        parts = [one for several in split.values() for one in several if one and one not in self]
        small: dict[str, str] = {}
        great: dict[str, str] = {}
        held = self._small_words
        for raw in (*words, *parts):
            folded = _plainly(raw)
            lower = raw == folded or raw.islower()
            # Capitals that have no small letter (𝐀) stand in texts "without" capitals, too.
            if not folded or (self._small and not lower):
                continue
            if not lower or (self._small and not raw.isdigit()):
                great[raw] = folded
            elif raw in held:
                self[raw] = held[raw]
            else:
                small[raw] = folded
        if small:
            self._learn_small(small)
        if great:
            self._learn_great(great)
        for raw, several in split.items():
            self[raw] = self._joined(raw, *several)

    def _joined(self, raw: str, whole: str, head: str, tail: str) -> Keys | None:
        """Return the keys of a word with an apostrophe, from those of what may be meant by it."""
        rows = [dict(self[one] or ()) for one in (whole, head, tail) if one]
        first = rows[0]
        slips = rows[1] if head and len(raw) - len(head) < LONGEST_CUT else first
        merged = [
            tuple(dict.fromkeys(number for row in rows for number in row.get(sort, ())))
            for sort in (PLAIN, PHRASE, FAR)
        ]
        rest = [row.get(sort, ()) for row, sort in ((first, LOW), (slips, SLIPS), (first, VERSUS))]
        return _keys(*merged[:2], rest[0], (), rest[1], merged[2], rest[2], first.get(FAMILY, ()))

    def _learn_small(self, words: dict[str, str]) -> None:
        if len(self._small_words) > LIMIT:
            self._small_words.clear()
        folds = list(words.values())
        owners, keys = _Lines(folds, frozenset()).keys()
        rows = _Rows(self._ids)
        rows.take(PHRASE, owners, map(forms.PHRASE.__add__, keys))
        plain = plain_words()
        low = [
            at
            for at, (raw, folded) in enumerate(words.items())
            if keys[at] in self._ids and len(raw) >= SHORTEST_LOW and folded not in plain
        ]
        rows.take(LOW, low, [keys[at] for at in low])
        self._take_versus(rows, folds)
        for at, raw in enumerate(words):
            self[raw] = self._small_words[raw] = rows.of(at)

    def _learn_great(self, words: dict[str, str]) -> None:
        folds = list(words.values())
        small = self._small
        lines = _Lines(folds, frozenset() if small else self._spoken)
        owners, keys = lines.keys()
        rows = _Rows(self._ids)
        rows.take(PLAIN, owners, keys)
        rows.take(PHRASE, owners, map(forms.PHRASE.__add__, keys))
        families = known.surnames_as(folds, lines.bones)
        if not small:
            able = [at for at, raw in enumerate(words) if 3 < len(raw) < 30 and not families[at]]
            rows.take(SLIPS, *_slips_of_lines(able, folds, lines.bones))
            if self._sorts["+"]:
                rows.take(FAR, *_far_of_lines(folds))
        self._take_versus(rows, folds)
        for at, homes in enumerate(families):
            if "ko" in homes and len(folds[at]) < LONGEST_KOREAN:
                rows.take(FAMILY, (at,), ("k:" + sounds.korean(folds[at]),))
        for at, raw in enumerate(words):
            self[raw] = rows.of(at)

    @staticmethod
    def _take_versus(rows: _Rows, folds: list[str]) -> None:
        if not VERSUS_WORDS.isdisjoint(folds):
            versus = [at for at, folded in enumerate(folds) if folded in VERSUS_WORDS]
            rows.take(VERSUS, versus, [forms.VERSUS] * len(versus))

    # --- one word ------------------------------------------------------------------------------

    def _of_capital(self, word: Word) -> Keys | None:
        keys = keys_of(word, self._spoken)
        phrase = self._held([forms.PHRASE + key for key in keys])
        plain = self._held(keys) if len(word.fold) != 1 else ()
        far = () if word.case is Case.LOWER else self._held(far_keys(word, self._sorts))
        slips = self._held(slip_keys(word)) if 3 < len(word.raw) < 30 else ()
        marks, family = self._held(mark_keys(word)), self._held(korean_family(word))
        return _keys(plain, phrase, (), marks, slips, far, self._versus(word.fold), family)

    def _of_small(self, word: Word) -> Keys | None:
        """Return the keys of a word in small letters in a text that has capitals: phrases count,
        and names when two such words are neighbours. Only words of other alphabets may have other
        keys in another language.
        """
        if word.script != LATIN or word.raw.isdigit():
            return self._work_out_small(word)
        held = self._small_words
        if word.raw not in held:
            if len(held) > LIMIT:
                held.clear()
            held[word.raw] = self._work_out_small(word)
        return held[word.raw]

    def _work_out_small(self, word: Word) -> Keys | None:
        keys = keys_of(word, self._spoken)
        low = keys[:1] if len(word.raw) >= SHORTEST_LOW and word.fold not in plain_words() else []
        marks = mark_keys(word) if len(word.raw) < SHORTEST_MARK else []
        phrase = self._held([forms.PHRASE + key for key in keys])
        versus = self._versus(word.fold)
        return _keys((), phrase, self._held(low), self._held(marks), (), (), versus)

    def _versus(self, folded: str) -> Ids:
        return self._held([forms.VERSUS]) if folded in VERSUS_WORDS else ()

    def _held(self, keys: Iterable[str]) -> Ids:
        ids = self._ids
        found: Ids = ()
        for key in keys:
            if key in ids:
                found = (*found, ids[key])
        return tuple(dict.fromkeys(found)) if len(found) > 1 else found


class _Rows:
    """Which keys each of many words has, gathered sort by sort."""

    def __init__(self, ids: dict[str, int]) -> None:
        """`ids`: the keys of Terms."""
        self._ids = ids
        self._rows: dict[int, dict[int, Ids]] = {}

    def take(self, sort: int, owners: Iterable[int], keys: Iterable[str]) -> None:
        """Note those of `keys` that some Term has, each for the word at its owner's place."""
        for at, number in zip(owners, map(self._ids.get, keys), strict=True):
            if number is not None:
                row = self._rows.setdefault(at, {})
                held = row.get(sort, ())
                if number not in held:
                    row[sort] = (*held, number)

    def of(self, at: int) -> Keys | None:
        """Return the keys of the word at `at`."""
        row = self._rows.get(at)
        return tuple(row.items()) if row else None


_VARIED = re.compile("ch|ou|oo|uu|oh")
"""What only a word that may be spelt otherwise has."""


class _Lines:
    """Folded words in ASCII and their other spellings, as the lines of one string."""

    def __init__(self, folds: list[str], spoken: frozenset[str]) -> None:
        self._spoken = spoken
        self._owners = list(range(len(folds)))
        lines = folds.copy()
        ends = endings.cut_off(spoken)
        for at, folded in enumerate(folds):
            others = other_spellings(folded) if _VARIED.search(folded) else []
            if folded in anatomy.ABBREVIATIONS:
                others.append(WORDS[anatomy.ABBREVIATIONS[folded]].fold)
            if folded.endswith(ends):
                others += cut_spellings(folded, spoken)
            if others:
                lines += others
                self._owners += [at] * len(others)
        self._bones = skeleton("\n".join(lines)).split("\n")
        self.bones = self._bones[: len(folds)]

    def keys(self) -> tuple[list[int], list[str]]:
        """Return the keys of all words, first each word's own, and which word each is of."""
        lines = self._bones.copy()
        owners = self._owners.copy()
        if self._spoken & DECLINING or self._spoken & DECLINING_BY_VOWEL:
            for at, bones in enumerate(self.bones):
                cut = cut_bones(bones, self._spoken)
                lines += cut
                owners += [at] * len(cut)
        return owners, forms.keys_of_lines(forms.sound_of("\n".join(lines)))


def _slips_of_lines(
    able: Iterable[int], folds: list[str], bones: list[str]
) -> tuple[list[int], list[str]]:
    """Return under which keys the words at `able` may be misspelt names, and of which word each is:
    of none that is an ordinary word or a known given name.
    """
    plain = plain_words()
    owners: list[int] = []
    found: list[str] = []
    for at in able:
        folded = folds[at]
        if len(folded) > 3 and folded not in plain and not known.given_as(folded, bones[at]):
            keys = forms.slips_near(folded)
            found += keys
            owners += [at] * len(keys)
    return owners, found


def _far_of_lines(folds: list[str]) -> tuple[list[int], list[str]]:
    """Return the keys under which words meet names of other alphabets, and of which each is."""
    lines = folds.copy()
    owners = list(range(len(folds)))
    for at, folded in enumerate(folds):
        others = letters.other_readings(folded)
        lines += others
        owners += [at] * len(others)
    classes = letters.classes_of_lines("\n".join(lines)).split("\n")
    kept = [(at, "+" + one) for at, one in zip(owners, classes, strict=True) if one]
    return [at for at, _ in kept], [key for _, key in kept]
