"""When something is told: at once, or later and together (pure).

All times of day are local wall time. A time that does not exist (spring) counts from the moment
the clock has jumped past it, one that comes twice (autumn) the first time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from matching.filings import severity_of
from model import AlertDraft, Priority, Severity, Subscriber
from model.rhythm import DAYS, Held, Hold, Hours, Rhythm, Schedule, What

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FRESH = timedelta(hours=24)
"""A watch's first alert in so long is never kept back by the hourly cap."""
EVERY_MORNING = Schedule(time(7))
"""When "digest only" watches are told where no digest is set up."""
FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Until somebody says otherwise."""
ASK_AGAIN = timedelta(minutes=30)
DROP = timedelta(hours=12)
"""After which an Alert nobody has published is dropped."""


def parse_hours(text: str) -> Hours | None:
    """Read "22:00-07:00"; None for "". ValueError, in one sentence, for anything else."""
    if not text.strip():
        return None
    start, dash, end = text.replace("–", "-").partition("-")
    try:
        hours = Hours(_clock(start), _clock(end))
    except ValueError:
        dash = ""
    if not dash or hours.start == hours.end:
        raise ValueError('write two times of day, such as "22:00-07:00"')
    return hours


def parse_schedule(text: str) -> Schedule | None:
    """Read "daily 07:00", "weekdays 07:00" or "weekly mon 07:00"; None for "". ValueError, in one
    sentence, for anything else.
    """
    words = text.lower().split()
    if not words:
        return None
    try:
        at = _clock(words[-1])
        match words[:-1]:
            case ["daily"]:
                return Schedule(at)
            case ["weekdays"]:
                return Schedule(at, frozenset(range(5)))
            case ["weekly"]:
                return Schedule(at, frozenset({0}))
            case ["weekly", day]:
                return Schedule(at, frozenset({DAYS.index(day[:3])}))
    except ValueError:
        pass
    raise ValueError('write "daily 07:00", "weekdays 07:00" or "weekly mon 07:00"')


def _clock(text: str) -> time:
    return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day only


def zone_of(rhythm: Rhythm) -> ZoneInfo:
    """Return the zone of a destination; one that this system does not know is UTC."""
    try:
        return ZoneInfo(rhythm.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def is_quiet(rhythm: Rhythm, now: datetime) -> bool:
    """Return whether it is a quiet hour there."""
    if rhythm.quiet is None:
        return False
    local = now.astimezone(zone_of(rhythm)).time()
    start, end = rhythm.quiet.start, rhythm.quiet.end
    if start < end:
        return start <= local < end
    return local >= start or local < end


def last_slot(schedule: Schedule, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the latest time, not after `now`, for which a digest was set."""
    today = now.astimezone(zone).date()
    for back in range(8):
        day = today - timedelta(days=back)
        at = datetime.combine(day, schedule.at, zone).astimezone(UTC)
        if day.weekday() in schedule.days and at <= now:
            return at
    raise AssertionError("a week has every weekday")


def digest_slot(rhythm: Rhythm, now: datetime) -> datetime | None:
    """Return the time of the digest that is due; None: none is. One that was missed is due until
    it is sent; of several missed ones only the last.
    """
    if rhythm.digest is None:
        return None
    slot = last_slot(rhythm.digest, zone_of(rhythm), now)
    last = told_until(rhythm, now)
    return slot if last is None or slot > last else None


def told_until(rhythm: Rhythm, now: datetime) -> datetime | None:
    """Return up to when digests have told; None: never. A time more than a day after `now` was
    kept by a clock that ran ahead and says nothing: believed, it would end the digests until then.
    """
    last = rhythm.digest_last
    return None if last is not None and last > now + DAY else last


def wants(rhythm: Rhythm, draft: AlertDraft) -> bool:
    """Return whether a destination takes such an Alert at all."""
    is_filing = draft.item.filing is not None or bool(draft.docket_id)
    if rhythm.what is What.NEWS and is_filing:
        return False
    if rhythm.what is What.COURTS and not is_filing:
        return False
    return rhythm.level != "high" or draft.priority is Priority.HIGH or is_loud(draft)


