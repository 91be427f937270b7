"""What every test can ask for."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, make_url

from store.engine import Store
from tests.loopback import sitecustomize as _only_loopback  # noqa: F401 - it watches from now on

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
POSTGRES = os.environ.get("VIGIL_TEST_POSTGRES", "")
NO_POSTGRES = "needs VIGIL_TEST_POSTGRES, the address of a PostgreSQL server for tests"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party material for tests; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of third-party test material")
    return SHARED


@pytest.fixture
def now() -> datetime:
    """The moment at which a test takes place: the hearing of 18 November 2020."""
    return datetime(2020, 11, 18, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite database, made once: copying it is cheaper than making another."""
    path = tmp_path_factory.mktemp("template") / "vigil.db"
    asyncio.run(_make(f"sqlite+aiosqlite:///{path}"))
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """The name of a PostgreSQL database for one worker's tests; skips without a server."""
    if not POSTGRES:
        pytest.skip(NO_POSTGRES)
    name = f"vigil_test_{uuid4().hex[:12]}"
    asyncio.run(_ask_server(f'CREATE DATABASE "{name}"'))
    asyncio.run(_ask_server(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    asyncio.run(_make(on_server(name)))
    yield name
    asyncio.run(_ask_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an SQLite database of this test's own."""
    path = tmp_path / "vigil.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o600)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def postgres_url(postgres_database: str) -> AsyncIterator[str]:
    """The address of a PostgreSQL database with nothing in it. One after the other has the same:
    emptying it takes a hundredth of the time of making another.
    """
    yield on_server(postgres_database)
    await _ask_server(_EMPTY, postgres_database)


@pytest.fixture
async def bare_postgres_url() -> AsyncIterator[str]:
    """The address of a PostgreSQL database that is really new: not even the schema is there."""
    if not POSTGRES:
        pytest.skip(NO_POSTGRES)
    name = f"vigil_bare_{uuid4().hex[:12]}"
    await _ask_server(f'CREATE DATABASE "{name}"')
    yield on_server(name)
    await _ask_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database of this test's own: the test runs once on each kind."""
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store with nothing in it, once on SQLite and once on PostgreSQL."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    """An open store on SQLite only, for tests that are not about the store."""
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


def on_server(name: str) -> str:
    """Return the address of database `name` on the test server."""
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


async def _make(url: str) -> None:
    await (await Store.open(url)).close()


async def _ask_server(statement: str, database: str | None = None) -> None:
    import asyncpg

    server: URL = make_url(POSTGRES).set(drivername="postgresql")
    if database is not None:
        server = server.set(database=database)
    conn = await asyncpg.connect(server.render_as_string(hide_password=False))
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


_EMPTY = """
DO $$
DECLARE one record; filled boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR one IN SELECT tablename AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one.name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', one.name); END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences;
END $$
"""
"""Ends what a failed test left open, deletes all rows, counts from 1 again."""
