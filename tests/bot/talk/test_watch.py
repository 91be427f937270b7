"""Following a name by typing it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from model import NewSubscriber, StoredWatch, Watch
from model.people import Chat
from store import subscribers, upkeep, watches
from store.engine import Store
from tests.bot.talk.stage import Stage, article, conversing, labels, staged

NAME = "Salvador Cienfuegos Zepeda"


async def test_a_name_typed_in_private_is_previewed_and_then_watched(stage: Stage) -> None:
    ana = stage.ana
    await ana.says(NAME)
    preview = await ana.hears(f"🔎 {NAME}")
    assert "haven’t read any articles yet" in preview["text"]
    assert await stage.all_followed() == []
    await ana.presses("Start watching")
    await ana.hears(f"✅ Watching {NAME}. Alerts go to this chat.")
    assert len(ana.private.texts) == 1, "the preview itself is changed"
    stored = await stage.followed(NAME)
    async with stage.store.read() as tx:
        [chat] = await subscribers.all_subscribers(tx)
    assert stored.to == (chat.id,)
    assert stored.created_by == ana.id
    assert chat.address == str(ana.id)


async def test_it_is_the_same_on_either_database(store: Store, now: datetime) -> None:
    async with staged(store, now) as stage, conversing(stage.receiver):
        await stage.read(article("A hearing", f"{NAME} was heard", "https://a.example/1"))
        await stage.ana.says(NAME)
        await stage.ana.hears("I’d have sent 1 alert")
        await stage.ana.presses("Start watching")
        await stage.ana.hears("✅ Watching")
        [item] = await stage.read(article("An order", f"{NAME} goes home", "https://a.example/2"))
        await stage.alert(item)
        await stage.ana.hears("An order")
        await stage.ana.presses("Not them")
        await stage.ana.presses_soon("Seen it already")
        await stage.ana.hears("Marked as seen before.")
        await stage.ana.says("/undo")
        await stage.ana.hears("Taken back.")


async def test_the_preview_counts_what_would_have_come_and_shows_the_newest(stage: Stage) -> None:
    await stage.read(article("An old hearing", f"{NAME} was heard", "https://a.example/0"))
    stage.clock.forward(days=20)
    await stage.read(
        *(
            article(
                f"Hearing on day {n} of the case", f"{NAME} was heard", f"https://a.example/{n}"
            )
            for n in (1, 2, 3)
        ),
        article("Weather in Cienfuegos", "Rain over the city", "https://a.example/9"),
    )
    await stage.ana.says(f"/watch {NAME}")
    preview = await stage.ana.hears("In the 5 articles of the last 20 days I’d have sent 4 alerts")
    assert "About 1 a week" in preview["text"]
    assert preview["text"].count("• Hearing on day") == 3
    assert "Weather" not in preview["text"]
    links = [one["url"] for one in preview["entities"] if one["type"] == "text_link"]
    assert links == ["https://a.example/3", "https://a.example/2", "https://a.example/1"]


async def test_articles_older_than_thirty_days_are_not_counted(stage: Stage) -> None:
    await stage.read(article("Hearing", f"{NAME} was heard"))
    stage.clock.forward(days=31)
    await stage.read(article("Something else"))
    await stage.ana.says(NAME)
    await stage.ana.hears("I’ve only read 1 article so far")


async def test_reprints_of_one_headline_are_counted_once(stage: Stage) -> None:
    await stage.read(article(f"{NAME} goes home", url="https://a.example/1"))
    await stage.read(article(f"{NAME} goes home", url="https://b.example/1"), source="Other")
    await stage.ana.says(NAME)
    await stage.ana.hears("I’d have sent 1 alert.")


async def test_a_name_too_broad_is_said_to_be_so(stage: Stage) -> None:
    many = [article(f"Amon rules, day {n}", url=f"https://a.example/{n}") for n in range(30)]
    await stage.read(*many)
    await stage.ana.says('/watch phrase "Amon"')
    await stage.ana.hears("is very broad: it would have sent 30 alerts")
    assert labels(stage.ana)[0] == "✅ Start watching"


async def test_other_names_and_exclusions_are_shown_as_understood(stage: Stage) -> None:
    await stage.ana.says(f'/watch {NAME} | "General Cienfuegos" -"Camilo Cienfuegos"')
    preview = await stage.ana.hears(f"🔎 {NAME}")
    assert "General Cienfuegos" in preview["text"].split("Also: ")[1]
    assert "Camilo Cienfuegos" in preview["text"].split("Never: ")[1]
    await stage.ana.presses("Start watching")
    await stage.ana.hears("✅ Watching")
    watch = (await stage.followed(NAME)).watch
    assert any("General Cienfuegos" in one for one in watch.aliases)
    assert any("Camilo Cienfuegos" in one for one in watch.never)


async def test_what_cannot_be_understood_is_answered_with_a_sentence(stage: Stage) -> None:
    await stage.ana.says('/watch "Salvador Cienfuegos')
    await stage.ana.hears("A quotation mark is opened and not closed.")
    await stage.ana.presses("Use that")
    await stage.ana.hears("🔎 Salvador Cienfuegos")
    assert await stage.all_followed() == []


async def test_a_name_already_watched_is_opened_instead(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    await stage.ana.says(NAME.upper())
    await stage.ana.hears(f"You are watching {NAME} already")
    assert await stage.all_followed() == [NAME]


async def test_pressing_start_twice_watches_once(stage: Stage) -> None:
    await stage.ana.says(NAME)
    preview = await stage.ana.hears("🔎")
    first, second = dict(preview), dict(preview)
    await stage.ana.presses("Start watching", message=first)
    await stage.ana.presses("Start watching", message=second)
    await stage.ana.hears("✅ Watching")
    await stage.handled()
    assert await stage.all_followed() == [NAME]


async def test_undo_takes_the_watch_back(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back.")
    assert await stage.all_followed() == []


async def test_the_undo_command_takes_the_last_change_back_for_a_day(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    stage.clock.forward(hours=25)
    await stage.ana.says("/undo")
    await stage.ana.hears("nothing of yours")
    stage.clock.forward(hours=-2)
    await stage.ana.says("/undo")
    await stage.ana.hears("Taken back.")
    assert await stage.all_followed() == []


async def test_a_change_kept_without_its_button_is_taken_back_too(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    async with stage.store.write() as tx:
        kept = json.loads(await upkeep.setting(tx, f"undo:{stage.ana.id}") or "{}")
        del kept["button"]
        await upkeep.set_setting(tx, f"undo:{stage.ana.id}", json.dumps(kept))
    await stage.ana.says("/undo")
    await stage.ana.hears("Taken back.")
    assert await stage.all_followed() == []


async def test_watch_alone_asks_and_the_answer_is_the_name(stage: Stage) -> None:
    await stage.ana.says("/watch")
    await stage.ana.hears("Whose name should I watch for?")
    await stage.ana.says(NAME)
    await stage.ana.hears(f"🔎 {NAME}")


async def test_a_watch_made_in_a_group_goes_to_that_group(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows(f"🔎 {NAME}")
    await stage.ana.presses("Start watching", desk)
    await desk.shows("✅ Watching")
    stored = await stage.followed(NAME)
    async with stage.store.read() as tx:
        told = [await subscribers.get(tx, one) for one in stored.to]
    assert [(one.address, one.chat) for one in told if one] == [(str(desk.id), Chat.GROUP)]


async def test_in_a_forum_it_goes_to_the_topic(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana, is_forum=True)
    desk.open_topic(7, "Cases")
    await stage.ana.says(f"/watch {NAME}", desk, thread=7)
    preview = await desk.shows("🔎")
    assert preview["message_thread_id"] == 7
    await stage.ana.presses("Start watching", desk)
    await desk.shows("✅ Watching")
    async with stage.store.read() as tx:
        [chat] = await subscribers.all_subscribers(tx)
    assert chat.thread == 7


async def test_a_name_watched_elsewhere_can_be_told_here_too(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("already")
    await stage.ana.presses("Tell this chat too", desk)
    await desk.shows("come to this chat too")
    assert len((await stage.followed(NAME)).to) == 2
    await stage.ana.presses("Undo", desk)
    await desk.shows("Taken back")
    assert len((await stage.followed(NAME)).to) == 1


async def test_to_names_a_linked_channel(stage: Stage) -> None:
    new = NewSubscriber("telegram", "-100200", title="@mxcourts", chat=Chat.CHANNEL, public=True)
    async with stage.store.write() as tx:
        place = await subscribers.add(tx, new, stage.clock.now)
    await stage.ana.says(f"/watch {NAME} to @mxcourts")
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("Alerts go to @mxcourts.")
    assert (await stage.followed(NAME)).to == (place.id,)
    await stage.ana.says("/watch Ángel Lía to @nowhere")
    await stage.ana.hears("I don’t post to “@nowhere”")


async def test_who_may_not_change_anything_cannot_press_either(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    ben = stage.server.person("Ben")
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("🔎")
    press = await ben.presses("Start watching", desk)
    assert "Only people with the right" in await press.answer()
    assert await stage.all_followed() == []


async def test_an_anonymous_admin_is_never_obeyed(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says_anonymously(f"/watch {NAME}", desk)
    await desk.shows("can’t tell who you are")
    await stage.ana.says_anonymously(f"/watch {NAME}", desk)
    await stage.handled()
    assert len(desk.texts) == 1
    assert await stage.all_followed() == []


async def test_a_post_in_a_channel_is_never_a_command(stage: Stage) -> None:
    channel = stage.server.channel("Court news", stage.ana)
    await stage.ana.says(f"/watch {NAME}", channel)
    await stage.handled()
    assert [one.method for one in stage.server.log if one.method == "sendMessage"] == []
    assert await stage.all_followed() == []


@pytest.mark.parametrize("forged", ["forged", "ключ", "\ud800x", "x" * 64])
async def test_a_forged_button_does_nothing(stage: Stage, forged: str) -> None:
    await stage.ana.says(NAME)
    preview = await stage.ana.hears("🔎")
    preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = forged
    press = await stage.ana.presses("Start watching")
    assert "too old" in await press.answer()
    assert await stage.all_followed() == []


async def test_a_mistyped_command_is_guessed(stage: Stage) -> None:
    await stage.ana.says("/wach Ángel Lía")
    await stage.ana.hears("Did you mean /watch?")
    await stage.ana.says("/sing")
    await stage.ana.hears("I don’t know /sing")


async def test_a_command_for_another_bot_is_left_alone(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch@otherbot {NAME}", desk)
    await stage.ana.says(f"/watch@VigilBot {NAME}", desk)
    await desk.shows(f"🔎 {NAME}")
    assert len(desk.texts) == 1


async def test_a_spanish_alias_does_the_same(stage: Stage) -> None:
    await stage.ana.says(f"/seguir {NAME}")
    await stage.ana.hears(f"🔎 {NAME}")


async def test_declared_watches_are_read_only_here(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await watches.declare(tx, [(Watch(NAME), ())], stage.clock.now)
    await stage.ana.says(f"/unwatch {NAME}")
    await stage.ana.hears("stands in config.toml")
    assert await stage.all_followed() == [NAME]


async def test_an_offset_of_time_makes_no_negative_lengths(stage: Stage) -> None:
    await stage.read(article("Hearing", f"{NAME} was heard"))
    stage.clock.now -= timedelta(hours=1)
    await stage.ana.says(NAME)
    await stage.ana.hears("🔎")


async def followed_privately(stage: Stage) -> StoredWatch:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    return await stage.followed(NAME)


async def test_tell_this_chat_too_of_a_watch_that_is_gone_opens_the_list(stage: Stage) -> None:
    stored = await followed_privately(stage)
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("Alerts go to: Ana")
    async with stage.store.write() as tx:
        await watches.remove(tx, stored.watch.id, stage.clock.now)
    await stage.ana.presses("Tell this chat too", desk)
    await desk.shows("You are not watching anybody yet.")


async def test_taking_back_tell_this_chat_too_never_tells_every_chat(stage: Stage) -> None:
    stored = await followed_privately(stage)
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("Alerts go to: Ana")
    await stage.ana.presses("Tell this chat too", desk)
    await desk.shows("this chat too")
    async with stage.store.write() as tx:
        group = await subscribers.by_address(tx, "telegram", str(desk.id))
        assert group is not None
        await watches.send_to(tx, stored.watch.id, [group.id], stage.clock.now)
    await stage.ana.presses("Undo", desk)
    await desk.shows("Taken back")
    assert (await stage.followed(NAME)).to == (group.id,)


async def test_another_topic_of_a_forum_is_not_called_this_chat(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    desk.open_topic(7, "Cases")
    desk.open_topic(8, "Lunch")
    await stage.ana.says(f"/watch {NAME}", desk, thread=7)
    await desk.shows("🔎")
    await stage.ana.presses("Start watching", desk)
    await desk.shows("Alerts go to this chat.")
    await stage.ana.says(f"/watch {NAME}", desk, thread=8)
    await desk.shows("Alerts go to: Desk")
