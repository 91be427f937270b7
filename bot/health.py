"""Whether work is progressing: for /healthz, /readyz, `vigil health` and the dead man's switch."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp

from bot.logs import logger
from bot.loops import until
from bot.opening import utcnow
from bot.setback import Setback, since_last_time
from bot.tending import count_rounds
from model.alert import Notice
from model.errors import StoreError
from store import outbox, upkeep
from store.engine import Tx
from store.owner import tell_owner
from store.rewind import rewind

if TYPE_CHECKING:
    from bot.app import App

BEAT = 15.0
"""Seconds between two heartbeats written to the database."""
STALE = timedelta(minutes=2)
"""So long may a part be silent."""
OLDEST = timedelta(minutes=10)
"""So long may a Delivery be due."""
NEEDED = ("poll", "deliver")
_log = logger()


def stale(
    beats: Mapping[str, datetime], now: datetime, parts: Collection[str] = NEEDED
) -> list[str]:
    """Return a sentence for each part that has got nowhere lately; empty: all is well."""
    wrong = []
    for part in parts:
        at = beats.get(part)
        if at is None:
            wrong.append(f"{part} has never run on this database.")
        elif now - at > STALE:
            wrong.append(f"{part} has got nowhere for {_ago(now - at)}.")
    return wrong


def _ago(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


class Health:
    """Watches over one running program."""

    def __init__(self, app: App) -> None:
        """Watch over `app`."""
        self._app = app
        self._setback = Setback()

    async def healthy(self) -> list[str]:
        """Return what is wrong with this process and its database."""
        try:
            async with self._app.store.read() as tx:
                await upkeep.heartbeats(tx)
        except StoreError as error:
            return [str(error)]
        return []

    async def ready(self) -> list[str]:
        """Return what keeps work from progressing: rounds that don't end, Deliveries that wait."""
        silent = self._app.reporter.progress.silent(STALE.total_seconds())
        wrong = [
            f"{part} has got nowhere for {seconds:.0f} s."
            for part, seconds in silent.items()
            if part in NEEDED
        ]
        try:
            async with self._app.store.read() as tx:
                _, oldest = await outbox.depth(tx)
        except StoreError as error:
            return [*wrong, str(error)]
        if oldest is not None and utcnow() - oldest > OLDEST:
            wrong.append(f"The oldest delivery has been due for {_ago(utcnow() - oldest)}.")
        return wrong

    async def run(self, stop: asyncio.Event) -> None:
        """Write a heartbeat for each part that gets somewhere, until `stop`."""
        async with self._app.store.write() as tx:
            beats = await upkeep.heartbeats(tx)
            await self._rewind(tx, since_last_time(beats.values(), utcnow()))
        while True:
            await self._beat(utcnow())
            if await until(stop, BEAT):
                return

    async def _rewind(self, tx: Tx, by: timedelta) -> None:
        """Go on at once where the clock was set back by so much: what is due is due by it."""
        if by:
            await rewind(tx, by, utcnow())
            _log.warning("the clock was set back", seconds=round(by.total_seconds()))

    async def _beat(self, now: datetime) -> None:
        alive = self._app.reporter.progress.alive(STALE.total_seconds())
        async with self._app.store.write() as tx:
            await self._rewind(tx, self._setback.noticed())
            for part in alive:
                await upkeep.heartbeat(tx, part, now)
            if rounds := self._app.reporter.take_rounds():
                await count_rounds(tx, rounds)
            depth, oldest = await outbox.depth(tx)
        self._app.reporter.waiting(depth, oldest, now)

    async def tell(self, part: str, seconds: float) -> None:
        """Tell the owner that a part has got nowhere for so long; nought: that it goes on."""
        code = "notice.work.stopped" if seconds else "notice.work.goes-on"
        args = (("part", part), ("silent_seconds", f"{seconds:.0f}"))
        async with self._app.store.write() as tx:
            await tell_owner(tx, Notice(code, args, about=f"work:{part}"), utcnow())

    async def call(self) -> None:
        """Call [server] heartbeat_url, if all is well."""
        if await self.ready():
            return
        url = self._app.loaded.settings.server.heartbeat_url
        try:
            patience = aiohttp.ClientTimeout(total=10)
            async with (
                aiohttp.ClientSession(timeout=patience) as session,
                session.get(url) as response,
            ):
                response.raise_for_status()
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.warning("heartbeat_url does not answer", error=type(error).__name__)
