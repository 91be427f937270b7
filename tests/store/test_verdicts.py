"""What people said of alerts, how often a watch told something, and buttons that are old."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from store import buttons, items, tallies, verdicts
from store.engine import Store
from store.tables import alert
from tests.store.test_outbox import Desk, tell


async def test_what_was_kept_and_what_a_rule_makes_wrong(store: Store, now: datetime) -> None:
    desk = Desk(store, now)
    ana = await desk.subscriber("-1")
    one, two = [item.id for item in await desk.items("One", "Two")]
    async with store.read() as tx:
        known = {item.title: item for item in await items.history(tx)}
    await desk.queue(tell(ana, known["One"]), tell(ana, known["Two"]))
    async with store.write() as tx:
        await verdicts.keep(tx, [(1, one), (1, one), (1, two)], 5, now)
        assert await verdicts.kept_of(tx, 1, [one, two, 99]) == {one, two}
        assert await tallies.of_watch(tx, 1, now - timedelta(days=30)) == tallies.Tally(2, 0)
        pairs, marked = await verdicts.hide_all(tx, 1, [one], 5, "Ana", now)
        assert pairs == [(1, one)]
        assert len(marked) == 1
        again = await verdicts.hide_all(tx, 1, [one], 5, "Ana", now)
        assert again[0] == []
        assert await verdicts.kept_of(tx, 1, [one, two]) == {two}
        assert await tallies.of_watch(tx, 1, now - timedelta(days=30)) == tallies.Tally(2, 1)
        assert await tallies.of_watch(tx, 1, now + timedelta(days=1)) == tallies.Tally(0, 0)
        rows = await tx.rows(select(alert.c.hidden_by).order_by(alert.c.id))
        assert [row.hidden_by for row in rows] == ["Ana", ""]


async def test_an_old_button_is_known_and_one_that_became_another_does_it_once(
    store: Store, now: datetime
) -> None:
    async with store.write() as tx:
        token = await buttons.make(tx, "undo", {"a": 1}, now, ttl=60)
        assert await buttons.become(tx, token, "undo", "undone")
        assert not await buttons.become(tx, token, "undo", "undone")
        later = now + timedelta(days=40)
        assert await buttons.get(tx, token, later) is None
        stale = await buttons.known(tx, token)
        assert stale is not None
        assert (stale.action, dict(stale.args)) == ("undone", {"a": 1})
        assert await buttons.known(tx, "never was") is None
