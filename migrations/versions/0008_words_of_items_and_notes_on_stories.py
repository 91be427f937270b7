"""Looking back: which words stand in which Items, and what people noted on what they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; every Item that is kept waits to be looked through."""
    op.create_table(
        "unread_item",
        sa.Column("item_id", ID, primary_key=True, autoincrement=False),
    )
    op.execute("INSERT INTO unread_item (item_id) SELECT id FROM item")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE item_word USING fts5"
            "(words, content='', columnsize=0, detail='none', tokenize='ascii')"
        )
    else:
        op.execute("CREATE TABLE item_word (item_id BIGINT PRIMARY KEY, words INTEGER[] NOT NULL)")
        op.execute("CREATE INDEX ix_item_word ON item_word USING gin (words)")
    op.create_table(
        "note",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_note_alert", "note", ["alert_id"])