def is_loud(draft: AlertDraft) -> bool:
    """Return whether a draft tells an order or outcome, or a new stage of its case."""
    filing = draft.item.filing
    loud = filing is not None and severity_of(filing) is Severity.LOUD
    return loud or bool(draft.changes & {"event", "found", "unsealed"})


@dataclass(frozen=True, slots=True)
class Now:
    """What is the case at a destination as an Alert for it comes up."""

    rhythm: Rhythm
    subscriber: Subscriber
    now: datetime
    muted: Collection[int] = ()
    """The Watches that are muted."""
    told: int = 0
    """Alerts of the last hour."""
    known: Collection[int] = ()
    """The Watches it was told of in the last 24 hours."""


def hold(at: Now, drafts: Collection[AlertDraft], priority: Priority) -> Hold | None:
    """Return why an Alert made of `drafts` waits; None: it is sent at once."""
    if not at.subscriber.has_hours:
        return None
    if at.rhythm.review:
        return Hold.REVIEW
    return after_review(at, drafts, priority)


def after_review(at: Now, drafts: Collection[AlertDraft], priority: Priority) -> Hold | None:
    """Return why an Alert waits that nobody has to publish (any more)."""
    watch_ids = {one for draft in drafts for one in draft.watch_ids}
    if is_muted(at, watch_ids):
        return Hold.MUTE
    if at.rhythm.digest_only or priority is Priority.DIGEST:
        return Hold.DIGEST
    if priority is not Priority.HIGH and is_quiet(at.rhythm, at.now):
        return Hold.QUIET
    if not 0 < at.rhythm.most_per_hour <= at.told:
        return None
    grouped = all(one.backlog for one in drafts)
    exempt = grouped or not watch_ids <= set(at.known) or any(is_loud(one) for one in drafts)
    return None if exempt else Hold.HOUR


def is_muted(at: Now, watch_ids: Collection[int]) -> bool:
    """Return whether the destination, or each of the Watches, is muted."""
    until = at.subscriber.muted_until
    if until is not None and until > at.now:
        return True
    return bool(watch_ids) and set(watch_ids) <= set(at.muted)


def silent(at: Now, priority: Priority) -> bool:
    """Return whether an Alert that is sent now comes without a sound."""
    loud = priority is Priority.HIGH and at.rhythm.quiet_loud
    return at.rhythm.silent or (is_quiet(at.rhythm, at.now) and not loud)


def released(
    held: Collection[Held], at: Now, watch_ids: Mapping[int, Collection[int]]
) -> list[Held]:
    """Return which of a destination's held Alerts have had their time, those for its digest and
    for its editors apart. `watch_ids`: by Alert.
    """
    if is_muted(at, ()):
        return []
    quiet = is_quiet(at.rhythm, at.now)
    capped = [one.since for one in held if one.why is Hold.HOUR]
    over = bool(capped) and has_waited(min(capped), HOUR, at.now)
    free = [one for one in held if not is_muted(at, watch_ids.get(one.alert_id, ()))]
    return [
        one
        for one in free
        if one.why is Hold.MUTE
        or (one.why is Hold.QUIET and not quiet)
        or (one.why is Hold.HOUR and over and not quiet)
    ]


def digest_of_held(held: Collection[Held], rhythm: Rhythm, now: datetime) -> bool:
    """Return whether what waits for a digest is due where none is set up: the next morning."""
    since = [one.since for one in held if one.why is Hold.DIGEST]
    if not since or rhythm.digest is not None:
        return False
    first = min(since)
    return last_slot(EVERY_MORNING, zone_of(rhythm), now) > first or has_waited(first, DAY, now)


def has_waited(since: datetime, long: timedelta, now: datetime) -> bool:
    """Return whether something has waited so long. What waits since a time that lies as far ahead
    was held by a clock that has been set back, and has waited too.
    """
    return abs(now - since) >= long
