"""Which courts' feeds are asked, and what is honestly said of what they publish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.config import Loaded
from bot.settings import Courts
from model.courts import COURTS, Court
from model.source import NewSource
from watchers.kinds.pacer import NAME as PACER

if TYPE_CHECKING:
    from model.docket import Docket
    from model.words import Words

EVERY = "all"


def court_source(court: Court, settings: Courts) -> NewSource | None:
    """Return a court's own feed as a Source; None: it has none that is known."""
    address = settings.feeds.get(court.id, court.feed)
    if not address:
        return None
    name = f"{court.short} court feed"
    return NewSource(
        address, name, kind=PACER, tags=("court", court.id), lang="en", interval=settings.interval
    )


def court_feeds(loaded: Loaded) -> list[NewSource]:
    """Return the feeds that config.toml asks for: of the courts it lists, and of the courts of
    the dockets it lists.
    """
    settings = loaded.settings.courts
    listed = settings.pacer_rss
    ids = [*COURTS] if EVERY in listed else [*listed]
    ids += [docket.court for docket in loaded.settings.dockets]
    found = (court_source(COURTS[one], settings) for one in dict.fromkeys(ids))
    return [one for one in found if one is not None]


def coverage(dockets: Iterable[Docket], *, token: bool, words: Words) -> list[str]:
    """Return sentences about what will be heard of these dockets, and what will not: nobody
    should take a court's silence for nothing having happened.
    """
    courts = [COURTS[one.court] for one in dockets if one.court in COURTS]
    said = []
    for court in dict.fromkeys(courts):
        if not court.feed:
            said.append(words.say("docket.covers.no-feed", court=court.short))
        elif not court.covers:
            said.append(words.say("docket.covers.unknown", court=court.short))
        elif court.covers == EVERY:
            said.append(words.say("docket.covers.all", court=court.short))
        else:
            said.append(words.say("docket.covers.some", court=court.short, what=court.covers))
    said.append(words.say("docket.covers.token" if token else "docket.covers.no-token"))
    return said
