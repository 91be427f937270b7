"""Builds every part once, from the configuration, and closes them in reverse."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from alerts.couriers import Courier
from alerts.couriers.console import ConsoleCourier
from alerts.dispatch import Dispatcher
from bot.config import Loaded
from bot.courts import CourtParts, court_desk, court_parts, forget_feeds
from bot.declare import CONSOLE, ELSEWHERE
from bot.opening import opened, utcnow
from bot.pushed import webhook_of
from bot.report import Metrics, Progress, Reporter
from bot.version import VERSION
from bot.words import load as words
from matching.match import Matcher
from matching.raising import Audience, audiences
from model.errors import ConfigError
from model.people import NewSubscriber
from store import subscribers, upkeep
from store.engine import Store, Tx
from watchers.articles import PageReader, PageRules
from watchers.book import WatchBook
from watchers.documents import DocumentReader
from watchers.fetch import Fetcher, FetchRules, user_agent
from watchers.pace import PaceRules
from watchers.poll import Poller, PollRules
from watchers.robots import RobotsBook
from watchers.sandbox import Sandbox
from watchers.take_in import TakeIn, TakeInRules
from watchers.want import FullText

if TYPE_CHECKING:
    from bot.talk.receive import Receiver


_CONNECTED = "connected"
"""Setting: a process with a token has worked on this database."""


@dataclass(slots=True)
class App:
    """Every part of the program, open."""

    loaded: Loaded
    owner: str
    """What this process calls itself where it holds leases."""
    store: Store
    poller: Poller
    pages: PageReader
    documents: DocumentReader | None
    """None where documents are only linked."""
    courts: CourtParts | None
    """None where CourtListener is not to be asked."""
    dispatcher: Dispatcher
    reporter: Reporter
    receiver: Receiver | None
    """The conversation; None without a token, and where it is not wanted."""

    @property
    def on_console(self) -> bool:
        """Whether alerts are printed, because there is no token."""
        return not self.loaded.token


@dataclass(frozen=True, slots=True)
class _Ground:
    """What several parts stand on."""

    loaded: Loaded
    owner: str
    store: Store
    fetcher: Fetcher
    sandbox: Sandbox


@asynccontextmanager
async def built(loaded: Loaded, *, parts: Collection[str]) -> AsyncIterator[App]:
    """Give the whole program for these parts ("poll", "deliver", "talk"), closed afterwards in
    reverse. Raises a VigilError in one sentence when it can't be built.
    """
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(loaded, declaring=True))
        await choose_console(store, token=bool(loaded.token), delivering="deliver" in parts)
        fetcher = await stack.enter_async_context(Fetcher(fetch_rules(loaded)))
        sandbox = await stack.enter_async_context(Sandbox())
        book = Book(matcher_for(loaded))
        stack.callback(book.close)
        ground = _Ground(loaded, process_name(), store, fetcher, sandbox)
        couriers = couriers_for(loaded)
        for courier in couriers.values():
            stack.push_async_callback(courier.close)
        yield await _on(ground, book, couriers, talks="talk" in parts and bool(loaded.token))


async def _on(ground: _Ground, book: Book, couriers: Mapping[str, Courier], *, talks: bool) -> App:
    """Put the parts together; `talks`: with the conversation."""
    loaded, store, fetcher = ground.loaded, ground.store, ground.fetcher
    rules = poll_rules(loaded)
    given = TakeIn(store, book, rules.take_in)
    robots = RobotsBook(fetcher)
    is_heeding = loaded.settings.polling.respect_robots
    courts = court_parts(loaded, store, fetcher, given, ground.owner)
    if courts is None:
        await forget_feeds(store)
    reporter = Reporter(Metrics(), Progress())
    probe = loaded.settings.alerts.ambiguous == "probe"
    return App(
        loaded,
        ground.owner,
        store,
        Poller(
            store,
            fetcher,
            ground.sandbox,
            book,
            rules,
            owner=ground.owner,
            allows=robots.allows if is_heeding else None,
        ),
        PageReader(store, fetcher, ground.sandbox, given, PageRules(is_heeding), robots=robots),
        _documents(ground, given),
        courts,
        Dispatcher(store, couriers, words, owner=ground.owner, probe=probe),
        reporter,
        _receiver(ground, book, reporter) if talks else None,
    )


def process_name() -> str:
    """Return a name that no other process has, and that tells people which one it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def fetch_rules(loaded: Loaded) -> FetchRules:
    """Return [polling] as far as fetching needs it."""
    polling = loaded.settings.polling
    return FetchRules(
        user_agent=user_agent(VERSION, loaded.settings.general.contact),
        concurrency=polling.concurrency,
        per_host=polling.per_host,
        host_gap=polling.host_gap,
        proxy=polling.proxy,
        timeout=polling.timeout,
        max_bytes=polling.max_bytes,
        allow_networks=polling.allow_networks,
    )


