"""The evening line: what is set in followed cases for tomorrow, several in one Message (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from alerts.inert import clipped, inert
from matching.court_dates import CourtDate
from model.alert import Notice
from model.courts import COURTS
from model.message import Message, joined
from model.words import Words

CODE = "notice.court-dates"
LISTED = 15
"""Dates that are listed; the rest is counted."""


def dates_notice(dates: Iterable[CourtDate]) -> Notice:
    """Return what is to be told of these dates, as it is kept until it is said."""
    args = tuple(("date", json.dumps(_packed(one))) for one in dates)
    return Notice(CODE, args, about="court dates")


def _packed(one: CourtDate) -> list[object]:
    court = COURTS.get(one.docket.court)
    place = court.short if court else one.docket.court
    what = "; ".join(one.what)
    case = f"{place} {one.docket.number}".strip()
    at = one.at.replace(tzinfo=None).isoformat()
    return [one.is_tomorrow, one.has_time, at, what, one.docket.caption, case]


def dates_message(notice: Notice, words: Words) -> Message:
    """Return the dates line by line, and below which day that is: a Message may come late."""
    dates = [json.loads(value) for _, value in notice.args]
    lines = [_line(one, words) for one in dates[:LISTED]]
    if len(dates) > LISTED:
        lines.append(Message(words.say("alert.more", n=len(dates) - LISTED)))
    day = words.day(datetime.fromisoformat(dates[0][2])) if dates else ""
    return joined([*lines, words.write("hearing.day", n=len(dates), day=day)], "\n")


def _line(one: list[str], words: Words) -> Message:
    is_tomorrow, has_time, at, what, caption, case = one
    if has_time:
        code = "hearing.tomorrow" if is_tomorrow else "hearing.today"
    else:
        code = "hearing.tomorrow.day" if is_tomorrow else "hearing.today.day"
    said = clipped(inert(what), 90)
    return words.write(
        code,
        time=f"{datetime.fromisoformat(at):%H:%M}",
        what=said[:1].upper() + said[1:],
        caption=clipped(inert(caption), 90) or words.say("hearing.no-caption"),
        case=inert(case),
    )
