"""One round and out: `vigil poll`, `vigil deliver`, `vigil run --once`."""

from __future__ import annotations

from collections.abc import Collection

from bot.app import App, built
from bot.config import Loaded
from bot.opening import utcnow
from model.errors import UsageError
from model.report import DispatchReport, PollReport


async def run_once(loaded: Loaded, parts: Collection[str]) -> None:
    """Poll what is due, then deliver what is due."""
    if set(parts) == {"talk"}:
        raise UsageError("--once polls and delivers; a conversation has no rounds.")
    async with built(loaded, parts=parts) as app:
        if "poll" in parts:
            app.reporter.polled(await app.poller.poll_due(utcnow()), utcnow())
        if "deliver" in parts:
            await _deliver(app)


async def poll_once(loaded: Loaded, *, every: bool) -> PollReport:
    """Poll what is due, or `every` Source; what it raises waits for `vigil deliver`."""
    async with built(loaded, parts=("poll",)) as app:
        now = utcnow()
        return await (app.poller.poll_all(now) if every else app.poller.poll_due(now))


async def deliver_once(loaded: Loaded) -> DispatchReport | None:
    """Deliver what is due; None when another process does."""
    async with built(loaded, parts=("deliver",)) as app:
        return await _deliver(app)


async def _deliver(app: App) -> DispatchReport | None:
    report = await app.dispatcher.dispatch_due(utcnow())
    app.reporter.dispatched(report)
    return report
