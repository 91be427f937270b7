"""Whether one word of a text is one word of a name, and in what dress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from matching import endings, greek, known, scripts, sounds
from matching.text import WORDS, Case, Word, skeleton


class Dress(IntEnum):
    """How a word differs from the name's own spelling; the higher, the further."""

    EXACT = 0
    VARIANT = 1
    """Another orthography of the same name (Schoenfeldt, Sergej, Tarek)."""
    SCRIPT = 2
    """Another alphabet."""
    INFLECTED = 3
    TYPO = 4


class Fit(NamedTuple):
    """A word of the text that is a word of the name."""

    dress: Dress
    skip: int = 0
    """Letters at its start that do not belong to the name (d’, l’, an attached particle)."""
    spare: int = 0
    """Letters at its end that do not belong to the name (’s, ’ın)."""
    suffixed: bool = False
    """It bears an ending that only the last word of a name takes."""


ELISIONS = known.listed("elisions")
ARABIC_CLITICS = "وفبلكس"
HEBREW_CLITICS = "ובלמשהכ"
LONGEST_ENDING = 6


def forms(word: Word) -> Iterator[tuple[Word, int, int]]:
    """Yield `word` and what remains of it without elision, possessive or attached particle, each
    with the letters skipped before and spared after it.
    """
    yield word, 0, 0
    size = len(word.raw)
    if word.head:
        spare = size - len(word.head)
        if spare - 1 <= LONGEST_ENDING and len(word.head) > 1:
            yield WORDS[word.head], 0, spare
        elided = size - len(word.tail) - 1
        if word.raw[:elided].lower() in ELISIONS and word.tail:
            rest = WORDS[word.tail]
            yield rest, elided + 1, 0
            if rest.head:
                yield WORDS[rest.head], elided + 1, len(word.tail) - len(rest.head)
    elif word.script in CLITIC_SCRIPTS:
        yield from _without_clitics(word)
    elif word.script == scripts.HANGUL:
        yield from _without_particle(word)
    elif word.script == scripts.DEVANAGARI and (found := _INDIAN_CASE.search(word.raw)):
        yield WORDS[word.raw[: found.start()]], 0, size - found.start()


def _without_clitics(word: Word) -> Iterator[tuple[Word, int, int]]:
    clitics = ARABIC_CLITICS if word.script == scripts.ARABIC else HEBREW_CLITICS
    for cut in (1, 2):
        rest = word.raw[cut:]
        if len(rest) < 2 or word.raw[cut - 1] not in clitics:
            return
        yield WORDS[rest], cut, 0
        if word.raw[cut - 1 : cut + 1] == "لل":
            yield WORDS["ا" + rest], cut, 0


def _without_particle(word: Word) -> Iterator[tuple[Word, int, int]]:
    particles = known.around("hangul_particles")
    for spare in range(1, min(LONGEST_PARTICLE, len(word.raw) - SHORTEST_HANGUL) + 1):
        if word.raw[-spare:] in particles:
            yield WORDS[word.raw[:-spare]], 0, spare


_INDIAN_CASE = re.compile(
    "(?<=...)(?:ा?ं?(?:ला|ना|नी|ने|चा|ची|चे|च्या|शी|वर|कडे|कडून|साठी|मुळे|सह)"
    "|(?:[ে]|য়ে)?র|কে|দের|રા?ને|ને|ના|ની|નો|નું)$"
)
"""What Marathi, Bengali and Gujarati write together with the name before it."""
LONGEST_PARTICLE = 4
SHORTEST_HANGUL = 2
CLITIC_SCRIPTS = frozenset({scripts.ARABIC, scripts.HEBREW})
_PARTED = CLITIC_SCRIPTS | {scripts.HANGUL, scripts.DEVANAGARI}


@lru_cache(maxsize=20_000)
def fit(name: Word, word: Word, spoken: frozenset[str], *, arabic: bool = False) -> Fit | None:
    """Return how `word` is `name`, or None. `spoken` are the families of endings heard in the
    text; `arabic`: vowels of a romanised Arabic name may differ.
    """
    if name.fold == word.fold:
        return Fit(Dress.EXACT)
    if not word.head and word.script not in _PARTED:
        return _fit(name, word, spoken, arabic=arabic)
    best: Fit | None = None
    # Miri is no Uri with "from" before it.
    whole = name.script != word.script and bool(known.given(word) or known.surname(word))
    for form, skip, spare in forms(word):
        if skip and whole and word.script in CLITIC_SCRIPTS:
            continue
        found = _fit(name, form, spoken, arabic=arabic)
        if found is not None and (best is None or found.dress < best.dress):
            best = Fit(found.dress, skip, spare, found.suffixed)
            if best.dress is Dress.EXACT:
                break
    return best


