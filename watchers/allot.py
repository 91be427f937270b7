"""What CourtListener is asked with the quota there is: which dockets, which alerts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.court_asks import Asked, CourtAlert
from store.quota import LENGTHS, Purpose, Said, allowed

FREE_ALERTS = 5
"""Docket alerts, and search alerts, that a free account has of each."""
REARM_AFTER = timedelta(days=150)
"""CourtListener switches a docket's alert off about 187 days after the case has ended or the
alert was last armed.
"""
SOONEST = timedelta(minutes=30)
"""No docket is asked for its entries again before this, whatever is told of it."""
_ROUTINE = 0.8
"""The part of polling's requests that is spent by the clock; the rest follows what feeds and
events tell, and goes to further pages.
"""
_WINDOWS = {int(length.total_seconds()): name for name, length in LENGTHS.items()}


def due_dockets(asks: Iterable[Asked], a_day: int, now: datetime) -> list[Asked]:
    """Return the dockets to ask for their entries now, the most pressing first: those of which
    something was told since, then those not asked for the longest time.

    `a_day`: requests an account has a day; the dockets share what polling may use of them.
    """
    every = list(asks)
    pace = routine_interval(len(every), a_day)
    ready = [one for one in every if _is_due(one, pace, now)]
    return sorted(ready, key=lambda one: (one.wanted_at is None, *_since(one.asked_at)))


def routine_interval(dockets: int, a_day: int) -> timedelta:
    """Return how often each of so many dockets is asked when nothing is told of them."""
    requests = max(1.0, allowed(a_day, Purpose.POLL) * _ROUTINE)
    return max(SOONEST, LENGTHS["day"] * dockets / requests)


def _is_due(one: Asked, pace: timedelta, now: datetime) -> bool:
    if one.asked_at is None:
        return True
    waited = now - one.asked_at
    return waited >= (pace if one.wanted_at is None else SOONEST)


def _since(at: datetime | None) -> tuple[bool, float]:
    return at is not None, at.timestamp() if at is not None else 0.0


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """Which of CourtListener's alerts to give up, to arm and to arm anew."""

    drop: tuple[CourtAlert, ...] = ()
    arm: tuple[str, ...] = ()
    again: tuple[CourtAlert, ...] = ()


def allot_alerts(
    wanted: Sequence[str],
    armed: Collection[CourtAlert],
    now: datetime,
    *,
    queries: Mapping[str, str] | None = None,
    most: int = FREE_ALERTS,
) -> AlertPlan:
    """Give the few alerts to the first of `wanted` (dockets, or Watches, the most important
    first), and keep those that are there armed.

    `queries`: for search alerts, what is searched for; one that changed is made anew.
    """
    first = list(dict.fromkeys(wanted))[:most]
    kept = {one.about: one for one in armed if one.about in first and _asks(one, queries)}
    return AlertPlan(
        drop=tuple(one for one in armed if one.about not in kept),
        arm=tuple(one for one in first if one not in kept),
        again=tuple(
            one
            for one in kept.values()
            if one.sort == "docket" and now - one.armed_at >= REARM_AFTER
        ),
    )


def _asks(one: CourtAlert, queries: Mapping[str, str] | None) -> bool:
    return queries is None or queries.get(one.about) == one.query


def said_limits(headers: Mapping[str, str]) -> tuple[Said, ...]:
    """Return what an answer's header fields (names in lower case) say of the quota's windows.

    Both forms of the IETF draft are read (`RateLimit-Policy: 125;w=86400` or `"day";q=125;w=86400`,
    with `RateLimit: …;r=50`), and `X-RateLimit-Limit: 125;w=86400` with `…-Remaining`. A limit that
    does not say its window, or another than ours, says nothing.
    """
    policy = headers.get("ratelimit-policy") or headers.get("ratelimit-limit")
    policy = policy or headers.get("x-ratelimit-limit", "")
    left = _remaining(headers)
    found = [one for part in policy.split(",") if (one := _window(part)) is not None]
    if len(found) == 1 and left is not None:
        return (Said(found[0].window, found[0].most, left),)
    return tuple(found)


def _window(part: str) -> Said | None:
    pieces = (one.partition("=") for one in part.split(";"))
    fields = {name.strip(): value.strip() for name, equals, value in pieces if equals}
    most = fields.get("q") or part.partition(";")[0].strip()
    length = fields.get("w", "")
    if not (most.isdecimal() and length.isdecimal()) or len(most) > 9 or len(length) > 9:
        return None
    window = _WINDOWS.get(int(length))
    return Said(window, int(most)) if window is not None and int(most) > 0 else None


def _remaining(headers: Mapping[str, str]) -> int | None:
    for name in ("ratelimit-remaining", "x-ratelimit-remaining"):
        value = headers.get(name, "").strip()
        if value.isdecimal() and len(value) < 9:
            return int(value)
    for part in headers.get("ratelimit", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == "r" and value.isdecimal() and len(value) < 9:
            return int(value)
    return None
