"""How Latin letters of other countries write a Russian or Ukrainian name: Chekhov is Tschechow in
Germany, Czechow in Poland, Čechov in Prague and Tchekhov in France.

After the transcription tables of Duden, PWN, the Czech rules and the French press. Spellings are
compared as skeletons (text.skeleton) in which soft and hard vowels are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from matching import endings, scripts, sounds
from matching.fit import Dress, Fit
from matching.text import Word, fold, skeleton

_SOUNDS = ("shch", "zh", "kh", "ts", "ch", "sh", "v", "z")
_SPELT = {
    "de": ("schtsch", "sch", "ch", "z", "tsch", "sch", "w", "s"),
    "pl": ("szcz", "z", "ch", "c", "cz", "sz", "w", "z"),
    "cs": ("sc", "z", "ch", "c", "c", "s", "v", "z"),
    "fr": ("chtch", "j", "kh", "ts", "tch", "ch", "v", "z"),
    "es": ("shch", "zh", "j", "ts", "ch", "sh", "v", "z"),
    "sv": ("sjtj", "zj", "ch", "ts", "tj", "sj", "v", "z"),
    "nl": ("sjtsj", "zj", "ch", "ts", "tsj", "sj", "v", "z"),
    "hu": ("scs", "zs", "h", "c", "cs", "s", "v", "z"),
    "fi": ("sts", "z", "h", "ts", "ts", "s", "v", "z"),
}
"""How each country writes these sounds, which the first list has as English writes them."""
_ENGLISH = re.compile("shch|zh|kh|ts|ch|sh|v|z")
_TELLING = (
    ("de", re.compile("tsch|sch")),
    ("pl", re.compile("cz|sz")),
    ("fr", re.compile("tch|ou|[iy]ne$|gu(?=[ei])|j(?=[aeiou])(?!^)")),
    ("pl", re.compile("^jewg|gie|[kndw]ie(?=.)")),
    ("de", re.compile("w")),
)
"""Letters by which a spelling is told to be of that country, the surest first."""
_BACK = {
    tongue: (
        re.compile("|".join(sorted(set(spelt), key=lambda one: -len(one)))),
        dict(reversed(list(zip(spelt, _SOUNDS, strict=True)))),
    )
    for tongue, spelt in _SPELT.items()
}
_HISSING = re.compile("(?<=[zs]h|ch|hc)e(?!i)|(?<=ts)e(?=v)")
"""An e that may be ё, which others write as o: Gorbachev is Gorbaczow."""
_THROATY = re.compile("(?<![szckgt])h|g(?!h)")
"""Russian г, which is h in Ukrainian: Goncharenko is Honcharenko."""
_OTHER_THROAT = {"h": "g", "g": "h"}
_HIATUS = re.compile("(?<=[aeou])e")
"""Where English leaves out the й of Nikolaev, others write it."""
_END = re.compile("([iy]n)$")
_HARD_G = re.compile("g(?=[eiy])")
_HOOKED = str.maketrans({"ž": "zh", "ż": "zh", "š": "sh", "č": "ch", "ć": "ch"})


@lru_cache(maxsize=20_000)
def spellings(name: Word) -> dict[str, tuple[str, ...]]:
    """Return tongue -> how a Latin name is written there, other than as it stands, folded; "": as
    it stands, and in English where it seems to be written as another country does.
    """
    written = _in_english(name)
    found: dict[str, dict[str, None]] = {"": dict.fromkeys(written)}
    for english in written:
        for tongue, spelt in _SPELT.items():
            there = dict(zip(_SOUNDS, spelt, strict=True))
            heard = _adapted(english, tongue)
            for one in dict.fromkeys((heard, _HISSING.sub("o", heard))):
                found.setdefault(tongue, {})[_turned(_ENGLISH, there, one)] = None
    if _THROATY.search(name.fold):
        found["uk"] = {_turned(_THROATY, _OTHER_THROAT, name.fold): None}
    return {tongue: tuple(several) for tongue, several in found.items()}


def _in_english(name: Word) -> list[str]:
    """Return a name as it stands and, if another country's spelling shows, in English."""
    raw = name.raw.lower()
    hooked = fold(raw.translate(_HOOKED))
    found = [name.fold, hooked]
    home = next((tongue for tongue, letters in _TELLING if letters.search(hooked)), "")
    if home:
        pattern, back = _BACK[home]
        english = _turned(pattern, back, hooked)
        if home == "fr":
            english = english.replace("ou", "u").replace("gu", "g").removesuffix("e")
        found.append(english)
    return list(dict.fromkeys(found))


def _turned(pattern: re.Pattern[str], into: dict[str, str], text: str) -> str:
    return pattern.sub(lambda met: into[met.group()], text)


def _adapted(english: str, tongue: str) -> str:
    """Return a name in English with the vowels of another country."""
    if tongue in {"fr", "es"}:
        english = _HARD_G.sub("gu", english)
        return _END.sub(r"\1e", english) if tongue == "fr" else english
    return english.replace("u", "oe") if tongue == "nl" else _HIATUS.sub("je", english)


@lru_cache(maxsize=20_000)
def _all(name: Word) -> frozenset[str]:
    return frozenset(_bones(one) for several in spellings(name).values() for one in several)


@lru_cache(maxsize=20_000)
def _bones(folded: str) -> str:
    """Return the softened skeleton in which z is not s: one of them is ж, the other с or з."""
    return sounds.softened(skeleton(folded.replace("z", "3")))


SHORTEST = 5


def written(name: Word, word: Word, spoken: frozenset[str]) -> Fit | None:
    """Return how `word` is `name`, both in Latin letters, as another country writes it."""
    if name.script != scripts.LATIN or word.script != scripts.LATIN:
        return None
    if sounds.same_russian(name, word):
        return Fit(Dress.VARIANT)
    if min(len(name.fold), len(word.fold)) < SHORTEST:
        return None
    several, one = _all(name), _bones(word.fold)
    if one in several:
        return Fit(Dress.VARIANT)
    if "slavic" not in spoken or all(one[:3] != other[:3] for other in several):
        return None
    bent = any(endings.declined(other, one, "slavic") for other in several)
    return Fit(Dress.INFLECTED) if bent else None
