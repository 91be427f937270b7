"""What was pushed is kept once, until it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from store import push_inbox
from store.engine import Store


async def test_the_same_event_is_kept_once(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        assert await push_inbox.put(tx, "k", 1, b"{}", now)
        assert not await push_inbox.put(tx, "k", 1, b"{}", now)
    async with store.write() as tx:
        assert not await push_inbox.put(tx, "k", 1, b"{}", now)
        assert await push_inbox.put(tx, "k", 1, b"{ }", now), "another body is another event"
        assert await push_inbox.put(tx, "", 9, b"\xff\x00", now)
        assert [one.body for one in await push_inbox.pending(tx, now)] == [
            b"{}",
            b"{ }",
            b"\xff\x00",
        ]


async def test_an_event_waits_until_it_is_over(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        await push_inbox.put(tx, "k", 1, b"{}", now)
        (one,) = await push_inbox.pending(tx, now)
        later = now + timedelta(minutes=1)
        await push_inbox.failed(tx, one.id, "It rained.", later)
        assert await push_inbox.pending(tx, now) == []
        (again,) = await push_inbox.pending(tx, later)
        assert (again.id, again.tries) == (one.id, 1)
        assert await push_inbox.done(tx, one.id, later)
        assert not await push_inbox.done(tx, one.id, later)
        assert await push_inbox.depth(tx) == 0
        assert await push_inbox.last_received(tx) == now


async def test_only_what_is_over_is_forgotten(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        for key in "ab":
            await push_inbox.put(tx, key, 1, b"{}", now)
        await push_inbox.done(tx, (await push_inbox.pending(tx, now))[0].id, now)
        assert await push_inbox.prune(tx, now + timedelta(days=3)) == 0
        assert await push_inbox.prune(tx, now + timedelta(days=15)) == 1
        assert await push_inbox.depth(tx) == 1
