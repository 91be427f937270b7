"""Watches: kept as wished, followed by every process, and never lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from model import NewSubscriber, Priority, Watch, WatchKind
from store import subscribers, watches
from store.engine import Store

GENERAL = Watch(
    "Salvador Cienfuegos Zepeda",
    aliases=("General Cienfuegos",),
    nicknames=("El Padrino",),
    context=("Mexico", "DEA"),
    require=("a",),
    also=(("b", "c"), ("d",)),
    never=("Camilo Cienfuegos",),
    lang=("es", "en"),
    sources=("latam",),
    priority=Priority.HIGH,
    threshold=80,
)
CARTEL = Watch("H-2 Cartel", WatchKind.ORG)


async def test_a_watch_is_kept_as_it_was_wished(store: Store, now):
    async with store.write() as tx:
        stored = await watches.add(tx, GENERAL, now, to=[3, 2, 3], by=77)
        plain = await watches.add(tx, CARTEL, now)
        assert stored.watch == replace(GENERAL, id=stored.watch.id)
        assert plain.watch == replace(CARTEL, id=plain.watch.id)
        assert (stored.to, stored.created_by, stored.created_at) == ((2, 3), 77, now)
        assert (stored.enabled, stored.declared, plain.to) == (True, False, ())
        assert await watches.get(tx, stored.watch.id) == stored
        assert await watches.by_name(tx, "  salvador CIENFUEGOS zepeda ") == stored
        assert await watches.by_name(tx, "Camilo") is None
        assert await watches.all_watches(tx) == [stored, plain]


async def test_a_name_is_watched_once(store: Store, now):
    async with store.write() as tx:
        await watches.add(tx, CARTEL, now)
        other = await watches.add(tx, GENERAL, now)
        with pytest.raises(watches.NameTakenError, match="“h-2 cartel” is watched already"):
            await watches.add(tx, Watch("h-2 cartel"), now)
        with pytest.raises(watches.NameTakenError, match="another watch"):
            await watches.change(tx, replace(other.watch, name="H-2 Cartel"), now)


async def test_a_removed_watch_comes_back(store: Store, now):
    async with store.write() as tx:
        stored = await watches.add(tx, CARTEL, now, to=[5])
        assert await watches.remove(tx, stored.watch.id, now)
        assert not await watches.remove(tx, stored.watch.id, now)
        assert await watches.get(tx, stored.watch.id) is None
        assert await watches.all_watches(tx) == []
        assert await watches.restore(tx, stored.watch.id, now) == stored
        assert await watches.restore(tx, 999, now) is None
        assert await watches.all_watches(tx) == [stored]


async def test_a_watch_added_again_has_its_old_history(store: Store, now):
    async with store.write() as tx:
        first = await watches.add(tx, CARTEL, now)
        await watches.remove(tx, first.watch.id, now)
        again = await watches.add(tx, replace(CARTEL, aliases=("H2",)), now)
        assert again.watch.id == first.watch.id
        assert again.watch.aliases == ("H2",)


async def test_the_name_of_a_removed_watch_can_be_taken_by_a_change(store: Store, now):
    async with store.write() as tx:
        old = await watches.add(tx, CARTEL, now)
        await watches.remove(tx, old.watch.id, now)
        other = await watches.add(tx, GENERAL, now)
        await watches.change(tx, replace(other.watch, name=CARTEL.name), now)
        with pytest.raises(watches.NameTakenError):
            await watches.restore(tx, old.watch.id, now)


async def test_rules_from_chats_stay_beside_a_declared_watch(store: Store, now):
    async with store.write() as tx:
        await watches.declare(tx, [(GENERAL, [1])], now)
        (stored,) = await watches.all_watches(tx)
        await watches.add_never(tx, stored.watch.id, "ciudad de Cienfuegos", 7, now)
        await watches.add_never(tx, stored.watch.id, "ciudad de Cienfuegos", 7, now)
        await watches.mute(tx, stored.watch.id, now + timedelta(days=1), now)
        await watches.declare(tx, [(replace(GENERAL, threshold=60), [1])], now)
        (stored,) = await watches.all_watches(tx)
        assert stored.watch.never == ("Camilo Cienfuegos", "ciudad de Cienfuegos")
        assert stored.watch.threshold == 60
        assert stored.muted_until == now + timedelta(days=1)
        await watches.drop_never(tx, stored.watch.id, "ciudad de Cienfuegos", now)
        (stored,) = await watches.all_watches(tx)
        assert stored.watch.never == GENERAL.never


async def test_a_rule_taken_out_by_a_change_is_gone(store: Store, now):
    async with store.write() as tx:
        stored = await watches.add(tx, CARTEL, now)
        await watches.add_never(tx, stored.watch.id, "one", 7, now)
        await watches.add_never(tx, stored.watch.id, "two", 7, now)
        seen = await watches.get(tx, stored.watch.id)
        assert seen is not None
        assert seen.watch.never == ("one", "two")
        changed = await watches.change(tx, replace(seen.watch, never=("two", "three")), now)
        assert changed.watch.never == ("two", "three")


async def test_what_config_lists_is_declared_and_what_it_drops_is_off(store: Store, now):
    async with store.write() as tx:
        await watches.declare(tx, [(GENERAL, [1]), (CARTEL, [])], now)
        both = await watches.all_watches(tx)
        assert [(one.watch.name, one.to, one.declared) for one in both] == [
            (GENERAL.name, (1,), True),
            (CARTEL.name, (), True),
        ]
        mark = (await watches.log_since(tx, 0)).mark
        await watches.declare(tx, [(GENERAL, [1]), (CARTEL, [])], now)
        assert (await watches.log_since(tx, 0)).mark == mark
        await watches.declare(tx, [(CARTEL, [2])], now)
        assert [(one.watch.name, one.to) for one in await watches.all_watches(tx)] == [
            (CARTEL.name, (2,))
        ]
        off = await watches.get(tx, both[0].watch.id)
        assert off is not None
        assert not off.enabled
        await watches.declare(tx, [(GENERAL, [1])], now)
        assert await watches.get(tx, both[0].watch.id) == both[0]


async def test_a_watch_from_a_chat_outlives_its_line_in_config(store: Store, now):
    async with store.write() as tx:
        mine = await watches.add(tx, CARTEL, now, by=7)
        await watches.declare(tx, [(replace(CARTEL, aliases=("H2",)), [4])], now)
        (declared,) = await watches.all_watches(tx)
        assert (declared.watch.id, declared.declared) == (mine.watch.id, True)
        await watches.declare(tx, [], now)
        (left,) = await watches.all_watches(tx)
        assert left == replace(declared, declared=False)


async def test_the_log_says_what_changed_since_a_mark(store: Store, now):
    async with store.write() as tx:
        general = await watches.add(tx, GENERAL, now)
        start = await watches.log_since(tx, 0)
        assert start.changed == (general,)
        cartel = await watches.add(tx, CARTEL, now)
        await watches.change(tx, replace(cartel.watch, aliases=("H2",)), now)
        general = await watches.send_to(tx, general.watch.id, [9], now)
        step = await watches.log_since(tx, start.mark)
        assert {one.watch.id: one.to for one in step.changed} == {
            general.watch.id: (9,),
            cartel.watch.id: (),
        }
        await watches.remove(tx, general.watch.id, now)
        end = await watches.log_since(tx, step.mark)
        assert (end.changed, end.removed) == ((), (general.watch.id,))
        assert await watches.log_since(tx, end.mark) == replace(end, removed=())


async def test_the_mark_moves_when_somebody_else_is_to_hear(store: Store, now):
    async with store.write() as tx:
        await watches.add(tx, GENERAL, now)
        start = await watches.log_since(tx, 0)
        await subscribers.add(tx, NewSubscriber("console", ""), now)
        step = await watches.log_since(tx, start.mark)
        assert step.mark > start.mark
        assert (step.changed, step.removed) == ((), ())


async def test_a_log_that_went_back_with_a_backup_is_read_whole(store: Store, now):
    async with store.write() as tx:
        general = await watches.add(tx, GENERAL, now)
        assert (await watches.log_since(tx, 1_000)).changed == (general,)


async def test_who_follows_the_watches_is_woken(store: Store, now):
    async with store.write() as tx:
        await watches.add(tx, GENERAL, now)
    assert await store.woken("watches", 5)


async def test_a_hidden_article_is_hidden_for_that_watch(store: Store, now):
    async with store.write() as tx:
        await watches.hide(tx, 1, 10, 7, now)
        await watches.hide(tx, 1, 10, 7, now)
        await watches.hide(tx, 2, 11, 7, now)
        assert await watches.hidden(tx, [1, 3], [10, 11]) == {(1, 10)}
        await watches.unhide(tx, 1, 10)
        assert await watches.hidden(tx, [1, 2], [10, 11]) == {(2, 11)}
        assert await watches.hidden(tx, [], []) == set()


async def test_thousands_of_watches_load(store: Store, now):
    many = [Watch(f"Name {n}", never=(f"never {n}",)) for n in range(1200)]
    async with store.write() as tx:
        added = await watches.add_many(tx, [(one, [n]) for n, one in enumerate(many)], now)
    async with store.read() as tx:
        found = await watches.all_watches(tx)
    assert found == added
    assert [replace(one.watch, id=0) for one in found] == many
    assert [one.to for one in found] == [(n,) for n in range(1200)]


async def test_marks_are_given_in_the_order_of_commits(postgres_url: str, now):
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)

    async def add(store: Store, wish: Watch) -> None:
        async with store.write() as tx:
            await watches.add(tx, wish, now)

    async with here.write() as tx:
        await watches.add(tx, GENERAL, now)
        other = asyncio.create_task(add(there, CARTEL))
        await asyncio.sleep(0.05)
        assert not other.done()
    await other
    async with here.read() as tx:
        names = [one.watch.name for one in (await watches.log_since(tx, 1)).changed]
    assert names == [CARTEL.name]
    await here.close()
    await there.close()
