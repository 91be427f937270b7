"""Words that say nothing of a story, languages told by them, and the levels of courts (pure)."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from matching.turns import is_known

_TABLE = tomllib.loads(files("model").joinpath("small_words.toml").read_text("utf-8"))
_TELLING = {lang: frozenset(words.split()) for lang, words in _TABLE["small"].items()}
STOP = frozenset(word for words in _TELLING.values() for word in words)
COURTS = tuple((level, re.compile("|".join(names))) for level, names in _TABLE["courts"].items())
"""Levels of courts, and how they are called."""
COURT = re.compile("|".join(name for names in _TABLE["courts"].values() for name in names))
"""Any of them: most texts name no court."""
_LETTERS = re.compile(r"[^\W\d_]+")


def language_of(said: str, text: str) -> str:
    """Return the language of a folded text: as its Source says where the turns are known in it,
    else as its script or its small words tell; "" when nothing does.
    """
    lang = said.replace("_", "-").partition("-")[0].strip().lower()
    if is_known(lang):
        return lang
    for letter in text[:200]:
        if "\u3040" <= letter <= "\u30ff":
            return "ja"
        if "\u1100" <= letter <= "\u11ff" or "\uac00" <= letter <= "\ud7a3":
            return "ko"
    if any("\u4e00" <= letter <= "\u9fff" for letter in text[:60]):
        return "zh"
    words = set(_LETTERS.findall(text[:400]))
    counts = {one: len(words & small) for one, small in _TELLING.items()}
    best = max(counts, key=counts.__getitem__)
    alone = sum(1 for one in counts.values() if one) == 1
    return best if counts[best] >= 2 or alone else ""
