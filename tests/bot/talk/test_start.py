"""The first words: whose bot it is, and what strangers hear."""

from __future__ import annotations

from store import members, subscribers
from tests.bot.talk.stage import Stage, article


async def claim_code(stage: Stage) -> str:
    async with stage.store.write() as tx:
        return await members.claim_code(tx, stage.clock.now)


async def test_whoever_opens_the_claim_link_first_owns_the_bot(unowned: Stage) -> None:
    code = await claim_code(unowned)
    await unowned.ana.says(f"/start claim_{code}")
    await unowned.ana.hears("You own this bot now")
    async with unowned.store.read() as tx:
        owner = await members.owner(tx)
        [chat] = await subscribers.all_subscribers(tx)
    assert owner is not None
    assert (owner.id, owner.name) == (unowned.ana.id, "Ana")
    assert (chat.address, chat.public) == (str(unowned.ana.id), False)


async def test_the_claim_link_works_once(unowned: Stage) -> None:
    code = await claim_code(unowned)
    ben = unowned.server.person("Ben")
    await unowned.ana.says(f"/start claim_{code}")
    await unowned.ana.hears("You own this bot now")
    await ben.says(f"/start claim_{code}")
    await ben.hears("no longer valid")


async def test_the_claim_link_is_over_after_a_quarter_of_an_hour(unowned: Stage) -> None:
    code = await claim_code(unowned)
    unowned.clock.forward(minutes=16)
    await unowned.ana.says(f"/start claim_{code}")
    await unowned.ana.hears("no longer valid")


async def test_before_anybody_owns_it_the_bot_says_where_the_link_is(unowned: Stage) -> None:
    await unowned.ana.says("/start")
    await unowned.ana.hears("no owner yet")


async def test_a_stranger_is_answered_once_a_day(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    for text in ("/start", "Ángel Lía", "/watch Ángel Lía", "/nonsense"):
        await ben.says(text)
    await ben.hears("This is a private bot")
    await stage.handled()
    assert len(ben.private.texts) == 1
    stage.clock.forward(hours=25)
    await ben.says("still nobody?")
    await ben.hears("This is a private bot", times=2)
    assert await stage.all_followed() == []


async def test_start_tells_how_many_sources_are_read(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("I have no sources to read yet")
    await stage.read(article("A headline"))
    await stage.ana.says("/start")
    await stage.ana.hears("about to read 1 source")


async def test_the_example_can_be_tried(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name should I watch for?")
    await stage.ana.presses("Try the example")
    await stage.ana.hears("🔎 Salvador Cienfuegos Zepeda")


async def test_the_menu_is_set_for_private_chats_and_for_admins_of_groups(stage: Stage) -> None:
    commands = stage.server.asking.commands
    await stage.server.until(lambda: ("short_description", "") in stage.server.asking.profile)
    private = [one["command"] for one in commands["all_private_chats", ""]]
    groups = [one["command"] for one in commands["all_chat_administrators", ""]]
    assert private == [
        "watch", "list", "news", "docket", "feeds", "digest", "mute", "stats", "timeline", "export",
        "channel", "status", "settings", "help",
    ]  # fmt: skip
    assert "channel" not in groups
    assert all(len(one["description"]) <= 45 for one in commands["all_private_chats", ""])
