from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from model import Claim, Filing, Item, Notice, Pace, Source, SourceState
from watchers.ask import Outcome, Result
from watchers.incidents import DOWN_FOR, Change, Network, change
from watchers.note import note
from watchers.pace import MEMORY, PaceRules

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BROKEN = Pace(fails=9, failing_since=NOW - 2 * DAY, error="x")
LIVELY = Pace(rate=3.0, rate_at=NOW - DAY, last_new=NOW - DAY, last_ok=NOW - DAY)


def claim(pace: Pace | None = None, told: str = "", number: int = 7) -> Claim:
    url = f"https://site{number}.example/feed"
    state = SourceState(first_polled=NOW - 90 * DAY)
    return Claim(Source(number, url, url, name="Ríodoce"), pace or Pace(), state, "me", 1, told)


def told(outcome: Outcome, of: Claim, *, new: int = 0, total: int = 0) -> Change | None:
    result = Result(of, outcome, NOW, error="" if outcome is Outcome.NEW else "It said 403.")
    result = Result(of, outcome, NOW, total=total, error=result.error)
    return change(result, note(result, PaceRules(), new=new, jitter=0), new=new)


def args(notice: Notice | None) -> dict[str, str]:
    assert notice is not None
    return dict(notice.args)


def test_a_source_that_fails_for_long_is_told_once() -> None:
    first = told(Outcome.FAILED, claim(BROKEN))
    assert first is not None
    assert first.told == "failing"
    assert first.notice is not None
    assert first.notice.code == "notice.source.failing"
    assert first.notice.about == "source:7"
    assert args(first.notice) == {
        "source": "Ríodoce",
        "address": "https://site7.example/feed",
        "since_at": (NOW - 2 * DAY).isoformat(),
        "n": "10",
        "error": "It said 403.",
    }
    assert told(Outcome.FAILED, claim(BROKEN, "failing")) is None


def test_a_short_failure_is_not_worth_a_word() -> None:
    assert told(Outcome.FAILED, claim(Pace(fails=2, failing_since=NOW - DAY))) is None
    assert told(Outcome.UNCHANGED, claim(Pace(fails=2, failing_since=NOW - DAY))) is None


def test_the_end_of_an_incident_is_told_too() -> None:
    ended = told(Outcome.NEW, claim(BROKEN, "failing"), new=9, total=30)
    assert ended is not None
    assert ended.told == ""
    assert ended.notice is not None
    assert ended.notice.code == "notice.source.works"
    assert args(ended.notice)["silent_seconds"] == str(2 * 86400)
    assert args(ended.notice)["n"] == "9"


def test_a_closed_source_is_told_once_and_its_return_too() -> None:
    first = told(Outcome.GONE, claim())
    assert first is not None
    assert (first.told, first.notice and first.notice.code) == ("gone", "notice.source.gone")
    assert told(Outcome.GONE, claim(BROKEN, "gone")) is None
    assert told(Outcome.FAILED, claim(BROKEN, "gone")) is None
    back = told(Outcome.UNCHANGED, claim(BROKEN, "gone"))
    assert back is not None
    assert back.notice is not None
    assert back.notice.code == "notice.source.works"


def test_a_source_silent_against_its_habit_is_told_until_it_speaks() -> None:
    quiet = Pace(
        rate=3.0 * 0.5, rate_at=NOW, last_new=NOW - timedelta(seconds=MEMORY * 0.693), last_ok=NOW
    )
    first = told(Outcome.UNCHANGED, claim(quiet))
    assert first is not None
    assert (first.told, first.notice and first.notice.code) == ("silent", "notice.source.silent")
    assert int(args(first.notice)["usual_seconds"]) == pytest.approx(1200, rel=0.02)
    assert told(Outcome.UNCHANGED, claim(quiet, "silent")) is None
    speaks = told(Outcome.NEW, claim(quiet, "silent"), new=1, total=30)
    assert speaks is not None
    assert (speaks.told, speaks.notice and speaks.notice.code) == ("", "notice.source.speaks")


def test_a_source_that_is_as_usual_gives_no_cause() -> None:
    assert told(Outcome.UNCHANGED, claim(LIVELY)) is None
    assert told(Outcome.NEW, claim(LIVELY), new=3, total=30) is None


def test_a_possible_gap_is_told_once_until_there_is_none() -> None:
    first = told(Outcome.NEW, claim(LIVELY), new=29, total=30)
    assert first is not None
    assert (first.told, first.notice and first.notice.code) == ("gap", "notice.source.gap")
    assert args(first.notice)["last_at"] == (NOW - DAY).isoformat()
    assert told(Outcome.NEW, claim(LIVELY, "gap"), new=29, total=30) is None
    assert told(Outcome.NEW, claim(LIVELY, "gap"), new=2, total=30) == Change("")


