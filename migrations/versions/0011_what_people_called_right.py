"""Alerts that people called right, so that a stricter rule can say what it would cost."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept",
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
