"""CourtListener put together: asking it, following it, taking what it pushes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.config import Loaded
from bot.dockets import court_source
from bot.opening import utcnow
from bot.pushed import PATH, Handler, courtlistener
from bot.talk.parts import CourtDesk
from model.courts import COURTS
from model.docket import Level
from model.source import NewSource
from store.engine import Store
from watchers.court_feeds import keep_feeds
from watchers.courtlistener import CourtListener
from watchers.courts import CourtRules, Courts
from watchers.fetch import Fetcher
from watchers.kinds.courtlistener_rest import Account
from watchers.push import Pushes
from watchers.take_in import TakeIn

SOONEST = 1000.0
"""Seconds between two polls of a feed at CourtListener: never under 15 minutes, with the jitter."""


@dataclass(frozen=True, slots=True)
class CourtParts:
    """Everything that has to do with CourtListener."""

    courtlistener: CourtListener
    """For what a person asks for."""
    courts: Courts
    pushes: Pushes


def court_parts(
    loaded: Loaded, store: Store, fetcher: Fetcher, take_in: TakeIn, owner: str
) -> CourtParts | None:
    """Return the parts; None where [courts] courtlistener_url is empty."""
    settings = loaded.settings.courts
    if not settings.courtlistener_url:
        return None
    base = settings.courtlistener_url.rstrip("/")
    client = CourtListener(store, fetcher, Account(base, loaded.courtlistener_token))
    rules = CourtRules(
        search=settings.search != "never",
        pushing=bool(loaded.webhook_secret and loaded.settings.server.public_url),
        interval=max(settings.interval, SOONEST),
    )
    courts = Courts(store, client, take_in, rules, owner=owner)
    return CourtParts(client, courts, Pushes(store, take_in, base, owner=owner))


def court_desk(loaded: Loaded, store: Store, fetcher: Fetcher) -> CourtDesk:
    """Return what the conversation can do about court cases with this configuration."""
    settings, token = loaded.settings.courts, loaded.courtlistener_token

    def feed(court: str) -> NewSource | None:
        return court_source(COURTS[court], settings) if court in COURTS else None

    search = None
    if token and settings.courtlistener_url and settings.search != "never":
        base = settings.courtlistener_url.rstrip("/")
        search = CourtListener(store, fetcher, Account(base, token)).search
    may_search = bool(settings.courtlistener_url) and settings.search == "ask"
    return CourtDesk(feed, search, bool(token), may_search, Level(settings.level))


async def forget_feeds(store: Store) -> None:
    """Ask CourtListener's feeds no more: [courts] courtlistener_url is empty."""
    async with store.write() as tx:
        await keep_feeds(tx, "", SOONEST, (), (), utcnow())


def push_addresses(loaded: Loaded, store: Store) -> Mapping[str, Handler]:
    """Return what answers where CourtListener pushes to; nothing without a secret."""
    if not (loaded.webhook_secret and loaded.settings.courts.courtlistener_url):
        return {}
    return {PATH: courtlistener(store, loaded.webhook_secret, utcnow)}
