"""Labels of columns and formats in headlines: "Live updates", "Video:", "X: what we know" (pure).

They say nothing of what happened, and are on many headlines that have nothing else in common.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from matching.stopwords import LABELS, OPENINGS
from matching.turns import folded, words_of

_EDGE = r"(?:\s*[:：|,;–—·•\]\)/]+\s*|\s+-+\s+)"
"""What parts a label from a headline."""
_OPEN = r"^\W*"


def without_label(title: str, words: Collection[str], lang: str) -> tuple[str, bool]:
    """Return a headline without its labels, and whether it had one. A headline that is nothing
    else stays as it is. `words`: the headline's, folded.
    """
    firsts, begins, ends = _patterns(lang)
    if firsts.isdisjoint(words) and not any(one > "\u3040" for one in title[:2]):
        return title, False
    bare = ends.sub("", begins.sub("", title)).strip()
    if bare == title.strip():
        return title, False
    return bare or title, True


@lru_cache(maxsize=64)
def _patterns(lang: str) -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """Return the first words of a language's labels, and where they stand in a headline; of a
    language that has none, everybody's.
    """
    langs = [lang] if lang in LABELS else list(LABELS)
    labels = [label for one in langs for label in LABELS[one]]
    openings = [label for one in langs for label in OPENINGS.get(one, ())]
    firsts = frozenset(words_of(folded(one))[0] for one in (*labels, *openings))
    begins = rf"{_OPEN}(?:(?:{_any(labels)})(?:{_EDGE}|\W*$)|(?:{_any(openings)})\s+)"
    ends = rf"{_EDGE}(?:{_any(labels)})\W*$"
    return firsts, re.compile(begins, re.I), re.compile(ends, re.I)


def _any(labels: Collection[str]) -> str:
    """Return a pattern of any of some labels, with or without their accents."""
    written = {form for label in labels for form in (label, folded(label))}
    longest = sorted(written, key=len, reverse=True)
    return "|".join(re.escape(one).replace("'", "['’]") for one in longest) or r"(?!)"
