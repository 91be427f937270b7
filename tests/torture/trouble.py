"""What the Telegram server does to a call, by seed; and a note of every try of every message."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from bot.demo.botapi.faults import Fault, Faults

AMBIGUOUS = frozenset({"500", "502", "drop", "slow", "malformed", "html"})
"""After these a sender can't know whether its message arrived."""
_SENDING = (
    ("500", {}),
    ("502", {}),
    ("429", {"seconds": 1.0}),
    ("drop", {"accepted": True}),
    ("drop", {"accepted": True}),
    ("drop", {"accepted": False}),
    ("malformed", {}),
    ("html", {}),
    ("slow", {"accepted": True, "seconds": 4.0}),
    ("slow", {"accepted": True, "seconds": 35.0}),
)
_ELSEWHERE = (("500", {}), ("drop", {"accepted": False}), ("502", {}))


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A call of sendMessage that met a fault."""

    at: float
    chat: int
    kind: str


class Plan(Faults):
    """Spoils some calls, as its seed wants; `share` is how many of the sends."""

    def __init__(self, chance: random.Random, share: float) -> None:
        super().__init__()
        self.share = share
        self.spoilt: list[Spoilt] = []
        self.sends = asyncio.Event()
        """Set whenever a send arrives, before anything is done about it."""
        self._chance = chance

    def take(self, method: str, chat_id: int) -> Fault | None:
        if method == "sendMessage":
            self.sends.set()
            if self._chance.random() < self.share:
                kind, more = self._chance.choice(_SENDING)
                now = asyncio.get_running_loop().time()
                self.spoilt.append(Spoilt(now, chat_id, kind))
                return Fault(kind, **more)
        elif self._chance.random() < self.share / 4:
            kind, more = self._chance.choice(_ELSEWHERE)
            return Fault(kind, **more)
        return super().take(method, chat_id)
