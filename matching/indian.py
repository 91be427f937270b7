"""How Indians write one name in Latin letters: Chauhan is also Chouhan and Chowhan, Chaudhary
Choudhury, Vaishnav Vaishnaw, Lakshmi Laxmi.

After the Hunterian system, and what passports and newspapers have instead of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from matching import known, scripts
from matching.text import Word, skeleton

SHORTEST = 4


def looks_indian(name: Word) -> bool:
    """Whether a Latin name is a given name or surname of India and of no other country."""
    if name.script != scripts.LATIN or len(name.fold) < SHORTEST:
        return False
    homes = known.given(name) | known.surname(name)
    return homes - {known.ELSEWHERE} == {"hi"}


def alike(name: Word, word: Word) -> bool:
    """Whether two Latin spellings may be of one Indian name."""
    if name.script != scripts.LATIN or word.script != scripts.LATIN:
        return False
    if min(len(name.fold), len(word.fold)) < SHORTEST:
        return False
    return _plain(name.fold) == _plain(word.fold)


_RULES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("(?<!^)(?:au|ou|ow|aw|av)(?=[^aeiou]|$)", "o"),
        ("aa", "a"),
        ("ee|ie", "i"),
        ("oo", "u"),
        ("ai|ay|ei|ey", "e"),
        ("ksh|x", "ks"),
        ("th", "t"),
        ("dh", "d"),
        ("w", "v"),
    )
)


@lru_cache(maxsize=20_000)
def _plain(folded: str) -> str:
    if _CHIEF.match(folded):
        return _CHIEFS[0]
    for pattern, plain in _RULES:
        folded = pattern.sub(plain, folded)
    return skeleton(folded)


_TURNS = (
    *(("au", "ou"), ("ou", "au"), ("au", "ow"), ("ou", "ow"), ("ow", "au"), ("ow", "ou")),
    *(("ksh", "x"), ("x", "ksh"), ("ai", "e"), ("ee", "i")),
)
_CHIEF = re.compile("^ch[ao][uw]dh?[aeou]?r[iy]e?$")
_CHIEFS = tuple(f"ch{one}dh{other}ry" for one in ("au", "ou", "ow") for other in ("a", "u", ""))


@lru_cache(maxsize=10_000)
def variants(folded: str) -> tuple[str, ...]:
    """Return other spellings of a folded Indian name, each with one thing written otherwise."""
    if _CHIEF.match(folded):
        return _CHIEFS
    return tuple(dict.fromkeys(folded.replace(old, new) for old, new in _TURNS if old in folded))
