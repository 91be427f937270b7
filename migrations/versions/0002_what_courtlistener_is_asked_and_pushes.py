"""CourtListener: the quota, what it pushes, who agreed to searches, its alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "quota_call",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("purpose", sa.SmallInteger(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quota_call_at", "quota_call", ["at"])

    op.create_table(
        "quota_limit",
        sa.Column("window", sa.Text(), primary_key=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("until", sa.Double()),
    )

    op.create_table(
        "push_inbox",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("not_before", sa.Double()),
        sa.Column("done_at", sa.Double()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.UniqueConstraint("key", "digest", name="uq_push_inbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_push_inbox_pending",
        "push_inbox",
        ["id"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "watch_search",
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )

    op.create_table(
        "docket_ask",
        sa.Column("docket_id", sa.Text(), primary_key=True),
        sa.Column("mark", sa.Double()),
        sa.Column("asked_at", sa.Double()),
        sa.Column("wanted_at", sa.Double()),
        sa.Column("known", sa.Boolean(), nullable=False),
    )

    op.create_table(
        "court_alert",
        sa.Column("sort", sa.Text(), primary_key=True),
        sa.Column("about", sa.Text(), primary_key=True),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("armed_at", sa.Double(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
    )
