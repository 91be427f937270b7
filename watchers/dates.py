"""When a Source says it published something: read if it can be, believed if it may be."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from time import struct_time

OLDEST = timedelta(days=366)
SKEW = timedelta(minutes=10)
"""How far ahead of ours a publisher's clock may be."""

_LONGEST = 80
_YEAR_FIRST = re.compile(r"\s*\d{4}/\d{1,2}/\d{1,2}")
"""feedparser reads 2020/1/10 as 1 November: these go to dateparser, year first."""


def believable(when: datetime, now: datetime) -> bool:
    """Say whether an in-feed date may be shown: not ahead of `now`, not over a year old.

    1970, year 1 and dates in the future are what broken publishers write.
    """
    return now - OLDEST <= when <= now + SKEW


def published_at(
    raw: str, parsed: struct_time | None, now: datetime, lang: str = ""
) -> datetime | None:
    """Return the instant a date means, or None when it can't be read or believed.

    `parsed` is what feedparser made of `raw` (UTC), None where it could not. What it can't read
    goes to dateparser with the feed's language.
    """
    when = None if parsed is None or _YEAR_FIRST.match(raw) else _from_tuple(parsed)
    if when is None and raw.strip():
        when = read_date(raw, now, lang)
    return when if when is not None and believable(when, now) else None


def _from_tuple(parsed: struct_time) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_date(raw: str, now: datetime, lang: str = "") -> datetime | None:
    """Read a date in whatever form and language, with dateparser; None when it can't be read."""
    text = raw.strip()
    if not text or len(text) > _LONGEST or not any(c.isdigit() for c in text):
        return None
    when = _in_iso(text) or _in_words(text, now, lang)
    if when is None:
        return None
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None


def _in_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _in_words(text: str, now: datetime, lang: str) -> datetime | None:
    from dateparser import DateDataParser  # type: ignore[import-untyped]  # slow, seldom needed

    settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "RETURN_AS_TIMEZONE_AWARE": True}
    if _YEAR_FIRST.match(text):
        settings["DATE_ORDER"] = "YMD"
    for languages in ([lang], ["en", "es", "pt", "fr"]) if lang else (["en", "es", "pt", "fr"],):
        try:
            found = DateDataParser(languages=languages, settings=settings).get_date_data(text)
        except Exception:  # noqa: S112 - whatever a date does to it, the item must not be lost
            continue
        if isinstance(found.date_obj, datetime):
            return found.date_obj
    return None
