"""The first schema: Sources, Items and what was seen, Watches, people, Alerts and their queue."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HOT = {"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02}


def upgrade() -> None:
    """Make every table; columns called `…_at`, `…_until`, `at` hold seconds since 1970."""
    op.create_table(
        "source",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("declared_interval", sa.Double()),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("off_since", sa.Double()),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.UniqueConstraint("url"),
        sa.UniqueConstraint("base"),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "source_pace",
        sa.Column("source_id", ID, primary_key=True, autoincrement=False),
        sa.Column("next_due", sa.Double()),
        sa.Column("lease_until", sa.Double(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=False),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("interval", sa.Double(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("rate_at", sa.Double()),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.Double()),
        sa.Column("last_ok", sa.Double()),
        sa.Column("last_new", sa.Double()),
        sa.Column("error", sa.Text(), nullable=False),
        postgresql_with=HOT,
    )
    op.create_index("ix_source_pace_due", "source_pace", ["next_due"])

    op.create_table(
        "source_state",
        sa.Column("source_id", ID, primary_key=True, autoincrement=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("validators_at", sa.Double()),
        sa.Column("items_hash", sa.LargeBinary(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=False),
        sa.Column("first_polled", sa.Double()),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("moved_times", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
    )

    op.create_table(
        "item",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("url_key", sa.LargeBinary(), nullable=False),
        sa.Column("title_key", sa.LargeBinary(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Double()),
        sa.Column("first_seen", sa.Double(), nullable=False),
        sa.UniqueConstraint("source_id", "key", name="uq_item_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_item_seen", "item", ["first_seen", "id"])
    op.create_index("ix_item_title", "item", ["title_key"])
    op.create_index("ix_item_url", "item", ["url_key"])

    op.create_table(
        "seen_key",
        sa.Column("source_id", ID, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("url_key", sa.LargeBinary(), nullable=False),
        sa.Column("print_key", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seen_print", "seen_key", ["print_key"])
    op.create_index("ix_seen_url", "seen_key", ["url_key"])

    op.create_table(
        "mention",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("found", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mention_watch", "mention", ["watch_id", "item_id"])

    op.create_table(
        "watch",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("muted_until", sa.Double()),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("removed_at", sa.Double()),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_watch_name",
        "watch",
        ["name_key"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )

    op.create_table(
        "watch_subscriber",
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("subscriber_id", ID, primary_key=True, autoincrement=False),
    )

    op.create_table(
        "watch_never",
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("phrase", sa.Text(), primary_key=True),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )

    op.create_table(
        "watch_log",
        sa.Column("mark", ID, primary_key=True, autoincrement=True),
        sa.Column("watch_id", ID, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "hidden",
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )

    op.create_table(
        "subscriber",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("courier", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("why", sa.Boolean(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("parked_since", sa.Double()),
        sa.Column("parked_why", sa.Text(), nullable=False),
        sa.Column("muted_until", sa.Double()),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.UniqueConstraint("courier", "address", "thread", name="uq_subscriber_address"),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "member",
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
    )

    op.create_table(
        "claim_code",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("expires_at", sa.Double(), nullable=False),
    )

    op.create_table(
        "stranger",
        sa.Column("user_id", ID, primary_key=True, autoincrement=False),
        sa.Column("answered_at", sa.Double(), nullable=False),
    )

    op.create_table(
        "story",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Double(), nullable=False),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "story_item",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("story_id", ID, nullable=False),
    )
    op.create_index("ix_story_item_story", "story_item", ["story_id"])

    op.create_table(
        "alert",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("sent_at", sa.Double()),
        sa.Column("edited_at", sa.Double()),
        sa.Column("hidden_at", sa.Double()),
        sa.Column("hidden_by", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_at", "alert", ["at"])
    op.create_index("ix_alert_subscriber", "alert", ["subscriber_id", "at"])

    op.create_table(
        "alert_watch",
        sa.Column("alert_id", ID, primary_key=True, autoincrement=False),
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
    )
    op.create_index("ix_alert_watch_watch", "alert_watch", ["watch_id", "alert_id"])

    op.create_table(
        "alert_item",
        sa.Column("alert_id", ID, primary_key=True, autoincrement=False),
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
    )
    op.create_index("ix_alert_item_item", "alert_item", ["item_id", "alert_id"])

    op.create_table(
        "message",
        sa.Column("subscriber_id", ID, primary_key=True, autoincrement=False),
        sa.Column("message_id", ID, primary_key=True, autoincrement=False),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
    )
    op.create_index("ix_message_alert", "message", ["alert_id", "part"])

    op.create_table(
        "delivery",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Double()),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("settled_at", sa.Double()),
        sa.Column("error", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_alert", "delivery", ["alert_id"])
    op.create_index(
        "ix_delivery_lane",
        "delivery",
        ["subscriber_id", "priority", "id"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ix_delivery_sending",
        "delivery",
        ["id"],
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )

    op.create_table(
        "lane",
        sa.Column("subscriber_id", ID, primary_key=True, autoincrement=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("ready_at", sa.Double()),
        sa.Column("paused_until", sa.Double()),
        postgresql_with=HOT,
    )
    op.create_index("ix_lane_ready", "lane", ["priority", "ready_at", "subscriber_id"])

    op.create_table(
        "button",
        sa.Column("token", sa.Text(), primary_key=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("who", ID, nullable=False),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double()),
    )
    op.create_index("ix_button_alert", "button", ["alert_id"])

    op.create_table(
        "inbox",
        sa.Column("update_id", ID, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
    )
    op.create_index(
        "ix_inbox_pending",
        "inbox",
        ["update_id"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
    )

    op.create_table(
        "heartbeat",
        sa.Column("part", sa.Text(), primary_key=True),
        sa.Column("at", sa.Double(), nullable=False),
    )

    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
