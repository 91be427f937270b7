"""A database of every earlier schema, with a row in each of its tables, is brought up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Connection, MetaData, Table, inspect, text
from sqlalchemy import types as sql

import migrations
from store.dialects import make_engine, read_address
from store.engine import Store
from store.upgrade import newest

EARLIER = [f"{number:04}" for number in range(1, int(newest()))]
AT = 1605725460.0


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that does not even have a schema."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


@pytest.mark.parametrize("schema", EARLIER)
async def test_every_row_of_an_older_database_survives(bare_url: str, schema: str) -> None:
    engine = make_engine(read_address(bare_url))
    async with engine.execution_options(write=True).begin() as conn:
        await conn.run_sync(build, schema)
    async with engine.execution_options(write=True).begin() as conn:
        before = await conn.run_sync(fill)
    await engine.dispose()
    assert len(before) > 15
    store = await Store.open(bare_url)
    try:
        async with store.read() as tx:
            assert await tx.value(text("SELECT version_num FROM alembic_version")) == newest()
            for table, row in before.items():
                kept = await tx.rows(text(f'SELECT * FROM "{table}"'))
                assert [row.items() <= dict(one._mapping).items() for one in kept] == [True], table
    finally:
        await store.close()


def build(conn: Connection, schema: str) -> None:
    """Make the schema of that number, by the migrations up to it."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = conn
    command.upgrade(config, schema)


def fill(conn: Connection) -> dict[str, dict[str, object]]:
    """Put one row into each table; return what each holds."""
    meta = MetaData()
    names = [one for one in inspect(conn).get_table_names() if not is_ours_alone(one)]
    meta.reflect(conn, only=names)
    rows = {}
    for table in meta.sorted_tables:
        rows[table.name] = {one.name: value(table, one) for one in table.columns}
        conn.execute(table.insert(), [rows[table.name]])
    return rows


def is_ours_alone(table: str) -> bool:
    """Whether a table is not the program's: alembic's own, a full-text index's parts."""
    return table == "alembic_version" or table.startswith("item_word")


def value(table: Table, column: Column[object]) -> object:
    """Return something that a column of this type takes."""
    match column.type:
        case sql.Boolean():
            return True
        case sql.Integer():
            return 1
        case sql.Float():
            return AT
        case sql.LargeBinary():
            return b"1234567890123456"
        case _:
            return f"{table.name} {column.name}"
