"""A conversation to be held in tests: a fake Telegram, a real client, a real store."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from alerts.couriers.telegram import TelegramCourier
from alerts.dispatch import Dispatcher
from bot.demo.botapi.people import Room, Someone
from bot.demo.telegram_server import TelegramServer
from bot.rhythm import keep_time
from bot.talk.parts import Account, Parts
from bot.talk.receive import Receiver
from bot.words import load
from matching.joining import decide
from matching.match import Matcher
from matching.raising import audiences, raise_alerts
from matching.same import REPRINT_WINDOW
from model import Decision, Item, News, NewSource, Recorded, Step, StoredWatch
from model.words import Words
from store import items, members, outbox, sources, subscribers, told, watches
from store.engine import Store
from tests.commits import becomes
from watchers.fetch import Fetcher, FetchRules
from watchers.sandbox import Sandbox


class Clock:
    """The time of the conversation; it stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class Stage:
    """Everything a test of the conversation acts on."""

    server: TelegramServer
    store: Store
    clock: Clock
    parts: Parts
    ana: Someone
    """The owner."""
    receiver: Receiver
    troubles: list[str] = field(default_factory=list)

    def account(self) -> Account:
        return Account(self.server.token, self.server.url)

    async def read(self, *texts: Item, source: str = "InSight Crime") -> list[Item]:
        """Let a source have published these."""
        async with self.store.write() as tx:
            address = f"https://{source.lower().replace(' ', '')}.example/feed"
            stored = await sources.add(tx, NewSource(address, source), self.clock.now)
            whole = [
                replace(one, key=one.key or one.title, source=source, source_id=stored.id)
                for one in texts
            ]
            recorded = await items.record(tx, whole, self.clock.now)
            return [one.item for one in recorded]

    async def followed(self, name: str) -> StoredWatch:
        """Return the watch of this name, once there is one."""
        async with self.store.read() as tx:
            found = await watches.by_name(tx, name)
        assert found is not None, f"{name} is not followed"
        return found

    async def all_followed(self) -> list[str]:
        async with self.store.read() as tx:
            return [one.watch.name for one in await watches.all_watches(tx)]

    async def alert(self, item: Item, *, grouped: bool = False) -> None:
        """Raise and deliver what this stored article raises, through the real outbox; `grouped`:
        as part of a story told before, where it is one.
        """
        async with self.store.write() as tx:
            every = (await watches.log_since(tx, 0)).changed
            heard = audiences(every, await subscribers.all_subscribers(tx))
            matcher = Matcher()
            for one in every:
                matcher.add(one.watch)
            recorded = Recorded(item, News.NEW)
            found = matcher.find_mentions(item)
            drafts = raise_alerts(recorded, found, heard)
            decisions = [Decision(draft, Step.TELL) for draft in drafts]
            assert decisions, "nothing is raised by it"
            if grouped:
                before = await told.told(tx, drafts, self.clock.now - REPRINT_WINDOW)
                decisions = decide(drafts, before, now=self.clock.now)
            await outbox.queue(tx, decisions, self.clock.now)
            await items.add_mentions(tx, [(item.id, one) for one in found])
        await self.deliver()

    async def keep_time(self) -> None:
        """Look what has had its time, and send what is due."""
        await keep_time(self.store, load, self.clock.now)
        await self.deliver()

    async def deliver(self) -> None:
        """Send what is due."""
        courier = TelegramCourier(self.server.token, api_url=self.server.url)
        try:
            dispatcher = Dispatcher(
                self.store, {"telegram": courier}, self.parts.words, owner="test"
            )
            await dispatcher.dispatch_due(self.clock.now)
        finally:
            await courier.close()

    async def handled(self) -> None:
        """Wait until everything people did has been answered."""
        from store import inbox

        async def is_empty() -> bool:
            async with self.store.read() as tx:
                return not await inbox.pending(tx, 1)

        updates = self.server.updates
        await self.server.until(lambda: not updates.pending, "an update was never taken", 60)
        await becomes(self.store, is_empty)


@contextlib.asynccontextmanager
async def conversing(receiver: Receiver) -> AsyncIterator[None]:
    """Let the bot converse meanwhile."""
    stop = asyncio.Event()
    running = asyncio.create_task(receiver.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 60)


@contextlib.asynccontextmanager
async def staged(
    store: Store,
    now: datetime,
    *,
    owned: bool = True,
    words: Callable[[str], Words] = load,
    strangers: str = "refuse",
) -> AsyncIterator[Stage]:
    """Give a stage on which nobody converses yet."""
    clock = Clock(now)
    async with (
        TelegramServer(clock=lambda: clock.now.timestamp()) as server,
        Fetcher(FetchRules(user_agent="test", allow_networks=("127.0.0.0/8",), host_gap=0)) as web,
        Sandbox(1) as sandbox,
    ):
        troubles: list[str] = []
        parts = Parts(
            store,
            words,
            web,
            sandbox,
            "0.1.0",
            now,
            strangers=strangers,
            troubles=lambda: tuple(troubles),
        )
        ana = server.person("Ana")
        if owned:
            async with store.write() as tx:
                await members.set_owner(tx, ana.id, now)
        account = Account(server.token, server.url)
        receiver = Receiver(parts, account, "test", clock, pause=0.05)
        yield Stage(server, store, clock, parts, ana, receiver, troubles)


def article(title: str, summary: str = "", url: str = "") -> Item:
    return Item(key=url or title, title=title, summary=summary, url=url)


def labels(room: Room | Someone) -> Sequence[str]:
    return (room.private if isinstance(room, Someone) else room).buttons()
