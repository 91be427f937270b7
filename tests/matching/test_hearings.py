"""Dates that dockets set, in the wordings of real entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.hearings import given_up, hearings_of

COURTS = Path(__file__).parents[3] / "shared/data/courts"

SET = [
    (
        "Status Conference set for 6/9/2017 at 12:00 PM before Judge X.",
        "Status Conference",
        "2017-06-09 12:00",
    ),
    (
        "Phone conference set for 5/17/12 @ 10:00 for scheduling.",
        "Phone conference",
        "2012-05-17 10:00",
    ),
    ("Motion set for hearing on 6/9/2014 at 01:30 PM before Judge X", "Motion", "2014-06-09 13:30"),
    (
        "Motion Hearing set for 7/7/2015 09:00 AM in Courtroom E, 15th Floor.",
        "Motion Hearing",
        "2015-07-07 09:00",
    ),
    (
        "The Hearing date is set for 2/3/2010 at 10:00 AM at Crtrm 1668",
        "Hearing",
        "2010-02-03 10:00",
    ),
    (
        "A Scheduling Conference has been set for Monday, April 10, 2006 at 8:30 a.m.",
        "Scheduling Conference",
        "2006-04-10 08:30",
    ),
    (
        "Confirmation Hearing Set For 10:00 5/27/03 At Crtrm 3-D",
        "Confirmation Hearing",
        "2003-05-27 10:00",
    ),
    ("Hearing Set For 2:00 3/31/03 at Crtrm 3-D", "Hearing", "2003-03-31 14:00"),
    (
        "status hearing is set for 2-25-10 at 9:30 a.m., Courtroom 1368",
        "status hearing",
        "2010-02-25 09:30",
    ),
    (
        "The status hearing set for 3/17/2014 is moved to 3/24/2014 at 9:30 a.m.",
        "status hearing",
        "2014-03-24 09:30",
    ),
    (
        "Status hearing previously set for 9/29/2016 is reset for 10/6/2016 at 9:45 a.m.",
        "Status hearing",
        "2016-10-06 09:45",
    ),
    (
        "motion hearing previously set for 4/5/17 is stricken and reset to 5/24/17 at 9:45 a.m.",
        "motion hearing",
        "2017-05-24 09:45",
    ),
    (
        "Telephone hearing, to be initiated by the parties, is set for 9/25/2017 at 8:45 a.m.",
        "Telephone hearing",
        "2017-09-25 08:45",
    ),
    ("Sentencing scheduled for Nov. 18, 2020 at 3 p.m.", "Sentencing", "2020-11-18 15:00"),
    (
        "The hearing set for 1/9/2015 at 9:30 a.m. remains as scheduled.",
        "hearing",
        "2015-01-09 09:30",
    ),
    (
        "A HEARING ON THIS MOTION IS SET FOR MONDAY, DECEMBER 21, 2009 AT 2:00 P.M.",
        "HEARING ON THIS MOTION",
        "2009-12-21 14:00",
    ),
]

NOT_SET = [
    "Redacted Transcript Deadline set for 8/28/2017.",
    "Release of Transcript Restriction set for 10/24/2017.",
    "Motion hearing set for 9/21/2017 is stricken. The Court will set additional dates.",
    "Jury Trial set for the January 2018 trial term",
    "Status hearing held on 9/16/2015.",
    "The Sentencing set for 5/22/20107.",
    "The Sentencing set for 13/45/2017 at 9:00 AM.",
    "NOTICE canceling Case Management Hearing set for January 11, 2017.",
]


@pytest.mark.parametrize(("text", "what", "at"), SET)
def test_a_date_that_is_set_is_read(text: str, what: str, at: str) -> None:
    [one] = hearings_of(text, "nyed", "1:19-cr-00366")
    assert (one.what, f"{one.at:%Y-%m-%d %H:%M}") == (what, at)
    assert one.has_time
    assert re.match(r"(?i)(re)?set|scheduled|moved", text[one.start : one.end])


@pytest.mark.parametrize("text", NOT_SET)
def test_a_date_for_papers_or_given_up_is_no_hearing(text: str) -> None:
    assert hearings_of(text) == ()


def test_the_hour_is_that_of_the_court() -> None:
    text = "Sentencing set for 1/9/2015 at 9:30 a.m."
    [east], [west] = hearings_of(text, "nyed"), hearings_of(text, "cand")
    assert east.at == datetime(2015, 1, 9, 9, 30, tzinfo=ZoneInfo("America/New_York"))
    assert west.at == datetime(2015, 1, 9, 9, 30, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_a_day_without_an_hour_and_a_place_are_kept() -> None:
    [day] = hearings_of("Trial set for 5/4/2020.", "txsd")
    assert (day.has_time, day.at.hour, day.place) == (False, 0, "")
    [hour] = hearings_of("Trial set for 5/4/2020 at 8:30 AM in Courtroom 5, Oakland.", "cand")
    assert hour.place == "Courtroom 5, Oakland"


@given(st.text(max_size=200), st.sampled_from(["set for 1/2/2020 at 9 AM", "set for 99/99/99"]))
def test_any_text_is_read(text: str, setting: str) -> None:
    whole = f"{text} {setting}"
    for one in hearings_of(whole, "nyed"):
        assert 0 <= one.start < one.end <= len(whole)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name == "description" and isinstance(one, str):
                yield one
            else:
                yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


_SETTING = re.compile(r"(?i)\bset for (?:\w+day,? )?(?:\d{1,2}[/-]\d|\w+ \d{1,2}, \d{4})")
_NOT_ONE = re.compile(
    r"(?i)(deadline|restriction|presently|previously|currently) set for|set for [^.;]{5,40}"
    r"(is|be) (vacated|stricken|reset|continued|moved|advanced|RESET)|20107"
)


@pytest.mark.skipif(not COURTS.is_dir(), reason="needs ../shared/data/courts")
def test_nearly_every_date_that_real_dockets_set_is_read() -> None:
    said = {one for path in COURTS.rglob("*.json") for one in texts(json.loads(path.read_text()))}
    settings = read = 0
    for text in said:
        found = hearings_of(text, "nyed")
        for match in _SETTING.finditer(text):
            around = text[max(0, match.start() - 30) : match.end() + 60]
            if not _NOT_ONE.search(around):
                settings += 1
                read += any(one.start <= match.start() + 4 <= one.end for one in found)
    assert settings > 90
    assert read / settings > 0.95, (read, settings)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Status Conference set for 12/1/2020 at 2:00 PM is vacated.", ["2020-12-01"]),
        ("The hearing previously set for 12/1/2020 is rescheduled to 12/8/2020", ["2020-12-01"]),
        ("ORDER vacating the hearing set for December 1, 2020", ["2020-12-01"]),
        ("Adjourning the conference currently set for 12/1/2020", ["2020-12-01"]),
        ("Sentencing currently set for 12/1/2020. Letters are due.", []),
        ("The trial previously set for 12/1/2020 remains on.", []),
        ("Continued Status Conference set for 12/1/2020", []),
        ("Status Conference set for 12/1/2020 at 2:00 PM", []),
    ],
)
def test_a_date_that_is_given_up_is_known(text: str, days: list[str]) -> None:
    assert [at.date().isoformat() for at, _ in given_up(text, "nyed")] == days
