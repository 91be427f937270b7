"""Words that say nothing of a story, languages told by them, and the levels of courts (pure)."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from itertools import chain

from matching.turns import SEEN_MOST, is_known, known_words

_TABLE = tomllib.loads(files("model").joinpath("small_words.toml").read_text("utf-8"))
_TELLING: dict[str, frozenset[str]] = {
    lang: frozenset(words.split()) for lang, words in _TABLE["small"].items()
}
_SPEAKS = {lang: frozenset(_TABLE["speaks"].get(lang, "").split()) for lang in _TELLING}
"""Words that headlines often have, by language: they tell it where small words do not."""
NO_NAMES = frozenset(word for words in _SPEAKS.values() for word in words)
"""Words that begin a headline with a large letter and are nobody's name."""
STOP = frozenset(word for words in _TELLING.values() for word in words)
COURTS: dict[str, list[str]] = _TABLE["courts"]
"""Levels of courts, and how they are called: patterns."""
KIN = {lang: frozenset(words.split()) for lang, words in _TABLE["kin"].items()}
"""Whose kin or companion somebody is, by language."""
KIN_SIGNS = {
    lang: re.compile("|".join(sorted(KIN[lang], key=len, reverse=True))) for lang in ("zh", "ja")
}
"""The same as patterns, where words have no spaces between them."""
AGENTS = {lang: frozenset(words.split()) for lang, words in _TABLE["agents"].items()}
"""Who speaks and acts for somebody: lawyers, spokesmen."""
THINGS = {lang: frozenset(words.split()) for lang, words in _TABLE["things"].items()}
"""What of somebody's may be seized, by language."""
OWN = frozenset(" ".join(_TABLE["own"].values()).split())
"""His and her."""
BESIDE_ONE = frozenset(" ".join(_TABLE["beside_one"].values()).split())
"""Small words before "his brother" after which he is not the one of whom it is told."""
ACTING = {lang: tuple(words.split()) for lang, words in _TABLE["acting"].items()}
"""Beginnings of words for what they do for him."""
OFFICES = frozenset(" ".join(_TABLE["offices"].values()).split())
"""Words after a job that make it an office."""
PUBLIC = frozenset(" ".join(_TABLE["public"].values()).split())
"""Words before a lawyer that make him nobody's."""
RELATIONS = tuple(
    (begin, kind) for kind, words in _TABLE["relations"].items() for begin in words.split()
)
"""Beginnings of words for kin, and which kin it is."""
LABELS, OPENINGS = (
    {lang: tuple(" ".join(words.split()).split("; ")) for lang, words in _TABLE[name].items()}
    for name in ("labels", "openings")
)
"""Labels of columns and formats in headlines, and those that need nothing after them."""
_LETTERS = re.compile(r"[^\W\d_]+")


def language_of(said: str, head: str, body: str) -> str:
    """Return the language of a folded headline and text: as its Source says where the turns are
    known in it, else as its script or its small words tell; "" when nothing does.
    """
    lang = said.replace("_", "-").partition("-")[0].strip().lower()
    if is_known(lang):
        return lang
    text = f"{head} {body}"
    for letter in text[:200]:
        if "\u3040" <= letter <= "\u30ff":
            return "ja"
        if "\u1100" <= letter <= "\u11ff" or "\uac00" <= letter <= "\ud7a3":
            return "ko"
    if any("\u4e00" <= letter <= "\u9fff" for letter in text[:60]):
        return "zh"
    words = _LETTERS.findall(text[:400])
    turns = known_words(words)
    small = Counter(chain.from_iterable(map(_TELL.__getitem__, frozenset(words))))
    counts = [(small[one] + 2 * turns[one], one) for one in _TELLING]
    most = max(counts)[0]
    likeliest = [one for count, one in counts if count == most]
    return likeliest[0] if most and len(likeliest) == 1 else ""


class _Tell(dict[str, tuple[str, ...]]):
    """The languages in which a word is a small or usual one, for each word seen so far."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) > SEEN_MOST:
            self.clear()
        langs = (one for one, small in _TELLING.items() if word in small or word in _SPEAKS[one])
        found = self[word] = tuple(langs)
        return found


_TELL = _Tell()
