"""Told articles: what they said at each time, when they are looked at again, which names went."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; keep with a page that is to be read in which document its Item stood."""
    op.create_table(
        "item_version",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_item_version_item", "item_version", ["item_id", "id"])
    op.create_index("ix_item_version_seen", "item_version", ["seen_at"])
    op.create_table(
        "second_look",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=False),
        sa.Column("looks", sa.SmallInteger(), nullable=False),
        sa.Column("next_look", sa.Double()),
        sa.Column("looked_at", sa.Double()),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("gone", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
    )
    op.create_index("ix_second_look_next", "second_look", ["next_look"])
    op.create_index("ix_second_look_looked", "second_look", ["looked_at"])
    op.create_table(
        "name_gone",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
        sa.Column("watch_id", ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    for name in ("fed_by", "fed_sha256"):
        op.add_column(
            "article_page", sa.Column(name, sa.Text(), nullable=False, server_default="")
        )
