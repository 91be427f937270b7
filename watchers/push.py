"""The inbound loop for what is pushed to us: read what the push inbox keeps, and take it in.

An event is over in the transaction that takes in what it says: after a crash in between it is
handled again, and nothing that was recorded is recorded twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from model import (
    NewSource,
    ParseError,
    PollReport,
    Source,
    StoreError,
    UnstorableError,
    VigilError,
)
from store import court_asks, dockets, push_inbox, sources, upkeep
from store.engine import Store, Tx
from store.push_inbox import Push
from watchers.batch import together
from watchers.kinds.courtlistener_push import EventType, Pushed, read_push
from watchers.take_in import Given, TakeIn

TRIES = 8
"""After so many an event is given up; it stays in the inbox with what was wrong."""
LOOK_EVERY = 2.0
"""Seconds after which the inbox is looked at again, whatever was announced."""
AFTER_TROUBLE = 5.0
KIND = "courtlistener"
"""The kind of the Source that stands for what CourtListener pushes and answers."""
DOCUMENT = "document "
"""Stands before the number of a document that is wanted, among the numbers of dockets."""
_FIRST_PAUSE = timedelta(seconds=30)
_LEASE = "pushes"
_LEASE_SECONDS = 30.0
_KNOWN = frozenset(EventType)


@dataclass(frozen=True, slots=True)
class PushReport:
    """What one round of handling events did."""

    handled: int = 0
    failed: int = 0
    """To be tried again."""
    kept: int = 0
    """Given up, or of an unknown sort: kept as they came."""
    taken: PollReport = field(default_factory=PollReport)


def source_of(base: str) -> NewSource:
    """Return the Source under which CourtListener's own answers and events are filed."""
    return NewSource(f"{base.rstrip('/')}/api/rest/v4/", "CourtListener", kind=KIND)


class Pushes:
    """Handles events one after another; several processes take turns by a lease."""

    def __init__(self, store: Store, take_in: TakeIn, base: str, *, owner: str) -> None:
        """Read events of the CourtListener at `base`, in the name of `owner`."""
        self._store = store
        self._take_in = take_in
        self._base = base
        self._owner = owner

    async def run(
        self,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
        report: Callable[[PushReport], None] = lambda _: None,
        trouble: Callable[[VigilError], None] = lambda _: None,
    ) -> None:
        """Handle events as they come until `stop` is set."""
        while not stop.is_set():
            try:
                report(await self.drain(clock()))
                await self._store.woken("pushes", LOOK_EVERY)
            except StoreError as error:
                trouble(error)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AFTER_TROUBLE):
                        await stop.wait()

    async def drain(self, now: datetime) -> PushReport:
        """Handle every event whose time has come. StoreError when the database can't be used."""
        total = PushReport()
        while waiting := await self._waiting(now):
            for push in waiting:
                total = _added(total, await self._handle(push, now))
        if total != PushReport():
            async with self._store.write() as tx:
                await upkeep.release(tx, _LEASE, self._owner)
        return total

    async def _waiting(self, now: datetime) -> Sequence[Push]:
        async with self._store.read() as tx:
            if not await push_inbox.pending(tx, now, limit=1):
                return ()
        async with self._store.write() as tx:
            if await upkeep.lease(tx, _LEASE, self._owner, _LEASE_SECONDS) is None:
                return ()
            return await push_inbox.pending(tx, now)

    async def _handle(self, push: Push, now: datetime) -> PushReport:
        try:
            pushed = read_push(push.body, self._base)
            if pushed.event not in _KNOWN:
                return await self._give_up(push, f"an event of sort {pushed.event}", now)
            report = await self._take(push, pushed, now)
        except ParseError as error:
            return await self._give_up(push, str(error), now)
        except Exception as error:  # one event nobody foresaw holds up no other
            if isinstance(error, StoreError) and not isinstance(error, UnstorableError):
                raise
            return await self._try_again(push, f"{type(error).__name__}: {error}", now)
        return PushReport(handled=1, taken=report)

    async def _take(self, push: Push, pushed: Pushed, now: datetime) -> PollReport:
        source = await self._source(now)

        async def settle(tx: Tx) -> bool:
            if not await push_inbox.done(tx, push.id, now):
                return False
            await court_asks.want(tx, await _wanted(tx, pushed), now)
            await court_asks.rearm(tx, pushed.rearm)
            return True

        return await self._take_in.take_in_given(Given(source, pushed.items, now), settle)

    async def _source(self, now: datetime) -> Source:
        new = source_of(self._base)
        async with self._store.read() as tx:
            found = await sources.by_url(tx, new.url)
        if found is not None:
            return found
        async with self._store.write() as tx:
            return await sources.never_asked(tx, new, now)

    async def _give_up(self, push: Push, error: str, now: datetime) -> PushReport:
        async with self._store.write() as tx:
            await push_inbox.done(tx, push.id, now, error)
        return PushReport(kept=1)

    async def _try_again(self, push: Push, error: str, now: datetime) -> PushReport:
        if push.tries + 1 >= TRIES:
            return await self._give_up(push, error, now)
        async with self._store.write() as tx:
            later = now + _FIRST_PAUSE * 2**push.tries
            await push_inbox.failed(tx, push.id, error, later)
        return PushReport(failed=1)


async def _wanted(tx: Tx, pushed: Pushed) -> set[str]:
    """Return the dockets, and the documents, of which an event says that there is more to know
    than it tells.
    """
    filings = [one.filing for one in pushed.items if one.filing is not None]
    bare = {one.docket_id for one in filings if one.docket_id and not one.caption}
    known = {one for one in bare if any(d.caption for d in await dockets.find(tx, docket_id=one))}
    document = f"{DOCUMENT}{pushed.document_id}" if pushed.document_id else ""
    return {one for one in (*(bare - known), pushed.docket_id, document) if one}


def _added(one: PushReport, other: PushReport) -> PushReport:
    return replace(
        one,
        handled=one.handled + other.handled,
        failed=one.failed + other.failed,
        kept=one.kept + other.kept,
        taken=together([one.taken, other.taken]),
    )
