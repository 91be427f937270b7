"""What differs between SQLite and PostgreSQL when a database is opened."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from model import StoreError
from store.faults import worded

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_BUSY_SECONDS = 5
_SWITCH_TRIES = 50
_SWITCH_PAUSE = 0.02
"""Seconds between two tries to switch to WAL."""
READING: dict[str, dict[str, Any]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
"""What makes a transaction see one moment; SQLite's always do."""


def read_address(url: str) -> URL:
    """Return the address of a database, its driver filled in; StoreError when it is none."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(
            "[database] url can't be read: write postgresql+asyncpg://user:password@host/name, "
            "or leave it empty for SQLite."
        ) from None
    dialect = address.get_backend_name()
    if dialect not in _DRIVERS:
        raise StoreError(
            f"[database] url asks for {dialect}: vigil keeps its data in SQLite or PostgreSQL "
            "(postgresql+asyncpg://user:password@host/name)."
        )
    if dialect == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError("SQLite needs a file: write sqlite+aiosqlite:///path/to/vigil.db.")
    return address.set(drivername=_DRIVERS[dialect])


def prepare_file(address: URL) -> None:
    """Make sure that an SQLite file is there, for its owner only, with a write-ahead log.

    The log's mode is kept in the file; switching to it is refused while others look, so it is
    done here once and not on each connection. StoreError when the place can't be written to.
    """
    if address.get_backend_name() != "sqlite":
        return
    path = Path(str(address.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as conn:
            mode = conn.execute("PRAGMA journal_mode").fetchone()[0]
            if mode != "wal":
                mode = _switch_to_wal(conn)
    except (OSError, sqlite3.Error) as error:
        raise worded(error, address) from error
    if mode != "wal":
        raise StoreError(f"{path} lies on a disk without shared memory: choose a local data_dir.")


def _switch_to_wal(conn: sqlite3.Connection) -> str:
    """Return the mode after asking for WAL, waiting for other processes that ask as well: the
    switch itself does not wait, it is refused at once.
    """
    for _ in range(_SWITCH_TRIES):
        conn.execute("BEGIN EXCLUSIVE")
        conn.execute("ROLLBACK")
        with contextlib.suppress(sqlite3.OperationalError):
            return str(conn.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        time.sleep(_SWITCH_PAUSE)
    return str(conn.execute("PRAGMA journal_mode = WAL").fetchone()[0])


def make_engine(address: URL) -> AsyncEngine:
    """Return the engine for `address`, with pragmas and transactions set up on SQLite."""
    try:
        if address.get_backend_name() == "sqlite":
            engine = create_async_engine(address, connect_args={"timeout": _BUSY_SECONDS})
            event.listen(engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
            return engine
        return create_async_engine(address, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs one more package: install vigil-bot[postgres] (asyncpg)."
        ) from error


def _set_up_sqlite(conn: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - any driver's
    """Take transactions into our own hands, and let a commit mean that it is on the disk."""
    conn.isolation_level = None
    cursor = conn.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    """Begin at once, since the driver would not for DDL; a writer takes its turn here, because
    a reader that turns writer later ignores the busy timeout.
    """
    writing = conn.get_execution_options().get("write", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
