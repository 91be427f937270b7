"""Bring a database to the newest schema at start: all of it or nothing, one process at a time."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations
from model import StoreError

_LOCK = 0x7669_6769_6C
"""The advisory lock of PostgreSQL that upgrades share ("vigil" in ASCII)."""


async def upgrade(engine: AsyncEngine) -> None:
    """Apply the migrations that are missing, in one transaction under a lock.

    Starts at the same moment wait for each other; a kill half-way leaves nothing behind
    (SQLite: BEGIN IMMEDIATE, sent by `dialects`; PostgreSQL: DDL is transactional).
    Raises StoreError when a newer vigil wrote the database.
    """
    async with engine.connect() as conn:
        done = await conn.run_sync(_version)
    if done == newest():
        return
    async with engine.execution_options(write=True).begin() as conn:
        if conn.dialect.name == "postgresql":
            await conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await conn.run_sync(_apply)


def newest() -> str:
    """Return the number of the newest migration, which is the schema this vigil knows."""
    return max(_known())


def _known() -> set[str]:
    return {file.name.partition("_")[0] for file in (_folder() / "versions").glob("[0-9]*.py")}


def _folder() -> Path:
    return Path(migrations.__file__).parent


def _version(conn: Connection) -> str | None:
    """Return the schema's number; None for a database that is still empty."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    done = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if done is not None and done not in _known():
        raise StoreError(
            f"This database was written by a newer vigil (schema {done}, known here up to "
            f"{newest()}): update vigil, or restore an older backup."
        )
    return done


def _apply(conn: Connection) -> None:
    """Run alembic on this connection, whose transaction is already ours."""
    # Loaded here because most starts find nothing to do, and alembic costs a tenth of a second.
    from alembic import command
    from alembic.config import Config

    if _version(conn) == newest():
        return
    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
