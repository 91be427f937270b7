"""When to ask a Source again, and when its owner should hear that something is wrong. Pure.

For a given number of polls the mean delay is least when the interval goes with 1/√rate; see
docs/notes/how-often-a-source-is-asked.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import exp, sqrt

from model import Pace

HOUR = 3600.0
DAY = 24 * HOUR

MEMORY = 7 * DAY
"""The time constant of the moving estimate of a Source's rate: a week knows the weekend."""
USUAL_RATE = 1.0
"""Items per hour at which a Source is asked every `interval`; assumed of an unknown one."""
DOUBT = 6 * HOUR
"""How many seconds of watching that assumption is worth; it fades as MEMORY does."""

HINT_CAP = 30 * 60.0
RETRY_AFTER_CAP = DAY
JITTER = 0.1
_LEAST = 1.0
"""A poll is never due again at once, whatever is declared."""
BACKOFF_CAP = 6 * HOUR
LONG_BACKOFF_CAP = DAY
LONG_FAILING = timedelta(days=7)
GONE_INTERVAL = DAY

WINDOW_SHARE = 0.8
WINDOW_LEAST = 5
"""A document of fewer items says nothing about what has slid out of it."""

MISSED_POLLS = 6
FAILING_FOR = timedelta(hours=24)
SILENT_GAPS = 4
SILENT_LEAST = timedelta(hours=72)
"""A weekend is no silence."""
HABIT_LEAST = 4.0
"""How many (fading) items make a habit."""


@dataclass(frozen=True, slots=True)
class PaceRules:
    """[polling] as far as pace needs it, in seconds."""

    interval: float = 900.0
    interval_min: float = 180.0
    interval_max: float = 21600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the server asked for, in seconds; None where it said nothing."""

    retry_after: float | None = None
    """Retry-After: always obeyed, up to a day."""
    hint: float | None = None
    """The longest of Cache-Control max-age, Expires and the feed's own ttl."""


@dataclass(frozen=True, slots=True)
class Next:
    """When a Source is asked again, and how it has behaved up to now."""

    due: datetime
    pace: Pace
    possible_gap: bool = False
    """Nearly all of the document was new: more may have slid past unseen."""


def after_success(
    pace: Pace,
    rules: PaceRules,
    now: datetime,
    *,
    new: int = 0,
    total: int = 0,
    first_polled: datetime | None = None,
    declared: float | None = None,
    asked: Asked = Asked(),
    jitter: float = 0.0,
) -> Next:
    """Return when to ask again after a good answer that brought `new` of `total` items.

    `first_polled`: when the first good poll was, None when this is it (what it brings is the
    backlog and says nothing about the rate). `declared`: the interval config.toml gives, taken
    as it is written. `jitter`: from -1 to 1.
    """
    backlog = first_polled is None
    rate = _seen(pace, 0 if backlog else new, now)
    possible_gap = not backlog and total >= WINDOW_LEAST and new >= WINDOW_SHARE * total
    if declared is not None:
        chosen, wait = declared, declared
    else:
        age = timedelta() if first_polled is None else now - first_polled
        chosen = _by_rate(rate, age, rules)
        if possible_gap:
            chosen = max(rules.interval_min, min(chosen, pace.interval / 2))
        wait = max(chosen, min(asked.hint or 0.0, HINT_CAP))
    kept = Pace(
        interval=chosen,
        rate=rate,
        rate_at=now,
        last_ok=now,
        last_new=now if new and not backlog else pace.last_new,
    )
    return Next(_due(now, wait, jitter, asked), kept, possible_gap)


def after_failure(
    pace: Pace,
    rules: PaceRules,
    now: datetime,
    error: str,
    *,
    declared: float | None = None,
    asked: Asked = Asked(),
    jitter: float = 0.0,
) -> Next:
    """Return when to ask again after a failure that reads `error`: ever less often."""
    fails = pace.fails + 1
    since = pace.failing_since or now
    usual = declared or min(max(pace.interval, rules.interval_min), rules.interval_max)
    cap = LONG_BACKOFF_CAP if now - since > LONG_FAILING else BACKOFF_CAP
    wait = max(usual, min(cap, usual * 2.0 ** min(fails - 1, 30)))
    kept = replace(pace, fails=fails, failing_since=since, error=error)
    return Next(_due(now, wait, jitter, asked), kept)


