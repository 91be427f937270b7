"""What is too empty, too long or too strange to be watched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from model import TermError, Watch

MOST_WORDS = 24
"""In one name, alias, nickname or phrase."""
MOST_LETTERS = 300
"""In one of them."""
MOST_TERMS = 200
"""Names, aliases and nicknames of one Watch together; and words in each other list."""

_HIDDEN = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)
"""Marks of direction: copied along by accident, never part of a name."""


def tidy(text: str) -> str:
    """Return `text` with single spaces and without marks of direction; TermError when it holds
    what no keyboard types: control characters, halves of characters.
    """
    for letter in text:
        sort = unicodedata.category(letter)
        if sort == "Cs" or (sort == "Cc" and not letter.isspace()):
            raise TermError(
                f"There is an unreadable character (U+{ord(letter):04X}) in that: "
                "type it again without copying.",
                code="unreadable",
            )
    return " ".join(text.translate(_HIDDEN).split())


def check(watch: Watch) -> None:
    """Raise TermError, in one sentence, when nothing or almost everything would be found."""
    if not watch.name.strip():
        raise TermError(
            "There is no name to watch: type one, for example Salvador Cienfuegos Zepeda.",
            code="no_name",
        )
    terms = (watch.name, *watch.aliases, *watch.nicknames)
    _check_number(len(terms), "names and nicknames")
    for term in terms:
        _check_term(term)
    lists = (watch.context, watch.require, *watch.also, watch.never, watch.lang, watch.sources)
    for words in lists:
        _check_words(words)
    _check_number(len(watch.also), "required groups")
    if watch.threshold is not None and not 0 <= watch.threshold <= 100:
        raise TermError("A threshold is a number from 0 to 100.", code="threshold")


def _check_term(term: str) -> None:
    _check_length(term)
    signs = sum(letter.isalnum() for letter in term)
    if not signs:
        raise TermError(
            f"{_shown(term)} holds no letter and no digit: there is nothing to look for.",
            code="no_letters",
        )
    if signs == 1:
        raise TermError(
            f"{_shown(term)} is a single letter: nearly every text would be found. "
            "Give a longer name.",
            code="one_letter",
        )


def _check_words(words: Iterable[str]) -> None:
    found = list(words)
    _check_number(len(found), "words in one list")
    for word in found:
        _check_length(word)
        if not any(letter.isalnum() for letter in word):
            raise TermError(
                f"{_shown(word)} holds no letter and no digit: leave it out.", code="no_letters"
            )


def _check_length(term: str) -> None:
    words = len(re.findall(r"\S+", term))
    if words > MOST_WORDS or len(term) > MOST_LETTERS:
        raise TermError(
            f"{_shown(term)} is too long to be one name ({words} words; at most {MOST_WORDS} words "
            f"and {MOST_LETTERS} letters). Put several names on lines of their own, or | between "
            "other names of the same person.",
            code="too_long",
        )


def _check_number(number: int, what: str) -> None:
    if number > MOST_TERMS:
        raise TermError(
            f"That is {number:,} {what}; one watch holds at most {MOST_TERMS}. "
            "Make several watches of it.",
            code="too_many",
        )


def _shown(term: str) -> str:
    return f"“{term[:40]}…”" if len(term) > 40 else f"“{term}”"
