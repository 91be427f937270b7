"""Who waits for a topic learns of it at once: an event in this process, NOTIFY across them."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from store.faults import is_database_error

_CHANNEL = "vigil"
_AGAIN = 1.0
"""Seconds before a lost listening connection is opened again."""


class Bell:
    """Announcements that outlive nothing: a missed one only costs the waiter's timeout."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Announce and wait over `engine`'s database."""
        self._engine = engine
        self._crosses_processes = engine.dialect.name == "postgresql"
        self._me = uuid4().hex
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._listening = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    async def post(self, conn: AsyncConnection, topics: Iterable[str]) -> None:
        """Have PostgreSQL tell other processes of `topics` when `conn` commits."""
        if not self._crosses_processes:
            return
        for topic in topics:
            await conn.execute(select(func.pg_notify(_CHANNEL, f"{topic} {self._me}")))

    def ring(self, topics: Iterable[str]) -> None:
        """Wake this process's waiters."""
        for topic in topics:
            self._events[topic].set()

    async def wait(self, topic: str, timeout: float) -> bool:  # noqa: ASYNC109 - an answer
        """Return True when `topic` rang since the last wait, False after `timeout` seconds."""
        if self._crosses_processes and self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="store bell")
        event = self._events[topic]
        try:
            async with asyncio.timeout(timeout):
                if self._listener is not None:
                    await self._listening.wait()
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True

    async def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    async def _listen(self) -> None:
        """Keep one connection listening, for as long as anybody waits."""
        while True:
            try:
                await self._listen_once()
            except Exception as error:
                if not is_database_error(error) and not isinstance(error, OSError):
                    raise
            self._listening.set()
            await asyncio.sleep(_AGAIN)

    async def _listen_once(self) -> None:
        async with self._engine.connect() as conn:
            raw = await conn.get_raw_connection()
            driver: Any = raw.driver_connection
            lost = asyncio.Event()
            driver.add_termination_listener(lambda _: lost.set())
            await driver.add_listener(_CHANNEL, self._hear)
            self._listening.set()
            try:
                await lost.wait()
            finally:
                await conn.invalidate()

    def _hear(self, _conn: object, _pid: int, _channel: str, payload: str) -> None:
        topic, _, sender = payload.partition(" ")
        if sender != self._me:
            self.ring([topic])
