"""Leases, signs of life, settings, copies and forgetting."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from model import (
    Item,
    Mention,
    NewSource,
    NewSubscriber,
    Notice,
    Pace,
    PollNote,
    Reason,
    SourceState,
    StoreError,
)
from store import buttons, inbox, items, outbox, sources, subscribers, upkeep
from store.engine import Store, Tx


async def end_lease(tx: Tx, name: str) -> None:
    await tx.run(text("UPDATE lease SET until = until - 3600 WHERE name = :n").bindparams(n=name))


async def test_a_lease_is_one_owners(store: Store):
    async with store.write() as tx:
        mine = await upkeep.lease(tx, "dispatch", "me")
        assert mine == upkeep.Lease("dispatch", "me", 1)
        assert await upkeep.lease(tx, "dispatch", "you") is None
        assert await upkeep.lease(tx, "dispatch", "me") == mine
        assert await upkeep.lease(tx, "other", "you") == upkeep.Lease("other", "you", 1)


async def test_a_lease_that_ran_out_can_be_taken_over(store: Store):
    async with store.write() as tx:
        mine = await upkeep.lease(tx, "dispatch", "me")
        await end_lease(tx, "dispatch")
        assert await upkeep.lease(tx, "dispatch", "me") == mine
        await end_lease(tx, "dispatch")
        assert await upkeep.lease(tx, "dispatch", "you") == upkeep.Lease("dispatch", "you", 2)
        assert await upkeep.lease(tx, "dispatch", "me") is None


async def test_a_lease_given_up_is_free_at_once(store: Store):
    async with store.write() as tx:
        await upkeep.lease(tx, "dispatch", "me")
        await upkeep.release(tx, "dispatch", "you")
        assert await upkeep.lease(tx, "dispatch", "you") is None
        await upkeep.release(tx, "dispatch", "me")
        assert await upkeep.lease(tx, "dispatch", "you") == upkeep.Lease("dispatch", "you", 2)


async def test_of_two_processes_one_gets_the_lease(database_url: str):
    one, two = await Store.open(database_url), await Store.open(database_url)
    got = []
    for store, owner in ((one, "me"), (two, "you")):
        async with store.write() as tx:
            got.append(await upkeep.lease(tx, "dispatch", owner))
    assert got == [upkeep.Lease("dispatch", "me", 1), None]
    await one.close()
    await two.close()


async def test_the_last_sign_of_life_counts(store: Store, now):
    async with store.write() as tx:
        await upkeep.heartbeat(tx, "poll", now)
        await upkeep.heartbeat(tx, "talk", now)
        await upkeep.heartbeat(tx, "poll", now + timedelta(seconds=9))
        assert await upkeep.heartbeats(tx) == {"poll": now + timedelta(seconds=9), "talk": now}


async def test_settings_are_kept_until_emptied(store: Store):
    async with store.write() as tx:
        assert await upkeep.setting(tx, "weekly") is None
        await upkeep.set_setting(tx, "weekly", "1")
        await upkeep.set_setting(tx, "weekly", "2")
        assert await upkeep.setting(tx, "weekly") == "2"
        await upkeep.set_setting(tx, "weekly", "")
        assert await upkeep.setting(tx, "weekly") is None


async def test_an_update_is_kept_once_and_handled_in_order(store: Store, now):
    async with store.write() as tx:
        assert await inbox.last_id(tx, now) is None
        assert await inbox.put(tx, [(11, "b"), (10, "a")], now) == 2
        assert await inbox.put(tx, [(11, "other"), (12, "c")], now) == 1
        assert await inbox.put(tx, [], now) == 0
        await inbox.failed(tx, 10, "It broke.", now)
        await inbox.done(tx, 11, now)
        assert await inbox.pending(tx) == [(10, "a", 1), (12, "c", 0)]
        assert await inbox.pending(tx, 1) == [(10, "a", 1)]
        assert await inbox.last_id(tx, now) == 12
    assert await store.woken("inbox", 5)


async def test_a_button_means_what_it_was_made_for(store: Store, now):
    async with store.write() as tx:
        token = await buttons.make(tx, "mute", {"watch": 3, "to": [1]}, now, who=7, ttl=60)
        assert len(token) <= 24
        pressed = await buttons.get(tx, token, now + timedelta(seconds=59))
        assert pressed == buttons.Pressed("mute", {"watch": 3, "to": [1]}, 7, now)
        assert await buttons.get(tx, token, now + timedelta(seconds=60)) is None
        assert await buttons.get(tx, "forged", now) is None
        assert await buttons.spend(tx, token)
        assert not await buttons.spend(tx, token)
        assert await buttons.get(tx, token, now) is None


async def test_a_copy_is_whole_private_and_can_be_put_back(
    sqlite_store: Store, sqlite_url: str, tmp_path: Path, now
):
    async with sqlite_store.write() as tx:
        kept = await sources.add(tx, NewSource("https://a.example/feed", "A"), now)
    copy = tmp_path / "copy.db"
    await upkeep.backup(sqlite_store, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))
    async with sqlite_store.write() as tx:
        lost = await sources.add(tx, NewSource("https://b.example/feed", "B"), now)
    await sqlite_store.close()
    before = await upkeep.restore(copy, sqlite_url)
    for url, expected in ((sqlite_url, [kept]), (f"sqlite+aiosqlite:///{before}", [kept, lost])):
        store = await Store.open(url)
        async with store.read() as tx:
            assert [one.source for one in await sources.health(tx)] == expected
        await store.close()


async def test_a_copy_put_back_is_seen_by_a_running_store(
    sqlite_store: Store, sqlite_url: str, tmp_path: Path, now
):
    copy = tmp_path / "copy.db"
    await upkeep.backup(sqlite_store, copy)
    async with sqlite_store.write() as tx:
        await sources.add(tx, NewSource("https://a.example/feed"), now)
    await upkeep.restore(copy, sqlite_url)
    async with sqlite_store.write() as tx:
        assert await sources.health(tx) == []
        await sources.add(tx, NewSource("https://b.example/feed"), now)


async def test_what_is_no_copy_of_ours_replaces_nothing(sqlite_url: str, tmp_path: Path):
    text_file = tmp_path / "notes.txt"
    text_file.write_text("not a database" * 100)
    foreign = tmp_path / "other.db"
    with closing(sqlite3.connect(foreign)) as conn:
        conn.execute("CREATE TABLE x (y)")
    for path, says in (
        (text_file, "is not a database"),
        (foreign, "no copy of a database of vigil"),
        (tmp_path / "absent.db", "can't be opened"),
    ):
        with pytest.raises(StoreError, match=says):
            await upkeep.restore(path, sqlite_url)
    assert not list(tmp_path.glob("*.before-*"))
    await (await Store.open(sqlite_url)).close()


async def test_postgresql_has_tools_of_its_own_for_copies(postgres_url: str, tmp_path: Path):
    store = await Store.open(postgres_url)
    with pytest.raises(StoreError, match="pg_dump"):
        await upkeep.backup(store, tmp_path / "copy.db")
    await store.close()


async def test_old_articles_go_and_what_was_seen_stays(store: Store, now):
    old, new = now - timedelta(days=500), now - timedelta(days=2)
    entry = Item(key="old", title="An old story about the general", text="body", source_id=1)
    async with store.write() as tx:
        (first,) = await items.record(tx, [entry], old)
        (kept,) = await items.record(tx, [replace(entry, key="new")], new)
        found = Mention(1, "title", 0, 2, "An", 90, Reason("x"))
        await items.add_mentions(tx, [(first.item.id, found), (kept.item.id, found)])
    gone = await upkeep.prune(store, now, keep_articles=timedelta(days=400))
    assert gone.articles == 1
    assert str(gone).startswith("1 articles, 0 bodies")
    async with store.write() as tx:
        assert await items.get(tx, first.item.id) is None
        assert await items.get(tx, kept.item.id) == kept.item
        assert await items.mentioned(tx, [first.item.id, kept.item.id]) == {kept.item.id: {1}}
        assert await items.record(tx, [replace(entry, title="Edited since")], now) == []
    assert (await upkeep.prune(store, now)).articles == 0


async def test_a_body_that_names_nobody_goes_and_that_is_no_edit(store: Store, now):
    old = now - timedelta(days=100)
    entry = Item(key="a", title="Rain", summary="It rains.", text="All day.", source_id=1)
    named = replace(entry, key="b", title="The general")
    async with store.write() as tx:
        recorded = await items.record(tx, [entry, named], old)
        mention = Mention(1, "title", 0, 3, "The", 90, Reason("x"))
        await items.add_mentions(tx, [(recorded[1].item.id, mention)])
    assert (await upkeep.prune(store, now, keep_bodies=timedelta(days=90))).bodies == 1
    assert (await upkeep.prune(store, now, keep_bodies=timedelta(days=90))).bodies == 0
    async with store.write() as tx:
        texts = [one.text for one in await items.history(tx)]
        assert sorted(texts) == ["", "All day."]
        assert await items.record(tx, [entry, named], now) == []
        (edit,) = await items.record(tx, [replace(entry, title="Sun")], now)
        assert edit.headline_changed


async def test_handled_updates_and_expired_buttons_go(store: Store, now):
    old = now - timedelta(days=6)
    async with store.write() as tx:
        await inbox.put(tx, [(1, "done"), (2, "pending")], old)
        await inbox.put(tx, [(3, "new")], now)
        await inbox.done(tx, 1, old)
        await inbox.done(tx, 3, now)
        await buttons.make(tx, "x", {}, now - timedelta(days=181), ttl=60)
        await buttons.make(tx, "known", {}, old, ttl=60)
        kept = await buttons.make(tx, "x", {}, old)
    gone = await upkeep.prune(store, now)
    assert (gone.updates, gone.buttons) == (1, 1)
    async with store.write() as tx:
        assert await inbox.pending(tx) == [(2, "pending", 0)]
        assert await inbox.last_id(tx, now) == 3
        assert await buttons.get(tx, kept, now) is not None


async def test_mentions_are_counted_by_watch(store: Store, now):
    found = Mention(1, "title", 0, 2, "An", 90, Reason("x"))
    entry = Item(key="old", title="An old story", source_id=1)
    async with store.write() as tx:
        (old,) = await items.record(tx, [entry], now - timedelta(days=9))
        (new,) = await items.record(tx, [replace(entry, key="new")], now)
        await items.add_mentions(tx, [(one.item.id, found) for one in (old, new)])
        await items.add_mentions(tx, [(new.item.id, replace(found, watch_id=2))])
        assert await items.mention_counts(tx, since=now - timedelta(days=7)) == {1: 1, 2: 1}


async def test_after_a_copy_is_put_back_what_came_since_is_no_flood(
    sqlite_store: Store, sqlite_url: str, tmp_path: Path, now
):
    copy = tmp_path / "copy.db"
    async with sqlite_store.write() as tx:
        kept = await sources.add(tx, NewSource("https://a.example/feed", "A"), now)
        ana = await subscribers.add(tx, NewSubscriber("telegram", "1"), now)
        await outbox.notify(tx, ana.id, Notice("notice.network.down"), now)
        claims = await sources.claim_all(tx, "me", now)
        state, later = SourceState(first_polled=now), now + timedelta(minutes=5)
        note = PollNote(kept.id, "me", claims[0].epoch, later, Pace(), state)
        await sources.note_polls(tx, [note], now)
    await upkeep.backup(sqlite_store, copy)
    for grouped in (False, True):
        await upkeep.restore(copy, sqlite_url, grouped=grouped)
        async with sqlite_store.write() as tx:
            claim = (await sources.claim_all(tx, f"me {grouped}", now, 0.0, [kept.id]))[0]
            assert (claim.state.first_polled is None) is grouped
            assert [one.repeat for one in await outbox.listing(tx)] == [True]
