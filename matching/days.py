"""Days that a text names: "on Tuesday", "12 March", in ten languages (pure)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
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
_START = 3
"""Letters by which a day is looked up."""
_DIGIT = re.compile(r"\d")
_UNSPACED = ("zh", "ja")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    table = tomllib.loads(files("model").joinpath("small_words.toml").read_text("utf-8"))
    return {name: table[name] for name in ("weekdays", "months")}


@lru_cache(maxsize=64)
def _weekdays(lang: str) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the days of the week by their first letters: how they begin, and which they are."""
    found: dict[str, list[tuple[str, int]]] = {}
    for day, names in enumerate(_table()["weekdays"].get(lang, "").split(), 1):
        for name in names.split("|"):
            found.setdefault(name[:_START], []).append((name, day))
    return {start: tuple(days) for start, days in found.items()}


@lru_cache(maxsize=64)
def _date(lang: str) -> re.Pattern[str] | None:
    listed = _table()["months"].get(lang)
    if listed is None:
        return None
    months = "|".join(f"({one})" for one in listed.split())
    before = r"(?<![\d:.,])(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?\s+(?:de\s+|of\s+)?"
    return re.compile(rf"{before}(?:{months})|(?<!\w)(?:{months})\w*\.?\s+(\d{{1,2}})(?![\d:])")


def days_in(text: str, words: Iterable[str], lang: str) -> Days:
    """Return the days a folded text names, given with its words."""
    named = _weekdays(lang)
    if lang in _UNSPACED:
        weekdays = [day for days in named.values() for name, day in days if name in text]
    else:
        begun = [word for word in words if word[:_START] in named]
        weekdays = [
            day for word in begun for name, day in named[word[:_START]] if word.startswith(name)
        ]
    date = _date(lang)
    dates: frozenset[Date] = frozenset()
    if _DIGIT.search(text) is None:
        pass
    elif lang in _UNSPACED:
        dates = frozenset((int(hit[1]), int(hit[2])) for hit in _SIGNS.finditer(text))
    elif date is not None:
        dates = frozenset(_read(hit) for hit in date.finditer(text))
    return Days(frozenset(weekdays), dates) if weekdays or dates else NO_DAYS


def _read(hit: re.Match[str]) -> Date:
    """Read a date: the day is the first group or the last, between them twice the months."""
    groups = hit.groups()
    months = [place for place, one in enumerate(groups[1:-1]) if one is not None]
    return (months[0] % 12 + 1, int(groups[0] or groups[-1]))
