"""The list, the state, help, free text, and who may do what."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from telegram import Update

from bot import standing, words
from bot.talk import commands, guard
from model import Member, Watch
from model.docket import DocketState
from model.people import Chat, Role
from store import dockets, items, members, pages, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def watch(stage: Stage, *names: str) -> None:
    async with stage.store.write() as tx:
        for name in names:
            await watches.add(tx, Watch(name), stage.clock.now)


async def test_the_list_names_every_watch_and_opens_one(stage: Stage) -> None:
    await stage.ana.says("/list")
    await stage.ana.hears("not watching anybody yet")
    await watch(stage, NAME, "Ángel Lía")
    await stage.ana.says("/list")
    shown = await stage.ana.hears("2 watches")
    assert f"• {NAME}" in shown["text"]
    await stage.ana.presses("Ángel Lía")
    await stage.ana.hears("Alerts go to: all private and team chats")
    await stage.ana.presses("Back")
    await stage.ana.hears("2 watches")


async def test_a_long_list_has_pages(stage: Stage) -> None:
    await watch(stage, *(f"Person Number{n}" for n in range(12)))
    await stage.ana.says("/list")
    await stage.ana.hears("12 watches")
    assert len(labels(stage.ana)) == 11
    await stage.ana.presses("More")
    await stage.server.until(lambda: len(labels(stage.ana)) == 3)


async def test_stop_watching_is_at_once_and_undone_by_a_button(stage: Stage) -> None:
    await watch(stage, NAME)
    await stage.ana.says("/list")
    await stage.ana.presses_soon(NAME[:20])
    await stage.ana.presses_soon("Stop watching")
    await stage.ana.hears(f"Not watching {NAME} any more")
    assert await stage.all_followed() == []
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    assert await stage.all_followed() == [NAME]


async def test_unwatch_by_name(stage: Stage) -> None:
    await watch(stage, NAME)
    await stage.ana.says(f"/unwatch {NAME.lower()}")
    await stage.ana.hears("Not watching")
    await stage.ana.says("/unwatch Nobody")
    await stage.ana.hears("You are not watching “Nobody”")


async def test_status_tells_what_works_and_what_does_not(stage: Stage) -> None:
    await stage.read(article("A headline"))
    await watch(stage, NAME)
    await stage.ana.says("/status")
    shown = await stage.ana.hears("🟢 Working · v0.1.0")
    assert "Sources: 1 of 1 fine" in shown["text"]
    assert "1 watch, 1 articles kept" in shown["text"]
    assert "No message is waiting." in shown["text"]
    stage.troubles.append("Telegram can't be reached.")
    await stage.ana.presses("Refresh")
    await stage.ana.hears("⚠️ Telegram can't be reached.")


async def test_a_sample_alert_looks_like_a_real_one(stage: Stage) -> None:
    await stage.ana.says("/test")
    said = await stage.ana.hears("This is a sample")
    assert "Ada Sample Miller" in said["text"]
    assert "Why: the exact name" in said["text"]


async def test_free_text_that_is_no_name_is_answered(stage: Stage) -> None:
    await stage.ana.says("word " * 100)
    await stage.ana.hears("too long for a name")
    said = await stage.ana.hears("too long for a name")
    await stage.ana.says("thanks", reply_to=said)
    await stage.ana.hears("I only take notes on alerts")


async def test_cancel_forgets_the_question(stage: Stage) -> None:
    await stage.ana.says("/feeds")
    await stage.ana.presses_soon("＋ Add")
    await stage.ana.hears("Which site?")
    await stage.ana.says("/cancel")
    await stage.ana.hears("Cancelled")
    await stage.ana.says(NAME)
    await stage.ana.hears(f"🔎 {NAME}")


async def test_numbers_for_the_configuration(stage: Stage) -> None:
    await stage.ana.says("/id")
    await stage.ana.hears(f"You: {stage.ana.id}")


async def test_help_is_for_members(stage: Stage) -> None:
    await stage.ana.says("/help")
    await stage.ana.hears("Send me a name")
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says("/help", desk)
    await desk.shows("follow a name in this chat")


async def test_text_in_a_group_is_none_of_our_business(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(NAME, desk)
    await stage.handled()
    assert desk.texts == []


async def test_a_viewer_may_look_but_not_change(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
    await ben.says("/list")
    await ben.hears("not watching anybody yet")
    await ben.says(f"/watch {NAME}")
    await ben.hears("Only an editor can do that")
    await ben.says(NAME)
    await ben.hears("Only an editor can do that", times=2)


@pytest.mark.parametrize(
    ("role", "needed", "may"),
    [
        (Role.OWNER, Role.ADMIN, True),
        (Role.ADMIN, Role.OWNER, False),
        (Role.EDITOR, Role.EDITOR, True),
        (Role.VIEWER, Role.EDITOR, False),
        (None, Role.VIEWER, False),
        (None, None, True),
    ],
)
def test_each_role_includes_those_below(role: Role | None, needed: Role | None, may: bool) -> None:
    member = Member(1, "Ana", role) if role else None
    assert guard.may(member, needed) == may


def person_behind(message: dict[str, object]) -> bool:
    at = int(datetime(2020, 11, 18).timestamp())  # noqa: DTZ001
    whole = {"message_id": 1, "date": at, "chat": {"id": -1001, "type": "supergroup"}} | message
    update = Update.de_json({"update_id": 1, "message": whole}, None)
    assert update is not None
    return guard.person(update) is not None


def test_nobody_is_held_to_what_anybody_may_have_written() -> None:
    user = {"id": 5, "is_bot": False, "first_name": "Ana"}
    assert person_behind({"from": user})
    assert not person_behind({})
    for number in (1087968824, 777000, 136817688):
        assert not person_behind({"from": user | {"id": number}})
    channel = {"id": -1002, "type": "channel", "title": "News"}
    assert not person_behind({"from": user, "sender_chat": channel})


def test_the_table_is_whole() -> None:
    names = [name for one in commands.COMMANDS for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))
    english = words.load("en")
    for one in commands.COMMANDS:
        assert not one.menu or one.menu in english
        assert Chat.CHANNEL not in one.places, "in channels there are no commands at all"
        assert re.fullmatch(r"[a-z0-9_]{1,32}", one.name)


def test_every_sentence_the_conversation_says_is_in_the_catalogue() -> None:
    english = words.load("en")
    folder = Path(commands.__file__).parent
    said = {
        code
        for path in (*folder.glob("*.py"), Path(standing.__file__))
        for code in re.findall(r'"(talk\.[a-z.-]+[a-z])"', path.read_text("utf-8"))
    }
    assert len(said) > 100
    assert [code for code in sorted(said) if code not in english] == []
    catalogue = (words.FOLDER / "en" / "talk.po").read_text("utf-8")
    written = set(re.findall(r'^msgid "(talk\.[^"]+)"', catalogue, re.MULTILINE))
    assert written - said - {f"talk.role.{role}" for role in Role} == set()


def test_every_button_fits_a_phone() -> None:
    english = words.load("en")
    catalogue = (words.FOLDER / "en" / "talk.po").read_text("utf-8")
    for code in re.findall(r'^msgid "(talk\.(?:\w+\.)?button\.[^"]+)"', catalogue, re.MULTILINE):
        if code in {"talk.button.old", "talk.button.not-yours"}:
            continue  # what pops up when one is pressed
        label = english.say(code, n=2, name="", number="8", phrase="")
        assert len(label) <= 22, code


async def test_status_says_which_article_pages_could_not_be_read(stage: Stage) -> None:
    await stage.read(article("A headline"))
    async with stage.store.write() as tx:
        news = await items.history(tx)
        await pages.queue(tx, news, stage.clock.now)
        for one in news:
            await pages.settle(tx, one.id, stage.clock.now, error="a.example wants a login.")
    await stage.ana.says("/status")
    shown = await stage.ana.hears("Article pages today: 0 read, 1 not readable, 0 waiting")
    assert "⚠️ a.example wants a login." in shown["text"]


async def test_status_says_how_it_goes_with_court_cases(stage: Stage) -> None:
    async with stage.store.write() as tx:
        now = stage.clock.now
        await dockets.follow(tx, "nyed", "1:19-cr-00366", now=now, state=DocketState.SEALED)
    await stage.ana.says("/status")
    said = await stage.ana.hears("Courts: 1 case")
    assert "1 of them is sealed or unknown" in said["text"]
    assert "No CourtListener token is set" in said["text"]


async def test_a_forwarded_command_is_not_obeyed_but_explained(stage: Stage) -> None:
    await watch(stage, NAME)
    text = f"/unwatch {NAME}"
    ben = {"type": "hidden_user", "sender_user_name": "Ben", "date": 1605711600}
    command = [{"type": "bot_command", "offset": 0, "length": 8}]
    stage.ana._post(None, {"text": text, "entities": command, "forward_origin": ben})
    await stage.handled()
    assert await stage.all_followed() == [NAME]
    await stage.ana.hears(NAME)
