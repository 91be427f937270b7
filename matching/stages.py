"""What happened: kinds of event read off a docket's words, and stages read off the news.

The kinds, their severity and dockets' phrases are data (model/stages.toml); what the news says is
the stories' turns (model/turns.toml), so that one table tells two stories apart and names them.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import model
from matching.stopwords import language_of
from matching.turns import UNSPACED, WORD, folded, shown_in, words_of
from model.docket import Event, Severity

_TABLE = Path(model.__file__).with_name("stages.toml")
_GAPS = {
    "...": r"(?:\W+\w+){0,6}?",
    "....": r"(?:[^\w.;:]+(?!denied|denying|motion)\w+){0,20}?",
    "~": r"(?:[^\w.;:]+(?!motion|application|request|letter|time|extension|leave|to\b|for\b)\w+)"
    r"{0,9}?",
    "#": r"(?:\W+\d+)*",
}
"""What stands between two words: any few, any of one clause, a motion's number and whose it is,
numbers.
"""
_OWN = r"(?:['’]s?)?"
_CLAUSE = re.compile(r"[;\n]|[.:](?=\s+\w)")


@dataclass(frozen=True, slots=True)
class Stage:
    """A kind of event, and by what words it is known."""

    kind: str
    severity: Severity
    ruling: bool
    docket: re.Pattern[str] | None
    surely: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    tames: frozenset[str]


@functools.cache
def stages() -> Mapping[str, Stage]:
    """Return every kind of the table, by name. ValueError names a kind that can't be read."""
    found = {}
    for kind, row in tomllib.loads(_TABLE.read_text("utf-8")).items():
        try:
            found[kind] = Stage(
                kind,
                Severity(row["severity"]),
                bool(row.get("ruling", False)),
                _any_of(row.get("docket", ())),
                _any_of(row.get("surely", ())),
                _any_of(row.get("unless", ())),
                frozenset(row.get("tames", ())),
            )
        except (KeyError, ValueError, re.error) as error:
            raise ValueError(f"stages.toml, [{kind}]: {error}") from None
    return found


@functools.cache
def rulings() -> frozenset[str]:
    """Return the kinds that are a court's decision."""
    return frozenset(kind for kind, stage in stages().items() if stage.ruling)


def events_of(text: str) -> tuple[Event, ...]:
    """Return what a docket's text says happened, as `in_order` has it. Spans are code points of
    `text`.
    """
    plain = _folded(text)
    found = [
        Event(stage.kind, stage.severity, *span)
        for stage in stages().values()
        if (span := _place(stage, plain)) is not None
    ]
    return in_order(_untamed(found))


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return each kind once (the first given stands), the most severe first, then in the table's
    order: what a headline says does not hang on which words came first.
    """
    kinds: dict[str, Event] = {}
    for event in events:
        kinds.setdefault(event.kind, event)
    places = {kind: place for place, kind in enumerate(stages())}
    return tuple(
        sorted(
            kinds.values(),
            key=lambda one: (one.severity.rank, places.get(one.kind, len(places)), one.kind),
        )
    )


def stages_of(text: str, lang: str = "") -> tuple[Event, ...]:
    """Return the stages that a piece of news tells of, in the order of its words. `lang`: its
    language; empty or an unknown one: as its words tell. A span is that of the first word that
    says so, in languages without spaces that of the text.
    """
    plain = folded(text)
    known = language_of(lang, plain, "")
    hits = list(WORD.finditer(_folded(text)))
    words = [word for hit in hits for word in words_of(folded(hit[0]))[:1]]
    if len(words) != len(hits):
        return ()
    found = []
    for kind, at in shown_in(plain, words, known).items():
        span = (0, len(text)) if known in UNSPACED or not hits else hits[at].span()
        found.append(Event(kind, stages()[kind].severity, *span))
    return tuple(sorted(found, key=lambda one: (one.start, one.severity.rank)))


def _untamed(events: Iterable[Event]) -> list[Event]:
    every = list(events)
    tamed = {kind for one in every for kind in stages()[one.kind].tames}
    return [one for one in every if one.kind not in tamed]


def _place(stage: Stage, text: str) -> tuple[int, int] | None:
    """Return where a phrase stands in whose clause there is no exception; None without any."""
    if stage.surely is not None and (match := stage.surely.search(text)):
        return match.span()
    for match in stage.docket.finditer(text) if stage.docket is not None else ():
        if stage.unless is None or not stage.unless.search(text, *_clause(text, *match.span())):
            return match.span()
    return None


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause begins and ends in which something stands."""
    before = [edge.end() for edge in _CLAUSE.finditer(text, 0, start)]
    after = _CLAUSE.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    listed = [_phrase(one) for one in phrases]
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)") if listed else None


def _phrase(phrase: str) -> str:
    """Return a phrase of the table as a pattern over folded text."""
    parts: list[str] = []
    gap = ""
    for word in phrase.split():
        if word in _GAPS:
            gap = _GAPS[word]
            continue
        either = "|".join(re.escape(_folded(one)) for one in word.split("|"))
        parts.append(f"{gap}\\W+(?:{either}){_OWN}" if parts else f"(?:{either}){_OWN}")
        gap = ""
    return "".join(parts)


def _folded(text: str) -> str:
    """Return small letters without accents, one for each code point of `text`."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[:1] or sign for sign in text)
