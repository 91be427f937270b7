"""Opening a database, and what a transaction promises."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from model import NewSource, StoreError
from store import sources
from store.engine import Store


async def test_a_new_file_is_for_its_owner_only_and_has_a_write_ahead_log(tmp_path: Path):
    path = tmp_path / "new" / "vigil.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    async with store.read() as tx:
        assert await tx.value(text("PRAGMA journal_mode")) == "wal"
        assert await tx.value(text("PRAGMA synchronous")) == 2
    await store.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_what_is_written_is_there_after_reopening(database_url: str, now):
    store = await Store.open(database_url)
    async with store.write() as tx:
        added = await sources.add(tx, NewSource("https://a.example/feed", "A"), now)
    await store.close()
    store = await Store.open(database_url)
    async with store.read() as tx:
        assert await sources.get(tx, added.id) == added
    await store.close()


async def test_an_error_undoes_the_whole_transaction(store: Store, now):
    async def fail() -> None:
        async with store.write() as tx:
            await sources.add(tx, NewSource("https://a.example/feed"), now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read() as tx:
        assert await sources.health(tx) == []


async def test_a_cancelled_write_leaves_nothing_and_holds_up_nobody(store: Store, now):
    begun = asyncio.Event()

    async def write_and_wait() -> None:
        async with store.write() as tx:
            await sources.add(tx, NewSource("https://a.example/feed"), now)
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.write() as tx:
        assert await sources.health(tx) == []
        await sources.add(tx, NewSource("https://b.example/feed"), now)


async def test_writers_take_turns(store: Store):
    async with store.write() as tx:
        await tx.run(text("INSERT INTO setting (key, value) VALUES ('n', '0')"))

    async def count() -> None:
        async with store.write() as tx:
            lock = "" if store.dialect == "sqlite" else " FOR UPDATE"
            seen = await tx.value(text(f"SELECT value FROM setting WHERE key = 'n'{lock}"))
            await asyncio.sleep(0)
            await tx.run(text(f"UPDATE setting SET value = '{int(seen) + 1}' WHERE key = 'n'"))

    await asyncio.gather(*(count() for _ in range(20)))
    async with store.read() as tx:
        assert await tx.value(text("SELECT value FROM setting")) == "20"


async def test_a_reader_is_not_held_up_by_a_writer(store: Store, now):
    async with store.write() as writing:
        await sources.add(writing, NewSource("https://a.example/feed"), now)
        async with store.read() as reading:
            assert await sources.health(reading) == []


async def test_a_reader_sees_one_moment(store: Store, now):
    async with store.read() as reading:
        assert await sources.health(reading) == []
        async with store.write() as writing:
            await sources.add(writing, NewSource("https://a.example/feed"), now)
        assert await sources.health(reading) == []
    async with store.read() as reading:
        assert len(await sources.health(reading)) == 1


async def test_a_writer_waits_for_another_process_to_end(sqlite_url: str, now):
    here, there = await Store.open(sqlite_url), await Store.open(sqlite_url)

    async def add() -> None:
        async with there.write() as tx:
            assert len(await sources.health(tx)) == 1
            await sources.add(tx, NewSource("https://b.example/feed"), now)

    async with here.write() as tx:
        await sources.add(tx, NewSource("https://a.example/feed"), now)
        other = asyncio.create_task(add())
        await asyncio.sleep(0.05)
        assert not other.done()
    await other
    await here.close()
    await there.close()


async def test_a_full_disk_is_named_and_leaves_nothing_half_written(sqlite_store: Store, now):
    async def fill() -> None:
        async with sqlite_store.write() as tx:
            await tx.run(text("PRAGMA max_page_count = 1"))
            await sources.declare(
                tx, [NewSource(f"https://{n}.example/feed") for n in range(5000)], now
            )

    with pytest.raises(StoreError, match="is full: make room"):
        await fill()
    async with sqlite_store.read() as tx:
        assert await sources.health(tx) == []


async def test_a_server_that_restarts_costs_one_sentence_at_most(postgres_url: str, now):
    store, other = await Store.open(postgres_url), await Store.open(postgres_url)
    async with store.write() as tx:
        await sources.add(tx, NewSource("https://a.example/feed"), now)

    async def cut_off() -> None:
        async with store.write() as tx:
            await sources.health(tx)
            async with other.write() as killing:
                await killing.rows(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                        "datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            await sources.remove(tx, 1, now)

    with pytest.raises(StoreError, match=r"^PostgreSQL at .*[.]$"):
        await cut_off()
    async with store.write() as tx:
        assert len(await sources.health(tx)) == 1
    await store.close()
    await other.close()


async def test_a_driver_error_becomes_one_sentence(store: Store):
    with pytest.raises(StoreError, match=r"^(The database|PostgreSQL at) .* could not be used"):
        async with store.read() as tx:
            await tx.run(text("SELECT * FROM nowhere"))


async def test_who_waits_is_woken_after_the_commit(store: Store):
    waiting = asyncio.create_task(store.woken("outbox", 10))
    async with store.write() as tx:
        store.wake("outbox", tx)
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting


async def test_a_call_before_the_wait_is_not_missed_and_counts_once(store: Store):
    async with store.write() as tx:
        store.wake("outbox", tx)
    assert await store.woken("outbox", 10)
    assert not await store.woken("outbox", 0.01)
    assert not await store.woken("watches", 0.01)


async def test_nobody_is_woken_by_what_was_undone(store: Store):
    async def fail() -> None:
        async with store.write() as tx:
            store.wake("outbox", tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert not await store.woken("outbox", 0.01)


async def test_postgresql_carries_the_word_to_another_process(postgres_url: str):
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    assert not await there.woken("outbox", 0.5)
    waiting = asyncio.create_task(there.woken("outbox", 10))
    async with here.write() as tx:
        here.wake("outbox", tx)
    assert await waiting
    await here.close()
    await there.close()


async def test_a_lost_listener_listens_again(postgres_url: str):
    here, there = await Store.open(postgres_url), await Store.open(postgres_url)
    assert not await there.woken("outbox", 0.5)
    async with here.write() as tx:
        await tx.rows(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                "datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )
    for _ in range(20):
        async with here.write() as tx:
            here.wake("outbox", tx)
        if await there.woken("outbox", 0.5):
            break
    else:
        pytest.fail("never woken again")
    await here.close()
    await there.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root@localhost/vigil", "asks for mysql"),
        ("no address at all", "can't be read"),
        ("sqlite+aiosqlite://", "needs a file"),
        ("postgresql+asyncpg://nobody@127.0.0.1:1/none", "127.0.0.1:1 does not answer"),
        ("sqlite+aiosqlite:////proc/nowhere/vigil.db", "/proc/nowhere/vigil.db can't be opened"),
    ],
)
async def test_an_address_that_leads_nowhere_is_named(url: str, says: str):
    with pytest.raises(StoreError, match=says):
        await Store.open(url)


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    path = tmp_path / "vigil.db"
    path.write_text("a shopping list" * 100)
    with pytest.raises(StoreError, match="is not a database"):
        await Store.open(f"sqlite+aiosqlite:///{path}")
    assert path.read_text().startswith("a shopping list")


async def test_a_missing_database_on_the_server_is_named(postgres_url: str):
    with pytest.raises(StoreError, match="has no database vigil_absent"):
        await Store.open(postgres_url.rpartition("/")[0] + "/vigil_absent")
