"""A store, a Bot API server and dispatchers in between, each step one line of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from alerts.couriers import Courier
from alerts.couriers.telegram import TelegramCourier, Timeouts
from alerts.dispatch import Dispatcher
from alerts.pacing import Limits
from bot.demo.botapi.people import Room, Someone
from bot.demo.telegram_server import TOKEN, TelegramServer
from model.alert import AlertDraft, Decision, Notice, Step
from model.item import Item
from model.people import Chat, Member, NewSubscriber, Role, Subscriber
from model.report import DispatchReport
from model.watch import Priority, Watch
from store import items, members, outbox, subscribers, watches
from store.engine import Store
from tests.alerts.making import AT, NAME, SUMMARY, english, mention

FAST = Limits(per_second=1000.0, gap=0.001, per_window=10_000, window=1.0)
QUICK = Timeouts(connect=2.0, read=0.4, total=2.0)


@dataclass(slots=True)
class Newsroom:
    """Ana's newsroom: her channel "Desk" is linked, a watch is set."""

    store: Store
    server: TelegramServer
    ana: Someone
    desk: Room
    to: Subscriber
    """The channel as the store knows it."""
    limits: Limits = FAST
    now: datetime = AT
    probe: bool = False
    numbers: int = 0
    couriers: list[Courier] = field(default_factory=list)

    def dispatcher(self, owner: str = "me", courier: Courier | None = None) -> Dispatcher:
        """Return a process's dispatcher."""
        courier = courier or TelegramCourier(
            TOKEN, api_url=self.server.url, limits=self.limits, timeouts=QUICK
        )
        self.couriers.append(courier)
        return Dispatcher(
            self.store,
            {courier.name: courier},
            lambda _: english(),
            owner=owner,
            probe=self.probe,
        )

    async def dispatch(self, after: float = 0.0) -> DispatchReport:
        """Dispatch with a new process what is due after so many seconds."""
        self.now += timedelta(seconds=after)
        return await self.dispatcher().dispatch_due(self.now)

    async def link(self, room: Room, **more: object) -> Subscriber:
        """Return a room as a Subscriber."""
        chat = {"private": Chat.PRIVATE, "channel": Chat.CHANNEL}.get(room.chat.kind, Chat.GROUP)
        new = NewSubscriber("telegram", str(room.id), title=room.chat.title, chat=chat, **more)  # type: ignore[arg-type]
        async with self.store.write() as tx:
            return await subscribers.add(tx, new, self.now)

    async def own(self) -> Room:
        """Make Ana the owner, with a private chat; return the chat."""
        await self.ana.says("/start")
        async with self.store.write() as tx:
            await members.add(tx, Member(self.ana.id, "Ana", Role.OWNER, since=self.now))
        await self.link(self.ana.private)
        return self.ana.private

    async def item(self, title: str, **more: object) -> Item:
        """Return a new stored Item that mentions whom the watch is for."""
        self.numbers += 1
        key = f"k{self.numbers}"
        new = Item(key, f"https://a.example/{key}", title, SUMMARY, source_id=1, **more)  # type: ignore[arg-type]
        async with self.store.write() as tx:
            (recorded,) = await items.record(tx, [new], self.now)
            found = (recorded.item.id, mention(SUMMARY, NAME))
            await items.add_mentions(tx, [found])
        return recorded.item

    async def change(self, item: Item, **more: object) -> Item:
        """Return the Item after its source changed it."""
        async with self.store.write() as tx:
            (recorded,) = await items.record(tx, [replace(item, **more)], self.now)  # type: ignore[arg-type]
        return recorded.item

    async def queue(
        self, step: Step, item: Item, to: Subscriber, alert_id: int = 0, **more: object
    ) -> None:
        """Queue one decision."""
        draft = AlertDraft(to.id, item, (1,), (), **more)  # type: ignore[arg-type]
        async with self.store.write() as tx:
            await outbox.queue(tx, [Decision(draft, step, alert_id)], self.now)

    async def tell(self, *titles: str, to: Subscriber | None = None, **more: object) -> None:
        """Queue an Alert of a new Item for each title."""
        for title in titles:
            await self.queue(Step.TELL, await self.item(title), to or self.to, **more)

    async def notify(self, notice: Notice, to: Subscriber | None = None) -> None:
        """Queue a Notice."""
        async with self.store.write() as tx:
            await outbox.notify(tx, (to or self.to).id, notice, self.now)

    async def waiting(self) -> list[outbox.Waiting]:
        """Return all Deliveries."""
        async with self.store.read() as tx:
            return await outbox.listing(tx)

    async def states(self) -> list[str]:
        """Return what became of the Deliveries, in words."""
        return [f"{one.kind} {one.state}" for one in await self.waiting()]

    @property
    def shown(self) -> list[str]:
        """The headlines in the channel, with the repeat's mark if there is one."""
        return headlines(self.desk)


def headlines(room: Room) -> list[str]:
    """Return the second line of each message in a room, with the repeat's mark if there is one."""
    return [
        text.split("\n")[1] + (" (may be a repeat)" if text.endswith("(may be a repeat)") else "")
        for text in room.texts
    ]


@asynccontextmanager
async def newsroom(store: Store, **server: object) -> AsyncIterator[Newsroom]:
    """Open Ana's newsroom."""
    async with TelegramServer(**server) as running:  # type: ignore[arg-type]
        ana = running.person("Ana")
        desk = running.channel("Desk", ana)
        nobody = Subscriber(0, "telegram", "")
        room = Newsroom(store, running, ana, desk, nobody)
        room.to = await room.link(desk)
        async with store.write() as tx:
            await watches.add(tx, Watch(NAME, priority=Priority.HIGH), AT)
        try:
            yield room
        finally:
            for courier in room.couriers:
                await courier.close()
