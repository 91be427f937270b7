"""Migrations at start: once, whole or not at all, the same schema that the code knows."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from model import NewSource, StoreError
from store import sources
from store.dialects import make_engine, read_address
from store.engine import Store
from store.tables import meta
from store.upgrade import newest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that does not even have a schema."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


def start(script: str, *args: str) -> subprocess.Popen[str]:
    """Another process that runs `script` with the project's modules."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *args],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    return await asyncio.to_thread(process.communicate, timeout=60)


START_SIX = """
import asyncio, os, sys
import alembic.command  # loaded once, before the processes part
from store.engine import Store

async def main():
    await (await Store.open(sys.argv[1])).close()

gate, opened = os.pipe()
children = []
for _ in range(6):
    if child := os.fork():
        children.append(child)
        continue
    os.close(opened)
    os.read(gate, 1)
    asyncio.run(main())
    os._exit(0)
os.close(opened)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


async def test_six_simultaneous_starts_all_succeed(bare_url: str):
    process = start(START_SIX, bare_url)
    _, said = await finish(process)
    assert (process.returncode, said) == (0, "")
    store = await Store.open(bare_url)
    async with store.read() as tx:
        assert await tx.value(text("SELECT count(*) FROM alembic_version")) == 1
    await store.close()


DIE_HALF_WAY = """
import asyncio, os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from store.engine import Store

made = 0

@event.listens_for(Engine, "after_cursor_execute")
def count(conn, cursor, statement, *rest):
    global made
    made += statement.lstrip().startswith("CREATE TABLE")
    if made == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(Store.open(sys.argv[1]))
"""


@pytest.mark.parametrize("tables", ["1", "12"])
async def test_a_start_killed_half_way_leaves_nothing_behind(bare_url: str, tables: str):
    process = start(DIE_HALF_WAY, bare_url, tables)
    await finish(process)
    assert process.returncode == -signal.SIGKILL
    engine = make_engine(read_address(bare_url))
    async with engine.connect() as conn:
        assert await conn.run_sync(lambda sync: inspect(sync).get_table_names()) == []
    await engine.dispose()
    await (await Store.open(bare_url)).close()


async def test_the_migrations_build_what_the_code_knows(database_url: str):
    engine = make_engine(read_address(database_url))
    async with engine.connect() as conn:
        assert await conn.run_sync(_differences) == []
    await engine.dispose()


def _differences(conn: Connection) -> list[object]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    # `item_word` is no table of SQLAlchemy's; the test below holds its two definitions together.
    opts = {"compare_type": True, "include_name": lambda name, kind, _: not _is_words(name, kind)}
    context = MigrationContext.configure(conn, opts=opts)
    found: list[object] = compare_metadata(context, meta)
    return found


def _is_words(name: str | None, kind: str) -> bool:
    return kind == "table" and (name or "").startswith("item_word")


async def test_partial_indexes_and_storage_are_as_the_code_says(database_url: str):
    """What comparing metadata does not look at: conditions, and SQLite's and PostgreSQL's own."""
    engine = make_engine(read_address(database_url))
    async with engine.connect() as conn:
        built = await conn.run_sync(_definitions, engine.dialect.name)
        await conn.run_sync(meta.drop_all)
        await conn.run_sync(meta.create_all)
        assert await conn.run_sync(_definitions, engine.dialect.name) == built
        await conn.rollback()
    await engine.dispose()


def _definitions(conn: Connection, dialect: str) -> dict[str, str]:
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND name NOT IN ('alembic_version', 'sqlite_sequence')",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND tablename <> 'alembic_version' UNION ALL SELECT relname, reloptions::text "
        "FROM pg_class WHERE relkind = 'r' AND reloptions IS NOT NULL",
    }[dialect]
    return {name: _essence(" ".join(str(sql).split())) for name, sql in conn.execute(text(query))}


def _essence(sql: str) -> str:
    """Return a definition without a SQLite table's columns, which the test above compares: one
    that was added later stands last, and with the default of those rows that were there.
    """
    if not sql.startswith("CREATE TABLE"):
        return sql
    return f"{'AUTOINCREMENT' in sql} {sql.rpartition(')')[2]}"


async def test_a_database_of_a_newer_vigil_is_left_alone(database_url: str):
    store = await Store.open(database_url)
    async with store.write() as tx:
        await tx.run(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    try:
        with pytest.raises(StoreError, match=r"newer vigil \(schema 9999"):
            await Store.open(database_url)
    finally:
        engine = make_engine(read_address(database_url))
        async with engine.begin() as conn:
            await conn.execute(text(f"UPDATE alembic_version SET version_num = '{newest()}'"))
        await engine.dispose()


async def test_each_migration_is_numbered_and_named_for_its_reason():
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    numbers = [file.name.partition("_")[0] for file in files]
    assert numbers == [f"{n:04}" for n in range(1, len(files) + 1)]
    assert newest() == numbers[-1]
    for number, file in zip(numbers, files, strict=True):
        assert f'revision = "{number}"' in file.read_text()


async def test_the_migrations_work_from_a_package_elsewhere(tmp_path: Path):
    """As when installed: only the packages' files, none of the project's others, another cwd."""
    wheel = tmp_path / "vigil.zip"
    with zipfile.ZipFile(wheel, "w") as archive:
        for package in ("model", "matching", "store", "migrations"):
            for file in (ROOT / package).rglob("*.py"):
                archive.write(file, file.relative_to(ROOT))
    site = tmp_path / "50% site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    script = (
        "import asyncio, sys\n"
        "from store.engine import Store\n"
        "async def main():\n"
        "    await (await Store.open(sys.argv[1])).close()\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    url = f"sqlite+aiosqlite:///{tmp_path / 'vigil.db'}"
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", "-c", script, url],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    store = await Store.open(url)
    async with store.read() as tx:
        assert await sources.by_url(tx, NewSource("x").url) is None
    await store.close()
