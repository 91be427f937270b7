"""Stories, Alerts and Deliveries: what is told, to whom, and how far that has got."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    false,
    literal_column,
)

from store.columns import Id, Instant, Prose
from store.schema.making import HOT, keyed, meta

story = keyed("story", Column("at", Instant, nullable=False))

story_item = Table(
    "story_item",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("story_id", Id, nullable=False),
    Index("ix_story_item_story", "story_id"),
)

alert = keyed(
    "alert",
    Column("subscriber_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("story_id", Id, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("edited_at", Instant),
    Column("hidden_at", Instant),
    Column("hidden_by", Prose, nullable=False),
    Column("notice", Prose, nullable=False),
    Column("about", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("headline", Prose, nullable=False, server_default=""),
    Column("silent", Boolean, nullable=False, server_default=false()),
    Index("ix_alert_at", "at"),
    Index("ix_alert_subscriber", "subscriber_id", "at"),
)
"""`story_id` and `item_id` are 0 where there is none (a backlog, a notice); `headline`: what an
editor wrote instead of the article's.
"""

alert_watch = Table(
    "alert_watch",
    meta,
    Column("alert_id", Id, primary_key=True, autoincrement=False),
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Index("ix_alert_watch_watch", "watch_id", "alert_id"),
)

alert_item = Table(
    "alert_item",
    meta,
    Column("alert_id", Id, primary_key=True, autoincrement=False),
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Index("ix_alert_item_item", "item_id", "alert_id"),
)

alert_join = Table(
    "alert_join",
    meta,
    Column("alert_id", Id, primary_key=True, autoincrement=False),
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("how", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""By what the Items that joined an Alert were known to tell the same."""

alert_tie = Table(
    "alert_tie",
    meta,
    Column("alert_id", Id, primary_key=True, autoincrement=False),
    Column("other_id", Id, nullable=False),
    Column("bond", Text, nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_alert_tie_other", "other_id"),
)
"""What an Alert has to do with an earlier one of the same reader."""

message = Table(
    "message",
    meta,
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
    Column("message_id", Id, primary_key=True, autoincrement=False),
    Column("alert_id", Id, nullable=False),
    Column("part", SmallInteger, nullable=False),
    Index("ix_message_alert", "alert_id", "part"),
)
"""Which message in a chat is which Alert; a long Alert has several parts."""

note = keyed(
    "note",
    Column("alert_id", Id, nullable=False),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Prose, nullable=False),
    Index("ix_note_alert", "alert_id"),
)
"""What people wrote in reply to an Alert."""

delivery = keyed(
    "delivery",
    Column("alert_id", Id, nullable=False),
    Column("subscriber_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Instant),
    Column("repeat", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("error", Prose, nullable=False),
    Column("held", Text, nullable=False, server_default=""),
    Column("group_id", Id),
    Index("ix_delivery_alert", "alert_id"),
)
"""`held`: why it is, or was, held back (`model.rhythm.Hold`); `group_id`: the Alert that tells it
together with others.
"""

IS_DUE = delivery.c.state == literal_column("'due'")
IS_SENDING = delivery.c.state == literal_column("'sending'")
IS_HELD = delivery.c.state == literal_column("'held'")
"""Written out rather than bound: only then does the planner see that a partial index serves."""

Index(
    "ix_delivery_lane",
    delivery.c.subscriber_id,
    delivery.c.priority,
    delivery.c.id,
    sqlite_where=literal_column("state = 'due'"),
    postgresql_where=literal_column("state = 'due'"),
)
Index(
    "ix_delivery_sending",
    delivery.c.id,
    sqlite_where=literal_column("state = 'sending'"),
    postgresql_where=literal_column("state = 'sending'"),
)

Index(
    "ix_delivery_held",
    delivery.c.subscriber_id,
    delivery.c.id,
    sqlite_where=literal_column("state = 'held'"),
    postgresql_where=literal_column("state = 'held'"),
)

alert_group = Table(
    "alert_group",
    meta,
    Column("group_id", Id, primary_key=True, autoincrement=False),
    Column("alert_id", Id, primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False),
    Index("ix_alert_group_alert", "alert_id"),
)
"""Which Alerts are told in one message, in order: `group_id` is that message's own Alert."""

rhythm = Table(
    "rhythm",
    meta,
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
    Column("zone", Text, nullable=False),
    Column("quiet", Text, nullable=False),
    Column("quiet_loud", Boolean, nullable=False),
    Column("digest", Text, nullable=False),
    Column("digest_empty", Boolean, nullable=False),
    Column("digest_only", Boolean, nullable=False),
    Column("digest_last", Instant),
    Column("review", Boolean, nullable=False),
    Column("review_to", Id, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("what", Text, nullable=False),
    Column("level", Text, nullable=False),
)
"""How a Subscriber wants to be told; no row: as is usual. `digest_last`: up to when it was told."""

lane = Table(
    "lane",
    meta,
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
    Column("priority", SmallInteger, nullable=False),
    Column("ready_at", Instant),
    Column("paused_until", Instant),
    Index("ix_lane_ready", "priority", "ready_at", "subscriber_id"),
    postgresql_with=HOT,
)
"""One Subscriber's queue: when it is worth looking at (NULL: nothing waits there), and how
urgent its first Delivery is. Both may be early, never late.
"""
