"""`vigil run`: every loop, until a signal; SIGHUP takes over a changed configuration."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.app import App, built, elsewhere
from bot.claiming import invite
from bot.config import Loaded
from bot.court_dates import tell_dates
from bot.courts import CourtParts, push_addresses
from bot.declare import declare, wishes
from bot.garbage import look_seldom
from bot.health import Health
from bot.indexing import take_in_words
from bot.logs import configure, logger
from bot.loops import Loop, end, keep, watchdog
from bot.opening import utcnow
from bot.page import status_page
from bot.pushed import telegram_pushes
from bot.rhythm import keep_time
from bot.running import noted
from bot.schedule import COURT_DATES, HEARTBEAT, HOURLY, RHYTHM, Clock
from bot.tending import tend
from bot.version import VERSION
from bot.web import Checks, start
from bot.words import load as words
from model.alert import Notice
from model.errors import ConfigError, StoreError, VigilError
from store.owner import tell_owner

_log = logger()
GRACE = 8.0
"""Seconds that work in flight gets after SIGTERM; we are gone within 10."""


@dataclass(slots=True)
class Signals:
    """What the operator asked for by signal."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self) -> None:
        """Take signals in the running loop: the first SIGTERM or SIGINT ends work in good order,
        a second one ends the process.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, self.reload.set)

    def _stop(self, number: int) -> None:
        if self.stop.is_set():
            os._exit(128 + number)
        self.stop.set()


async def run(loaded: Loaded, parts: Collection[str], read: Callable[[], Loaded]) -> None:
    """Run these parts until a signal. `read` reads the configuration again.

    Raises a VigilError, in one sentence, when it can't start.
    """
    if set(parts) == {"talk"} and not loaded.token:
        raise ConfigError(f"--only talk needs the bot's token, in {loaded.layers.token_file}.")
    signals = Signals()
    signals.listen()
    works: Loaded | None = None
    refused = ""
    with noted(loaded.data_dir):
        while not signals.stop.is_set():
            log = loaded.settings.log
            configure(form=log.format, level=log.level)
            try:
                async with built(loaded, parts=parts) as app, _served(app) as health:
                    _say_started(app, parts)
                    if refused:
                        await _refuse(app, refused)
                    works, refused = loaded, ""
                    look_seldom()
                    loaded = await _session(app, health, parts, signals, read)
            except Exception as error:
                if works is None or loaded is works:
                    raise
                loaded, refused = works, str(error)
    _log.info("stopped")


def _say_started(app: App, parts: Collection[str]) -> None:
    _log.info("started", version=VERSION, parts=" ".join(parts), config=str(app.loaded.path))
    if app.on_console and "deliver" in parts:
        _log.info("no token is set: alerts are printed here; `vigil setup` connects Telegram")


@asynccontextmanager
async def _served(app: App) -> AsyncIterator[Health]:
    """Answer over HTTP where that is asked for; give what is known of the program's health."""
    health = Health(app)
    bind = app.loaded.settings.server.bind
    if not bind:
        yield health
        return
    pushes = {**push_addresses(app.loaded, app.store), **telegram_pushes(app.loaded, app.store)}
    page = status_page(app, health.ready).answer
    checks = Checks(health.healthy, health.ready, app.reporter.metrics.text, pushes, page)
    runner = await start(bind, checks)
    try:
        yield health
    finally:
        await runner.cleanup()


async def _session(
    app: App,
    health: Health,
    parts: Collection[str],
    signals: Signals,
    read: Callable[[], Loaded],
) -> Loaded:
    """Run until a signal, or until a changed configuration needs everything built anew; return
    the configuration to go on with.
    """
    stop = asyncio.Event()
    clock = Clock(app.loaded.settings.general.timezone)
    clock.start()
    tasks = [
        asyncio.create_task(keep(loop, stop), name=loop.name)
        for loop in _loops(app, parts, clock, health)
    ]
    tasks.append(
        asyncio.create_task(
            watchdog(app.reporter.progress, stop, tell=health.tell), name="watchdog"
        )
    )
    try:
        return await _until_over(app, signals, read)
    finally:
        stop.set()
        late = await end(tasks, grace=GRACE)
        if late:
            _log.warning("cut short", parts=" ".join(late))
        clock.stop()


