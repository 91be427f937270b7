"""What is possible, and when it was told."""

from __future__ import annotations

from datetime import datetime, timedelta

from model import AlertKind, Mention, NewSubscriber, Notice, Reason
from store import possible, subscribers
from store.delivering import queue_alone
from store.engine import Store

MAYBE = Mention(7, "title", 0, 6, "Zepeda", 50, Reason("surname"))


async def test_what_is_found_again_was_first_possible_then(store: Store, now: datetime) -> None:
    for later in (0, 1):
        async with store.write() as tx:
            await possible.add(tx, [(3, MAYBE)], now + timedelta(days=later))
    async with store.read() as tx:
        assert len(await possible.of_watch(tx, 7, since=now)) == 1
        assert await possible.of_watch(tx, 7, since=now + timedelta(hours=1)) == []


async def test_the_latest_line_of_each_watch_is_known(store: Store, now: datetime) -> None:
    async with store.write() as tx:
        place = await subscribers.add(tx, NewSubscriber("telegram", "1"), now)
        for later, about in ((0, 7), (2, 7), (1, 8)):
            notice = Notice("possible.line", about=possible.about(about))
            at = now + timedelta(days=later)
            await queue_alone(tx, place.id, AlertKind.NOTICE, notice, at)
    async with store.read() as tx:
        assert await possible.lines_since(tx, now) == {
            7: now + timedelta(days=2),
            8: now + timedelta(days=1),
        }
