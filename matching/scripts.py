"""Other alphabets: which script a word is in, and how it reads in Latin letters."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

LATIN: Final = "latin"
CYRILLIC: Final = "cyrillic"
GREEK: Final = "greek"
ARABIC: Final = "arabic"
HEBREW: Final = "hebrew"
DEVANAGARI: Final = "devanagari"
THAI: Final = "thai"
HAN: Final = "han"
KANA: Final = "kana"
HANGUL: Final = "hangul"
OTHER: Final = "other"

SPACELESS = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""A letter of a script whose words need not be parted by spaces."""

_RANGES = (
    (0x0000, 0x024F, LATIN), (0x0370, 0x03FF, GREEK), (0x0400, 0x052F, CYRILLIC),
    (0x0590, 0x05FF, HEBREW), (0x0600, 0x077F, ARABIC), (0x08A0, 0x08FF, ARABIC),
    (0x0900, 0x097F, DEVANAGARI), (0x0E00, 0x0E7F, THAI), (0x1100, 0x11FF, HANGUL),
    (0x1E00, 0x1EFF, LATIN), (0x1F00, 0x1FFF, GREEK), (0x3040, 0x30FF, KANA),
    (0x3400, 0x9FFF, HAN), (0xAC00, 0xD7A3, HANGUL), (0xFB50, 0xFDFF, ARABIC),
    (0xFE70, 0xFEFF, ARABIC),
)  # fmt: skip


def script_of(folded: str) -> str:
    """Return the script of a folded word, judged by its first letter."""
    if not folded or folded.isascii():
        return LATIN
    code = ord(folded[0])
    for low, high, script in _RANGES:
        if low <= code <= high:
            return script
    return OTHER


@cache
def _variants() -> dict[int, str]:
    text = (Path(__file__).parent / "data" / "han.txt").read_text("utf-8").replace("\n", "")
    table = {ord(text[i]): text[i + 1] for i in range(0, len(text), 2)}
    # Hiragana and katakana are one: names in indexes are spelled in either.
    table.update({code: chr(code + 0x60) for code in range(0x3041, 0x3097)})
    return table


def simplify(folded: str) -> str:
    """Return `folded` with simplified Han characters, and katakana for hiragana."""
    if SPACELESS.search(folded) is None:
        return folded
    return folded.translate(_variants())


_DEVANAGARI_BLOCK = 0x0900
_SISTERS = range(0x0980, 0x0D80)
"""Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada and Malayalam: in Unicode each has its
letters in the order of Devanagari, after ISCII.
"""
_SISTERS_LETTER = re.compile("[\u0980-\u0d7f]")
_OWN_LETTERS = {
    "\u09ce": "त्", "\u0a70": "ं", "\u0a71": "", "\u0d7a": "ण्", "\u0d7b": "न्", "\u0d7c": "र्",
    "\u0d7d": "ल्", "\u0d7e": "ळ्",
}  # fmt: skip
_AS_DEVANAGARI = {
    **{code: chr(_DEVANAGARI_BLOCK + (code & 0x7F)) for code in _SISTERS},
    **{ord(letter): written for letter, written in _OWN_LETTERS.items()},
}


def devanagari(folded: str) -> str:
    """Return a word of another script of India in Devanagari; others as they are."""
    if _SISTERS_LETTER.search(folded) is None:
        return folded
    return folded.translate(_AS_DEVANAGARI)


_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "dj", "е": "e", "є": "ie",
        "ж": "zh", "з": "z", "и": "i", "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m",
        "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "џ": "dz", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "ѕ": "dz", "қ": "k", "ғ": "g", "ң": "n",
        "ү": "u", "ұ": "u", "ө": "o", "һ": "h", "ә": "a",
    }
)  # fmt: skip
_E_AFTER_VOWEL = re.compile("(?<=[аоуыэ])е")
_SOFT_BEFORE_VOWEL = re.compile("[ьъ](?=[еёиоэ])")

_GREEK = str.maketrans(
    {
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
        "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
        "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_GREEK_PAIRS = (
    ("ου", "u"), ("ηυ", "iv"), ("γγ", "ng"), ("γκ", "gk"), ("γξ", "nx"),
    ("γχ", "nch"),
)  # fmt: skip


_GREEK_DIPHTHONG = re.compile("([αε])υ(?=([θκξπστφχψ]|$)?)")


def _diphthong(found: re.Match[str]) -> str:
    return found.group(1) + ("φ" if found.group(2) is not None else "β")


def latin(folded: str, script: str) -> str:
    """Return how a folded Cyrillic or Greek word reads in Latin letters; others as they are."""
    if script == CYRILLIC:
        folded = _SOFT_BEFORE_VOWEL.sub("i", folded)
        return _E_AFTER_VOWEL.sub("ie", folded).translate(_CYRILLIC)
    if script == GREEK:
        folded = _GREEK_DIPHTHONG.sub(_diphthong, folded)
        for pair, letters in _GREEK_PAIRS:
            folded = folded.replace(pair, letters)
        if folded[:2] in {"μπ", "ντ"}:
            folded = ("b" if folded[0] == "μ" else "d") + folded[2:]
        return folded.translate(_GREEK)
    return folded
