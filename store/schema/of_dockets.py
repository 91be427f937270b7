"""Court dockets: cases, their filings, documents and hearings, and who follows them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from store.columns import Id, Instant, Prose
from store.schema.making import keyed, meta

docket = keyed(
    "docket",
    Column("court", Text, nullable=False),
    Column("number", Prose, nullable=False),
    Column("caption", Prose, nullable=False),
    Column("judge", Prose, nullable=False),
    Column("filed", Text, nullable=False),
    Column("terminated", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("url", Prose, nullable=False),
    Column("parties", Prose, nullable=False),
    Column("gaps", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("due", Instant),
    Index("ix_docket_number", "number", "court"),
    Index("ix_docket_due", "due"),
)
"""`filed` and `terminated` are days as text, empty while unknown; `due`: when a sealed or unknown
docket is to be looked for again; `gaps`: the runs of entries whose absence was said.
"""

docket_ref = Table(
    "docket_ref",
    meta,
    Column("ref", Prose, primary_key=True),
    Column("docket_id", Id, nullable=False),
    Index("ix_docket_ref_docket", "docket_id"),
)
"""By what a docket is known (`matching.filings.docket_names`), with CourtListener's and PACER's
ids. Each names one docket; several ids under one number are one docket.
"""

docket_caption = Table(
    "docket_caption",
    meta,
    Column("docket_id", Id, primary_key=True, autoincrement=False),
    Column("caption", Prose, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""Every caption a docket has had, and when it was first seen."""

following = Table(
    "following",
    meta,
    Column("docket_id", Id, primary_key=True, autoincrement=False),
    Column("level", Text, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("muted_until", Instant),
    Column("hidden", Integer, nullable=False),
    Column("hidden_since", Instant),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
)

following_subscriber = Table(
    "following_subscriber",
    meta,
    Column("docket_id", Id, primary_key=True, autoincrement=False),
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
)

filing = keyed(
    "filing",
    Column("docket_id", Id, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("entry", Integer),
    Column("filed", Text, nullable=False),
    Column("facts", Prose, nullable=False),
    Column("first_seen", Instant, nullable=False),
    UniqueConstraint("item_id", name="uq_filing_item"),
    Index("ix_filing_docket", "docket_id", "id"),
)
"""What is known of one Filing, whichever way it came; `facts` is the whole of it."""

paper = Table(
    "paper",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("url", Prose, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try", Instant),
    Column("queued_at", Instant, nullable=False),
    Column("error", Prose, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("picture", LargeBinary, nullable=False),
    Index("ix_paper_due", "state", "next_try"),
)
"""Public documents of Filings: `state` is "due", "read" or "failed"; `picture`: the first page."""

missed_time = Table(
    "missed_time",
    meta,
    Column("court", Text, primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("until", Instant, nullable=False),
)
"""When a court's own feed was read too late: what it listed only in between was not seen."""

filing_key = Table(
    "filing_key",
    meta,
    Column("key", LargeBinary, primary_key=True),
    Column("filing_id", Id, nullable=False),
    Index("ix_filing_key_filing", "filing_id"),
)
"""A key belongs to one Filing for ever, even when the Item is no longer kept."""

filing_trace = Table(
    "filing_trace",
    meta,
    Column("key", LargeBinary, primary_key=True),
    Column("filing_id", Id, primary_key=True, autoincrement=False),
)
"""By what a Filing without a number may be found from another Route: no identity, a hint."""

hearing = Table(
    "hearing",
    meta,
    Column("docket_id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, primary_key=True),
    Column("what", Prose, primary_key=True),
    Column("has_time", Boolean, nullable=False),
    Column("place", Prose, nullable=False),
    Column("filing_id", Id, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("ix_hearing_at", "at"),
)

hearing_told = Table(
    "hearing_told",
    meta,
    Column("docket_id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, primary_key=True),
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
)
"""Who has been told of which date in court."""

docket_watch = Table(
    "docket_watch",
    meta,
    Column("docket_id", Id, primary_key=True, autoincrement=False),
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)
"""Which Watches have been told that a docket's caption names them."""

possible = Table(
    "possible",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("found", Prose, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_possible_watch", "watch_id", "at"),
    Index("ix_possible_at", "at"),
)
"""Mentions too weak to count and too good to lose, kept for a month."""

alert_docket = Table(
    "alert_docket",
    meta,
    Column("alert_id", Id, primary_key=True, autoincrement=False),
    Column("docket_id", Id, nullable=False),
    Column("followed", Boolean, nullable=False),
    Column("possible", Boolean, nullable=False),
    Column("changes", Text, nullable=False),
    Index("ix_alert_docket_docket", "docket_id", "alert_id"),
)
"""Of an Alert about a docket: which, whether its reader follows it, and what has changed."""
