"""Threads: what the Alerts that are to be said have to do with others of their readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from model import Bond, Item, Thread
from store import ties
from store.engine import Tx
from store.item_rows import items_of
from store.statements import chunks
from store.tables import alert, alert_tie

_FILINGS = 3
"""So many of the court's entries are named in the news of them, the latest ones."""


async def threads(tx: Tx, alert_ids: Collection[int]) -> dict[int, Thread]:
    """Return by Alert what it has to do with others; those that stand alone are left out."""
    tied = await ties.of(tx, alert_ids)
    joined = await ties.joins(tx, alert_ids)
    court = await _court(tx, alert_ids)
    for one, tie in tied.items():
        if tie.bond is Bond.COURT:
            court[one] = [tie.alert_id, *court.get(one, [])]
    leads = await _leads(tx, {tie.alert_id for tie in tied.values()} | _all(court))
    return {
        one: Thread(
            tie=tied.get(one),
            other=leads.get(tied[one].alert_id) if one in tied else None,
            joins=tuple(sorted(joined.get(one, {}).items())),
            filings=_filed(leads[of] for of in court.get(one, ()) if of in leads),
        )
        for one in alert_ids
        if one in tied or one in joined or one in court
    }


def _filed(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(one for one in items if one.filing is not None)[-_FILINGS:]


def _all(found: Mapping[int, Collection[int]]) -> set[int]:
    return {one for some in found.values() for one in some}


async def _court(tx: Tx, alert_ids: Collection[int]) -> dict[int, list[int]]:
    """Return by Alert the Filings' Alerts that it is tied to, either way."""
    found: dict[int, list[int]] = {}
    c = alert_tie.c
    for some in chunks(alert_ids):
        rows = await tx.rows(
            select(alert_tie).where(c.bond == Bond.COURT.value, c.other_id.in_(some))
        )
        for row in rows:
            found.setdefault(row.other_id, []).append(row.alert_id)
    return {one: sorted(filings) for one, filings in found.items()}


async def _leads(tx: Tx, alert_ids: Collection[int]) -> dict[int, Item]:
    """Return by Alert the Item that raised it."""
    of: dict[int, int] = {}
    for some in chunks(alert_ids):
        raised = select(alert.c.id, alert.c.item_id).where(alert.c.id.in_(some))
        of |= {row.id: row.item_id for row in await tx.rows(raised)}
    items = await items_of(tx, set(of.values()))
    return {one: items[item_id] for one, item_id in of.items() if item_id in items}
