"""Whom a followed docket tells, where several wishes meet in one: config.toml's and that of chats,
or those for two dockets that prove to be one. Who names nobody means every chat that is not public.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from model import Following, Level
from store.engine import Tx
from store.kept import set_setting, setting
from store.statements import insert
from store.tables import following, following_subscriber, subscriber

_SAID = "declared_dockets"
"""Setting: whom config.toml had its dockets tell when it was last taken over."""
_LEVELS = (Level.ORDERS, Level.IMPORTANT, Level.ALL)


async def tell(tx: Tx, docket_id: int, to: Sequence[int]) -> None:
    """Let a docket tell these Subscribers and nobody else."""
    beside = following_subscriber
    await tx.run(delete(beside).where(beside.c.docket_id == docket_id))
    rows = [{"docket_id": docket_id, "subscriber_id": one} for one in sorted(set(to))]
    await tx.run_many(insert(tx, beside), rows)


async def together(tx: Tx, one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """Return whom two wishes tell that are one from now on."""
    if one and other:
        return tuple(sorted({*one, *other}))
    private = {row.id for row in await tx.rows(select(subscriber.c.id).where(_IS_PRIVATE))}
    named = {*one, *other}
    return tuple(sorted(named | private)) if named - private else ()


_IS_PRIVATE = subscriber.c.enabled & ~subscriber.c.public


async def with_chats(tx: Tx, before: Following | None, to: Sequence[int]) -> Sequence[int]:
    """Return whom a docket tells that config.toml has tell `to`, and chats perhaps others: what it
    said when it was last taken over is theirs no more than it is now.
    """
    if before is None or not before.added:
        return to
    if not before.declared or not before.to:
        return await together(tx, before.to, to)
    said = (await _said(tx)).get(before.docket.id, to)
    others = [one for one in before.to if one not in said]
    return await together(tx, others, to) if others else to


async def chats_of(tx: Tx, before: Following) -> Sequence[int]:
    """Return whom chats alone have a docket tell that config.toml lists no more."""
    said = (await _said(tx)).get(before.docket.id, ())
    return [one for one in before.to if one not in said] or before.to


async def _said(tx: Tx) -> dict[int, list[int]]:
    return {int(of): to for of, to in json.loads(await setting(tx, _SAID) or "{}").items()}


async def keep_said(tx: Tx, to: dict[int, Sequence[int]]) -> None:
    """Remember whom config.toml has each of its dockets tell."""
    await set_setting(tx, _SAID, json.dumps({str(of): list(some) for of, some in to.items()}))


async def follow_as_one(tx: Tx, keep: int, gone: int) -> None:
    """Let one docket be followed as it was and as another was that it proves to be: nobody hears
    less than before.
    """
    beside = following_subscriber
    rows = await tx.rows(select(following).where(following.c.docket_id.in_((keep, gone))))
    if any(row.docket_id == gone for row in rows):
        heard = await tx.rows(select(beside).where(beside.c.docket_id.in_((keep, gone))))
        to = [[r.subscriber_id for r in heard if r.docket_id == row.docket_id] for row in rows]
        await tell(tx, keep, to[0] if len(to) == 1 else await together(tx, *to))
        if len(rows) == 1:
            await tx.run(
                update(following).where(following.c.docket_id == gone).values(docket_id=keep)
            )
        else:
            await tx.run(
                update(following).where(following.c.docket_id == keep).values(**_as_one(*rows))
            )
    await tx.run(delete(beside).where(beside.c.docket_id == gone))
    await tx.run(delete(following).where(following.c.docket_id == gone))


def _as_one(one: Row[Any], other: Row[Any]) -> dict[str, object]:
    mutes, counts = [one.muted_until, other.muted_until], [one.hidden_since, other.hidden_since]
    return {
        "level": max(map(Level, (one.level, other.level)), key=_LEVELS.index).value,
        "declared": one.declared or other.declared,
        "added": one.added or other.added,
        "enabled": one.enabled or other.enabled,
        "muted_until": None if None in mutes else min(mutes),
        "hidden": one.hidden + other.hidden,
        "hidden_since": min((at for at in counts if isinstance(at, datetime)), default=None),
    }
