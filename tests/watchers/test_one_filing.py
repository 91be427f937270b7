"""One entry of a docket, by every way it can come: told once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

import pytest

from matching.match import Matcher
from model import DeliveryKind, Item, NewSubscriber, Watch
from store import dockets, items, outbox, push_inbox, subscribers, watches
from store.engine import Store
from tests.courtlistener import TOKEN, CourtListener, Entry
from tests.fakes import LOOPBACK, Clock
from watchers.book import WatchBook
from watchers.courtlistener import CourtListener as Client
from watchers.courts import CourtRules, Courts
from watchers.fetch import Fetcher, FetchRules
from watchers.kinds.courtlistener_rest import Account
from watchers.poll import Poller, PollRules
from watchers.push import Pushes
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn, TakeInRules

NAME = "Salvador Cienfuegos Zepeda"
WAYS = ["push", "feed", "api"]


@dataclass
class Desk:
    """Everything CourtListener can reach, over a real store."""

    store: Store
    there: CourtListener
    clock: Clock
    courts: Courts
    pushes: Pushes
    poller: Poller
    told: set[int] = field(default_factory=set)

    async def settle(self) -> None:
        """Follow the docket and take in what is there already, by every way."""
        async with self.store.write() as tx:
            await subscribers.add(tx, NewSubscriber("telegram", "1"), self.clock())
            await watches.add(tx, Watch(NAME), self.clock())
            case = self.there.cases[366]
            await dockets.follow(
                tx,
                case.court,
                case.number,
                now=self.clock(),
                docket_id="366",
                caption=case.caption,
            )
        await self.courts.round(self.clock())
        await self.poller.poll_due(self.clock())
        await self.alerts()

    async def come(self, way: str, entry: Entry) -> None:
        """Let an entry come by one way."""
        self.clock.turn(minutes=40)
        if way == "feed":
            await self.poller.poll_all(self.clock())
        elif way == "api":
            await self.courts.round(self.clock.turn(hours=2))
        else:
            record = {**entry.record(), "docket": entry.docket}
            body = {"webhook": {"event_type": 1}, "payload": {"results": [record]}}
            await self.push(json.dumps(body).encode())

    async def push(self, body: bytes, key: str = "") -> None:
        async with self.store.write() as tx:
            await push_inbox.put(tx, key, 1, body, self.clock())
        await self.pushes.drain(self.clock())

    async def alerts(self) -> int:
        """Return how many Alerts are to be sent that were not there the last time."""
        async with self.store.write() as tx:
            due = await outbox.claim(tx, self.clock(), lanes=50, each=20)
        sent = {one.alert_id for one in due if one.kind is DeliveryKind.SEND}
        new = sent - self.told
        self.told |= sent
        return len(new)

    async def kept(self) -> list[Item]:
        async with self.store.read() as tx:
            return await items.history(tx, limit=500)


@asynccontextmanager
async def desk_of(store: Store) -> AsyncIterator[Desk]:
    clock, book = Clock(), WatchBook(Matcher())
    fetching = FetchRules(host_gap=0, per_host=8, allow_networks=LOOPBACK, timeout=10)
    async with CourtListener(clock) as there, Fetcher(fetching) as fetcher, Sandbox(1) as sandbox:
        there.case(366, number="1:19-cr-00366", caption="USA v. Somebody", case_id="437498")
        take_in = TakeIn(store, book, TakeInRules())
        client = Client(store, fetcher, Account(there.base, TOKEN))
        yield Desk(
            store,
            there,
            clock,
            Courts(store, client, take_in, CourtRules(), owner="here"),
            Pushes(store, take_in, there.base, owner="here"),
            Poller(store, fetcher, sandbox, book, PollRules(host_gap=0)),
        )
    book.close()


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with desk_of(store) as one:
        yield one


@pytest.fixture
async def lite(sqlite_store: Store) -> AsyncIterator[Desk]:
    async with desk_of(sqlite_store) as one:
        yield one


@pytest.mark.parametrize("ways", list(permutations(WAYS)), ids=" then ".join)
@pytest.mark.parametrize("number", [22, None], ids=["numbered", "minute"])
async def test_an_entry_is_told_once_whichever_way_comes_first(
    lite: Desk, ways: tuple[str, ...], number: int | None
) -> None:
    await lite.settle()
    text = f"ORDER dismissing the indictment as to {NAME}."
    entry = lite.there.file(366, text, number=number, short="Order")
    told = []
    for way in ways:
        await lite.come(way, entry)
        told.append(await lite.alerts())
    assert told == [1, 0, 0]
    (kept,) = await lite.kept()
    filing = kept.filing
    assert filing is not None
    assert (filing.court, filing.number, filing.docket_id) == ("nyed", "1:19-cr-00366", "366")
    assert filing.pk == str(entry.pk)


async def test_two_minute_entries_of_a_day_are_two(desk: Desk) -> None:
    await desk.settle()
    told = 0
    for _ in range(2):
        entry = desk.there.file(366, f"Order as to {NAME}")
        for way in WAYS:
            await desk.come(way, entry)
            told += await desk.alerts()
    assert told == 2
    assert len(await desk.kept()) == 2


async def test_an_old_push_that_comes_late_takes_nothing_away(desk: Desk) -> None:
    await desk.settle()
    entry = desk.there.file(366, f"Order as to {NAME}, in full words", number=7, pdf="recap/7.pdf")
    await desk.come("push", entry)
    stub = Entry(entry.pk, 366, f"Order as to {NAME}", entry.modified, number=7)
    await desk.come("push", stub)
    (kept,) = await desk.kept()
    assert kept.summary == entry.description
    assert kept.filing is not None
    assert kept.filing.pdf.endswith("recap/7.pdf")


async def test_the_real_event_then_feed_and_api_is_one_alert(desk: Desk, shared: Path) -> None:
    folder = shared / "data" / "courts" / "courtlistener_agpl" / "webhooks"
    body = (folder / "docket_alert_webhook_dummy.json").read_bytes()
    said = json.loads(body)["payload"]["results"][0]
    caption = "National Veterans Legal Services Program v. United States"
    desk.there.case(4214664, court="dcd", number="1:16-cv-00745", caption=caption)
    async with desk.store.write() as tx:
        await subscribers.add(tx, NewSubscriber("telegram", "1"), desk.clock())
        await watches.add(tx, Watch("Deepak Gupta"), desk.clock())
        await watches.add(tx, Watch("National Consumer Law Center"), desk.clock())
        await dockets.follow(
            tx, "dcd", "1:16-cv-00745", now=desk.clock(), docket_id="4214664", caption=caption
        )
    await desk.courts.round(desk.clock())
    await desk.poller.poll_due(desk.clock())
    entry = Entry(said["id"], 4214664, said["description"], desk.clock(), number=140)
    desk.there.cases[4214664].entries.append(entry)
    await desk.push(body, "k")
    await desk.push(body, "k")
    assert await desk.alerts() == 1
    for way in ("feed", "api", "push"):
        await desk.come(way, entry)
    assert await desk.alerts() == 0
    assert len(await desk.kept()) == 1
