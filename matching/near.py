"""Words that were probably meant: the nearest ones that do occur in what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from matching.text import WORD, WORDS

SHORTEST = 5
"""Letters of a word that may be a slip."""
LONG = 8
"""Letters from which two slips may be in a word."""


def vocabulary(texts: Iterable[str]) -> dict[str, Counter[str]]:
    """Return every folded word of `texts`, with its spellings and in how many texts each stands."""
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for raw in set(WORD.findall(text)):
            found.setdefault(WORDS[raw].fold, Counter())[raw] += 1
    return found


def nearest(word: str, known: dict[str, Counter[str]]) -> tuple[str, int] | None:
    """Return the word nearest to `word` as it is mostly spelt, and in how many texts it stands;
    None when `word` occurs itself, is too short, or nothing is near.
    """
    folded = WORDS[word].fold
    if folded in known or len(folded) < SHORTEST:
        return None
    most = 2 if len(folded) >= LONG else 1
    near = process.extract(folded, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=5)
    best = min(near, key=lambda one: (one[1], -known[one[0]].total()), default=None)
    if best is None:
        return None
    spelt = known[best[0]]
    return spelt.most_common(1)[0][0], spelt.total()


def mended(text: str, known: dict[str, Counter[str]]) -> tuple[str, int]:
    """Return `text` with each word that does not occur replaced by the nearest that does, and in
    how many texts the rarest of these stands; the text as it is and 0 when nothing is near.
    """
    least = 0
    for raw in dict.fromkeys(WORD.findall(text)):
        near = nearest(raw, known)
        if near is not None:
            text = text.replace(raw, near[0])
            least = min(least or near[1], near[1])
    return text, least
