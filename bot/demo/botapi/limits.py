"""Telegram's limits: 30 messages a second in all, 1 a second in a chat, 20 a minute in a group.

Telegram publishes no exact rules. Here: a window of one second over all chats, a bucket with a
small burst for each chat, a window of one minute for each group and channel; whoever breaks one
waits, and is refused again until then.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.botapi.refusals import too_many


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may be sent."""

    per_second: int = 30
    chat_burst: float = 3.0
    """Messages at once in one chat; one more each second."""
    group_minute: int = 20
    flood_wait: float = 5.0
    """Seconds one must at least wait after breaking a limit."""


class Limits:
    """Counts what is sent and refuses what is too much."""

    def __init__(
        self, clock: Callable[[], float], allowance: Allowance | None = None, *, on: bool = True
    ) -> None:
        """Begin with nothing sent; `clock` gives seconds."""
        self.on = on
        self.allowance = allowance or Allowance()
        self._clock = clock
        self._all: deque[float] = deque()
        self._minutes: dict[int, deque[float]] = {}
        self._buckets: dict[int, tuple[float, float]] = {}
        self._floods: dict[int, float] = {}

    def take(self, chat_id: int, *, group: bool) -> None:
        """Count one message to `chat_id`; RefusedError (429) when it is one too many."""
        if not self.on:
            return
        now = self._clock()
        self._refuse_until(chat_id, self._floods.get(chat_id, 0.0), now)
        wait = self._wait(chat_id, now, group=group)
        if wait > 0:
            self._floods[chat_id] = now + max(wait, self.allowance.flood_wait)
            self._refuse_until(chat_id, self._floods[chat_id], now)
        self._count(chat_id, now, group=group)

    def _refuse_until(self, chat_id: int, until: float, now: float) -> None:
        if until > now:
            raise too_many(math.ceil(until - now))
        self._floods.pop(chat_id, None)

    def _wait(self, chat_id: int, now: float, *, group: bool) -> float:
        """Seconds until one more message would be within every limit."""
        wait = _window(self._all, now, 1.0, self.allowance.per_second)
        if group:
            minute = self._minutes.setdefault(chat_id, deque())
            wait = max(wait, _window(minute, now, 60.0, self.allowance.group_minute))
        return max(wait, 1.0 - self._left(chat_id, now))

    def _left(self, chat_id: int, now: float) -> float:
        burst = self.allowance.chat_burst
        left, at = self._buckets.get(chat_id, (burst, now))
        return min(burst, left + max(0.0, now - at))

    def _count(self, chat_id: int, now: float, *, group: bool) -> None:
        self._all.append(now)
        if group:
            self._minutes.setdefault(chat_id, deque()).append(now)
        self._buckets[chat_id] = (self._left(chat_id, now) - 1.0, now)


def _window(sent: deque[float], now: float, seconds: float, most: int) -> float:
    """Seconds until fewer than `most` lie within the last `seconds`; older ones are dropped."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return 0.0 if len(sent) < most else sent[-most] + seconds - now
