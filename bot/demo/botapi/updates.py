"""The queue of updates: long polling with offsets, one poller at a time."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.demo.botapi.refusals import conflict
from bot.demo.botapi.world import Json, Pulse

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """What happened and has not been confirmed by the bot yet."""

    def __init__(self, pulse: Pulse) -> None:
        """Begin empty; `pulse` wakes pollers."""
        self.pending: list[Json] = []
        self.webhook: Json = {}
        """The parameters of setWebhook; empty: long polling."""
        self._pulse = pulse
        self._allowed: frozenset[str] = frozenset()
        self._last = 700_000_000
        self._turn = 0

    def add(self, kind: str, content: Json) -> None:
        """Put something that happened into the queue, unless the bot does not want its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if wanted:
            self._last += 1
            self.pending.append({"update_id": self._last, kind: content})
        self._pulse.beat()

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps that many of the newest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
        self._pulse.beat()

    def want(self, kinds: list[str] | None) -> None:
        """Remember which kinds the bot wants from now on; None leaves it as it was."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    async def poll(self, asked: dict[str, Any]) -> list[Json]:
        """Return what is pending, or wait up to `timeout` seconds for something.

        A second poller ends the first one's wait with a conflict, as Telegram does.
        """
        if self.webhook.get("url"):
            raise conflict("can't use getUpdates method while webhook is active")
        self._turn += 1
        turn = self._turn
        self._pulse.beat()
        self.want(asked.get("allowed_updates"))
        if asked.get("offset"):
            self.confirm(asked["offset"])
        await self._wait(turn, min(float(asked.get("timeout", 0)), 50.0))
        if turn != self._turn:
            raise conflict(
                "terminated by other getUpdates request;"
                " make sure that only one bot instance is running"
            )
        return self.pending[: max(1, min(asked.get("limit", 100), 100))]

    def end(self) -> None:
        """Send a poller that waits home, because the server stops."""
        self._turn += 1
        self._pulse.beat()

    async def _wait(self, turn: int, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds or 0.0001):
                while not self.pending and turn == self._turn:
                    await self._pulse.next()
        except TimeoutError:
            return
