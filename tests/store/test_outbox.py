"""The outbox: nothing decided is lost, nothing is sent out of order, nothing waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from model import (
    AlertDraft,
    AlertKind,
    Chat,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Item,
    Mention,
    NewSource,
    NewSubscriber,
    Notice,
    Outcome,
    Priority,
    Reason,
    Step,
    Subscriber,
    Watch,
    WatchName,
)
from store import alerts, buttons, items, outbox, sources, subscribers, upkeep, watches
from store.engine import Store

SENT, DUE, GONE, REFUSED = (
    DeliveryState.SENT,
    DeliveryState.DUE,
    DeliveryState.GONE,
    DeliveryState.REFUSED,
)


@dataclass(slots=True)
class Desk:
    """A store in which things happen, one short step a line."""

    store: Store
    now: datetime
    keys: int = 0

    async def subscriber(self, address: str = "-1", **what) -> Subscriber:
        async with self.store.write() as tx:
            new = NewSubscriber(**{"courier": "telegram", "address": address, **what})
            return await subscribers.add(tx, new, self.now)

    async def items(self, *titles: str, **what) -> list[Item]:
        some = []
        for title in titles:
            self.keys += 1
            key = f"k{self.keys}"
            some.append(Item(key, f"https://a.example/{key}", title, source_id=1, **what))
        async with self.store.write() as tx:
            return [one.item for one in await items.record(tx, some, self.now)]

    async def queue(self, *decisions: Decision) -> outbox.QueueCount:
        async with self.store.write() as tx:
            return await outbox.queue(tx, decisions, self.now)

    async def tell(self, to: Subscriber, *titles: str, **what) -> outbox.QueueCount:
        return await self.queue(*[tell(to, one, **what) for one in await self.items(*titles)])

    async def claim(self, **how) -> list[Delivery]:
        async with self.store.write() as tx:
            return await outbox.claim(tx, self.now, **how)

    async def headlines(self, **how) -> list[str]:
        """What would be sent now, and how."""
        claimed = await self.claim(**how)
        async with self.store.read() as tx:
            views = await alerts.views(tx, [one.alert_id for one in claimed])
        marks = {DeliveryKind.SEND: "", DeliveryKind.EDIT: "edit ", DeliveryKind.DELETE: "del "}
        return [marks[one.kind] + views[one.alert_id].items[0].title for one in claimed]

    async def lease(self, owner: str = "me") -> upkeep.Lease:
        async with self.store.write() as tx:
            lease = await upkeep.lease(tx, "dispatch", owner)
        assert lease is not None
        return lease

    async def begin(self, one: Delivery, lease: upkeep.Lease | None = None) -> bool:
        lease = lease or await self.lease()
        async with self.store.write() as tx:
            return await outbox.begin(tx, one.id, lease, self.now)

    async def settle(self, *outcomes: Outcome) -> None:
        async with self.store.write() as tx:
            await outbox.settle(tx, outcomes, self.now)

    async def send_all(self, message_id: int = 100) -> list[Delivery]:
        """Send what is due, each as the next message of its chat."""
        done = []
        while claimed := await self.claim(each=1):
            for one in claimed:
                assert await self.begin(one)
                ids = one.message_ids or (message_id + len(done),)
                await self.settle(Outcome(one.id, SENT, ids))
                done.append(one)
        return done

    async def states(self) -> list[str]:
        async with self.store.read() as tx:
            return [f"{one.kind} {one.state}" for one in await outbox.listing(tx)]


def tell(to: Subscriber, item: Item, *watch_ids: int, **what) -> Decision:
    return Decision(AlertDraft(to.id, item, watch_ids or (1,), (), **what), Step.TELL)


def then(step: Step, to: Subscriber, item: Item, alert_id: int, **what) -> Decision:
    return Decision(AlertDraft(to.id, item, (1,), (), **what), step, alert_id)


@pytest.fixture
def desk(store: Store, now: datetime) -> Desk:
    return Desk(store, now)


async def test_what_is_told_waits_for_its_subscriber(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    (story,) = await desk.items("Judge dismisses the case")
    assert await desk.queue(tell(ana, story), tell(bo, story)) == outbox.QueueCount(2, 0)
    one, two = await desk.claim()
    assert {one.subscriber_id, two.subscriber_id} == {ana.id, bo.id}
    assert (one.kind, one.state, one.tries, one.repeat) == (DeliveryKind.SEND, DUE, 0, False)
    assert (one.created_at, one.message_ids, one.plain) == (desk.now, (), False)
    assert await desk.store.woken("outbox", 5)


async def test_nothing_decided_is_nothing_queued(desk: Desk):
    ana = await desk.subscriber()
    (story,) = await desk.items("A")
    assert await desk.queue() == outbox.QueueCount()
    assert await desk.queue(then(Step.NOTHING, ana, story, 0)) == outbox.QueueCount()
    assert await desk.claim() == []


async def test_order_is_kept_and_urgent_ones_overtake(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one", "two")
    await desk.tell(ana, "calm", priority=Priority.DIGEST)
    await desk.tell(ana, "three")
    await desk.tell(ana, "urgent", priority=Priority.HIGH)
    assert await desk.headlines(each=9) == ["urgent", "one", "two", "three", "calm"]
    assert await desk.headlines(each=2) == ["urgent", "one"]


async def test_the_urgent_lane_comes_first(desk: Desk):
    for number in range(5):
        await desk.tell(await desk.subscriber(f"-{number}"), f"{number}")
    await desk.tell(await desk.subscriber("-9"), "urgent", priority=Priority.HIGH)
    assert (await desk.headlines())[0] == "urgent"
    assert await desk.headlines(lanes=1) == ["urgent"]


async def test_a_busy_subscriber_holds_up_no_other(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    await desk.tell(ana, *(f"ana {n}" for n in range(30)))
    await desk.tell(bo, "bo")
    assert await desk.headlines(each=2) == ["ana 0", "ana 1", "bo"]
    assert await desk.headlines(busy={ana.id}) == ["bo"]


async def test_only_what_a_courier_here_can_carry_is_claimed(desk: Desk):
    await desk.tell(await desk.subscriber("-1"), "chat")
    await desk.tell(await desk.subscriber("", courier="console"), "screen")
    assert await desk.headlines(couriers=["console"]) == ["screen"]
    assert sorted(await desk.headlines(couriers=["console", "telegram"])) == ["chat", "screen"]
    assert await desk.headlines(couriers=[]) == []


async def test_a_send_that_must_wait_holds_up_those_behind_it_but_nothing_urgent(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one", "two")
    one, _ = await desk.claim()
    later = desk.now + timedelta(minutes=1)
    assert await desk.begin(one)
    await desk.settle(Outcome(one.id, DUE, not_before=later, error="The server is down."))
    assert await desk.claim() == []
    await desk.tell(ana, "urgent", priority=Priority.HIGH)
    assert await desk.headlines() == ["urgent"]
    desk.now = later
    assert await desk.headlines() == ["urgent", "one", "two"]
    (_, again, _) = await desk.claim()
    assert (again.tries, again.error, again.repeat) == (1, "The server is down.", False)


async def test_a_lane_put_off_is_found_again_when_its_time_comes(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    (one,) = await desk.claim()
    await desk.settle(Outcome(one.id, DUE, not_before=desk.now + timedelta(hours=1)))
    assert await desk.claim() == []
    desk.now += timedelta(minutes=59)
    assert await desk.claim() == []
    desk.now += timedelta(minutes=1)
    assert len(await desk.claim()) == 1


async def test_a_paused_lane_waits_and_no_other(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    await desk.tell(ana, "ana")
    await desk.tell(bo, "bo")
    async with desk.store.write() as tx:
        await outbox.pause_lane(tx, ana.id, desk.now + timedelta(seconds=30))
    assert await desk.headlines() == ["bo"]
    desk.now += timedelta(seconds=30)
    assert await desk.headlines() == ["ana", "bo"]


async def test_what_was_sent_is_sent_once(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one", "two")
    assert len(await desk.send_all()) == 2
    assert await desk.claim() == []
    assert await desk.states() == ["send sent", "send sent"]


async def test_only_who_holds_the_lease_begins_and_only_once(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    (one,) = await desk.claim()
    mine = await desk.lease("me")
    assert not await desk.begin(one, replace(mine, owner="you"))
    assert not await desk.begin(one, replace(mine, epoch=mine.epoch + 1))
    assert await desk.begin(one, mine)
    assert not await desk.begin(one, mine)
    async with desk.store.write() as tx:
        await tx.run(text("UPDATE lease SET until = until - 3600"))
    await desk.settle(Outcome(one.id, DUE))
    assert not await desk.begin(one, mine)


async def test_what_was_being_sent_when_we_died_is_repeated_and_says_so(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    await desk.tell(ana, "one", "two")
    await desk.tell(bo, "three")
    one, _, three = await desk.claim()
    assert await desk.begin(one)
    assert await desk.begin(three)
    async with desk.store.write() as tx:
        assert await outbox.recover(tx, desk.now) == 2
        assert await outbox.recover(tx, desk.now) == 0
    again = await desk.claim()
    assert [(one.repeat, one.tries) for one in again] == [(True, 1), (False, 0), (True, 1)]
    await desk.settle(Outcome(again[0].id, DUE))
    assert (await desk.claim())[0].repeat


async def test_a_send_that_ends_after_it_was_given_up_on_still_counts(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    (one,) = await desk.claim()
    assert await desk.begin(one)
    async with desk.store.write() as tx:
        await outbox.recover(tx, desk.now)
    await desk.settle(Outcome(one.id, SENT, (5,)))
    assert await desk.claim() == []
    await desk.settle(Outcome(one.id, DUE), Outcome(999, DUE))
    assert await desk.states() == ["send sent"]


async def test_an_edit_goes_after_its_send_to_the_same_message(desk: Desk):
    ana = await desk.subscriber()
    story, other = await desk.items("Judge dismisses", "Judge drops")
    await desk.queue(tell(ana, story))
    (send,) = await desk.claim()
    assert await desk.queue(then(Step.EDIT, ana, story, send.alert_id)) == outbox.QueueCount(0, 1)
    await desk.queue(tell(ana, other))
    assert await desk.headlines() == ["Judge dismisses", "Judge drops"]
    assert await desk.begin(send)
    assert await desk.headlines() == ["Judge drops"]
    await desk.settle(Outcome(send.id, SENT, (7, 8), digest="abc"))
    edit, _ = await desk.claim()
    assert (edit.kind, edit.message_ids, edit.digest) == (DeliveryKind.EDIT, (7, 8), "abc")
    assert edit.priority is Priority.NORMAL


async def test_no_edit_overtakes_what_is_urgent(desk: Desk):
    ana = await desk.subscriber()
    (story,) = await desk.items("old")
    await desk.queue(tell(ana, story, priority=Priority.HIGH))
    (sent,) = await desk.send_all()
    await desk.tell(ana, "normal")
    await desk.queue(then(Step.EDIT, ana, story, sent.alert_id, priority=Priority.HIGH))
    await desk.tell(ana, "urgent", priority=Priority.HIGH)
    assert await desk.headlines() == ["urgent", "normal", "edit old"]


async def test_of_several_edits_of_a_message_the_newest_is_sent_and_all_count(desk: Desk):
    ana = await desk.subscriber()
    (story,) = await desk.items("one")
    await desk.queue(tell(ana, story))
    (sent,) = await desk.send_all()
    edit = then(Step.EDIT, ana, story, sent.alert_id)
    assert await desk.queue(edit, edit) == outbox.QueueCount(0, 2)
    assert await desk.queue(edit) == outbox.QueueCount(0, 1)
    assert await desk.states() == ["send sent", "edit gone", "edit gone", "edit due"]
    assert await desk.headlines() == ["edit one"]


async def test_edits_of_what_was_never_sent_are_gone_with_it(desk: Desk):
    ana = await desk.subscriber()
    (story,) = await desk.items("one")
    await desk.queue(tell(ana, story))
    (send,) = await desk.claim()
    await desk.queue(then(Step.EDIT, ana, story, send.alert_id))
    await desk.settle(Outcome(send.id, REFUSED, error="No rights."))
    assert await desk.states() == ["send refused", "edit gone"]
    await desk.queue(then(Step.EDIT, ana, story, send.alert_id))
    assert await desk.claim() == []
    assert await desk.states() == ["send refused", "edit gone", "edit gone"]


async def test_an_edit_interrupted_is_done_again_unless_overtaken(desk: Desk):
    ana = await desk.subscriber()
    (story,) = await desk.items("one")
    await desk.queue(tell(ana, story))
    (sent,) = await desk.send_all()
    await desk.queue(then(Step.EDIT, ana, story, sent.alert_id))
    (edit,) = await desk.claim()
    assert await desk.begin(edit)
    async with desk.store.write() as tx:
        await outbox.recover(tx, desk.now)
    (edit,) = await desk.claim()
    assert not edit.repeat
    assert await desk.begin(edit)
    await desk.queue(then(Step.EDIT, ana, story, sent.alert_id))
    async with desk.store.write() as tx:
        await outbox.recover(tx, desk.now)
    assert await desk.states() == ["send sent", "edit gone", "edit due"]


async def test_an_item_that_joins_is_shown_with_the_first(desk: Desk):
    ana = await desk.subscriber()
    first, second = await desk.items("One outlet", "Another outlet")
    await desk.queue(tell(ana, first))
    (sent,) = await desk.send_all()
    desk.now += timedelta(minutes=5)
    joined = await desk.queue(then(Step.JOIN, ana, second, sent.alert_id))
    assert joined == outbox.QueueCount(0, 1)
    async with desk.store.read() as tx:
        view = (await alerts.views(tx, [sent.alert_id]))[sent.alert_id]
    assert [one.title for one in view.items] == ["One outlet", "Another outlet"]
    assert view.edited_at == desk.now
    assert await desk.headlines() == ["edit One outlet"]


async def test_alerts_are_shown_in_the_order_they_are_asked_for(desk: Desk):
    ana = await desk.subscriber()
    await desk.queue(*[tell(ana, one) for one in await desk.items("one", "two", "three")])
    ids = [one.alert_id for one in await desk.claim()]
    async with desk.store.write() as tx:
        await alerts.mark_hidden(
            tx, ids[0], "Ana", desk.now
        )  # PostgreSQL moves what is written anew
        for wanted in (ids, ids[::-1], [ids[1], ids[2], ids[0]]):
            assert list(await alerts.views(tx, wanted)) == wanted


async def test_what_joins_an_alert_of_the_same_batch_needs_no_edit(desk: Desk):
    ana = await desk.subscriber()
    other, first, second = await desk.items("Other", "One outlet", "Another outlet")
    count = await desk.queue(tell(ana, other), tell(ana, first), then(Step.JOIN, ana, second, -2))
    assert count == outbox.QueueCount(2, 0)
    claimed = await desk.claim()
    async with desk.store.read() as tx:
        views = await alerts.views(tx, [one.alert_id for one in claimed])
    shown = [[one.title for one in views[c.alert_id].items] for c in claimed]
    assert shown == [["Other"], ["One outlet", "Another outlet"]]


async def test_a_backlog_is_one_message_for_each_subscriber_and_source(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    found = Mention(1, "title", 0, 3, "one", 90, Reason("exact"))
    some = await desk.items("one", "two", "three")
    elsewhere = replace(some[2], source_id=2)
    async with desk.store.write() as tx:
        await items.add_mentions(tx, [(some[0].id, found), (some[1].id, found)])
    count = await desk.queue(
        tell(ana, some[0], backlog=True, priority=Priority.HIGH),
        tell(bo, some[0], backlog=True),
        tell(ana, some[1], backlog=True),
        tell(ana, elsewhere, backlog=True),
    )
    assert count == outbox.QueueCount(3, 0)
    claimed = await desk.claim()
    async with desk.store.read() as tx:
        views = await alerts.views(tx, [one.alert_id for one in claimed])
    seen = [views[one.alert_id] for one in claimed if one.subscriber_id == ana.id]
    assert [[one.title for one in view.items] for view in seen] == [["one", "two"], ["three"]]
    assert {view.kind for view in seen} == {AlertKind.BACKLOG}
    assert seen[0].item_mentions == ((some[0].id, (found,)), (some[1].id, (found,)))
    assert {one.priority for one in claimed} == {Priority.NORMAL}


async def test_a_view_has_all_that_is_needed_to_say_an_alert(desk: Desk):
    ana = await desk.subscriber("7", chat=Chat.PRIVATE, language="es")
    async with desk.store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/", "InSight Crime"), desk.now)
        wish = Watch("The General", priority=Priority.HIGH)
        one = await watches.add(tx, wish, desk.now, to=[ana.id])
        two = await watches.add(tx, Watch("Removed since"), desk.now)
        other = await watches.add(tx, Watch("Nobody told them"), desk.now)
    mentions = [
        Mention(
            watch.watch.id,
            "title",
            4,
            11,
            "general",
            90,
            Reason("alias", ("a",)),
            "General",
            ("DEA",),
        )
        for watch in (one, two, other)
    ]
    (item,) = await desk.items("The general is flown home")
    assert source.id == item.source_id
    async with desk.store.write() as tx:
        decision = tell(ana, item, one.watch.id, two.watch.id, priority=Priority.HIGH)
        await outbox.queue(tx, [decision], desk.now)
        await items.add_mentions(tx, [(item.id, found) for found in mentions])
        await watches.remove(tx, two.watch.id, desk.now)
    (sent,) = await desk.claim()
    async with desk.store.read() as tx:
        view = (await alerts.views(tx, [sent.alert_id, 999]))[sent.alert_id]
        pressed = [await buttons.get(tx, token, desk.now) for _, token in view.buttons]
    assert view.subscriber == ana
    assert view.watches == (
        WatchName(one.watch.id, "The General", Priority.HIGH),
        WatchName(two.watch.id, "Removed since"),
    )
    assert view.items == (replace(item, source="InSight Crime"),)
    assert view.mentions == tuple(mentions[:2])
    assert (view.at, view.edited_at, view.hidden_by) == (desk.now, None, "")
    assert [action for action, _ in view.buttons] == ["more", "not_them"]
    assert [one and dict(one.args) for one in pressed] == [{"alert": view.id}] * 2


async def test_in_a_channel_and_on_a_screen_there_is_nothing_to_press(desk: Desk):
    for number, chat in enumerate((Chat.CHANNEL, Chat.NONE)):
        await desk.tell(await desk.subscriber(f"{number}", chat=chat), "news")
    claimed = await desk.claim()
    async with desk.store.read() as tx:
        views = await alerts.views(tx, [one.alert_id for one in claimed])
    assert [one.buttons for one in views.values()] == [(), ()]


async def test_what_was_told_is_found_by_item_address_and_headline(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    title = "Judge dismisses the charges against the general"
    (first,) = await desk.items(title)
    await desk.queue(tell(ana, first, 1, 2), tell(bo, first, 3))
    same_title, other = await desk.items(title, "Something else happened in the capital")
    same_url = replace(other, url=first.url)
    since = desk.now - timedelta(hours=72)

    async def told(to: Subscriber, *some: Item) -> list[tuple[int, ...]]:
        drafts = [AlertDraft(to.id, one, (9,), ()) for one in some]
        async with desk.store.read() as tx:
            return [one.watch_ids for one in await alerts.told(tx, drafts, since)]

    assert await told(ana, first) == [(1, 2)]
    assert await told(bo, first) == [(3,)]
    assert await told(ana, same_title) == [(1, 2)]
    assert await told(ana, same_url, same_title, first) == [(1, 2)]
    assert await told(ana, other) == []
    assert await told(ana) == []
    since = desk.now + timedelta(seconds=1)
    assert await told(ana, first) == []


async def test_told_tells_what_deciding_needs(desk: Desk):
    ana = await desk.subscriber()
    first, second = await desk.items("A headline of several words", "Another headline of words")
    await desk.queue(tell(ana, first), then(Step.JOIN, ana, second, -1))
    async with desk.store.read() as tx:
        draft = AlertDraft(ana.id, second, (1,), ())
        (one,) = await alerts.told(tx, [draft], desk.now)
    assert (one.subscriber_id, one.at, one.kind) == (ana.id, desk.now, AlertKind.STORY)
    assert one.item_ids == (first.id, second.id)
    assert one.story_id != 0
    assert (len(one.url_keys), len(one.title_keys)) == (2, 2)


async def test_a_message_is_known_as_its_alert(desk: Desk):
    ana = await desk.subscriber("-1", thread=4)
    await desk.tell(ana, "one")
    (one,) = await desk.claim()
    await desk.settle(Outcome(one.id, SENT, (55, 56)))
    async with desk.store.read() as tx:
        assert await alerts.by_message(tx, "telegram", "-1", 56) == one.alert_id
        assert await alerts.by_message(tx, "telegram", "-1", 57) is None
        assert await alerts.by_message(tx, "telegram", "-2", 56) is None


async def test_a_hidden_alert_says_who_hid_it_and_its_message_is_edited(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    (sent,) = await desk.send_all()
    async with desk.store.write() as tx:
        await alerts.mark_hidden(tx, sent.alert_id, "Ana", desk.now)
        view = (await alerts.views(tx, [sent.alert_id]))[sent.alert_id]
    assert view.hidden_by == "Ana"
    assert await desk.headlines() == ["edit one"]
    async with desk.store.write() as tx:
        await alerts.mark_hidden(tx, sent.alert_id, "", desk.now)
        assert (await alerts.views(tx, [sent.alert_id]))[sent.alert_id].hidden_by == ""
        assert not await outbox.queue_edit(tx, 999, desk.now)


async def test_an_alert_taken_back_is_deleted_or_never_sent(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "sent", "waiting")
    first, second = await desk.claim()
    await desk.settle(Outcome(first.id, SENT, (5,)))
    async with desk.store.write() as tx:
        assert await outbox.withdraw(tx, first.alert_id, desk.now)
        assert await outbox.withdraw(tx, second.alert_id, desk.now)
        assert not await outbox.withdraw(tx, 999, desk.now)
    (delete,) = await desk.claim()
    assert (delete.kind, delete.message_ids) == (DeliveryKind.DELETE, (5,))
    await desk.settle(Outcome(delete.id, SENT))
    assert await desk.states() == ["send sent", "send gone", "delete sent", "delete gone"]
    async with desk.store.read() as tx:
        assert await alerts.by_message(tx, "telegram", "-1", 5) is None


async def test_a_notice_is_an_alert_of_its_own(desk: Desk):
    ana = await desk.subscriber()
    notice = Notice("notice.failing", (("n", "3"), ("name", "Ríodoce")), "source:12")
    async with desk.store.write() as tx:
        alert_id = await outbox.notify(tx, ana.id, notice, desk.now, Priority.HIGH)
    (one,) = await desk.claim()
    assert (one.alert_id, one.priority) == (alert_id, Priority.HIGH)
    async with desk.store.read() as tx:
        view = (await alerts.views(tx, [alert_id]))[alert_id]
    assert (view.kind, view.notice, view.items) == (AlertKind.NOTICE, notice, ())


async def test_marks_refused_once_are_left_out_from_then_on(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    (one,) = await desk.claim()
    await desk.settle(Outcome(one.id, DUE, plain=True))
    (one,) = await desk.claim()
    assert one.plain


async def test_a_parked_subscriber_keeps_what_waits_for_seven_days(desk: Desk):
    ana, bo = await desk.subscriber("-1"), await desk.subscriber("-2")
    await desk.tell(ana, "ana", "more")
    await desk.tell(bo, "bo")
    async with desk.store.write() as tx:
        await subscribers.park(tx, ana.id, "The bot was kicked.", desk.now)
    assert await desk.headlines() == ["bo"]
    async with desk.store.write() as tx:
        assert await outbox.refuse_parked(tx, desk.now, desk.now) == {}
        await subscribers.unpark(tx, ana.id)
    assert await desk.headlines() == ["ana", "more", "bo"]
    async with desk.store.write() as tx:
        await subscribers.park(tx, ana.id, "The bot was kicked.", desk.now)
        later = desk.now + timedelta(days=7)
        assert await outbox.refuse_parked(tx, later, later) == {ana.id: 2}
        assert await outbox.refuse_parked(tx, later, later) == {}
        refused = await outbox.listing(tx, states=[REFUSED])
    assert {one.error for one in refused} == {"The bot was kicked."}


async def test_what_waits_for_a_subscriber_that_left_is_gone(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    async with desk.store.write() as tx:
        await subscribers.remove(tx, ana.id, desk.now)
    assert await desk.states() == ["send gone"]


async def test_a_chat_that_moves_takes_what_waits_and_leaves_its_messages(desk: Desk):
    ana = await desk.subscriber("-1")
    story, other = await desk.items("sent", "waiting")
    await desk.queue(tell(ana, story))
    (sent,) = await desk.send_all()
    await desk.queue(tell(ana, other), then(Step.EDIT, ana, story, sent.alert_id))
    async with desk.store.write() as tx:
        await subscribers.migrate(tx, "telegram", "-1", "-1001", desk.now)
        assert await alerts.by_message(tx, "telegram", "-1001", 100) is None
    assert await desk.headlines() == ["waiting"]
    assert await desk.states() == ["send sent", "send due", "edit gone"]
    linked = await desk.subscriber("-2")
    async with desk.store.write() as tx:
        await subscribers.migrate(tx, "telegram", "-1001", "-2", desk.now)
    assert [one.subscriber_id for one in await desk.claim()] == [linked.id]


async def test_the_outbox_can_be_looked_at_and_changed_by_hand(desk: Desk):
    ana = await desk.subscriber(title="The desk")
    await desk.tell(ana, "one", "two", "three")
    async with desk.store.write() as tx:
        await outbox.notify(tx, ana.id, Notice("x", about="source:1"), desk.now)
    claimed = await desk.claim()
    await desk.settle(Outcome(claimed[0].id, REFUSED, error="No."), Outcome(claimed[1].id, SENT))
    async with desk.store.write() as tx:
        rows = await outbox.listing(tx)
        assert [(one.to, one.about, one.state) for one in rows] == [
            ("The desk", "one", REFUSED),
            ("The desk", "two", SENT),
            ("The desk", "three", DUE),
            ("The desk", "source:1", DUE),
        ]
        assert len(await outbox.listing(tx, limit=2)) == 2
        assert await outbox.drop(tx, [one.id for one in rows], desk.now) == 2
        assert await outbox.retry(tx, [one.id for one in rows], desk.now) == 3
    assert len(await desk.claim()) == 3


async def test_depth_says_how_much_waits_and_since_when(desk: Desk):
    async with desk.store.read() as tx:
        assert await outbox.depth(tx) == (0, None)
    start = desk.now
    parked = await desk.subscriber("-2")
    await desk.tell(parked, "parked")
    desk.now += timedelta(minutes=1)
    ana = await desk.subscriber("-1")
    await desk.tell(ana, "one")
    async with desk.store.write() as tx:
        assert await outbox.depth(tx) == (2, start)
        await subscribers.park(tx, parked.id, "Kicked.", desk.now)
        assert await outbox.depth(tx) == (2, desk.now)
    (one,) = await desk.claim()
    night = desk.now + timedelta(hours=8)
    await desk.settle(Outcome(one.id, DUE, not_before=night))
    async with desk.store.read() as tx:
        assert await outbox.depth(tx) == (2, night)


async def test_alerts_are_counted_by_subscriber(desk: Desk):
    ana = await desk.subscriber()
    await desk.tell(ana, "one")
    desk.now += timedelta(hours=2)
    await desk.tell(ana, "two")
    async with desk.store.write() as tx:
        await outbox.notify(tx, ana.id, Notice("x"), desk.now)
        since = desk.now - timedelta(hours=1)
        assert await outbox.sent_since(tx, [ana.id, 99], since) == {ana.id: 1}


async def test_old_alerts_go_with_their_articles(desk: Desk):
    ana = await desk.subscriber("7", chat=Chat.PRIVATE)
    await desk.tell(ana, "old")
    await desk.send_all()
    await desk.tell(ana, "old and waiting")
    desk.now += timedelta(days=500)
    await desk.tell(ana, "new")
    gone = await upkeep.prune(desk.store, desk.now, keep_articles=timedelta(days=400))
    assert (gone.alerts, gone.articles) == (1, 1)
    assert await desk.headlines() == ["old and waiting", "new"]
    async with desk.store.read() as tx:
        for table in ("alert", "alert_item", "alert_watch", "story", "story_item"):
            assert await tx.value(text(f"SELECT count(*) FROM {table}")) == 2
        assert await tx.value(text("SELECT count(*) FROM message")) == 0


def _order(deliveries: Sequence[Delivery]) -> list[int]:
    return [one.id for one in deliveries]


async def test_claiming_is_the_same_in_any_slices(desk: Desk):
    ana = await desk.subscriber()
    urgencies = [Priority.NORMAL, Priority.HIGH, Priority.DIGEST]
    for number in range(21):
        await desk.tell(ana, f"{number}", priority=urgencies[number % 3])
    whole = _order(await desk.claim(each=30))
    sliced: list[int] = []
    while claimed := await desk.claim(each=4):
        sliced += _order(claimed)
        await desk.settle(*[Outcome(one.id, SENT) for one in claimed])
    assert sliced == whole
    assert len(whole) == 21


async def test_what_is_queued_while_a_lane_is_looked_at_is_not_overlooked(
    postgres_url: str, now: datetime
):
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    polling, sending = Desk(here, now), Desk(there, now)
    ana = await polling.subscriber()
    await polling.tell(ana, "one")
    await sending.send_all()
    (story,) = await polling.items("two")
    async with here.write() as tx:
        await outbox.queue(tx, [tell(ana, story)], now)
        assert await sending.claim() == []
    assert await sending.headlines() == ["two"]
    await sending.send_all()
    (story,) = await polling.items("three")
    async with there.write() as tx:
        assert await outbox.claim(tx, now) == []
        queueing = asyncio.create_task(polling.queue(tell(ana, story)))
        await asyncio.sleep(0.05)
    await queueing
    assert await sending.headlines() == ["three"]
    await here.close()
    await there.close()
