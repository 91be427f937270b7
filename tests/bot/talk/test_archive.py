"""/search: what was read, found again, paged in one message."""

from __future__ import annotations

from datetime import datetime

from bot.indexing import take_in_waiting
from model.people import Role
from store.engine import Store
from tests.bot.talk.stage import Stage, article, conversing, labels, staged


async def joined(stage: Stage, name: str, role: Role, language: str = "en"):
    """Return somebody who has this role."""
    from model.people import Member
    from store import members

    someone = stage.server.person(name, language=language)
    async with stage.store.write() as tx:
        member = Member(someone.id, name, role, language, stage.clock.now)
        await members.add(tx, member)
    return someone


async def test_words_are_found_without_accents_and_capitals(store: Store, now: datetime) -> None:
    async with staged(store, now) as stage, conversing(stage.receiver):
        await stage.read(
            article("El general García regresa", "A México", "https://a.example/1"),
            article("A hearing in Brooklyn", "About the minister", "https://a.example/2"),
        )
        await take_in_waiting(store)
        await stage.ana.says("/search garcia mexico")
        said = await stage.ana.hears("garcia mexico: 1 article")
        assert "El general García regresa — InSight Crime, 18 November 2020" in said["text"]
        assert "Brooklyn" not in said["text"]


async def test_pages_turn_in_one_message(stage: Stage) -> None:
    await stage.read(
        *(article(f"Hearing number {n}", url=f"https://a.example/{n}") for n in range(20))
    )
    await stage.ana.says("/search hearing")
    first = await stage.ana.hears("20 articles, newest first")
    assert "1–8 of 20" in first["text"]
    assert labels(stage.ana) == ["Older ›", "Watch this"]
    await stage.ana.presses("Older ›")
    await stage.ana.hears("9–16 of 20")
    await stage.ana.presses("Older ›")
    await stage.ana.hears("17–20 of 20")
    assert labels(stage.ana) == ["‹ Newer", "Watch this"]
    assert len(stage.ana.private.texts) == 1, "one message is edited"


async def test_a_slip_is_met_with_what_was_probably_meant(stage: Stage) -> None:
    await stage.read(article("Cienfuegos returns"), article("A judge frees Cienfuegos"))
    await stage.ana.says("/search Cienfeugos")
    await stage.ana.hears("has “Cienfeugos”. Did you mean Cienfuegos (2)?")
    await stage.ana.presses("Cienfuegos")
    await stage.ana.hears("Cienfuegos: 2 articles")


async def test_without_words_it_asks_and_nothing_is_said_to_be_nothing(stage: Stage) -> None:
    await stage.ana.says("/search")
    await stage.ana.hears("What are you looking for")
    await stage.ana.says("Kobolde")
    await stage.ana.hears("Nothing I have read has “Kobolde”.")
    await stage.ana.says("/search -nothing")
    await stage.ana.hears("Say what to look for")


async def test_what_is_found_can_be_watched_at_once(stage: Stage) -> None:
    await stage.read(article("Genaro García Luna is heard"))
    await stage.ana.says("/search Genaro García Luna")
    await stage.ana.presses_soon("Watch this")
    await stage.ana.hears("🔎 Genaro García Luna")


async def test_a_viewer_searches_in_spanish_and_is_offered_no_watch(stage: Stage) -> None:
    leo = await joined(stage, "Leo", Role.VIEWER, "es")
    await stage.read(article("Cienfuegos regresa"))
    await leo.says("/buscar cienfuegos")
    await leo.hears("cienfuegos: 1 artículo")
    assert labels(leo) == []


async def test_a_stranger_finds_nothing(stage: Stage) -> None:
    await stage.read(article("Cienfuegos returns"))
    eve = stage.server.person("Eve")
    await eve.says("/search cienfuegos")
    await eve.hears("This is a private bot")
