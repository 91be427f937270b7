"""Upkeep: what is old goes, backups are kept, and once a week one line tells how it went."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import tending
from bot.config import load
from model.item import Item
from model.mention import Mention, Reason
from model.people import Chat, NewSubscriber
from model.source import NewSource
from model.watch import Watch
from store import items, members, outbox, sources, subscribers, upkeep, watches
from store.engine import Store

MONDAY = datetime(2020, 11, 16, 12, 0, tzinfo=UTC)


@dataclass
class Program:
    """As much of the program as upkeep needs."""

    store: Store
    loaded: Any
    owner: str = "me"


@pytest.fixture
async def program(sqlite_store: Store, tmp_path: Path) -> Program:
    path = tmp_path / "config.toml"
    path.write_text('[general]\ntimezone = "UTC"\n')
    (tmp_path / "data").mkdir()
    return Program(sqlite_store, load(path, environ={}))


@pytest.fixture
def at(monkeypatch):
    """Set the time at which upkeep thinks it is."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(tending, "utcnow", lambda: moment)

    return set_to


async def said(store: Store) -> list[str]:
    async with store.read() as tx:
        return [one.about for one in await outbox.listing(tx)]


async def test_a_backup_is_made_once_a_day_and_seven_are_kept(program, at, tmp_path):
    for day in range(10):
        at(MONDAY + timedelta(days=day))
        await tending.tend(program)
        await tending.tend(program)
    kept = [path.name for path in tending.backups(tmp_path / "data" / "backups")]
    assert kept == [f"vigil-2020-11-{day}.db" for day in range(19, 26)]
    with closing(sqlite3.connect(tmp_path / "data" / "backups" / kept[-1])) as copy:
        assert copy.execute("SELECT count(*) FROM source").fetchone() == (0,)


async def test_at_night_nothing_is_done_before_three(program, at, tmp_path):
    at(MONDAY.replace(hour=2))
    await tending.tend(program)
    assert not (tmp_path / "data" / "backups").exists()
    at(MONDAY.replace(hour=3))
    await tending.tend(program)
    assert len(tending.backups(tmp_path / "data" / "backups")) == 1


async def test_another_process_that_tends_is_left_alone(program, at, tmp_path):
    at(MONDAY)
    async with program.store.write() as tx:
        await upkeep.lease(tx, "upkeep", "somebody else", 60)
    await tending.tend(program)
    assert not (tmp_path / "data" / "backups").exists()


async def test_what_is_old_is_forgotten(program, at):
    async with program.store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed"), MONDAY)
        for key, age in (("old", 500), ("new", 5)):
            item = Item(key=key, title=key, source_id=source.id)
            await items.record(tx, [item], MONDAY - timedelta(days=age))
    at(MONDAY)
    gone = await tending.prune(program.store, program.loaded)
    assert gone.articles == 1
    async with program.store.read() as tx:
        assert await items.count(tx) == 1


async def test_once_a_week_the_owner_hears_how_it_went(program, at):
    async with program.store.write() as tx:
        await subscribers.add(tx, NewSubscriber("console", "", title="terminal"), MONDAY)
    at(MONDAY)
    await tending.tend(program)
    assert await said(program.store) == []
    for hours, told in ((7 * 24 - 4, 0), (7 * 24, 1), (7 * 24 + 1, 1), (10 * 24, 1), (14 * 24, 2)):
        at(MONDAY + timedelta(hours=hours))
        await tending.tend(program)
        assert len(await said(program.store)) == told


async def test_the_weekly_line_counts_sources_rounds_and_quiet_watches(program):
    store = program.store
    async with store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed"), MONDAY)
        found = await watches.add(tx, Watch("Ana Pérez Soto"), MONDAY)
        await watches.add(tx, Watch("Eva Ríos Luna"), MONDAY)
        (one,) = await items.record(tx, [Item(key="1", title="x", source_id=source.id)], MONDAY)
        mention = Mention(found.watch.id, "title", 0, 1, "x", 100, Reason("exact"))
        await items.add_mentions(tx, [(one.item.id, mention)])
        await tending.count_rounds(tx, 5)
        await tending.count_rounds(tx, 2)
        notice = await tending.weekly_notice(tx, MONDAY + timedelta(days=1))
        assert notice.code == "notice.all-is-well"
        assert dict(notice.args) == {"rounds_n": "7", "n": "1", "quiet_n": "1", "watches_n": "2"}
        await sources.set_told(tx, source.id, "failing")
        notice = await tending.weekly_notice(tx, MONDAY + timedelta(days=1))
        assert notice.code == "notice.week"
        assert dict(notice.args)["failing_n"] == "1"


async def test_private_chats_that_have_watches_hear_it_too(program, at):
    store = program.store
    async with store.write() as tx:
        await members.set_owner(tx, 7, MONDAY)
        chats = {}
        for name in ("7", "8", "9"):
            new = NewSubscriber("telegram", name, title=name, chat=Chat.PRIVATE)
            chats[name] = (await subscribers.add(tx, new, MONDAY)).id
        team = NewSubscriber("telegram", "-100", title="team", chat=Chat.GROUP)
        chats["team"] = (await subscribers.add(tx, team, MONDAY)).id
        once = NewSubscriber("telegram", "10", chat=Chat.PRIVATE, public=True)  # a visitor now
        chats["10"] = (await subscribers.add(tx, once, MONDAY)).id
        to = [chats["7"], chats["8"], chats["team"], chats["10"]]
        await watches.add(tx, Watch("Ana Pérez Soto"), MONDAY, to=to)
    for week in (0, 1):
        at(MONDAY + timedelta(days=7 * week))
        await tending.tend(program)
    async with store.read() as tx:
        assert sorted(one.to for one in await outbox.listing(tx)) == ["7", "8"]
