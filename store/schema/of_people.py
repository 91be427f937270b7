"""People: who hears, who may command, who asked to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Table, Text, UniqueConstraint

from store.columns import Id, Instant, Prose
from store.schema.making import keyed, meta

subscriber = keyed(
    "subscriber",
    Column("courier", Text, nullable=False),
    Column("address", Prose, nullable=False),
    Column("thread", Id, nullable=False),
    Column("title", Prose, nullable=False),
    Column("chat", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("name", Prose, nullable=False),
    Column("why", Boolean, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("parked_since", Instant),
    Column("parked_why", Prose, nullable=False),
    Column("muted_until", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("courier", "address", "thread", name="uq_subscriber_address"),
)

member = Table(
    "member",
    meta,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Prose, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

claim_code = Table(
    "claim_code",
    meta,
    Column("code", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

stranger = Table(
    "stranger",
    meta,
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("answered_at", Instant, nullable=False),
)
