"""Messages of one case stand in one thread: what comes next answers what was told first."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo.botapi.people import said
from model.alert import AlertDraft, Bond, Decision, Step, Tie
from store import outbox
from store.engine import Store
from tests.alerts.newsroom import Newsroom, newsroom


@pytest.fixture
async def room(store: Store) -> AsyncIterator[Newsroom]:
    async with newsroom(store) as running:
        yield running


async def tied(room: Newsroom, title: str, bond: Bond, other: int = 1) -> None:
    """Queue an Alert that has to do with an earlier one."""
    draft = AlertDraft(room.to.id, await room.item(title), (1,), ())
    async with room.store.write() as tx:
        await outbox.queue(tx, [Decision(draft, Step.TELL, tie=Tie(other, bond))], room.now)


def answered(room: Newsroom, title: str) -> str:
    """Return the headline of what a message answers; empty: nothing."""
    (one,) = [m for m in room.desk.messages if title in said(m)]
    first = one.get("reply_to_message")
    return said(first).split("\n")[1] if first else ""


async def test_the_next_stage_answers_the_first_message(room: Newsroom) -> None:
    await room.tell("Arrested")
    await room.dispatch()
    await tied(room, "Released", Bond.STAGE)
    await room.dispatch(after=5)
    assert answered(room, "Released") == "Arrested"


async def test_it_does_so_too_when_both_are_sent_in_one_go(room: Newsroom) -> None:
    await room.tell("Arrested")
    await tied(room, "Released", Bond.STAGE)
    await room.dispatch()
    assert answered(room, "Released") == "Arrested"


async def test_what_would_answer_a_deleted_message_is_sent_all_the_same(room: Newsroom) -> None:
    await room.tell("Arrested")
    await room.dispatch()
    (first,) = room.desk.messages
    del room.desk.chat.messages[first["message_id"]]
    await tied(room, "Released", Bond.STAGE)
    report = await room.dispatch(after=5)
    assert report.sent == 1
    assert answered(room, "Released") == ""


async def test_what_goes_on_with_an_old_message_answers_it_and_links_back(
    room: Newsroom,
) -> None:
    await room.tell("Arrested")
    await room.dispatch()
    await tied(room, "Held by marshals", Bond.EARLIER)
    await room.dispatch(after=5)
    assert answered(room, "Held by marshals") == "Arrested"
    assert "Earlier: Arrested" in room.desk.texts[-1]


async def test_what_was_only_near_stands_alone(room: Newsroom) -> None:
    await room.tell("Eight years in prison")
    await room.dispatch()
    await tied(room, "Twelve years in prison", Bond.APART)
    await room.dispatch(after=5)
    assert answered(room, "Twelve years") == ""
