"""CourtListener: what its quota allows, what it pushed, what it is asked."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from store.columns import Id, Instant, Prose
from store.schema.making import keyed, meta

quota_call = keyed(
    "quota_call",
    Column("at", Instant, nullable=False),
    Column("purpose", SmallInteger, nullable=False),
    Index("ix_quota_call_at", "at"),
)
"""Each request of the last day, whichever process made it."""

quota_limit = Table(
    "quota_limit",
    meta,
    Column("window", Text, primary_key=True),
    Column("most", Integer, nullable=False),
    Column("until", Instant),
)
"""What CourtListener's answers said of a window, and in the row "pause" until when it wants to
be left alone.
"""

push_inbox = keyed(
    "push_inbox",
    Column("key", Prose, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("event", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("done_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("error", Prose, nullable=False),
    UniqueConstraint("key", "digest", name="uq_push_inbox_key"),
    Index(
        "ix_push_inbox_pending",
        "id",
        sqlite_where=literal_column("done_at IS NULL"),
        postgresql_where=literal_column("done_at IS NULL"),
    ),
)

watch_search = Table(
    "watch_search",
    meta,
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("given", Boolean, nullable=False),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("spellings", Prose),
)
"""Whether a Watch's name may go to CourtListener's search, and which spellings of it (NULL: its
name alone); no row: nobody was asked.
"""

docket_ask = Table(
    "docket_ask",
    meta,
    Column("docket_id", Text, primary_key=True),
    Column("mark", Instant),
    Column("asked_at", Instant),
    Column("wanted_at", Instant),
    Column("known", Boolean, nullable=False),
)
"""What was last asked of a docket: `mark` is the latest modification seen, `wanted_at` since when
another way has told that there is more to know, `known` whether the docket itself was looked up.
"""

court_alert = Table(
    "court_alert",
    meta,
    Column("sort", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("alert_id", Text, nullable=False),
    Column("armed_at", Instant, nullable=False),
    Column("query", Prose, nullable=False),
)
"""The alerts CourtListener keeps for us: of a docket ("docket", its id) or of a Watch's name
("search", the Watch's id).
"""
