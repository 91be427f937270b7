"""Rhythm: what is held back and told later, together; how each destination wants to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and columns."""
    op.create_table(
        "rhythm",
        sa.Column("subscriber_id", ID, primary_key=True, autoincrement=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=False),
        sa.Column("quiet_loud", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("digest_empty", sa.Boolean(), nullable=False),
        sa.Column("digest_only", sa.Boolean(), nullable=False),
        sa.Column("digest_last", sa.Double()),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("review_to", ID, nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
    )
    op.create_table(
        "alert_group",
        sa.Column("group_id", ID, primary_key=True, autoincrement=False),
        sa.Column("alert_id", ID, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), nullable=False),
    )
    op.create_index("ix_alert_group_alert", "alert_group", ["alert_id"])
    op.add_column("alert", sa.Column("headline", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "alert", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("delivery", sa.Column("held", sa.Text(), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("group_id", ID))
    held = sa.text("state = 'held'")
    op.create_index(
        "ix_delivery_held",
        "delivery",
        ["subscriber_id", "id"],
        sqlite_where=held,
        postgresql_where=held,
    )
