"""Fine-tuning a watch: every part of it, and what a change would have done before it is kept."""

from __future__ import annotations

import pytest

from bot.talk import effect
from model import NewSubscriber, Priority, Watch
from model.people import Chat, Member, Role
from store import members, subscribers, watches
from tests.bot.talk.stage import Stage, article, labels

NAME = "Salvador Cienfuegos Zepeda"


async def opened(stage: Stage) -> int:
    """Let Ana watch the name, with three articles read, and open it from the list."""
    await stage.read(
        article("A hearing", f"{NAME} was heard by the DEA", "https://a.example/1"),
        article("Order of dismissal", f"{NAME} goes home", "https://a.example/2"),
        article(f"{NAME} returns", "To Mexico", "https://a.example/3"),
    )
    async with stage.store.write() as tx:
        await subscribers.add(
            tx,
            NewSubscriber("telegram", str(stage.ana.id), title="Ana", chat=Chat.PRIVATE),
            stage.clock.now,
        )
        stored = await watches.add(tx, Watch(NAME), stage.clock.now, by=stage.ana.id)
    await stage.ana.says("/list")
    await stage.ana.presses_soon(NAME)
    await stage.ana.hears("marked “not them”")
    return stored.watch.id


async def test_the_screen_of_a_watch_leads_to_all_its_parts(stage: Stage) -> None:
    await opened(stage)
    assert labels(stage.ana)[:9] == [
        "Names", "Nicknames", "Context", "Must say", "Never", "Languages", "Sources", "Where to",
        "Priority",
    ]  # fmt: skip
    assert len(stage.ana.private.texts) == 1


async def test_a_typed_word_shows_what_it_would_remove_before_it_is_kept(stage: Stage) -> None:
    await opened(stage)
    await stage.ana.presses("Never")
    await stage.ana.hears("Nothing is sent when the text says one of these.")
    await stage.ana.says("hearing")
    said = await stage.ana.hears("2 alerts instead of 3")
    assert "Never: ＋ hearing" in said["text"]
    assert "Removes 1:\n• A hearing — InSight Crime" in said["text"]
    assert (await stage.followed(NAME)).watch.never == ()
    await stage.ana.presses("Keep")
    await stage.ana.hears("Kept. Never: ＋ hearing")
    assert (await stage.followed(NAME)).watch.never == ("hearing",)
    assert len(stage.ana.private.texts) == 1, "one message, edited"
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back.")
    assert (await stage.followed(NAME)).watch.never == ()
    await stage.ana.presses("Back")
    await stage.ana.hears("marked “not them”")


async def test_a_change_that_is_not_kept_changes_nothing(stage: Stage) -> None:
    await opened(stage)
    await stage.ana.presses("Must say")
    await stage.ana.hears("must be in the text")
    await stage.ana.says("Mexico")
    await stage.ana.hears("1 alert instead of 3")
    await stage.ana.presses("Don’t")
    await stage.ana.hears("Nothing yet.")
    assert (await stage.followed(NAME)).watch == Watch(NAME, id=1)


async def test_a_word_is_taken_out_by_pressing_it(stage: Stage) -> None:
    number = await opened(stage)
    async with stage.store.write() as tx:
        tuned = Watch(NAME, require=("Mexico",), id=number)
        await watches.change(tx, tuned, stage.clock.now)
    await stage.ana.presses("Must say")
    await stage.ana.presses_soon("✕ Mexico")
    said = await stage.ana.hears("3 alerts instead of 1")
    assert "Adds 2:" in said["text"]
    await stage.ana.presses("Keep")
    await stage.ana.hears("Kept. Must say: − Mexico")
    assert (await stage.followed(NAME)).watch.require == ()


async def test_a_change_without_effect_is_said_to_have_none(stage: Stage) -> None:
    await opened(stage)
    await stage.ana.presses("Nicknames")
    await stage.ana.hears("They count only near")
    await stage.ana.says("El Padrino")
    await stage.ana.hears("changes nothing so far: 3 alerts")


