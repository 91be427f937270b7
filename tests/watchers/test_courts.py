"""CourtListener followed over real HTTP, within its quota, by a clock that is turned."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.courts import forget_feeds
from matching.match import Matcher
from model import Docket, DocketState, Item, NewSubscriber, Priority, Watch
from store import court_asks, dockets, items, outbox, quota, sources, subscribers, watches
from store.engine import Store
from tests.courtlistener import QUOTAS, TOKEN, CourtListener
from tests.fakes import LOOPBACK, Clock
from watchers.book import WatchBook
from watchers.courtlistener import CourtListener as Client
from watchers.courtlistener import NoTokenError, QuotaSpentError, TokenRefusedError
from watchers.courts import CourtReport, CourtRules, Courts
from watchers.fetch import Fetcher, FetchRules
from watchers.kinds.courtlistener_rest import Account
from watchers.poll import Poller, PollRules
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn, TakeInRules

NAME = "Salvador Cienfuegos Zepeda"


@dataclass
class Room:
    """What keeps up with CourtListener, over a real store."""

    store: Store
    there: CourtListener
    clock: Clock
    courts: Courts
    client: Client
    poller: Poller

    async def follow(self, *numbers: int) -> None:
        async with self.store.write() as tx:
            for number in numbers:
                case = self.there.cases[number]
                await dockets.follow(
                    tx,
                    case.court,
                    case.number,
                    now=self.clock(),
                    docket_id=str(number),
                    caption=case.caption,
                )

    async def docket(self, number: int) -> Docket:
        async with self.store.read() as tx:
            (one,) = await dockets.find(tx, docket_id=str(number))
            return one

    async def round(self, **later: float) -> CourtReport:
        self.clock.turn(**later)
        return await self.courts.round(self.clock())

    async def kept(self) -> list[Item]:
        async with self.store.read() as tx:
            return await items.history(tx, limit=5000)

    async def watch(self, name: str = NAME, **fields: object) -> int:
        async with self.store.write() as tx:
            await subscribers.add(tx, NewSubscriber("telegram", "1"), self.clock())
            added = await watches.add(tx, Watch(name, **fields), self.clock())  # type: ignore[arg-type]
            return added.watch.id

    async def consent(self, watch_id: int, *, given: bool = True) -> None:
        async with self.store.write() as tx:
            await court_asks.consent(tx, watch_id, given=given, by=1, now=self.clock())

    async def feeds(self) -> list[str]:
        async with self.store.read() as tx:
            return [one.source.name for one in await sources.health(tx)]


@asynccontextmanager
async def room_of(
    store: Store, *, token: str = TOKEN, rules: CourtRules | None = None
) -> AsyncIterator[Room]:
    clock, book = Clock(), WatchBook(Matcher())
    fetching = FetchRules(host_gap=0, per_host=8, allow_networks=LOOPBACK, timeout=10)
    async with CourtListener(clock) as there, Fetcher(fetching) as fetcher, Sandbox(1) as sandbox:
        take_in = TakeIn(store, book, TakeInRules())
        client = Client(store, fetcher, Account(there.base, token))
        courts = Courts(store, client, take_in, rules or CourtRules(), owner="here")
        poller = Poller(store, fetcher, sandbox, book, PollRules(host_gap=0))
        yield Room(store, there, clock, courts, client, poller)
    book.close()


@pytest.fixture
async def room(store: Store) -> AsyncIterator[Room]:
    async with room_of(store) as one:
        yield one


@pytest.fixture
async def lite(sqlite_store: Store) -> AsyncIterator[Room]:
    async with room_of(sqlite_store) as one:
        yield one


async def test_a_docket_is_asked_for_what_was_modified_since(room: Room) -> None:
    room.there.case(1)
    room.there.file(1, "COMPLAINT", number=1)
    await room.follow(1)
    assert (await room.round()).error == ""
    assert [one.summary for one in await room.kept()] == ["COMPLAINT"]
    room.clock.turn(hours=1)
    room.there.file(1, "ORDER", number=2)
    await room.round(hours=8)
    (newest, _) = await room.kept()
    assert newest.filing is None or newest.filing.caption == "USA v. No 1"
    assert newest.title == "USA v. No 1"
    first, second = room.there.of("/api/rest/v4/docket-entries/")
    assert first.query["order_by"] == "-date_modified"
    assert second.query["order_by"] == "date_modified"
    assert "date_modified__gte" in second.query
    assert room.there.refused() == []


async def test_a_documents_text_comes_with_what_was_modified(lite: Room) -> None:
    lite.there.case(1)
    await lite.follow(1)
    await lite.round()
    lite.there.file(1, "ORDER", number=1, pdf="recap/1.pdf", body=f"So ordered as to {NAME}.")
    await lite.round(hours=8)
    assert [one.text for one in await lite.kept()] == [f"So ordered as to {NAME}."]


async def test_texts_too_large_are_left_out_and_the_entries_seen(lite: Room) -> None:
    lite.there.case(1)
    await lite.follow(1)
    await lite.round()
    lite.there.file(1, "ORDER", number=1, pdf="recap/1.pdf", body="x" * 10_000_001)
    assert (await lite.round(hours=8)).error == ""
    assert [(one.summary, one.text) for one in await lite.kept()] == [("ORDER", "")]


async def test_parties_are_learnt_once_where_the_account_may_see_them(lite: Room) -> None:
    for number in (1, 2):
        lite.there.case(number, parties=("USA", NAME))
    await lite.follow(1)
    lite.there.shows_parties = True
    await lite.round()
    await lite.round(hours=8)
    assert (await lite.docket(1)).parties == ("USA", NAME)
    lite.there.shows_parties = False
    await lite.follow(2)
    await lite.round(hours=8)
    lite.there.case(3)
    await lite.follow(3)
    await lite.round(hours=8)
    asked = [one.query["docket"] for one in lite.there.asked if "/parties/" in one.path]
    assert asked == ["1", "2"], "a refusal is remembered"


async def test_the_entry_of_a_document_that_was_fetched_is_taken_in(lite: Room) -> None:
    lite.there.case(1)
    filed = lite.there.file(1, "ORDER", number=1, pdf="recap/1.pdf")
    async with lite.store.write() as tx:
        await court_asks.want(tx, [f"document {filed.pk * 10}"], lite.clock())
    await lite.round()
    (kept,) = await lite.kept()
    assert kept.summary == "ORDER"
    await lite.round(minutes=5)
    assert len(lite.there.of("/api/")) == 1


async def test_more_than_a_page_is_followed_as_far_as_the_quota_goes(lite: Room) -> None:
    lite.there.case(1)
    await lite.follow(1)
    await lite.round()
    for number in range(110):
        lite.clock.turn(seconds=1)
        lite.there.file(1, f"Entry {number}", number=number + 1)
    await lite.round(hours=8)
    assert len(await lite.kept()) < 110, "three requests a minute are polling's"
    for _ in range(60):
        await lite.round(minutes=3)
    assert len(await lite.kept()) == 110
    assert lite.there.refused() == []


async def simulate(room: Room, *, dockets: int, entries: int) -> set[int]:
    """Live through a day of so many dockets in which so many entries are filed, at random."""
    chance = random.Random(366)
    for number in range(1, dockets + 1):
        room.there.case(number)
    await room.follow(*range(1, dockets + 1))
    minutes = sorted(chance.randrange(10, 24 * 60) for _ in range(entries))
    filed = set()
    for minute in range(0, 24 * 60, 2):
        for _ in range(minutes.count(minute) + minutes.count(minute + 1)):
            number = len(filed) + 1
            docket = chance.randint(1, dockets)
            filed.add(room.there.file(docket, f"Entry {number}", number=number).pk)
        await room.round(minutes=2)
        if room.there.serves_feeds:
            await room.poller.poll_due(room.clock())
    return filed


async def test_a_day_of_25_dockets_stays_under_125_requests(lite: Room) -> None:
    """By REST alone, with every feed out of order: what no entry escapes."""
    lite.there.serves_feeds = False
    filed = await simulate(lite, dockets=25, entries=60)
    assert lite.there.most_in(timedelta(days=1)) < 125
    assert lite.there.refused() == []
    for _ in range(8):
        await lite.round(hours=1)
    kept = {one.key for one in await lite.kept()}
    assert {f"entry {pk}" for pk in filed} <= kept
    assert lite.there.most_in(timedelta(days=1)) < 125
    assert lite.there.most_in(timedelta(hours=1)) <= 50
    assert lite.there.most_in(timedelta(minutes=1)) <= 5


async def test_feeds_cost_nothing_and_say_what_to_ask_for(lite: Room) -> None:
    lite.there.case(1)
    await lite.follow(1)
    await lite.round()
    await lite.poller.poll_due(lite.clock())
    assert await lite.feeds() == ["CourtListener 1:20-cr-00001"]
    before = len(lite.there.of("/api/"))
    lite.there.file(1, "ORDER", number=1)
    await lite.poller.poll_all(lite.clock.turn(minutes=40))
    assert len(lite.there.of("/api/")) == before
    assert "ORDER" in [one.summary for one in await lite.kept()]
    await lite.round(minutes=1)
    assert len(lite.there.of("/api/")) == before + 1, "it is asked for the rest at once"
    async with lite.store.write() as tx:
        await dockets.unfollow(tx, (await dockets.followings(tx))[0].docket.id)
    await lite.round(minutes=1)
    assert await lite.feeds() == []


async def test_a_429_stops_everybody_until_its_time(lite: Room) -> None:
    lite.there.quotas = [(timedelta(hours=1), 1)]
    lite.there.case(1)
    lite.there.case(2)
    await lite.follow(1, 2)
    await lite.round()
    assert [one.status for one in lite.there.asked] == [200, 429]
    async with lite.store.read() as tx:
        until = await quota.paused_until(tx, lite.clock())
    assert until is not None
    assert timedelta(minutes=59) < until - lite.clock() <= timedelta(minutes=61)
    with pytest.raises(QuotaSpentError):
        await lite.client.docket("1", lite.clock())
    await lite.round(minutes=30)
    assert len(lite.there.asked) == 2


async def test_an_answer_can_raise_the_quota(lite: Room) -> None:
    lite.there.headers = {"X-RateLimit-Limit": "1400;w=86400"}
    lite.there.case(1)
    await lite.client.docket("1", lite.clock())
    async with lite.store.read() as tx:
        left = {one.window: one.left for one in await quota.left(tx, lite.clock())}
    assert left["day"] == 1399


async def test_without_a_token_only_feeds_are_asked(sqlite_store: Store) -> None:
    async with room_of(sqlite_store, token="") as room:
        room.there.case(1)
        await room.follow(1)
        assert (await room.round()).error == ""
        assert room.there.asked == []
        assert len(await room.feeds()) == 1
        with pytest.raises(NoTokenError, match="courtlistener_token_file"):
            await room.client.docket("1", room.clock())


async def test_a_refused_token_is_said_and_not_tried_each_minute(sqlite_store: Store) -> None:
    async with room_of(sqlite_store, token="wrong") as room:
        room.there.case(1)
        await room.follow(1)
        assert "refuses the token" in (await room.round()).error
        await room.round(minutes=1)
        assert len(room.there.asked) == 1
        with pytest.raises(TokenRefusedError) as refused:
            await room.client.docket("1", room.clock.turn(minutes=1))
        assert "wrong" not in str(refused.value)


async def test_a_server_in_trouble_costs_little_quota(lite: Room) -> None:
    lite.there.down = True
    lite.there.case(1)
    await lite.follow(1)
    for _ in range(60):
        await lite.round(minutes=1)
    assert 1 <= len(lite.there.asked) <= 7


async def test_a_docket_that_is_gone_holds_up_no_other(lite: Room) -> None:
    lite.there.case(1)
    lite.there.case(2)
    await lite.follow(1, 2)
    del lite.there.cases[1]
    lite.there.file(2, "ORDER", number=1)
    await lite.round()
    assert [one.summary for one in await lite.kept()] == ["ORDER"]


async def test_what_cannot_be_answered_holds_up_nothing_else(lite: Room) -> None:
    for number in (1, 2, 77):
        lite.there.case(number)
    await lite.follow(1, 2)
    async with lite.store.write() as tx:
        await court_asks.want(tx, ["77", "document 5"], lite.clock())
        await dockets.follow(tx, "casd", "1:20-cr-00009", now=lite.clock(), caption="USA v. Doe")
    lite.there.broken = {"1", "5", "casd"}
    lite.there.file(2, "ORDER", number=1)
    for _ in range(4):
        assert "500" in (await lite.round(minutes=11)).error
    assert [one.summary for one in await lite.kept()] == ["ORDER"]
    assert (await lite.docket(77)).caption == "USA v. No 77"
    lite.there.broken = set()
    lite.there.file(1, "LETTER", number=1)
    for _ in range(3):
        await lite.round(minutes=20)
    assert {one.summary for one in await lite.kept()} == {"ORDER", "LETTER"}


async def test_a_person_asks_by_link_number_or_caption(lite: Room) -> None:
    lite.there.case(366, number="1:19-cr-00366", caption="USA v. Cienfuegos Zepeda")
    lite.there.case(367, number="1:19-cr-00366", caption="USA v. Other", court="nysd")
    now = lite.clock()
    assert (await lite.client.docket("366", now)).caption == "USA v. Cienfuegos Zepeda"
    (found,) = await lite.client.numbered("nyed", "1:19-cr-00366", now)
    assert found.docket_ids == ("366",)
    (by_name,) = await lite.client.search("Cienfuegos", now)
    assert (by_name.court, by_name.number) == ("nyed", "1:19-cr-00366")
    assert lite.there.refused() == []


async def test_what_a_webhook_only_numbers_is_looked_up_first(lite: Room) -> None:
    lite.there.case(77)
    async with lite.store.write() as tx:
        await court_asks.want(tx, ["77", "78"], lite.clock())
    await lite.round()
    assert (await lite.docket(77)).caption == "USA v. No 77"
    await lite.round(minutes=5)
    assert len(lite.there.asked) == 2, "78 is not there, and not asked for again"


def carries(there: CourtListener, word: str) -> list[str]:
    """Return the requests in which a word goes out, in the address or the body."""
    return [
        one.path
        for one in there.asked
        if word.lower() in f"{one.path} {dict(one.query)} {one.body}".lower()
    ]


async def test_no_request_carries_a_name_without_consent(sqlite_store: Store) -> None:
    async with room_of(sqlite_store, rules=CourtRules(pushing=True)) as room:
        room.there.case(1)
        await room.follow(1)
        watch_id = await room.watch()
        other = await room.watch("Ismael Zambada", priority=Priority.HIGH)
        for _ in range(3):
            await room.round(hours=2)
            await room.poller.poll_all(room.clock())
        assert room.there.asked
        assert carries(room.there, "Cienfuegos") == []
        await room.consent(other, given=False)
        await room.consent(watch_id)
        await room.round(hours=2)
        await room.poller.poll_all(room.clock())
        assert carries(room.there, "Cienfuegos") == ["/api/rest/v4/alerts/", "/feed/search/"]
        assert carries(room.there, "Zambada") == []

        await room.consent(watch_id, given=False)
        asked = len(room.there.asked)
        await room.poller.poll_all(room.clock())
        await room.round(hours=2)
        await room.poller.poll_all(room.clock())
        said = [one for one in room.there.asked[asked:] if one.path.startswith("/feed/search")]
        assert said == []
        assert [one for one in room.there.alerts.values() if one["sort"] == "alerts"] == []


async def test_a_spelling_added_later_is_not_sent_before_it_is_agreed_to(lite: Room) -> None:
    watch_id = await lite.watch()
    await lite.consent(watch_id)
    async with lite.store.write() as tx:
        stored = await watches.get(tx, watch_id)
        assert stored is not None
        more = replace(stored.watch, aliases=("General Cienfuegos Zepeda",))
        await watches.change(tx, more, lite.clock())
    await lite.round()
    await lite.poller.poll_all(lite.clock())
    assert carries(lite.there, "Salvador") == ["/feed/search/"]
    assert carries(lite.there, "General") == []
    await lite.consent(watch_id)
    await lite.round(hours=1)
    await lite.poller.poll_all(lite.clock())
    assert carries(lite.there, "General") == ["/feed/search/"]
    assert len(await lite.feeds()) == 1


async def test_never_means_never(sqlite_store: Store) -> None:
    async with room_of(sqlite_store, rules=CourtRules(search=False, pushing=True)) as room:
        await room.consent(await room.watch())
        await room.round()
        await room.poller.poll_all(room.clock())
        assert carries(room.there, "Cienfuegos") == []


async def test_a_search_finds_a_case_that_names_somebody(lite: Room) -> None:
    watch_id = await lite.watch()
    await lite.consent(watch_id)
    await lite.round()
    await lite.poller.poll_due(lite.clock())
    lite.there.case(366, caption="USA v. Salvador Cienfuegos Zepeda")
    await lite.poller.poll_all(lite.clock.turn(hours=1))
    async with lite.store.write() as tx:
        assert len(await outbox.claim(tx, lite.clock(), lanes=5, each=5)) == 1


async def test_the_few_alerts_go_to_what_matters_and_stay_armed(sqlite_store: Store) -> None:
    async with room_of(sqlite_store, rules=CourtRules(pushing=True)) as room:
        for number in range(1, 8):
            room.there.case(number)
        await room.follow(*range(1, 8))
        for number in range(6):
            await room.consent(await room.watch(f"Somebody Number{'abcdef'[number]}"))
        urgent = await room.watch("Rubén Oseguera Cervantes", priority=Priority.HIGH)
        await room.consent(urgent)
        for _ in range(6):
            await room.round(hours=1, minutes=1)
        alerts = list(room.there.alerts.values())
        dockets = [one["docket"] for one in alerts if one["sort"] == "docket-alerts"]
        assert dockets == [1, 2, 3, 4, 5]
        names = [one["name"] for one in alerts if one["sort"] == "alerts"]
        assert len(names) == 5
        assert names[0] == "Rubén Oseguera Cervantes"

        async with room.store.write() as tx:
            assert await court_asks.rearm(tx, ["2", "99"]) == 1
        room.there.alerts = {key: {**one, "at": None} for key, one in room.there.alerts.items()}
        await room.round(hours=2)
        armed = [one.get("docket") for one in room.there.alerts.values() if one["at"]]
        assert armed == [2]
        await room.round(days=151)
        await room.round(hours=2)
        armed = [one.get("docket") for one in room.there.alerts.values() if one["at"]]
        assert armed[:2] == [1, 2]


async def test_the_quotas_of_the_fake_are_the_real_ones() -> None:
    assert dict(QUOTAS) == {quota.LENGTHS[name]: most for name, most in quota.FREE.items()}


async def test_a_sealed_number_is_looked_for_every_six_hours(lite: Room) -> None:
    async with lite.store.write() as tx:
        await dockets.follow(
            tx, "nyed", "1:19-cr-00366", now=lite.clock(), state=DocketState.SEALED
        )
    for _ in range(13):
        await lite.round(hours=1)
    assert len(lite.there.of("/api/rest/v4/dockets/")) == 3
    lite.there.case(366, number="1:19-cr-00366", caption="USA v. Cienfuegos Zepeda")
    lite.there.file(366, "Letter", number=6)
    for _ in range(8):
        await lite.round(hours=1)
    assert "Letter" in [one.summary for one in await lite.kept()]
    found = await lite.docket(366)
    assert found.docket_ids == ("366",)


async def test_a_sealed_number_whose_turn_finds_the_quota_spent_keeps_its_turn(
    lite: Room,
) -> None:
    async with lite.store.write() as tx:
        await dockets.follow(
            tx, "nyed", "1:19-cr-00366", now=lite.clock(), state=DocketState.SEALED
        )
    lite.there.case(366, number="1:19-cr-00366", caption="USA v. Cienfuegos Zepeda")
    async with lite.store.write() as tx:
        assert (await quota.reserve(tx, lite.clock(), 5, quota.Purpose.ENRICH)).granted
    await lite.round()
    assert lite.there.of("/api/rest/v4/dockets/") == []
    await lite.round(minutes=2)
    found = await lite.docket(366)
    assert found.state is DocketState.OPEN


async def test_an_open_docket_courtlistener_lacks_is_looked_for_once_a_day(lite: Room) -> None:
    async with lite.store.write() as tx:
        await dockets.follow(tx, "nyed", "1:20-cr-00009", now=lite.clock(), caption="USA v. Doe")
    for _ in range(30):
        await lite.round(hours=1)
    assert len(lite.there.of("/api/rest/v4/dockets/")) == 2


async def test_another_process_takes_over_when_a_round_is_over(lite: Room) -> None:
    lite.there.case(1)
    await lite.follow(1)
    await lite.round()
    take_in = TakeIn(lite.store, WatchBook(Matcher()), TakeInRules())
    other = Courts(lite.store, lite.client, take_in, CourtRules(), owner="elsewhere")
    asked = len(lite.there.asked)
    await other.round(lite.clock.turn(hours=8))
    assert len(lite.there.asked) > asked


async def test_without_an_address_no_feed_is_asked_any_more(lite: Room) -> None:
    lite.there.case(1)
    await lite.follow(1)
    await lite.consent(await lite.watch())
    await lite.round()
    assert len(await lite.feeds()) == 2
    await forget_feeds(lite.store)
    assert await lite.feeds() == []
