"""What is said of a wish that can't be understood, with the wish as it was probably meant."""

from __future__ import annotations

from collections.abc import Sequence

from matching.query import Sort, Token
from model import TermError


def no_other_name(text: str, sign: Token, *, before: bool) -> TermError:
    """Say that | or OR has no name on one side."""
    return TermError(
        f"There is no name {'before' if before else 'after'} {sign.text}.",
        suggestion=_cut(text, sign.start, sign.end),
        code="no_other_name",
    )


def too_far(text: str, token: Token, instead: str) -> TermError:
    """Say that nobody would call that distance near; `instead` has the farthest one."""
    return TermError(
        f"{text[token.start : token.end]} is too far: from 1 to 100 words can be looked at.",
        suggestion=f"{text[: token.start]}{instead}{text[token.end :]}",
        code="too_far",
    )


def missing(text: str, found: Sequence[Token], at: int) -> TermError:
    """Say that something had to come at token `at`."""
    end = found[at].start if at < len(found) else len(text)
    before = found[at - 1] if at else None
    shown = text[before.start : before.end] if before else "the beginning"
    return TermError(
        f"Something is missing after {shown}.",
        suggestion=_cut(text, before.start if before else 0, end),
        code="missing",
    )


def and_in_group(text: str, sign: Token) -> TermError:
    """Say that AND can't stand between alternatives."""
    return TermError(
        "Inside these brackets only OR can stand: one of them is enough.",
        suggestion=_replaced(text, sign, "OR"),
        code="and_in_group",
    )


def open_bracket(text: str) -> TermError:
    """Say that a bracket lacks its other half."""
    return TermError(
        "A bracket is opened and not closed.",
        suggestion=f"{text.rstrip(' |(')})" if text.strip(" |(") else "",
        code="bracket",
    )


def empty_group(text: str, found: Sequence[Token], start: int, end: int) -> TermError:
    """Say that brackets, from token `start` to token `end`, hold nothing."""
    field = start and found[start - 1].sort in {Sort.FIELD, Sort.AND, Sort.NOT, Sort.MINUS}
    return TermError(
        "There is nothing between the brackets.",
        suggestion=_cut(text, found[start - bool(field)].start, found[end].end),
        code="empty_group",
    )


def minus_field(text: str, sign: Token) -> TermError:
    """Say that a field has no minus."""
    return TermError(
        "A field can't be excluded, only words can.",
        suggestion=_cut(text, sign.start, sign.end),
        code="minus_field",
    )


def two_ways(text: str, what: str, start: int, end: int) -> TermError:
    """Say that AND and OR stand side by side; brackets would go from `start` to `end`."""
    inside, after = text[start:end].rstrip(), text[end:].lstrip()
    return TermError(
        f"{what} can be meant in two ways: brackets say which.",
        suggestion=f"{text[:start]}({inside}) {after}".rstrip(),
        code="and_or",
    )


def empty_field(text: str, field: Token) -> TermError:
    """Say that a field has no value."""
    return TermError(
        f"Nothing follows {text[field.start : field.end]}",
        suggestion=_cut(text, field.start, field.end),
        code="empty_field",
    )


def unknown_value(text: str, token: Token, value: str, rule: str, instead: str) -> TermError:
    """Say that a field can't have that value."""
    return TermError(
        f"I don't know “{value}”: {rule}.",
        suggestion=_replaced(text, token, instead),
        code="value",
    )


def apart(text: str, found: Sequence[Token], first: int, after: int) -> TermError:
    """Say that the words from token `first` until before token `after` belong to nothing."""
    words, before = found[first:after], found[first - 1]
    shown = text[words[0].start : words[-1].end]
    if before.sort is Sort.WORD:
        joined = f'"{before.text} {shown}"'
        suggestion = f"{text[: before.start]}{joined}{text[words[-1].end :]}"
    else:
        suggestion = f"{text[: words[0].start]}| {text[words[0].start :]}"
    return TermError(
        f"“{shown}” stands apart from the name: quotation marks keep words together, "
        "| goes before another name.",
        suggestion=suggestion,
        code="apart",
    )


def stray(text: str, token: Token) -> TermError:
    """Say that this sign can't stand there."""
    sentences = {
        Sort.CLOSE: "A bracket is closed that was not opened.",
        Sort.WITHIN: f"{token.text} needs words on both sides.",
        Sort.COMMA: "A comma can't stand there: | goes before another name of the same one.",
    }
    follows = text[token.end :].strip()
    instead = "|" if token.sort is Sort.COMMA and follows else ""
    return TermError(
        sentences[token.sort], suggestion=_replaced(text, token, instead), code="stray"
    )


def _cut(text: str, start: int, end: int) -> str:
    return " ".join(f"{text[:start]} {text[end:]}".split())


def _replaced(text: str, token: Token, instead: str) -> str:
    gap = " " if instead == "|" else ""
    return " ".join(f"{text[: token.start]}{gap}{instead}{text[token.end :]}".split())
