"""Strangers whom config.toml lets in: they read what was published, or follow names themselves."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.demo.botapi.people import Someone
from bot.talk import visiting
from bot.talk.commands import COMMANDS, Command
from model import Watch
from model.people import Chat, NewSubscriber, Role
from store import inbox, members, subscribers, watches
from store import visiting as kept
from store.engine import Store
from tests.bot.talk.stage import Stage, article, conversing, labels, staged
from tests.bot.talk.test_permissions import KEPT, state
from tests.bot.talk.test_timeline import NAME, followed, found, told_in_channel

OPEN_ONLY = ("watch", "list", "unwatch")
CANNOT = "That is for members only. /help says what you can do here."
READABLE = ("start", "help", "news", "timeline", "privacy")


async def said_by(stage: Stage, someone: Someone, text: str) -> str:
    """Return the last thing the bot says when somebody types this."""
    await someone.says(text)
    await stage.handled()
    return someone.private.texts[-1] if someone.private.texts else ""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
@pytest.mark.parametrize("mode", ["read-only", "open"])
async def test_a_visitor_may_read_and_where_it_is_open_follow_and_nothing_else(
    sqlite_store: Store, now: datetime, mode: str, command: Command
) -> None:
    async with staged(sqlite_store, now, strangers=mode) as stage, conversing(stage.receiver):
        before = await state(stage)
        eve = stage.server.person("Eve")
        answer = await said_by(stage, eve, f"/{command.name}")
        theirs = READABLE + (OPEN_ONLY if mode == "open" else ())
        assert (answer == CANNOT) == (command.name not in theirs), answer
        assert await state(stage) == before, KEPT
        desk = stage.server.group("Desk", stage.ana)
        await eve.says(f"/{command.name}", desk)
        await stage.handled()
        assert [text for text in desk.texts if "private bot" not in text] == []


async def test_a_visitor_reads_what_public_channels_were_sent_and_nothing_else(
    readable: Stage,
) -> None:
    await told_in_channel(readable, username="mxcourts")
    await found(readable, article(f"{NAME} in a paper nobody was shown", url="https://a.example/9"))
    eve = readable.server.person("Eve")
    assert "goes home" in await said_by(readable, eve, "/news")
    assert "nobody was shown" not in eve.private.texts[-1]
    await eve.says("/timeline")
    await eve.hears("Whose timeline?")
    await eve.presses(NAME)
    told = await eve.hears(f"{NAME}: 1 report")
    assert "goes home" in told["text"]
    assert "nobody was shown" not in told["text"]
    assert "goes home" in await said_by(readable, eve, "/timeline Cienfuegos Zepeda")


async def test_what_no_public_channel_was_sent_no_visitor_reads(readable: Stage) -> None:
    await told_in_channel(readable, username="")
    eve = readable.server.person("Eve")
    assert "goes home" not in await said_by(readable, eve, "/news")
    assert await said_by(readable, eve, f"/timeline {NAME}") == (
        "Nothing was published about that name."
    )
    assert NAME not in " ".join(eve.private.texts)
    assert labels(eve) == []


async def test_a_name_typed_where_strangers_only_read_is_not_followed(readable: Stage) -> None:
    eve = readable.server.person("Eve")
    assert "members only" in await said_by(readable, eve, "Ángel Lía")
    async with readable.store.read() as tx:
        assert (await kept.count(tx)).watches == 0


async def following(stage: Stage, someone: Someone, name: str) -> None:
    await someone.says(name)
    await someone.hears(f"🔎 {name}")
    await someone.presses("Start watching")
    await someone.hears(f"Watching {name}")


async def test_a_visitor_is_told_of_their_own_names_and_the_team_hears_nothing_of_it(
    open_to_all: Stage,
) -> None:
    stage = open_to_all
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    eve = stage.server.person("Eve")
    await following(stage, eve, "Rosalinda Quiroga Maldonado")
    [one] = await stage.read(
        article("Rosalinda Quiroga Maldonado resigns", url="https://a.example/1")
    )
    await stage.alert(one)
    await eve.hears("Rosalinda Quiroga Maldonado resigns")
    assert labels(eve) == ["Open article"]
    assert await stage.all_followed() == []
    for typed in ("/list", "/news", "/team"):
        assert "Rosalinda" not in await said_by(stage, stage.ana, typed)
    assert "Visitors: 1, who follow 1 name" in await said_by(stage, stage.ana, "/status")


async def test_a_visitor_is_not_told_what_goes_to_every_private_chat(open_to_all: Stage) -> None:
    stage = open_to_all
    eve = stage.server.person("Eve")
    await following(stage, eve, "Rosalinda Quiroga Maldonado")
    async with stage.store.write() as tx:
        new = members.Member(stage.ana.id, "Ana", Role.OWNER, since=stage.clock.now)
        await members.add(tx, new)
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    await followed(stage)
    async with stage.store.write() as tx:
        [mine] = await watches.all_watches(tx)
        await watches.send_to(tx, mine.watch.id, [], stage.clock.now)
    [one] = await stage.read(article(f"{NAME} goes home", url="https://a.example/1"))
    await stage.alert(one)
    await stage.ana.hears("goes home")
    assert not any("goes home" in text for text in eve.private.texts)


async def test_when_names_get_scarce_they_are_for_those_who_follow_none(
    open_to_all: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting, "ALL", 3)
    monkeypatch.setattr(visiting, "FIRST", 1)
    eve, ben, cat = (open_to_all.server.person(one) for one in ("Eve", "Ben", "Cat"))
    await following(open_to_all, eve, "Rosalinda Quiroga Maldonado")
    await following(open_to_all, eve, "Aurelio Bantu Ocampo")
    assert "for those who follow none yet" in await said_by(open_to_all, eve, "Ángel Lía Soto")
    await following(open_to_all, ben, "Rosalinda Quiroga Maldonado")
    assert "no more for now" in await said_by(open_to_all, cat, "Ángel Lía Soto")


async def test_two_visitors_and_the_team_follow_one_name_each_for_themselves(
    open_to_all: Stage,
) -> None:
    stage = open_to_all
    eve, ben = stage.server.person("Eve"), stage.server.person("Ben")
    for one in (eve, ben, stage.ana):
        await following(stage, one, "Rosalinda Quiroga Maldonado")
    assert await stage.all_followed() == ["Rosalinda Quiroga Maldonado"]
    await eve.says("/list")
    await eve.hears("You follow 1 name")
    await eve.presses("Stop: Rosalinda Quiroga Maldonado")
    await eve.hears("Not watching Rosalinda")
    [one] = await stage.read(
        article("Rosalinda Quiroga Maldonado resigns", url="https://a.example/1")
    )
    await stage.alert(one)
    await ben.hears("resigns")
    await stage.ana.hears("resigns")
    assert not any("resigns" in text for text in eve.private.texts)


async def test_a_visitor_follows_few_names_and_none_that_finds_too_much(
    open_to_all: Stage,
) -> None:
    eve = open_to_all.server.person("Eve")
    some = ["Aurelio Bantu", "Berta Colinas", "Ciro Duarte", "Delia Escamilla", "Efraín Fonseca"]
    for name in some:
        open_to_all.clock.forward(minutes=5)
        await following(open_to_all, eve, f"{name} Quintanar")
    assert len(some) == visiting.A_PERSON
    open_to_all.clock.forward(minutes=5)
    assert "as many as there can be" in await said_by(open_to_all, eve, "Gilda Huerta Quintanar")
    ben = open_to_all.server.person("Ben")
    assert "That would find too much" in await said_by(open_to_all, ben, "the")


async def test_an_invited_visitor_keeps_what_they_follow(open_to_all: Stage) -> None:
    eve = open_to_all.server.person("Eve")
    await following(open_to_all, eve, "Rosalinda Quiroga Maldonado")
    await open_to_all.ana.says("/invite")
    await open_to_all.ana.hears("What may your guest do")
    await open_to_all.ana.presses("Viewer")
    link = await open_to_all.ana.hears("start=inv_")
    await eve.says("/start inv_" + link["text"].split("inv_")[1].split()[0].rstrip("."))
    await eve.hears("Welcome")
    assert await open_to_all.all_followed() == ["Rosalinda Quiroga Maldonado"]
    async with open_to_all.store.read() as tx:
        place = await subscribers.by_address(tx, "telegram", str(eve.id))
    assert place is not None
    assert not place.public


async def test_who_blocks_the_bot_or_has_their_data_deleted_follows_nothing_more(
    open_to_all: Stage,
) -> None:
    stage = open_to_all
    eve, ben = stage.server.person("Eve"), stage.server.person("Ben")
    for one in (eve, ben):
        await following(stage, one, "Rosalinda Quiroga Maldonado")
    eve.blocks_bot()
    await stage.handled()
    await ben.says("/privacy")
    await ben.hears("1 watch that you made")
    await ben.presses_soon("Delete my data")
    await ben.hears("end every name you follow")
    await ben.presses("Delete everything")
    await ben.hears("I have forgotten you")
    async with stage.store.read() as tx:
        assert await kept.count(tx) == kept.Visitors(0, 0)
        assert await kept.of_visitor(tx, ben.id) == []


async def test_who_was_a_member_once_hears_as_a_visitor_only_of_their_own(
    open_to_all: Stage,
) -> None:
    stage = open_to_all
    eve = stage.server.person("Eve")
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    async with stage.store.write() as tx:
        anas = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
        assert anas is not None
        was = NewSubscriber("telegram", str(eve.id), chat=Chat.PRIVATE)
        place = await subscribers.add(tx, was, stage.clock.now)
        await watches.add(tx, Watch(NAME), stage.clock.now, to=[place.id, anas.id])
        await subscribers.remove(tx, place.id, stage.clock.now)
    await following(stage, eve, "Rosalinda Quiroga Maldonado")
    for at, name in enumerate((NAME, "Rosalinda Quiroga Maldonado")):
        [one] = await stage.read(article(f"{name} resigns", url=f"https://a.example/{at}"))
        await stage.alert(one)
    await eve.hears("Rosalinda Quiroga Maldonado resigns")
    assert not any(f"{NAME} resigns" in text for text in eve.private.texts)


async def test_a_visitor_follows_no_list_of_names_as_if_it_were_one(open_to_all: Stage) -> None:
    eve = open_to_all.server.person("Eve")
    many = ", ".join(f"Aurelio Bantu Quintanar{'abcdefghijklm'[at]}" for at in range(12))
    assert await said_by(open_to_all, eve, f"/watch {many}") == CANNOT
    assert await said_by(open_to_all, eve, many) == CANNOT


async def test_who_claims_the_bot_keeps_what_they_followed_before(
    sqlite_store: Store, now: datetime
) -> None:
    async with (
        staged(sqlite_store, now, owned=False, strangers="open") as stage,
        conversing(stage.receiver),
    ):
        await following(stage, stage.ana, "Rosalinda Quiroga Maldonado")
        async with stage.store.write() as tx:
            code = await members.claim_code(tx, now)
        await stage.ana.says(f"/start claim_{code}")
        await stage.ana.hears("You own this bot now")
        assert await stage.all_followed() == ["Rosalinda Quiroga Maldonado"]


async def test_what_visitors_follow_stands_still_once_the_bot_is_closed(
    open_to_all: Stage,
) -> None:
    stage = open_to_all
    eve = stage.server.person("Eve")
    await following(stage, eve, "Rosalinda Quiroga Maldonado")
    for is_on in (False, True):
        async with stage.store.write() as tx:
            await kept.switch(tx, stage.clock.now, is_on=is_on)
        async with stage.store.read() as tx:
            log = await watches.log_since(tx, 0)
            assert [one.watch.name for one in log.changed] == (
                ["Rosalinda Quiroga Maldonado"] if is_on else []
            )


@pytest.mark.parametrize("mode", ["refuse", "open"])
async def test_hundreds_of_strangers_who_write_at_once_do_not_keep_the_owner_waiting(
    sqlite_store: Store, now: datetime, mode: str
) -> None:
    async with staged(sqlite_store, now, strangers=mode) as stage:
        crowd = [stage.server.person(f"Stranger {number}") for number in range(300)]
        for _ in range(5):
            for one in crowd:
                await one.says("Salvador Cienfuegos Zepeda")
        await stage.ana.says("/version")
        async with conversing(stage.receiver):
            await stage.ana.hears("vigil 0.1.0")
            answered = sum(bool(one.private.texts) for one in crowd)
            await stage.handled()
        assert answered <= 150
        async with stage.store.read() as tx:
            assert await inbox.pending(tx, 1) == []


async def test_a_stranger_who_writes_without_end_is_heard_a_few_times(readable: Stage) -> None:
    eve = readable.server.person("Eve")
    for _ in range(40):
        await eve.says("/help")
    await readable.handled()
    heard = len([text for text in eve.private.texts if "You can read here" in text])
    assert 0 < heard <= 8
    readable.clock.forward(minutes=10)
    await eve.says("/help")
    await eve.hears("You can read here", times=heard + 1)


async def test_whoever_brings_an_invitation_comes_through_a_crowd(
    sqlite_store: Store, now: datetime
) -> None:
    async with staged(sqlite_store, now, owned=False) as stage:
        for number in range(150):
            await stage.server.person(f"Stranger {number}").says("hello")
        async with stage.store.write() as tx:
            code = await members.claim_code(tx, now)
        await stage.ana.says(f"/start claim_{code}")
        async with conversing(stage.receiver):
            await stage.ana.hears("You own this bot now")


def test_a_member_is_never_turned_away(now: datetime) -> None:
    from bot.talk.gate import Gate

    gate = Gate()
    update = '{"message": {"chat": {"id": 7}, "from": {"id": 7}, "text": "x"}}'
    waiting = [(number, update, 0) for number in range(500)]
    assert gate.over(waiting, {7}, now) == ([], [])
    forgotten, let_in = gate.over(waiting, set(), now)
    assert (len(let_in), len(forgotten)) == (8, 492)
    assert gate.over(waiting[:8], set(), now) == ([], list(range(8)))
