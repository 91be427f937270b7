"""What a user typed, cut into tokens: words, quotations, signs, fields."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from model import TermError

QUOTES = '"“”„‟«»＂'
"""Any of them opens, any of them closes."""
DASHES = "-‐‑‒–—−"

FIELDS = {
    "lang": "lang", "language": "lang", "idioma": "lang",
    "source": "source", "fuente": "source",
    "court": "court", "tribunal": "court",
    "docket": "docket", "expediente": "docket",
    "type": "type", "tipo": "type",
    "near": "near", "cerca": "near",
    "priority": "priority", "prioridad": "priority",
    "threshold": "threshold", "umbral": "threshold",
    "where": "where", "donde": "where",
}  # fmt: skip
"""Words that take a value after a colon, in English and Spanish."""

KEYS = {
    "aka": "aka", "alias": "aka",
    "with": "with", "con": "with",
    "not": "not", "sin": "not",
    "in": "in", "en": "in",
    "to": "to", "a": "to",
}  # fmt: skip
"""Small words that say the same as signs, in English and Spanish."""

OPERATORS = {"AND", "OR", "NOT"}
_SIGNS = {
    "(": "open",
    ")": "close",
    "|": "pipe",
    "｜": "pipe",
    ",": "comma",
    "，": "comma",
    "、": "comma",
}
_QUOTATION = re.compile(rf"(=?)[{QUOTES}]([^{QUOTES}]*)([{QUOTES}]?)(?:~(\d{{1,4}})(?!\w))?")
_WORD = re.compile(rf"(?:\\.|[^\s()|｜{QUOTES},，、\\])+|\\", re.DOTALL)
_FIELD = re.compile(r"([^\W\d_]{2,}):(?!//)")
_WITHIN = re.compile(r"[wW]/(\d{1,4})")


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"
    QUOTE = "quote"
    LITERAL = "literal"
    OPEN = "open"
    CLOSE = "close"
    PIPE = "pipe"
    COMMA = "comma"
    MINUS = "minus"
    TILDE = "tilde"
    FIELD = "field"
    KEY = "key"
    AND = "and"
    OR = "or"
    NOT = "not"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `start` and `end` are its place in the typed text."""

    sort: Sort
    text: str
    start: int
    end: int
    number: int = 0
    """Of `w/10` and of `"a b"~10`: how many words."""
    escaped: bool = False
    """A backslash stood before or in it: it is nothing but a word."""


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text`; TermError names an unbalanced quote, a lone sign or an unknown
    field, with the text as it was probably meant.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _next(text, at)
        found.append(token)
        at = token.end
    return found


def _next(text: str, at: int) -> Token:
    sign = _SIGNS.get(text[at])
    if sign:
        return Token(Sort(sign), text[at], at, at + 1)
    quotation = _QUOTATION.match(text, at)
    if quotation:
        return _quotation(text, quotation)
    if text[at] in DASHES or text[at] == "~":
        return _prefix(text, at)
    if text[at] == "=" and not text[at + 1 : at + 2].isspace() and at + 1 < len(text):
        word = _WORD.match(text, at + 1)
        if word:
            return Token(Sort.LITERAL, _plain(word.group()), at, word.end())
    return _word(text, at)


def _quotation(text: str, found: re.Match[str]) -> Token:
    literal, inside, closing, within = found.groups()
    if not closing:
        raise TermError(
            "A quotation mark is opened and not closed.",
            suggestion=_closed(text, found.start()),
            code="quote",
        )
    if not inside.strip():
        raise TermError(
            "There is nothing between the quotation marks.",
            suggestion=_without(text, found.start(), found.end()),
            code="empty_quote",
        )
    sort = Sort.LITERAL if literal else Sort.QUOTE
    return Token(sort, " ".join(inside.split()), found.start(), found.end(), int(within or 0))


def _closed(text: str, at: int) -> str:
    """Close the open quotation before the next sign that can't belong to it."""
    stop = re.compile(rf"\s*(?:[|｜()]|\s~|\s[{DASHES}](?=\S)|\sAND\s|\sOR\s|\sNOT\s|\s\w+:|$)")
    inside = stop.search(text, at + 1)
    end = inside.start() if inside else len(text)
    if not text[at + 1 : end].strip(f"{QUOTES} "):
        return _without(text, at, end)
    return f'{text[:end].rstrip()}"{text[end:]}'


def _without(text: str, start: int, end: int) -> str:
    return " ".join(f"{text[:start]} {text[end:]}".split())


def _prefix(text: str, at: int) -> Token:
    follows = text[at + 1 : at + 2]
    if text[at] == "~":
        if not follows.strip() or follows in "|)":
            raise TermError(
                "A ~ stands before nothing: put it right before the nickname.",
                suggestion=_glued(text, at),
                code="lone_tilde",
            )
        return Token(Sort.TILDE, "~", at, at + 1)
    if not follows.strip() or follows in DASHES:
        raise TermError(
            "A dash with a space after it says nothing: right before a word it excludes that word, "
            "inside a word it belongs to it.",
            suggestion=_glued(text, at),
            code="lone_dash",
        )
    return Token(Sort.MINUS, text[at], at, at + 1)


def _glued(text: str, at: int) -> str:
    """Put the sign at `at` right before what follows; without anything there, leave it out."""
    rest = text[at:].lstrip(f"{DASHES}~ \t\n")
    sign = "~" if text[at] == "~" else "-"
    return f"{text[:at].rstrip()} {sign}{rest}".strip() if rest else text[:at].strip()


def _word(text: str, at: int) -> Token:
    found = _WORD.match(text, at)
    raw = found.group() if found else text[at]
    end = at + len(raw)
    if "\\" in raw:
        return Token(Sort.WORD, _plain(raw), at, end, escaped=True)
    if raw in OPERATORS:
        return Token(Sort(raw.lower()), raw, at, end)
    within = _WITHIN.fullmatch(raw)
    if within:
        return Token(Sort.WITHIN, raw, at, end, int(within[1]))
    if re.match(r"https?://", raw, re.IGNORECASE):
        raise TermError(
            "That is an address, not a name: names are watched, addresses are read as feeds.",
            code="address",
        )
    field = _FIELD.match(raw)
    return _field(text, at, field[1]) if field else Token(Sort.WORD, raw, at, end)


def _field(text: str, at: int, name: str) -> Token:
    end = at + len(name) + 1
    low = name.casefold()
    if low in FIELDS:
        return Token(Sort.FIELD, FIELDS[low], at, end)
    if low in KEYS:
        return Token(Sort.KEY, KEYS[low], at, end)
    close = difflib.get_close_matches(low, [*FIELDS, *KEYS], n=1, cutoff=0.5)
    rest = text[end:]
    mended = f"{close[0]}:{rest.lstrip()}" if close else f"{name} {rest.lstrip()}"
    raise TermError(
        f"I don't know the field {name}: (the fields are lang, source, court, docket, type, near, "
        "priority, threshold and where).",
        suggestion=f"{text[:at]}{mended}".strip(),
        code="field",
    )


def _plain(raw: str) -> str:
    return re.sub(r"\\(.)", r"\1", raw, flags=re.DOTALL)
