"""Upkeep: who does what only one may do, signs of life, small settings, copies, forgetting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, or_, select, update

from store.backup import backup, restore
from store.columns import db_clock
from store.engine import Tx
from store.kept import set_setting, setting
from store.retention import Pruned, prune
from store.statements import insert, replace_all
from store.tables import heartbeat as heartbeat_table
from store.tables import lease as lease_table

__all__ = [
    "Lease",
    "Pruned",
    "backup",
    "heartbeat",
    "heartbeats",
    "lease",
    "prune",
    "release",
    "restore",
    "set_setting",
    "setting",
]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do alone what `name` stands for, for a few seconds."""

    name: str
    owner: str
    epoch: int
    """Counts owners: it is another number whenever somebody else may have been at it since."""


async def lease(tx: Tx, name: str, owner: str, seconds: float = 10.0) -> Lease | None:
    """Take or renew the lease `name`; None while another owner has it.

    Renew it every third of its time. When the epoch differs from last time, somebody else had
    it in between.
    """
    nobodys = {"name": name, "owner": "", "until": 0.0, "epoch": 0}
    await tx.run_many(insert(tx, lease_table).on_conflict_do_nothing(), [nobodys])
    mine = lease_table.c.owner == owner
    taken = (
        update(lease_table)
        .where(lease_table.c.name == name, or_(mine, lease_table.c.until < db_clock()))
        .values(
            owner=owner,
            until=db_clock() + seconds,
            epoch=case((mine, lease_table.c.epoch), else_=lease_table.c.epoch + 1),
        )
        .returning(lease_table.c.epoch)
    )
    row = await tx.row(taken)
    return Lease(name, owner, row.epoch) if row else None


async def release(tx: Tx, name: str, owner: str) -> None:
    """Give a lease up before its time, if it is `owner`'s."""
    ours = update(lease_table).where(lease_table.c.name == name, lease_table.c.owner == owner)
    await tx.run(ours.values(owner="", until=0.0))


async def heartbeat(tx: Tx, part: str, now: datetime) -> None:
    """Note that a part of the program ("poll", "deliver", "talk") is making progress."""
    row = {"part": part, "at": now}
    await tx.run_many(replace_all(insert(tx, heartbeat_table), "part"), [row])


async def heartbeats(tx: Tx) -> dict[str, datetime]:
    """Return when each part last made progress."""
    return {row.part: row.at for row in await tx.rows(select(heartbeat_table))}
