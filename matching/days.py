"""Days that a text names: "on Tuesday", "12 March", in ten languages (pure)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import TypeAlias

Date: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week (Monday is 1), and days of a month as (month, day)."""

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[Date] = frozenset()

    def conflicts(self, other: Days) -> bool:
        """Return whether both name days and none in common."""
        if self.dates and other.dates:
            return not self.dates & other.dates
        both = self.weekdays and other.weekdays
        return bool(both and not self.weekdays & other.weekdays)


NO_DAYS = Days()
_SIGNS = re.compile(r"(\d{1,2})月(\d{1,2})日")
_INSIDE = re.compile("['’-]")
"""What parts of one word stand between."""
_MONTH = 0
_SEEN_MOST = 50_000
"""Words of one language that stay looked up."""
_DIGIT = re.compile(r"\d")
_UNSPACED = ("zh", "ja")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    table = tomllib.loads(files("model").joinpath("small_words.toml").read_text("utf-8"))
    return {name: table[name] for name in ("weekdays", "months")}


@lru_cache(maxsize=64)
def _weekdays(lang: str) -> list[tuple[str, int]]:
    """Return how the days of the week begin, and which they are."""
    names = enumerate(_table()["weekdays"].get(lang, "").split(), 1)
    return [(name, day) for day, some in names for name in some.split("|")]


@lru_cache(maxsize=64)
def _date(lang: str) -> re.Pattern[str] | None:
    listed = _table()["months"].get(lang)
    if listed is None:
        return None
    months = "|".join(f"({one})" for one in listed.split())
    before = r"(?<![\d:.,])(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?\s+(?:de\s+|of\s+)?"
    return re.compile(rf"{before}(?:{months})|(?<!\w)(?:{months})\w*\.?\s+(\d{{1,2}})(?![\d:])")


class _Begun(dict[str, tuple[int, ...]]):
    """Of which days of the week each word seen so far is the name, and 0 where it may be that of
    a month.
    """

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._days = _weekdays(lang)
        self._months = tuple(_table()["months"].get(lang, "").replace("|", " ").split())

    def __missing__(self, word: str) -> tuple[int, ...]:
        if len(self) > _SEEN_MOST:
            self.clear()
        days = tuple(day for name, day in self._days if word.startswith(name))
        is_month = any(piece.startswith(self._months) for piece in _INSIDE.split(word))
        found = self[word] = (*days, _MONTH) if is_month else days
        return found


@lru_cache(maxsize=64)
def _begun(lang: str) -> _Begun:
    return _Begun(lang)


def days_in(text: str, words: Iterable[str], lang: str) -> Days:
    """Return the days a folded text names, given with its words."""
    if lang in _UNSPACED:
        named = frozenset(day for name, day in _weekdays(lang) if name in text)
        dates = frozenset((int(hit[1]), int(hit[2])) for hit in _SIGNS.finditer(text))
    else:
        named = frozenset(chain.from_iterable(map(_begun(lang).__getitem__, words)))
        dates = frozenset(_dates(text, lang) if _MONTH in named else ())
    weekdays = named - {_MONTH}
    return Days(weekdays, dates) if weekdays or dates else NO_DAYS


def _dates(text: str, lang: str) -> Iterator[Date]:
    date = _date(lang) if _DIGIT.search(text) else None
    return map(_read, date.finditer(text)) if date is not None else iter(())


def _read(hit: re.Match[str]) -> Date:
    """Read a date: the day is the first group or the last, between them twice the months."""
    groups = hit.groups()
    months = [place for place, one in enumerate(groups[1:-1]) if one is not None]
    return (months[0] % 12 + 1, int(groups[0] or groups[-1]))
