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
    loaded: Loaded, asked: Sequence[tuple[str, str]], moved: Callable[[int], None] = lambda _: None
) -> list[Checked]:
    """Ask every (address, kind) once; the answers come in their order. `moved` hears how many
    came.
    """
    turn, done = asyncio.Semaphore(AT_ONCE), 0
    async with _asking(loaded) as (fetcher, sandbox):

        async def one(url: str, kind: str) -> Checked:
            nonlocal done
            async with turn:
                answer = await _check(fetcher, sandbox, url, kind)
            done += 1
            moved(done)
            return answer

        return await asyncio.gather(*(one(url, kind) for url, kind in asked))


@asynccontextmanager
async def _asking(loaded: Loaded) -> AsyncIterator[tuple[Fetcher, Sandbox]]:
    from bot.app import fetch_rules
    from watchers.fetch import Fetcher
    from watchers.sandbox import Sandbox

    async with Fetcher(fetch_rules(loaded)) as fetcher, Sandbox() as sandbox:
        yield fetcher, sandbox


async def _check(fetcher: Fetcher, sandbox: Sandbox, url: str, name: str) -> Checked:
    from watchers.kinds import KINDS

    kind, now = KINDS[name], utcnow()
    source = Source(0, url, url, kind=name)
    try:
        fetched = await fetcher.fetch(kind.request(source, SourceState(), now), now)
        page = await sandbox.parse(kind.name, source, fetched.answer)
        if page.parts:
            said = f"an index of sitemaps, of which {len(page.parts)} are read"
            return Checked(url, True, 0, said, page.notes)
    except VigilError as error:
        return Checked(url, ok=False, said=str(error))
    moved = f" (moved to {fetched.moved_to})" if fetched.moved_to else ""
    return Checked(url, True, page.total, f"{page.title}{moved}", page.notes)


async def discover_at(loaded: Loaded, address: str) -> list[Found]:
    """Return the feeds of a site, the likeliest first; of one without a feed what else of it can
    be watched.
    """
    from watchers.discover import discover
    from watchers.without_feed import without_feed

    robots = loaded.settings.polling.respect_robots
    async with _asking(loaded) as (fetcher, sandbox):
        found = await discover(fetcher, sandbox, address, utcnow())
        if not found:
            other = await without_feed(fetcher, sandbox, address, utcnow(), robots=robots)
            found = [other] if other else []
        return list(found)
