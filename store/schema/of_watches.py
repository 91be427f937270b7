"""Watches: what is looked for, whom it is told, what is hidden or kept of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Text, literal_column

from store.columns import Id, Instant, Prose
from store.schema.making import keyed, meta

watch = keyed(
    "watch",
    Column("name_key", Prose, nullable=False),
    Column("visitor", Id, nullable=False, server_default="0"),
    Column("wish", Prose, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("muted_until", Instant),
    Column("created_by", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index(
        "uq_watch_name",
        "name_key",
        "visitor",
        unique=True,
        sqlite_where=literal_column("removed_at IS NULL"),
        postgresql_where=literal_column("removed_at IS NULL"),
    ),
)

watch_subscriber = Table(
    "watch_subscriber",
    meta,
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
)

watch_never = Table(
    "watch_never",
    meta,
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("phrase", Prose, primary_key=True),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Rules made in chats, kept beside the Watch so that config.toml can't take them away."""

watch_log = Table(
    "watch_log",
    meta,
    Column("mark", Id, primary_key=True, autoincrement=True),
    Column("watch_id", Id, nullable=False),
    Column("what", Text, nullable=False),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

hidden = Table(
    "hidden",
    meta,
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
)

kept = Table(
    "kept",
    meta,
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What people called right: the opposite of `hidden`."""
