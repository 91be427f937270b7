"""The team: invitations that work once, roles that can't be raised from below, and the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.demo.botapi.people import Someone
from bot.words import load
from model import Member
from model.people import Role
from store import members, subscribers
from tests.bot.talk.stage import Stage, labels

ROOT = Path(__file__).parents[3]


async def link(stage: Stage, role: str, who: Someone | None = None) -> str:
    """Return the deep link's payload of an invitation that `who` (Ana) makes."""
    host = who or stage.ana
    before = sum("Send this link" in one for one in host.private.texts)
    await host.says("/invite")
    await host.hears("What may your guest do?")
    await host.presses_soon(role)
    shown = await host.hears("Send this link", times=before + 1)
    found = re.search(r"start=(inv_[\w-]+)", shown["text"])
    assert found is not None
    assert len(found[1]) <= 64
    return found[1]


async def joined(stage: Stage, name: str, role: str) -> Someone:
    """Let somebody new in, through an invitation of Ana's."""
    guest = stage.server.person(name)
    await guest.says(f"/start {await link(stage, role)}")
    await guest.hears("Welcome")
    return guest


async def roles(stage: Stage) -> dict[str, Role]:
    async with stage.store.read() as tx:
        return {one.name: one.role for one in await members.all_members(tx)}


async def addresses(stage: Stage) -> list[str]:
    async with stage.store.read() as tx:
        return [one.address for one in await subscribers.all_subscribers(tx)]


async def test_an_invitation_lets_the_first_guest_in_and_nobody_else(stage: Stage) -> None:
    payload = await link(stage, "Editor")
    ben, cem = stage.server.person("Ben"), stage.server.person("Cem")
    await ben.says(f"/start {payload}")
    await ben.hears("you are an editor here now")
    await stage.ana.hears("Ben has opened your invitation")
    await cem.says(f"/start {payload}")
    await cem.hears("no longer valid")
    assert (await roles(stage))["Ben"] is Role.EDITOR
    assert str(ben.id) in await addresses(stage)
    assert str(cem.id) not in await addresses(stage)


async def test_an_invitation_is_over_after_two_days(stage: Stage) -> None:
    payload = await link(stage, "Viewer")
    stage.clock.forward(hours=49)
    ben = stage.server.person("Ben")
    await ben.says(f"/start {payload}")
    await ben.hears("no longer valid")


async def test_a_button_s_id_is_no_invitation(stage: Stage) -> None:
    await stage.ana.says("/team")
    await stage.ana.hears("can use this bot")
    [token] = [
        button["callback_data"]
        for one in stage.ana.private.messages
        for row in one.get("reply_markup", {}).get("inline_keyboard", ())
        for button in row
        if button["text"] == "Invite"
    ]
    ben = stage.server.person("Ben")
    await ben.says(f"/start inv_{token}")
    await ben.hears("no longer valid")


async def test_whoever_has_the_right_already_leaves_the_invitation_good(stage: Stage) -> None:
    payload = await link(stage, "Editor")
    await stage.ana.says(f"/start {payload}")
    await stage.ana.hears("You can do all that already")
    ben = stage.server.person("Ben")
    await ben.says(f"/start {payload}")
    await ben.hears("Welcome")


async def test_a_viewer_becomes_an_editor_by_a_second_invitation(stage: Stage) -> None:
    ben = await joined(stage, "Ben", "Viewer")
    await ben.says(f"/start {await link(stage, 'Editor')}")
    await ben.hears("you are an editor")
    assert (await roles(stage))["Ben"] is Role.EDITOR


async def test_an_admin_invites_only_below_their_own_rank(stage: Stage) -> None:
    ben = await joined(stage, "Ben", "Admin")
    await ben.says("/invite")
    await ben.hears("What may your guest do?")
    assert labels(ben) == ["Viewer", "Editor"]


