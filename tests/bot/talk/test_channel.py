"""Channels and groups: linking, what goes there, losing and getting back the right to post."""

from __future__ import annotations

import pytest

from bot.talk import channel as channel_flow
from model import Watch
from model.people import Chat
from store import dockets, subscribers, watches
from tests.bot.talk.stage import Stage, labels

NAME = "Salvador Cienfuegos Zepeda"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test messages are taken back at once."""
    monkeypatch.setattr(channel_flow, "TEST_LIFE", 0.05)


async def watch(stage: Stage, name: str, *, here: bool = True) -> int:
    async with stage.store.write() as tx:
        to = []
        if here:
            private = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
            to = [private.id] if private else []
        return (await watches.add(tx, Watch(name), stage.clock.now, to=to)).watch.id


async def linked(stage: Stage) -> list[tuple[str, Chat, bool]]:
    async with stage.store.read() as tx:
        every = await subscribers.all_subscribers(tx)
    return [(one.title, one.chat, one.public) for one in every if one.chat is not Chat.PRIVATE]


async def test_a_channel_is_chosen_verified_tested_and_linked(stage: Stage) -> None:
    news = stage.server.channel("Court news", stage.ana, username="mxcourts", bot=False)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel should I post to?")
    await stage.ana.chooses(news)
    await stage.ana.hears("Linked @mxcourts (2 subscribers)")
    assert await linked(stage) == [("@mxcourts", Chat.CHANNEL, True)]
    tests = [one.asked["text"] for one in stage.server.calls("sendMessage")]
    assert "This chat will receive alerts from @vigilbot." in tests
    await news.loses("This chat will receive")
    assert len([one for one in stage.ana.private.texts if "let me into" in one]) == 0


async def test_a_group_is_chosen_and_linked(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana, bot=False)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(desk)
    await stage.ana.hears("Linked Desk (2 members)")
    assert await linked(stage) == [("Desk", Chat.GROUP, False)]


async def test_a_chat_somebody_else_runs_is_not_linked(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    news = stage.server.channel("Ben's news", ben)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.claims_chosen(news, request=1)
    await stage.ana.hears("You are not an admin")
    assert await linked(stage) == []


async def test_a_channel_where_we_may_not_post_is_not_linked(stage: Stage) -> None:
    news = stage.server.channel("Court news", stage.ana, bot=False)
    news.admit_bot(stage.ana, "can_manage_chat", "can_edit_messages")
    await stage.ana.claims_chosen(news, request=1)
    await stage.ana.hears("I may not post in Court news")
    assert await linked(stage) == []


async def test_channels_are_set_up_in_private_only(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says("/channel", desk)
    await desk.shows("works in our private chat")


async def link(stage: Stage, **named: str) -> int:
    """Link a channel of Ana's; returns the Subscriber's id."""
    news = stage.server.channel("Court news", stage.ana, bot=False, **named)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(news)
    await stage.ana.hears("Linked ")
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(news.id))
    assert place is not None
    return place.id


async def test_all_watches_means_those_there_are_now(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    first = await watch(stage, NAME)
    place = await link(stage, username="mxcourts")
    await stage.ana.presses("All watches")
    await stage.ana.hears("1 watch is told in @mxcourts")
    later = await watch(stage, "Ángel Lía")
    async with stage.store.read() as tx:
        told = {one.watch.id: one.to for one in await watches.all_watches(tx)}
    assert place in told[first]
    assert len(told[first]) == 2
    assert place not in told[later]


async def test_a_watch_that_named_nobody_keeps_telling_those_it_told(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    one = await watch(stage, NAME, here=False)
    place = await link(stage, username="mxcourts")
    await stage.ana.presses("All watches")
    await stage.ana.hears("is told in @mxcourts")
    async with stage.store.read() as tx:
        stored = await watches.get(tx, one)
        private = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
    assert stored is not None
    assert private is not None
    assert set(stored.to) == {private.id, place}


async def test_watches_are_ticked_one_by_one(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    first, second = await watch(stage, NAME), await watch(stage, "Ángel Lía")
    place = await link(stage, username="mxcourts")
    await stage.ana.presses("Choose watches")
    await stage.ana.hears("Tick what should go to @mxcourts")
    await stage.ana.presses("Ángel Lía")
    await stage.server.until(lambda: "✓ Ángel Lía" in labels(stage.ana))
    async with stage.store.read() as tx:
        told = {one.watch.id: one.to for one in await watches.all_watches(tx)}
    assert (place in told[first], place in told[second]) == (False, True)
    await stage.ana.presses("✓ Ángel Lía")
    await stage.server.until(lambda: "Ángel Lía" in labels(stage.ana))
    async with stage.store.read() as tx:
        stored = await watches.get(tx, second)
    assert stored is not None
    assert place not in stored.to


async def test_linking_can_be_undone_and_forgotten(stage: Stage) -> None:
    await link(stage, username="mxcourts")
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    assert await linked(stage) == []


async def test_a_linked_channel_can_be_forgotten_later(stage: Stage) -> None:
    await link(stage, username="mxcourts")
    await stage.ana.says("/channel")
    await stage.ana.hears("I post to @mxcourts")
    await stage.ana.presses("Forget @mxcourts")
    await stage.ana.hears("I don’t post to @mxcourts any more")
    assert await linked(stage) == []


async def test_a_watch_told_only_in_a_forgotten_channel_comes_home(stage: Stage) -> None:
    await link(stage, username="mxcourts")
    await stage.ana.says(f"/watch {NAME} to @mxcourts")
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("Alerts go to @mxcourts.")
    await stage.ana.says("/channel")
    await stage.ana.presses_soon("Forget @mxcourts")
    await stage.ana.hears("1 watch was told only there: it comes to this chat now.")
    async with stage.store.read() as tx:
        [stored] = await watches.all_watches(tx)
        told = [await subscribers.get(tx, one) for one in stored.to]
    assert [one.address for one in told if one] == [str(stage.ana.id)]


async def test_losing_the_right_parks_the_channel_and_tells_the_owner(stage: Stage) -> None:
    await link(stage)
    [news] = stage.server.rooms("Court news")
    ben = stage.server.person("Ben")
    news.remove_bot(ben, "left")
    await stage.ana.hears("I can’t post to Court news any more (changed by Ben)")
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(news.id))
    assert place is not None
    assert place.parked_since == stage.clock.now
    assert "Ben" in place.parked_why
    news.admit_bot(ben)
    await stage.ana.hears("I can post to Court news again")
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(news.id))
    assert place is not None
    assert place.parked_since is None


async def test_a_lost_channel_can_be_linked_again_from_the_message(stage: Stage) -> None:
    await link(stage)
    [news] = stage.server.rooms("Court news")
    news.remove_bot(stage.ana, "left")
    await stage.ana.hears("any more")
    await stage.ana.presses("Link again")
    await stage.ana.hears("I can’t see that chat")
    news.admit_bot(stage.ana)
    await stage.ana.hears("I can post to Court news again")


async def test_being_let_into_a_channel_offers_to_link_it(stage: Stage) -> None:
    news = stage.server.channel("Court news", stage.ana, bot=False)
    news.admit_bot(stage.ana)
    await stage.ana.hears("You let me into Court news")
    await stage.ana.presses("Link it")
    await stage.ana.hears("Linked Court news")
    assert len(await linked(stage)) == 1


async def test_a_stranger_who_lets_us_in_gets_nothing(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    news = stage.server.channel("Ben's news", ben, bot=False)
    news.admit_bot(ben)
    await stage.handled()
    assert stage.server.calls("sendMessage") == []


async def test_who_blocks_us_is_parked_until_they_return(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    stage.ana.blocks_bot()
    await stage.handled()
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
    assert place is not None
    assert place.parked_since is not None
    stage.ana.blocks_bot(False)
    await stage.handled()
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
    assert place is not None
    assert place.parked_since is None


async def test_a_group_that_becomes_a_supergroup_keeps_its_alerts(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana, kind="group")
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("🔎")
    await stage.ana.presses("Start watching", desk)
    await desk.shows("✅ Watching")
    new = desk.migrate(stage.ana)
    await stage.handled()
    async with stage.store.read() as tx:
        every = await subscribers.all_subscribers(tx)
    assert [one.address for one in every] == [str(new.id)]


async def told(stage: Stage) -> list[str]:
    """Return the titles of the chats that the watch tells and that hear it."""
    stored = await stage.followed(NAME)
    async with stage.store.read() as tx:
        some = [await subscribers.get(tx, one) for one in stored.to]
    return [one.title for one in some if one is not None and one.enabled]


async def follow_in_channel(stage: Stage) -> None:
    await link(stage, username="mxcourts")
    await stage.ana.says(f"/watch {NAME} to @mxcourts")
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("Alerts go to @mxcourts.")


async def test_a_watch_begun_for_a_channel_that_was_forgotten_meanwhile_is_told_here(
    stage: Stage,
) -> None:
    await link(stage, username="mxcourts")
    await stage.ana.says(f"/watch {NAME} to @mxcourts")
    preview = await stage.ana.hears("🔎")
    await stage.ana.says("/channel")
    await stage.ana.presses_soon("Forget @mxcourts")
    await stage.ana.hears("any more")
    await stage.ana.presses("Start watching", message=preview)
    await stage.ana.hears(f"✅ Watching {NAME}. Alerts go to this chat.")
    assert await told(stage) == ["Ana"]


async def test_undoing_a_link_brings_home_what_was_told_only_there(stage: Stage) -> None:
    await link(stage, username="mxcourts")
    asked = await stage.ana.hears("Linked @mxcourts")
    await stage.ana.says(f"/watch {NAME} to @mxcourts")
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("Alerts go to @mxcourts.")
    await stage.ana.presses("Undo", message=asked)
    await stage.ana.hears("Taken back")
    assert await told(stage) == ["Ana"]


async def test_a_watch_taken_back_after_its_channel_was_forgotten_is_told_here(
    stage: Stage,
) -> None:
    await follow_in_channel(stage)
    await stage.ana.says(f"/unwatch {NAME}")
    gone = await stage.ana.hears(f"Not watching {NAME} any more")
    await stage.ana.says("/channel")
    await stage.ana.presses_soon("Forget @mxcourts")
    await stage.ana.hears("I don’t post to @mxcourts any more")
    await stage.ana.presses("Undo", message=gone)
    await stage.ana.hears("Taken back")
    assert await told(stage) == ["Ana"]


async def test_a_watch_that_nobody_hears_any_more_does_not_say_everywhere(stage: Stage) -> None:
    await follow_in_channel(stage)
    stored = await stage.followed(NAME)
    async with stage.store.write() as tx:
        await subscribers.remove(tx, stored.to[0], stage.clock.now)
    await stage.ana.says(NAME)
    await stage.ana.hears("Alerts go to: no chat that I still post to")


async def test_linking_a_channel_once_more_can_not_unlink_it(stage: Stage) -> None:
    await link(stage, username="mxcourts")
    [news] = stage.server.rooms("Court news")
    await stage.ana.says("/channel")
    await stage.ana.hears("I post to @mxcourts")
    await stage.ana.chooses(news)
    again = await stage.ana.hears("Linked @mxcourts", times=2)
    assert "Undo" not in stage.ana.private.buttons(again)


async def test_a_group_that_moved_before_it_was_linked_is_linked_where_it_is(
    stage: Stage,
) -> None:
    desk = stage.server.group("Desk", stage.ana, kind="group", bot=False)
    desk.admit_bot(stage.ana)
    await stage.ana.hears("You let me into Desk")
    new = desk.migrate(stage.ana)
    await stage.handled()
    await stage.ana.presses("Link it")
    await stage.ana.hears("Linked Desk")
    async with stage.store.read() as tx:
        assert await subscribers.by_address(tx, "telegram", str(new.id)) is not None


async def test_who_cancels_choosing_and_lets_us_in_by_hand_is_offered_the_link(
    stage: Stage,
) -> None:
    news = stage.server.channel("Court news", stage.ana, bot=False)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.says("Cancel")
    await stage.ana.hears("Cancelled")
    news.admit_bot(stage.ana)
    await stage.ana.hears("You let me into Court news")


async def test_the_owner_reads_their_own_language_whoever_put_us_out(stage: Stage) -> None:
    await link(stage)
    [news] = stage.server.rooms("Court news")
    news.remove_bot(stage.server.person("Ben", language="es"), "left")
    lost = await stage.ana.hears("I can’t post to Court news any more")
    assert stage.ana.private.buttons(lost) == ["Link again", "Forget it"]
    async with stage.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(news.id))
    assert place is not None
    assert place.parked_why == "The right to post there was taken away by Ben."


async def test_a_case_told_only_in_a_forgotten_channel_comes_home(stage: Stage) -> None:
    place = await link(stage, username="mxcourts")
    async with stage.store.write() as tx:
        case = await dockets.follow(
            tx, "nyed", "1:19-cr-00366", to=[place], now=stage.clock.now, by=stage.ana.id
        )
    await stage.ana.says("/channel")
    await stage.ana.presses_soon("Forget @mxcourts")
    await stage.ana.hears("1 court case was told only there: it comes to this chat now.")
    async with stage.store.read() as tx:
        one = await dockets.following_of(tx, case.docket.id)
        home = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
    assert one is not None
    assert home is not None
    assert one.to == (home.id,)


async def test_a_case_taken_back_after_its_channel_was_forgotten_is_told_here(
    stage: Stage,
) -> None:
    place = await link(stage, username="mxcourts")
    async with stage.store.write() as tx:
        case = await dockets.follow(
            tx, "nyed", "1:19-cr-00366", to=[place], now=stage.clock.now, by=stage.ana.id
        )
    await stage.ana.says("/docket 1:19-cr-00366 nyed")
    await stage.ana.presses_soon("Stop following")
    dropped = await stage.ana.hears("is followed no more")
    async with stage.store.write() as tx:
        await subscribers.remove(tx, place, stage.clock.now)
    await stage.ana.presses("Undo", message=dropped)
    await stage.ana.hears("Taken back")
    async with stage.store.read() as tx:
        one = await dockets.following_of(tx, case.docket.id)
        home = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
    assert one is not None
    assert home is not None
    assert one.to == (home.id,)