def matcher_for(loaded: Loaded) -> Matcher:
    """Return an empty Matcher with [matching]'s settings."""
    matching = loaded.settings.matching
    return Matcher(threshold=matching.threshold, context_distance=matching.context_distance)


def couriers_for(loaded: Loaded) -> Mapping[str, Courier]:
    """Return the couriers there are: Telegram with a token, the terminal without one, and one for
    the channels that have a url_file. ConfigError where these can't be used.
    """
    couriers: dict[str, Courier] = {}
    if loaded.token:
        from alerts.couriers.telegram import TelegramCourier

        telegram = loaded.settings.telegram
        courier = TelegramCourier(loaded.token, api_url=telegram.api_url, proxy=telegram.proxy)
        couriers[courier.name] = courier
    else:
        couriers[CONSOLE] = ConsoleCourier(sys.stdout)
    if loaded.urls:
        couriers[ELSEWHERE] = elsewhere(loaded)
    return couriers


def elsewhere(loaded: Loaded) -> Courier:
    """Return what delivers to the channels that have a url_file; ConfigError where it can't."""
    try:
        from alerts.couriers.elsewhere import ElsewhereCourier
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"[[channels]] url_file needs the extra `apprise` ({error.name} is not installed): "
            'pip install "vigil-bot[apprise]".'
        ) from None
    return ElsewhereCourier(loaded.urls)


class Book(WatchBook):
    """Where alerts are printed, all go to the terminal, whatever channels a watch names."""

    async def audiences(self, tx: Tx, watch_ids: Collection[int]) -> Mapping[int, Audience]:
        """Return who hears of each watch, as things stand in this transaction."""
        terminal = await subscribers.by_address(tx, CONSOLE, "")
        if terminal is None:
            return await super().audiences(tx, watch_ids)
        wanted = [stored for one in watch_ids if (stored := self.watch(one)) is not None]
        others = await subscribers.all_subscribers(tx)
        told = audiences(wanted, [one for one in others if one.courier == ELSEWHERE])
        printed = audiences([replace(stored, to=()) for stored in wanted], [terminal])
        return {
            one: replace(heard, subscriber_ids=(*heard.subscriber_ids, *told[one].subscriber_ids))
            for one, heard in printed.items()
        }


async def choose_console(store: Store, *, token: bool, delivering: bool) -> None:
    """Let alerts go to the terminal while there is no token, and to Telegram once there is one.

    A process that only polls needs no token, so its lack of one says nothing once this database
    has seen a process that had it.
    """
    async with store.write() as tx:
        terminal = await subscribers.by_address(tx, CONSOLE, "")
        if token:
            await upkeep.set_setting(tx, _CONNECTED, "yes")
            if terminal is not None:
                await subscribers.remove(tx, terminal.id, utcnow())
        elif terminal is None and (delivering or not await upkeep.setting(tx, _CONNECTED)):
            await subscribers.add(tx, NewSubscriber(CONSOLE, "", title="terminal"), utcnow())


def poll_rules(loaded: Loaded) -> PollRules:
    """Return what of the configuration the inbound loop needs."""
    polling, telling = loaded.settings.polling, loaded.settings.alerts
    return PollRules(
        TakeInRules(
            PaceRules(polling.interval, polling.interval_min, polling.interval_max),
            tell_backlog=telling.first_run_backlog == "digest",
            corrections=True,
            edit_window=timedelta(seconds=telling.edit_window),
            full_text=FullText(polling.full_text),
            documents=bool(loaded.settings.courts.documents),
        ),
        host_gap=polling.host_gap,
    )


def _documents(ground: _Ground, take_in: TakeIn) -> DocumentReader | None:
    """Return the reader of court documents; None where these are only linked."""
    most = ground.loaded.settings.courts.documents
    if not most:
        return None
    return DocumentReader(ground.store, ground.fetcher, ground.sandbox, take_in, most)


def _receiver(ground: _Ground, book: Book, reporter: Reporter) -> Receiver:
    """Return the conversation, which says in /status what is wrong with the program."""
    from bot.talk.parts import Account, Parts
    from bot.talk.receive import Receiver

    loaded = ground.loaded
    telegram, matching = loaded.settings.telegram, loaded.settings.matching
    parts = Parts(
        ground.store,
        words,
        ground.fetcher,
        ground.sandbox,
        VERSION,
        utcnow(),
        language=loaded.settings.general.language,
        threshold=matching.threshold,
        context_distance=matching.context_distance,
        respect_robots=loaded.settings.polling.respect_robots,
        courts=court_desk(loaded, ground.store, ground.fetcher),
        strangers=telegram.strangers,
        troubles=lambda: (
            *filter(None, [reporter.trouble, reporter.court_trouble]),
            *book.broken.values(),
        ),
    )
    account = Account(
        loaded.token,
        telegram.api_url,
        telegram.proxy,
        webhook=webhook_of(loaded),
        secret=loaded.telegram_secret,
    )
    beat = partial(reporter.progress.beat, "talk")
    return Receiver(parts, account, ground.owner, utcnow, beat=beat)
