from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Pace
from watchers.pace import (
    Asked,
    Next,
    PaceRules,
    after_failure,
    after_gone,
    after_our_failure,
    after_success,
    asked_by,
    is_failing,
    is_silent,
    usual_gap,
)

RULES = PaceRules(interval=900, interval_min=180, interval_max=21600)
NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def live(
    per_hour: float, days: float, *, start: datetime = NOW, **fields: Any
) -> tuple[Pace, datetime]:
    """Poll a Source that publishes evenly, every ten minutes for so many days."""
    pace = after_success(Pace(), RULES, start, total=30).pace
    now, owed = start, 0.0
    for _ in range(round(days * 144)):
        now += timedelta(minutes=10)
        owed += per_hour / 6
        new, owed = int(owed), owed % 1
        pace = after_success(pace, RULES, now, new=new, total=30, first_polled=start).pace
    return pace, now


def wait(outcome: Next, now: datetime = NOW) -> float:
    return (outcome.due - now).total_seconds()


def good(pace: Pace | None = None, **fields: Any) -> Next:
    given: dict[str, Any] = {"first_polled": NOW - HOUR, "total": 30}
    return after_success(pace or Pace(), RULES, NOW, **{**given, **fields})


def test_an_unknown_source_is_asked_at_the_usual_interval() -> None:
    outcome = after_success(Pace(), RULES, NOW, new=30, total=30)
    assert wait(outcome) == 900
    assert outcome.pace.rate == 0
    assert outcome.pace.last_new is None
    assert not outcome.possible_gap


def test_what_the_first_poll_brings_is_no_rhythm() -> None:
    first = after_success(Pace(), RULES, NOW, new=500, total=500).pace
    assert first.rate == 0


@pytest.mark.parametrize(
    ("per_hour", "seconds"), [(0.04, 4500), (0.25, 1800), (1.0, 900), (4.0, 450), (9.0, 300)]
)
def test_the_interval_goes_with_the_root_of_the_rate(per_hour: float, seconds: float) -> None:
    pace, _ = live(per_hour, days=40)
    assert pace.interval == pytest.approx(seconds, rel=0.15)


def test_the_interval_stays_between_its_bounds() -> None:
    busy, _ = live(500, days=10)
    assert busy.interval == 180
    dead, _ = live(0, days=120)
    assert dead.interval == 21600


def test_a_busy_newcomer_is_noticed_within_a_day() -> None:
    pace, _ = live(20, days=1)
    assert pace.interval < 300


def test_a_declared_interval_is_taken_as_it_is_written() -> None:
    for declared in (1.0, 600.0, 100_000.0):
        outcome = good(declared=declared, asked=Asked(hint=1800))
        assert wait(outcome) == declared
        assert outcome.pace.interval == declared


def test_what_a_server_asks_for_is_heeded() -> None:
    assert wait(good(asked=Asked(hint=1200))) == 1200
    assert wait(good(asked=Asked(hint=60))) > 300
    assert wait(good(asked=Asked(retry_after=7200))) == 7200
    assert wait(good(declared=60, asked=Asked(retry_after=7200))) == 7200


def test_hints_and_waits_are_capped() -> None:
    assert wait(good(asked=Asked(hint=86400 * 30))) == 1800
    assert wait(good(asked=Asked(retry_after=86400 * 30))) == 86400


def test_jitter_moves_a_poll_by_a_tenth_at_most() -> None:
    usual = wait(good())
    assert wait(good(jitter=1)) == pytest.approx(usual * 1.1)
    assert wait(good(jitter=-1)) == pytest.approx(usual * 0.9)
    assert wait(good(jitter=9)) == pytest.approx(usual * 1.1)


def test_a_retry_after_is_never_cut_short_by_jitter() -> None:
    assert wait(good(jitter=-1, asked=Asked(retry_after=3600))) == 3600


def test_a_document_that_is_nearly_all_new_halves_the_interval() -> None:
    outcome = good(Pace(interval=800, rate=0.01, rate_at=NOW), new=24, total=30)
    assert outcome.possible_gap
    assert outcome.pace.interval == 400
    small = good(Pace(interval=800), new=4, total=4)
    assert not small.possible_gap
    most = good(Pace(interval=800), new=23, total=30)
    assert not most.possible_gap


def test_a_gap_is_flagged_but_a_declared_interval_kept() -> None:
    outcome = good(Pace(interval=600), new=30, total=30, declared=600)
    assert outcome.possible_gap
    assert wait(outcome) == 600


def test_failures_are_asked_ever_less_often_up_to_six_hours() -> None:
    pace, now, waits = Pace(interval=900), NOW, []
    for _ in range(8):
        outcome = after_failure(pace, RULES, now, "It failed.")
        waits.append(wait(outcome, now))
        pace, now = outcome.pace, outcome.due
    assert waits == [900, 1800, 3600, 7200, 14400, 21600, 21600, 21600]
    assert (pace.fails, pace.failing_since, pace.error) == (8, NOW, "It failed.")


def test_after_a_week_of_failures_once_a_day_is_enough() -> None:
    pace = Pace(fails=40, failing_since=NOW - timedelta(days=7, seconds=1))
    assert wait(after_failure(pace, RULES, NOW, "x")) == 86400


def test_a_failing_source_is_never_asked_more_often_than_a_good_one() -> None:
    assert wait(after_failure(Pace(), RULES, NOW, "x", declared=40_000)) == 40_000
    assert wait(after_failure(Pace(fails=900), RULES, NOW, "x", declared=2)) == 21600
    assert wait(after_failure(Pace(), RULES, NOW, "x", asked=Asked(retry_after=5000))) == 5000


