"""Tokens of the original text, and the folding under which two spellings of a word are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

from matching import scripts

VERSION = 2
"""Of the folding: whoever stores keys stores this beside them."""

APOSTROPHES = "'’ʼ‘´＇`ʹ′׳״"
HYPHENS = "-‐‑‒–—−﹣－־"
LONGEST_WORD = 80
"""A run of letters beyond this many code points is no word anybody wrote; it is cut."""

_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u061c\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-"
    "\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a70\u0a71\u0a81-\u0acd\u0b82-\u0bcd"
    "\u0c00-\u0c4d\u0c81-\u0ccd\u0d00-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff"
)
"""Mn, Mc and Cf characters that stand inside words: `\\w` knows none of them."""

_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"
"""What Japanese writes foreign names in: a word of its own beside the title that follows."""
_OTHER_RUNS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_RUNS = _KATAKANA + _OTHER_RUNS
"""Letters of scripts written without spaces: a Latin name among them is a word of its own."""
_LETTER = rf"[^\W_{_RUNS}]"
WORD = re.compile(
    rf"{_LETTER}+(?:(?:[{_MARKS}]|[{APOSTROPHES}](?={_LETTER})|\.(?=ª)){_LETTER}*)*"
    rf"|[{_OTHER_RUNS}]+(?:[{_MARKS}]+[{_OTHER_RUNS}]*)*|[{_KATAKANA}]+(?:[{_MARKS}]+[{_KATAKANA}]*)*"
)
"""One word of the original text, with inner apostrophes and the marks that hang on its letters;
M.ª is one, too.
"""

_ASCII_WORD = re.compile("[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*")


_GREAT, _SMALL = (
    "".join(letter for letter in map(chr, (*range(0x250), *range(0x370, 0x530))) if of(letter))
    for of in (str.isupper, str.islower)
)
_TAGGED_WORD = re.compile(
    rf"(?<=#)[{_GREAT}][{_SMALL}]+(?=[{_GREAT}])|(?<=[{_SMALL}])[{_GREAT}][{_SMALL}]+|{WORD.pattern}"
)
"""The same where there are hashtags: #EmilioLozoya is two words."""
_PLAIN_WORD = re.compile(rf"[^\W_]+(?:(?:[{_MARKS}]|[{APOSTROPHES}](?=[^\W_])|\.(?=ª))[^\W_]*)*")


def word_pattern(text: str) -> re.Pattern[str]:
    """Return WORD, or a faster pattern that finds the same words in `text`."""
    if "#" in text:
        return _TAGGED_WORD
    if text.isascii():
        return _ASCII_WORD
    return WORD if _RUN.search(text) else _PLAIN_WORD


_RUN = re.compile(f"[{_RUNS}]")


_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u05f3\u05f4"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640\u093c"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u00ad\u061c\u200b-\u200f"
    rf"\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff{APOSTROPHES}]"
)
_EXTRA = str.maketrans(
    {
        "ß": "ss",
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ə": "a",
        "ĸ": "k",
        "ƒ": "f",
        "ς": "σ",
        "ך": "כ",
        "ם": "מ",
        "ן": "נ",
        "ף": "פ",
        "ץ": "צ",
        "آ": "ا",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ک": "ك",
        "ڪ": "ك",
        "ء": "",
        "ँ": "ं",
        "ǆ": "dz",
        "ǉ": "lj",
        "ǌ": "nj",
    }
)
_MIXED = re.compile("[a-z][а-я]|[а-я][a-z]")
_LOOKALIKES = str.maketrans("асеорхіукмтвн", "aceopxiykmtbh")
"""Cyrillic letters that look Latin, in a word that is otherwise Latin: a disguise or a slip."""
_NASAL = re.compile("[ङञणनम]्(?=[क-ह])")
"""A Devanagari nasal before a consonant, which may as well be written as a dot."""


class Case(IntEnum):
    """How the letters of a word are written."""

    NONE = 0
    LOWER = 1
    TITLE = 2
    UPPER = 3


class Token(NamedTuple):
    """A word where it stands."""

    start: int
    end: int
    word: Word


class Word:
    """One distinct word: every form of it that matching asks for, worked out once."""

    __slots__ = ("case", "fold", "head", "raw", "script", "skeleton", "sound", "tail")

    def __init__(self, raw: str) -> None:
        """Fold `raw`, a word as WORD finds it."""
        self.raw = raw
        if raw.isascii() and raw.isalnum():
            self.fold = raw[:LONGEST_WORD].lower()
            self.script = scripts.LATIN
            self.head = self.tail = ""
            latin = self.fold
        else:
            self.fold = fold(raw[:LONGEST_WORD])
            self.script = scripts.script_of(self.fold)
            self.head, self.tail = _halves(raw)
            latin = scripts.latin(self.fold, self.script)
        self.case = _case(raw)
        self.skeleton = skeleton(latin)
        self.sound = sound(self.skeleton)

    @property
    def capital(self) -> bool:
        """Whether it can be a name by its first letter (scripts without capitals: always)."""
        return self.case != Case.LOWER


class Words(dict[str, Word]):
    """Every word met, by its spelling; a new one is folded when first asked for."""

    LIMIT = 200_000

    def __missing__(self, raw: str) -> Word:
        """Fold a word that was not met before."""
        if len(self) >= self.LIMIT:
            self.clear()
        word = self[raw] = Word(raw)
        return word


