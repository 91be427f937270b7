"""Courts: public documents to be read, when a court's feed was missed, what may be searched for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; add since when entries are only counted, and which spellings were agreed."""
    op.create_table(
        "paper",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.Double()),
        sa.Column("queued_at", sa.Double(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_paper_due", "paper", ["state", "next_try"])
    op.create_table(
        "missed_time",
        sa.Column("court", sa.Text(), primary_key=True),
        sa.Column("since", sa.Double(), primary_key=True),
        sa.Column("until", sa.Double(), nullable=False),
    )
    op.add_column("following", sa.Column("hidden_since", sa.Double()))
    op.add_column("watch_search", sa.Column("spellings", sa.Text()))
