"""Dates in court: who has been told of which."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "hearing_told",
        sa.Column("docket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Double(), primary_key=True),
        sa.Column("subscriber_id", ID, primary_key=True, autoincrement=False),
    )
