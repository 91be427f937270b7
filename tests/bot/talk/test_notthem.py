"""An alert about somebody else: four answers, rules with what they would have done, and Undo."""

from __future__ import annotations

import re
from datetime import timedelta

from matching.apart import neighbours, outlets, proposals
from model import Item, Mention, Reason, Watch
from model.people import Member, Role
from store import members, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"
TEXT = f"General {NAME} Gorriarán was heard in Brooklyn"
OWN = ["Open article", "Not them", "⋯"]


async def alerted(stage: Stage, text: str = TEXT, *more: Item) -> int:
    """Let Ana have an alert; returns the article's id."""
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    if more:
        await stage.read(*more)
    [item] = await stage.read(article("A hearing", text, "https://a.example/1"))
    await stage.alert(item)
    await stage.ana.hears("A hearing")
    return item.id


async def asked(stage: Stage, answer: str) -> dict[str, object]:
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon(answer)
    return await stage.ana.hears("Just this article")


async def number_of(stage: Stage, rule: str) -> str:
    """Return the button of the rule that says this."""
    said = await stage.ana.hears(rule)
    [line] = [one for one in said["text"].splitlines() if rule in one]
    found = re.match(r"\d+", line)
    assert found is not None
    return found[0]


async def test_the_four_answers_take_the_place_of_the_buttons(stage: Stage) -> None:
    await alerted(stage)
    assert labels(stage.ana) == OWN
    press = await stage.ana.presses("Not them")
    assert await press.answer() == "Thanks. One question below."
    await stage.server.until(
        lambda: (
            labels(stage.ana)
            == ["Someone else", "Only in passing", "Seen it already", "Not news", "↩ Back"]
        )
    )
    await stage.ana.presses("Back")
    await stage.server.until(lambda: labels(stage.ana) == OWN)


async def test_just_this_article_hides_it_and_says_who_did(stage: Stage) -> None:
    item = await alerted(stage)
    said = await asked(stage, "Someone else")
    await stage.ana.presses(await number_of(stage, "Just this article"))
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
    stage.clock.forward(seconds=61)
    await stage.deliver()
    await stage.ana.private.loses("hidden by Ana")
    assert said["reply_to_message"]


async def test_a_phrase_beside_the_name_becomes_a_rule_with_its_effect(stage: Stage) -> None:
    await alerted(stage, TEXT, article("Yesterday", f"{NAME} Gorriarán again"))
    await asked(stage, "Someone else")
    rule = "Never when the text says “Salvador Cienfuegos Zepeda Gorriarán”: removes 2 alerts"
    await stage.ana.presses(await number_of(stage, rule))
    said = await stage.ana.hears("Done. Rule added: Never when the text says")
    assert "(removes 2 alerts). 1 alert marked as not them." in said["text"]
    watch = (await stage.followed(NAME)).watch
    assert watch.never == ("Salvador Cienfuegos Zepeda Gorriarán",)
    await stage.deliver()
    await stage.ana.hears("hidden by Ana")
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    assert (await stage.followed(NAME)).watch.never == ()
    stage.clock.forward(seconds=61)
    await stage.deliver()
    await stage.ana.private.loses("hidden by Ana")


async def test_earlier_alerts_that_the_rule_makes_wrong_are_marked_too(stage: Stage) -> None:
    await alerted(stage)
    [second] = await stage.read(article("Next day", f"{NAME} Gorriarán", "https://a.example/2"))
    await stage.alert(second)
    await stage.ana.hears("Next day")
    await asked(stage, "Someone else")
    await stage.ana.presses(await number_of(stage, "Never when the text says"))
    await stage.ana.hears("2 alerts marked as not them")
    await stage.deliver()
    await stage.ana.hears("hidden by Ana", times=2)


async def test_words_that_only_the_right_one_has_can_be_asked_for(stage: Stage) -> None:
    many = [
        article(
            f"Report {n}", f"{NAME}, the former Minister, and the DEA", f"https://a.example/r{n}"
        )
        for n in range(4)
    ]
    await alerted(stage, f"{NAME} sings in Madrid", *many)
    await asked(stage, "Someone else")
    rule = await number_of(stage, "Only when the text says")
    said = await stage.ana.hears("Only when the text says")
    assert "DEA" in said["text"]
    assert "removes 1 alert" in said["text"]
    await stage.ana.presses(rule)
    await stage.ana.hears("Done. Rule added: Only when")
    assert "DEA" in (await stage.followed(NAME)).watch.require


