"""The schema, as the code sees it; `migrations/` builds it, and a test holds the two together.

What is touched at every poll is narrow and apart from what is wide (why:
docs/notes/why-due-times-live-in-the-database.md). There are no foreign keys: histories outlive
what they speak of (seen keys their Items, Alerts their Watches), and a row is never reused for
something else, since ids only grow.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    column,
    event,
    false,
    literal_column,
    table,
)
from sqlalchemy.schema import SchemaItem

from store.columns import Id, Instant, Prose

meta = MetaData()

_HOT = {"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02}
"""PostgreSQL: room in each page for updates in place, and vacuum before bloat."""


def _keyed(name: str, *parts: SchemaItem) -> Table:
    """Return a table whose `id` counts up and is never given twice."""
    number = Column("id", Id, primary_key=True, autoincrement=True)
    return Table(name, meta, number, *parts, sqlite_autoincrement=True)


# -- Sources ---------------------------------------------------------------------------------

source = _keyed(
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
    postgresql_with=_HOT,
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

# -- Items -----------------------------------------------------------------------------------

item = _keyed(
    "item",
    Column("source_id", Id, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("url_key", LargeBinary, nullable=False),
    Column("title_key", LargeBinary, nullable=False),
    Column("guid", Prose, nullable=False),
    Column("url", Prose, nullable=False),
    Column("title", Prose, nullable=False),
    Column("summary", Prose, nullable=False),
    Column("text", Prose, nullable=False),
    Column("lang", Prose, nullable=False),
    Column("author", Prose, nullable=False),
    Column("published", Prose, nullable=False),
    Column("published_at", Instant),
    Column("first_seen", Instant, nullable=False),
    UniqueConstraint("source_id", "key", name="uq_item_key"),
    Index("ix_item_url", "url_key"),
    Index("ix_item_title", "title_key"),
    Index("ix_item_seen", "first_seen", "id"),
)
"""`content` digests what the Source said, so that a body dropped later is not a change."""

seen_key = Table(
    "seen_key",
    meta,
    Column("source_id", Id, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, primary_key=True),
    Column("item_id", Id, nullable=False),
    Column("url_key", LargeBinary, nullable=False),
    Column("print_key", LargeBinary, nullable=False),
    Index("ix_seen_url", "url_key"),
    Index("ix_seen_print", "print_key"),
    sqlite_with_rowid=False,
)
"""What was ever seen, for ever; the Item it names may be gone."""

mention = Table(
    "mention",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("found", Prose, nullable=False),
    Index("ix_mention_watch", "watch_id", "item_id"),
    sqlite_with_rowid=False,
)

article_page = Table(
    "article_page",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("source_id", Id, nullable=False),
    Column("url", Prose, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try", Instant),
    Column("queued_at", Instant, nullable=False),
    Column("tried_at", Instant),
    Column("error", Prose, nullable=False),
    Column("fed_by", Prose, nullable=False, server_default=""),
    Column("fed_sha256", Text, nullable=False, server_default=""),
    Index("ix_article_page_due", "state", "next_try"),
    Index("ix_article_page_queued", "queued_at"),
    Index("ix_article_page_tried", "tried_at"),
)
"""Pages to be read for their Items: `state` is "due", "read" or "failed". `fed_by` and
`fed_sha256`: the document the Item stood in.
"""

item_version = _keyed(
    "item_version",
    Column("item_id", Id, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("part", Text, nullable=False),
    Column("url", Prose, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("changed", Prose, nullable=False),
    Column("title", Prose, nullable=False),
    Column("summary", Prose, nullable=False),
    Column("text", Prose, nullable=False),
    Index("ix_item_version_item", "item_id", "id"),
    Index("ix_item_version_seen", "seen_at"),
)
"""What a told Item said whenever it said something new: in what its Source published (`part`
"source") or on its own page ("page"). `changed` lists what differs from the version of that part
before it; `text` is dropped when bodies are.
"""

second_look = Table(
    "second_look",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("source_id", Id, nullable=False),
    Column("url", Prose, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("looks", SmallInteger, nullable=False),
    Column("next_look", Instant),
    Column("looked_at", Instant),
    Column("etag", Prose, nullable=False),
    Column("last_modified", Prose, nullable=False),
    Column("gone", SmallInteger, nullable=False),
    Column("error", Prose, nullable=False),
    Index("ix_second_look_next", "next_look"),
    Index("ix_second_look_looked", "looked_at"),
)
"""Pages of told Items that are asked for again. `gone`: how often in a row there was nothing."""

name_gone = Table(
    "name_gone",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("watch_id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)
"""Watches that a told Item no longer names."""

unread_item = Table(
    "unread_item",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
)
"""Items, new or changed, whose words are not in `item_word` yet."""

item_word = table("item_word", column("words"), column("rowid"), column("item_id"))
"""Which keys of words (`matching.lookup`) stand in which Items. SQLite: a full-text index that
keeps no texts, by `rowid`; PostgreSQL: arrays under an inverted index, by `item_id`.
"""
_FULL_TEXT = (
    "CREATE VIRTUAL TABLE item_word USING fts5"
    "(words, content='', columnsize=0, detail='none', tokenize='ascii')"
)
_ARRAYS = "CREATE TABLE item_word (item_id BIGINT PRIMARY KEY, words INTEGER[] NOT NULL)"
_INVERTED = "CREATE INDEX ix_item_word ON item_word USING gin (words)"
for _dialect, _made in (
    ("sqlite", _FULL_TEXT),
    ("postgresql", _ARRAYS),
    ("postgresql", _INVERTED),
):
    _when = DDL(_made).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]  # theirs
    event.listen(meta, "after_create", _when)
_gone = DDL("DROP TABLE IF EXISTS item_word")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
event.listen(meta, "before_drop", _gone)

# -- Watches ---------------------------------------------------------------------------------

watch = _keyed(
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

# -- People ----------------------------------------------------------------------------------

subscriber = _keyed(
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

# -- Stories, Alerts, Deliveries -------------------------------------------------------------

story = _keyed("story", Column("at", Instant, nullable=False))

story_item = Table(
    "story_item",
    meta,
    Column("item_id", Id, primary_key=True, autoincrement=False),
    Column("story_id", Id, nullable=False),
    Index("ix_story_item_story", "story_id"),
)

alert = _keyed(
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

note = _keyed(
    "note",
    Column("alert_id", Id, nullable=False),
    Column("by", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Prose, nullable=False),
    Index("ix_note_alert", "alert_id"),
)
"""What people wrote in reply to an Alert."""

delivery = _keyed(
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
    postgresql_with=_HOT,
)
"""One Subscriber's queue: when it is worth looking at (NULL: nothing waits there), and how
urgent its first Delivery is. Both may be early, never late.
"""

# -- Conversation and upkeep -----------------------------------------------------------------

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

# -- CourtListener ---------------------------------------------------------------------------

quota_call = _keyed(
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

push_inbox = _keyed(
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

# -- Court dockets ---------------------------------------------------------------------------

docket = _keyed(
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

filing = _keyed(
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
