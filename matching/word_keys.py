"""Under which keys a word of a text is looked up, in all its forms and dresses.

The keys are generous: whatever meets under one is compared again, letter by letter.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

from matching import anatomy, endings, forms, known, letters, scripts, sounds
from matching.fit import CLITIC_SCRIPTS
from matching.fit import forms as word_forms
from matching.text import WORDS, Case, Word, skeleton

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
    found += [forms.key(forms.sound_of(skeleton(one))) for one in other_spellings(word.fold)]
    if word.fold in anatomy.ABBREVIATIONS:
        found.append(forms.word_key(WORDS[anatomy.ABBREVIATIONS[word.fold]]))
    if word.case is not Case.LOWER or word.script != scripts.LATIN:
        found += _inflected_keys(word, spoken)
    return found


def other_spellings(folded: str) -> list[str]:
    """Return how a word may be spelt besides, folded: ch as h, long vowels short."""
    found = [folded.replace("ch", "h")] if "ch" in folded and len(folded) > 6 else []
    if (short := sounds.short_vowels(folded)) != folded:
        found.append(short)
    return found


def _far_keys(word: Word, sorts: Counter[str]) -> list[str]:
    folded = word.fold
    if word.script == scripts.LATIN:
        # "+" is what names of other alphabets, and Latin ones of Arabic origin, are held under.
        return ["+" + one for one in letters.rough(folded)] if sorts["+"] else []
    if word.script == scripts.KANA:
        return ["ja:" + letters.rough_of_kana(folded)]
    if word.script == scripts.HANGUL:
        return ["ja:" + one for one in letters.rough_of_hangul(folded)]
    if word.script in {scripts.HAN, scripts.THAI}:
        return []
    bare = folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded
    return ["*" + one for one in letters.rough_of(bare, word.script) or forms.NO_CLASS]


def _inflected_keys(word: Word, spoken: frozenset[str]) -> list[str]:
    families = endings.families(word, spoken)
    several = sounds.skeletons(word) if word.script != scripts.LATIN else (word.skeleton,)
    bases = [base for bones in several for base in cut_bones(bones, families)]
    bases += map(skeleton, cut_spellings(word.fold, families))
    found = forms.keys_of_bones(bases)
    if word.script in {scripts.CYRILLIC, scripts.GREEK}:
        found += [forms.key(heard) for heard in sounds.sounds(word)]
    return found


def cut_bones(bones: str, families: frozenset[str]) -> list[str]:
    """Return the skeletons of the names of which a skeleton may be another case."""
    found = list(endings.bases(bones)) if families & DECLINING else []
    for family, ends in _NOMINATIVES:
        if family in families:
            found += [bones.rstrip("aeiou") + end for end in ends]
            if bones[-1:] in _VOWELS and bones[-2:-1] in _VOWELS:
                found += [bones[:-1] + end for end in ends]  # Νικόλαος, Νικολάου
    return found


def cut_spellings(folded: str, families: frozenset[str]) -> list[str]:
    """Return the folded names to which a suffix may have been added."""
    found: list[str] = []
    if "genitive" in families and not families & DECLINING:
        found += endings.telling_bases(folded)
    found += endings.suffix_bases(folded, families)
    return found


_VOWELS = frozenset("aeiou")
_NOMINATIVES = (("greek", ("os", "is", "as", "us", "es")), ("baltic", ("as", "is", "us")))
DECLINING_BY_VOWEL = frozenset(family for family, _ in _NOMINATIVES)


DECLINING = frozenset({"slavic", "baltic", "romanian", "greek"})
VERSUS_WORDS = frozenset(["v", "vs", "versus", "contra"])


def _may_slip(word: Word) -> bool:
    if word.script not in {scripts.LATIN, scripts.CYRILLIC, scripts.GREEK, scripts.ARABIC}:
        return False
    if word.case is Case.LOWER or word.fold in plain_words():
        return False
    return not known.given(word) and not known.surname(word)


@cache
def plain_words() -> frozenset[str]:
    """Return the ordinary words of many languages, which are no misspelt names."""
    return known.words("ordinary.txt") | known.words("little.txt")