def after_gone(pace: Pace, now: datetime, error: str, *, jitter: float = 0.0) -> Next:
    """Return when to ask again after 410 Gone: once a day, in case it was a mistake."""
    kept = replace(pace, fails=pace.fails + 1, failing_since=pace.failing_since or now, error=error)
    return Next(_due(now, GONE_INTERVAL, jitter, Asked()), kept)


def after_our_failure(
    pace: Pace, rules: PaceRules, now: datetime, error: str, *, jitter: float = 0.0
) -> Next:
    """Return when to ask again when our own network failed: the Source is not to blame."""
    wait = max(rules.interval_min, 60.0)
    return Next(_due(now, wait, jitter, Asked()), replace(pace, error=error))


def _due(now: datetime, wait: float, jitter: float, asked: Asked) -> datetime:
    spread = wait * (1 + JITTER * max(-1.0, min(1.0, jitter)))
    told = min(asked.retry_after or 0.0, RETRY_AFTER_CAP)
    return now + timedelta(seconds=max(spread, told, _LEAST))


def _seen(pace: Pace, new: int, now: datetime) -> float:
    """Return the moving estimate with `new` items counted in, in items per hour."""
    gone = (now - pace.rate_at).total_seconds() if pace.rate_at else 0.0
    return pace.rate * exp(-max(gone, 0.0) / MEMORY) + new * HOUR / MEMORY


def _by_rate(rate: float, age: timedelta, rules: PaceRules) -> float:
    """Return the interval for an estimate of this age, in seconds."""
    fade = exp(-age.total_seconds() / MEMORY)
    watched = MEMORY * (1 - fade)
    doubt = DOUBT * fade
    likely = (rate * MEMORY + USUAL_RATE * doubt) / (watched + doubt)
    if likely <= 0:
        return rules.interval_max
    wanted = rules.interval * sqrt(USUAL_RATE / likely)
    return max(rules.interval_min, min(wanted, rules.interval_max))


def is_failing(pace: Pace, now: datetime) -> bool:
    """Return whether a Source has failed long enough for its owner to hear of it."""
    return (
        pace.fails >= MISSED_POLLS
        and pace.failing_since is not None
        and now - pace.failing_since >= FAILING_FOR
    )


def usual_gap(pace: Pace, first_polled: datetime | None) -> timedelta | None:
    """Return the usual time between two new items, as it was when the last one came; None
    while too few were seen to speak of a habit.
    """
    if pace.last_new is None or pace.rate_at is None or first_polled is None:
        return None
    silence = max((pace.rate_at - pace.last_new).total_seconds(), 0.0)
    items = pace.rate * MEMORY / HOUR * exp(silence / MEMORY)
    watched = MEMORY * (1 - exp(-(pace.last_new - first_polled).total_seconds() / MEMORY))
    if items < HABIT_LEAST or watched <= 0:
        return None
    return timedelta(seconds=watched / items)


def is_silent(pace: Pace, first_polled: datetime | None, now: datetime) -> bool:
    """Return whether a Source that answers has had nothing new for far longer than usual."""
    gap = usual_gap(pace, first_polled)
    if gap is None or pace.last_new is None or pace.fails:
        return False
    return now - pace.last_new > max(SILENT_GAPS * gap, SILENT_LEAST)


def asked_by(headers: Mapping[str, str], now: datetime, ttl: float | None = None) -> Asked:
    """Read what a server asks for from its header fields (names in lower case).

    `ttl`: what the document itself asks for, in seconds.
    """
    retry_after = _delay(headers.get("retry-after", ""), now)
    hints = [one for one in (_max_age(headers.get("cache-control", "")), ttl) if one is not None]
    if not hints:
        expires = _delay(headers.get("expires", ""), now)
        hints = [expires] if expires is not None else []
    return Asked(retry_after, max(hints, default=None))


def _max_age(cache_control: str) -> float | None:
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age":
            return _number(value.strip('" '))
    return None


def _delay(value: str, now: datetime) -> float | None:
    """Read delay-seconds or an HTTP date (RFC 9110 §10.2.3); None when it is neither."""
    seconds = _number(value)
    if seconds is not None or not value.strip():
        return seconds
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - now).total_seconds(), 0.0)


def _number(value: str) -> float | None:
    plain = value.strip()
    if not plain.isascii() or not plain.isdigit():
        return None
    return float(plain[:12])
