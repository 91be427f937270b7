"""Conversation and upkeep: buttons, updates, leases, settings."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, Table, Text, literal_column

from store.columns import Id, Instant, Prose
from store.schema.making import meta

button = Table(
    "button",
    meta,
    Column("token", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("args", Prose, nullable=False),
    Column("who", Id, nullable=False),
    Column("alert_id", Id, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Index("ix_button_alert", "alert_id"),
)

inbox = Table(
    "inbox",
    meta,
    Column("update_id", Id, primary_key=True, autoincrement=False),
    Column("body", Prose, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("error", Prose, nullable=False),
    Index(
        "ix_inbox_pending",
        "update_id",
        sqlite_where=literal_column("done_at IS NULL"),
        postgresql_where=literal_column("done_at IS NULL"),
    ),
)

lease = Table(
    "lease",
    meta,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Double, nullable=False),
    Column("epoch", Integer, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    meta,
    Column("part", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

setting = Table(
    "setting",
    meta,
    Column("key", Text, primary_key=True),
    Column("value", Prose, nullable=False),
)
