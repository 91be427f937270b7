"""Members: who may command, and how the first of them becomes the owner."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from model import Member, Role
from store.engine import Tx
from store.statements import insert, replace_all
from store.tables import claim_code as code_table
from store.tables import member, stranger

_CODE_LIVES = timedelta(minutes=15)
_CODE_WORTH_PRINTING = timedelta(minutes=5)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which people confuse when they type a code."""
_STRANGER_SILENCE = timedelta(days=1)


def _as_member(row: Row[Any]) -> Member:
    return Member(row.id, row.name, Role(row.role), row.language, row.since)


async def owner(tx: Tx) -> Member | None:
    """Return who owns this vigil; None: nobody yet."""
    row = await tx.row(select(member).where(member.c.role == Role.OWNER.value))
    return _as_member(row) if row else None


async def claim_code(tx: Tx, now: datetime) -> str:
    """Return the code of the claim link: eight letters, good for 15 minutes.

    There is one at a time. Asked again (a restart, a second process), the same one comes back
    while there are 5 minutes left to use it.
    """
    still = select(code_table.c.code).where(code_table.c.expires_at > now + _CODE_WORTH_PRINTING)
    code: str | None = await tx.value(still)
    if code is None:
        await tx.run(delete(code_table))
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        await tx.run_many(insert(tx, code_table), [{"code": code, "expires_at": now + _CODE_LIVES}])
    return code


async def claim(
    tx: Tx, code: str, user_id: int, name: str, language: str, now: datetime
) -> Member | None:
    """Make whoever brings the live code the owner; None when it isn't (or there is one)."""
    spent = delete(code_table).where(
        code_table.c.code == code.upper(), code_table.c.expires_at > now
    )
    if not await tx.run(spent) or await owner(tx) is not None:
        return None
    return await add(tx, Member(user_id, name, Role.OWNER, language, now))


async def set_owner(tx: Tx, user_id: int, now: datetime) -> None:
    """Make a Telegram user the owner, as config.toml says; who was it before is an admin now."""
    others = update(member).where(member.c.role == Role.OWNER.value, member.c.id != user_id)
    await tx.run(others.values(role=Role.ADMIN.value))
    known = await get(tx, user_id)
    if known is None:
        await add(tx, Member(user_id, "", Role.OWNER, since=now))
    elif known.role is not Role.OWNER:
        here = update(member).where(member.c.id == user_id)
        await tx.run(here.values(role=Role.OWNER.value))


async def get(tx: Tx, user_id: int) -> Member | None:
    """Return a Member by Telegram user id."""
    row = await tx.row(select(member).where(member.c.id == user_id))
    return _as_member(row) if row else None


async def add(tx: Tx, new: Member) -> Member:
    """Keep a Member, or what is new about one (name, role, language); `since` is needed."""
    row = {
        "id": new.id,
        "name": new.name,
        "role": new.role.value,
        "language": new.language,
        "since": new.since,
    }
    await tx.run_many(replace_all(insert(tx, member), "id"), [row])
    return new


async def remove(tx: Tx, user_id: int) -> bool:
    """Let somebody command no more; False when they didn't."""
    return bool(await tx.run(delete(member).where(member.c.id == user_id)))


async def all_members(tx: Tx) -> list[Member]:
    """Return every Member, the longest-standing first."""
    rows = await tx.rows(select(member).order_by(member.c.since, member.c.id))
    return [_as_member(row) for row in rows]


async def stranger_answered(tx: Tx, user_id: int, now: datetime) -> bool:
    """Return whether a stranger was answered within the last day (then be silent); if not, note
    that they are answered now.
    """
    last = await tx.value(select(stranger.c.answered_at).where(stranger.c.user_id == user_id))
    if last is not None and now - last < _STRANGER_SILENCE:
        return True
    row = {"user_id": user_id, "answered_at": now}
    await tx.run_many(replace_all(insert(tx, stranger), "user_id"), [row])
    return False
