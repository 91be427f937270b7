"""What else can be done under an alert: why, keep, timeline, mute, copy, fine-tune."""

from __future__ import annotations

from datetime import timedelta

from matching.rhythm import FOR_EVER
from model.people import Member, Role
from store import members, subscribers, verdicts, watches
from tests.bot.talk.stage import Stage, article, labels
from tests.bot.talk.test_notthem import NAME, OWN, alerted


async def test_the_menu_and_back(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("⋯")
    every = [
        "Why", "Keep", "Timeline", "Mute 24 h", "Fine-tune", "Copy link", "↩ Back",
    ]  # fmt: skip
    await stage.server.until(lambda: labels(stage.ana) == every)
    shown = await stage.ana.hears("A hearing")
    copied = [
        one["copy_text"]["text"]
        for row in shown["reply_markup"]["inline_keyboard"]
        for one in row
        if "copy_text" in one
    ]
    assert copied == ["https://a.example/1"]
    await stage.ana.presses("↩ Back")
    await stage.server.until(lambda: labels(stage.ana) == OWN)


async def test_why_is_told_in_a_message_of_its_own(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("⋯")
    await stage.ana.presses_soon("Why")
    await stage.ana.hears(f"✅ {NAME}: alert")


async def test_keep_is_noted(stage: Stage) -> None:
    item = await alerted(stage)
    await stage.ana.presses("⋯")
    press = await stage.ana.presses_soon("Keep")
    assert await press.answer() == "Noted: this one was right."
    watch = (await stage.followed(NAME)).watch
    async with stage.store.read() as tx:
        assert await verdicts.kept_of(tx, watch.id, [item, 99]) == {item}
    assert labels(stage.ana) == OWN


async def test_what_was_marked_in_error_can_be_taken_back_much_later(stage: Stage) -> None:
    item = await alerted(stage)
    await stage.ana.presses("Not them")
    await stage.ana.presses_soon("Seen it already")
    await stage.ana.hears("Marked as seen before")
    await stage.deliver()
    await stage.ana.hears("hidden by Ana")
    stage.clock.forward(days=45)
    await stage.ana.presses("⋯")
    assert "Not them" not in labels(stage.ana)
    press = await stage.ana.presses_soon("It was them")
    assert "Taken back" in await press.answer()
    await stage.deliver()
    await stage.ana.private.loses("hidden by Ana")
    watch = (await stage.followed(NAME)).watch
    async with stage.store.read() as tx:
        assert await watches.hidden(tx, [watch.id], [item]) == set()


async def test_a_day_s_mute_shortens_no_longer_one(stage: Stage) -> None:
    await alerted(stage)
    stored = await stage.followed(NAME)
    await stage.ana.presses("⋯")
    for until, said in (
        (stage.clock.now + timedelta(days=7), "until 25 Nov 2020, 15:00 UTC."),
        (FOR_EVER, "until you say /unmute."),
    ):
        async with stage.store.write() as tx:
            await watches.mute(tx, stored.watch.id, until, stage.clock.now)
        await stage.ana.presses_soon("Mute 24 h")
        await stage.ana.hears(f"🔕 No alerts about {NAME} {said}")
        assert (await stage.followed(NAME)).muted_until == until


async def test_mute_is_for_a_day_and_can_be_taken_back(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("⋯")
    await stage.ana.presses_soon("Mute 24 h")
    await stage.ana.hears(f"🔕 No alerts about {NAME} until 19 Nov 2020, 15:00 UTC.")
    until = (await stage.followed(NAME)).muted_until
    assert until == stage.clock.now + timedelta(hours=24)
    await stage.ana.presses("Undo")
    await stage.ana.hears("Taken back.")
    assert (await stage.followed(NAME)).muted_until is None


async def test_the_timeline_opens(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("⋯")
    await stage.ana.presses_soon("Timeline")
    await stage.ana.hears("1 story")


async def test_fine_tune_opens_the_watch_beside_the_alert(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("⋯")
    await stage.ana.presses_soon("Fine-tune")
    await stage.ana.hears("marked “not them”")
    await stage.ana.presses("Never")
    await stage.ana.hears("Nothing is sent when the text says one of these.")
    await stage.ana.hears("A hearing")


async def test_a_viewer_sees_only_what_they_may(stage: Stage) -> None:
    ben = stage.server.person("Ben")
    async with stage.store.write() as tx:
        await members.add(tx, Member(ben.id, "Ben", Role.VIEWER, since=stage.clock.now))
    await ben.says("/start")
    await ben.hears("Whose name")
    await alerted(stage)
    async with stage.store.write() as tx:
        every = [one.id for one in await subscribers.all_subscribers(tx)]
        watch = (await stage.followed(NAME)).watch
        await watches.send_to(tx, watch.id, every, stage.clock.now)
    [item] = await stage.read(article("Next day", f"{NAME} again", "https://a.example/2"))
    await stage.alert(item)
    await ben.hears("Next day")
    press = await ben.presses("Not them")
    assert "Only people with the right" in await press.answer()
    await ben.presses("⋯")
    await stage.server.until(
        lambda: labels(ben) == ["Why", "Timeline", "Fine-tune", "Copy link", "↩ Back"]
    )
