"""What a preview also says: what was meant, what else a person is called, filings apart."""

from __future__ import annotations

from datetime import date

import pytest

from bot.indexing import take_in_waiting
from bot.talk import preview
from matching.also_called import also_called
from model import Item, Watch
from tests.bot.talk.stage import Stage, article, labels
from tests.bot.talk.test_timeline import NAME, filed


async def test_a_slip_is_met_with_the_name_that_was_meant(stage: Stage) -> None:
    await stage.read(article("Judge hears Wolfgang Tiefenbacher"), article("Tiefenbacher appeals"))
    await stage.ana.says("Wolfgang Teifenbacker")
    said = await stage.ana.hears("🔎 Wolfgang Teifenbacker")
    assert "Did you mean Wolfgang Tiefenbacher (2)?" in said["text"]
    await stage.ana.presses("Wolfgang Tiefenbacher")
    await stage.ana.hears("🔎 Wolfgang Tiefenbacher")


async def test_other_names_in_the_stories_are_offered_and_taken(stage: Stage) -> None:
    await stage.read(
        *(
            article(
                f"{NAME}, day {n}",
                f"General Cienfuegos, alias “El Padrino”, is heard on day {n}",
                f"https://a.example/{n}",
            )
            for n in range(3)
        )
    )
    await stage.ana.says(NAME)
    said = await stage.ana.hears(f"🔎 {NAME}")
    assert "Also called in those stories: El Padrino (3) and General Cienfuegos (3)" in said["text"]
    assert labels(stage.ana)[1:] == ["＋ El Padrino", "＋ General Cienfuegos"]
    await stage.ana.presses("＋ General Cienfuegos")
    await stage.ana.hears("Also: General Cienfuegos")
    await stage.ana.presses("＋ El Padrino")
    await stage.handled()
    await stage.ana.presses("Start watching")
    await stage.ana.hears("✅ Watching")
    watch = (await stage.followed(NAME)).watch
    assert watch.aliases == ("General Cienfuegos",)
    assert watch.nicknames == ("El Padrino",)


async def test_filings_are_counted_apart(stage: Stage) -> None:
    await stage.read(article(f"{NAME} goes home", url="https://a.example/1"))
    await filed(stage, f"ORDER as to {NAME}", date(2020, 11, 17), "58")
    await take_in_waiting(stage.store)
    await stage.ana.says(NAME)
    said = await stage.ana.hears("I’d have sent 2 alerts.")
    assert "1 story, 1 court filing." in said["text"]


async def test_where_too_much_could_name_it_the_newest_are_read_and_it_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "READ", 5)
    await stage.read(*(article(f"{NAME}, day {n}", url=f"https://a.example/{n}") for n in range(9)))
    await stage.ana.says(NAME)
    said = await stage.ana.hears("I’d have sent 9 alerts")
    assert "reckoned from the newest 5." in said["text"]


def test_what_the_watch_has_and_what_stands_once_is_not_suggested() -> None:
    watch = Watch(NAME, aliases=("General Cienfuegos",))
    items = [Item(text=f"General Cienfuegos, known as The Godfather. Day {n}") for n in range(2)]
    assert [one.text for one in also_called(watch, items)] == ["The Godfather"]
    assert also_called(watch, items[:1]) == []
