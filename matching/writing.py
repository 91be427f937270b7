"""A Watch → the line that says it: reading that line gives the same Watch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from matching.guess import KIND_WORDS, guess_kind
from matching.notation import Form, phrase, read_term
from matching.query import DASHES, KEYS, OPERATORS, QUOTES
from model import Priority, Watch, WatchKind

_SPECIAL = re.compile(rf"[()|｜\\{QUOTES}]")
_COMMA = re.compile("[,，、]")
_GOOD_COMMAS = re.compile(r"[^,，、]+(?:[,，、] [^\W_][^,，、]*)*")
"""Commas between words, as in "Dunmore, Walter": these need no backslash."""
_PLAIN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_OPERATOR = re.compile(r"AND|OR|NOT|[wW]/\d{1,4}|https?://.*|[^\W\d_]{2,}:(?!//).*", re.DOTALL)


def write(watch: Watch, to: Sequence[str] = ()) -> str:
    """Return the line in its normal form; `to`: names of those it is told to."""
    terms = [_term(term, watch.kind) for term in (watch.name, *watch.aliases)]
    terms += [f"~{_quoted(nickname)}" for nickname in watch.nicknames]
    parts = [_kind(watch), " | ".join(terms)]
    if watch.context:
        parts.append(f"near:({_any(watch.context)})")
    parts += [_required(group) for group in (watch.require, *watch.also) if group]
    parts += [f"-{_quoted(word)}" for word in watch.never]
    parts += [_field("lang", watch.lang), _field("source", watch.sources)]
    if watch.priority is not Priority.NORMAL:
        parts.append(f"priority:{watch.priority.value}")
    if watch.threshold is not None:
        parts.append(f"threshold:{watch.threshold}")
    parts.append("where:lead" if watch.leading else "")
    parts.append(f"to: {', '.join(map(_address, to))}" if to else "")
    return " ".join(part for part in parts if part)


def _kind(watch: Watch) -> str:
    """Return the word to begin with, where the names alone don't say what sort of thing it is."""
    phrased = watch.kind is WatchKind.PHRASE
    names = [phrase(n) if phrased and read_term(n).form is Form.NAME else n for n in _names(watch)]
    if guess_kind(names) is watch.kind:
        return ""
    return next(word for word, kind in KIND_WORDS.items() if kind is watch.kind)


def _names(watch: Watch) -> tuple[str, ...]:
    return (watch.name, *watch.aliases)


def _term(term: str, kind: WatchKind) -> str:
    if read_term(term).form is not Form.NAME:
        return term
    if kind is WatchKind.PHRASE:
        return phrase(term)
    line = " ".join(_escaped(word, first=not at) for at, word in enumerate(term.split(" ")))
    return line if _GOOD_COMMAS.fullmatch(term) else _COMMA.sub(r"\\\g<0>", line)


def _escaped(word: str, *, first: bool) -> str:
    """Put backslashes where a word of a name would be read as something else."""
    safe = _SPECIAL.sub(r"\\\g<0>", word)
    if word[0] in f"{DASHES}~=":
        return f"\\{safe}"
    if safe != word:
        return safe
    small = word in KIND_WORDS if first else word.casefold().strip(",，、") in KEYS
    return f"\\{word}" if small or _OPERATOR.fullmatch(word) else word


def _any(words: Iterable[str]) -> str:
    return " OR ".join(_quoted(word) for word in words)


def _required(group: Sequence[str]) -> str:
    return f"AND ({_any(group)})" if len(group) > 1 else f"AND {_quoted(group[0])}"


def _quoted(word: str) -> str:
    plain = _PLAIN.fullmatch(word) and word not in OPERATORS
    return word if plain else f'"{word}"'


def _field(name: str, values: Sequence[str]) -> str:
    return f"{name}:{','.join(_quoted(value) for value in values)}" if values else ""


def _address(name: str) -> str:
    return name if re.fullmatch(r"[@-]?\w+", name) else f'"{name}"'
