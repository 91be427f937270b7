"""Notices that the machine's clock was set back, while we run or while we did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic

from bot.opening import utcnow

LEAST = timedelta(seconds=30)
"""Smaller steps are the small change of keeping time."""


class Setback:
    """Compares the clock on the wall with the one that only goes forward."""

    def __init__(
        self, wall: Callable[[], datetime] = utcnow, steady: Callable[[], float] = monotonic
    ) -> None:
        """Begin to compare now."""
        self._wall = wall
        self._steady = steady
        self._last = wall(), steady()

    def noticed(self) -> timedelta:
        """Return how far the clock was set back since the last call; nothing: it was not."""
        (wall, steady), self._last = self._last, (self._wall(), self._steady())
        gone = timedelta(seconds=self._last[1] - steady)
        back = wall + gone - self._last[0]
        return back if back > LEAST else timedelta()


def since_last_time(beats: Iterable[datetime], now: datetime) -> timedelta:
    """Return how far the clock was set back since an earlier process wrote its signs of life, at
    the least; nothing: they lie in the past, as they should.
    """
    newest = max(beats, default=now)
    return newest - now if newest - now > LEAST else timedelta()