async def test_names_and_languages_and_sources_and_context(stage: Stage) -> None:
    await opened(stage)
    for part, typed, said in (
        ("Names", "General Cienfuegos", "Names: ＋ General Cienfuegos"),
        ("Context", "DEA, cartel", "Context: ＋ DEA, ＋ cartel"),
        ("Languages", "spanish", "Languages: ＋ Spanish"),
        ("Sources", "-a.example/sports", "Sources: ＋ -a.example/sports"),
    ):
        await stage.ana.presses_soon(part)
        await stage.ana.hears(f"· {part}")
        await stage.ana.says(typed)
        await stage.ana.hears(said)
        await stage.ana.presses("Keep")
        await stage.ana.hears(f"Kept. {said}")
        await stage.ana.presses("Back")
        await stage.ana.hears("marked “not them”")
    watch = (await stage.followed(NAME)).watch
    assert watch.aliases == ("General Cienfuegos",)
    assert (watch.context, watch.lang) == (("DEA", "cartel"), ("es",))
    assert watch.sources == ("-a.example/sports",)
    assert "Never from: a.example/sports" in stage.ana.private.texts[-1]


async def test_a_source_is_ticked_and_shows_what_is_lost(stage: Stage) -> None:
    await opened(stage)
    await stage.read(article("Fourth report", f"{NAME} spoke"))
    await stage.read(article("Elsewhere", f"{NAME} spoke"), source="Ríodoce")
    await stage.ana.presses("Sources")
    await stage.ana.presses_soon("Ríodoce")
    said = await stage.ana.hears("1 alert instead of 5")
    assert "and 1 more" in said["text"]
    await stage.ana.presses("See all")
    await stage.ana.hears("− A hearing")
    await stage.ana.presses("Back")
    await stage.ana.hears("1 alert instead of 5")
    await stage.ana.presses("Keep")
    await stage.ana.hears("Kept. Sources: ＋ Ríodoce")
    assert "✓ Ríodoce" in labels(stage.ana)


async def test_priority_and_standing_in_the_lead(stage: Stage) -> None:
    await opened(stage)
    await stage.ana.presses("Priority")
    await stage.ana.presses_soon("🔴 High")
    await stage.ana.presses_soon("Keep")
    await stage.ana.hears("Kept. 🔴 High")
    assert (await stage.followed(NAME)).watch.priority is Priority.HIGH
    await stage.ana.presses("Not in passing")
    await stage.ana.presses_soon("Keep")
    await stage.ana.hears("Kept. only in the headline")
    assert (await stage.followed(NAME)).watch.leading


async def test_where_it_goes(stage: Stage) -> None:
    await opened(stage)
    new = NewSubscriber("telegram", "-100200", title="@mxcourts", chat=Chat.CHANNEL, public=True)
    async with stage.store.write() as tx:
        place = await subscribers.add(tx, new, stage.clock.now)
        await subscribers.add(
            tx,
            NewSubscriber("telegram", "77", title="Ben", chat=Chat.PRIVATE),
            stage.clock.now,
        )
    await stage.ana.presses("Where to")
    await stage.ana.hears("Every private and team chat")
    assert "Ben" not in labels(stage.ana)
    await stage.ana.presses("@mxcourts")
    said = await stage.ana.hears("would have been 3 alerts")
    assert "anybody can read there" in said["text"]
    await stage.ana.presses("Keep")
    await stage.ana.hears("Kept. That is where")
    assert place.id in (await stage.followed(NAME)).to
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back.")
    assert (await stage.followed(NAME)).to == ()


async def test_the_last_chat_cannot_be_taken_away(stage: Stage) -> None:
    number = await opened(stage)
    async with stage.store.write() as tx:
        [home] = await subscribers.all_subscribers(tx)
        await watches.send_to(tx, number, [home.id], stage.clock.now)
    await stage.ana.presses("Where to")
    await stage.ana.presses_soon("✓ this chat")
    await stage.ana.presses_soon("Keep")
    await stage.ana.hears("Nobody would hear")
    assert (await stage.followed(NAME)).to == (home.id,)


