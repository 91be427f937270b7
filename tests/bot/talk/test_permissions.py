"""Who may do what, and where: every role, command and sort of chat, through the real routing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot.demo.botapi.people import Room, Someone
from bot.demo.botapi.world import Json
from bot.talk.commands import ACTIONS, COMMANDS, Command
from model.people import Member, Role
from store import buttons, members, tables
from tests.bot.talk.stage import Stage, article

V, E, A = Role.VIEWER, Role.EDITOR, Role.ADMIN
NOWHERE = "nowhere"
LEAST: dict[str, tuple[Role | None, Role | str | None]] = {
    "cancel": (V, V),
    "channel": (A, NOWHERE),
    "digest": (E, E),
    "docket": (E, E),
    "export": (V, V),
    "feeds": (E, E),
    "help": (V, V),
    "id": (V, V),
    "invite": (A, NOWHERE),
    "list": (V, V),
    "mute": (V, E),
    "news": (V, V),
    "opml": (V, V),
    "privacy": (V, NOWHERE),
    "search": (V, V),
    "settings": (V, V),
    "start": (V, V),
    "stats": (V, V),
    "status": (V, V),
    "team": (A, NOWHERE),
    "test": (V, V),
    "timeline": (V, V),
    "undo": (E, E),
    "unmute": (V, E),
    "unwatch": (E, E),
    "version": (V, V),
    "watch": (E, E),
    "why": (V, V),
}
"""The least role for a command in a private chat, and in a group or topic. A command that has no
row here fails: whoever adds one says who may.
"""
ROLES = (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.VIEWER, None)
PLACES = ("private", "group", "supergroup", "topic", "channel", "anonymous")
RANK = {None: 0, Role.VIEWER: 1, Role.EDITOR: 2, Role.ADMIN: 3, Role.OWNER: 4}
DENIALS = (
    ("stranger", "This is a private bot"),
    ("not yours", "can do that. Ask the owner"),
    ("elsewhere", "That works in our private chat"),
    ("anonymous", "You post anonymously here"),
)
KEPT = (tables.watch, tables.source, tables.member, tables.following, tables.watch_log)
"""What no denied command may change."""


@dataclass(frozen=True)
class Cell:
    """One role in one sort of chat."""

    role: Role | None
    place: str

    def expected(self, command: str) -> str:
        """Return what the bot is to do there, from the table above alone."""
        privately, among = LEAST[command]
        if self.place == "channel":
            return "silent"
        if self.place == "anonymous":
            return "anonymous"
        if self.role is None:
            return "stranger"
        least = privately if self.place == "private" else among
        if least is NOWHERE:
            return "not yours" if RANK[self.role] < RANK[privately] else "elsewhere"
        assert not isinstance(least, str) or isinstance(least, Role)
        return "answered" if RANK[self.role] >= RANK[least] else "not yours"


def cells() -> Iterator[Cell]:
    for role in ROLES:
        for place in PLACES:
            yield Cell(role, place)


async def cast(stage: Stage, cell: Cell, number: int) -> Someone:
    """Return somebody with that role, who has not been here before."""
    if cell.role is Role.OWNER:
        return stage.ana
    name = f"{cell.role or 'stranger'} {number}"
    someone = stage.server.person(name)
    if cell.role is not None:
        async with stage.store.write() as tx:
            await members.add(tx, Member(someone.id, name, cell.role, since=stage.clock.now))
    return someone


async def tried(stage: Stage, cell: Cell, text: str, number: int) -> list[Json]:
    """Let somebody type the text there; return what the bot then said there."""
    someone = await cast(stage, cell, number)
    room, thread = _room(stage, cell.place, number), 0
    if cell.place == "topic":
        room.open_topic(7, "Cases")
        thread = 7
    if cell.place == "private":
        room = someone.private
    before = {one["message_id"] for one in room.messages}
    if cell.place == "anonymous":
        typed = await someone.says_anonymously(text, room)
    elif cell.place == "private":
        typed = await someone.says(text)
    else:
        typed = await someone.says(text, room, thread=thread)
    await stage.handled()
    before.add(typed["message_id"])
    return [one for one in room.messages if one["message_id"] not in before]


def _room(stage: Stage, place: str, number: int) -> Room:
    if place == "channel":
        return stage.server.channel(f"Channel {number}", stage.ana)
    kind = "group" if place == "group" else "supergroup"
    return stage.server.group(f"Room {number}", stage.ana, kind=kind, is_forum=place == "topic")


def outcome(said: list[Json]) -> str:
    """Return what the bot did, from what it said."""
    if not said:
        return "silent"
    text = str(said[-1].get("text") or said[-1].get("caption") or "a file")
    return next((name for name, sign in DENIALS if sign in text), "answered")


async def state(stage: Stage) -> list[int]:
    async with stage.store.read() as tx:
        return [
            int(await tx.value(select(func.count()).select_from(one)) or 0)
            for one in KEPT
            if one is not tables.member
        ]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
async def test_each_role_in_each_chat(stage: Stage, command: Command) -> None:
    assert command.name in LEAST, "say in LEAST who may do this, and where"
    before = await state(stage)
    wrong = []
    for number, cell in enumerate(cells()):
        said = await tried(stage, cell, f"/{command.name}", number)
        found, wanted = outcome(said), cell.expected(command.name)
        if found != wanted:
            wrong.append(f"{cell.role or 'stranger'} in {cell.place}: {found}, not {wanted}")
        if wanted != "answered":
            assert await state(stage) == before, cell
        before = await state(stage)
    assert wrong == []


READ_ONLY = frozenset(
    """
    watches show_watch fine_tune dockets show_docket docket_entries not_public feeds show_feed why
    search timeline timeline_file chart back more status export export_file
    export_whose public_news public_timeline
    """.split()  # noqa: SIM905  # names are read more easily so
)
"""What a viewer may press: it changes nothing for anybody."""
OWN_CHAT = frozenset(
    """
    digest digest_change digest_set digest_time digest_switch digest_file digest_new show_held mute
    mute_set unmute settings set_language quiet_set quiet_ask quiet_loud change_zone set_zone
    ask_zone news privacy privacy_ask privacy_delete visitor_watch visitor_drop
    """.split()  # noqa: SIM905  # names are read more easily so
)
"""What a viewer may press in their own private chat; the flows themselves ask where they are."""


def test_a_viewer_may_press_only_what_changes_nothing_for_others() -> None:
    theirs = {name for name, one in ACTIONS.items() if RANK[one.role] <= RANK[Role.VIEWER]}
    assert theirs - READ_ONLY - OWN_CHAT == set()


@pytest.mark.parametrize("name", sorted(ACTIONS))
async def test_a_button_asks_who_presses_it(stage: Stage, name: str) -> None:
    await stage.ana.says("/version")
    shown = await stage.ana.hears("vigil")
    async with stage.store.write() as tx:
        token = await buttons.make(tx, name, {}, stage.clock.now)
    least, before = ACTIONS[name].role, await state(stage)
    room = stage.server.group("Desk", stage.ana)
    for number, role in enumerate((None, Role.VIEWER, Role.EDITOR, Role.ADMIN)):
        if RANK[role] >= RANK[least]:
            continue
        someone = await cast(stage, Cell(role, "group"), number)
        calls = len(stage.server.log)
        forged = dict(shown) | {"chat": room.chat.view(), "reply_markup": markup(token)}
        press = await someone.presses("x", room, message=forged)
        assert "Only people with the right" in await press.answer()
        assert {one.method for one in stage.server.log[calls:]} <= {"answerCallbackQuery"}
    assert await state(stage) == before


def markup(token: str) -> Json:
    return {"inline_keyboard": [[{"text": "x", "callback_data": token}]]}


async def pressed(stage: Stage, someone: Someone, token: str) -> str:
    """Let somebody press a button with this token; return what pops up."""
    await stage.ana.says("/version")
    shown = await stage.ana.hears("vigil")
    press = await someone.presses("x", message=dict(shown) | {"reply_markup": markup(token)})
    return await press.answer()


@pytest.mark.parametrize(
    "token", ["", "drop_watch", "x" * 64, "' OR 1=1 --", "0", "\u202edrop", "😀" * 16]
)
async def test_a_forged_button_means_nothing(stage: Stage, token: str) -> None:
    if not token:
        token = " "
    before = await state(stage)
    assert "too old" in await pressed(stage, stage.ana, token)
    assert await state(stage) == before


async def test_a_button_made_for_one_person_is_theirs_alone(stage: Stage) -> None:
    async with stage.store.write() as tx:
        token = await buttons.make(tx, "status", {}, stage.clock.now, who=stage.ana.id)
    ben = await cast(stage, Cell(Role.ADMIN, "private"), 1)
    await ben.says("/version")
    shown = await ben.hears("vigil")
    press = await ben.presses("x", message=dict(shown) | {"reply_markup": markup(token)})
    assert "Only people with the right" in await press.answer()


async def test_a_demoted_admin_can_do_nothing_with_the_buttons_they_have(stage: Stage) -> None:
    ben = await cast(stage, Cell(Role.ADMIN, "private"), 1)
    await ben.says("/team")
    shown = dict(await ben.hears("people"))
    await ben.says("Ángel Lía")
    preview = dict(await ben.hears("🔎 Ángel Lía"))
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
    for label, message in (("Invite", shown), ("History", shown), ("Start watching", preview)):
        press = await ben.presses(label, message=message)
        assert "Only people with the right" in await press.answer()
    async with stage.store.write() as tx:
        await members.remove(tx, ben.id)
    press = await ben.presses("Start watching", message=preview)
    assert "Only people with the right" in await press.answer()
    assert await stage.all_followed() == []


async def test_a_demoted_editor_cannot_answer_the_question_they_were_asked(stage: Stage) -> None:
    ben = await cast(stage, Cell(Role.EDITOR, "private"), 1)
    await ben.says("/watch")
    await ben.hears("Whose name")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
    await ben.says("Ángel Lía")
    await stage.handled()
    assert not any("🔎" in text for text in ben.private.texts)


async def test_what_a_channel_posts_into_its_group_is_nobodys_command(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    channel = stage.server.channel("News", stage.ana)
    content = {
        "text": "/watch Ángel Lía",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        "sender_chat": channel.chat.view(),
        "is_automatic_forward": True,
    }
    service = stage.server.person("Telegram").person
    service.id = 777000
    stage.server.updates.add("message", dict(stage.server.world.post(desk.chat, service, content)))
    await stage.handled()
    assert desk.texts == []
    assert await stage.all_followed() == []


async def test_a_stranger_cannot_press_in_a_channel(stage: Stage) -> None:
    channel = stage.server.channel("News", stage.ana)
    async with stage.store.write() as tx:
        token = await buttons.make(tx, "watches", {}, stage.clock.now)
    post = stage.server.world.post(channel.chat, stage.server.world.bot, {"text": "An alert"})
    reader = stage.server.person("A reader")
    press = await reader.presses("x", channel, message=dict(post) | {"reply_markup": markup(token)})
    assert "Only people with the right" in await press.answer()
    await stage.read(article("A headline"))
    assert len(channel.messages) == 1
