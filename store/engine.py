"""The way into the database: open it, read in it, write to it, wake whoever waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import Executable, Row, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from store.bell import Bell
from store.dialects import READING, make_engine, prepare_file, read_address
from store.faults import is_busy, is_database_error, worded
from store.upgrade import upgrade

_BEGIN_TRIES = 3
"""Each waits `busy_timeout` (5 s) for another process's write to end."""


class Tx:
    """An open transaction. Other rooms only hand it on."""

    __slots__ = ("_conn", "topics")

    def __init__(self, conn: AsyncConnection) -> None:
        """Wrap a connection whose transaction has begun."""
        self._conn = conn
        self.topics: set[str] = set()

    @property
    def dialect(self) -> str:
        """Return which database it is: sqlite or postgresql."""
        return self._conn.dialect.name

    def wake(self, topic: str) -> None:
        """Announce `topic` once this transaction has committed."""
        self.topics.add(topic)

    async def rows(
        self, statement: Executable, values: Sequence[dict[str, Any]] | dict[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """Run a statement that answers with rows. No values at all in a list: no rows."""
        if isinstance(values, Sequence) and not values:
            return []
        return (await self._conn.execute(statement, values)).all()

    async def row(self, statement: Executable) -> Row[Any] | None:
        """Run a statement that answers with at most one row."""
        return (await self._conn.execute(statement)).one_or_none()

    async def value(self, statement: Executable) -> Any:  # noqa: ANN401 - whatever was selected
        """Run a statement that answers with one value; None when it answers nothing."""
        return (await self._conn.execute(statement)).scalar()

    async def run(self, statement: Executable) -> int:
        """Run one statement; returns how many rows it touched."""
        return (await self._conn.execute(statement)).rowcount

    async def run_many(self, statement: Executable, values: Sequence[dict[str, Any]]) -> None:
        """Run a statement once for each set of values, in one batch; none: nothing is run
        (an insert with an empty list stores a row of NULLs on PostgreSQL).
        """
        if values:
            await self._conn.execute(statement, values)

    async def alone(self, lock: int) -> None:
        """Wait until nobody else holds this advisory lock of PostgreSQL, and hold it until the
        transaction ends. SQLite has one writer in any case.
        """
        if self.dialect == "postgresql":
            held = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=lock)
            await self._conn.execute(held)

    async def beside(self, lock: int) -> bool:
        """Hold this lock with others who hold it beside us, until the transaction ends; False, at
        once, where somebody holds it alone.
        """
        if self.dialect != "postgresql":
            return True
        held = text("SELECT pg_try_advisory_xact_lock_shared(:lock)").bindparams(lock=lock)
        return bool(await self.value(held))


class Store:
    """An open database. One for each process and event loop; close it when done."""

    def __init__(self, url: URL, engine: AsyncEngine) -> None:
        """Use `open` instead."""
        self.url = url
        self._engine = engine
        self._reading_engine = engine.execution_options(**READING[engine.dialect.name])
        self._writing_engine = engine.execution_options(write=True)
        self._one_writer = asyncio.Lock() if self.dialect == "sqlite" else None
        self._bell = Bell(engine)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database at `url`, made and brought to the newest schema where needed.

        `url`: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://user:password@host/name`.
        Raises StoreError in one sentence when it can't be used.
        """
        address = read_address(url)
        await asyncio.to_thread(prepare_file, address)
        engine = make_engine(address)
        try:
            await upgrade(engine)
        except Exception as error:
            await engine.dispose()
            if is_database_error(error) or isinstance(error, OSError):
                raise worded(error, address) from error
            raise
        return cls(address, engine)

    @property
    def dialect(self) -> str:
        """Return which database it is: sqlite or postgresql."""
        return self._engine.dialect.name

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """Return a transaction that sees one moment of the database and changes nothing."""
        return self._transaction(self._reading_engine)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """Give ONE transaction that may change things: committed at the end, undone on any error.

        On SQLite writers take turns: within this process by a lock, across processes by waiting.
        Keep it short (2,000 Items, 100 ms): dispatch and inbox wait behind it.
        """
        async with (
            self._one_writer or nullcontext(),
            self._transaction(self._writing_engine) as tx,
        ):
            yield tx
            await self._bell.post(tx._conn, tx.topics)
        self._bell.ring(tx.topics)

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Tx]:
        try:
            conn = await _begin(engine)
        except Exception as error:
            if is_database_error(error) or isinstance(error, OSError):
                raise worded(error, self.url) from error
            raise
        try:
            yield Tx(conn)
            await conn.commit()
        except Exception as error:
            if is_database_error(error):
                raise worded(error, self.url) from error
            raise
        finally:  # undoes what was not committed, even while this task is being cancelled
            await asyncio.shield(conn.close())

    async def close(self) -> None:
        """Let go of every connection."""
        await self._bell.close()
        await self._engine.dispose()

    def wake(self, topic: str, tx: Tx) -> None:
        """Announce `topic` ("outbox", "watches", "inbox", "sources") once `tx` has committed.

        The functions of this room announce what they change themselves.
        """
        tx.wake(topic)

    async def woken(self, topic: str, timeout: float) -> bool:  # noqa: ASYNC109 - an answer
        """Wait until somebody announced `topic` since the last call, or `timeout` seconds.

        One waiter for each topic and process. Across processes PostgreSQL carries the word;
        with SQLite only the timeout does, so keep it at a few seconds.
        """
        return await self._bell.wait(topic, timeout)


async def _begin(engine: AsyncEngine) -> AsyncConnection:
    """Return a connection whose transaction has begun, waiting for other processes' writes."""
    for tries_left in reversed(range(_BEGIN_TRIES)):
        conn = await engine.connect()
        try:
            await conn.begin()
        except BaseException as error:
            await conn.close()
            if not tries_left or not is_busy(error):
                raise
        else:
            return conn
    raise AssertionError("unreachable")
