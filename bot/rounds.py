"""One round and out: `vigil poll`, `vigil deliver`, `vigil run --once`."""

from __future__ import annotations

from collections.abc import Collection

from bot.app import App, built
from bot.config import Loaded
from bot.court_dates import tell_dates
from bot.indexing import take_in_waiting
from bot.opening import utcnow
from bot.rhythm import keep_time
from bot.words import load as words
from model.errors import UsageError
from model.report import DispatchReport, PollReport
from store import outbox

PATIENCE = 30.0
"""Seconds that one round gives to articles' pages, and again to documents; what is left is due in
a later one.
"""


async def run_once(loaded: Loaded, parts: Collection[str]) -> None:
    """Poll what is due, then deliver what is due."""
    if set(parts) == {"talk"}:
        raise UsageError("--once polls and delivers; a conversation has no rounds.")
    async with built(loaded, parts=parts) as app:
        if "poll" in parts:
            await courts_once(app)
            app.reporter.polled(await app.poller.poll_due(utcnow()), utcnow())
        if "deliver" in parts:
            await _deliver(app)
        more = await _read(app) if "poll" in parts else 0
        if more and "deliver" in parts:
            await _deliver(app)


async def _read(app: App) -> int:
    """Read what is due of pages and documents, and take in their words; return how many Alerts
    and pictures came of it.
    """
    found = (await app.pages.read_due(utcnow(), PATIENCE)).alerts
    if app.documents is not None:
        papers = await app.documents.read_due(utcnow(), PATIENCE)
        found += papers.read + papers.alerts
    await take_in_waiting(app.store)
    return found


async def poll_once(loaded: Loaded, *, every: bool) -> PollReport:
    """Poll what is due, or `every` Source; what it raises waits for `vigil deliver`."""
    async with built(loaded, parts=("poll",)) as app:
        await courts_once(app)
        now = utcnow()
        report = await (app.poller.poll_all(now) if every else app.poller.poll_due(now))
        await _read(app)
        return report


async def courts_once(app: App) -> None:
    """Handle what CourtListener has pushed, and ask what its quota allows."""
    if app.courts is not None:
        app.reporter.pushed(await app.courts.pushes.drain(utcnow()))
        app.reporter.courts(await app.courts.courts.round(utcnow()))


async def deliver_once(loaded: Loaded) -> tuple[DispatchReport, int]:
    """Deliver what is due; with how many Deliveries wait on: because another process delivers,
    or because it isn't their time.
    """
    async with built(loaded, parts=("deliver",)) as app:
        report = await _deliver(app)
        async with app.store.read() as tx:
            return report, (await outbox.depth(tx))[0]


async def _deliver(app: App) -> DispatchReport:
    await tell_dates(app.store, app.loaded.settings.general.timezone, utcnow())
    await keep_time(app.store, words, utcnow())
    report = await app.dispatcher.dispatch_due(utcnow())
    app.reporter.dispatched(report)
    return report
