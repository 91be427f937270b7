"""Looking for a message in doubt, on both databases; the Bot API server drops answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from alerts.compose import compose
from model.alert import Step
from store import alerts, outbox, upkeep
from store.engine import Store
from store.owner import owners_chat
from tests.alerts.making import english
from tests.alerts.newsroom import Newsroom, headlines, newsroom

SOON = 2.5
"""Seconds after which a message in doubt is tried again."""


@pytest.fixture
async def room(store: Store) -> AsyncIterator[Newsroom]:
    """A newsroom that looks first. Ana owns it; her channel shows one message already."""
    async with newsroom(store) as room:
        room.probe = True
        await room.own()
        await room.tell("known")
        await room.dispatch()
        yield room


async def in_doubt(room: Newsroom, fault: str, *titles: str) -> None:
    """Tell these, with a fault at the first, and try again after a while."""
    await room.tell(*titles)
    room.server.fault(fault, seconds=0.6)
    await room.dispatch()
    await room.dispatch(after=SOON)


@pytest.mark.parametrize("fault", ["drop", "slow", "malformed", "html"])
async def test_a_message_that_did_arrive_is_found_and_not_repeated(
    room: Newsroom, fault: str
) -> None:
    await in_doubt(room, fault, "one", "two")
    assert room.shown == ["known", "one", "two"]
    assert await room.states() == ["send sent"] * 3


@pytest.mark.parametrize("fault", ["500", "502"])
async def test_a_message_that_did_not_arrive_is_sent_with_its_mark(
    room: Newsroom, fault: str
) -> None:
    await in_doubt(room, fault, "one", "two")
    assert room.shown == ["known", "one (may be a repeat)", "two"]


async def test_after_a_crash_the_message_is_looked_for_too(room: Newsroom) -> None:
    """Begun and sent; the process died before it could settle."""
    await room.tell("one", "two")
    async with room.store.write() as tx:
        lease = await upkeep.lease(tx, "dispatch:telegram", "dead")
        first, *_ = await outbox.claim(tx, room.now)
        assert lease is not None
        assert await outbox.begin(tx, first.id, lease, room.now)
        await upkeep.release(tx, "dispatch:telegram", "dead")
    async with room.store.read() as tx:
        views = await alerts.views(tx, [first.alert_id])
    said = compose(views[first.alert_id], english())
    await room.couriers[0].send(room.to, said)
    await room.dispatch()
    assert room.shown == ["known", "one", "two"]


async def test_posts_of_others_in_between_are_passed_over_and_leave_no_trace(
    room: Newsroom,
) -> None:
    before = list(room.ana.private.texts)
    await room.ana.says("We meet at six\nat the desk", room.desk)
    await in_doubt(room, "drop", "one")
    assert room.shown == ["known", "at the desk", "one"]
    assert len(room.server.calls("forwardMessage")) == 2
    assert room.ana.private.texts == before


async def test_what_was_found_can_be_edited(room: Newsroom) -> None:
    item = await room.item("Case droped")
    await room.queue(Step.TELL, item, room.to)
    room.server.fault("drop")
    await room.dispatch()
    await room.dispatch(after=SOON)
    await room.queue(Step.EDIT, await room.change(item, title="Case dropped"), room.to, 2)
    await room.dispatch(after=5)
    assert room.shown == ["known", "Case dropped"]


async def test_without_an_owner_or_a_message_to_begin_at_the_repeat_is_marked(
    store: Store,
) -> None:
    async with newsroom(store) as room:
        room.probe = True
        await in_doubt(room, "drop", "one")
        await in_doubt(room, "drop", "two")
        assert room.shown == ["one", "one (may be a repeat)", "two", "two (may be a repeat)"]
        assert not room.server.calls("forwardMessage")


async def test_a_private_chat_is_not_looked_into(room: Newsroom) -> None:
    async with room.store.read() as tx:
        private = await owners_chat(tx)
    assert private is not None
    await room.tell("known", to=private)
    await room.dispatch()
    await room.tell("one", to=private)
    room.server.fault("drop")
    await room.dispatch()
    await room.dispatch(after=SOON)
    assert headlines(room.ana.private)[-2:] == ["one", "one (may be a repeat)"]
    assert not room.server.calls("forwardMessage")
