"""Dates that a docket's text sets: "Status Conference set for 6/9/2017 at 12:00 PM". Pure.

The wordings are those of some two hundred real entries: a date that is only mentioned because it
is given up ("previously set for …", "set for … is vacated") sets nothing, and no more does a
deadline for papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from model.courts import COURTS
from model.docket import Hearing

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:"
    r"(?P<m>\d{1,2})(?P<sep>[/-])(?P<d>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>(?:19|20)\d\d))"
)
_CLOCK = r"(?P<h{n}>\d{{1,2}})(?::(?P<min{n}>[0-5]\d))?\s*(?P<half{n}>[ap]\.?\s?m\b\.?)?"
_SETS = re.compile(
    r"(?i)\b(?P<was>(?:previously|presently|currently|originally|formerly|heretofore)\s+)?"
    r"(?:re-?set|set|re-?scheduled|scheduled|continued|adjourned|moved|advanced|postponed|held)\s+"
    r"(?:(?:for|on|to|until)\s+)(?:hearing\s+(?:on|for)\s+)?"
    rf"(?:(?P<first>{_CLOCK.format(n=1)}),?\s+(?:on\s+)?)?{_DATE}"
    rf"(?P<then>,?\s*(?:at|@|-)?\s*{_CLOCK.format(n=2)})?"
)
_GIVEN_UP = re.compile(
    r"(?i),?\s+(?:(?:in|at|before)\s[^.;]{0,80}?)?\s*"
    r"(?:is|are|was|has been|be|shall be)\s+(?:hereby\s+)?"
    r"(?:stricken|vacated|continued|re-?set|moved|advanced|cancell?ed|adjourned|re-?scheduled"
    r"|postponed|terminated|converted)"
)
_WILL = re.compile(r"(?i)\b(?:will|shall|to)\s+be\s+$")
_EDGE = re.compile(r"[.;:()\n]\s*|,\s+(?=[A-Z]|the\s)|\b(?i:and the|so ordered|with|that)\s")
_ASIDE = re.compile(r"(?:\s*\([^()]*\)|[\s.])+$")
_CANCELS = re.compile(r"(?i)\b(?:cancel|vacat(?:es|ing)\b|stri(?:kes|king)\b)")
_MOVES = re.compile(r"(?i)\b(?:adjourn|continu|re-?schedul|re-?set|postpon|mov(?:es|ed|ing)\b)")
_STAYS = re.compile(r"(?i)[^.;]{0,60}\b(?:remains?|not\s+(?:vacat|cancel|adjourn|continu))")
_FILLER = re.compile(
    r"(?i)(?:,\s[^,.]{0,60},)?\s*(?:\bdate\b)?\s*"
    r"(?:\b(?:is|are|was|has|have|been|will|shall|now|to|be|hereby|and|further)\b\s*)*$"
)
_ARTICLE = re.compile(r"(?i)^(?:(?:the|an?|this|notice of hearing|that)\s+)+")
_PAPERS = re.compile(
    r"(?i)\b(?:deadlines?|restriction|due|cut-?off|transcript|redactions?|objections?|brief|"
    r"responses?|repl(?:y|ies)|discovery|report|answer)\b[^.]{0,20}$"
)
_PLACE = re.compile(
    r"\s*(?:,\s*)?(?:in|at|by)\s+(?P<place>[\w#\"].{2,80}?)(?=\s+(?:before|with|for|to)\b|[;)]"
    r"|(?<=\w\w\w)\.|(?<=\d)\.|,?\s+filed\b|\s\(|$)"
)
_LONGEST = 80


def hearings_of(text: str, court: str = "", number: str = "") -> tuple[Hearing, ...]:
    """Return the dates that `text` sets, in its order, each once.

    `court`: the court's id, for its time zone; without one that is known times are taken as UTC.
    Spans are code points of `text`. A date nobody can read (5/22/20107) is left out.
    """
    known = COURTS.get(court)
    zone: tzinfo = ZoneInfo(known.zone) if known else UTC
    found: dict[tuple[datetime, str], Hearing] = {}
    for one in _settings(text, zone):
        found.setdefault((one.at, one.what), replace(one, court=court, number=number))
    return tuple(found.values())


def given_up(text: str, court: str = "") -> tuple[tuple[datetime, bool], ...]:
    """Return the dates that `text` gives up ("set for 6/9/2017 is vacated", "vacating the hearing
    set for …"), each with whether its hour was said; zones as in `hearings_of`.
    """
    known = COURTS.get(court)
    zone: tzinfo = ZoneInfo(known.zone) if known else UTC
    found = [
        at
        for match in _SETS.finditer(text)
        if _is_given_up(text, match) and (at := _at(match, zone)) is not None
    ]
    return tuple(dict.fromkeys(found))


def _is_given_up(text: str, match: re.Match[str]) -> bool:
    if _STAYS.match(text, match.end()):
        return False
    if _GIVEN_UP.match(text, match.end()):
        return True
    what = _what(text[max(0, match.start() - 120) : match.start()])
    return bool(_CANCELS.search(what) or (match["was"] and _MOVES.search(what)))


def _settings(text: str, zone: tzinfo) -> Iterator[Hearing]:
    passed = ""
    """What the date was for that has just been given up."""
    behind = 0
    for match in _SETS.finditer(text):
        near = match.start() - behind < _LONGEST
        what = passed if passed and near else _what(text[: match.start()])
        behind, passed = match.end(), ""
        if match["was"] or _GIVEN_UP.match(text, match.end()):
            passed = what
        elif _counts(text, match) and what and (at := _at(match, zone)) is not None:
            yield Hearing(
                court="",
                number="",
                at=at[0],
                has_time=at[1],
                what=what,
                place=_place(text[match.end() : match.end() + 100]),
                start=match.start(),
                end=match.end(),
            )


def _counts(text: str, match: re.Match[str]) -> bool:
    """Return whether a date is one to come to court: not one for papers, nor a day in the past."""
    before = text[max(0, match.start() - 90) : match.start()]
    if match[0][:4].lower() == "held" and not _WILL.search(before):
        return False
    said = _FILLER.sub("", before)
    return _PAPERS.search(said) is None and _CANCELS.search(_what(said)) is None


def _what(before: str) -> str:
    """Return what the words before a date say it is for."""
    said = _ASIDE.sub("", _FILLER.sub("", before[-200:]))
    edges = [edge.end() for edge in _EDGE.finditer(said) if edge.end() < len(said)]
    said = _ARTICLE.sub("", said[edges[-1] if edges else 0 :].strip(" ,-"))
    if len(said) > _LONGEST:
        said = said[-_LONGEST:].partition(" ")[2]
    return " ".join(said.split())


def _at(match: re.Match[str], zone: tzinfo) -> tuple[datetime, bool] | None:
    """Return the instant and whether its hour was said; None when there is no such day."""
    try:
        if match["month"]:
            month = _MONTHS.index(match["month"].lower()) + 1
            day = date(int(match["year"]), month, int(match["day"]))
        else:
            year = int(match["y"])
            day = date(year if year > 99 else 2000 + year, int(match["m"]), int(match["d"]))
        hour = _clock(match)
    except ValueError:
        return None
    return datetime.combine(day, hour or time(), zone), hour is not None


def _clock(match: re.Match[str]) -> time | None:
    """Return the hour that was said. Without am or pm courts sit from seven to six."""
    n = "1" if match["first"] else "2"
    if match[f"h{n}"] is None or not (match[f"min{n}"] or match[f"half{n}"]):
        return None
    hour, half = int(match[f"h{n}"]), (match[f"half{n}"] or "").lower()[:1]
    if (half == "p" and hour < 12) or (not half and hour < 7):
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return time(hour, int(match[f"min{n}"] or 0))


def _place(after: str) -> str:
    match = _PLACE.match(after)
    return " ".join(match["place"].split()).strip(" ,") if match else ""
