"""/digest: set up for a chat or a channel, at a time of day in the zone of the reader."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from model import Member, Role, Watch
from model.rhythm import Rhythm
from store import members, rhythms, subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def rhythm(stage: Stage) -> Rhythm:
    async with stage.store.read() as tx:
        here = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
        assert here is not None
        return await rhythms.one_of(tx, here.id)


async def follow(stage: Stage, *names: str) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    async with stage.store.write() as tx:
        for name in names:
            await watches.add(tx, Watch(name), stage.clock.now)


async def test_the_zone_is_asked_once_and_the_digest_set(stage: Stage) -> None:
    await stage.ana.says("/digest")
    await stage.ana.hears("Digest for this chat: off.")
    await stage.ana.presses("Daily 07:00")
    await stage.ana.hears("Which time zone are you in?")
    await stage.ana.presses("New York")
    await stage.ana.hears("Digest for this chat: daily at 07:00, New York time.")
    assert "✓ Daily 07:00" in labels(stage.ana)
    await stage.ana.presses("Weekly Mon 07:00")
    await stage.ana.hears("every Monday at 07:00, New York time")
    found = await rhythm(stage)
    assert (found.zone, str(found.digest)) == ("America/New_York", "weekly mon 07:00")


async def test_the_zone_is_found_by_typing_a_city(stage: Stage) -> None:
    await stage.ana.says("/digest")
    await stage.ana.presses_soon("Daily 07:00")
    await stage.ana.presses_soon("Other…")
    await stage.ana.hears("Type your city or country")
    await stage.ana.says("Nowhereville")
    await stage.ana.hears("I don’t know where “Nowhereville” is")
    await stage.ana.says("guadalajara")
    await stage.ana.hears("Which of these?")
    await stage.ana.presses("Mexico City")
    await stage.ana.hears("daily at 07:00, Mexico City time")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("18:30", "daily 18:30"),
        ("weekdays 6:15", "weekdays 06:15"),
        ("Friday 18:30", "weekly fri 18:30"),
        ("fri 18", "weekly fri 18:00"),
    ],
)
async def test_another_time_is_typed(stage: Stage, typed: str, kept: str) -> None:
    await stage.ana.says("/digest")
    await stage.ana.presses_soon("Change time")
    await stage.ana.hears("At what time?")
    await stage.ana.says("at dawn")
    await stage.ana.hears("I could not read that as a time")
    await stage.ana.says(typed)
    await stage.ana.presses_soon("New York")
    await stage.ana.hears("New York time")
    assert str((await rhythm(stage)).digest) == kept


async def test_a_digest_comes_with_its_buttons_and_as_a_file(stage: Stage) -> None:
    await follow(stage, NAME, "Ángel Lía")
    await stage.ana.says("/digest")
    await stage.ana.presses_soon("Daily 07:00")
    await stage.ana.presses_soon("New York")
    await stage.ana.hears("daily at 07:00")
    await stage.ana.presses("Only the digest")
    await stage.ana.hears("the digest has it all")
    await stage.ana.presses("Send empty ones")
    await stage.ana.hears("even when there was nothing")
    (one,) = await stage.read(article(f"{NAME} is freed", url="https://a.example/1"))
    await stage.alert(one)
    assert not any("is freed" in text for text in stage.ana.private.texts)
    stage.clock.now = datetime(2020, 11, 19, 12, 0, tzinfo=UTC)
    await stage.keep_time()
    digest = await stage.ana.hears("Daily digest — 19 November 2020")
    assert f"1. {NAME} is freed" in stage.ana.private.texts[-1]
    assert stage.ana.private.texts[-1].endswith("No news: Ángel Lía")
    assert labels(stage.ana) == ["As a file", "Change"]
    await stage.ana.says("1", reply_to=digest)
    await stage.ana.hears("Why: ")
    await stage.ana.says("2", reply_to=digest)
    await stage.ana.hears("There is only number 1 in it.")
    await stage.ana.presses("As a file")
    await stage.server.until(lambda: bool(stage.server.calls("sendDocument")))
    await stage.ana.presses("Change")
    await stage.ana.hears("Digest for this chat: daily at 07:00")


async def test_a_channels_digest_is_set_from_the_private_chat(stage: Stage) -> None:
    async with stage.store.write() as tx:
        from model import Chat, NewSubscriber

        new = NewSubscriber("telegram", "-1007", title="@mxcourts", chat=Chat.CHANNEL)
        place = await subscribers.add(tx, new, stage.clock.now)
    await stage.ana.says("/digest")
    await stage.ana.hears("A digest for which chat?")
    await stage.ana.presses("@mxcourts")
    await stage.ana.hears("Digest for @mxcourts: off.")
    await stage.ana.presses("Weekdays 07:00")
    await stage.ana.presses_soon("New York")
    await stage.ana.hears("Digest for @mxcourts: on weekdays at 07:00")
    async with stage.store.read() as tx:
        assert str((await rhythms.one_of(tx, place.id)).digest) == "weekdays 07:00"


async def test_a_digest_speaks_spanish(stage: Stage) -> None:
    await follow(stage, NAME)
    async with stage.store.write() as tx:
        here = await subscribers.by_address(tx, "telegram", str(stage.ana.id))
        assert here is not None
        await subscribers.update(tx, here.id, stage.clock.now, language="es")
        await rhythms.change(tx, here.id, digest="daily 07:00", digest_only=True)
    (one,) = await stage.read(article(f"{NAME} es liberado"))
    await stage.alert(one)
    stage.clock.forward(days=1)
    await stage.keep_time()
    await stage.ana.hears("Resumen diario — 19 de noviembre de 2020")
    assert labels(stage.ana) == ["En un archivo", "Cambiar"]


async def test_who_switches_the_digest_off_is_told_at_once_again(stage: Stage) -> None:
    await stage.ana.says("/digest")
    await stage.ana.hears("Digest for this chat: off.")
    await stage.ana.presses("Daily 07:00")
    await stage.ana.hears("Which time zone are you in?")
    await stage.ana.presses("New York")
    await stage.ana.hears("Digest for this chat: daily at 07:00")
    await stage.ana.presses("Only the digest")
    await stage.server.until(lambda: "Alerts at once too" in labels(stage.ana))
    await stage.ana.presses("Off")
    await stage.ana.hears("Digest for this chat: off.")
    assert not (await rhythm(stage)).digest_only


@pytest.mark.parametrize("typed", ["miércoles 18:30", "mie 18:30", "Mié, 18:30", "Miercoles 18:30"])
async def test_a_day_is_read_as_it_is_typed_on_a_phone(stage: Stage, typed: str) -> None:
    async with stage.store.write() as tx:
        ana = Member(stage.ana.id, "Ana", Role.OWNER, "es", stage.clock.now)
        await members.add(tx, ana)
    await stage.ana.says("/digest")
    await stage.ana.presses_soon("Cambiar hora")
    await stage.ana.hears("¿A qué hora?")
    await stage.ana.says(typed)
    await stage.ana.hears("¿En qué zona horaria estás?")
    await stage.ana.presses("Nueva York")
    await stage.ana.hears("cada miércoles a las 18:30")