def _fit(name: Word, word: Word, spoken: frozenset[str], *, arabic: bool) -> Fit | None:
    if name.fold == word.fold:
        return Fit(Dress.EXACT)
    if name.script != word.script:
        return None if _a_womans(name, word, spoken) else _across(name, word, spoken)
    if name.skeleton == word.skeleton and not _two_names(name, word, arabic=arabic):
        return Fit(Dress.VARIANT)
    if not name.fold or not word.fold or another_gender(name, word):
        return None
    if _throaty(name, word) or _in_french(name.fold, word.fold) or _in_french(word.fold, name.fold):
        return Fit(Dress.VARIANT)
    if name.script in {scripts.LATIN, scripts.CYRILLIC, scripts.GREEK}:
        inflected = _inflected(name, word, spoken)
        if inflected is not None:
            return inflected
    if _respelt(name, word, arabic=arabic):
        return Fit(Dress.VARIANT)
    return Fit(Dress.TYPO) if is_typo(name, word) else None


def _respelt(name: Word, word: Word, *, arabic: bool) -> bool:
    """Whether two spellings are of one Arabic, Greek or Japanese name."""
    if sounds.same_romanised(name, word, arabic=arabic):
        return True
    if greek.looks_greek(name) and greek.alike(name, word):
        return True
    if name.fold.endswith(_INDRA) or word.fold.endswith(_INDRA):
        return sounds.of_indra(name.fold) == sounds.of_indra(word.fold)
    return name.script == scripts.LATIN and sounds.short_vowels(name.fold) == sounds.short_vowels(
        word.fold
    )


_INDRA = ("endra", "indra")
_HERS = re.compile("(?<=..)(?:[иі](?:я|ю|ї|і|и|ей|ею|єю)|i[ąęi])$|(?<=...)[^aeiouyc]ia$")
"""Ends of a woman's name, and of no case of a man's that ends in a consonant: Виктория is not
Виктор, nor Wiktorię Wiktor.
"""
_HER_ENDS = frozenset("аяa")
_HIS = ("ий", "ій")
"""Юлий is no case of Юлия."""
_SOFT_ENDS = frozenset("ийіїьяеюaeiouyjαεηιουωאהיעاهيعحى")


def another_gender(name: Word, word: Word) -> bool:
    """Whether `word` ends as women's names do that are made of men's such as `name`, or the other
    way round.
    """
    if name.fold[-1:] not in _SOFT_ENDS:
        return _HERS.search(word.raw.lower()) is not None
    return name.fold[-1] in _HER_ENDS and word.raw.lower().endswith(_HIS)


def _two_names(name: Word, word: Word, *, arabic: bool) -> bool:
    """Whether equal skeletons are two names all the same (Sara and Zara, Fyfe and Fife)."""
    if len(name.fold) < SHORTEST_TYPO and not arabic and name.script == scripts.LATIN:
        return not _same_short(name.fold, word.fold) and not (
            known.given(name) & _TRANSLITERATED or known.surname(name) & _TRANSLITERATED
        )
    first, other = name.fold[:1], word.fold[:1]
    if first == other or {first, other} <= {"y", "j", "i"} or {first, other} <= {"w", "v", "u"}:
        return False
    return bool(known.given(name) and known.given(word)) and {first, other} == {"s", "z"}


def _throaty(name: Word, word: Word) -> bool:
    """Whether two longer spellings differ by h and ch only (Hatzopanagis, Chatzopanagis)."""
    a, b = name.fold, word.fold
    if min(len(a), len(b)) < 7 or ("ch" not in a and "ch" not in b):
        return False
    return skeleton(a.replace("ch", "h")) == skeleton(b.replace("ch", "h"))


def _in_french(english: str, french: str) -> bool:
    """Whether one is the other as France writes foreign names (Zhigalov, Jigalov)."""
    if "zh" not in english and "sh" not in english:
        return False
    heard = english.replace("zh", "j").replace("sh", "ch")
    return len(heard) > 5 and skeleton(heard) == skeleton(french.replace("ou", "u"))


_TRANSLITERATED = frozenset({"ru", "ar", "fa", "zh", "ko", "ja", "vi", "el", "he", "hi"})


def _same_short(a: str, b: str) -> bool:
    """Whether two short words differ by an umlaut written out, or by final s and z."""
    for long, short in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("z", "s")):
        if a.replace(long, short) == b.replace(long, short):
            return True
    return False


def _inflected(name: Word, word: Word, spoken: frozenset[str]) -> Fit | None:
    own, bones = name.skeleton, word.skeleton
    kept = bones.startswith(endings.stem_of(own)) or own in endings.IRREGULAR
    if not kept and not word.fold.startswith(endings.stem_of(name.fold)):
        return None
    families = endings.families(word, spoken)
    # Where two languages may be heard, what every part of a name bears is asked of both first.
    if any(endings.declined(name.skeleton, word.skeleton, family) for family in families):
        return Fit(Dress.INFLECTED)
    for family in families:
        if endings.suffixed(name.fold, word.fold, family) and not _another_name(name, word, family):
            return Fit(Dress.INFLECTED, suffixed=True)
    return None


