"""Labelled cases: a Watch, a text, whether it is a Mention there, and where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matching.match import Matcher
from matching.wishes import from_row
from model import Item, Mention, Watch

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled case; `score` is the band of a case that is only possible."""

    id: str
    watch: Watch
    text: str
    expect: bool
    why: str
    span: tuple[int, int] | None
    span_text: str
    phenomenon: str
    lang: str
    tier: str
    score: tuple[int, int] | None = None

    def __str__(self) -> str:
        """Say the case in one line, for a failing test."""
        sign = "+" if self.expect else "?" if self.score else "-"
        return f"{self.id} {sign} {self.watch.name!r} in {self.text[:90]!r}: {self.why}"


@dataclass(frozen=True, slots=True)
class Marks:
    """How answers compare with labels."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.hits / ((self.hits + self.wrong) or 1)

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.hits / ((self.hits + self.missed) or 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / ((2 * self.hits + self.wrong + self.missed) or 1)


def read(path: Path) -> list[Case]:
    """Return the cases of one file."""
    return [_case(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def every() -> Iterator[Case]:
    """Yield the cases of all files."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        yield from read(path)


def answer(case: Case, *, possible: bool = False) -> list[Mention]:
    """Return what a Matcher that knows only this Watch finds."""
    matcher = Matcher()
    matcher.add(case.watch)
    item = Item(key=case.id, text=case.text, lang=case.lang, id=1)
    return matcher.find_mentions(item, possible=possible)


def overlap(span: tuple[int, int], mention: Mention) -> float:
    """Return the intersection over union of a labelled span and a Mention."""
    both = min(span[1], mention.end) - max(span[0], mention.start)
    return max(0, both) / (max(span[1], mention.end) - min(span[0], mention.start))


def marks(cases: Iterable[Case], found: Iterable[bool]) -> Marks:
    """Return how the answers `found` compare with the labels of `cases`."""
    pairs = [(case.expect, answer) for case, answer in zip(cases, found, strict=True)]
    return Marks(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


def _case(row: dict[str, object]) -> Case:
    span, score = row.get("span"), row.get("score")
    return Case(
        id=str(row["id"]),
        watch=from_row({**_dict(row["watch"]), "id": 1}),
        text=str(row["text"]),
        expect=bool(row["expect"]),
        why=str(row["why"]),
        span=(int(span[0]), int(span[1])) if isinstance(span, list) else None,
        span_text=str(row["span_text"] or ""),
        phenomenon=str(row["phenomenon"]),
        lang=str(row["lang"]),
        tier=str(row["tier"]),
        score=(int(score[0]), int(score[1])) if isinstance(score, list) else None,
    )


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
