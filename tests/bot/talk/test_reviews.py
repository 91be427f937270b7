"""Review first: an alert for a public channel is posted only when an editor presses Publish."""

from __future__ import annotations

import pytest

from bot.demo.botapi.people import Room
from bot.talk import channel as channel_flow
from model import Watch
from store import subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test messages are taken back at once."""
    monkeypatch.setattr(channel_flow, "TEST_LIFE", 0.05)


@pytest.fixture
async def news(stage: Stage) -> Room:
    """A public channel that is told of NAME, and an article that names it, waiting for Ana."""
    room = stage.server.channel("Court news", stage.ana, username="mxcourts", bot=False)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(room)
    await stage.ana.hears("Review first is on, because it is public")
    await room.loses("This chat will receive")
    async with stage.store.write() as tx:
        place = await subscribers.by_address(tx, "telegram", str(room.id))
        assert place is not None
        await watches.add(tx, Watch(NAME), stage.clock.now, to=[place.id])
    (one,) = await stage.read(article(f"{NAME} is freed", url="https://a.example/1"))
    await stage.alert(one)
    await stage.keep_time()
    return room


async def test_nothing_is_posted_before_an_editor_publishes(stage: Stage, news: Room) -> None:
    await stage.ana.hears("Publish this in")
    assert f"{NAME} is freed" in stage.ana.private.texts[-1]
    assert labels(stage.ana) == ["Publish", "Skip", "Edit headline"]
    assert news.texts == []
    press = await stage.ana.presses("Publish")
    assert await press.answer() == "Published."
    await stage.keep_time()
    await news.shows(f"{NAME} is freed")
    await stage.ana.hears("by Ana")


async def test_what_is_skipped_is_never_posted(stage: Stage, news: Room) -> None:
    await stage.ana.hears("Publish this in")
    press = await stage.ana.presses("Skip")
    assert await press.answer() == "Skipped."
    await stage.keep_time()
    await stage.ana.hears(": skipped by Ana")
    stage.clock.forward(days=2)
    await stage.keep_time()
    assert news.texts == []


async def test_two_editors_decide_once(stage: Stage, news: Room) -> None:
    shown = await stage.ana.hears("Publish this in")
    await (await stage.ana.presses("Publish")).answer()
    again = await stage.ana.presses("Skip", message=shown)
    assert await again.answer() == "That is decided already."
    await stage.keep_time()
    await news.shows(f"{NAME} is freed")


async def test_the_headline_is_edited_before(stage: Stage, news: Room) -> None:
    await stage.ana.hears("Publish this in")
    await stage.ana.presses("Edit headline")
    await stage.ana.hears("Type the headline")
    await stage.ana.says("The general goes home")
    await stage.ana.hears("Changed.")
    await stage.deliver()
    await stage.ana.hears("The general goes home")
    await stage.ana.presses("Publish", message=await stage.ana.hears("Publish this in"))
    await stage.handled()
    await stage.keep_time()
    await news.shows("The general goes home")
    assert not any("is freed" in text.split("\n")[1] for text in news.texts)


async def test_editors_are_asked_again_and_then_it_is_dropped(stage: Stage, news: Room) -> None:
    await stage.ana.hears("Publish this in")
    stage.clock.forward(minutes=29)
    await stage.keep_time()
    assert not any("still waits" in text for text in stage.ana.private.texts)
    stage.clock.forward(minutes=1)
    await stage.keep_time()
    await stage.ana.hears("still waits for you")
    await stage.keep_time()
    stage.clock.forward(hours=12)
    await stage.keep_time()
    await stage.ana.hears("was dropped")
    assert news.texts == []
    assert sum("still waits" in text for text in stage.ana.private.texts) == 1


async def test_what_nobody_can_be_asked_about_waits_until_somebody_can(
    stage: Stage, news: Room
) -> None:
    await (
        await stage.ana.presses("Skip", message=await stage.ana.hears("Publish this in"))
    ).answer()
    async with stage.store.write() as tx:
        ana = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
        assert ana is not None
        await subscribers.park(tx, ana.id, "bot was blocked by the user", stage.clock.now)
    (one,) = await stage.read(article("The case is over", NAME, url="https://a.example/2"))
    await stage.alert(one)
    await stage.keep_time()
    stage.clock.forward(hours=13)
    await stage.keep_time()
    async with stage.store.write() as tx:
        await subscribers.unpark(tx, ana.id)
    await stage.keep_time()
    await stage.ana.hears("The case is over")
    await (await stage.ana.presses("Publish")).answer()
    await stage.keep_time()
    await news.shows("The case is over")


async def test_a_private_channel_is_not_reviewed_unless_asked(stage: Stage) -> None:
    room = stage.server.channel("Desk", stage.ana, bot=False)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(room)
    await stage.ana.hears("Linked Desk")
    assert not any("Review first" in text for text in stage.ana.private.texts)
    await stage.ana.presses("More settings")
    await stage.ana.hears("Gets news and court filings.")
    await stage.ana.presses("Review first")
    await stage.ana.hears("nothing is posted before an editor presses Publish")
