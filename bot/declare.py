"""What config.toml declares, as the store's nouns, and into the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.config import FaultyConfigError, Loaded
from bot.dockets import court_feeds
from bot.settings import Channel, Feed
from matching.rhythm import parse_schedule
from model.docket import Level
from model.errors import TermError
from model.people import Chat, NewSubscriber
from model.source import NewSource
from model.watch import Watch

if TYPE_CHECKING:
    from store.dockets import Wanted
    from store.engine import Tx

TELEGRAM = "telegram"
CONSOLE = "console"
ELSEWHERE = "apprise"


def feeds(loaded: Loaded) -> list[NewSource]:
    """Return the declared feeds, those of courts among them; one that is listed as a feed and is a
    court's too is the court's.
    """
    courts = court_feeds(loaded)
    theirs = {one.url for one in courts}
    return [*(_feed(one) for one in loaded.settings.feeds if one.url not in theirs), *courts]


def _feed(feed: Feed) -> NewSource:
    return NewSource(
        feed.url, feed.name, feed.kind, tags=feed.tags, lang=feed.lang, interval=feed.interval
    )


def wishes(loaded: Loaded) -> list[tuple[Watch, tuple[str, ...]]]:
    """Return the declared watches, each with the ids of the channels it names.

    Raises FaultyConfigError with a sentence for each that can't be watched.
    """
    from matching.forms import terms_of
    from matching.wishes import from_row

    found: list[tuple[Watch, tuple[str, ...]]] = []
    wrong = []
    for number, entry in enumerate(loaded.settings.watches):
        try:
            watch = from_row(entry.model_dump(exclude={"to"}, exclude_none=True))
            terms_of(watch)
        except TermError as error:
            where = loaded.layers.where(("watches", number, "name"))
            wrong.append(f'{where}: [[watches]] "{entry.name}": {error}')
        else:
            found.append((watch, entry.to))
    if wrong:
        raise FaultyConfigError(wrong)
    return found


def channels(loaded: Loaded) -> list[NewSubscriber]:
    """Return the declared channels."""
    return [channel(entry) for entry in loaded.settings.channels]


def channel(entry: Channel) -> NewSubscriber:
    """Return one declared entry."""
    if entry.chat is None:
        return NewSubscriber(
            ELSEWHERE,
            entry.id,
            title=entry.id,
            language=entry.language,
            name=entry.id,
            why=entry.why,
        )
    address = str(entry.chat)
    named = address.startswith("@")
    return NewSubscriber(
        TELEGRAM,
        address,
        thread=entry.thread,
        title=entry.id,
        chat=Chat.CHANNEL if named or address.startswith("-100") else _small(address),
        public=named,
        language=entry.language,
        name=entry.id,
        why=entry.why,
    )


def _small(address: str) -> Chat:
    """Return what a number stands for: negative ones are groups, others are people."""
    return Chat.GROUP if address.startswith("-") else Chat.PRIVATE


def dockets(loaded: Loaded, ids: dict[str, int]) -> list[Wanted]:
    """Return the declared dockets; `ids`: of the channels, by their name."""
    from store.dockets import Wanted

    level = loaded.settings.courts.level
    return [
        Wanted(one.court, one.number, level=Level(one.level or level), to=_ids(one.to, ids))
        for one in loaded.settings.dockets
    ]


async def declare(tx: Tx, loaded: Loaded, now: datetime) -> None:
    """Take over what config.toml declares: new entries are added, changed ones changed, those no
    longer listed switched off.
    """
    from store import dockets as followed
    from store import sources, subscribers, visiting, watches

    wanted = wishes(loaded)
    await sources.declare(tx, feeds(loaded), now)
    await subscribers.declare(tx, channels(loaded), now)
    ids = {one.name: one.id for one in await subscribers.all_subscribers(tx) if one.name}
    await _declare_rhythms(tx, loaded, ids, now)
    if loaded.settings.telegram.owner_id:
        await _declare_owner(tx, loaded.settings.telegram.owner_id, now)
    await watches.declare(tx, [(watch, _ids(to, ids)) for watch, to in wanted], now)
    await visiting.switch(tx, now, is_on=loaded.settings.telegram.strangers == "open")
    await followed.declare(tx, dockets(loaded, ids), now)


async def _declare_owner(tx: Tx, person: int, now: datetime) -> None:
    """Make a Telegram user the owner; what they followed as a visitor is the team's now."""
    from store import members, subscribers, visiting

    await members.set_owner(tx, person, now)
    if not await visiting.of_visitor(tx, person):
        return
    place = await subscribers.by_address(tx, TELEGRAM, str(person))
    if place is None:
        new = NewSubscriber(TELEGRAM, str(person), chat=Chat.PRIVATE)
        place = await subscribers.add(tx, new, now)
    elif place.is_visitor:
        place = await subscribers.update(tx, place.id, now, public=False)
    await visiting.adopt(tx, person, place.id, now)


async def _declare_rhythms(tx: Tx, loaded: Loaded, ids: dict[str, int], now: datetime) -> None:
    """Take over when and what is told: as usual, and in each channel that is listed."""
    from store import rhythms

    telling, zone = loaded.settings.alerts, loaded.settings.general.timezone
    await rhythms.declare(tx, rhythms.Usual(zone, telling.quiet_hours, telling.max_per_hour))
    for entry in loaded.settings.channels:
        before = await rhythms.one_of(tx, ids[entry.id])
        said = how_told(entry)
        if parse_schedule(entry.digest) != before.digest:
            said["digest_last"] = now
        else:
            del said["digest"]
        await rhythms.change(tx, ids[entry.id], **said)


def how_told(entry: Channel) -> dict[str, object]:
    """Return what an entry says of its Rhythm, by column."""
    what = entry.what[0] if len(set(entry.what)) == 1 else ""
    return {"what": what, "review": entry.review, "digest": entry.digest}


def _ids(names: Sequence[str], ids: dict[str, int]) -> tuple[int, ...]:
    return tuple(ids[name] for name in names)