def test_a_good_answer_ends_the_failing() -> None:
    failing = Pace(fails=3, failing_since=NOW - HOUR, error="x")
    pace = good(failing).pace
    assert (pace.fails, pace.failing_since, pace.error, pace.last_ok) == (0, None, "", NOW)


def test_a_gone_source_is_asked_once_a_day() -> None:
    outcome = after_gone(Pace(), NOW, "Gone.")
    assert wait(outcome) == 86400
    assert outcome.pace.error == "Gone."
    assert outcome.pace.fails == 1


def test_our_own_network_failing_is_nobodys_fault() -> None:
    pace = Pace(fails=2, failing_since=NOW - HOUR)
    outcome = after_our_failure(pace, RULES, NOW, "x")
    assert (outcome.pace.fails, outcome.pace.failing_since) == (2, NOW - HOUR)
    assert wait(outcome) == 180


def test_an_owner_hears_of_six_missed_polls_over_a_day() -> None:
    day = timedelta(hours=24)
    assert is_failing(Pace(fails=6, failing_since=NOW - day), NOW)
    assert not is_failing(Pace(fails=5, failing_since=NOW - 9 * day), NOW)
    assert not is_failing(Pace(fails=60, failing_since=NOW - day + HOUR), NOW)
    assert not is_failing(Pace(), NOW)


def test_a_source_is_silent_when_it_says_nothing_for_four_times_its_gap() -> None:
    pace, now = live(1 / 24, days=60)
    assert usual_gap(pace, NOW) == pytest.approx(timedelta(days=1), rel=0.2)
    last = pace.last_new
    assert last is not None
    assert not is_silent(pace, NOW, last + timedelta(days=3))
    assert is_silent(pace, NOW, last + timedelta(days=6))
    quiet = pace
    for hours in range(1, 24 * 6):
        at = max(now, last) + timedelta(hours=hours)
        quiet = after_success(quiet, RULES, at, total=30, first_polled=NOW).pace
    assert usual_gap(quiet, NOW) == pytest.approx(usual_gap(pace, NOW), rel=0.01)
    assert is_silent(quiet, NOW, last + timedelta(days=6))


def test_a_weekend_is_no_silence() -> None:
    pace, _ = live(2, days=30)
    assert pace.last_new is not None
    assert not is_silent(pace, NOW, pace.last_new + timedelta(hours=70))
    assert is_silent(pace, NOW, pace.last_new + timedelta(hours=73))


def test_a_few_items_are_no_habit() -> None:
    pace, now = live(1 / 72, days=10)
    assert usual_gap(pace, NOW) is None
    assert not is_silent(pace, NOW, now + timedelta(days=300))
    assert usual_gap(Pace(), None) is None


def test_a_failing_source_is_not_called_silent() -> None:
    pace, now = live(2, days=30)
    failing = after_failure(pace, RULES, now, "x").pace
    assert not is_silent(failing, NOW, now + timedelta(days=30))


def test_an_outage_of_ours_does_not_make_a_source_quiet() -> None:
    pace, now = live(4, days=30)
    later = after_success(
        pace, RULES, now + timedelta(days=3), new=200, total=400, first_polled=NOW
    ).pace
    assert later.interval < pace.interval * 1.3


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, Asked()),
        ({"retry-after": "120"}, Asked(retry_after=120)),
        ({"retry-after": format_datetime(NOW + HOUR, usegmt=True)}, Asked(retry_after=3600)),
        ({"retry-after": format_datetime(NOW - HOUR, usegmt=True)}, Asked(retry_after=0)),
        ({"retry-after": "soon"}, Asked()),
        ({"retry-after": "-5"}, Asked()),
        ({"retry-after": "9" * 400}, Asked(retry_after=float("9" * 12))),
        ({"cache-control": "public, Max-Age=300, must-revalidate"}, Asked(hint=300)),
        ({"cache-control": 'max-age="600"'}, Asked(hint=600)),
        ({"cache-control": "no-cache, s-maxage=900"}, Asked()),
        ({"cache-control": "max-age=x"}, Asked()),
        ({"expires": format_datetime(NOW + HOUR, usegmt=True)}, Asked(hint=3600)),
        ({"expires": "0"}, Asked(hint=0)),
        ({"cache-control": "max-age=60", "expires": "9999"}, Asked(hint=60)),
    ],
)
def test_header_fields_are_read(fields: dict[str, str], asked: Asked) -> None:
    assert asked_by(fields, NOW) == asked


def test_the_longest_hint_counts() -> None:
    assert asked_by({"cache-control": "max-age=60"}, NOW, ttl=900).hint == 900
    assert asked_by({"cache-control": "max-age=1000"}, NOW, ttl=900).hint == 1000


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_header_field_breaks_the_reading(one: str, two: str, three: str) -> None:
    asked_by({"retry-after": one, "cache-control": f"max-age={two}", "expires": three}, NOW)


@given(
    st.integers(0, 1000),
    st.floats(0, 1e6),
    st.floats(0, 1e5),
    st.one_of(st.none(), st.floats(0, 1e9)),
    st.floats(-1, 1),
)
def test_the_next_poll_is_always_ahead_and_never_too_far(
    new: int, rate: float, age: float, hint: float | None, jitter: float
) -> None:
    pace = Pace(rate=rate, rate_at=NOW - timedelta(hours=age))
    outcome = good(
        pace,
        new=new,
        total=1000,
        first_polled=NOW - timedelta(hours=age),
        asked=Asked(retry_after=hint, hint=hint),
        jitter=jitter,
    )
    assert 180 * 0.9 - 1 <= wait(outcome) <= 86400 * 1.1
