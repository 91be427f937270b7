"""One destination: what goes there, how loud, in which topic."""

from __future__ import annotations

import pytest

from bot.demo.botapi.people import Room
from bot.talk import channel as channel_flow
from model import Member, Role, Watch
from model.rhythm import Rhythm, What
from store import members, rhythms, subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test messages are taken back at once."""
    monkeypatch.setattr(channel_flow, "TEST_LIFE", 0.05)


async def link(stage: Stage, room: Room) -> int:
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(room)
    await stage.ana.hears("Linked ")
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(room.id))
    assert place is not None
    return place.id


async def rhythm(stage: Stage, place_id: int) -> Rhythm:
    async with stage.store.read() as tx:
        return await rhythms.one_of(tx, place_id)


async def test_court_filings_only(stage: Stage) -> None:
    room = stage.server.channel("Desk", stage.ana, bot=False)
    place = await link(stage, room)
    await stage.ana.presses("Court filings only")
    await stage.ana.hears("Gets court filings only.")
    assert (await rhythm(stage, place)).what is What.COURTS
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now, to=[place])
    (one,) = await stage.read(article(f"{NAME} is freed"))
    await stage.alert(one)
    assert not any("is freed" in text for text in room.texts)
    await stage.ana.presses("Everything")
    await stage.ana.hears("Gets news and court filings.")
    await stage.alert(one)
    await room.shows("is freed")


async def test_digest_only(stage: Stage) -> None:
    room = stage.server.channel("Desk", stage.ana, bot=False)
    place = await link(stage, room)
    await stage.ana.presses("Digest only")
    await stage.ana.hears("Digest: daily at 07:00")
    found = await rhythm(stage, place)
    assert (found.digest_only, str(found.digest)) == (True, "daily 07:00")


async def test_silent_and_priority_only(stage: Stage) -> None:
    room = stage.server.channel("Desk", stage.ana, bot=False)
    place = await link(stage, room)
    await stage.ana.presses("More settings")
    await stage.ana.presses_soon("Silent")
    await stage.ana.hears("Everything comes without a sound.")
    await stage.ana.presses("Priority only")
    await stage.ana.hears("Only 🔴 priority watches")
    found = await rhythm(stage, place)
    assert (found.silent, found.level) == (True, "high")
    await stage.ana.presses("✓ Priority only")
    await stage.server.until(lambda: "Priority only" in labels(stage.ana))
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now, to=[place])
    (one,) = await stage.read(article(f"{NAME} is freed"))
    await stage.alert(one)
    (sent,) = [c for c in stage.server.calls("sendMessage") if "is freed" in c.asked["text"]]
    assert sent.asked["disable_notification"]


async def test_a_destination_is_opened_from_the_list_of_channels(stage: Stage) -> None:
    await link(stage, stage.server.channel("Desk", stage.ana, bot=False))
    await stage.ana.says("/channel")
    await stage.ana.presses_soon("⚙️ Desk")
    await stage.ana.hears("Gets news and court filings.")
    await stage.ana.presses("Forget Desk")
    await stage.ana.hears("I don’t post to Desk any more")


async def test_each_watch_gets_a_topic_of_its_own(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana, bot=False, is_forum=True)
    place = await link(stage, desk)
    desk.admit_bot(stage.ana, "can_manage_topics")
    async with stage.store.write() as tx:
        first = (await watches.add(tx, Watch(NAME), stage.clock.now, to=[place])).watch.id
        await watches.add(tx, Watch("Ángel Lía"), stage.clock.now, to=[place])
    await stage.ana.presses("More settings")
    await stage.ana.presses_soon("A topic per watch")
    await stage.ana.hears("2 topics made in Desk.")
    async with stage.store.read() as tx:
        stored = await watches.get(tx, first)
        assert stored is not None
        (there,) = [await subscribers.get(tx, one) for one in stored.to]
    assert there is not None
    assert there.address == str(desk.id)
    assert there.thread
    assert there.title == f"Desk › {NAME}"
    (one,) = await stage.read(article(f"{NAME} is freed"))
    await stage.alert(one)
    (sent,) = [c for c in stage.server.calls("sendMessage") if "is freed" in c.asked["text"]]
    assert sent.asked["message_thread_id"] == there.thread
    await stage.ana.presses_soon("A topic per watch")
    await stage.ana.hears("0 topics made in Desk.")


async def test_a_demoted_admin_changes_nothing_with_an_old_button(stage: Stage) -> None:
    room = stage.server.channel("Desk", stage.ana, bot=False)
    place = await link(stage, room)
    await stage.ana.presses("More settings")
    shown = await stage.ana.hears("Gets news and court filings.")
    async with stage.store.write() as tx:
        await members.add(tx, Member(stage.ana.id, "Ana", Role.VIEWER, since=stage.clock.now))
    for label in ("Silent", "Digest", "Language, hours", "Court filings only"):
        await (await stage.ana.presses(label, message=shown)).answer()
    assert await rhythm(stage, place) == Rhythm()
