"""/stats: the chart, and the same numbers in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.chart import bars, draw
from bot.chronicle import Counts
from bot.words import load
from model.people import Member, Role
from store import members
from tests.bot.talk.stage import Stage, article, labels
from tests.bot.talk.test_timeline import NAME, filed, followed, found


async def told(stage: Stage) -> None:
    """Let there be two stories, one of them in two outlets, and a filing."""
    await followed(stage, article(f"{NAME} goes home", url="https://a.example/1"))
    await found(stage, article(f"{NAME} goes home", url="https://b.example/1"), source="Proceso")
    await found(stage, article(f"Judge hears {NAME}", url="https://a.example/2"))
    await filed(stage, "ORDER dismissing case", date(2020, 11, 17), "58")


async def test_the_caption_says_what_the_chart_shows(stage: Stage) -> None:
    await told(stage)
    await stage.ana.says("/stats cienfuegos")
    said = await stage.ana.hears(NAME)
    assert said["caption"] == (
        f"{NAME}, the last 90 days: 2 stories and 1 court filing."
        " Busiest day 18 November 2020 (2). Top outlets: InSight Crime 2 and Proceso 1."
    )
    [size] = said["photo"]
    png = stage.server.world.files[size["file_id"]][1]
    assert png.startswith(b"\x89PNG")
    assert size["width"] > size["height"] > 400
    assert labels(stage.ana) == ["30 days", "365 days", "Timeline"]


async def test_another_period_takes_the_place_of_the_picture(stage: Stage) -> None:
    await told(stage)
    await stage.ana.says("/stats cienfuegos")
    await stage.ana.presses_soon("365 days")
    said = await stage.ana.hears("the last 365 days")
    assert "Each bar is a week." in said["caption"]
    assert labels(stage.ana) == ["30 days", "90 days", "Timeline"]
    assert len(stage.ana.private.messages) == 1
    await stage.ana.presses("Timeline")
    await stage.ana.hears("2 stories and 1 filing")


async def test_all_of_them_and_a_case_have_a_chart(stage: Stage) -> None:
    await told(stage)
    await stage.ana.says("/stats")
    await stage.ana.hears("A chart of whom?")
    await stage.ana.presses("All of them")
    await stage.ana.hears("All watches, the last 90 days: 2 stories and 1 court filing.")
    await stage.ana.says("/stats 1:19-cr-00366")
    await stage.ana.hears("United States v. Cienfuegos Zepeda, the last 90 days")


async def test_where_nothing_was_no_picture_is_drawn(stage: Stage) -> None:
    await followed(stage)
    await stage.ana.says("/stats cienfuegos")
    said = await stage.ana.hears(f"{NAME}, the last 90 days: nothing.")
    assert "photo" not in said


async def test_it_speaks_spanish(stage: Stage) -> None:
    await told(stage)
    leo = stage.server.person("Leo", language="es")
    async with stage.store.write() as tx:
        await members.add(tx, Member(leo.id, "Leo", Role.VIEWER, "es", stage.clock.now))
    await leo.says("/grafico cienfuegos")
    said = await leo.hears("los últimos 90 días: 2 noticias y 1 escrito judicial.")
    assert "El día con más: 18 de noviembre de 2020 (2)." in said["caption"]
    assert labels(leo) == ["30 días", "365 días", "Cronología"]


def counts(days: int) -> Counts:
    last = date(2020, 11, 18)
    return Counts(
        tuple((last - timedelta(days=days - 1 - n), n % 3, n % 2) for n in range(days)), ()
    )


@pytest.mark.parametrize("days", [30, 90, 365])
def test_no_bar_loses_anything(days: int) -> None:
    whole = counts(days)
    shown = bars(whole)
    assert len(shown) <= 100
    assert sum(one.news for one in shown) == whole.stories
    assert sum(one.filings for one in shown) == whole.filings


@pytest.mark.parametrize("name", ["习近平", "<b>&\"'", "Ω" * 300, "", "שלום", "a\u202eb"])
def test_any_name_can_be_drawn(name: str) -> None:
    for language in ("en", "es"):
        assert draw(name, counts(30), load(language)).startswith(b"\x89PNG")


def test_the_words_are_in_the_picture() -> None:
    """Without the fonts that come with us nothing would be written in it."""
    from bot import chart

    with_words = draw("Salvador Cienfuegos", counts(30), load())
    fonts = chart.FONTS
    chart.FONTS = fonts / "none"
    try:
        without = draw("Salvador Cienfuegos", counts(30), load())
    finally:
        chart.FONTS = fonts
    assert len(with_words) > len(without) * 1.5
