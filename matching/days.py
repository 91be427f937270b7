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
"""Letters by which it is seen at once that no day is named."""
_DIGIT = re.compile(r"\d")
_UNSPACED = ("zh", "ja")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    table = tomllib.loads(files("model").joinpath("small_words.toml").read_text("utf-8"))
    return {name: table[name] for name in ("weekdays", "months")}


@lru_cache(maxsize=64)
def _weekday(lang: str) -> re.Pattern[str] | None:
    listed = _table()["weekdays"].get(lang)
    if listed is None:
        return None
    groups = "|".join(f"({one})" for one in listed.split())
    return re.compile(groups if lang in _UNSPACED else rf"(?<!\w)(?:ال)?(?:{groups})")


@lru_cache(maxsize=64)
def _date(lang: str) -> re.Pattern[str] | None:
    listed = _table()["months"].get(lang)
    if listed is None:
        return None
    months = "|".join(f"({one})" for one in listed.split())
    before = r"(?<![\d:.,])(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?\s+(?:de\s+|of\s+)?"
    return re.compile(rf"{before}(?:{months})|(?<!\w)(?:{months})\w*\.?\s+(\d{{1,2}})(?![\d:])")


@lru_cache(maxsize=64)
def _starts(lang: str) -> frozenset[str]:
    listed = _table()["weekdays"].get(lang, "").replace("|", " ")
    return frozenset(one[:_START] for one in listed.split())


def days_in(text: str, words: Iterable[str], lang: str) -> Days:
    """Return the days a folded text names, given with its words."""
    weekday, date = _weekday(lang), _date(lang)
    weekdays: frozenset[int] = frozenset()
    starts = _starts(lang)
    begun = lang in _UNSPACED or not starts.isdisjoint([word[:_START] for word in words])
    if weekday is not None and begun:
        weekdays = frozenset(hit.lastindex or 0 for hit in weekday.finditer(text))
    dates: frozenset[Date] = frozenset()
    if _DIGIT.search(text) is None:
        pass
    elif lang in _UNSPACED:
        dates = frozenset((int(hit[1]), int(hit[2])) for hit in _SIGNS.finditer(text))
    elif date is not None:
        dates = frozenset(_read(hit) for hit in date.finditer(text))
    return Days(weekdays, dates) if weekdays or dates else NO_DAYS


def _read(hit: re.Match[str]) -> Date:
    """Read a date: the day is the first group or the last, between them twice the months."""
    groups = hit.groups()
    months = [place for place, one in enumerate(groups[1:-1]) if one is not None]
    return (months[0] % 12 + 1, int(groups[0] or groups[-1]))
