"""The evening line of dates in court, queued for those who hear of the cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.court_dates import dates_notice
from matching.court_dates import CourtDate, court_dates
from matching.filing_alerts import readers_of
from store import dockets, hearings, outbox, subscribers
from store.dates_told import claim_dates
from store.engine import Store


async def tell_dates(store: Store, timezone: str, now: datetime) -> int:
    """Queue what is due at `now`, one Message a Subscriber; return how many. Whatever was queued
    before, by whichever process, is never queued again.
    """
    local = now.astimezone(ZoneInfo(timezone))
    async with store.read() as tx:
        some = await hearings.between(tx, now - timedelta(days=1), now + timedelta(days=3))
    if not some:
        return 0
    async with store.write() as tx:
        followed = await dockets.followed(tx, {one.id for one, _ in some})
        readers = readers_of(followed.values(), await subscribers.all_subscribers(tx))
        due = court_dates(some, readers, local)
        keys = [(one.docket.id, one.at.astimezone(UTC), reader) for reader, one in due]
        ours = await claim_dates(tx, keys, now)
        told: dict[int, list[CourtDate]] = {}
        for key, (reader, one) in zip(keys, due, strict=True):
            if key in ours:
                told.setdefault(reader, []).append(one)
        for reader, dates in sorted(told.items()):
            await outbox.notify(tx, reader, dates_notice(dates), now)
    return len(told)
