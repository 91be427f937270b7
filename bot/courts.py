"""CourtListener put together: asking it, following it, taking what it pushes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.config import Loaded
from bot.opening import utcnow
from bot.pushed import PATH, Handler, courtlistener
from store.engine import Store
from watchers.courtlistener import CourtListener
from watchers.courts import CourtRules, Courts
from watchers.fetch import Fetcher
from watchers.kinds.courtlistener_rest import Account
from watchers.push import Pushes
from watchers.take_in import TakeIn


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
        interval=max(settings.interval, 900.0),
    )
    courts = Courts(store, client, take_in, rules, owner=owner)
    return CourtParts(client, courts, Pushes(store, take_in, base, owner=owner))


def push_addresses(loaded: Loaded, store: Store) -> Mapping[str, Handler]:
    """Return what answers where CourtListener pushes to; nothing without a secret."""
    if not (loaded.webhook_secret and loaded.settings.courts.courtlistener_url):
        return {}
    return {PATH: courtlistener(store, loaded.webhook_secret, utcnow)}
