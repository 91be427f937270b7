"""`vigil demo`: a real case replayed through the real pipeline, with the case's own clock."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from alerts.couriers import Courier
from alerts.couriers.telegram import TelegramCourier
from alerts.dispatch import Dispatcher
from bot.demo.outlets import Case, Newsstand, Piece, load_case
from bot.demo.stage import Count, Stage, StageCourier
from bot.words import load as words
from matching.match import Matcher
from model.item import Item
from model.people import Chat, NewSubscriber
from model.report import PollReport
from model.source import NewSource
from store import items, sources, subscribers, watches
from store.engine import Store
from watchers.book import WatchBook
from watchers.fetch import Fetcher, FetchRules
from watchers.poll import Poller, PollRules
from watchers.sandbox import Sandbox

SECONDS = 19.0
"""How long the replay takes at 1x, beside what the work itself takes."""
OPENING = timedelta(hours=1)
"""The case's clock starts this long before the first thing that happens."""


@dataclass(frozen=True, slots=True)
class Address:
    """A chat on a Bot API server, to which `--telegram` sends instead of the terminal."""

    url: str
    token: str
    chat: str


@dataclass(slots=True)
class _Parts:
    """The real parts, on a database that lives as long as the demo."""

    case: Case
    stand: Newsstand
    store: Store
    poller: Poller
    dispatcher: Dispatcher
    stage: Stage
    count: Count


async def play(out: TextIO, *, speed: float = 1.0, telegram: Address | None = None) -> None:
    """Replay the case on `out`; `speed` 20 takes a twentieth of the time.

    With `telegram` the alerts go to that chat; a VigilError says why they can't.
    """
    async with _parts(out, telegram) as parts:
        case = parts.case
        parts.stage.opens([one.name for one in case.watches], [one.name for one in case.outlets])
        first = next(at for at, piece in enumerate(case.pieces) if _is_news(case, at))
        for piece in case.pieces[:first]:
            parts.stand.publish(piece)
        clock = case.pieces[first].at - OPENING
        await _round(parts, clock)
        for piece in case.pieces[first:]:
            pause = SECONDS / speed / (len(case.pieces) - first)
            await parts.stage.clock(clock, piece.at, pause)
            clock = piece.at
            await _happens(parts, piece)
        async with parts.store.read() as tx:
            parts.count.articles = await items.count(tx)
        parts.stage.closes(parts.count)


def _is_news(case: Case, at: int) -> bool:
    """Return whether the story proper has begun: everything before it is the outlets' backlog."""
    return case.pieces[at].at > case.pieces[0].at + timedelta(days=1)


async def _happens(parts: _Parts, piece: Piece) -> None:
    """Let an outlet publish, poll, deliver; show what was rightly held back."""
    parts.stand.publish(piece)
    report = await _round(parts, piece.at)
    if piece.near_miss and not report.alerts:
        parts.count.held_back += 1
        parts.stage.held_back(piece.title, _why_not(parts.case, piece))


async def _round(parts: _Parts, now: datetime) -> PollReport:
    """Ask every outlet, and deliver what came of it."""
    report = await parts.poller.poll_all(now)
    count = parts.count
    count.polls += len(report.polls)
    count.mentions += sum(poll.mentions for poll in report.polls)
    count.alerts += report.alerts
    count.edits += report.edits
    await parts.dispatcher.dispatch_due(now)
    return report


def _why_not(case: Case, piece: Piece) -> str:
    """Return in words what decided that this piece names nobody who is watched."""
    item = Item(title=piece.title, summary=piece.summary, lang=piece.lang)
    spoken = words("en")
    for watch in case.watches:
        for verdict in Matcher().explain(watch, item):
            if not verdict.passed:
                return spoken.reason(verdict.reason)
    return ""


@asynccontextmanager
async def _parts(out: TextIO, telegram: Address | None) -> AsyncIterator[_Parts]:
    case, stage = load_case(), Stage(out)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vigil-demo-"))
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}")
        stack.push_async_callback(store.close)
        stand = await stack.enter_async_context(Newsstand(case.outlets))
        fetcher = await stack.enter_async_context(
            Fetcher(FetchRules(host_gap=0.0, allow_networks=("127.0.0.0/8",)))
        )
        sandbox = await stack.enter_async_context(Sandbox())
        book = WatchBook(Matcher())
        stack.callback(book.close)
        courier = _courier(out, stage, telegram)
        stack.push_async_callback(courier.close)
        await _furnish(store, case, stand, telegram)
        yield _Parts(
            case,
            stand,
            store,
            Poller(store, fetcher, sandbox, book, PollRules(host_gap=0.0)),
            Dispatcher(store, {courier.name: courier}, words),
            stage,
            Count(),
        )


def _courier(out: TextIO, stage: Stage, telegram: Address | None) -> Courier:
    if telegram is None:
        return StageCourier(out, stage)
    return TelegramCourier(telegram.token, api_url=telegram.url)


async def _furnish(store: Store, case: Case, stand: Newsstand, telegram: Address | None) -> None:
    """Write down the story's watches, its outlets, and the one who hears."""
    start = case.pieces[0].at - OPENING
    async with store.write() as tx:
        await subscribers.add(tx, _listener(telegram), start)
        for watch in case.watches:
            await watches.add(tx, watch, start)
        for outlet in case.outlets:
            new = NewSource(stand.address(outlet), name=outlet.name, lang=outlet.lang)
            await sources.add(tx, new, start)


def _listener(telegram: Address | None) -> NewSubscriber:
    if telegram is None:
        return NewSubscriber(courier="console", address="")
    return NewSubscriber("telegram", telegram.chat, title="vigil demo", chat=Chat.CHANNEL)
