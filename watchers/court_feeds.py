"""CourtListener's feeds kept in step with what is followed and with whose names may be searched.

Only watchers/courts.py, a loop, calls this with a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from model import Following, NewSource, Priority, Watch
from store import court_asks, sources, watches
from store.court_asks import SEARCH, tag_of
from store.engine import Tx
from watchers.kinds.courtlistener import docket_feed_url, search_feed_url

DOCKET = "courtlistener_docket"


@dataclass(frozen=True, slots=True)
class Searched:
    """A Watch that CourtListener may be searched for, under the spellings that may go there."""

    watch: Watch
    names: tuple[str, ...]


async def consenting(tx: Tx) -> list[Searched]:
    """Return the Watches whose names may go to CourtListener, those of high priority first."""
    agreed = await court_asks.agreed(tx)
    every = (one.watch for one in await watches.all_watches(tx))
    some = [Searched(one, agreed[one.id]) for one in every if one.id in agreed]
    return sorted(some, key=lambda one: one.watch.priority is not Priority.HIGH)


async def keep_feeds(
    tx: Tx,
    base: str,
    interval: float,
    following: Sequence[Following],
    searched: Sequence[Searched],
    now: datetime,
) -> None:
    """Have the feeds of these dockets and of searches for these Watches polled, and no others.

    `base`: [courts] courtlistener_url. `interval`: seconds between two polls of a feed.
    """
    wanted = {one.url: one for one in _dockets(base, interval, following)}
    wanted |= {one.url: one for one in _searches(base, interval, searched)}
    there = {one.source.base: one for one in await sources.health(tx, kinds={DOCKET, SEARCH})}
    for url, new in wanted.items():
        if url not in there or there[url].source.interval != new.interval:
            await sources.add(tx, new, now)
    for url, old in there.items():
        if url not in wanted:
            await sources.remove(tx, old.source.id, now)


def _dockets(base: str, interval: float, following: Sequence[Following]) -> list[NewSource]:
    return [
        NewSource(
            docket_feed_url(base, docket_id),
            f"CourtListener {one.docket.number or docket_id}",
            kind=DOCKET,
            interval=interval,
        )
        for one in following
        for docket_id in one.docket.docket_ids
    ]


def _searches(base: str, interval: float, searched: Sequence[Searched]) -> list[NewSource]:
    return [
        NewSource(
            search_feed_url(base, one.names),
            f"CourtListener: {one.watch.name}",
            kind=SEARCH,
            tags=(tag_of(one.watch.id),),
            interval=interval,
        )
        for one in searched
    ]