def _loops(app: App, parts: Collection[str], clock: Clock, health: Health) -> list[Loop]:
    loops = [Loop("health", health.run)]
    if "poll" in parts:
        app.reporter.progress.expect("poll")
        loops.append(Loop("poll", lambda stop: _poll(app, stop)))
        loops.append(Loop("pages", lambda stop: _pages(app, stop)))
        if app.documents is not None:
            documents = app.documents
            loops.append(
                Loop("documents", lambda stop: documents.run(stop, utcnow, app.reporter.troubled))
            )
        loops.append(Loop("words", lambda stop: take_in_words(app.store, stop)))
        if app.courts is not None:
            loops += _court_loops(app, app.courts)
    if "deliver" in parts:
        app.reporter.progress.expect("deliver")
        loops.append(Loop("deliver", lambda stop: _deliver(app, stop)))
        loops.append(Loop("upkeep", lambda stop: _on(clock, HOURLY, stop, lambda: tend(app))))
        loops.append(Loop("rhythm", lambda stop: _rhythm(app, clock, stop)))
        loops.append(Loop("court dates", lambda stop: _court_dates(app, clock, stop)))
    if app.receiver is not None:
        loops.append(Loop("talk", app.receiver.run))
        loops.append(Loop("claim", lambda stop: invite(app, stop)))
    if app.loaded.settings.server.heartbeat_url:
        loops.append(Loop("heartbeat", lambda stop: _on(clock, HEARTBEAT, stop, health.call)))
    return loops


async def _poll(app: App, stop: asyncio.Event) -> None:
    reporter = app.reporter
    await app.poller.run(
        stop, utcnow, lambda report: reporter.polled(report, utcnow()), reporter.troubled
    )


async def _pages(app: App, stop: asyncio.Event) -> None:
    await app.pages.run(stop, utcnow, app.reporter.troubled)


def _court_loops(app: App, parts: CourtParts) -> list[Loop]:
    reporter = app.reporter

    async def courts(stop: asyncio.Event) -> None:
        await parts.courts.run(stop, utcnow, reporter.courts, reporter.troubled)

    async def pushes(stop: asyncio.Event) -> None:
        await parts.pushes.run(stop, utcnow, reporter.pushed, reporter.troubled)

    return [Loop("courts", courts), Loop("pushes", pushes)]


async def _deliver(app: App, stop: asyncio.Event) -> None:
    reporter = app.reporter
    await app.dispatcher.run(stop, utcnow, reporter.dispatched, reporter.troubled)


async def _court_dates(app: App, clock: Clock, stop: asyncio.Event) -> None:
    async def tell() -> None:
        await tell_dates(app.store, app.loaded.settings.general.timezone, utcnow())

    await _on(clock, COURT_DATES, stop, tell)


async def _rhythm(app: App, clock: Clock, stop: asyncio.Event) -> None:
    async def keep() -> None:
        await keep_time(app.store, words, utcnow())

    await _on(clock, RHYTHM, stop, keep)


async def _on(
    clock: Clock, name: str, stop: asyncio.Event, work: Callable[[], Awaitable[None]]
) -> None:
    """Do `work` now, since a tick may have been missed while we were not running, and at each
    tick of this name.
    """
    while not stop.is_set():
        await work()
        tick = asyncio.create_task(clock.tick(name))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({tick, stopped}, return_when=asyncio.FIRST_COMPLETED)
        tick.cancel()
        stopped.cancel()


async def _until_over(app: App, signals: Signals, read: Callable[[], Loaded]) -> Loaded:
    """Wait for the end of this session: a signal to stop, or a configuration that asks for
    everything to be built anew. Changed feeds, watches and channels are taken over meanwhile.
    """
    loaded = app.loaded
    while True:
        waits = [asyncio.create_task(one.wait()) for one in (signals.stop, signals.reload)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if signals.stop.is_set():
            return loaded
        signals.reload.clear()
        new = await _taken_over(app, read)
        if new is None:
            continue
        rebuild = _sections(new) != _sections(loaded)
        loaded = app.loaded = new
        _log.info("configuration reloaded", rebuilt=rebuild)
        if rebuild:
            return loaded


def _sections(loaded: Loaded) -> dict[str, object]:
    """Return what can't be changed without building everything anew."""
    entries = {"feeds", "watches", "channels"}
    fields = type(loaded.settings).model_fields
    kept = {name: getattr(loaded.settings, name) for name in fields if name not in entries}
    return kept | {"urls": loaded.urls}


async def _taken_over(app: App, read: Callable[[], Loaded]) -> Loaded | None:
    """Read the configuration again and declare what it lists; None when it has faults: then the
    old one stays and the owner is told.
    """
    try:
        new = read()
        wishes(new)
        if new.urls:
            elsewhere(new)
        async with app.store.write() as tx:
            await declare(tx, new, utcnow())
    except VigilError as error:
        await _refuse(app, str(error))
        return None
    return new


async def _refuse(app: App, why: str) -> None:
    """Say that the old configuration stays: in the log, and to the owner if that can be kept."""
    _log.error("the changed configuration was not applied", error=why)
    notice = Notice("notice.config.refused", (("error", why),), about="config")
    try:
        async with app.store.write() as tx:
            await tell_owner(tx, notice, utcnow())
    except StoreError as error:
        _log.error("the owner could not be told", error=str(error))