async def test_what_somebody_kept_is_counted_against_a_rule(stage: Stage) -> None:
    await alerted(stage)
    [second] = await stage.read(article("Next day", f"{NAME} Gorriarán", "https://a.example/2"))
    await stage.alert(second)
    right = await stage.ana.hears("Next day")
    await stage.ana.presses("⋯", message=right)
    press = await stage.ana.presses_soon("Keep")
    assert await press.answer() == "Noted: this one was right."
    wrong = await stage.ana.hears("A hearing")
    await stage.ana.presses("Not them", message=wrong)
    await stage.ana.presses_soon("Someone else")
    await stage.ana.hears("removes 2 alerts, 1 of them kept as right")


async def test_only_in_passing_asks_for_the_lead(stage: Stage) -> None:
    await alerted(stage, f"A report on the army.\nIt also names {NAME}.")
    await asked(stage, "Only in passing")
    await stage.ana.presses(await number_of(stage, "only in the headline or first paragraph"))
    await stage.ana.hears("Done. Rule added: only in the headline")
    assert (await stage.followed(NAME)).watch.leading
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back")
    assert not (await stage.followed(NAME)).watch.leading


async def test_not_news_leaves_out_the_section_or_the_source(stage: Stage) -> None:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    [item] = await stage.read(article("A goal", f"{NAME} scores", "https://a.example/sports/goal"))
    await stage.alert(item)
    await asked(stage, "Not news")
    said = await stage.ana.hears("Where did this come from?")
    assert "Never from “InSight Crime”: removes 1 alert" in said["text"]
    await stage.ana.presses(await number_of(stage, "Never from “a.example/sports”"))
    await stage.ana.hears("Done. Rule added: Never from “a.example/sports”")
    assert (await stage.followed(NAME)).watch.sources == ("-a.example/sports",)


async def test_seen_already_is_marked_at_once(stage: Stage) -> None:
    item = await alerted(stage)
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Seen it already")
    await stage.ana.hears("Marked as seen before")
    watch = (await stage.followed(NAME)).watch
    async with stage.store.read() as tx:
        assert await watches.hidden(tx, [watch.id], [item]) == {(watch.id, item)}


async def test_what_was_told_twice_becomes_one_story(stage: Stage) -> None:
    await alerted(stage)
    [second] = await stage.read(article("Heard again", f"{NAME} spoke", "https://a.example/2"))
    await stage.alert(second)
    await stage.ana.hears("Heard again")
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Seen it already")
    await stage.ana.presses_soon("InSight Crime: A hearing")
    await stage.handled()
    await stage.deliver()
    await stage.ana.hears("Also in 1 outlet")
    await stage.ana.says("/undo")
    await stage.ana.hears("Taken back.")


async def test_the_words_can_be_typed(stage: Stage) -> None:
    await alerted(stage)
    await asked(stage, "Someone else")
    await stage.ana.presses("Write my own")
    await stage.ana.hears("Which words tell the other one apart?")
    await stage.ana.says("“Camilo Cienfuegos”")
    await stage.ana.hears("Done. Rule added: Never when the text says “Camilo Cienfuegos”")
    assert (await stage.followed(NAME)).watch.never == ("Camilo Cienfuegos",)


async def test_a_rule_that_would_silence_the_watch_is_refused(stage: Stage) -> None:
    await alerted(stage)
    await asked(stage, "Someone else")
    await stage.ana.presses("Write my own")
    await stage.ana.hears("Which words")
    await stage.ana.says(NAME)
    await stage.ana.hears("nothing would ever be found")
    assert (await stage.followed(NAME)).watch.never == ()


