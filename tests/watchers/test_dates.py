from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from watchers.dates import published_at, read_date

NOW = datetime(2020, 11, 20, 12, 0, tzinfo=UTC)


def parsed(when: datetime) -> time.struct_time:
    return when.utctimetuple()


def test_a_date_that_feedparser_read_is_taken() -> None:
    when = datetime(2020, 11, 18, 15, 30, tzinfo=UTC)
    assert published_at("Wed, 18 Nov 2020 10:30:00 -0500", parsed(when), NOW) == when


@pytest.mark.parametrize(
    "when",
    [
        NOW + timedelta(hours=1),
        datetime(2068, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        NOW - timedelta(days=400),
    ],
)
def test_a_date_nobody_can_mean_is_unknown(when: datetime) -> None:
    assert published_at("x", parsed(when), NOW) is None


def test_a_clock_a_little_ahead_is_believed() -> None:
    when = NOW + timedelta(minutes=3)
    assert published_at("x", parsed(when), NOW) == when


def test_a_year_out_of_all_bounds_is_unknown() -> None:
    beyond = time.struct_time((-1, 1, 1, 0, 0, 0, 0, 1, 0))
    assert published_at("", beyond, NOW) is None


@pytest.mark.parametrize(
    ("raw", "lang", "day"),
    [
        ("18 de noviembre de 2020", "es", 18),
        ("mié, 18 nov 2020 10:30:00 -0600", "es", 18),
        ("18 novembre 2020", "", 18),
        ("2020-11-18T10:00:00Z", "", 18),
    ],
)
def test_a_date_in_the_feeds_language_is_read(raw: str, lang: str, day: int) -> None:
    found = published_at(raw, None, NOW, lang)
    assert found is not None
    assert (found.year, found.month, found.day) == (2020, 11, day)


def test_the_tenth_of_january_is_not_the_first_of_november() -> None:
    as_feedparser_reads_it = parsed(datetime(2019, 11, 1, tzinfo=UTC))
    found = published_at("2020/1/10", as_feedparser_reads_it, datetime(2020, 1, 12, tzinfo=UTC))
    assert found == datetime(2020, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "soon",
        "0001-01-01T00:00:00+05:00",
        "9" * 79,
        "x" * 500 + "1",
        "31/31/31",
        "1\x002",
    ],
)
def test_no_date_breaks_it(raw: str) -> None:
    found = read_date(raw, NOW, "es")
    assert found is None or found.tzinfo is not None


def test_a_language_nobody_knows_is_no_hindrance() -> None:
    assert read_date("18 November 2020", NOW, "xx") == datetime(2020, 11, 18, tzinfo=UTC)