@pytest.mark.parametrize("role", ["Viewer", "Editor"])
async def test_who_is_no_admin_can_neither_see_the_team_nor_invite(stage: Stage, role: str) -> None:
    ben = await joined(stage, "Ben", role)
    await ben.says("/team")
    await ben.hears("Only an administrator can do that")
    await ben.says("/invite")
    await ben.hears("Only an administrator can do that", times=2)


async def test_a_role_is_changed_and_taken_back(stage: Stage) -> None:
    await joined(stage, "Ben", "Viewer")
    await stage.ana.says("/team")
    await stage.ana.hears("2 people can use this bot")
    await stage.ana.presses_soon("Ben")
    await stage.ana.presses_soon("Admin")
    await stage.ana.hears("Ben is an administrator now")
    assert (await roles(stage))["Ben"] is Role.ADMIN
    await stage.ana.presses_soon("Undo")
    await stage.ana.hears("Taken back")
    assert (await roles(stage))["Ben"] is Role.VIEWER


async def test_who_is_removed_commands_nothing_and_hears_nothing(stage: Stage) -> None:
    ben = await joined(stage, "Ben", "Editor")
    await stage.ana.says("/team")
    await stage.ana.presses_soon("Ben")
    await stage.ana.presses_soon("Remove")
    await stage.ana.hears("Ben can’t use this bot any more")
    await ben.says("/list")
    await ben.hears("This is a private bot")
    assert str(ben.id) not in await addresses(stage)
    await stage.ana.presses_soon("Undo")
    await stage.ana.hears("Taken back")
    assert (await roles(stage))["Ben"] is Role.EDITOR
    assert str(ben.id) in await addresses(stage)


async def test_a_demoted_admin_s_old_buttons_are_dead(stage: Stage) -> None:
    ben = await joined(stage, "Ben", "Admin")
    await joined(stage, "Cem", "Viewer")
    await ben.says("/team")
    await ben.presses_soon("Cem")
    await stage.server.until(lambda: "Remove" in labels(ben))
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.EDITOR, since=stage.clock.now))
    press = await ben.presses("Editor")
    assert "Only people with the right" in await press.answer()
    assert (await roles(stage))["Cem"] is Role.VIEWER


async def test_an_admin_cannot_touch_another_admin(stage: Stage) -> None:
    ben = await joined(stage, "Ben", "Admin")
    await joined(stage, "Cem", "Viewer")
    await ben.says("/team")
    await ben.presses_soon("Cem")
    await stage.server.until(lambda: "Remove" in labels(ben))
    async with stage.store.write() as tx:
        [cem] = [one for one in await members.all_members(tx) if one.name == "Cem"]
        await members.add(tx, Member(cem.id, "Cem", Role.ADMIN, since=stage.clock.now))
    await ben.presses("Remove")
    await ben.hears("Cem has your rank or a higher one")
    assert (await roles(stage))["Cem"] is Role.ADMIN


async def test_the_history_says_who_changed_what(stage: Stage) -> None:
    await joined(stage, "Ben", "Viewer")
    await stage.ana.says("/watch Ángel Lía Mora")
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("Watching Ángel Lía Mora")
    await stage.ana.says("/team")
    await stage.ana.presses_soon("History")
    shown = await stage.ana.hears("Latest changes")
    assert re.search(r"UTC · \S+: added Ángel Lía Mora", shown["text"])
    assert "viewer: Ben" in shown["text"]


def test_the_history_has_words_for_everything_the_log_holds() -> None:
    logged = set()
    for path in (*ROOT.glob("store/*.py"), *ROOT.glob("bot/talk/*.py")):
        for call in re.findall(r"(?:watch_log\.append|_note)\((.*?)\)\n", path.read_text(), re.S):
            logged |= set(re.findall(r'"([a-z ]+)"', call))
    english = load("en")
    assert {"added", "never undone"} <= logged
    assert [did for did in logged if f"team.did.{did.replace(' ', '-')}" not in english] == []