async def test_two_watches_in_one_alert_are_asked_apart(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await watches.add(tx, Watch("Carol Amon"), stage.clock.now)
    await alerted(stage, f"Carol Amon heard {NAME} Gorriarán")
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Someone else")
    await stage.ana.hears("Whom was it taken for?")
    await stage.ana.presses(NAME)
    await stage.ana.hears("How can I tell Salvador Cienfuegos Zepeda apart?")
    await stage.ana.presses(await number_of(stage, "Never when the text says"))
    await stage.ana.hears("Done.")
    assert (await stage.followed("Carol Amon")).watch.never == ()


async def test_a_declared_watch_gets_only_rules_that_stand_beside_it(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await watches.declare(tx, [(Watch(NAME), ())], stage.clock.now)
    await stage.ana.says("/start")
    await stage.ana.hears("Whose name")
    [item] = await stage.read(article("A hearing", TEXT, "https://a.example/1"))
    await stage.alert(item)
    await asked(stage, "Someone else")
    await stage.ana.presses(await number_of(stage, "Gorriarán”: "))
    await stage.ana.hears("Done. Rule added")
    stored = await stage.followed(NAME)
    assert stored.declared
    assert stored.watch.never


async def in_group(stage: Stage) -> tuple[object, object]:
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("🔎")
    await stage.ana.presses("Start watching", desk)
    await desk.shows("✅ Watching")
    [item] = await stage.read(article("A hearing", TEXT, "https://a.example/1"))
    await stage.alert(item)
    return desk, await desk.shows("A hearing")


async def test_who_may_not_change_watches_cannot_hide(stage: Stage) -> None:
    desk, _ = await in_group(stage)
    press = await stage.server.person("Ben").presses("Not them", desk)
    assert "Only people with the right" in await press.answer()


async def test_a_second_person_is_told_who_was_first(stage: Stage) -> None:
    desk, shown = await in_group(stage)
    ben = stage.server.person("Ben")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.EDITOR, since=stage.clock.now))
    before = dict(shown)
    await stage.ana.presses("Not them", desk, message=dict(before))
    await stage.ana.presses_soon("Seen it already", desk)
    await desk.shows("Marked as seen before")
    press = await ben.presses("Not them", desk, message=before)
    assert await press.answer() == "Ana has marked this as not them already."
    await stage.deliver()
    await desk.shows("hidden by Ana")


async def test_a_month_later_the_alert_still_answers(stage: Stage) -> None:
    await alerted(stage)
    stage.clock.forward(days=45)
    await asked(stage, "Someone else")
    await stage.ana.presses(await number_of(stage, "Just this article"))
    await stage.ana.hears("Marked as not them.")


async def test_an_alert_that_is_no_longer_kept_is_said_to_be(stage: Stage) -> None:
    from store.retention import prune

    await alerted(stage)
    shown = dict(await stage.ana.hears("A hearing"))
    stage.clock.forward(days=800)
    await prune(stage.store, stage.clock.now, keep_articles=timedelta(days=1))
    press = await stage.ana.presses("Not them", message=shown)
    assert "too old" in await press.answer()


async def test_the_editor_can_take_it_out_of_a_channel(stage: Stage) -> None:
    news = stage.server.channel("Court news", stage.ana, bot=False)
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    await stage.ana.says("/channel")
    await stage.ana.hears("Which channel")
    await stage.ana.chooses(news)
    await stage.ana.presses_soon("All watches")
    await stage.ana.hears("is told in Court news")
    [item] = await stage.read(article("A hearing", TEXT, "https://a.example/1"))
    await stage.alert(item)
    await news.shows("A hearing")
    await asked(stage, "Someone else")
    await stage.ana.presses(await number_of(stage, "Just this article"))
    await stage.ana.presses_soon("Remove from channel")
    await stage.ana.hears("Removed from Court news.")
    await stage.deliver()
    await news.loses("A hearing")


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
    assert all(sorted(one) == ["text", "url"] for one in keys)


def found_in(text: str, found: str, score: int = 100) -> tuple[Item, Mention]:
    start = text.index(found)
    mention = Mention(1, "title", start, start + len(found), found, score, Reason("x"))
    return Item(title=text, id=9), mention


def around(text: str, found: str) -> list[str]:
    return list(neighbours(*found_in(text, found)))


def test_phrases_are_taken_from_around_the_name() -> None:
    assert around("la provincia de Cienfuegos celebra", "Cienfuegos") == ["provincia de Cienfuegos"]
    assert around("with Camilo Cienfuegos today", "Cienfuegos") == ["Camilo Cienfuegos"]
    assert around("Osmany Cienfuegos Gorriarán died", "Cienfuegos") == [
        "Cienfuegos Gorriarán",
        "Osmany Cienfuegos",
    ]
    assert around("yesterday Cienfuegos went", "Cienfuegos") == []


def test_a_weak_form_of_the_name_can_be_ruled_out() -> None:
    item, mention = found_in("yesterday S. Cienfuegos sang", "S. Cienfuegos", 75)
    fields = [one.field for one in proposals(Watch(NAME), item, [mention], [])]
    assert fields == ["threshold"]


def test_a_front_page_or_a_dated_address_has_no_section() -> None:
    def of(url: str) -> list[tuple[str, ...]]:
        return [one.add for one in outlets(Item(url=url, source="Ríodoce"))]

    assert of("https://riodoce.mx/deportes/gol") == [("-riodoce.mx/deportes",), ("-Ríodoce",)]
    assert of("https://riodoce.mx/2020/11/18/gol") == [("-Ríodoce",)]
    assert of("https://riodoce.mx/") == [("-Ríodoce",)]
    assert of("http://[broken/deportes/x") == [("-Ríodoce",)]
