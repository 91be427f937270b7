"""The clock: a few ticks that only set events; the work waits for them elsewhere.

A job that worked inside the scheduler would be cut off at shutdown. The scheduler waits when
the wall clock steps back, so nothing that must not be late hangs on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

HOURLY = "hourly"
HEARTBEAT = "heartbeat"
COURT_DATES = "court dates"
"""On the hour: at six in the evening tomorrow's dates are due, later those set meanwhile."""
RHYTHM = "rhythm"
"""What was held back, digests and editors' questions are looked through."""
LATE = 3600
"""Seconds by which a tick may be late and still count."""


class Clock:
    """Ticks: events set at their times, to be waited for."""

    def __init__(self, timezone: str, every: Mapping[str, float] | None = None) -> None:
        """Tick "hourly" at minute 7 of each hour, "court dates" at minute 0, and each
        name of `every` in its seconds.
        """
        self._scheduler = AsyncIOScheduler(timezone=ZoneInfo(timezone))
        self._events: dict[str, asyncio.Event] = {}
        self._add(HOURLY, CronTrigger(minute=7, timezone=ZoneInfo(timezone)))
        self._add(COURT_DATES, CronTrigger(minute=0, timezone=ZoneInfo(timezone)))
        for name, seconds in (every or {HEARTBEAT: 15.0, RHYTHM: 5.0}).items():
            self._add(name, IntervalTrigger(seconds=seconds))

    def _add(self, name: str, trigger: CronTrigger | IntervalTrigger) -> None:
        event = self._events[name] = asyncio.Event()
        self._scheduler.add_job(
            event.set,
            trigger,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=LATE,
        )

    def start(self) -> None:
        """Start ticking, in the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self, name: str) -> None:
        """Wait for the next tick of this name; one that came meanwhile counts."""
        await self._events[name].wait()
        self._events[name].clear()
