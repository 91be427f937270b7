"""What all tables share: one metadata, and how a table is made whose ids are never reused."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.schema import SchemaItem

from store.columns import Id

meta = MetaData()

HOT = {"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02}
"""PostgreSQL: room in each page for updates in place, and vacuum before bloat."""


def keyed(name: str, *parts: SchemaItem) -> Table:
    """Return a table whose `id` counts up and is never given twice."""
    number = Column("id", Id, primary_key=True, autoincrement=True)
    return Table(name, meta, number, *parts, sqlite_autoincrement=True)
