"""A language nobody speaks: every sentence 40 % longer and in brackets, so that what is cut, and
what comes from no catalogue, can be seen.
"""

from __future__ import annotations

import gettext
import re

from bot.words import FOLDER, Catalogue, _read

_KEPT = re.compile(r"(\{\{|\}\}|\{\w+\}|</?\w+>|\n)")
_ACCENTS = str.maketrans("aeiouAEIOUncsy", "àéîõüÀÉÎÕÜñçšý")
PATTERNS = frozenset({"words.day", "words.moment"})
"""Not sentences, but how dates are written."""


def pseudo(sentence: str) -> str:
    """Return a sentence in that language; what stands for arguments and styles is kept."""
    parts = _KEPT.split(sentence)
    said = "".join(p if _KEPT.fullmatch(p) else p.translate(_ACCENTS) for p in parts)
    letters = sum(len(p) for p in parts if not _KEPT.fullmatch(p))
    return f"[!! {said}{'~' * round(letters * 0.4)} !!]"


class _Pseudo(gettext.NullTranslations):
    """English, spoken so."""

    def __init__(self, english: gettext.GNUTranslations) -> None:
        super().__init__()
        self.english = english

    def gettext(self, message: str) -> str:
        """Return the sentence of a code; the code itself where there is none."""
        found = self.english.gettext(message)
        return found if found == message or message in PATTERNS else pseudo(found)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the sentence of a code in its plural form."""
        found = self.english.ngettext(msgid1, msgid2, n)
        return found if found == msgid1 else pseudo(found)


def catalogue(language: str = "") -> Catalogue:
    """Return that language's catalogue, whichever was asked for."""
    del language
    return Catalogue("en", _Pseudo(_read(FOLDER / "en")))
