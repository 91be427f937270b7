"""From the outbox to the chat, on both databases, against a Bot API server that misbehaves."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from alerts.couriers import Ambiguous, Refused
from alerts.couriers.console import ConsoleCourier
from alerts.couriers.telegram import TelegramCourier
from alerts.dispatch import Dispatcher
from alerts.pacing import Limits
from bot.demo.botapi.limits import Allowance
from bot.demo.telegram_server import TOKEN
from model.alert import DeliveryState, Notice, Sent, Step
from model.errors import StoreError, VigilError
from model.message import Message
from model.people import Chat, NewSubscriber, Subscriber
from model.report import DispatchReport
from model.watch import Priority, Watch
from store import outbox, subscribers, upkeep, visiting, watches
from store.engine import Store, Tx
from store.rewind import rewind
from tests.alerts.making import english
from tests.alerts.newsroom import Newsroom, headlines, newsroom

FAILING = Notice("notice.source.speaks", (("source", "Ríodoce"), ("silent_seconds", "60")))


@pytest.fixture
async def room(store: Store) -> AsyncIterator[Newsroom]:
    async with newsroom(store) as room:
        yield room


@pytest.fixture
async def lone(sqlite_store: Store) -> AsyncIterator[Newsroom]:
    """A newsroom on SQLite only, for what is not about the database."""
    async with newsroom(sqlite_store) as room:
        yield room


async def test_what_is_due_arrives_once_in_order_and_is_settled(room: Newsroom) -> None:
    await room.tell("one", "two", "three")
    report = await room.dispatch()
    assert room.shown == ["one", "two", "three"]
    assert (report.sent, report.again, report.repeats) == (3, 0, 0)
    assert await room.states() == ["send sent"] * 3
    assert all(0 <= delay < 5 for delay in report.delays)
    assert len(report.delays) == 3
    assert await room.dispatch() == DispatchReport()
    assert len(room.desk.texts) == 3


async def test_the_message_says_whom_and_why(lone: Newsroom) -> None:
    await lone.tell("Case dropped")
    await lone.dispatch()
    [text] = lone.desk.texts
    assert text.startswith("🔴 Salvador Cienfuegos Zepeda\nCase dropped\n")
    assert "Why: full name in the text" in text


async def test_nothing_due_is_nothing_done(room: Newsroom) -> None:
    assert await room.dispatch() == DispatchReport()


async def test_the_urgent_overtakes_what_waits_in_its_chat(lone: Newsroom) -> None:
    await lone.tell("calm", "calmer")
    await lone.tell("urgent", priority=Priority.HIGH)
    await lone.dispatch()
    assert lone.shown == ["urgent", "calm", "calmer"]


async def test_a_changed_headline_edits_the_message_and_an_equal_one_asks_nothing(
    room: Newsroom,
) -> None:
    item = await room.item("Case droped")
    await room.queue(Step.TELL, item, room.to)
    await room.dispatch()
    changed = await room.change(item, title="Case dropped")
    await room.queue(Step.EDIT, changed, room.to, 1)
    report = await room.dispatch(after=5)
    assert (report.edited, report.sent) == (1, 0)
    assert room.shown == ["Case dropped"]
    assert "Updated 18 Nov 2020" in room.desk.texts[0]
    await room.queue(Step.EDIT, changed, room.to, 1)
    report = await room.dispatch(after=100)
    assert report == DispatchReport()
    assert len(room.server.calls("editMessageText")) == 1
    assert await room.states() == ["send sent", "edit sent", "edit sent"]


async def test_a_message_is_edited_at_most_once_a_minute(lone: Newsroom) -> None:
    item = await lone.item("First")
    await lone.queue(Step.TELL, item, lone.to)
    dispatcher = lone.dispatcher()
    await dispatcher.dispatch_due(lone.now)
    for seconds, title in ((10, "Second"), (20, "Third"), (30, "Fourth")):
        lone.now += timedelta(seconds=seconds)
        item = await lone.change(item, title=title)
        await lone.queue(Step.EDIT, item, lone.to, 1)
        await dispatcher.dispatch_due(lone.now)
    assert lone.shown == ["Second"]
    await dispatcher.dispatch_due(lone.now + timedelta(seconds=11))
    assert lone.shown == ["Fourth"]
    assert len(lone.server.calls("editMessageText")) == 2


async def test_the_minute_between_two_edits_outlives_the_process(room: Newsroom) -> None:
    item = await room.item("First")
    await room.queue(Step.TELL, item, room.to)
    await room.dispatch()
    item = await room.change(item, title="Second")
    await room.queue(Step.EDIT, item, room.to, 1)
    await room.dispatch(after=5)
    item = await room.change(item, title="Third")
    await room.queue(Step.EDIT, item, room.to, 1)
    assert (await room.dispatch(after=30)).edited == 0, "another dispatcher, half a minute later"
    assert room.shown == ["Second"]
    assert (await room.dispatch(after=31)).edited == 1
    assert room.shown == ["Third"]


async def test_an_edit_does_not_wait_until_a_clock_that_was_set_back_is_there_again(
    lone: Newsroom,
) -> None:
    item = await lone.item("First")
    await lone.queue(Step.TELL, item, lone.to)
    await lone.dispatch()
    item = await lone.change(item, title="Second")
    await lone.queue(Step.EDIT, item, lone.to, 1)
    await lone.dispatch(after=5)
    lone.now -= timedelta(hours=5)
    async with lone.store.write() as tx:
        await rewind(tx, timedelta(hours=5), lone.now)
    item = await lone.change(item, title="Third")
    await lone.queue(Step.EDIT, item, lone.to, 1)
    assert (await lone.dispatch(after=1)).edited == 1
    assert lone.shown == ["Third"]


async def test_an_edit_queued_before_the_send_changes_nothing_afterwards(lone: Newsroom) -> None:
    item = await lone.item("First")
    await lone.queue(Step.TELL, item, lone.to)
    item = await lone.change(item, title="Second")
    await lone.queue(Step.EDIT, item, lone.to, 1)
    await lone.dispatch()
    assert lone.shown == ["Second"]
    assert lone.server.calls("editMessageText") == []


async def test_the_same_story_elsewhere_is_added_to_its_message(room: Newsroom) -> None:
    await room.tell("Case dropped")
    await room.dispatch()
    other = await room.item("Caso desechado")
    await room.queue(Step.JOIN, other, room.to, 1)
    assert (await room.dispatch()).edited == 1
    assert "Also in 1 outlet\n• Caso desechado" in room.desk.texts[0]


async def test_an_alert_that_is_withdrawn_disappears(lone: Newsroom) -> None:
    await lone.tell("Not them")
    await lone.dispatch()
    async with lone.store.write() as tx:
        await outbox.withdraw(tx, 1, lone.now)
    await lone.dispatch()
    assert lone.desk.texts == []


@pytest.mark.parametrize(
    ("fault", "wait"),
    [("500", 30), ("502", 30), ("drop", 30), ("slow", 30), ("malformed", 30), ("html", 30)],
)
async def test_what_may_have_arrived_is_repeated_with_a_mark(
    room: Newsroom, fault: str, wait: int
) -> None:
    await room.tell("one", "two")
    room.server.fault(fault, seconds=0.6)
    report = await room.dispatch()
    assert (report.sent, report.again) == (0, 1)
    report = await room.dispatch(after=wait)
    assert (report.sent, report.repeats) == (2, 1)
    arrived = fault in {"drop", "slow", "malformed", "html"}
    assert room.shown == ["one"] * arrived + ["one (may be a repeat)", "two"]


async def test_a_flood_wait_parks_that_chat_only_and_repeats_nothing(room: Newsroom) -> None:
    other = await room.link(room.server.channel("Other", room.ana))
    await room.tell("one", "two")
    await room.tell("elsewhere", to=other)
    room.server.fault("429", chat=room.desk.id, seconds=30.0)
    report = await room.dispatch()
    assert (report.sent, report.again, report.waits) == (1, 1, 1)
    assert room.shown == []
    assert await room.dispatch(after=20) == DispatchReport()
    await room.dispatch(after=60)
    assert room.shown == ["one", "two"]


async def test_a_chat_that_throws_us_out_keeps_its_alerts_and_the_owner_hears(
    room: Newsroom,
) -> None:
    private = await room.own()
    await room.tell("one", "two")
    room.desk.remove_bot(room.ana)
    report = await room.dispatch()
    assert report.again == 1
    assert await room.states() == ["send due", "send due", "send sent"]
    [notice] = private.texts
    assert notice.startswith("🟠 I can’t post to Desk any more\nTelegram says: bot ")
    assert await room.dispatch(after=3600) == DispatchReport()
    room.desk.admit_bot(room.ana)
    async with room.store.write() as tx:
        await subscribers.unpark(tx, room.to.id)
    await room.dispatch()
    assert room.shown == ["one", "two"]


async def test_after_a_week_what_waits_for_a_lost_chat_is_refused_and_said_so(
    room: Newsroom,
) -> None:
    private = await room.own()
    await room.tell("one", "two")
    room.server.fault("403", chat=room.desk.id)
    await room.dispatch()
    await room.dispatch(after=7 * 86400 + 60)
    assert await room.states() == ["send refused"] * 2 + ["send sent"] * 2
    assert private.texts[-1] == (
        "🟠 Alerts for Desk were dropped\nI have not been able to post there for 7 days, so 2"
        " alerts kept for it will not be sent."
    )


async def test_of_a_visitor_who_is_gone_the_owner_hears_nothing_and_nothing_is_followed_for_them(
    room: Newsroom,
) -> None:
    private = await room.own()
    eve = room.server.person("Eve")
    await eve.says("/start")
    place = await room.link(eve.private, public=True)
    async with room.store.write() as tx:
        wish = Watch("Rosalinda Quiroga Maldonado")
        await watches.add(tx, wish, room.now, to=[place.id], by=eve.id, visitor=eve.id)
    await room.tell("one", to=place)
    room.server.fault("403", chat=eve.id)
    await room.dispatch()
    await room.dispatch(after=86400)
    async with room.store.read() as tx:
        assert (await visiting.count(tx)).watches == 1, "they may come back"
    await room.dispatch(after=7 * 86400 + 60)
    assert await room.states() == ["send refused"]
    assert private.texts == []
    async with room.store.read() as tx:
        assert await visiting.count(tx) == visiting.Visitors(0, 0)


async def test_an_owner_who_blocks_us_is_not_told_about_it_in_that_chat(lone: Newsroom) -> None:
    await lone.own()
    async with lone.store.read() as tx:
        mine = await subscribers.by_address(tx, "telegram", str(lone.ana.id))
    assert mine is not None
    lone.ana.blocks_bot()
    await lone.notify(FAILING, mine)
    await lone.dispatch()
    assert await lone.states() == ["send due"]


async def test_a_group_that_became_a_supergroup_is_followed(room: Newsroom) -> None:
    group = room.server.group("Team", room.ana, kind="group")
    team = await room.link(group)
    await room.tell("one", "two", to=team)
    moved = group.migrate(room.ana)
    report = await room.dispatch()
    assert (report.sent, report.repeats) == (2, 0)
    assert headlines(moved) == ["one", "two"]
    async with room.store.read() as tx:
        assert await subscribers.by_address(tx, "telegram", str(moved.id)) is not None


async def test_an_unreachable_server_holds_everything_and_marks_nothing(lone: Newsroom) -> None:
    await lone.tell("one", "two")
    url, lone.server.url = lone.server.url, "http://127.0.0.1:1"
    report = await lone.dispatch()
    assert (report.sent, report.again) == (0, 1)
    lone.server.url = url
    report = await lone.dispatch(after=5)
    assert (report.sent, report.repeats) == (2, 0)
    assert lone.shown == ["one", "two"]


async def test_a_wrong_token_costs_nothing_but_time(lone: Newsroom) -> None:
    await lone.tell("one")
    wrong = TelegramCourier("1:wrong", api_url=lone.server.url)
    report = await lone.dispatcher(courier=wrong).dispatch_due(lone.now)
    assert (report.sent, report.again) == (0, 1)
    assert "token" in (await lone.waiting())[0].error
    await lone.dispatch(after=61)
    assert lone.shown == ["one"]


async def test_marks_that_are_refused_leave_the_plain_text_and_are_remembered(
    lone: Newsroom,
) -> None:
    item = await lone.item("One", lang="en")
    item = await lone.change(item, url="http://localhost.invalid:99999/x")
    await lone.queue(Step.TELL, item, lone.to)

    class Picky(TelegramCourier):
        asked: list[bool] = []  # noqa: RUF012 - one instance

        async def _send_part(self, subscriber: Subscriber, part: Message) -> int:
            from alerts.couriers import BadMarks

            self.asked.append(bool(part.marks))
            if part.marks:
                raise BadMarks("can't parse entities")
            return await super()._send_part(subscriber, part)

    picky = Picky(TOKEN, api_url=lone.server.url)
    report = await lone.dispatcher(courier=picky).dispatch_due(lone.now)
    assert (report.sent, picky.asked) == (1, [True, False])
    assert lone.shown == ["One"]
    changed = await lone.change(item, title="Two")
    await lone.queue(Step.EDIT, changed, lone.to, 1)
    await lone.dispatch(after=1)
    assert lone.server.calls("editMessageText")[0].asked.get("entities", []) == []


class Poisoned(ConsoleCourier):
    """A courier that refuses, or breaks, on one headline in a channel."""

    name = "telegram"

    def __init__(self, word: str, error: Exception) -> None:
        super().__init__(io.StringIO())
        self.word, self.error = word, error
        self.carried: list[str] = []

    async def send(self, subscriber: Subscriber, message: Message) -> Sent:
        if self.word in message.text and subscriber.chat is Chat.CHANNEL:
            raise self.error
        self.carried.append(message.text)
        return Sent((len(self.carried),))


@pytest.mark.parametrize("error", [Refused("too odd"), RuntimeError("a mistake of ours")])
async def test_one_message_that_cannot_be_sent_holds_up_nobody_and_the_owner_hears(
    lone: Newsroom, error: Exception
) -> None:
    await lone.own()
    await lone.tell("one", "poison", "three")
    poisoned = Poisoned("poison", error)
    report = await lone.dispatcher(courier=poisoned).dispatch_due(lone.now)
    assert (report.sent, report.refused) == (3, 1)
    assert await lone.states() == ["send sent", "send refused", "send sent", "send sent"]
    [notice] = [text for text in poisoned.carried if text.startswith("🟠")]
    assert notice.startswith("🟠 One message to Desk could not be delivered\nTelegram says: ")
    assert notice.endswith("It was: poison")
    assert str(error) in notice


async def test_a_message_that_is_always_in_doubt_lets_the_others_pass_in_the_end(
    lone: Newsroom,
) -> None:
    other = await lone.link(lone.server.channel("Other", lone.ana))
    await lone.tell("poison", "two", "three")
    dispatcher = lone.dispatcher(courier=Poisoned("poison", Ambiguous()))
    for _ in range(4):
        await lone.tell("elsewhere", to=other)
        await dispatcher.dispatch_due(lone.now)
        assert (await lone.states())[:3] == ["send due", "send due", "send due"]
        lone.now += timedelta(minutes=1)
    await dispatcher.dispatch_due(lone.now)
    assert (await lone.states())[:3] == ["send due", "send sent", "send sent"]


async def test_what_keeps_everybody_waiting_is_said_once(lone: Newsroom) -> None:
    await lone.tell("one", "two")
    lone.server.url = "http://127.0.0.1:1"
    said: list[VigilError] = []
    dispatcher = lone.dispatcher()
    for seconds in range(3):
        await dispatcher.dispatch_due(lone.now + timedelta(seconds=seconds), said.append)
    [trouble] = said
    assert str(trouble).startswith("Telegram could not be reached")
    assert "127.0.0.1" not in str(trouble)


async def test_a_mistake_in_the_composing_refuses_that_alert_alone(lone: Newsroom) -> None:
    await lone.notify(Notice("no.such.sentence"))
    await lone.tell("two")
    with pytest.warns(UserWarning, match=r"no\.such\.sentence"):
        await lone.dispatch()
    assert lone.desk.texts[0] == "no.such.sentence"
    assert len(lone.desk.texts) == 2


async def test_a_dead_process_leaves_no_loss_and_marks_its_doubt(room: Newsroom) -> None:
    await room.tell("one", "two")
    async with room.store.write() as tx:
        lease = await upkeep.lease(tx, "dispatch:telegram", "dead")
        claimed = await outbox.claim(tx, room.now)
        assert lease is not None
        assert await outbox.begin(tx, claimed[0].id, lease, room.now)
        await upkeep.release(tx, "dispatch:telegram", "dead")
    report = await room.dispatch()
    assert (report.sent, report.repeats) == (2, 1)
    assert room.shown == ["one (may be a repeat)", "two"]


async def test_while_another_process_sends_nothing_is_done(room: Newsroom) -> None:
    await room.tell("one")
    async with room.store.write() as tx:
        assert await upkeep.lease(tx, "dispatch:telegram", "other") is not None
    assert await room.dispatch() == DispatchReport()
    assert room.shown == []


async def test_the_console_prints_each_alert_once(sqlite_store: Store) -> None:
    out = io.StringIO()
    async with newsroom(sqlite_store) as room:
        async with sqlite_store.write() as tx:
            screen = await subscribers.add(tx, NewSubscriber("console", ""), room.now)
        item = await room.item("One")
        await room.queue(Step.TELL, item, screen)
        await room.tell("for telegram only")
        dispatcher = Dispatcher(sqlite_store, {"console": ConsoleCourier(out)}, lambda _: english())
        assert (await dispatcher.dispatch_due(room.now)).sent == 1
        await room.queue(Step.EDIT, await room.change(item, title="Two"), screen, 1)
        await dispatcher.dispatch_due(room.now)
        assert await room.states() == ["send sent", "send due", "edit sent"]
    assert out.getvalue().count("Salvador Cienfuegos Zepeda\n") == 1


async def test_many_chats_are_served_at_once_each_in_order(room: Newsroom) -> None:
    rooms = [room.server.channel(f"C{n}", room.ana) for n in range(20)]
    places = [await room.link(one) for one in rooms]
    for number in range(3):
        item = await room.item(f"story {number}")
        for place in places:
            await room.queue(Step.TELL, item, place)
    report = await room.dispatch()
    assert report.sent == 60
    assert all(headlines(one) == ["story 0", "story 1", "story 2"] for one in rooms)


async def test_within_the_servers_limits_there_is_not_one_429(sqlite_store: Store) -> None:
    async with newsroom(sqlite_store, limits=True) as room:
        tight = Allowance(per_second=40, chat_burst=2.0, group_minute=20, flood_wait=1.0)
        room.server.limits.allowance = tight
        room.limits = Limits(per_second=30.0, gap=1.05, per_window=19, window=60.5)
        group = await room.link(room.server.group("G", room.ana))
        for number in range(3):
            await room.tell(f"n{number}")
            await room.tell(f"n{number}", to=group)
        report = await room.dispatch()
    assert (report.sent, report.waits) == (6, 0)


async def run_until(
    room: Newsroom, done: asyncio.Event, dispatcher: Dispatcher
) -> list[DispatchReport]:
    reports: list[DispatchReport] = []
    await dispatcher.run(done, lambda: room.now, reports.append)
    return reports


async def test_running_it_wakes_when_something_is_queued_and_stops_when_told(
    room: Newsroom,
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_until(room, stop, room.dispatcher()))
    await room.tell("one")
    await room.desk.shows("one")
    await room.tell("two")
    await room.desk.shows("two")
    stop.set()
    reports = await running
    assert sum(report.sent for report in reports) == 2
    assert await room.states() == ["send sent"] * 2


async def test_stopping_waits_for_what_is_in_flight(room: Newsroom) -> None:
    await room.tell("one")
    room.server.fault("slow", seconds=0.2)
    stop = asyncio.Event()
    running = asyncio.create_task(run_until(room, stop, room.dispatcher()))
    await room.desk.shows("one")
    stop.set()
    [*_, last] = await running
    assert last.sent == 1
    assert await room.states() == ["send sent"]


async def test_a_stopped_process_hands_over_at_once(room: Newsroom) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_until(room, stop, room.dispatcher("first")))
    await room.tell("one")
    await room.desk.shows("one")
    stop.set()
    await running
    await room.tell("two")
    assert (await room.dispatcher("second").dispatch_due(room.now)).sent == 1


async def test_of_two_processes_only_one_sends(room: Newsroom) -> None:
    stop = asyncio.Event()
    both = [
        asyncio.create_task(run_until(room, stop, room.dispatcher(owner)))
        for owner in ("first", "second")
    ]
    for number in range(5):
        await room.tell(f"n{number}")
        await room.desk.shows(f"n{number}")
    stop.set()
    reports = [report for one in await asyncio.gather(*both) for report in one]
    assert sum(report.sent for report in reports) == 5
    assert room.shown == [f"n{number}" for number in range(5)]


async def test_a_cancelled_process_leaves_doubt_that_the_next_one_marks(room: Newsroom) -> None:
    await room.tell("one")
    room.server.fault("slow", seconds=0.3)
    running = asyncio.create_task(run_until(room, asyncio.Event(), room.dispatcher("first")))
    await room.desk.shows("one")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    report = await room.dispatcher("second").dispatch_due(room.now)
    settled_in_time = report == DispatchReport()
    assert room.shown == ["one"] if settled_in_time else ["one", "one (may be a repeat)"]


async def test_a_database_that_fails_is_reported_and_work_goes_on(
    lone: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.dispatch.AFTER_TROUBLE", 0.01)
    troubles: list[VigilError] = []
    stop = asyncio.Event()
    real, broken = outbox.claim, [True]

    async def claim(*args: object, **kwargs: object) -> Sequence[object]:
        if broken:
            broken.clear()
            raise VigilError("The database can't be reached.")
        return await real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "claim", claim)
    await lone.tell("one")
    running = asyncio.create_task(
        lone.dispatcher().run(stop, lambda: lone.now, trouble=troubles.append)
    )
    await lone.desk.shows("one")
    stop.set()
    await running
    assert [str(one) for one in troubles] == ["The database can't be reached."]
    assert [one.state for one in await lone.waiting()] == [DeliveryState.SENT]


async def test_a_commit_whose_answer_is_lost_leaves_no_message_half_sent(
    lone: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database took that a message is being sent, and the connection broke before it said so:
    nobody knows, so it goes out with its mark and not never.
    """
    monkeypatch.setattr("alerts.dispatch.AFTER_TROUBLE", 0.01)
    real_begin, real_write = outbox.begin, Store.write
    begun: list[bool] = []

    async def begin(*args: object) -> bool:
        begun.append(True)
        return await real_begin(*args)  # type: ignore[arg-type]

    @asynccontextmanager
    async def write(store: Store) -> AsyncIterator[Tx]:
        async with real_write(store) as tx:
            yield tx
        if begun == [True]:
            begun.append(False)
            raise StoreError("The connection to the database broke.")

    monkeypatch.setattr(outbox, "begin", begin)
    monkeypatch.setattr(Store, "write", write)
    await lone.tell("one")
    stop = asyncio.Event()
    running = asyncio.create_task(lone.dispatcher().run(stop, lambda: lone.now))
    await lone.desk.shows("one")
    stop.set()
    await running
    assert lone.shown == ["one (may be a repeat)"]
    assert await lone.states() == ["send sent"]
