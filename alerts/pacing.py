"""Whose turn is it to be written to, and when (pure: time is an argument, in seconds).

The server tells nobody its exact limits; these are the published ones with a little left over,
and a gap that widens in a chat that complains. The why is in
docs/notes/how-fast-telegram-may-be-written-to.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from model.people import Chat


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a courier may be used. Seconds, and messages per second or per window."""

    per_second: float = 29.0
    catch_up: float = 0.2
    """How much lost time may be made good, so that a late wake-up costs nothing …"""
    second: float = 1.02
    """… as long as no stretch this long holds more than `per_second` messages."""
    gap: float = 1.05
    per_window: int = 19
    """Messages to a group or channel within one window."""
    window: float = 60.5
    widen: float = 1.5
    """What the chat's gap is multiplied by when it complains …"""
    widest: float = 30.0
    relax: float = 600.0
    """… and how long until the gap is as before."""
    together: int = 3
    """So many chats complaining within `together_within` mean that all must wait."""
    together_within: float = 1.0


UNLIMITED = Limits(per_second=0.0, gap=0.0, per_window=0)
"""For the console: as fast as it goes."""


@dataclass(slots=True)
class _Chat:
    free_at: float = 0.0
    """When its gap is over."""
    parked_until: float = 0.0
    gap: float = 0.0
    gap_at: float = 0.0
    """When the gap was last widened."""
    recent: deque[float] = field(default_factory=deque)
    """When it was written to within the window; groups and channels only."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose first Message waits."""

    key: int
    """What the caller knows it by."""
    address: str
    chat: Chat
    rank: tuple[int, int]
    """The lower, the sooner: priority, then age."""


class Pacer:
    """Keeps one courier's pace. Nothing here waits; it says who may go and how long that is off."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Take the limits; the default ones are Telegram's."""
        self.limits = limits or Limits()
        self._chats: dict[str, _Chat] = {}
        self._next = float("-inf")
        self._all: deque[float] = deque(maxlen=max(1, int(self.limits.per_second)))
        self._parked_until = float("-inf")
        self._out_until = float("-inf")
        self._complaints: deque[tuple[float, str]] = deque()

    def next_turn(self, waiting: Iterable[Turn], now: float) -> tuple[Turn | None, float]:
        """Return who may be written to now, or None and the earliest time when somebody may
        (infinite when nobody waits). Among those who may: the lowest rank.
        """
        best: Turn | None = None
        soonest = float("inf")
        open_at = max(self._open_at(), self._parked_until, self._out_until)
        for turn in waiting:
            ready = max(open_at, self.ready_at(turn.address, turn.chat, now))
            if ready > now:
                soonest = min(soonest, ready)
            elif best is None or turn.rank < best.rank:
                best = turn
        return best, now if best else soonest

    def ready_at(self, address: str, chat: Chat, now: float) -> float:
        """Return when this chat's own limits let it be written to (perhaps in the past)."""
        known = self._chats.get(address)
        if known is None:
            return float("-inf")
        ready = max(known.free_at, known.parked_until)
        if self._is_shared(chat):
            self._forget(known, now)
            if len(known.recent) >= self.limits.per_window:
                ready = max(ready, known.recent[-self.limits.per_window] + self.limits.window)
        return ready

    def sent(self, address: str, chat: Chat, now: float) -> None:
        """Note that a request for this chat begins now; edits count like messages."""
        known = self._chats.setdefault(address, _Chat())
        known.free_at = now + self._gap(known, now)
        if self._is_shared(chat):
            known.recent.append(now)
        if self.limits.per_second:
            begin = max(self._next, now - self.limits.catch_up)
            self._next = begin + 1 / self.limits.per_second
            self._all.append(now)

    def left(self, address: str, now: float) -> None:
        """Note when a request that `sent` announced really left: its chat's gap begins there."""
        known = self._chats.setdefault(address, _Chat())
        known.free_at = max(known.free_at, now + self._gap(known, now))

    def is_parked(self, now: float) -> bool:
        """Whether everybody must wait."""
        return max(self._parked_until, self._out_until) > now

    def told_to_wait(self, address: str, seconds: float, now: float) -> bool:
        """Note a 429: this chat is parked and slower from now on. True: all chats are parked."""
        known = self._chats.setdefault(address, _Chat())
        known.gap = min(self.limits.widest, self._gap(known, now) * self.limits.widen)
        known.gap_at = now
        known.parked_until = max(known.parked_until, now + seconds)
        self._complaints.append((now, address))
        while self._complaints[0][0] < now - self.limits.together_within:
            self._complaints.popleft()
        everybody = len({who for _, who in self._complaints}) >= self.limits.together
        if everybody:
            self.park_all(seconds, now)
        return everybody

    def park_all(self, seconds: float, now: float) -> None:
        """Send nothing to anybody for so long: the server wants rest."""
        self._parked_until = max(self._parked_until, now + seconds)

    def unreachable(self, seconds: float, now: float) -> None:
        """Send nothing to anybody for so long, unless the server is `reachable` before."""
        self._out_until = max(self._out_until, now + seconds)

    def reachable(self) -> None:
        """Note that the server answers. Whoever was told to wait goes on waiting."""
        self._out_until = float("-inf")

    def tidy(self, now: float) -> None:
        """Forget the chats that nothing is known of any more."""
        self._chats = {
            address: known
            for address, known in self._chats.items()
            if max(known.free_at, known.parked_until, known.gap_at + self.limits.relax) > now
            or (known.recent and known.recent[-1] > now - self.limits.window)
        }

    def _open_at(self) -> float:
        """Return when the limit over all chats lets one more message go."""
        if len(self._all) < (self._all.maxlen or 0):
            return self._next
        return max(self._next, self._all[0] + self.limits.second)

    def _gap(self, known: _Chat, now: float) -> float:
        """Return the chat's gap: widened ones shrink back evenly within `relax`."""
        left = max(0.0, 1 - (now - known.gap_at) / self.limits.relax)
        return self.limits.gap + max(0.0, known.gap - self.limits.gap) * left

    def _is_shared(self, chat: Chat) -> bool:
        return bool(self.limits.per_window) and chat in {Chat.GROUP, Chat.CHANNEL}

    def _forget(self, known: _Chat, now: float) -> None:
        while known.recent and known.recent[0] <= now - self.limits.window:
            known.recent.popleft()
