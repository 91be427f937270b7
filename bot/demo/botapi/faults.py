"""Faults on demand: what a server between us and Telegram can do to an answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.botapi.refusals import bad

KINDS = ("500", "502", "429", "403", "409", "drop", "slow", "malformed", "html")
_AFTER = frozenset({"drop", "slow", "malformed", "html"})
"""The call takes effect before these happen: whoever called can't know."""


@dataclass(slots=True)
class Fault:
    """Something that goes wrong with the next calls it fits."""

    kind: str
    """"500", "502" (an HTML page), "429", "403", "409", "drop" (the connection is cut), "slow",
    "malformed" (200 with broken JSON) or "html" (200 with a page)."""
    method: str = ""
    """Only calls of this method; empty: any but getUpdates."""
    chat: int = 0
    """Only calls about this chat; 0: any."""
    times: int = 1
    seconds: float = 1.0
    """How long "slow" is, and what a "429" asks us to wait."""
    accepted: bool | None = None
    """Whether the call takes effect all the same; None: as is usual for the kind."""

    def __post_init__(self) -> None:
        """Refuse a kind nobody knows."""
        if self.kind not in KINDS:
            raise bad(f"there is no fault {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def takes_effect(self) -> bool:
        """Whether the call is carried out before it goes wrong."""
        return self.kind in _AFTER if self.accepted is None else self.accepted

    def fits(self, method: str, chat_id: int) -> bool:
        """Return whether this call is one it spoils."""
        named = self.method or ("" if method == "getUpdates" else method)
        return named == method and self.chat in (0, chat_id)


class Faults:
    """The faults that still wait for their call, oldest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let `fault` spoil the next calls it fits."""
        self.waiting.append(fault)
        return fault

    def take(self, method: str, chat_id: int) -> Fault | None:
        """Return the fault this call meets, if any, and count it."""
        for fault in self.waiting:
            if fault.fits(method, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Let everything work again."""
        self.waiting.clear()
