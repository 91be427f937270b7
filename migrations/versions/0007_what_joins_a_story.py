"""Stories: what joined an Alert and why, and which Alerts hang together."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alert_join",
        sa.Column("alert_id", ID, primary_key=True, autoincrement=False),
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("how", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alert_tie",
        sa.Column("alert_id", ID, primary_key=True, autoincrement=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("bond", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    op.create_index("ix_alert_tie_other", "alert_tie", ["other_id"])
