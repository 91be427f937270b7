"""The inbound loop: which Sources are due, polled side by side, taken in in batches."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from uuid import uuid4

from model import Claim, PollReport, VigilError
from store import sources
from store.engine import Store
from watchers.ask import Allows, Asker
from watchers.book import WatchBook
from watchers.fetch import Fetcher
from watchers.flow import BATCH, Flow, FlowRules
from watchers.kinds import KINDS, Kind
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn, TakeInRules

OPEN_MOST = 1000
"""Claims held at once by one process."""
LOOK_EVERY = 1.0
"""Seconds after which the database is asked again what is due, whatever was announced."""
REPORT_EVERY = 15.0
"""Seconds of polling that make a round."""
AFTER_TROUBLE = 5.0
"""Seconds to wait when the database could not be used."""


@dataclass(frozen=True, slots=True)
class PollRules:
    """What of the configuration the inbound loop needs; times in seconds."""

    take_in: TakeInRules = field(default_factory=TakeInRules)
    host_gap: float = 1.0
    lease: float = 10.0
    """How long a claim holds when its process has died."""


class Poller:
    """Polls what is due, for ever or for one round. Several processes can share the Sources."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        sandbox: Sandbox,
        book: WatchBook,
        rules: PollRules | None = None,
        *,
        kinds: Mapping[str, Kind] = KINDS,
        owner: str = "",
        allows: Allows | None = None,
    ) -> None:
        """Build on parts that are opened and closed elsewhere.

        `owner`: the name in whose favour claims are made, unlike any other process's. `allows`:
        whether a page may be read (watchers.robots); None: every page may.
        """
        self._store = store
        self._rules = rules or PollRules()
        self._owner = owner or f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._asker = Asker(fetcher, sandbox, kinds, allows)
        self._take_in = TakeIn(store, book, self._rules.take_in)

    async def poll_due(self, now: datetime) -> PollReport:
        """Poll every Source that is due, and return when all of it is written down.

        StoreError when the database can't be used.
        """
        async with self._flow(lambda: now) as flow:
            while claims := await self._claim(now, BATCH):
                flow.start(claims)
                while len(flow) > OPEN_MOST - BATCH:
                    await flow.moved(LOOK_EVERY)
            await flow.drain()
            return flow.report()

    async def poll(self, claims: Iterable[Claim], now: datetime) -> PollReport:
        """Poll these claimed Sources, and return when all of it is written down."""
        async with self._flow(lambda: now) as flow:
            flow.start(claims)
            await flow.drain()
            return flow.report()

    async def poll_all(self, now: datetime) -> PollReport:
        """Poll every enabled Source, due or not."""
        async with self._store.write() as tx:
            claims = await sources.claim_all(tx, self._owner, now, self._rules.lease)
        return await self.poll(claims, now)

    async def run(
        self,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
        report: Callable[[PollReport], None] = lambda _: None,
        trouble: Callable[[VigilError], None] = lambda _: None,
    ) -> None:
        """Poll what is due until `stop` is set; what is being asked then is given up.

        `report` hears of each round, an idle one too; `trouble` when the database can't be used:
        polling goes on as soon as it can.
        """
        while not stop.is_set():
            try:
                await self._stream(stop, clock, report)
            except VigilError as error:
                trouble(error)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AFTER_TROUBLE):
                        await stop.wait()

    async def _stream(
        self,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
        report: Callable[[PollReport], None],
    ) -> None:
        async with self._flow(clock) as flow:
            round_ends = monotonic() + REPORT_EVERY
            while not stop.is_set():
                claims = await self._due(clock(), OPEN_MOST - len(flow))
                flow.start(claims)
                if not claims:
                    await self._pause(flow)
                flow.check()
                if monotonic() > round_ends:
                    report(flow.report())
                    round_ends = monotonic() + REPORT_EVERY
        report(flow.report())

    async def _pause(self, flow: Flow) -> None:
        """Wait for something to do: a Source announced, room made, or a second gone by."""
        if len(flow) > OPEN_MOST - BATCH:
            await flow.moved(LOOK_EVERY)
        else:
            await self._store.woken("sources", LOOK_EVERY)

    async def _due(self, now: datetime, room: int) -> list[Claim]:
        """Claim what is due if there is room for it; only look before writing anything."""
        if room < BATCH:
            return []
        async with self._store.read() as tx:
            first = await sources.next_due(tx)
        if first is None or first > now:
            return []
        return await self._claim(now, min(room, BATCH))

    async def _claim(self, now: datetime, limit: int) -> list[Claim]:
        async with self._store.write() as tx:
            return await sources.due(tx, self._owner, now, limit, self._rules.lease)

    def _flow(self, clock: Callable[[], datetime]) -> Flow:
        rules = FlowRules(self._owner, self._rules.lease, self._rules.host_gap)
        return Flow(self._store, self._asker, self._take_in, rules, clock)
