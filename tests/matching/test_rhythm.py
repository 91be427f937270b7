"""When something is told: quiet hours and digests by local wall time, mutes, the hourly cap."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rhythm import (
    FOR_EVER,
    Now,
    digest_slot,
    hold,
    is_quiet,
    last_slot,
    parse_hours,
    parse_schedule,
    released,
    silent,
    wants,
)
from model import AlertDraft, Chat, Event, Filing, Item, Priority, Severity, Subscriber
from model.rhythm import Held, Hold, Hours, Rhythm, Schedule, What

NEW_YORK, MADRID, LORD_HOWE = (
    ZoneInfo("America/New_York"),
    ZoneInfo("Europe/Madrid"),
    ZoneInfo("Australia/Lord_Howe"),
)
NIGHT = Hours(time(22), time(7))
NOW = datetime(2020, 11, 18, 15, 0, tzinfo=UTC)
CHAT = Subscriber(1, "telegram", "-1", chat=Chat.PRIVATE)


def local(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]


def draft(priority: Priority = Priority.NORMAL, *watch_ids: int, **more: object) -> AlertDraft:
    return AlertDraft(
        1, more.pop("item", Item("k", "u", "t")), watch_ids or (1,), (), priority, **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["22:00-07:00", "22:00–07:00", " 22:00 - 07:00 "])
def test_quiet_hours_are_read_however_they_are_written(text: str) -> None:
    assert parse_hours(text) == NIGHT


@pytest.mark.parametrize("text", ["22-7", "25:00-07:00", "07:00-07:00", "22:00", "22:00-", "x"])
def test_quiet_hours_that_are_none_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="22:00-07:00"):
        parse_hours(text)


@pytest.mark.parametrize(
    "text", ["daily 07:00", "weekdays 18:30", "weekly mon 07:00", "weekly sun 23:59"]
)
def test_a_schedule_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_schedule(text)) == text


@pytest.mark.parametrize("text", ["hourly", "daily", "daily 7", "weekly moonday 07:00", "07:00"])
def test_a_schedule_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="weekdays 07:00"):
        parse_schedule(text)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ((2020, 11, 18, 21, 59), False),
        ((2020, 11, 18, 22, 0), True),
        ((2020, 11, 19, 0, 0), True),
        ((2020, 11, 19, 6, 59), True),
        ((2020, 11, 19, 7, 0), False),
    ],
)
def test_quiet_hours_reach_over_midnight(at: tuple[int, ...], quiet: bool) -> None:
    rhythm = Rhythm("Europe/Madrid", quiet=NIGHT)
    assert is_quiet(rhythm, local(MADRID, *at)) is quiet


def test_quiet_hours_end_by_the_wall_clock_in_the_night_the_clock_jumps() -> None:
    spring, autumn = Rhythm("America/New_York", quiet=NIGHT), Rhythm("Europe/Madrid", quiet=NIGHT)
    begin, end = local(NEW_YORK, 2021, 3, 13, 22), local(NEW_YORK, 2021, 3, 14, 7)
    assert end - begin == timedelta(hours=8)
    assert is_quiet(spring, begin)
    assert is_quiet(spring, end - timedelta(minutes=1))
    assert not is_quiet(spring, end)
    begin, end = local(MADRID, 2020, 10, 24, 22), local(MADRID, 2020, 10, 25, 7)
    assert end - begin == timedelta(hours=10)
    assert is_quiet(autumn, end - timedelta(minutes=1))
    assert not is_quiet(autumn, end)


def test_a_digest_in_the_hour_that_does_not_exist_comes_when_the_clock_has_jumped() -> None:
    schedule = Schedule(time(2, 30))
    slot = last_slot(schedule, NEW_YORK, local(NEW_YORK, 2021, 3, 14, 12))
    assert slot.astimezone(NEW_YORK).strftime("%d %H:%M") == "14 03:30"
    before = last_slot(schedule, NEW_YORK, slot - timedelta(seconds=1))
    assert before.astimezone(NEW_YORK).strftime("%d %H:%M") == "13 02:30"


def test_a_digest_in_the_hour_that_comes_twice_comes_the_first_time_only() -> None:
    rhythm = Rhythm("America/New_York", digest=Schedule(time(1, 30)))
    first = local(NEW_YORK, 2020, 11, 1, 1, 30, fold=0)
    second = local(NEW_YORK, 2020, 11, 1, 1, 30, fold=1)
    assert second - first == timedelta(hours=1)
    assert digest_slot(rhythm, first) == first
    told = Rhythm("America/New_York", digest=Schedule(time(1, 30)), digest_last=first)
    assert digest_slot(told, second) is None
    assert digest_slot(told, second + timedelta(hours=24)) == local(NEW_YORK, 2020, 11, 2, 1, 30)


def test_a_digest_stays_at_its_wall_time_through_the_year() -> None:
    schedule = Schedule(time(7))
    for day in ((2020, 10, 24), (2020, 10, 25), (2021, 3, 27), (2021, 3, 28)):
        slot = last_slot(schedule, MADRID, local(MADRID, *day, 12))
        assert slot.astimezone(MADRID).strftime("%H:%M") == "07:00"


def test_a_digest_on_weekdays_leaves_the_weekend_out() -> None:
    rhythm = Rhythm("Europe/Madrid", digest=parse_schedule("weekdays 07:00"))
    friday = local(MADRID, 2020, 11, 20, 7)
    told = Rhythm("Europe/Madrid", digest=rhythm.digest, digest_last=friday)
    assert digest_slot(told, local(MADRID, 2020, 11, 22, 20)) is None
    assert digest_slot(told, local(MADRID, 2020, 11, 23, 7)) == local(MADRID, 2020, 11, 23, 7)


def test_several_digests_that_were_missed_are_one() -> None:
    last = local(MADRID, 2020, 11, 10, 7)
    rhythm = Rhythm("Europe/Madrid", digest=Schedule(time(7)), digest_last=last)
    now = local(MADRID, 2020, 11, 18, 9)
    slot = digest_slot(rhythm, now)
    assert slot == local(MADRID, 2020, 11, 18, 7)
    again = Rhythm("Europe/Madrid", digest=Schedule(time(7)), digest_last=slot)
    assert digest_slot(again, now) is None


zones = st.sampled_from([NEW_YORK, MADRID, LORD_HOWE, ZoneInfo("UTC")])
moments = st.datetimes(datetime(2019, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(moments, zones, st.times(), st.sets(st.integers(0, 6), min_size=1))
def test_each_scheduled_day_has_one_digest(
    now: datetime, zone: ZoneInfo, at: time, days: set[int]
) -> None:
    """Walking on from any slot, the next one is of a later day, never of the same."""
    schedule = Schedule(at.replace(second=0, microsecond=0, fold=0), frozenset(days))
    slot = last_slot(schedule, zone, now)
    assert slot <= now
    assert last_slot(schedule, zone, slot) == slot
    before = last_slot(schedule, zone, slot - timedelta(seconds=1))
    assert before.astimezone(zone).date() < slot.astimezone(zone).date()


def at(rhythm: Rhythm = Rhythm(), **more: object) -> Now:  # noqa: B008 - frozen
    subscriber = more.pop("to", CHAT)
    return Now(rhythm, subscriber, NOW, **more)  # type: ignore[arg-type]


QUIET = Rhythm(quiet=Hours(time(14), time(16)))


def test_in_quiet_hours_normal_alerts_wait_and_priority_ones_do_not() -> None:
    assert hold(at(QUIET), [draft()], Priority.NORMAL) is Hold.QUIET
    assert hold(at(QUIET), [draft()], Priority.HIGH) is None
    assert not silent(at(QUIET), Priority.HIGH)
    hushed = Rhythm(quiet=QUIET.quiet, quiet_loud=False)
    assert hold(at(hushed), [draft()], Priority.HIGH) is None
    assert silent(at(hushed), Priority.HIGH)


def test_a_mute_holds_everything_that_only_muted_watches_found() -> None:
    muted = Subscriber(1, "telegram", "-1", chat=Chat.PRIVATE, muted_until=FOR_EVER)
    assert hold(at(to=muted), [draft(Priority.HIGH)], Priority.HIGH) is Hold.MUTE
    assert hold(at(muted={1}), [draft(Priority.NORMAL, 1)], Priority.NORMAL) is Hold.MUTE
    assert hold(at(muted={1}), [draft(Priority.NORMAL, 1, 2)], Priority.NORMAL) is None


def test_what_is_over_the_cap_waits_unless_it_must_not() -> None:
    capped = Rhythm(most_per_hour=3)
    full = {"told": 3, "known": {1}}
    assert hold(at(capped, told=2, known={1}), [draft()], Priority.NORMAL) is None
    assert hold(at(capped, **full), [draft()], Priority.NORMAL) is Hold.HOUR
    assert hold(at(capped, **full), [draft(Priority.HIGH)], Priority.HIGH) is Hold.HOUR
    assert hold(at(capped, **full), [draft(Priority.NORMAL, 2)], Priority.NORMAL) is None
    loud = Item("k", "u", "t", filing=Filing(events=(Event("dismissal", Severity.LOUD),)))
    assert hold(at(capped, **full), [draft(item=loud, docket_id=4)], Priority.NORMAL) is None
    stage = draft(docket_id=4, changes=frozenset({"event"}))
    assert hold(at(capped, **full), [stage], Priority.NORMAL) is None
    assert hold(at(capped, **full), [draft(backlog=True)], Priority.NORMAL) is None
    assert hold(at(Rhythm(), told=999, known={1}), [draft()], Priority.NORMAL) is None


def test_mail_keeps_hours_as_a_chat_does() -> None:
    mail = Subscriber(1, "apprise", "mail")
    assert hold(at(Rhythm(review=True), to=mail), [draft()], Priority.NORMAL) is Hold.REVIEW
    assert hold(at(to=mail), [draft()], Priority.DIGEST) is Hold.DIGEST


def test_a_terminal_is_told_everything_at_once() -> None:
    terminal = Subscriber(1, "console", "", muted_until=FOR_EVER)
    busy = Rhythm(quiet=QUIET.quiet, digest_only=True, review=True, most_per_hour=1)
    assert hold(at(busy, to=terminal, told=9), [draft()], Priority.NORMAL) is None


def test_what_an_editor_must_publish_waits_for_that_alone() -> None:
    both = Rhythm(review=True, digest_only=True)
    assert hold(at(both), [draft()], Priority.NORMAL) is Hold.REVIEW


def test_a_digest_takes_what_is_for_digests_only() -> None:
    assert hold(at(), [draft()], Priority.DIGEST) is Hold.DIGEST
    assert hold(at(Rhythm(digest_only=True)), [draft()], Priority.HIGH) is Hold.DIGEST
    assert hold(at(Rhythm(digest=Schedule(time(7)))), [draft()], Priority.NORMAL) is None


def test_a_destination_takes_what_it_is_for() -> None:
    filing = draft(docket_id=3)
    assert [wants(Rhythm(what=What.COURTS), one) for one in (draft(), filing)] == [False, True]
    assert [wants(Rhythm(what=What.NEWS), one) for one in (draft(), filing)] == [True, False]
    only = Rhythm(level="high")
    assert [wants(only, one) for one in (draft(), draft(Priority.HIGH))] == [False, True]


def held(number: int, why: Hold, ago: timedelta = timedelta()) -> Held:
    return Held(number, number, 1, why, NOW - ago, 1, backlog=False, hidden=False)


def test_what_was_over_the_cap_is_free_an_hour_after_the_first_of_it() -> None:
    some = [held(1, Hold.HOUR, timedelta(minutes=59)), held(2, Hold.HOUR)]
    assert released(some, at(), {}) == []
    some = [held(1, Hold.HOUR, timedelta(minutes=60)), held(2, Hold.HOUR)]
    assert released(some, at(), {}) == some
    assert released(some, at(QUIET), {}) == []


def test_what_waits_for_quiet_hours_waits_on_while_it_is_muted() -> None:
    some = [held(1, Hold.QUIET), held(2, Hold.QUIET), held(3, Hold.REVIEW), held(4, Hold.DIGEST)]
    assert [one.alert_id for one in released(some, at(muted={7}), {1: {7}, 2: {7, 8}})] == [2]
