"""The outbound loop: what the outbox holds is composed, sent and settled, one chat at a time.

A Delivery is marked as begun, and that is committed, just before its message is sent; what it
became is settled just after. Between the two lies the only doubt there is: whoever finds a begun
Delivery after a crash sends it again with a mark (why: docs/notes/why-a-repeat-is-marked.md).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

from alerts.couriers import Courier
from alerts.flow import Flow, Memory, Wire
from alerts.leading import RENEW, Leadership
from alerts.pacing import Pacer
from alerts.probing import Probe
from model.errors import VigilError
from model.report import DispatchReport
from model.words import Words
from store.engine import Store

TICK = 2.0
"""Seconds between two looks at the outbox that nobody asked for."""
REPORT_EVERY = 10.0
GRACE = 7.0
"""Seconds that messages in flight get when we are to stop."""
AFTER_TROUBLE = 2.0
"""Seconds before going on after the database failed."""

Clock = Callable[[], datetime]


class Dispatcher:
    """Sends what is due through the couriers it has, as long as no other process does."""

    def __init__(
        self,
        store: Store,
        couriers: Mapping[str, Courier],
        words: Callable[[str], Words],
        *,
        owner: str = "",
        probe: bool = False,
    ) -> None:
        """`couriers` by name; `words` returns a language's; `owner` names this process; `probe`:
        look whether what is in doubt arrived before it is sent again.
        """
        self._store = store
        self._words = words
        self._wires = {name: Wire(one, Pacer(one.limits)) for name, one in couriers.items()}
        name = "dispatch:" + ",".join(sorted(couriers))
        self._lead = Leadership(store, name, owner or uuid4().hex)
        self._memory = Memory()
        self._probe = Probe(store) if probe else None

    @property
    def leads(self) -> bool:
        """Whether this process is the one that sends."""
        return self._lead.lease is not None

    async def dispatch_due(
        self, now: datetime, trouble: Callable[[VigilError], None] = lambda _: None
    ) -> DispatchReport:
        """Send until nothing is due right now, at the pace that chats allow. Nothing is sent, and
        the report is empty, while another process sends. `trouble` hears, once, what keeps
        everybody waiting (an unreachable server, a wrong token). StoreError when the database
        fails.
        """
        began = monotonic()
        flow = self._flow()
        try:
            await self._once(flow, lambda: now + timedelta(seconds=monotonic() - began))
            for one in flow.troubles:
                trouble(one)
        finally:
            await self._lead.release()
        return flow.report

    async def run(
        self,
        stop: asyncio.Event,
        clock: Clock,
        report: Callable[[DispatchReport], None] = lambda _: None,
        trouble: Callable[[VigilError], None] = lambda _: None,
    ) -> None:
        """Send what is due until `stop` is set; what is in flight then is waited for.

        `report` hears every few seconds what was done, an idle stretch too; `trouble` when the
        database can't be used, or when a server can't be reached or knows us no more, once each
        time it begins: sending goes on as soon as it can.
        """
        while not stop.is_set():
            try:
                await self._stream(stop, clock, report, trouble)
            except VigilError as error:
                trouble(error)
                await _wait_for(stop, AFTER_TROUBLE)
        with contextlib.suppress(VigilError):
            await self._lead.release()

    def _flow(self) -> Flow:
        return Flow(self._store, self._wires, self._words, self._lead, self._memory, self._probe)

    async def _once(self, flow: Flow, clock: Clock) -> None:
        try:
            while await self._may_send(flow, clock):
                await flow.refill(clock())
                soonest = flow.start(clock)
                if flow.is_idle:
                    break
                await self._wait(flow, soonest, set())
                await flow.settle(clock)
        finally:
            await flow.finish(clock, GRACE)

    async def _stream(
        self,
        stop: asyncio.Event,
        clock: Clock,
        report: Callable[[DispatchReport], None],
        trouble: Callable[[VigilError], None],
    ) -> None:
        flow, told = self._flow(), monotonic()
        stopped = asyncio.create_task(stop.wait())
        bell = self._listen()
        try:
            while not stop.is_set():
                soonest = float("inf")
                if await self._may_send(flow, clock):
                    await flow.refill(clock())
                    soonest = flow.start(clock)
                await self._wait(flow, soonest, {stopped, bell})
                await flow.settle(clock)
                while flow.troubles:
                    trouble(flow.troubles.pop(0))
                if bell.done():
                    flow.look, bell = True, self._listen()
                if monotonic() - told > REPORT_EVERY or (flow.is_idle and flow.report.sent):
                    told = self._tell(flow, report)
        finally:
            stopped.cancel()
            bell.cancel()
            await asyncio.gather(stopped, bell, return_exceptions=True)
            await flow.finish(clock, GRACE)
            self._tell(flow, report)

    def _listen(self) -> asyncio.Task[bool]:
        return asyncio.create_task(self._store.woken("outbox", TICK))

    def _tell(self, flow: Flow, report: Callable[[DispatchReport], None]) -> float:
        report(flow.report)
        flow.report = DispatchReport()
        return monotonic()

    async def _may_send(self, flow: Flow, clock: Clock) -> bool:
        """Return whether this process sends. Without the right nothing is held; what is still in
        flight from before comes to its end before the right is taken again.
        """
        if self._lead.lease is None and flow.tasks:
            return False
        if await self._lead.held(clock()):
            return True
        flow.lanes.clear()
        flow.look = True
        return False

    async def _wait(self, flow: Flow, soonest: float, others: set[asyncio.Task[bool]]) -> None:
        """Wait until something arrived, somebody's turn has come, or the lease wants renewing."""
        timeout = max(0.0, min(soonest - monotonic(), RENEW))
        waits = {*flow.tasks, *others}
        if waits:
            await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(timeout)


async def _wait_for(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
