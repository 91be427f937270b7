"""Pushing updates to the bot's own address, when it asked for that with setWebhook."""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import urlsplit

import aiohttp

from bot.demo.botapi.updates import Updates
from bot.demo.botapi.world import Json, Pulse

PATIENCE = 10.0
"""Seconds the bot has to answer."""
AGAIN = 1.0
"""Seconds until an update that was not taken is pushed again."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Webhook:
    """Pushes what is pending, one update at a time and in order, until the bot takes it."""

    def __init__(self, updates: Updates, pulse: Pulse) -> None:
        """Push what `updates` holds whenever `pulse` beats."""
        self._updates = updates
        self._pulse = pulse
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to push."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Push no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                hook = self._updates.webhook
                if not hook.get("url") or not self._updates.pending:
                    await self._pulse.next()
                elif await _taken(session, hook, self._updates.pending[0]):
                    self._updates.pending.pop(0)
                    self._pulse.beat()
                else:
                    await asyncio.sleep(AGAIN)


async def _taken(session: aiohttp.ClientSession, hook: Json, update: Json) -> bool:
    """Whether the bot answered 2xx; only loopback addresses are ever called."""
    if urlsplit(hook["url"]).hostname not in _LOOPBACK:
        return False
    secret = hook.get("secret_token")
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    try:
        async with session.post(hook["url"], json=update, headers=headers) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError):
        return False
