"""Dates of court cases as a calendar that any program reads (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from model.courts import COURTS
from model.docket import Docket, Hearing

LINE = 75
"""Octets of a line, after which it goes on in the next."""
_ONE_HOUR = timedelta(hours=1)


def calendar(dates: Sequence[tuple[Docket, Hearing]], now: datetime) -> str:
    """Return the dates as one calendar; `now`: when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vigil//court dates//EN"]
    taken: Counter[str] = Counter()
    for docket, hearing in dates:
        uid = f"{docket.court}-{docket.number}-{hearing.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        taken[uid] += 1  # a second one at the same time is another event, not the first one anew
        more = f"-{taken[uid]}" if taken[uid] > 1 else ""
        lines += _event(docket, hearing, f"{uid}{more}", now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(docket: Docket, hearing: Hearing, uid: str, now: datetime) -> Iterable[str]:
    summary = f"{hearing.what or 'Court date'}: {docket.caption or docket.number}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(uid)}@vigil"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from _when(hearing)
    yield f"SUMMARY:{_text(summary)}"
    if hearing.place:
        yield f"LOCATION:{_text(hearing.place)}"
    court = COURTS.get(docket.court)
    where = court.short if court else docket.court
    yield f"DESCRIPTION:{_text(f'{where} {docket.number}'.strip())}"
    if docket.url:
        yield f"URL:{docket.url}"
    yield "END:VEVENT"


def _when(hearing: Hearing) -> Iterable[str]:
    """Yield begin and end: an hour is assumed, since courts say none; a day without a time is a
    whole day of the court's calendar.
    """
    if hearing.has_time:
        start = hearing.at.astimezone(UTC)
        yield f"DTSTART:{start:%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{start + _ONE_HOUR:%Y%m%dT%H%M%SZ}"
        return
    court = COURTS.get(hearing.court)
    day = hearing.at.astimezone(ZoneInfo(court.zone) if court else UTC).date()
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"


def _text(text: str) -> str:
    """Return a text value: backslash, comma, semicolon and line breaks are escaped."""
    plain = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    """Yield a line in pieces of at most 75 octets, every piece but the first after a blank."""
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > LINE:
            yield piece
            piece = " "
        piece += sign
    yield piece
