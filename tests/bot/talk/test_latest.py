"""/news: what one may have missed, each story once, paged in one message."""

from __future__ import annotations

from model import Watch
from store import watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def follow(stage: Stage) -> None:
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now)


async def test_there_is_nothing_at_first(stage: Stage) -> None:
    await stage.ana.says("/news")
    await stage.ana.hears("Nothing was told in the last 30 days.")


async def test_what_is_new_is_counted_from_the_last_look(stage: Stage) -> None:
    await follow(stage)
    (one,) = await stage.read(article(f"{NAME} is freed"))
    await stage.alert(one)
    stage.clock.forward(minutes=5)
    await stage.ana.says("/news")
    await stage.ana.hears("1 story since you last looked")
    assert f"1. {NAME} is freed — InSight Crime · {NAME}" in stage.ana.private.texts[-1]
    stage.clock.forward(minutes=5)
    await stage.ana.says("/news")
    await stage.ana.hears("Nothing new since you last looked")
    stage.clock.forward(minutes=5)
    (two,) = await stage.read(article(f"{NAME} goes home"))
    await stage.alert(two)
    await stage.ana.says("/news")
    await stage.ana.hears("1 story since you last looked", times=2)
    lines = stage.ana.private.texts[-1].split("\n")
    assert [line.split(" — ")[0] for line in lines[1:]] == [
        f"1. {NAME} goes home",
        f"2. {NAME} is freed",
    ]


async def test_many_are_paged_in_one_message(stage: Stage) -> None:
    await follow(stage)
    for one in await stage.read(*(article(f"{NAME}, day {number}") for number in range(10))):
        await stage.alert(one)
    stage.clock.forward(minutes=5)
    await stage.ana.says("/news")
    await stage.ana.hears("10 stories since you last looked")
    count = len(stage.ana.private.texts)
    assert "1. " + NAME + ", day 9" in stage.ana.private.texts[-1]
    await stage.ana.presses(labels(stage.ana)[0])
    await stage.ana.hears(f"10. {NAME}, day 0")
    assert len(stage.ana.private.texts) == count
    await stage.ana.presses(labels(stage.ana)[0])
    await stage.ana.hears(f"1. {NAME}, day 9")


async def test_a_group_sees_its_own_alone(stage: Stage) -> None:
    await follow(stage)
    (one,) = await stage.read(article(f"{NAME} is freed"))
    await stage.alert(one)
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says("/news", desk)
    await desk.shows("Nothing was told in the last 30 days.")
