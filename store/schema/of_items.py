"""Items: what was published, what is known of it, its pages, versions and words."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    column,
    event,
    table,
)

from store.columns import Id, Instant, Prose
from store.schema.making import keyed, meta

item = keyed(
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

item_version = keyed(
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
