"""/settings: language, time zone and quiet hours of a chat."""

from __future__ import annotations

from model import NewSubscriber, Priority, Watch
from model.people import Chat
from store import members, rhythms, subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def test_quiet_hours_are_chosen_and_kept(stage: Stage) -> None:
    await stage.ana.says("/settings")
    await stage.ana.hears("Quiet hours: none.")
    await stage.ana.presses("22:00–07:00")
    await stage.ana.presses_soon("New York")
    await stage.ana.hears("Quiet hours: 22:00–07:00.")
    assert "✓ 22:00–07:00" in labels(stage.ana)
    await stage.ana.presses("🔴 without a sound")
    await stage.ana.hears("come at once, without a sound")
    await stage.ana.presses("No quiet hours")
    await stage.ana.hears("Quiet hours: none.")


async def test_what_comes_in_the_quiet_hours_follows_in_one_message(stage: Stage) -> None:
    await stage.ana.says("/settings")
    await stage.ana.presses_soon("Other hours")
    await stage.ana.hears("From when to when?")
    await stage.ana.says("ten to seven")
    await stage.ana.hears("I could not read that")
    await stage.ana.says("9:30-12:00")
    await stage.ana.presses_soon("New York")
    await stage.ana.hears("Quiet hours: 09:30–12:00.")
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now)
        await watches.add(tx, Watch("Ángel Lía", priority=Priority.HIGH), stage.clock.now)
    for one in await stage.read(
        article(f"{NAME} is freed"), article(f"{NAME} goes home"), article("Ángel Lía sings")
    ):
        await stage.alert(one)
    await stage.ana.hears("Ángel Lía sings")
    assert not any("is freed" in text for text in stage.ana.private.texts)
    stage.clock.forward(hours=2)
    await stage.keep_time()
    await stage.ana.hears("2 alerts from the quiet hours")


async def test_the_language_is_changed(stage: Stage) -> None:
    await stage.ana.says("/settings")
    await stage.ana.presses_soon("Español")
    await stage.ana.hears("Ajustes de")
    async with stage.store.read() as tx:
        ana = await members.get(tx, stage.ana.id)
        here = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
    assert ana is not None
    assert here is not None
    assert (ana.language, here.language) == ("es", "es")


async def test_the_zone_is_asked_once_for_all_of_ones_chats(stage: Stage) -> None:
    await stage.ana.says("/settings")
    await stage.ana.presses_soon("Time zone")
    await stage.ana.presses_soon("Los Angeles")
    await stage.ana.hears("Time zone: Los Angeles (America/Los Angeles)")
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says("/digest", desk)
    await desk.shows("Digest for this chat: off.")
    await stage.ana.presses("Daily 07:00", desk)
    await desk.shows("daily at 07:00, Los Angeles time")
    async with stage.store.read() as tx:
        group = await subscribers.by_address(tx, "telegram", str(desk.id))
        assert group is not None
        assert (await rhythms.one_of(tx, group.id)).zone == "America/Los_Angeles"


async def test_the_whole_screen_follows_the_language(stage: Stage) -> None:
    await stage.ana.says("/settings")
    await stage.ana.presses_soon("Español")
    shown = await stage.ana.hears("Ajustes de este chat")
    assert "Horas de silencio: ninguna." in shown["text"]
    assert "Zona horaria" in stage.ana.private.buttons(shown)


async def test_the_language_of_a_channel_is_not_that_of_who_sets_it(stage: Stage) -> None:
    async with stage.store.write() as tx:
        new = NewSubscriber("telegram", "-100", title="@mxcourts", chat=Chat.CHANNEL)
        channel = await subscribers.add(tx, new, stage.clock.now)
    await stage.ana.says("/channel")
    await stage.ana.presses_soon("⚙️ @mxcourts")
    await stage.ana.presses_soon("Language, hours")
    await stage.ana.presses_soon("Español")
    await stage.server.until(lambda: "✓ Español" in labels(stage.ana))
    await stage.ana.hears("Settings of @mxcourts")
    async with stage.store.read() as tx:
        ana = await members.get(tx, stage.ana.id)
        told = await subscribers.get(tx, channel.id)
    assert ana is not None
    assert told is not None
    assert (ana.language, told.language) == ("en", "es")
