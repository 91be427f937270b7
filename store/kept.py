"""Small texts kept by a key: what a part of the program, or a person, wants remembered."""

from __future__ import annotations

from sqlalchemy import delete, select

from store.engine import Tx
from store.statements import insert, replace_all
from store.tables import setting as setting_table


async def setting(tx: Tx, key: str) -> str | None:
    """Return what was kept under `key`; None: nothing."""
    kept: str | None = await tx.value(
        select(setting_table.c.value).where(setting_table.c.key == key)
    )
    return kept


async def set_setting(tx: Tx, key: str, value: str) -> None:
    """Keep a small text under `key`; the empty one is forgotten."""
    if value:
        row = {"key": key, "value": value}
        await tx.run_many(replace_all(insert(tx, setting_table), "key"), [row])
    else:
        await tx.run(delete(setting_table).where(setting_table.c.key == key))
