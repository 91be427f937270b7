"""/privacy: what is kept about whoever asks, and deleting it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from model import Watch
from model.people import Role
from store import (
    court_asks,
    members,
    notes,
    personal,
    retention,
    subscribers,
    verdicts,
    watch_log,
    watches,
)
from store.engine import Store
from store.tables import kept, rhythm, setting, watch_search
from tests.bot.talk.stage import Stage, conversing, labels, staged
from tests.bot.talk.test_archive import joined
from tests.bot.talk.test_exporting import told

NAME = "Genaro García Luna"


async def test_an_editor_sees_what_is_kept_and_deletes_it(store: Store, now: datetime) -> None:
    async with staged(store, now) as stage, conversing(stage.receiver):
        leo = await joined(stage, "Leo", Role.EDITOR)
        await leo.says(NAME)
        await leo.presses_soon("Start watching")
        await leo.hears("✅ Watching")
        async with store.write() as tx:
            await notes.add(tx, 1, leo.id, "Call me", now)
        await leo.says("/privacy")
        said = (await leo.hears("What I keep about you"))["text"]
        assert f"Your Telegram number: {leo.id}" in said
        assert "Your name Leo; you are an editor here since 18 November 2020" in said
        assert "1 watch that you made" in said
        assert "1 note on an alert" in said
        await leo.presses("Delete my data")
        await leo.hears("you need a new invitation to come back")
        await leo.presses("Delete everything")
        await leo.hears("Done. I have forgotten you.")
        await stage.handled()
        async with store.read() as tx:
            assert await members.get(tx, leo.id) is None
            assert await subscribers.by_address(tx, "telegram", str(leo.id)) is None
            left = await personal.kept_about(tx, leo.id)
            assert (left.watches, left.changes, left.hidden, left.notes) == (0, 0, 0, 0)
            assert await watches.by_name(tx, NAME) is not None, "the team's watch stays"
            assert leo.id not in {one.by for one in await watch_log.latest(tx, 20)}
        await leo.says("/list")
        await leo.hears("This is a private bot")


async def test_what_was_said_of_the_time_zone_and_seen_of_the_news_goes_too(stage: Stage) -> None:
    leo = await joined(stage, "Leo", Role.EDITOR)
    await leo.says("/settings")
    await leo.presses_soon("Time zone")
    await leo.presses_soon("Los Angeles")
    await leo.hears("Time zone: Los Angeles")
    await leo.says("/news")
    await leo.hears("Nothing was told")
    await leo.says("/privacy")
    await leo.presses_soon("Delete my data")
    await leo.presses_soon("Delete everything")
    await leo.hears("I have forgotten you")
    await stage.handled()
    async with stage.store.read() as tx:
        keys = await tx.rows(select(setting.c.key))
        assert [row.key for row in keys if row.key.endswith(f":{leo.id}")] == []
        assert await tx.value(select(func.count()).select_from(rhythm)) == 0


async def test_no_decision_keeps_the_number_of_who_is_forgotten(stage: Stage) -> None:
    leo, now = await joined(stage, "Leo", Role.EDITOR), stage.clock.now
    async with stage.store.write() as tx:
        one = await watches.add(tx, Watch(NAME), now, by=leo.id)
        await verdicts.keep(tx, [(one.watch.id, 1)], leo.id, now)
        await court_asks.consent(tx, one.watch.id, given=True, by=leo.id, now=now)
        await personal.forget(tx, leo.id, now)
    async with stage.store.read() as tx:
        for table in (kept, watch_search):
            assert [row.by for row in await tx.rows(select(table.c.by))] == [personal.FORMER]


async def test_notes_go_with_the_alert_they_are_about(stage: Stage) -> None:
    await told(stage)
    async with stage.store.write() as tx:
        await notes.add(tx, 1, stage.ana.id, "Call me", stage.clock.now)
    later = stage.clock.now + timedelta(days=40)
    await retention.prune(stage.store, later, keep_articles=timedelta(days=30))
    async with stage.store.read() as tx:
        assert await notes.of_person(tx, stage.ana.id) == 0


async def test_the_history_goes_on_without_the_name(stage: Stage) -> None:
    leo = await joined(stage, "Leo", Role.EDITOR)
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now, by=leo.id)
    await leo.says("/privacidad")
    await leo.presses_soon("Delete my data")
    await leo.presses_soon("Delete everything")
    await leo.hears("I have forgotten you")
    await stage.ana.says("/team")
    await stage.ana.presses_soon("History")
    said = await stage.ana.hears(NAME)
    assert "Leo" not in said["text"]


async def test_back_deletes_nothing(stage: Stage) -> None:
    leo = await joined(stage, "Leo", Role.VIEWER)
    await leo.says("/privacy")
    await leo.presses_soon("Delete my data")
    await leo.presses_soon("Back")
    await leo.hears("What I keep about you")
    await stage.handled()
    async with stage.store.read() as tx:
        assert await members.get(tx, leo.id) is not None


async def test_an_owner_hands_the_bot_over_before_vanishing(stage: Stage) -> None:
    leo = await joined(stage, "Leo", Role.ADMIN)
    await stage.ana.says("/privacy")
    await stage.ana.presses_soon("Delete my data")
    await stage.ana.hears("somebody has to own it after you")
    assert labels(stage.ana) == ["Leo", "Back"]
    await stage.ana.presses("Leo")
    await stage.ana.hears("Leo owns this bot now; you are an administrator.")
    await leo.hears("has handed this bot over to you")
    async with stage.store.read() as tx:
        owner = await members.owner(tx)
    assert owner is not None
    assert owner.id == leo.id
    await stage.ana.says("/privacy")
    await stage.server.until(lambda: labels(stage.ana) == ["Delete my data"])
    await stage.ana.presses("Delete my data")
    await stage.ana.presses_soon("Delete everything")
    await stage.ana.hears("I have forgotten you")


async def test_an_owner_alone_is_told_what_to_do(stage: Stage) -> None:
    await stage.ana.says("/privacy")
    await stage.ana.presses_soon("Delete my data")
    await stage.ana.hears("nobody else uses it")
    assert labels(stage.ana) == ["Back"]


async def test_it_speaks_spanish(stage: Stage) -> None:
    leo = await joined(stage, "Leo", Role.VIEWER, "es")
    await leo.says("/privacy")
    await leo.hears("Lo que guardo de ti")
