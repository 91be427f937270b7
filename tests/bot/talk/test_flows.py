"""The flows of a conversation, each told once and held in every language; what people see is kept
as snapshots (`pytest --snapshot-update` after a change of wording that is meant).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from model import Item
from model.people import Member, Role
from store import members
from tests.bot.talk.scene import Scene, scene
from tests.bot.talk.stage import Stage, article
from tests.bot.talk.test_start import claim_code
from tests.bot.talk.test_timeline import filed, found

NAME = "Salvador Cienfuegos Zepeda"
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


async def read_a_month(stage: Stage) -> None:
    """Let three weeks of articles have been read."""
    stage.clock.forward(days=-20)
    await stage.read(article("A quiet day in Culiacán", url="https://a.example/0"))
    stage.clock.forward(days=17)
    await stage.read(
        article("Judge hears the general", f"{NAME} was heard in Brooklyn", "https://a.example/1"),
        article("Weather in Cienfuegos", "Rain over the city of Cienfuegos", "https://a.example/2"),
    )
    stage.clock.forward(days=3)
    await stage.read(
        article("Prosecutors give up a case", f"The case of {NAME}", "https://b.example/1"),
        source="Ríodoce",
    )


async def alerted(play: Scene, *texts: Item) -> None:
    """Let a source publish these, and what they raise be delivered."""
    for one in await found(play.stage, *texts):
        await play.stage.alert(one)
    await play.transcript.shown()


@LANGUAGES
async def test_the_first_minute(unowned: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(unowned, language, owned=False) as play:
        ana = play.somebody("Ana")
        code = await claim_code(unowned)
        await read_a_month(unowned)
        await ana.says(f"/start claim_{code}")
        await ana.says("/start")
        await ana.says(NAME)
        await ana.presses("✅ Start watching")
        await alerted(
            play, article("Jueza desestima el caso", f"{NAME} vuelve a casa", "https://a.example/9")
        )
        await ana.presses("Undo")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_fine_tuning(stage: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        await read_a_month(stage)
        await ana.says(NAME)
        await ana.presses("✅ Start watching")
        await ana.says("/list")
        await ana.presses(NAME)
        await ana.presses("Never")
        await ana.says("Brooklyn")
        await ana.presses("Keep")
        await ana.presses("Back")
        await ana.presses("Sources")
        await ana.presses("Ríodoce")
        await ana.presses("Don’t")
        await ana.presses("Back")
        await ana.presses("Priority")
        await ana.presses("🔴 High")
        await ana.presses("Keep")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_not_them(stage: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        await ana.says(NAME)
        await ana.presses("✅ Start watching")
        await alerted(
            play,
            article("A saint’s day", f"General {NAME} Gorriarán sang", "https://a.example/s/1"),
        )
        await ana.presses("Not them")
        await ana.presses("Someone else")
        await ana.presses("1")
        await stage.deliver()
        await play.transcript.shown()
        await ana.presses("Undo")
        stage.clock.forward(seconds=61)  # a message is edited once a minute
        await stage.deliver()
        await play.transcript.shown()
        await ana.presses("⋯")
        await ana.presses("Why")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_a_court_case(stage: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        await filed(stage, "MOTION to dismiss the indictment", date(2020, 11, 17), "22")
        await filed(stage, "ORDER granting 22 Motion to Dismiss", date(2020, 11, 18), "23")
        await ana.says("1:19-cr-00366")
        await ana.presses("E.D.N.Y.")
        await ana.presses("✅ Follow")
        await ana.says("/docket")
        await ana.says("/timeline 1:19-cr-00366")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_a_channel_and_a_team(
    stage: Stage, language: str, snapshot: SnapshotAssertion
) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        news = play.watched(stage.server.channel("Court news", stage.ana, bot=False))
        await ana.says(NAME)
        await ana.presses("✅ Start watching")
        await ana.says("/channel")
        await ana.chooses(news)
        await ana.presses("All watches")
        await alerted(
            play, article("Order of dismissal", f"{NAME} goes home", "https://a.example/1")
        )
        await ana.says("/team")
        await ana.presses("Invite")
        ben = play.somebody("Ben")
        await ben.says(NAME)
        await ben.says("/list")
        async with stage.store.write() as tx:
            await members.add(
                tx, Member(ben.someone.id, "Ben", Role.VIEWER, language, stage.clock.now)
            )
        await ben.says("/list")
        await ben.says(f"/unwatch {NAME}")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_rhythm(stage: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        await ana.says(NAME)
        await ana.presses("✅ Start watching")
        await ana.says("/digest")
        await ana.says("/mute")
        await ana.presses("1 h")
        await alerted(play, article("While it was quiet", f"{NAME} spoke", "https://a.example/1"))
        await play.time_passes(hours=1, minutes=1)
        await ana.says("/news")
        await ana.says("/settings")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_looking_back(stage: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        await ana.says(NAME)
        await ana.presses("✅ Start watching")
        await found(stage, article(f"{NAME} arrested", "In Los Angeles", "https://a.example/1"))
        stage.clock.forward(days=2)
        await found(stage, article(f"{NAME} goes home", "To Mexico", "https://b.example/1"))
        await ana.says("/search cienfuegos")
        await ana.says(f"/timeline {NAME}")
        await ana.says(f"/stats {NAME}")
        await ana.says("/why https://a.example/1")
        await ana.says("/status")
        assert str(play.transcript) == snapshot


@LANGUAGES
async def test_what_goes_wrong(stage: Stage, language: str, snapshot: SnapshotAssertion) -> None:
    async with scene(stage, language) as play:
        ana = play.somebody("Ana")
        await ana.says("/wach Ángel Lía")
        await ana.says('/watch "Salvador Cienfuegos')
        await ana.says("/watch phrase “general” to @nowhere")
        await ana.says("Ángel Lía")
        stage.clock.now += timedelta(days=40)
        await ana.presses("✅ Start watching")
        await ana.says("/why")
        await ana.says("/undo")
        await ana.says("/help")
        assert str(play.transcript) == snapshot
