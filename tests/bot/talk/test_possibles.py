"""What may be somebody who is watched: one quiet line a day, answered article by article."""

from __future__ import annotations

import pytest

from bot import possibles
from matching.match import Matcher
from model import Item, NewSubscriber, StoreError, Watch
from model.people import Chat
from store import items, possible, subscribers, upkeep, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"
WATCH = Watch(NAME, threshold=95)
"""So high a threshold that a shorter form of the name is only possible."""


def weak(n: int) -> Item:
    item = article(f"Cienfuegos Zepeda, day {n}", url=f"https://a.example/{n}")
    matcher = Matcher()
    matcher.add(Watch(NAME, threshold=95, id=1))
    assert not matcher.find_mentions(item)
    assert matcher.find_mentions(item, possible=True)
    return item


async def watched(stage: Stage) -> int:
    async with stage.store.write() as tx:
        return (await watches.add(tx, WATCH, stage.clock.now)).watch.id


async def line(stage: Stage) -> int:
    lines = await possibles.tell(stage.store, possibles.Rules(), stage.clock.now)
    await stage.deliver()
    return lines


@pytest.fixture
async def open_three(stage: Stage) -> int:
    """Three possible articles, told in Ana's chat; the Watch's id."""
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name should I watch for?")
    watch_id = await watched(stage)
    await stage.read(*(weak(n) for n in (1, 2, 3)))
    stage.clock.forward(hours=1)
    assert await line(stage) == 1
    return watch_id


async def test_one_quiet_line_a_day_says_what_was_possible(stage: Stage, open_three: int) -> None:
    said = await stage.ana.hears("in 3 articles, none sure enough for an alert")
    assert "Cienfuegos Zepeda, day" in said["text"]
    call = [one for one in stage.server.calls("sendMessage") if "Perhaps" in one.asked["text"]]
    assert [one.asked.get("disable_notification") for one in call] == [True]
    assert labels(stage.ana) == ["It’s them", "Not them"]
    stage.clock.forward(hours=24)
    assert await line(stage) == 0, "nothing new is possible"


async def test_what_was_told_before_the_program_died_is_not_told_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_args: object) -> None:
        raise StoreError("killed")

    await stage.ana.says("/start")
    await stage.ana.hears("Whose name should I watch for?")
    await watched(stage)
    await stage.read(weak(1))
    stage.clock.forward(hours=1)
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "set_setting", dies)
        with pytest.raises(StoreError):
            await line(stage)
    await stage.deliver()
    await stage.ana.hears("Cienfuegos Zepeda, day 1")
    await stage.read(weak(2))
    stage.clock.forward(minutes=5)
    assert await line(stage) == 1
    await stage.ana.hears("not sure enough for an alert: Cienfuegos Zepeda, day 2")
    stage.clock.forward(minutes=5)
    assert await line(stage) == 0


async def test_each_article_is_answered_and_taken_back(stage: Stage, open_three: int) -> None:
    await stage.ana.presses("It’s them")
    await stage.ana.hears(f"Perhaps {NAME}, 2 left")
    await stage.handled()
    async with stage.store.read() as tx:
        counting = await items.mention_counts(tx, since=stage.clock.now.replace(hour=0))
    assert counting == {open_three: 1}
    await stage.ana.presses("Not them")
    await stage.ana.hears(f"Perhaps {NAME}, 1 left")
    await stage.ana.presses("Not them")
    await stage.ana.hears(f"Thanks: nothing is open about {NAME}.")
    await stage.handled()
    async with stage.store.read() as tx:
        assert await possible.of_watch(tx, open_three, since=stage.clock.now.replace(hour=0)) == []
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    await stage.handled()
    async with stage.store.read() as tx:
        left = await possible.of_watch(tx, open_three, since=stage.clock.now.replace(hour=0))
    assert len(left) == 1


async def test_a_channel_never_hears_of_it(stage: Stage) -> None:
    watch_id = await watched(stage)
    for title, username in (("public", "mxcourts"), ("closed", "")):
        room = stage.server.channel(title, stage.ana, username=username)
        new = NewSubscriber(
            "telegram", str(room.id), title=title, chat=Chat.CHANNEL, public=bool(username)
        )
        async with stage.store.write() as tx:
            place = await subscribers.add(tx, new, stage.clock.now)
            stored = await watches.get(tx, watch_id)
            assert stored is not None
            to = [*stored.to, place.id]
            await watches.send_to(tx, watch_id, to, stage.clock.now, by=stage.ana.id)
    await stage.read(weak(1))
    stage.clock.forward(hours=1)
    assert await line(stage) == 0
    async with stage.store.read() as tx:
        kept = await possible.of_watch(tx, watch_id, since=stage.clock.now.replace(hour=0))
    assert len(kept) == 1, "it is kept for a month all the same"


async def test_what_counts_is_not_possible_and_what_is_hidden_is_not_told(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name should I watch for?")
    watch_id = await watched(stage)
    await stage.read(article(f"{NAME} is free. Cienfuegos Zepeda flew home"))
    [one] = await stage.read(weak(1))
    async with stage.store.write() as tx:
        await watches.hide(tx, watch_id, one.id, stage.ana.id, stage.clock.now)
    stage.clock.forward(hours=1)
    assert await line(stage) == 0
