"""Long lists in one message, and buttons that are old, pressed twice, or not for everybody."""

from __future__ import annotations

import asyncio

from bot.demo.botapi.people import Someone
from bot.talk.commands import ACTIONS
from bot.talk.stale import FRESH
from model import NewSource, Watch
from model.people import Member, Role
from store import members, sources, watches
from tests.bot.talk.stage import Stage, conversing, labels

NAME = "Salvador Cienfuegos Zepeda"


async def fill(stage: Stage, number: int) -> None:
    async with stage.store.write() as tx:
        await watches.add_many(
            tx, [(Watch(f"Person {n:03}"), ()) for n in range(number)], stage.clock.now
        )
        for n in range(number):
            await sources.add(tx, NewSource(f"https://s{n}.example/feed"), stage.clock.now)
            one = Member(9_000 + n, f"Member {n:03}", Role.VIEWER, since=stage.clock.now)
            await members.add(tx, one)


async def turned(stage: Stage, ana: Someone, command: str) -> set[str]:
    """Return the labels met on the way through a list, forwards and one page back."""
    await ana.says(command)
    met: set[str] = set()
    await stage.server.until(lambda: "More" in labels(ana))
    while True:
        shown = labels(ana)
        met.update(shown)
        if "More" not in shown:
            break
        await ana.presses("More")
        await stage.server.until(lambda before=shown: labels(ana) != before)
    last = labels(ana)
    await ana.presses("Previous")
    await stage.server.until(lambda: labels(ana) != last)
    return met


async def test_long_lists_turn_their_pages_in_one_message(stage: Stage) -> None:
    await fill(stage, 120)
    for number, (command, names) in enumerate(
        (
            ("/list", {f"Person {n:03}" for n in range(120)}),
            ("/feeds", {f"s{n}.example" for n in range(120)}),
            ("/team", {f"Member {n:03}" for n in range(120)}),
        ),
        1,
    ):
        assert names <= await turned(stage, stage.ana, command)
        assert len(stage.ana.private.texts) == number
    assert stage.server.refusals == []


async def test_an_old_list_is_opened_fresh(stage: Stage) -> None:
    await fill(stage, 1)
    await stage.ana.says("/list")
    await stage.ana.presses_soon("Person 000")
    await stage.ana.hears("marked “not them”")
    stage.clock.forward(days=40)
    press = await stage.ana.presses("Back")
    assert await press.answer() == "That list is old — opening a fresh one."
    await stage.ana.hears("1 watch")
    await stage.ana.presses("Person 000")
    await stage.ana.hears("marked “not them”")


async def test_an_old_button_never_does_what_it_once_meant(stage: Stage) -> None:
    await fill(stage, 1)
    await stage.ana.says("/list")
    await stage.ana.presses_soon("Person 000")
    await stage.ana.hears("marked “not them”")
    stage.clock.forward(days=40)
    press = await stage.ana.presses("Stop watching")
    assert await press.answer() == "That list is old — opening a fresh one."
    await stage.handled()
    assert await stage.all_followed() == ["Person 000"]
    await stage.ana.presses("Stop watching")
    await stage.ana.hears("Not watching Person 000 any more.")


async def test_an_old_preview_is_measured_anew(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.hears("🔎")
    stage.clock.forward(days=40)
    await stage.ana.presses("Start watching")
    await stage.handled()
    assert await stage.all_followed() == []
    await stage.ana.presses("Start watching")
    await stage.ana.hears("✅ Watching")


async def test_an_old_undo_is_only_said_to_be_too_old(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    stage.clock.forward(days=40)
    press = await stage.ana.presses("Undo")
    assert "too old" in await press.answer()
    assert await stage.all_followed() == [NAME]


async def test_an_old_button_asks_for_the_right_anew(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.ADMIN, since=stage.clock.now))
    await ben.says("/team")
    await ben.hears("people")
    stage.clock.forward(days=40)
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
    press = await ben.presses("History")
    assert "Only people with the right" in await press.answer()


async def test_undo_pressed_twice_takes_back_once(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    shown = dict(await stage.ana.hears("✅ Watching"))
    first = await stage.ana.presses("Undo", message=shown)
    second = await stage.ana.presses("Undo", message=shown)
    assert {await first.answer(), await second.answer()} == {"", "Taken back."}
    assert await stage.all_followed() == []


async def test_buttons_outlive_a_restart(stage: Stage) -> None:
    from bot.talk.receive import Receiver

    await stage.ana.says(NAME)
    await stage.ana.hears("🔎")
    again = Receiver(stage.parts, stage.account(), "another", stage.clock, pause=0.05)
    await asyncio.sleep(0)
    async with conversing(again):
        await stage.ana.presses("Start watching")
        await stage.ana.hears("✅ Watching")
    assert await stage.all_followed() == [NAME]


def test_what_is_opened_fresh_is_something_that_can_be_opened() -> None:
    assert set(FRESH) | set(FRESH.values()) <= set(ACTIONS)
