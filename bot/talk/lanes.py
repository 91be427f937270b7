"""Stored updates, one after the other in each chat, many chats at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime
from typing import Any

from bot.logs import logger
from bot.talk import gate
from store import inbox, members
from store.engine import Store

AT_ONCE = 200
"""Stored updates looked at together."""
LOOK = 2.0
"""Seconds after which the inbox is looked at though nobody announced anything."""
AGAIN = 2.0
"""Seconds before a failed update is tried again; doubled with each try."""
_log = logger()
_KINDS = ("message", "edited_message", "channel_post", "my_chat_member", "chat_member")


class Lanes:
    """Handles what lies in the inbox. A slow or failing update delays nobody but its own chat,
    and a failing one not even that: it waits aside for its next try.
    """

    def __init__(
        self,
        handle: Callable[[int, str, int], Awaitable[bool]],
        store: Store,
        clock: Callable[[], datetime],
    ) -> None:
        """`handle(update_id, body, tries)` returns whether the update is over and done."""
        self._handle = handle
        self._store = store
        self._clock = clock
        self._gate = gate.Gate()
        self._strangers: set[int] = set()
        """The waiting updates that are strangers': few of them are handled at once."""
        self._handled: set[int] = set()
        """Those of strangers that are being handled."""
        self._busy: dict[Hashable, asyncio.Task[None]] = {}
        self._aside: dict[int, float] = {}
        self._ended: set[int] = set()
        """Updates that were over while the inbox was being read: what was read may not know it."""

    async def run(self) -> None:
        """Handle until cancelled; handlers in flight then still run, see `finish`."""
        while True:
            self._ended.clear()
            async with self._store.read() as tx:
                waiting = await inbox.pending(tx, AT_ONCE)
                known = {one.id for one in await members.all_members(tx)} if waiting else set()
            forgotten = await self._turned_away(waiting, known)
            self._start([one for one in waiting if one[0] not in forgotten])
            if not forgotten:
                await self._store.woken("inbox", LOOK)

    async def _turned_away(self, waiting: list[gate.Stored], known: set[int]) -> set[int]:
        """Return the updates that are forgotten because strangers write more than is handled."""
        now = self._clock()
        forgotten, strangers = self._gate.over(waiting, known, now)
        self._strangers = set(strangers)
        if forgotten:
            async with self._store.write() as tx:
                await inbox.all_done(tx, forgotten, now)
            _log.info("strangers turned away", updates=len(forgotten))
        return set(forgotten)

    async def finish(self, seconds: float) -> None:
        """Let handlers in flight end within `seconds`; what does not is handled again later."""
        tasks = set(self._busy.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, waiting: list[gate.Stored]) -> None:
        now = asyncio.get_running_loop().time()
        for update_id, body, tries in waiting:
            lane = lane_of(update_id, body)
            if update_id in self._ended or self._is_crowded(update_id):
                continue
            if lane not in self._busy and self._aside.get(update_id, 0.0) <= now:
                task = asyncio.create_task(self._work(lane, update_id, body, tries))
                self._busy[lane] = task
                if update_id in self._strangers:
                    self._handled.add(update_id)

    def _is_crowded(self, update_id: int) -> bool:
        return update_id in self._strangers and len(self._handled) >= gate.AT_ONCE

    async def _work(self, lane: Hashable, update_id: int, body: str, tries: int) -> None:
        try:
            over = await self._handle(update_id, body, tries)
            if over:
                self._ended.add(update_id)
                self._aside.pop(update_id, None)
            else:
                pause = AGAIN * 2.0**tries
                self._aside[update_id] = asyncio.get_running_loop().time() + pause
        finally:
            del self._busy[lane]
            self._handled.discard(update_id)
        async with self._store.write() as tx:
            self._store.wake("inbox", tx)


def lane_of(update_id: int, body: str) -> Hashable:
    """Return the chat an update belongs to; one without a chat stands alone."""
    try:
        update: dict[str, Any] = json.loads(body)
        for kind in _KINDS:
            if kind in update:
                return int(update[kind]["chat"]["id"])
        return int(update["callback_query"]["message"]["chat"]["id"])
    except (ValueError, KeyError, TypeError):
        return f"update {update_id}"
