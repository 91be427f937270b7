"""How Alerts hang together: what joined which, which follows which, and why."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, select

from model import Bond, Sameness, Tie
from store.engine import Tx
from store.statements import chunks, insert, replace_all
from store.tables import alert_join, alert_tie
from store.written import dump


async def keep(tx: Tx, found: Mapping[int, Tie]) -> None:
    """Keep by Alert what it has to do with an earlier one."""
    rows = [
        {"alert_id": of, "other_id": tie.alert_id, "bond": tie.bond.value, "why": tie.why}
        for of, tie in sorted(found.items())
    ]
    await tx.run_many(replace_all(insert(tx, alert_tie), "alert_id"), rows)


async def drop(tx: Tx, alert_id: int) -> None:
    """Forget what an Alert has to do with an earlier one."""
    await tx.run(delete(alert_tie).where(alert_tie.c.alert_id == alert_id))


async def of(tx: Tx, alert_ids: Collection[int]) -> dict[int, Tie]:
    """Return what Alerts have to do with earlier ones, by Alert."""
    found: dict[int, Tie] = {}
    for some in chunks(alert_ids):
        for row in await tx.rows(select(alert_tie).where(alert_tie.c.alert_id.in_(some))):
            found[row.alert_id] = Tie(row.other_id, Bond(row.bond), row.why)
    return found


async def note_joins(tx: Tx, joins: Iterable[tuple[int, int, Sameness]]) -> None:
    """Keep by what Items that joined Alerts were known: (Alert, Item, how)."""
    rows = {(a, i): {"alert_id": a, "item_id": i, "how": how.value} for a, i, how in joins}
    new = replace_all(insert(tx, alert_join), "alert_id", "item_id")
    await tx.run_many(new, [rows[pair] for pair in sorted(rows)])


async def joins(tx: Tx, alert_ids: Collection[int]) -> dict[int, dict[int, Sameness]]:
    """Return by Alert and Item how what joined was known to tell the same."""
    found: dict[int, dict[int, Sameness]] = {}
    for some in chunks(alert_ids):
        for row in await tx.rows(select(alert_join).where(alert_join.c.alert_id.in_(some))):
            found.setdefault(row.alert_id, {})[row.item_id] = Sameness(row.how)
    return found


def written(tie: Tie) -> str:
    """Write a Tie into the `why` of the one that takes its place."""
    return dump([tie.alert_id, tie.bond.value, tie.why])


def read(why: str) -> Tie | None:
    """Read what `written` wrote; None where there was no Tie."""
    if not why.startswith("["):
        return None
    other, bond, reason = json.loads(why)
    return Tie(other, Bond(bond), reason)
