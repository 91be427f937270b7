"""The first page of a document below the message that told of it: once, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from alerts.couriers import Ambiguous, ChatLost, NotSent, Refused, Wait
from alerts.retry import Pause, after_trouble
from bot.demo.botapi.world import Json
from matching.happened import with_events
from model.alert import DeliveryKind, DeliveryState, Step
from model.docket import Filing
from model.item import Item
from store import dockets, held, outbox, papers, rhythms, upkeep
from store.engine import Store
from tests.alerts.newsroom import Newsroom, newsroom
from tests.alerts.test_retry import AT, SEND
from watchers.papers import png

ENTRY = Filing(
    court="nyed",
    number="1:19-cr-00366",
    caption="United States v. Cienfuegos Zepeda",
    entry="22",
    text="MOTION to Dismiss by USA",
    pdf="https://storage.example/22.pdf",
)
PAGE = png(4, 5, bytes(20), 4)
SHOWN = replace(SEND, kind=DeliveryKind.PICTURE)


@pytest.fixture
async def room(store: Store) -> AsyncIterator[Newsroom]:
    async with newsroom(store) as room:
        yield room


async def told(room: Newsroom, picture: bytes = PAGE) -> None:
    """Tell the channel an entry, and read its document."""
    await read(room, await entry(room), picture)


async def entry(room: Newsroom) -> Item:
    """Tell the channel an entry with a public document."""
    async with room.store.write() as tx:
        given = Item("e", title=ENTRY.caption, source_id=1, filing=with_events(ENTRY))
        (filed,) = await dockets.record_filings(tx, [given], room.now)
    item = filed.recorded.item
    await room.queue(Step.TELL, item, room.to, docket_id=filed.docket.id, followed=True)
    return item


async def read(room: Newsroom, item: Item, picture: bytes = PAGE) -> None:
    async with room.store.write() as tx:
        await papers.want(tx, [item], room.now)
        await papers.keep(tx, item.id, 14, picture, room.now)


def messages(room: Newsroom) -> list[Json]:
    return [room.desk.chat.messages[one] for one in sorted(room.desk.chat.messages)]


async def pictures(room: Newsroom) -> list[str]:
    return [one.removeprefix("picture ") for one in await room.states() if "picture" in one]


async def test_it_stands_below_its_message_without_a_sound(room: Newsroom) -> None:
    await told(room)
    await room.dispatch()
    await room.dispatch(5)
    message, photo = messages(room)
    assert photo["photo"][0]["width"] == 4
    assert photo["caption"] == "22 Motion to dismiss: first of 14 pages"
    assert photo["reply_to_message"]["message_id"] == message["message_id"]
    (call,) = room.server.calls("sendPhoto")
    assert call.asked["disable_notification"] is True
    await room.dispatch(60)
    assert len(messages(room)) == 2


@pytest.mark.parametrize("how", ["published", "its time", "by hand"])
async def test_one_whose_message_was_held_follows_when_that_is_sent(
    room: Newsroom, how: str
) -> None:
    async with room.store.write() as tx:
        kept = {"review": True} if how == "published" else {"digest_only": True}
        await rhythms.change(tx, room.to.id, **kept)
    await told(room)
    await room.dispatch()
    assert messages(room) == []
    async with room.store.write() as tx:
        (waits,) = (await held.waiting(tx, room.to.id))[room.to.id]
        if how == "by hand":
            await outbox.retry(tx, [waits.delivery_id], room.now)
        else:
            await held.let_go(tx, [waits.delivery_id], room.now)
    await room.dispatch(5)
    await room.dispatch(5)
    _, photo = messages(room)
    assert photo["caption"].startswith("22 Motion to dismiss")
    await room.dispatch(60)
    assert len(messages(room)) == 2


async def test_an_edit_meets_the_message_and_taking_back_takes_both(room: Newsroom) -> None:
    await told(room)
    await room.dispatch()
    await room.dispatch(5)
    async with room.store.write() as tx:
        (alert_id,) = {one.alert_id for one in await outbox.listing(tx)}
        given = Item("e", title=ENTRY.caption, source_id=1, filing=with_events(longer()))
        await dockets.record_filings(tx, [given], room.now)
        await outbox.queue_edit(tx, alert_id, room.now)
    await room.dispatch(90)
    message, photo = messages(room)
    assert "Rule 48(a)" in message["text"]
    assert photo["caption"].startswith("22 Motion to dismiss")
    async with room.store.write() as tx:
        await outbox.withdraw(tx, alert_id, room.now)
    await room.dispatch(5)
    assert messages(room) == []


def longer() -> Filing:
    return replace(ENTRY, text="MOTION to Dismiss by USA under Rule 48(a)")


@pytest.mark.parametrize("kind", ["502", "drop", "403"])
async def test_one_that_may_have_arrived_or_is_refused_is_not_tried_again(
    room: Newsroom, kind: str
) -> None:
    await told(room)
    room.server.fault(kind, method="sendPhoto")
    await room.dispatch()
    await room.dispatch(5)
    for _ in range(3):
        await room.dispatch(600)
    assert await pictures(room) == ["gone"]
    assert len(room.server.calls("sendPhoto")) == (1 if kind == "drop" else 0)
    await room.tell("The chat hears on")
    await room.dispatch(5)
    assert "The chat hears on" in room.desk.texts[-1]


async def test_one_that_has_to_wait_comes_when_it_may(room: Newsroom) -> None:
    await told(room)
    room.server.fault("429", method="sendPhoto", seconds=30.0)
    await room.dispatch()
    await room.dispatch(5)
    assert len(messages(room)) == 1
    await room.dispatch(31)
    assert len(messages(room)) == 2


async def test_one_in_doubt_when_its_process_died_is_let_go(room: Newsroom) -> None:
    item = await entry(room)
    await room.dispatch()
    await read(room, item)
    async with room.store.write() as tx:
        lease = await upkeep.lease(tx, "dispatch", "dead", 60.0)
        assert lease is not None
        (due,) = await outbox.claim(tx, room.now)
        assert due.kind is DeliveryKind.PICTURE
        assert await outbox.begin(tx, due.id, lease, room.now)
        await outbox.recover(tx, room.now)
    assert await pictures(room) == ["gone"]


async def test_a_document_that_shows_nothing_adds_nothing(room: Newsroom) -> None:
    await told(room, picture=b"")
    await room.dispatch()
    await room.dispatch(5)
    assert await pictures(room) == []


@pytest.mark.parametrize(
    ("trouble", "state", "pause"),
    [
        (Wait(9), DeliveryState.DUE, Pause.LANE),
        (NotSent("no way there"), DeliveryState.DUE, Pause.NOBODY),
        (Ambiguous("no word"), DeliveryState.GONE, Pause.NOBODY),
        (Refused("no picture"), DeliveryState.GONE, Pause.NOBODY),
        (ChatLost("not enough rights to send photos"), DeliveryState.GONE, Pause.NOBODY),
    ],
)
def test_nobody_is_told_and_no_chat_is_parked_over_a_picture(
    trouble: Exception, state: DeliveryState, pause: Pause
) -> None:
    verdict = after_trouble(SHOWN, trouble, AT)
    assert (verdict.outcome.state, verdict.pause) == (state, pause)
    assert not verdict.notice
    assert not verdict.park
