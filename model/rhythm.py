"""When a destination wants to be told: quiet hours, digests, a cap, an editor before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum


class Hold(StrEnum):
    """Why an Alert waits instead of being sent at once."""

    REVIEW = "review"
    """Until an editor publishes it."""
    MUTE = "mute"
    """Until the destination, or every Watch it is about, is no longer muted."""
    DIGEST = "digest"
    """Until the next digest."""
    QUIET = "quiet"
    """Until the quiet hours end."""
    HOUR = "hour"
    """More has been told in the last hour than the destination takes."""


class What(StrEnum):
    """What goes to a destination."""

    EVERYTHING = ""
    NEWS = "news"
    COURTS = "dockets"
    """Court filings only."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of each day in local wall time; it may reach over midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        """Return it as it is written in config.toml: "22:00-07:00"."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest is sent: at a time of day, on some days of the week (Monday is 0)."""

    at: time
    days: frozenset[int] = field(default_factory=lambda: frozenset(range(7)))

    @property
    def name(self) -> str:
        """Return "daily", "weekdays" or "weekly"."""
        if len(self.days) == 7:
            return "daily"
        return "weekly" if len(self.days) == 1 else "weekdays"

    def __str__(self) -> str:
        """Return it as it is written in config.toml: "weekdays 07:00", "weekly mon 07:00"."""
        day = f" {DAYS[min(self.days)]}" if self.name == "weekly" else ""
        return f"{self.name}{day} {self.at:%H:%M}"


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one destination wants to be told."""

    zone: str = "UTC"
    """IANA name of the zone its times of day are in."""
    zone_given: bool = False
    """False: nobody has said it here, it is the program's."""
    quiet: Hours | None = None
    quiet_loud: bool = True
    """Priority Alerts sound in the quiet hours too; False: they come without a sound."""
    digest: Schedule | None = None
    digest_empty: bool = False
    """A digest is sent even where there was nothing."""
    digest_only: bool = False
    """Nothing is told at once, the digest has it all."""
    digest_last: datetime | None = None
    """Up to when the last digest told."""
    review: bool = False
    """An editor presses Publish first."""
    review_to: int = 0
    """The Subscriber where the editors are asked; 0: the owner's chat."""
    silent: bool = False
    """Nothing makes a sound."""
    what: What = What.EVERYTHING
    level: str = ""
    """The least that is told of Filings here (a docket's Level); empty: as each case says.
    "high": only what is of priority.
    """
    most_per_hour: int = 0
    """Alerts in an hour; 0: any number."""


@dataclass(frozen=True, slots=True)
class Held:
    """An Alert that waits to be told."""

    delivery_id: int
    alert_id: int
    subscriber_id: int
    why: Hold
    since: datetime
    priority: int
    backlog: bool
    """It is a grouped message already: what a new Source held."""
    hidden: bool
    """Marked "not them" while it waited."""
    look_at: datetime | None = None
    """When it is looked at again; None: it was not looked at yet."""
