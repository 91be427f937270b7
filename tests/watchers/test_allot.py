"""Who gets what of CourtListener's quota."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from store.court_asks import Asked, CourtAlert
from store.quota import Said
from watchers.allot import (
    FREE_ALERTS,
    REARM_AFTER,
    SOONEST,
    allot_alerts,
    due_dockets,
    routine_interval,
    said_limits,
)

HOUR = timedelta(hours=1)


def test_what_was_told_of_goes_first_then_who_waited_longest(now: datetime) -> None:
    asks = [
        Asked("fresh", asked_at=now - HOUR),
        Asked("stale", asked_at=now - 30 * HOUR),
        Asked("told", asked_at=now - HOUR, wanted_at=now),
        Asked("just asked", asked_at=now - SOONEST / 2, wanted_at=now),
        Asked("never"),
        *(Asked(str(n), asked_at=now) for n in range(20)),
    ]
    assert [one.docket_id for one in due_dockets(asks, 125, now)] == ["told", "never", "stale"]


@pytest.mark.parametrize("dockets", [1, 25, 200])
@pytest.mark.parametrize("a_day", [1, 125, 1400])
def test_the_dockets_share_what_polling_may_use(dockets: int, a_day: int) -> None:
    a_docket = timedelta(days=1) / routine_interval(dockets, a_day)
    assert a_docket <= timedelta(days=1) / SOONEST
    assert a_docket * dockets <= max(a_day, 1)


def test_the_few_alerts_go_to_the_first_and_are_kept_armed(now: datetime) -> None:
    def armed(about: str, age: timedelta, sort: str = "docket") -> CourtAlert:
        return CourtAlert(sort, about, f"id{about}", now - age)

    old, young, dropped = armed("1", REARM_AFTER), armed("2", HOUR), armed("9", HOUR)
    plan = allot_alerts(["1", "2", "3", "4", "5", "6", "3"], [old, young, dropped], now)
    assert (plan.drop, plan.arm, plan.again) == ((dropped,), ("3", "4", "5"), (old,))
    assert len(plan.arm) + 2 == FREE_ALERTS


def test_a_search_alert_that_asks_for_something_else_is_made_anew(now: datetime) -> None:
    one = CourtAlert("search", "7", "a", now - REARM_AFTER, '"Old Name"')
    plan = allot_alerts(["7"], [one], now, queries={"7": '"New Name"'})
    assert (plan.drop, plan.arm) == ((one,), ("7",))
    plan = allot_alerts(["7"], [one], now, queries={"7": '"Old Name"'})
    assert (plan.drop, plan.arm, plan.again) == ((), (), ())


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, ()),
        ({"x-ratelimit-limit": "125"}, ()),
        (
            {"x-ratelimit-limit": "1400;w=86400", "x-ratelimit-remaining": "7"},
            (Said("day", 1400, 7),),
        ),
        (
            {"ratelimit-policy": "5;w=60, 50;w=3600, 125;w=86400", "ratelimit-remaining": "3"},
            (Said("minute", 5), Said("hour", 50), Said("day", 125)),
        ),
        (
            {"ratelimit-policy": '"day";q=300;w=86400', "ratelimit": '"day";r=12;t=60'},
            (Said("day", 300, 12),),
        ),
        ({"ratelimit-policy": "9;w=77, 0;w=60, x;w=60, 99999999999;w=60"}, ()),
    ],
)
def test_limits_are_read_from_an_answers_header(
    headers: dict[str, str], said: tuple[Said, ...]
) -> None:
    assert said_limits(headers) == said
