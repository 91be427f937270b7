"""Many sources at once: each is read before it is added, with a message that says how it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from alerts.inert import inert
from bot.talk import handing, replies, undo
from bot.talk.turn import Turn
from model.errors import FetchError, ParseError
from model.message import Message
from model.source import NewSource, Source
from store import sources
from store.engine import Tx
from store.roster import alone
from watchers.discover import read_feed

EVERY = 5.0
"""Seconds between two changes of the message that says how it goes."""
AT_ONCE = 8
"""Sources that are asked at the same time; each host is asked politely in any case."""
MOST = 5_000
"""Sources of one list."""


@dataclass(slots=True)
class _Going:
    """How it goes."""

    total: int
    checked: int = 0
    fine: set[str] = field(default_factory=set)
    """Addresses that are feeds."""
    failed: list[str] = field(default_factory=list)
    known: int = 0


async def ask(turn: Turn) -> None:
    """[Import]: say what can be sent."""
    await replies.say(turn, "import.how")


async def run(turn: Turn, feeds: Sequence[NewSource], notes: list[str]) -> None:
    """Read each feed of a list and add those that answer; say how it goes meanwhile, and in the
    end what became of it, with [Undo].
    """
    going = _Going(min(len(feeds), MOST), failed=list(notes))
    fresh = []
    async with turn.parts.store.read() as tx:
        for one in feeds[:MOST]:
            kept = await sources.by_url(tx, one.url)
            if kept is not None and kept.enabled:
                going.known += 1
            else:
                fresh.append(one)
    shown = await replies.show(turn, _progress(turn, going, len(fresh)))
    await _check(turn, fresh, going, shown.message_id if shown is not None else 0)
    async with turn.parts.store.write() as tx:
        await alone(tx)
        added = await _add(tx, turn, fresh, going)
        rows = []
        if added:
            key = await undo.remember(tx, turn, "feeds_added", sources=[one.id for one in added])
            rows = [[key]]
    await _finish(turn, going, rows, shown.message_id if shown is not None else 0)


async def _add(tx: Tx, turn: Turn, fresh: Sequence[NewSource], going: _Going) -> list[Source]:
    """Add the feeds that answered. What somebody else added while they were read is theirs:
    [Undo] of this list must not take it away.
    """
    added = []
    for one in fresh:
        kept = await sources.by_url(tx, one.url) if one.url in going.fine else None
        if kept is not None and kept.enabled:
            going.fine.discard(one.url)
            going.known += 1
        elif one.url in going.fine:
            added.append(await sources.add(tx, one, turn.now))
    return added


async def _check(turn: Turn, fresh: Sequence[NewSource], going: _Going, message: int) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    work = [asyncio.create_task(_one(turn, one, going, gate)) for one in fresh]
    try:
        while work:
            await asyncio.wait(work, timeout=EVERY)
            if all(one.done() for one in work):
                break
            await replies.change_own(turn, message, _progress(turn, going, len(fresh)))
    finally:
        for one in work:
            one.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def _one(turn: Turn, one: NewSource, going: _Going, gate: asyncio.Semaphore) -> None:
    async with gate:
        try:
            found = await read_feed(turn.parts.fetcher, turn.parts.sandbox, one.url, turn.now)
        except (FetchError, ParseError) as error:
            going.failed.append(f"{one.url}: {error}")
        else:
            if found is None:
                going.failed.append(f"{one.url}: {turn.words.say('import.no-feed')}")
            else:
                going.fine.add(one.url)
        going.checked += 1


def _progress(turn: Turn, going: _Going, total: int) -> Message:
    return turn.words.write(
        "import.progress", n=total, checked=going.checked, failed=len(going.failed)
    )


async def _finish(turn: Turn, going: _Going, rows: replies.Rows, message: int) -> None:
    words = turn.words
    told = [words.say("import.done", n=len(going.fine))]
    if going.known:
        told.append(words.say("import.known", n=going.known))
    if going.failed:
        told.append(words.say("import.failed", n=len(going.failed)))
    await replies.change_own(turn, message, Message(" ".join(told)), rows)
    if going.failed:
        text = "\n".join(map(inert, going.failed)) + "\n"
        caption = words.write("import.list", n=len(going.failed))
        await handing.file(turn, f"not-imported-{turn.now:%Y-%m-%d}.txt", text.encode(), caption)
