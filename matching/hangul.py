"""Foreign names in Hangul: the consonants of each syllable, with the Latin ones they may stand for.

After the rules of the National Institute of Korean Language for writing foreign words, read
backwards: v is ㅂ, f ㅍ, z ㅈ, th ㅅ, and l and r are one.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_VOWELS, _FINALS = 21, 28

_G = ("GK", "(?:gg?(?:u(?=[ei]))?h?|c|k)")
_S = ("S", "(?:sch|sh|ss?|c|z|th|x)")
_J = ("GS", "(?:dj|dg|dz|jj?|zz?|g|ch|ts|c)")
INITIALS = (
    _G,
    ("K", "(?:kk?|c|g|q)"),
    ("N", "(?:nn?|kn|gn)"),
    ("DT", "(?:dd?h?|th|t)"),
    ("T", "tt?h?"),
    ("R", "(?:rr?h?|ll?)"),
    ("M", "mm?"),
    ("P", "(?:bb?|v|w)"),
    ("P", "pp?"),
    _S,
    _S,
    ("", ""),
    _J,
    _J,
    ("S", "(?:tsch|tch|ch|cc?|ts|tz|cz|q)"),
    ("K", "(?:ck|kk?h?|cc?h?|qu?|ch|x)"),
    ("T", "tt?h?"),
    ("PF", "(?:ph|pp?|ff?|v)"),
    ("-", "(?:ch|kh|h|j|f|g)?"),
)
_FINAL_K = ("KG", "(?:ck|ch|kk?|c|gg?|q|x)")
_FINAL_T = ("TSD", "(?:tt?h?|dd?|ts|tz|s|z|ch)")
_FINAL_P = ("P", "(?:pp?|bb?|ff?|v)")
_FINAL_N = ("N", "(?:nn?|gn|m)")
_FINAL_L = ("R", "(?:ll?|rr?)")
_OF_FINALS = {
    **dict.fromkeys((1, 2, 3, 24), _FINAL_K),
    **dict.fromkeys((4, 5, 6), _FINAL_N),
    **dict.fromkeys((7, 19, 20, 22, 23, 25), _FINAL_T),
    **dict.fromkeys((8, 9, 10, 11, 12, 13, 14, 15), _FINAL_L),
    16: ("M", "mm?"),
    **dict.fromkeys((17, 18, 26), _FINAL_P),
    21: ("N", "n"),
}


@lru_cache(maxsize=20_000)
def consonants(word: str) -> tuple[tuple[str, str], ...]:
    """Return for each consonant of a word the classes it may be of (letters.rough) and, as an
    expression, the Latin letters; empty for other scripts.
    """
    found: list[tuple[str, str]] = []
    for letter in word:
        code = ord(letter)
        if not _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
            return ()
        place = code - _FIRST_SYLLABLE
        found.append(INITIALS[place // (_VOWELS * _FINALS)])
        if final := place % _FINALS:
            found.append(_OF_FINALS.get(final, ("-", "")))
            if final == _NG:
                found.append(("GK-", "[gkc]?"))
    return tuple(one for one in found if one[1])


_NG = 21
MOST_CHOICES = 16


def classes(word: str) -> list[str]:
    """Return the strings of classes that a word may be of, neighbours not yet made one."""
    options = [one[0] for one in consonants(word) if one[0]]
    return ["".join(choice).replace("-", "") for choice in islice(product(*options), MOST_CHOICES)]
