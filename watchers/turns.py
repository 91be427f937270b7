"""Whose turn it is with one host: how many requests at once, how far apart, and not while it
has asked to be left alone.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from model import FetchError

_TIDY_AT = 4096


class HostParkedError(FetchError):
    """That host has asked to be left alone for a while."""

    def __init__(self, host: str, seconds: float) -> None:
        """Say for how many seconds `host` is still left alone."""
        super().__init__(f"{host} has asked to be left alone for {round(seconds)} more seconds.")
        self.seconds = seconds


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    next_at: float = 0.0
    parked_until: float = 0.0
    inside: int = field(default=0)


class _Turn:
    """One turn: a slot with the host, taken and given back."""

    __slots__ = ("_host", "_name", "_turns")

    def __init__(self, turns: Turns, name: str, host: _Host) -> None:
        self._turns, self._name, self._host = turns, name, host

    async def __aenter__(self) -> None:
        one = self._host
        one.inside += 1
        try:
            await one.slots.acquire()
        except BaseException:
            one.inside -= 1
            raise
        try:
            await self._turns.wait(self._name, one)
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        self._host.slots.release()
        self._host.inside -= 1


class Turns:
    """Gives each host its requests one after another. Times are seconds, monotonic."""

    def __init__(
        self, per_host: int = 2, gap: float = 1.0, clock: Callable[[], float] = monotonic
    ) -> None:
        """Allow `per_host` requests at once to a host, started at least `gap` seconds apart."""
        self._per_host = max(1, per_host)
        self._gap = gap
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._tidy_at = _TIDY_AT

    def turn(self, host: str) -> _Turn:
        """Wait for a turn with `host` and hold it (`async with`); HostParkedError while it is
        left alone.
        """
        return _Turn(self, host, self._host(host))

    def park(self, host: str, seconds: float) -> None:
        """Leave `host` alone for this long, from now on."""
        one = self._host(host)
        one.parked_until = max(one.parked_until, self._clock() + seconds)

    def parked(self, host: str) -> float:
        """Return for how many seconds `host` is still left alone; 0 when it may be asked."""
        one = self._hosts.get(host)
        return max(0.0, one.parked_until - self._clock()) if one else 0.0

    async def wait(self, host: str, one: _Host) -> None:
        """Keep the distance to the request before; HostParkedError when `host` is left alone."""
        self._refuse_parked(host, one)
        if self._gap > 0:
            await self._keep_distance(one)
            self._refuse_parked(host, one)

    def _refuse_parked(self, host: str, one: _Host) -> None:
        if one.parked_until and (left := one.parked_until - self._clock()) > 0:
            raise HostParkedError(host, left)

    async def _keep_distance(self, one: _Host) -> None:
        now = self._clock()
        start = max(now, one.next_at)
        one.next_at = start + self._gap * (1 + 0.2 * random.random())
        if start > now:
            await asyncio.sleep(start - now)

    def _host(self, host: str) -> _Host:
        one = self._hosts.get(host)
        if one is None:
            if len(self._hosts) >= self._tidy_at:
                self._tidy()
            one = self._hosts[host] = _Host(asyncio.Semaphore(self._per_host))
        return one

    def _tidy(self) -> None:
        """Forget the hosts about which there is nothing to remember any more."""
        now = self._clock()
        self._hosts = {
            host: one
            for host, one in self._hosts.items()
            if one.inside or max(one.next_at, one.parked_until) > now
        }
        self._tidy_at = max(_TIDY_AT, 2 * len(self._hosts))
