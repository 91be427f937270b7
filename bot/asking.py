"""Asking feeds and sites once, storing nothing: `vigil feed check` and `vigil feed discover`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.config import Loaded
from bot.opening import utcnow
from model.errors import VigilError
from model.source import Source, SourceState

if TYPE_CHECKING:
    from watchers.discover import Found
    from watchers.fetch import Fetcher
    from watchers.sandbox import Sandbox

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Checked:
    """How one address answered."""

    url: str
    ok: bool
    items: int = 0
    said: str = ""
    """The feed's title, or the sentence of what is wrong."""
    notes: tuple[str, ...] = ()
    """What is odd about a feed that is read all the same (not well-formed, very long)."""


async def check_all(
    loaded: Loaded, urls: Sequence[str], moved: Callable[[int], None] = lambda _: None
) -> list[Checked]:
    """Ask every address once; the answers come in their order. `moved` hears how many came."""
    turn, done = asyncio.Semaphore(AT_ONCE), 0
    async with _asking(loaded) as (fetcher, sandbox):

        async def one(url: str) -> Checked:
            nonlocal done
            async with turn:
                answer = await _check(fetcher, sandbox, url)
            done += 1
            moved(done)
            return answer

        return await asyncio.gather(*(one(url) for url in urls))


@asynccontextmanager
async def _asking(loaded: Loaded) -> AsyncIterator[tuple[Fetcher, Sandbox]]:
    from bot.app import fetch_rules
    from watchers.fetch import Fetcher
    from watchers.sandbox import Sandbox

    async with Fetcher(fetch_rules(loaded)) as fetcher, Sandbox() as sandbox:
        yield fetcher, sandbox


async def _check(fetcher: Fetcher, sandbox: Sandbox, url: str) -> Checked:
    from watchers.kinds import KINDS

    kind, now = KINDS["feed"], utcnow()
    source = Source(0, url, url)
    try:
        fetched = await fetcher.fetch(kind.request(source, SourceState(), now), now)
        page = await sandbox.parse(kind.name, source, fetched.answer)
    except VigilError as error:
        return Checked(url, ok=False, said=str(error))
    moved = f" (moved to {fetched.moved_to})" if fetched.moved_to else ""
    return Checked(url, True, page.total, f"{page.title}{moved}", page.notes)


async def discover_at(loaded: Loaded, address: str) -> list[Found]:
    """Return the feeds of a site, the likeliest first."""
    from watchers.discover import discover

    async with _asking(loaded) as (fetcher, sandbox):
        return list(await discover(fetcher, sandbox, address, utcnow()))
