"""Sources: where they are, when each is asked again, what was last answered."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, LargeBinary, Table, Text

from store.columns import Id, Instant, Prose
from store.schema.making import HOT, keyed, meta

source = keyed(
    "source",
    Column("url", Prose, nullable=False, unique=True),
    Column("base", Prose, nullable=False, unique=True),
    Column("host", Prose, nullable=False),
    Column("name", Prose, nullable=False),
    Column("kind", Text, nullable=False),
    Column("tags", Prose, nullable=False),
    Column("lang", Text, nullable=False),
    Column("declared_interval", Double),
    Column("declared", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("off_since", Instant),
    Column("told", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

source_pace = Table(
    "source_pace",
    meta,
    Column("source_id", Id, primary_key=True, autoincrement=False),
    Column("next_due", Instant),
    Column("lease_until", Double, nullable=False),
    Column("lease_owner", Text, nullable=False),
    Column("lease_epoch", Integer, nullable=False),
    Column("interval", Double, nullable=False),
    Column("rate", Double, nullable=False),
    Column("rate_at", Instant),
    Column("fails", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("last_ok", Instant),
    Column("last_new", Instant),
    Column("error", Prose, nullable=False),
    Index("ix_source_pace_due", "next_due"),
    postgresql_with=HOT,
)
"""`next_due` is NULL for a Source that isn't asked; `lease_until` is in the database's time."""

source_state = Table(
    "source_state",
    meta,
    Column("source_id", Id, primary_key=True, autoincrement=False),
    Column("etag", Prose, nullable=False),
    Column("last_modified", Prose, nullable=False),
    Column("validators_at", Instant),
    Column("items_hash", LargeBinary, nullable=False),
    Column("known", LargeBinary, nullable=False),
    Column("first_polled", Instant),
    Column("moved_to", Prose, nullable=False),
    Column("moved_times", Integer, nullable=False),
    Column("items", Integer, nullable=False),
)
