"""/mute and /unmute: what comes is kept and told afterwards; nothing is lost by silence."""

from __future__ import annotations

from model import Member, Role, Watch
from store import members, subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def follow(stage: Stage, *names: str) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    async with stage.store.write() as tx:
        for name in names:
            await watches.add(tx, Watch(name), stage.clock.now)


async def tell(stage: Stage, *titles: str) -> None:
    for one in await stage.read(*(article(title) for title in titles)):
        await stage.alert(one)


async def test_a_chat_is_muted_and_told_afterwards_what_came(stage: Stage) -> None:
    await follow(stage, NAME)
    await stage.ana.says("/mute")
    await stage.ana.hears("Pause all alerts here for how long?")
    await stage.ana.presses("1 hour")
    await stage.ana.hears("🔕 No alerts here until 18 Nov 2020, 16:00 UTC")
    await tell(stage, f"{NAME} is freed", f"{NAME} goes home")
    assert not any("is freed" in text for text in stage.ana.private.texts)
    await stage.ana.says("/status")
    await stage.ana.hears("2 alerts held for later")
    stage.clock.forward(hours=1)
    await stage.keep_time()
    await stage.ana.hears("Alerts are back on. While muted: 2 stories.")
    await stage.ana.presses("Show")
    shown = await stage.ana.hears(f"1. {NAME} is freed")
    assert shown is not None
    assert f"2. {NAME} goes home" in stage.ana.private.texts[-1]


async def test_until_tomorrow_asks_for_the_zone_first(stage: Stage) -> None:
    await stage.ana.says("/mute")
    await stage.ana.presses_soon("Tomorrow 07:00")
    await stage.ana.presses_soon("New York")
    await stage.ana.hears("🔕 No alerts here until 19 Nov 2020, 07:00 EST")


async def test_until_i_say_lasts_until_unmute(stage: Stage) -> None:
    await follow(stage, NAME)
    await stage.ana.says("/mute")
    await stage.ana.presses_soon("Until I say")
    await stage.ana.hears("until you say /unmute")
    await tell(stage, f"{NAME} is freed", f"{NAME} goes home")
    stage.clock.forward(days=30)
    await stage.keep_time()
    await stage.ana.says("/unmute")
    await stage.ana.hears("Not muted any more.")
    await stage.handled()
    await stage.deliver()
    await stage.ana.hears("While muted: 2 stories.")


async def test_one_watch_is_muted_and_marked_in_the_list(stage: Stage) -> None:
    await follow(stage, NAME, "Ángel Lía")
    await stage.ana.says("/mute")
    await stage.ana.presses_soon("Only one watch…")
    await stage.ana.hears("Which watch?")
    await stage.ana.presses("Ángel Lía")
    await stage.ana.hears("Pause alerts about Ángel Lía for how long?")
    await stage.ana.presses("3 days")
    await stage.ana.hears("🔕 No alerts about Ángel Lía until 21 Nov 2020")
    await tell(stage, "Ángel Lía sings", f"{NAME} is freed")
    assert not any("sings" in text for text in stage.ana.private.texts)
    assert any("is freed" in text for text in stage.ana.private.texts)
    await stage.ana.says("/list")
    await stage.ana.hears("🔕 Ángel Lía")
    await stage.ana.presses("🔕 Ángel Lía")
    await stage.ana.hears("Muted until 21 Nov 2020, 15:00 UTC.")
    assert "Unmute" in labels(stage.ana)
    await stage.ana.says("/unmute Ángel Lía")
    await stage.ana.hears("Ángel Lía is not muted any more")
    await stage.handled()
    await stage.deliver()
    await stage.ana.hears("Alerts are back on. While muted: 1 story.")


async def test_unmute_says_when_nothing_is_muted(stage: Stage) -> None:
    await stage.ana.says("/unmute")
    await stage.ana.hears("Nothing is muted here")


async def test_a_viewer_mutes_their_own_chat_but_no_watch_and_no_group(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
        await watches.add(tx, Watch(NAME), stage.clock.now)
    await ben.says("/mute")
    await ben.hears("Pause all alerts here")
    assert "Only one watch…" not in labels(ben)
    await ben.presses("1 hour")
    await ben.hears("🔕 No alerts here until")
    await ben.says(f"/mute {NAME}")
    await ben.hears("editor")
    desk = stage.server.group("Desk", stage.ana)
    desk.join(ben)
    await ben.says("/mute", desk)
    await desk.shows("editor")
    async with stage.store.read() as tx:
        group = await subscribers.by_address(tx, "telegram", str(desk.id))
    assert group is None or group.muted_until is None


async def test_a_watch_that_is_gone_is_not_said_to_be_muted(stage: Stage) -> None:
    await follow(stage, NAME)
    await stage.ana.says(f"/mute {NAME}")
    asked = await stage.ana.hears("for how long?")
    stored = await stage.followed(NAME)
    async with stage.store.write() as tx:
        await watches.remove(tx, stored.watch.id, stage.clock.now)
    await stage.ana.presses("1 hour", message=asked)
    await stage.ana.hears("It is not being watched any more.")
