"""The notation of one Term: bare words, "a phrase", ="literal", words near each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from matching.query import OPERATORS, QUOTES


class Form(StrEnum):
    """How one Term is to be looked for."""

    NAME = "name"
    """With all the variants a name takes."""
    PHRASE = "phrase"
    """These words in this order, folded."""
    LITERAL = "literal"
    """These signs as they stand, capitals and accents included."""
    WITHIN = "within"
    """All its parts, each a phrase, at most `distance` words apart."""


@dataclass(frozen=True, slots=True)
class Term:
    """One Term of a Watch as its notation says: `parts` has one part, of WITHIN several."""

    form: Form
    parts: tuple[str, ...]
    distance: int = 0


_QUOTED = re.compile(rf"(=?)[{QUOTES}]([^{QUOTES}]+)[{QUOTES}](?:~(\d{{1,4}}))?")
_SIDE = rf"[{QUOTES}][^{QUOTES}]+[{QUOTES}]|[^{QUOTES}]+?"
_SAYS = re.compile(r"[^\W_]")
_PLAIN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_JOINED = re.compile(rf"({_SIDE})\s+[wW]/(\d{{1,4}})\s+({_SIDE})")


def read_term(written: str) -> Term:
    """Return what one entry of a Watch's `name` or `aliases` says in its notation: `"…"` is a
    phrase, `="…"` literal, `"a b"~10` and `a w/10 b` words near each other, anything else a name.
    """
    text = written.strip()
    sides = _JOINED.fullmatch(text)
    if sides and _SAYS.search(sides[1]) and _SAYS.search(sides[3]):
        parts = (unquoted(sides[1]), unquoted(sides[3]))
        return Term(Form.WITHIN, parts, int(sides[2]))
    quoted = _QUOTED.fullmatch(text)
    if not quoted:
        return Term(Form.NAME, (text,))
    literal, inside, within = quoted.groups()
    if literal:
        return Term(Form.LITERAL, (inside,))
    if within:
        return Term(Form.WITHIN, tuple(inside.split()), int(within))
    return Term(Form.PHRASE, (" ".join(inside.split()),))


def unquoted(text: str) -> str:
    """Return `text` without quotation marks and needless spaces."""
    return " ".join(re.sub(rf"[{QUOTES}]", " ", text).split())


def phrase(inside: str, within: int = 0, *, literal: bool = False) -> str:
    """Write a phrase, a literal one, or words at most `within` words apart."""
    return f'{"=" if literal else ""}"{inside}"{f"~{within}" if within else ""}'


def joined(left: str, distance: int, right: str) -> str:
    """Write two phrases at most `distance` words apart."""
    return f"{_side(left)} w/{distance} {_side(right)}"


def _side(text: str) -> str:
    plain = unquoted(text.removeprefix("="))
    return plain if _PLAIN.fullmatch(plain) and plain not in OPERATORS else f'"{plain}"'


def normal(written: str) -> str:
    """Return a Term with straight quotation marks and single spaces, saying the same."""
    text = " ".join(written.split())
    term = read_term(text)
    if term.form is Form.WITHIN:
        if not _QUOTED.fullmatch(text):
            return joined(term.parts[0], term.distance, term.parts[1])
        return phrase(" ".join(term.parts), term.distance)
    if term.form is Form.NAME:
        return text
    return phrase(" ".join(term.parts[0].split()), literal=term.form is Form.LITERAL)
