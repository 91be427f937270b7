"""What grouping compares with is read before the transaction, once a day for each Watch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matching import remembered as cache
from matching.remembered import DAY
from model import AlertDraft, Decision, Item, NewSubscriber, Step
from store import items, outbox, subscribers
from store.engine import Store
from watchers.read_ahead import ReadAhead

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)


async def test_the_stories_of_a_watch_are_read_once_a_day(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_READ", cache._Lately())
    async with store.write() as tx:
        reader = await subscribers.add(tx, NewSubscriber("x", "1"), NOW)
        new = [Item("a", title="Salvador Cienfuegos arrested", source_id=1)]
        (one,) = await items.record(tx, new, NOW)
        await outbox.queue(
            tx, [Decision(AlertDraft(reader.id, one.item, (5,), ()), Step.TELL)], NOW
        )
    ahead = ReadAhead(store)
    coming = Item("b", title="Salvador Cienfuegos released")

    async def read(watch_id: int, at: datetime) -> int:
        cache._READ.young.clear()
        await ahead.read([coming], [watch_id], at)
        return len(cache._READ.young)

    assert await read(5, NOW) == 2
    assert await read(5, NOW + timedelta(hours=1)) == 1
    assert await read(6, NOW + timedelta(hours=1)) == 1
    assert await read(5, NOW + DAY) == 2
