"""Copies of an SQLite database, made and put back through its backup API.

A running vigil may go on meanwhile: the API copies one moment. A plain file copy would not.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from model import StoreError
from store.dialects import prepare_file, read_address
from store.engine import Store
from store.faults import worded

_ONLY_SQLITE = "This is for SQLite; PostgreSQL is copied with pg_dump and put back with pg_restore."
_BUSY_SECONDS = 5
_MAY_BE_TOLD = "UPDATE delivery SET repeat = 1 WHERE state = 'due' AND kind = 'send'"


async def backup(store: Store, path: Path) -> None:
    """Write a copy of the database to `path`, for its owner only; nothing half-written stays.

    Raises StoreError for PostgreSQL, and when the place can't be written.
    """
    source = _file(store.url)
    try:
        await asyncio.to_thread(_copy, source, path)
    except (OSError, sqlite3.Error) as error:
        raise worded(error, store.url.set(database=str(path))) from error


async def restore(path: Path, url: str, *, grouped: bool = True) -> Path:
    """Put the copy at `path` in the place of the database at `url`; returns where the one before
    was kept (a file beside it). Stop vigil first.

    A copy does not know what was told after it was made. What waits in it is sent with the mark
    of a repeat, and with `grouped` each Source's next answer is told as one message, like that of
    a new Source, instead of one for each article since.

    Raises StoreError when `path` is no whole database of vigil, or the place can't be written.
    """
    address = read_address(url)
    target = _file(address)
    await asyncio.to_thread(_check, path, address)
    kept = _free_name(target)
    try:
        await asyncio.to_thread(prepare_file, address)
        await asyncio.to_thread(_copy, target, kept)
        await asyncio.to_thread(_put_back, path, target, grouped=grouped)
    except (OSError, sqlite3.Error) as error:
        raise worded(error, address) from error
    return kept


def _file(address: URL) -> Path:
    if address.get_backend_name() != "sqlite":
        raise StoreError(_ONLY_SQLITE)
    return Path(str(address.database))


def _free_name(target: Path) -> Path:
    """Return a name beside `target` that nothing has yet."""
    number = 1
    while (free := target.with_name(f"{target.name}.before-{number}")).exists():
        number += 1
    return free


def _copy(source: Path, path: Path) -> None:
    """Copy a database to a new file, which appears only when it is whole."""
    half = path.with_name(path.name + ".part")
    os.close(os.open(half, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
    try:
        _copy_into(source, half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _put_back(path: Path, target: Path, *, grouped: bool) -> None:
    """Make `target` hold the copy, as one that knows nothing of what came after it."""
    half = target.with_name(target.name + ".part")
    try:
        _copy(path, half)
        with closing(sqlite3.connect(half)) as conn, conn:
            conn.execute(_MAY_BE_TOLD)
            if grouped:
                conn.execute("UPDATE source_state SET first_polled = NULL")
        _copy_into(half, target)
    finally:
        half.unlink(missing_ok=True)


def _copy_into(source: Path, target: Path) -> None:
    """Make `target` hold what `source` holds, in one transaction."""
    with (
        closing(_connect(source)) as from_this,
        closing(sqlite3.connect(target, timeout=_BUSY_SECONDS)) as to_this,
    ):
        # In one go: between steps a write would start it over, and a reader of a
        # write-ahead log holds up no writer.
        from_this.backup(to_this)
        to_this.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check(path: Path, address: URL) -> None:
    """Make sure that a copy is whole and ours before anything is replaced."""
    here = address.set(database=str(path))
    try:
        with closing(_connect(path)) as conn:
            (sound,) = conn.execute("PRAGMA quick_check").fetchone()
            ours = conn.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'seen_key')"
            ).fetchone()
    except (OSError, sqlite3.Error) as error:
        raise worded(error, here) from error
    if sound != "ok":
        raise StoreError(f"{path} is damaged: take another copy. Nothing was changed.")
    if ours != (2,):
        raise StoreError(f"{path} is no copy of a database of vigil. Nothing was changed.")


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file that must exist, to read."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