def _another_name(name: Word, word: Word, family: str) -> bool:
    """Whether an apparent genitive is a name of its own (Adams, Peters)."""
    if family != "genitive":
        return False
    return bool(known.surname(word)) and bool(known.surname(name) or known.given(name))


def _a_womans(name: Word, word: Word, spoken: frozenset[str]) -> bool:
    """Whether a word of another alphabet is a woman's name beside a man's; so is a Cyrillic one
    with a final a, in a language without cases, beside a Latin one that has none (Красимира,
    Krasimir).
    """
    if another_gender(name, word):
        return True
    if endings.UNINFLECTED not in spoken or word.script != scripts.CYRILLIC:
        return False
    return word.fold[-1:] in {"а", "я"} and name.fold[-1:] not in _VOWELS


def _across(name: Word, word: Word, spoken: frozenset[str]) -> Fit | None:
    if not sounds.comparable(name, word):
        return None
    if name.sound == word.sound or sounds.reads_as(name, word):
        return Fit(Dress.SCRIPT)
    if name.skeleton[:1] != word.skeleton[:1] and not _first_letters_vary(name, word):
        return None
    if sounds.same_sound(name, word):
        return Fit(Dress.SCRIPT)
    for family in endings.families(word, spoken):
        for form in sounds.skeletons(word):
            for bones in sounds.skeletons(name):
                if bones[:1] == form[:1] and _declined(bones, form, family):
                    return Fit(Dress.INFLECTED)
    return None


def _declined(bones: str, form: str, family: str) -> bool:
    """Whether a skeleton is another one in some case, however each country writes soft vowels."""
    if endings.declined(bones, form, family):
        return True
    return family == "slavic" and endings.declined(
        sounds.softened(bones), sounds.softened(form), family
    )


_VARYING = frozenset("hcgkjsixuvfzdtw")


def _first_letters_vary(name: Word, word: Word) -> bool:
    """Whether two first letters may be one sound in some transcription."""
    return name.skeleton[:1] in _VARYING and word.skeleton[:1] in _VARYING


SHORTEST_TYPO = 5
_VOWELS = frozenset("aeiouyаеиоуыэюяіїєαεηιουω")


def is_typo(name: Word, word: Word) -> bool:
    """Whether `word` is `name` with one slip: an optimal string alignment of distance 1 that keeps
    the first letter and makes neither another known name nor another gender.
    """
    a, b = name.fold, word.fold
    if min(len(a), len(b)) < SHORTEST_TYPO - 1 or len(a) < SHORTEST_TYPO or a[0] != b[0]:
        return False
    if word.case is Case.LOWER and name.case is not Case.LOWER:
        return False
    place = slip(a, b)
    slavic = name.script == scripts.CYRILLIC or bool(known.surname(name) & _SLAVS)
    if place < 0 or _other_ending(a, b, place, slavic=slavic):
        return False
    if word.fold in known.words("ordinary.txt"):
        return False
    return not known.given(word) and not known.surname(word)


def slip(a: str, b: str) -> int:
    """Return where the only edit between `a` and `b` is; -1 when there is more than one."""
    if abs(len(a) - len(b)) > 1:
        return -1
    place = 0
    while place < min(len(a), len(b)) and a[place] == b[place]:
        place += 1
    rest_a, rest_b = a[place:], b[place:]
    if len(a) == len(b):
        swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
        return place if swapped or rest_a[1:] == rest_b[1:] else -1
    longer, shorter = (rest_a, rest_b) if len(a) > len(b) else (rest_b, rest_a)
    return place if longer[1:] == shorter else -1


_SURNAME_TAILS = ("ов", "ев", "ин", "ova", "ov", "ev", "in", "ова", "ева", "ина")


_SLAVS = frozenset({"ru", "uk", "bg", "sr", "hr", "cs"})


def _other_ending(a: str, b: str, place: int, *, slavic: bool) -> bool:
    """Whether the slip makes another gender or another surname: at the very end with a vowel
    (Julia, Julio; Robert, Roberta; Haddad, Haddadi), or just before a Slavic ending (Воронцов).
    """
    if place >= min(len(a), len(b)) - (len(a) == len(b)):
        last = {a[-1], b[-1]} if len(a) == len(b) else {max(a, b, key=len)[-1]}
        if last <= _VOWELS or (last & _VOWELS and len(a) == len(b) and not a.isascii()):
            return True
    if len(a) != len(b) and place >= min(len(a), len(b)) and not a.isascii():
        return True
    for tail in _SURNAME_TAILS if slavic or not a.endswith("in") else ():
        if a.endswith(tail) and b.endswith(tail) and len(a) != len(b):
            return place >= min(len(a), len(b)) - len(tail) and not _doubling(a, b, place)
        if a.endswith(tail) != b.endswith(tail) and a[-1] == b[-1]:
            return a.endswith(("ин", "ов", "ев", "in", "ov", "ev")) and place >= len(a) - 2
    return False


def _doubling(a: str, b: str, place: int) -> bool:
    longer = max(a, b, key=len)
    return longer[place : place + 1] == longer[place - 1 : place]
