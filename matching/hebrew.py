"""How Jews write one Hebrew or Yiddish name in Latin letters: Tzvi is also Zvi and Cvi, Chaim Haim,
Yitzchak Itzhak, Rabinovitz Rabinowicz.

After the rules of the Academy of the Hebrew Language and what newspapers and passports have
instead: צ is tz, ts, z or c, ח is h, ch or kh, a last ה is written or not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from matching import known, scripts
from matching.text import Word, skeleton

SHORTEST = 3
_TAIL = re.compile(
    "(?:[oe]v[iy]tz|[oe]witz|[oe]vits|[oe]wicz|kowitz|kovitz|zwei[gk]|baum|blat+|rosen|(?<=.)zion|tzedek"
    "|zahav|[eo]lev[iy]|hacohen|hakohen|cohen)$"
)


def looks_hebrew(name: Word) -> bool:
    """Whether a Latin name is a Hebrew given name or surname, or ends as such surnames do."""
    if name.script != scripts.LATIN or len(name.fold) < SHORTEST:
        return False
    return "he" in known.given(name) | known.surname(name) or _TAIL.search(name.fold) is not None


def alike(name: Word, word: Word) -> bool:
    """Whether two Latin spellings may be of one Hebrew name."""
    if name.script != scripts.LATIN or word.script != scripts.LATIN:
        return False
    return min(len(name.fold), len(word.fold)) >= SHORTEST and _plain(name.fold) == _plain(
        word.fold
    )


_RULES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("(?:[vw]i(?:tz|ts|tch|cz|ch|c))$", "viz"),
        ("sch|sh", "5"),
        ("tz|ts|cz|^c(?=[iv])|z", "2"),
        ("kh|ch|h", "h"),
        ("(?<=.)h(?=[^aeiouy]|$)", ""),
        ("ph", "f"),
        ("ck|c|q", "k"),
        ("^y(?=i)|^j(?=i)", ""),
        ("[yj]", "i"),
        ("ei|ie|ee", "i"),
    )
)


@lru_cache(maxsize=20_000)
def _plain(folded: str) -> str:
    for pattern, plain in _RULES:
        folded = pattern.sub(plain, folded)
    return skeleton(folded)


_TURNS = (("ch", "h"), ("kh", "h"), ("h", "ch"))
_SON = re.compile("([vw])i(?:tz|ts|cz)$")
_TSADI = re.compile("tz|ts|z|^c(?=[iv])")


@lru_cache(maxsize=10_000)
def variants(folded: str) -> tuple[str, ...]:
    """Return other spellings of a folded Hebrew name: however it is written, it sounds as one."""
    throats = [folded, *(folded.replace(old, new) for old, new in _TURNS)]
    hisses = (_TSADI.sub(hiss, heard) for heard in throats for hiss in ("tz", "z", "c"))
    sons = [_SON.sub(r"\1ich", folded)] if _SON.search(folded) else []
    return tuple(dict.fromkeys(one for one in (*throats, *hisses, *sons) if one != folded))