async def test_what_somebody_else_changed_meanwhile_is_not_lost(stage: Stage) -> None:
    number = await opened(stage)
    await stage.ana.presses("Never")
    await stage.ana.hears("· Never")
    await stage.ana.says("hearing")
    await stage.ana.hears("2 alerts instead of 3")
    async with stage.store.write() as tx:
        await watches.change(tx, Watch(NAME, context=("DEA",), id=number), stage.clock.now, by=9)
    await stage.ana.presses("Keep")
    await stage.ana.hears("Kept.")
    watch = (await stage.followed(NAME)).watch
    assert (watch.never, watch.context) == (("hearing",), ("DEA",))


async def test_keep_pressed_twice_changes_once(stage: Stage) -> None:
    await opened(stage)
    await stage.ana.presses("Never")
    await stage.ana.hears("· Never")
    await stage.ana.says("hearing")
    shown = dict(await stage.ana.hears("2 alerts instead of 3"))
    await stage.ana.presses("Keep", message=shown)
    await stage.ana.presses("Keep", message=shown)
    await stage.ana.hears("It is so already.")
    assert (await stage.followed(NAME)).watch.never == ("hearing",)


async def test_what_would_silence_the_watch_is_refused_and_asked_again(stage: Stage) -> None:
    await opened(stage)
    await stage.ana.presses("Never")
    await stage.ana.hears("· Never")
    await stage.ana.says(NAME)
    await stage.ana.hears("nothing would ever be found")
    await stage.ana.says("hearing")
    await stage.ana.hears("2 alerts instead of 3")


async def test_a_long_list_is_paged_in_one_message(stage: Stage) -> None:
    number = await opened(stage)
    words = tuple(f"word{n}" for n in range(20))
    async with stage.store.write() as tx:
        await watches.change(tx, Watch(NAME, never=words, id=number), stage.clock.now)
    await stage.ana.presses("Never")
    await stage.ana.presses_soon("More")
    await stage.ana.hears("• word8")
    await stage.ana.presses("More")
    await stage.ana.hears("• word19")
    assert "More" not in labels(stage.ana)
    await stage.ana.presses("Previous")
    await stage.ana.hears("• word8")
    assert len(stage.ana.private.texts) == 1


async def test_in_a_group_the_word_is_typed_as_a_reply(stage: Stage) -> None:
    await opened(stage)
    desk = stage.server.group("Desk", stage.ana)
    await stage.ana.says(f"/watch {NAME}", desk)
    await desk.shows("already")
    await stage.ana.presses("Never", desk)
    screen = await desk.shows("as a reply to this message")
    await stage.ana.says("chatter", desk)
    await stage.ana.says("hearing", desk, reply_to=screen)
    await desk.shows("2 alerts instead of 3")
    assert "chatter" not in "".join(desk.texts)


async def test_a_viewer_sees_no_buttons_that_are_not_for_them(stage: Stage) -> None:
    await opened(stage)
    ben = stage.server.person("Ben")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
    await ben.says("/list")
    await ben.presses_soon(NAME)
    await ben.hears("marked “not them”")
    assert "Never" not in ben.private.buttons()


async def test_a_declared_watch_is_not_tuned_here(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await watches.declare(tx, [(Watch(NAME), ())], stage.clock.now)
    await stage.ana.says("/list")
    await stage.ana.presses_soon(NAME)
    await stage.ana.hears("config.toml: change or remove it there")
    assert "Names" not in labels(stage.ana)


async def test_an_effect_says_when_it_was_measured_on_the_newest_articles_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(stage)
    await stage.ana.presses("Never")
    await stage.ana.hears("Nothing is sent when the text says one of these.")
    await stage.ana.says("hearing")
    whole = await stage.ana.hears("2 alerts instead of 3")
    assert "Measured on" not in whole["text"]
    await stage.ana.presses("Don’t")
    await stage.ana.hears("Nothing yet.")
    monkeypatch.setattr(effect, "READ", 2)
    await stage.ana.says("hearing")
    said = await stage.ana.hears("Measured on the latest 2 articles that could name them")
    assert "2 alerts in the last 30 days" in said["text"]
