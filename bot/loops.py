"""Loops that go on: started again when they fail, noticed when they stop, ended when told to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.logs import logger
from bot.report import Progress
from model.errors import VigilError

_log = logger()
SILENCE = 120.0
"""Seconds without any progress after which a part is said to have stopped."""
LONGEST = 60.0
"""Longest pause before a loop that failed is started again, in seconds."""


Telling = Callable[[str, float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Loop:
    """A part's work: runs until the event it is given is set."""

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]


async def keep(loop: Loop, stop: asyncio.Event, *, pause: float = 1.0) -> None:
    """Run a loop until `stop`; when it fails, say so and start it again after a pause that
    doubles up to a minute while it keeps failing.
    """
    wait = pause
    while not stop.is_set():
        began = asyncio.get_running_loop().time()
        try:
            await loop.run(stop)
        except VigilError as error:
            _log.error(f"{loop.name} failed", error=str(error), again_in=wait)
        except Exception:
            _log.exception(f"{loop.name} failed", again_in=wait)
        else:
            return
        if asyncio.get_running_loop().time() - began > LONGEST:
            wait = pause
        await until(stop, wait)
        wait = min(wait * 2, LONGEST)


async def until(stop: asyncio.Event, seconds: float) -> bool:
    """Wait until `stop` is set or the time is over; return whether it is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()


async def watchdog(
    progress: Progress,
    stop: asyncio.Event,
    *,
    every: float = 5.0,
    limit: float = SILENCE,
    tell: Telling | None = None,
) -> None:
    """Say, once, that a part has got nowhere for `limit` seconds, and that it goes on again: in
    the log, and by `tell` (part, seconds of silence; nought: it goes on).

    Measured by the monotonic clock: a wall clock set back silences schedules, not this.
    """
    told: set[str] = set()
    while not await until(stop, every):
        silent = progress.silent(limit)
        news = [(part, silent[part]) for part in silent if part not in told]
        news += [(part, 0.0) for part in told - silent.keys()]
        for part, seconds in news:
            if seconds:
                _log.error(f"{part} has got nowhere", seconds=round(seconds))
            else:
                _log.info(f"{part} goes on")
            if tell is not None:
                await _told(tell, part, seconds)
        told = set(silent)


async def _told(tell: Telling, part: str, seconds: float) -> None:
    """Tell; the watchdog must outlive whatever it reports, a database that is gone included."""
    try:
        await tell(part, seconds)
    except VigilError as error:
        _log.error("the owner could not be told", error=str(error))


async def end(tasks: Iterable[asyncio.Task[None]], *, grace: float) -> list[str]:
    """Let tasks finish by themselves for `grace` seconds, then cancel them; return the names of
    those that had to be.
    """
    running = [task for task in tasks if not task.done()]
    if running:
        await asyncio.wait(running, timeout=grace)
    late = [task for task in running if not task.done()]
    for task in late:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return [task.get_name() for task in late]
