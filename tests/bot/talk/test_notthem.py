"""An alert about somebody else: hidden, and never again."""

from __future__ import annotations

from bot.talk.notthem import neighbours
from model import Item, Mention, Reason
from store import watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"
TEXT = f"General {NAME} Gorriarán was heard in Brooklyn"


async def alerted(stage: Stage, text: str = TEXT) -> int:
    """Let Ana have an alert; returns the article's id."""
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    [item] = await stage.read(article("A hearing", text, "https://a.example/1"))
    await stage.alert(item)
    await stage.ana.hears("A hearing")
    return item.id


async def test_just_this_article_hides_it_and_says_who_did(stage: Stage) -> None:
    item = await alerted(stage)
    assert labels(stage.ana) == ["Open article", "Not them", "Why"]
    press = await stage.ana.presses("Not them")
    assert await press.answer() == "Thanks. One question below."
    await stage.ana.presses_soon("Just this article")
    await stage.ana.hears("Marked as not them.")
    watch = (await stage.followed(NAME)).watch
    async with stage.store.read() as tx:
        assert await watches.hidden(tx, [watch.id], [item]) == {(watch.id, item)}
    await stage.deliver()
    await stage.ana.hears("Not them (hidden by Ana)")
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    async with stage.store.read() as tx:
        assert await watches.hidden(tx, [watch.id], [item]) == set()
    await stage.deliver()
    await stage.ana.private.loses("hidden by Ana")


async def test_back_gives_the_alert_its_buttons_again(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Back")
    await stage.server.until(lambda: labels(stage.ana) == ["Open article", "Not them", "Why"])


async def test_a_phrase_beside_the_name_is_offered_and_becomes_a_rule(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Zepeda Gorriarán")
    said = await stage.ana.hears("Rule added: never “Salvador Cienfuegos Zepeda Gorriarán”")
    assert "held back 1 alert" in said["text"]
    watch = (await stage.followed(NAME)).watch
    assert "Salvador Cienfuegos Zepeda Gorriarán" in watch.never
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    assert (await stage.followed(NAME)).watch.never == ()


async def test_the_words_can_be_typed(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Never when it says")
    await stage.ana.hears("Which words tell the other one apart?")
    await stage.ana.says("“Camilo Cienfuegos”")
    await stage.ana.hears("Rule added: never “Camilo Cienfuegos”")
    assert (await stage.followed(NAME)).watch.never == ("Camilo Cienfuegos",)


async def test_a_rule_that_would_silence_the_watch_is_refused(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Never when it says")
    await stage.ana.hears("Which words")
    await stage.ana.says(NAME)
    await stage.ana.hears("nothing would ever be found")
    assert (await stage.followed(NAME)).watch.never == ()


async def test_who_may_not_change_watches_cannot_hide(stage: Stage) -> None:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("🔎")
    await stage.ana.presses("Start watching", desk)
    await desk.shows("✅ Watching")
    [item] = await stage.read(article("A hearing", TEXT, "https://a.example/1"))
    await stage.alert(item)
    await desk.shows("A hearing")
    press = await stage.server.person("Ben").presses("Not them", desk)
    assert "Only people with the right" in await press.answer()


async def test_a_channel_gets_no_button_that_can_be_pressed(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    news = stage.server.channel("Court news", stage.ana, bot=False)
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(news)
    await stage.ana.hears("Linked")
    await stage.ana.presses("All watches")
    await stage.ana.hears("is told in Court news")
    [item] = await stage.read(article("A hearing", TEXT, "https://a.example/1"))
    await stage.alert(item)
    shown = await news.shows("A hearing")
    keys = [one for row in shown["reply_markup"]["inline_keyboard"] for one in row]
    assert [sorted(one) for one in keys] == [["text", "url"]]


def around(text: str, found: str) -> list[str]:
    start = text.index(found)
    mention = Mention(1, "title", start, start + len(found), found, 100, Reason("x"))
    return list(neighbours(Item(title=text), mention))


def test_phrases_are_taken_from_around_the_name() -> None:
    assert around("la provincia de Cienfuegos celebra", "Cienfuegos") == ["provincia de Cienfuegos"]
    assert around("with Camilo Cienfuegos today", "Cienfuegos") == ["Camilo Cienfuegos"]
    assert around("Osmany Cienfuegos Gorriarán died", "Cienfuegos") == [
        "Cienfuegos Gorriarán",
        "Osmany Cienfuegos",
    ]
    assert around("yesterday Cienfuegos went", "Cienfuegos") == []
