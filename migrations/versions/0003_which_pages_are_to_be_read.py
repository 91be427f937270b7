"""Article pages: which are to be read, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the queue."""
    op.create_table(
        "article_page",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.Double()),
        sa.Column("queued_at", sa.Double(), nullable=False),
        sa.Column("tried_at", sa.Double()),
        sa.Column("error", sa.Text(), nullable=False),
    )
    op.create_index("ix_article_page_due", "article_page", ["state", "next_try"])
    op.create_index("ix_article_page_queued", "article_page", ["queued_at"])
    op.create_index("ix_article_page_tried", "article_page", ["tried_at"])
