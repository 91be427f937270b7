"""Sources: who wants them, who asks them, and what a poll writes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from matching.same import item_keys
from model import (
    Claim,
    Item,
    NewSource,
    Pace,
    PollNote,
    Source,
    SourceState,
    Validators,
)
from store import items, sources
from store.engine import Store, Tx

FEED = NewSource("https://a.example/feed", "A", tags=("latam", "crime"), lang="en")


async def add(store: Store, now: datetime, *urls: str) -> list[Source]:
    async with store.write() as tx:
        return [await sources.add(tx, NewSource(url), now) for url in urls]


async def due(store: Store, owner: str, now: datetime, **how) -> list[Claim]:
    async with store.write() as tx:
        return await sources.due(tx, owner, now, **how)


async def note(store: Store, claim: Claim, now: datetime, **what) -> bool:
    said = {"next_due": now + timedelta(minutes=15), "pace": claim.pace} | what
    one = PollNote(claim.source.id, claim.owner, claim.epoch, **said)
    async with store.write() as tx:
        return claim.source.id in await sources.note_polls(tx, [one], now)


async def end_leases(tx: Tx) -> None:
    await tx.run(text("UPDATE source_pace SET lease_until = lease_until - 3600"))


async def test_a_source_is_stored_as_it_was_wished(store: Store, now):
    async with store.write() as tx:
        added = await sources.add(tx, FEED, now)
        assert added == Source(
            added.id, FEED.url, FEED.url, "A", "feed", ("latam", "crime"), "en", added=True
        )
        assert await sources.by_url(tx, FEED.url) == added
        assert await sources.by_url(tx, "https://b.example/") is None


async def test_a_new_source_is_due_at_once(store: Store, now):
    (source,) = await add(store, now, "https://a.example/feed")
    async with store.read() as tx:
        assert await sources.next_due(tx) == now
    (claim,) = await due(store, "me", now)
    assert (claim.source, claim.owner, claim.epoch) == (source, "me", 1)
    assert claim.pace == Pace()
    assert claim.state == SourceState()


async def test_a_claimed_source_is_nobody_elses(store: Store, now):
    await add(store, now, "https://a.example/feed")
    assert len(await due(store, "me", now)) == 1
    assert await due(store, "you", now) == []
    assert await due(store, "me", now) == []
    async with store.write() as tx:
        assert await sources.claim_all(tx, "you", now) == []
        assert await sources.next_due(tx) is None


async def test_claims_come_ordered_by_host_and_the_longest_overdue_are_taken(store: Store, now):
    urls = ["https://b.example/1", "https://a.example/2", "https://b.example/3"]
    for minute, url in enumerate(urls):
        await add(store, now + timedelta(minutes=minute), url)
    later = now + timedelta(hours=1)
    assert [one.source.url for one in await due(store, "me", later, limit=2)] == [urls[1], urls[0]]
    assert [one.source.url for one in await due(store, "me", later)] == [urls[2]]


async def test_a_lease_that_ran_out_is_taken_over_and_fences_the_old_owner_off(store: Store, now):
    await add(store, now, "https://a.example/feed")
    (stalled,) = await due(store, "me", now)
    async with store.write() as tx:
        await end_leases(tx)
    (taken,) = await due(store, "you", now)
    assert taken.epoch == stalled.epoch + 1
    assert not await note(store, stalled, now, pace=Pace(interval=1))
    async with store.write() as tx:
        assert await sources.still_ours(tx, [stalled]) == set()
        assert await sources.still_ours(tx, [taken]) == {taken.source.id}
        assert await sources.renew(tx, "me", [stalled.source.id]) == set()
        assert await sources.renew(tx, "you", [stalled.source.id]) == {stalled.source.id}
    assert await note(store, taken, now)


async def test_a_renewed_lease_holds(store: Store, now):
    (source,) = await add(store, now, "https://a.example/feed")
    await due(store, "me", now)
    async with store.write() as tx:
        await end_leases(tx)
        assert await sources.renew(tx, "me", [source.id]) == {source.id}
    assert await due(store, "you", now) == []


async def test_a_noted_poll_is_due_again_when_it_says(store: Store, now):
    await add(store, now, "https://a.example/feed")
    (claim,) = await due(store, "me", now)
    pace = Pace(600, 1.5, now, 2, now, now, now, "The site answered 500.")
    state = SourceState(Validators('"x"', "Wed", now), b"hash", b"known", now, "https://c.e/", 2)
    assert await note(store, claim, now, pace=pace, state=state, name="A Feed")
    assert await due(store, "me", now + timedelta(minutes=14)) == []
    (again,) = await due(store, "you", now + timedelta(minutes=15))
    assert (again.pace, again.state, again.source.name) == (pace, state, "A Feed")


async def test_a_note_without_state_leaves_the_stored_one(store: Store, now):
    await add(store, now, "https://a.example/feed")
    (claim,) = await due(store, "me", now)
    state = SourceState(first_polled=now, items_hash=b"x")
    await note(store, claim, now, state=state, name="First name")
    later = now + timedelta(hours=1)
    (claim,) = await due(store, "me", later)
    await note(store, claim, later, name="Second name")
    (claim,) = await due(store, "me", later + timedelta(hours=1))
    assert (claim.state, claim.source.name) == (state, "First name")


async def test_many_notes_are_taken_together(store: Store, now):
    await add(store, now, *(f"https://{n}.example/feed" for n in range(40)))
    claims = await due(store, "me", now)
    state = SourceState(first_polled=now)
    notes = [
        PollNote(one.source.id, "me", one.epoch, now, Pace(n), state if n % 2 else None)
        for n, one in enumerate(claims)
    ]
    notes[7] = replace(notes[7], epoch=9)
    async with store.write() as tx:
        assert await sources.note_polls(tx, [], now) == set()
        taken = await sources.note_polls(tx, notes, now)
    assert taken == {one.source.id for one in claims} - {notes[7].source_id}
    again = await due(store, "me", now)
    assert sorted(one.pace.interval for one in again) == [n for n in range(40) if n != 7]


async def test_a_moved_source_keeps_the_address_it_was_stored_with(store: Store, now):
    source, other = await add(store, now, "https://a.example/feed", "https://b.example/feed")
    claim, _ = await due(store, "me", now)
    await note(store, claim, now, url="https://a.example/rss")
    async with store.write() as tx:
        moved = await sources.by_url(tx, "https://a.example/rss")
        assert moved == replace(source, url="https://a.example/rss")
        assert await sources.by_url(tx, "https://a.example/feed") == moved
        assert await sources.add(tx, NewSource(source.url), now) == moved
    (claim,) = await due(store, "me", now + timedelta(hours=1), limit=1)
    await note(store, claim, now, url=other.url)
    async with store.read() as tx:
        assert await sources.get(tx, moved.id) == moved


async def test_one_address_declared_and_added_has_two_origins(store: Store, now):
    async with store.write() as tx:
        await sources.declare(tx, [FEED], now)
        both = await sources.add(tx, NewSource(FEED.url, "my own name"), now)
        assert (both.declared, both.added, both.name) == (True, True, "A")
        assert await sources.remove(tx, both.id, now)
        assert not await sources.remove(tx, both.id, now)
        left = await sources.get(tx, both.id)
        assert left == replace(both, added=False)
        await sources.declare(tx, [], now)
        left = await sources.get(tx, both.id)
        assert left == replace(both, added=False, declared=False, enabled=False)


async def test_what_config_no_longer_lists_stays_if_a_chat_wants_it(store: Store, now):
    async with store.write() as tx:
        mine = await sources.add(tx, FEED, now)
        await sources.declare(tx, [replace(FEED, name="Declared")], now)
        declared = await sources.get(tx, mine.id)
        await sources.declare(tx, [], now)
        assert await sources.get(tx, mine.id) == replace(mine, name="Declared")
    assert declared == replace(mine, name="Declared", declared=True)
    assert len(await due(store, "me", now)) == 1


async def test_a_declared_list_is_taken_over_whole(store: Store, now):
    many = [NewSource(f"https://{n}.example/feed", f"N{n}") for n in range(30)]
    async with store.write() as tx:
        await sources.declare(tx, [*many, many[3]], now)
        await sources.declare(tx, many, now)
        first = await sources.health(tx)
        await sources.declare(tx, [replace(many[0], tags=("x",)), *many[2:]], now)
        second = await sources.health(tx)
    assert len(first) == 30
    assert [one.source.name for one in second] == sorted(f"N{n}" for n in range(30) if n != 1)
    assert second[0].source == replace(first[0].source, tags=("x",))
    assert len(await due(store, "me", now)) == 29


async def test_a_shorter_declared_interval_counts_from_now(store: Store, now):
    async with store.write() as tx:
        await sources.declare(tx, [FEED], now)
    (claim,) = await due(store, "me", now)
    await note(store, claim, now, next_due=now + timedelta(hours=6))
    async with store.write() as tx:
        await sources.declare(tx, [replace(FEED, interval=60.0)], now)
        assert await sources.next_due(tx) == now + timedelta(seconds=60)


async def test_a_removed_source_is_asked_no_more_even_by_who_is_asking_it(store: Store, now):
    (source,) = await add(store, now, "https://a.example/feed")
    (claim,) = await due(store, "me", now)
    async with store.write() as tx:
        await sources.remove(tx, source.id, now)
        assert await sources.health(tx) == []
    assert await note(store, claim, now)
    async with store.write() as tx:
        assert await sources.claim_all(tx, "me", now) == []
        assert await sources.next_due(tx) is None


@pytest.mark.parametrize(("off_for", "backlog_again"), [("1:00", False), ("72:00", True)])
async def test_a_source_that_was_long_off_starts_with_a_backlog(
    store: Store, now, off_for: str, backlog_again: bool
):
    (source,) = await add(store, now, "https://a.example/feed")
    (claim,) = await due(store, "me", now)
    await note(store, claim, now, state=SourceState(first_polled=now))
    later = now + timedelta(hours=int(off_for.partition(":")[0]))
    async with store.write() as tx:
        await sources.remove(tx, source.id, now)
        assert (await sources.add(tx, NewSource(source.url), later)).id == source.id
    (claim,) = await due(store, "me", later)
    assert (claim.state.first_polled is None) == backlog_again


async def test_all_can_be_claimed_before_their_time_or_some(store: Store, now):
    some = await add(store, now, *(f"https://{n}.example/" for n in range(5)))
    for claim in await due(store, "me", now):
        await note(store, claim, now)
    async with store.write() as tx:
        chosen = await sources.claim_all(tx, "me", now, ids=[some[1].id, some[3].id, 999])
        rest = await sources.claim_all(tx, "you", now)
    assert [one.source.id for one in chosen] == [some[1].id, some[3].id]
    assert [one.source.id for one in rest] == [some[0].id, some[2].id, some[4].id]


async def test_health_tells_how_each_source_is_doing(store: Store, now):
    async with store.write() as tx:
        b = await sources.add(tx, NewSource("https://b.example/", "b"), now)
        a = await sources.add(tx, NewSource("https://a.example/", "A", kind="pacer"), now)
        some = [Item(key=f"{n}", title=f"{n}", source_id=b.id) for n in range(3)]
        await items.record(tx, some, now)
        await items.record(tx, [replace(some[0], title="edited")], now)
        await sources.set_told(tx, b.id, "failing")
        found = await sources.health(tx)
        assert [(one.source.id, one.items, one.told) for one in found] == [
            (a.id, 0, ""),
            (b.id, 3, "failing"),
        ]
        assert [one.source.id for one in await sources.health(tx, kinds=["pacer"])] == [a.id]
    claims = await due(store, "me", now)
    assert {one.source.id: one.told for one in claims} == {a.id: "", b.id: "failing"}


async def test_a_poll_that_fails_half_way_leaves_neither_items_nor_validators(store: Store, now):
    await add(store, now, "https://a.example/feed")
    (claim,) = await due(store, "me", now)
    entry = Item(key="1", title="News", source_id=claim.source.id)

    async def poll(*, crash: bool) -> None:
        async with store.write() as tx:
            await items.record(tx, [entry], now)
            state = SourceState(Validators("etag"), first_polled=now)
            done = PollNote(claim.source.id, "me", claim.epoch, now, claim.pace, state)
            await sources.note_polls(tx, [done], now)
            if crash:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await poll(crash=True)
    async with store.read() as tx:
        assert await items.known(tx, claim.source.id, [item_keys(entry)]) == set()
    await poll(crash=False)
    (again,) = await due(store, "me", now)
    assert again.state.validators.etag == "etag"


async def test_two_processes_share_the_work_without_a_source_asked_twice(database_url: str, now):
    one, two = await Store.open(database_url), await Store.open(database_url)
    await add(one, now, *(f"https://{n}.example/" for n in range(60)))
    taken: list[int] = []
    for store in (one, two) * 4:
        taken += [claim.source.id for claim in await due(store, "x", now, limit=10)]
    assert len(taken) == len(set(taken)) == 60
    await one.close()
    await two.close()