WORDS = Words()


def fold(raw: str) -> str:
    """Return `raw` without case, accents, apostrophes and invisible signs: what stays is what
    decides whether two spellings are the same word. Idempotent.
    """
    if raw.isascii():
        return raw.lower().replace("'", "").replace("`", "")
    by_letter = raw.replace(".ª", "ª").translate(_BY_LETTER)
    if by_letter.isascii():
        return by_letter
    for _ in range(4):
        folded = _fold_once(raw)
        if folded == raw:
            break
        raw = folded
    return raw


def _fold_once(raw: str) -> str:
    # A spacing acute (O´Hara) is an apostrophe; NFKC would make a space with an accent of it.
    text = unicodedata.normalize("NFKC", raw.replace("´", "")).casefold()
    text = _DROPPED.sub("", unicodedata.normalize("NFD", text)).translate(_EXTRA)
    text = unicodedata.normalize("NFC", text)
    if not text.isascii():
        if _MIXED.search(text):
            text = text.translate(_LOOKALIKES)
        text = scripts.simplify(_NASAL.sub("ं", scripts.devanagari(text)))
    return text


class _ByLetter(dict[int, str]):
    """What each letter folds to by itself: enough for words that become ASCII."""

    def __missing__(self, code: int) -> str:
        if len(self) > 5_000:
            self.clear()
        found = self[code] = _fold_once(chr(code))
        return found


_BY_LETTER = _ByLetter()


def _case(raw: str) -> Case:
    first = raw[:1]
    if raw.islower():
        return Case.LOWER
    if len(raw) > 1 and raw.isupper():
        return Case.UPPER
    if first.isupper() or first.istitle():
        return Case.TITLE
    if first.islower():
        # "al-Fahim" is two words; "deLuca", "iPhone" and "d’Estreval" carry their capital inside.
        return Case.TITLE if any(letter.isupper() for letter in raw[1:]) else Case.LOWER
    return Case.NONE


def _halves(raw: str) -> tuple[str, str]:
    """Return what stands before the last and after the first apostrophe; empty without one."""
    if raw.isalnum():
        return "", ""
    marks = [i for i, letter in enumerate(raw) if letter in APOSTROPHES]
    if not marks:
        return "", ""
    return raw[: marks[-1]], raw[marks[0] + 1 :]


_WITH_H = (
    ("schtsch", "SC"),
    ("shch", "SC"),
    ("tsch", "CH"),
    ("sch", "SH"),
    ("kh", "H"),
    ("ph", "F"),
)
"""In capitals, so that what one rule has made is not read again by the next."""
_PAIRS = (
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("dj", "d"),
    ("ts", "c"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
)
_LETTERS = str.maketrans("zwyjq", "sviik")
_DOUBLE = re.compile(r"([^\n])\1+")


def skeleton(latin: str) -> str:
    """Return the Latin skeleton of a folded word: spellings of one name in different orthographies
    (Schönfeldt and Schoenfeldt, Sergey and Sergej, Heijden and Heyden) share it. Many words, each
    on a line of its own, become as many skeletons.
    """
    if not latin.isascii():
        return latin
    text = latin
    if "h" in text:
        for letters, sounded in _WITH_H:
            if letters in text:
                text = text.replace(letters, sounded)
        text = text.lower()
    for letters, sounded in _PAIRS:
        if letters in text:
            text = text.replace(letters, sounded)
    text = text.translate(_LETTERS)
    if "x" in text:
        text = text.replace("x", "ks")
    return _single(text)


def of_each(rule: Callable[[str], str], lines: Sequence[str]) -> list[str]:
    """Return what `skeleton` or `sound` makes of each line, in one go where all are ASCII."""
    text = "\n".join(lines)
    if not text.isascii() or not lines:
        return [rule(line) for line in lines]
    return rule(text).split("\n")


def _single(text: str) -> str:
    """Return `text` with each letter once where it stands several times in a row."""
    return _DOUBLE.sub(_first, text) if _DOUBLE.search(text) else text


def _first(found: re.Match[str]) -> str:
    return found.group(1)


_SC = re.compile("sc(?![^aou\n])")
_WITH_C = (("ch", "\u0107"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("c", "k"))
_WITH_I = (
    ("aie", "ae"),
    ("oie", "oe"),
    ("uie", "ue"),
    ("eie", "e"),
    ("io", "o"),
    ("ie", "e"),
    ("ia", "a"),
    ("iu", "u"),
    ("ei", "i"),
    ("ai", "i"),
)


def sound(bones: str) -> str:
    """Return a coarser key than the skeleton, under which candidates are looked up. It merges more
    than is equal: whatever meets here is compared again, letter by letter. As `skeleton`, it takes
    many lines at once.
    """
    text = bones
    if not text.isascii():
        return text
    if "c" in text:
        text = _SC.sub("s\u0107", text) if "sc" in text else text
        for letters, sounded in _WITH_C:
            if letters in text:
                text = text.replace(letters, sounded)
    if "h" in text:
        text = text.replace("h", "")
    if "i" in text:
        for letters, sounded in _WITH_I:
            if letters in text:
                text = text.replace(letters, sounded)
    return _single(text)
