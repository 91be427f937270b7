"""Watches that visitors keep for themselves, beside the team's: names may be there once each."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_USE = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Say of each Watch whose it is, and let a name be unique among the Watches of one."""
    op.add_column("watch", sa.Column("visitor", ID, nullable=False, server_default="0"))
    op.drop_index("uq_watch_name", "watch")
    op.create_index(
        "uq_watch_name",
        "watch",
        ["name_key", "visitor"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
