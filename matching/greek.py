"""How Greeks write one name in Latin letters, who follow the sound, the letters or their passport:
Karagiannis is also Karayannis, Giannis Yannis, Efstathiou Eustathiou.
"""

from __future__ import annotations

import re
from functools import lru_cache

from matching import known, scripts
from matching.text import Word, skeleton

_TAIL = re.compile(
    "(?:opoulos|opoulou|[iy]dis|idou|iadis|iadou|akis|aki|akos|atos|eas|oglou|iann[iy]s|yann[iy]s"
    "|iou|tzis|tsis|ellis|elis|aras|oudis|otis|atis|aris|inos|akou|ari|elli|ianni|yanni)$"
)
_TURNS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        ("gi(?=[aou])|yi(?=[aou])", "y"),
        ("yi(?=[aou])", "gi"),
        ("(?<!^)y(?=[aou])|^y(?=[aou])", "gi"),
        ("gk", "g"),
        ("(?<=[ae])f(?=[ktpsxh])", "u"),
        ("(?<=[ae])u(?=[ktpsxhgdrlnmaeio])", "f"),
        ("(?<=[ae])u(?=[gdrlnmaeio])", "v"),
        ("(?<=[ae])v(?=[^iou])", "u"),
        ("x", "ks"),
        ("ks", "x"),
        ("ai", "e"),
        ("gh", "g"),
    )
)


def looks_greek(name: Word) -> bool:
    """Whether a name is in Greek letters, is a Greek given name or ends as Greek surnames do."""
    if name.script == scripts.GREEK:
        return True
    if name.script != scripts.LATIN or len(name.fold) < SHORTEST:
        return False
    return "el" in known.given(name) or _TAIL.search(name.fold) is not None


SHORTEST = 5


@lru_cache(maxsize=10_000)
def variants(folded: str) -> tuple[str, ...]:
    """Return other spellings of a folded Greek name, each with one thing written otherwise."""
    found = [turn.sub(other, folded) for turn, other in _TURNS]
    found += [folded.replace("ch", "h")] if "ch" in folded else []
    return tuple(dict.fromkeys(one for one in found if one != folded))


def alike(name: Word, word: Word) -> bool:
    """Whether two spellings, in Latin or Greek letters, may be of one Greek name."""
    if not {name.script, word.script} <= _LETTERS:
        return False
    return _plain(latin(name)) == _plain(latin(word))


_LETTERS = frozenset({scripts.LATIN, scripts.GREEK})


def latin(word: Word) -> str:
    """Return a folded word in Latin letters."""
    return scripts.latin(word.fold, word.script)


_RULES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("(?:g[iy]|yi|y|i)(?=[aou])", "y"),
        ("gk|gh", "g"),
        ("(?<=[ae])[fu](?=[^iou]|$)", "v"),
        ("kh|ch", "h"),
        ("x", "ks"),
        ("ai", "e"),
        ("ei|oi", "i"),
    )
)


@lru_cache(maxsize=20_000)
def _plain(folded: str) -> str:
    for pattern, plain in _RULES:
        folded = pattern.sub(plain, folded)
    return skeleton(folded)