def test_a_poll_put_off_tells_nothing() -> None:
    assert told(Outcome.PUT_OFF, claim(BROKEN)) is None


def poll(outcome: Outcome, number: int, minutes: float) -> Result:
    at = NOW + timedelta(minutes=minutes)
    return Result(claim(number=number), outcome, at, error="x")


def test_everything_out_of_reach_is_our_network_and_one_notice() -> None:
    network = Network()
    away = [poll(Outcome.UNREACHABLE, number, 0) for number in range(5)]
    assert network.take(away) is None
    assert network.is_down
    later = [poll(Outcome.UNREACHABLE, number, 11) for number in range(5)]
    notice = network.take(later)
    assert notice is not None
    assert notice.code == "notice.network.down"
    assert args(notice) == {"since_at": NOW.isoformat()}
    assert network.take([poll(Outcome.UNREACHABLE, 1, 600)]) is None
    back = network.take([poll(Outcome.FAILED, 2, 610)])
    assert back is not None
    assert (back.code, args(back)) == ("notice.network.works", {"silent_seconds": "36600"})
    assert not network.is_down
    assert network.take([poll(Outcome.UNCHANGED, 2, 611)]) is None


def test_a_short_break_of_our_network_is_nobodys_concern() -> None:
    network = Network()
    network.take([poll(Outcome.UNREACHABLE, number, 0) for number in range(5)])
    before_long = DOWN_FOR.total_seconds() / 60 - 1
    assert network.take([poll(Outcome.UNREACHABLE, 9, before_long)]) is None
    assert network.take([poll(Outcome.UNCHANGED, 1, before_long)]) is None


def test_two_hosts_out_of_reach_are_their_own_trouble() -> None:
    network = Network()
    network.take([poll(Outcome.UNREACHABLE, number % 2, number) for number in range(40)])
    assert not network.is_down


def test_one_host_that_answers_acquits_our_network() -> None:
    network = Network()
    network.take([poll(Outcome.UNREACHABLE, number, 0) for number in range(9)])
    network.take([poll(Outcome.PUT_OFF, 4, 1)])
    assert network.is_down
    network.take([poll(Outcome.GONE, 4, 1)])
    assert not network.is_down
    assert network.hosts == set()


def test_what_could_not_be_written_is_told_again() -> None:
    network = Network()
    network.take([poll(Outcome.UNREACHABLE, number, 0) for number in range(5)])
    before = network.copy()
    assert network.take([poll(Outcome.UNREACHABLE, 1, 20)]) is not None
    assert before.take([poll(Outcome.UNREACHABLE, 1, 20)]) is not None


def court_poll(last_ok: timedelta, *, new: int, stamp: str, told: str = "") -> Change | None:
    pace = Pace(last_ok=NOW - last_ok, fails=9, failing_since=NOW - last_ok)
    of = claim(pace, told)
    of = replace(of, source=replace(of.source, kind="pacer"))
    some = tuple(Item(filing=Filing(stamp=stamp)) for _ in range(10))
    result = Result(of, Outcome.NEW, NOW, items=some, total=10)
    return change(result, note(result, PaceRules(), new=new, jitter=0), new=new)


def test_a_court_that_was_not_read_for_more_than_a_day_may_have_shown_what_is_gone() -> None:
    missed = court_poll(timedelta(hours=25), new=3, stamp="2020-11-17T20:00:00+00:00")
    assert missed is not None
    assert missed.notice is not None
    assert missed.notice.code == "notice.court.gap"
    assert args(missed.notice)["last_at"] == (NOW - timedelta(hours=25)).isoformat()
    after_failing = court_poll(2 * DAY, new=3, stamp="2020-11-17T20:00:00+00:00", told="failing")
    assert after_failing is not None
    assert after_failing.told == ""
    assert after_failing.notice is not None
    assert after_failing.notice.code == "notice.court.gap"


def test_a_court_feed_that_begins_after_the_last_poll_has_a_gap_before_it() -> None:
    begins_later = "2020-11-18T18:00:00+00:00"
    assert court_poll(timedelta(hours=3), new=10, stamp=begins_later) is not None
    assert court_poll(timedelta(hours=3), new=9, stamp=begins_later) is None
    begins_before = "2020-11-18T15:00:00+00:00"
    assert court_poll(timedelta(hours=3), new=10, stamp=begins_before) is None
