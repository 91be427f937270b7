"""Claims flow in, polls run side by side, and what they bring is written down in batches."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Self

from model import Claim, PollReport, StoreError
from store import sources
from store.engine import Store
from watchers.ask import Asker, Outcome, Result
from watchers.batch import ITEMS_MOST, together
from watchers.take_in import TakeIn

RENEWED_AFTER = 0.3
"""The part of a lease after which it is renewed, while a poll goes on."""
NEWS_WAIT = 0.05
"""Seconds that news waits for other news to be written with."""
QUIET_WAIT = 1.5
"""Seconds that polls without news wait to be written together."""
BATCH = 200
"""Polls written in one transaction."""
QUEUE_SECONDS = 30.0
"""How long a poll may wait for its turn with a host; what would wait longer is put off."""


@dataclass(frozen=True, slots=True)
class FlowRules:
    """How claims are held."""

    owner: str
    """Whose claims they are: one name for each process."""
    lease: float = 10.0
    """Seconds."""
    host_gap: float = 1.0
    """Seconds between two requests to one host."""


class Flow:
    """One stream of polls. Use as an async context manager: what was answered when it ends is
    written down, what was not is left to its lease.
    """

    def __init__(
        self,
        store: Store,
        asker: Asker,
        take_in: TakeIn,
        rules: FlowRules,
        clock: Callable[[], datetime],
    ) -> None:
        """Poll with `asker`, write with `take_in`, at the times `clock` gives."""
        self._store = store
        self._asker = asker
        self._take_in = take_in
        self._rules = rules
        self._clock = clock
        self._open: dict[int, Claim] = {}
        """Claims that are not written down yet, by Source."""
        self._asking: set[asyncio.Task[None]] = set()
        self._pile: list[Result] = []
        self._hosts: Counter[str] = Counter()
        self._hurry = asyncio.Event()
        self._moved = asyncio.Event()
        self._closing = False
        self._trouble: Exception | None = None
        self._reports: list[PollReport] = []
        self._started = monotonic()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start writing and renewing."""
        self._tasks = [
            asyncio.create_task(self._write_down()),
            asyncio.create_task(self._renew()),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop asking, write down what was answered, let go of the rest."""
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        self._closing = True
        self._hurry.set()
        writer, renewer = self._tasks
        await writer
        renewer.cancel()
        await asyncio.gather(renewer, return_exceptions=True)

    def __len__(self) -> int:
        """Return how many claims are open."""
        return len(self._open)

    def start(self, claims: Iterable[Claim]) -> None:
        """Poll these Sources, those of one host one after another."""
        for claim in claims:
            self._open[claim.source.id] = claim
            host = claim.source.url.partition("://")[2].partition("/")[0]
            wait = self._queue_seconds(host)
            if wait > QUEUE_SECONDS:
                self._put(Result(claim, Outcome.PUT_OFF, self._clock(), wait=wait))
                continue
            self._hosts[host] += 1
            task = asyncio.create_task(self._ask(claim, host))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    def _queue_seconds(self, host: str) -> float:
        return self._hosts[host] * self._rules.host_gap

    async def moved(self, seconds: float) -> None:
        """Wait until something was written down, at most this long. Raises what went wrong."""
        self._moved.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()
        self.check()

    async def drain(self) -> None:
        """Wait until every claim is written down. Raises what went wrong."""
        while self._open:
            if not self._asking:
                self._hurry.set()
            await self.moved(QUIET_WAIT)
        self.check()

    def check(self) -> None:
        """Raise what went wrong while writing, if anything did."""
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            raise trouble

    def report(self) -> PollReport:
        """Return what was written down since the last report."""
        reports, self._reports = self._reports, []
        started, self._started = self._started, monotonic()
        return replace(together(reports), seconds=self._started - started)

    async def _ask(self, claim: Claim, host: str) -> None:
        try:
            result = await self._asker.ask(claim, self._clock())
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever it was, it ends this poll alone
            said = f"Polling failed in a way nobody foresaw ({type(error).__name__}: {error})."
            result = Result(claim, Outcome.FAILED, self._clock(), error=said)
        finally:
            self._hosts[host] -= 1
            if not self._hosts[host]:
                del self._hosts[host]
        result.at = self._clock()
        self._put(result)

    def _put(self, result: Result) -> None:
        """Lay a Result on the pile; it is written soon, with others."""
        self._pile.append(result)
        if len(self._pile) >= BATCH or not self._asking_besides():
            self._hurry.set()
        elif result.items:
            asyncio.get_running_loop().call_later(NEWS_WAIT, self._hurry.set)
        elif len(self._pile) == 1:
            asyncio.get_running_loop().call_later(QUIET_WAIT, self._hurry.set)

    def _asking_besides(self) -> bool:
        """Return whether anything else could still join the pile soon."""
        return len(self._pile) < len(self._open)

    async def _write_down(self) -> None:
        while not self._closing or self._pile:
            await self._hurry.wait()
            self._hurry.clear()
            while self._pile:
                await self._write_batch(self._next_batch())

    def _next_batch(self) -> list[Result]:
        """Take from the pile what one transaction holds."""
        count, room = 0, ITEMS_MOST
        for result in self._pile[:BATCH]:
            room -= len(result.items)
            if count and room < 0:
                break
            count += 1
        batch, self._pile = self._pile[:count], self._pile[count:]
        return batch

    async def _write_batch(self, batch: Sequence[Result]) -> None:
        try:
            self._reports.append(await self._take_in.take_in(batch))
        except Exception as error:  # raised again where the stream is watched
            self._trouble = error
        for result in batch:
            self._open.pop(result.claim.source.id, None)
        self._moved.set()

    async def _renew(self) -> None:
        """Hold on to what is still being polled."""
        while True:
            await asyncio.sleep(self._rules.lease * RENEWED_AFTER)
            if not self._open:
                continue
            with contextlib.suppress(StoreError):  # the next time will do, or the lease ends
                async with self._store.write() as tx:
                    await sources.renew(tx, self._rules.owner, list(self._open), self._rules.lease)
