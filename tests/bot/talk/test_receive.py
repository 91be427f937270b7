"""Updates: stored before the offset moves, each handled once, none held up by another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Update

from bot.talk import lanes, receive, route
from bot.talk.lanes import lane_of
from bot.talk.parts import Account
from bot.talk.receive import Receiver
from store import inbox
from store.engine import Store, Tx
from store.tables import inbox as inbox_table
from tests.bot.talk.stage import Stage, conversing, staged


@pytest.fixture
async def quiet(sqlite_store: Store, now: datetime) -> AsyncIterator[Stage]:
    """A stage on which nobody converses yet."""
    async with staged(sqlite_store, now) as built:
        yield built


async def answered(stage: Stage, least: int) -> None:
    """Wait until Ana has read so many answers."""
    await stage.server.until(lambda: len(stage.ana.private.texts) >= least, "too few answers")


async def test_updates_are_in_the_store_before_the_offset_passes_them(quiet: Stage) -> None:
    seen: list[int] = []
    confirm = quiet.server.updates.confirm

    def watch_confirm(offset: int) -> None:
        confirmed = [one["update_id"] for one in quiet.server.updates.pending]
        seen.extend(one for one in confirmed if one < offset)
        confirm(offset)

    quiet.server.updates.confirm = watch_confirm  # type: ignore[method-assign]
    async with conversing(quiet.receiver):
        for n in range(5):
            await quiet.ana.says(f"/version {n}")
        await quiet.ana.hears("vigil 0.1.0", times=5)
        await quiet.server.until(lambda: not quiet.server.updates.pending)
    async with quiet.store.read() as tx:
        last = await inbox.last_id(tx, quiet.clock.now)
    assert last == max(seen)
    assert len(seen) == 5


async def test_what_was_stored_but_not_handled_is_handled_after_a_restart(quiet: Stage) -> None:
    message = await quiet.ana.says("/version")
    update = {"update_id": 700_000_001, "message": message}
    async with quiet.store.write() as tx:
        await inbox.put(tx, [(700_000_001, json.dumps(update))], quiet.clock.now)
    async with conversing(quiet.receiver):
        await quiet.ana.hears("vigil 0.1.0")
        await quiet.handled()
    assert len(quiet.ana.private.texts) == 1, "the server's own copy is the same update"


@pytest.mark.parametrize("running", [False, True])
async def test_ids_that_begin_anew_after_a_quiet_week_lose_no_command(
    quiet: Stage, running: bool
) -> None:
    """Telegram then goes on anywhere: an old id, asked for, would confirm what nobody has read."""
    old = {"update_id": 900_000_000, "message": await quiet.ana.says("/version")}
    quiet.server.updates.pending.clear()
    async with quiet.store.write() as tx:
        await inbox.put(tx, [(900_000_000, json.dumps(old))], quiet.clock.now)
        await inbox.done(tx, 900_000_000, quiet.clock.now)
    if not running:
        quiet.clock.now += timedelta(days=8)
    async with conversing(quiet.receiver):
        if running:
            await quiet.server.until(lambda: quiet.server.updates._turn > 0)
            quiet.clock.now += timedelta(days=8)
            quiet.server.updates.end()
            await quiet.server.until(lambda: quiet.server.updates._turn > 1)
        for _ in range(2):
            await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0", times=2)


async def test_forty_commands_survive_being_killed_again_and_again(quiet: Stage) -> None:
    """The task is cut off anywhere, as a kill would, and another receiver goes on."""
    for n in range(40):
        await quiet.ana.says(f"/unwatch name {n}")
    for n in range(8):
        receiver = Receiver(quiet.parts, quiet.account(), f"r{n}", quiet.clock, pause=0.05)
        stop = asyncio.Event()
        task = asyncio.create_task(receiver.run(stop))
        await answered(quiet, 4 * n)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with conversing(quiet.receiver):
        await quiet.handled()
    read = {one for one in quiet.ana.private.texts if "not watching" in one}
    assert len(read) == 40


async def test_a_failing_update_is_tried_again_and_then_set_aside(
    quiet: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []
    handle = route.handle

    async def fail_on_poison(update: Update, *rest: Any) -> None:
        if update.message is not None and update.message.text == "/version poison":
            tries.append("poison")
            raise LookupError("poison")
        await handle(update, *rest)

    monkeypatch.setattr(receive, "handle", fail_on_poison)
    monkeypatch.setattr(lanes, "AGAIN", 0.05)
    monkeypatch.setattr(lanes, "LOOK", 0.05)
    async with conversing(quiet.receiver):
        await quiet.ana.says("/version poison")
        await quiet.ana.says("/version after it")
        await quiet.ana.hears("vigil 0.1.0")
        await quiet.handled()
    assert len(tries) == 3
    assert len(quiet.ana.private.texts) == 1


async def test_an_unreadable_update_is_set_aside(
    quiet: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "AGAIN", 0.01)
    monkeypatch.setattr(lanes, "LOOK", 0.01)
    async with quiet.store.write() as tx:
        await inbox.put(tx, [(1, '{"update_id": 1, "message": {"text": 5}}')], quiet.clock.now)
    async with conversing(quiet.receiver):
        await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0")
        await quiet.handled()


async def test_a_slow_chat_holds_up_no_other(quiet: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    handle, gate = route.handle, asyncio.Event()

    async def slow_for_groups(update: Update, *rest: Any) -> None:
        if update.message is not None and update.message.chat.type != "private":
            await gate.wait()
        await handle(update, *rest)

    monkeypatch.setattr(receive, "handle", slow_for_groups)
    desk = quiet.server.group("Desk", quiet.ana)
    async with conversing(quiet.receiver):
        await quiet.ana.says("/version", desk)
        await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0")
        assert desk.texts == []
        gate.set()
        await desk.shows("vigil 0.1.0")


async def test_one_chat_is_answered_in_order(quiet: Stage) -> None:
    for n in range(6):
        await quiet.ana.says(f"/unwatch name {n}")
    async with conversing(quiet.receiver):
        await quiet.ana.hears("“name 5”")
    told = [text.split("“")[1][:6] for text in quiet.ana.private.texts]
    assert told == [f"name {n}" for n in range(6)]


async def test_a_second_poller_is_noticed(quiet: Stage) -> None:
    quiet.server.fault("409", method="getUpdates", times=3)
    async with conversing(quiet.receiver):
        await quiet.server.until(lambda: "Another program" in quiet.receiver.trouble)
        await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0")
        assert quiet.receiver.trouble == ""


async def test_the_network_may_fail_in_every_way(quiet: Stage) -> None:
    for kind in ("500", "502", "drop", "malformed", "html", "429"):
        quiet.server.fault(kind, method="getUpdates", seconds=0.0)
    async with conversing(quiet.receiver):
        await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0")
    assert len(quiet.ana.private.texts) == 1


async def test_a_wrong_token_is_said_and_tried_again(quiet: Stage) -> None:
    token = quiet.server.token
    quiet.server.token = "110201543:changed-meanwhile-0000000000000000"
    receiver = Receiver(quiet.parts, Account(token, quiet.server.url), "t", quiet.clock, pause=0.05)
    async with conversing(receiver):
        await quiet.server.until(lambda: "does not know this token" in receiver.trouble)
        assert token not in receiver.trouble
        quiet.server.token = token
        await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0")


async def test_two_processes_take_turns(quiet: Stage) -> None:
    other = Receiver(quiet.parts, quiet.account(), "other", quiet.clock, pause=0.05)
    async with conversing(quiet.receiver):
        await quiet.ana.says("/version")
        await quiet.ana.hears("vigil 0.1.0")
        async with conversing(other):
            await quiet.ana.says("/version")
            await quiet.ana.hears("vigil 0.1.0", times=2)
    assert [one for one in quiet.server.refusals if one[2].code == 409] == []


async def test_it_can_be_run_again_after_it_ended(quiet: Stage) -> None:
    for times in (1, 2):
        async with conversing(quiet.receiver):
            await quiet.ana.says("/version")
            await quiet.ana.hears("vigil 0.1.0", times=times)


async def test_who_blocked_us_meanwhile_costs_nothing(quiet: Stage) -> None:
    async with conversing(quiet.receiver):
        await quiet.ana.says("/version")
        quiet.ana.person.blocks_bot = True
        await quiet.handled()


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": {"chat": {"id": 5}}}, 5),
        ({"callback_query": {"message": {"chat": {"id": -7}}}}, -7),
        ({"my_chat_member": {"chat": {"id": -9}}}, -9),
        ({"poll": {"id": "1"}}, "update 3"),
    ],
)
def test_each_chat_is_a_lane_of_its_own(update: dict[str, Any], lane: object) -> None:
    assert lane_of(3, json.dumps(update)) == lane


def test_the_account_does_not_show_its_token() -> None:
    assert "secret" not in repr(Account("123:secret"))


async def test_what_ends_while_the_inbox_is_read_is_not_handled_again(
    sqlite_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading began before it was over, so it still lists it."""
    handled: list[int] = []
    may_end, read_again = asyncio.Event(), asyncio.Event()
    pending = inbox.pending

    async def handle(update_id: int, _body: str, _tries: int) -> bool:
        handled.append(update_id)
        await may_end.wait()
        async with sqlite_store.write() as tx:
            await inbox.done(tx, update_id, now)
        return True

    async def slowly(tx: Tx, limit: int) -> list[tuple[int, str, int]]:
        rows = await pending(tx, limit)
        if handled and not may_end.is_set():
            may_end.set()
            while lane._busy:
                await asyncio.sleep(0)
            assert [row[0] for row in rows] == handled
        elif may_end.is_set():
            read_again.set()
        return rows

    monkeypatch.setattr(lanes, "LOOK", 0.01)
    monkeypatch.setattr(inbox, "pending", slowly)
    lane = lanes.Lanes(handle, sqlite_store, lambda: now)
    async with sqlite_store.write() as tx:
        await inbox.put(tx, [(5, '{"message": {"chat": {"id": 1}}}')], now)
    running = asyncio.create_task(lane.run())
    await asyncio.wait_for(read_again.wait(), 20)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await lane.finish(1)
    assert handled == [5]


async def test_a_change_of_rights_that_leaves_the_old_ones_out_is_no_failure(quiet: Stage) -> None:
    seat = {"status": "member", "user": quiet.ana.person.view()}
    update = {
        "update_id": 700_000_009,
        "my_chat_member": {
            "chat": quiet.ana.private.chat.view(),
            "from": quiet.ana.person.view(),
            "date": int(quiet.clock.now.timestamp()),
            "new_chat_member": seat,
        },
    }
    async with quiet.store.write() as tx:
        await inbox.put(tx, [(700_000_009, json.dumps(update))], quiet.clock.now)
    async with conversing(quiet.receiver):
        await quiet.handled()
    async with quiet.store.read() as tx:
        assert await tx.value(select(inbox_table.c.error)) == ""
