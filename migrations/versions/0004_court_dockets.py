"""Court dockets: which there are, which are followed, and what is filed in them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; days are written as 2020-11-18, instants as seconds since 1970."""
    _dockets()
    _filings()
    _told()


def _dockets() -> None:
    op.create_table(
        "docket",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("filed", sa.Text(), nullable=False),
        sa.Column("terminated", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Double(), nullable=False),
        sa.Column("due", sa.Double()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_docket_number", "docket", ["number", "court"])
    op.create_index("ix_docket_due", "docket", ["due"])
    op.create_table(
        "docket_ref",
        sa.Column("ref", sa.Text(), primary_key=True),
        sa.Column("docket_id", ID, nullable=False),
    )
    op.create_index("ix_docket_ref_docket", "docket_ref", ["docket_id"])
    op.create_table(
        "docket_caption",
        sa.Column("docket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("caption", sa.Text(), primary_key=True),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_table(
        "following",
        sa.Column("docket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("muted_until", sa.Double()),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_table(
        "following_subscriber",
        sa.Column("docket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("subscriber_id", ID, primary_key=True, autoincrement=False),
    )


def _filings() -> None:
    op.create_table(
        "filing",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("docket_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("entry", sa.Integer()),
        sa.Column("filed", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Double(), nullable=False),
        sa.UniqueConstraint("item_id", name="uq_filing_item"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_filing_docket", "filing", ["docket_id", "id"])
    op.create_table(
        "filing_key",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("filing_id", ID, nullable=False),
    )
    op.create_index("ix_filing_key_filing", "filing_key", ["filing_id"])
    op.create_table(
        "filing_trace",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("filing_id", ID, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "hearing",
        sa.Column("docket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Double(), primary_key=True),
        sa.Column("what", sa.Text(), primary_key=True),
        sa.Column("has_time", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("filing_id", ID, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
    )
    op.create_index("ix_hearing_at", "hearing", ["at"])


def _told() -> None:
    op.create_table(
        "docket_watch",
        sa.Column("docket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_table(
        "possible",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index("ix_possible_watch", "possible", ["watch_id", "at"])
    op.create_index("ix_possible_at", "possible", ["at"])
    op.create_table(
        "alert_docket",
        sa.Column("alert_id", ID, primary_key=True, autoincrement=False),
        sa.Column("docket_id", ID, nullable=False),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("possible", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
    )
    op.create_index("ix_alert_docket_docket", "alert_docket", ["docket_id", "alert_id"])
