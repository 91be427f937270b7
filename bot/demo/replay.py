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
from bot.court_dates import tell_dates
from bot.demo.court import PUSH, Paper, pushed
from bot.demo.outlets import Case, Newsstand, Piece, load_case
from bot.demo.stage import Count, Stage, StageCourier
from bot.words import load as words
from matching.match import Matcher
from model.docket import DocketState
from model.item import Item
from model.people import Chat, NewSubscriber
from model.report import PollReport
from model.source import NewSource
from store import dockets, items, push_inbox, sources, subscribers, watches
from store.engine import Store
from watchers.book import WatchBook
from watchers.fetch import Fetcher, FetchRules
from watchers.kinds.courtlistener_push import EventType
from watchers.kinds.pacer import NAME as PACER
from watchers.poll import Poller, PollRules
from watchers.push import Pushes
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn, TakeInRules

SECONDS = 15.0
"""How long the replay takes at 1x, beside what the work itself takes."""
OPENING = timedelta(hours=1)
"""The case's clock starts this long before the first thing that happens."""

ZONE = "America/New_York"
"""Where the story is read: what is set in court is said the evening before."""
EVERY = timedelta(hours=23)
"""So long the case's clock may jump without asking anybody."""
DOCKETS = "https://dockets.example"
"""Where the docket could be read, on a host that is nobody's."""


@dataclass(frozen=True, slots=True)
class Address:
    """A chat on a Bot API server, to which `--telegram` sends instead of the terminal."""

    url: str
    token: str
    chat: str


@dataclass(slots=True)
class Parts:
    """The real parts, on a database that lives as long as the demo."""

    case: Case
    stand: Newsstand
    store: Store
    poller: Poller
    pushes: Pushes
    dispatcher: Dispatcher
    stage: Stage
    count: Count
    asked: datetime | None = None
    """When every source was last asked."""


async def play(out: TextIO, *, speed: float = 1.0, telegram: Address | None = None) -> None:
    """Replay the case on `out`; `speed` 20 takes a twentieth of the time.

    With `telegram` the alerts go to that chat; a VigilError says why they can't.
    """
    async with parts_of(out, telegram) as parts:
        case = parts.case
        parts.stage.opens(
            [one.name for one in case.watches],
            [one.name for one in case.outlets],
            case.docket.number,
        )
        clock, first = await open_case(parts)
        for piece in case.pieces[first:]:
            pause = SECONDS / speed / (len(case.pieces) - first)
            await parts.stage.clock(clock, piece.at, pause)
            clock = piece.at
            await happens(parts, piece)
        async with parts.store.read() as tx:
            kept = await items.history(tx, limit=500)
        parts.count.filings = sum(1 for one in kept if one.filing is not None)
        parts.count.articles = len(kept) - parts.count.filings
        parts.stage.closes(parts.count)


async def open_case(parts: Parts) -> tuple[datetime, int]:
    """Let every outlet be asked for what it holds already; return when the story begins, and
    with which of the case's pieces.
    """
    pieces = parts.case.pieces
    first = next(at for at in range(len(pieces)) if _is_news(parts.case, at))
    for piece in pieces[:first]:
        await _published(parts, piece)
    clock = pieces[first].at - OPENING
    await _round(parts, clock)
    return clock, first


def _is_news(case: Case, at: int) -> bool:
    """Return whether the story proper has begun: everything before it is the outlets' backlog."""
    return case.pieces[at].at > case.pieces[0].at + timedelta(days=1)


async def happens(parts: Parts, piece: Piece | Paper) -> None:
    """Let an outlet or the court publish, poll, deliver; show what was rightly held back."""
    await _quiet_days(parts, piece.at)
    await _published(parts, piece)
    report = await _round(parts, piece.at)
    if isinstance(piece, Piece) and piece.near_miss and not report.alerts:
        parts.count.held_back += 1
        parts.stage.held_back(piece.title, _why_not(parts.case, piece))


async def _quiet_days(parts: Parts, until: datetime) -> None:
    """Ask at least once a day where nothing happens: a court's feed holds no longer."""
    while parts.asked and until - parts.asked > EVERY:
        await _round(parts, parts.asked + EVERY)


async def _published(parts: Parts, piece: Piece | Paper) -> None:
    if isinstance(piece, Piece):
        parts.stand.publish(piece)
    elif piece.by == PUSH:
        body = pushed(parts.case.docket, piece)
        async with parts.store.write() as tx:
            await push_inbox.put(tx, "", EventType.DOCKET_ALERT, body, piece.at)
    else:
        parts.stand.docket(piece)


async def _round(parts: Parts, now: datetime) -> PollReport:
    """Take what was pushed, ask the outlets and the court, and deliver what came of it."""
    came = (await parts.pushes.drain(now)).taken
    report = await parts.poller.poll_all(now)
    parts.asked = now
    count = parts.count
    count.polls += len(report.polls)
    count.mentions += sum(poll.mentions for poll in report.polls)
    count.alerts += report.alerts + came.alerts
    count.edits += report.edits + came.edits
    await tell_dates(parts.store, ZONE, now)
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
async def parts_of(out: TextIO, telegram: Address | None) -> AsyncIterator[Parts]:
    """Put the real parts together, with the story's watches, sources and docket in a new database;
    alerts go to `out`, or to `telegram`.
    """
    case, stage = load_case(), Stage(out)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vigil-demo-"))
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}")
        stack.push_async_callback(store.close)
        stand = await stack.enter_async_context(Newsstand(case))
        fetcher = await stack.enter_async_context(
            Fetcher(FetchRules(host_gap=0.0, allow_networks=("127.0.0.0/8",)))
        )
        sandbox = await stack.enter_async_context(Sandbox())
        book = WatchBook(Matcher())
        stack.callback(book.close)
        courier = _courier(out, stage, telegram)
        stack.push_async_callback(courier.close)
        await _furnish(store, case, stand, telegram)
        yield Parts(
            case,
            stand,
            store,
            Poller(store, fetcher, sandbox, book, PollRules(host_gap=0.0)),
            Pushes(store, TakeIn(store, book, TakeInRules()), DOCKETS, owner="demo"),
            Dispatcher(store, {courier.name: courier}, words),
            stage,
            Count(),
        )


def _courier(out: TextIO, stage: Stage, telegram: Address | None) -> Courier:
    if telegram is None:
        return StageCourier(out, stage)
    return TelegramCourier(telegram.token, api_url=telegram.url)


async def _furnish(store: Store, case: Case, stand: Newsstand, telegram: Address | None) -> None:
    """Write down the story's watches, its outlets, its docket, and the one who hears."""
    start = case.pieces[0].at - OPENING
    async with store.write() as tx:
        await subscribers.add(tx, _listener(telegram), start)
        for watch in case.watches:
            await watches.add(tx, watch, start)
        for outlet in case.outlets:
            new = NewSource(stand.address(outlet), name=outlet.name, lang=outlet.lang)
            await sources.add(tx, new, start)
        await sources.add(tx, NewSource(stand.court_address, name="E.D.N.Y.", kind=PACER), start)
        docket = case.docket
        await dockets.follow(
            tx, docket.court, docket.number, now=start, docket_id=docket.docket_id,
            state=DocketState.SEALED,
        )  # fmt: skip


def _listener(telegram: Address | None) -> NewSubscriber:
    if telegram is None:
        return NewSubscriber(courier="console", address="")
    return NewSubscriber("telegram", telegram.chat, title="vigil demo", chat=Chat.CHANNEL)
