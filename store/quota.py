"""CourtListener's quota: one budget a minute, an hour and a day, shared by all processes.

A request is written down before it is made, so a crash costs at most a request that never was.
Windows slide, as CourtListener's own do; what is left is kept back for what is more urgent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import delete, select

from store.engine import Tx
from store.statements import insert, replace_all
from store.tables import quota_call, quota_limit

FREE: Mapping[str, int] = {"minute": 5, "hour": 50, "day": 125}
"""Requests a free account has."""
LENGTHS: Mapping[str, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_LATE = timedelta(seconds=2)
"""A request counts from when it arrives there, a little later than it left here."""
_PAUSE = "pause"
_LONGEST_PAUSE = timedelta(days=1)


class Purpose(IntEnum):
    """What a request is for, the most urgent first."""

    ENRICH = 0
    """A webhook told of something whose case has to be looked up."""
    ASKED = 1
    """A person is waiting."""
    POLL = 2
    ELSEWHERE = 3
    """Another program used the same account: known from what the answers say is left."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether requests may be made now, and if not, when they may be asked for again."""

    granted: bool
    when: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of one window."""

    window: str
    left: int
    most: int


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer said of one window."""

    window: str
    most: int
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The requests of the last day and what may be made of them: pure."""

    calls: tuple[datetime, ...]
    """In order."""
    limits: Mapping[str, int]
    paused_until: datetime | None = None

    def grant(self, now: datetime, n: int, purpose: Purpose) -> Grant:
        """Say whether `n` requests may be made now; all of them, or none until `when`."""
        when = max(now, self.paused_until or now)
        for window, length in LENGTHS.items():
            room = allowed(self.limits[window], purpose) - n
            if room < 0:
                return Grant(granted=False, when=now + length)
            recent = self._since(now - length - _LATE)
            if len(recent) > room:
                when = max(when, recent[len(recent) - room - 1] + length + _LATE)
        return Grant(granted=when <= now, when=when)

    def left(self, now: datetime) -> tuple[Left, ...]:
        """Return what is left of each window."""
        return tuple(
            Left(window, max(0, most - len(self._since(now - LENGTHS[window]))), most)
            for window, most in self.limits.items()
        )

    def _since(self, then: datetime) -> Sequence[datetime]:
        return self.calls[bisect_right(self.calls, then) :]


def allowed(most: int, purpose: Purpose) -> int:
    """Return how many of a window's requests this purpose may use; the rest is kept back."""
    if purpose is Purpose.ENRICH:
        return most
    if purpose is Purpose.ASKED:
        return most - max(1, most // 25)
    return most - max(2, most // 8)


async def reserve(tx: Tx, now: datetime, n: int, purpose: Purpose) -> Grant:
    """Take `n` requests out of the budget if it allows: then they may be made at once."""
    await _alone(tx)
    grant = (await budget(tx, now)).grant(now, n, purpose)
    if grant.granted:
        await _write(tx, now, n, purpose)
    return grant


async def budget(tx: Tx, now: datetime) -> Budget:
    """Return the budget as it stands."""
    recent = select(quota_call.c.at).where(quota_call.c.at > now - LENGTHS["day"] - _LATE)
    calls = tuple(row.at for row in await tx.rows(recent.order_by(quota_call.c.at)))
    rows = {row.window: row for row in await tx.rows(select(quota_limit))}
    limits = {name: rows[name].most if name in rows else FREE[name] for name in FREE}
    return Budget(calls, limits, rows[_PAUSE].until if _PAUSE in rows else None)


async def left(tx: Tx, now: datetime) -> tuple[Left, ...]:
    """Return what is left of each window, for /status and `vigil check`."""
    return (await budget(tx, now)).left(now)


async def paused_until(tx: Tx, now: datetime) -> datetime | None:
    """Return until when CourtListener wants to be left alone; None: it may be asked."""
    until = (await budget(tx, now)).paused_until
    return until if until is not None and until > now else None


async def note(tx: Tx, now: datetime, said: Iterable[Said]) -> None:
    """Take over what an answer said: other limits, and less left than we know of."""
    found = [one for one in said if one.window in FREE and one.most > 0]
    if not found:
        return
    await _alone(tx)
    rows = [{"window": one.window, "most": one.most, "until": None} for one in found]
    await tx.run_many(replace_all(insert(tx, quota_limit), "window"), rows)
    known = {one.window: one.left for one in await left(tx, now)}
    less = [known[one.window] - one.left for one in found if one.left is not None]
    await _write(tx, now, max([0, *less]), Purpose.ELSEWHERE)


async def pause(tx: Tx, until: datetime, now: datetime) -> None:
    """Leave CourtListener alone until then, whichever process asks; a day at most."""
    await _alone(tx)
    until = min(until, now + _LONGEST_PAUSE)
    until = max(until, (await budget(tx, now)).paused_until or until)
    row = {"window": _PAUSE, "most": 0, "until": until}
    await tx.run_many(replace_all(insert(tx, quota_limit), "window"), [row])


async def _write(tx: Tx, now: datetime, n: int, purpose: Purpose) -> None:
    await tx.run(delete(quota_call).where(quota_call.c.at <= now - LENGTHS["day"] - _LATE))
    await tx.run_many(insert(tx, quota_call), [{"at": now, "purpose": int(purpose)}] * n)


async def _alone(tx: Tx) -> None:
    """Hold the budget until this transaction ends. SQLite has one writer in any case."""
    nothing = {"window": "lock", "most": 0, "until": None}
    await tx.run_many(insert(tx, quota_limit).on_conflict_do_nothing(), [nothing])
    if tx.dialect == "postgresql":
        lock = select(quota_limit.c.window).where(quota_limit.c.window == "lock")
        await tx.rows(lock.with_for_update())
