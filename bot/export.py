"""Writing out what holds: watches as JSON lines, everything as a config.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.config import Loaded
from bot.scan import Complain, rows_of, watch_of
from matching.wishes import to_row
from model.errors import TermError
from model.watch import Watch

if TYPE_CHECKING:
    from model.docket import Following
    from model.people import Subscriber
    from model.rhythm import Rhythm
    from model.source import Source
    from model.watch import StoredWatch

_Telling = TypeVar("_Telling", "StoredWatch", "Following")


def watches_from(path: Path, complain: Complain) -> tuple[list[Watch], int]:
    """Return the watches of a list (.jsonl, .csv, .toml), and how many could not be used."""
    found, bad = wishes_from(path, complain)
    return [watch for watch, _ in found], bad


def wishes_from(path: Path, complain: Complain) -> tuple[list[tuple[Watch, tuple[str, ...]]], int]:
    """Return the watches of a list, each with the channels its `to` names, and how many entries
    could not be used.
    """
    from matching.forms import terms_of

    found: list[tuple[Watch, tuple[str, ...]]] = []
    bad = 0
    for place, row in rows_of(path):
        try:
            watch = watch_of(row)
            terms_of(watch)
        except TermError as error:
            bad += 1
            complain(f"{path.name} {place}: {error}")
        else:
            found.append((watch, () if isinstance(row, str) else listed(row)))
    return found, bad


def listed(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names in the `to` of a list's entry: a list, or a text split at |."""
    given = row.get("to") or ()
    parts = given.split("|") if isinstance(given, str) else given
    parts = parts if isinstance(parts, (list, tuple)) else (parts,)
    return tuple(name for part in parts if (name := str(part).strip()))


async def exported(loaded: Loaded) -> str:
    """Return a config.toml of what holds now: the configuration's own values, and every feed,
    watch, case and channel, those made in Telegram and on the command line included. What tells
    only chats that are switched off stands there as comments: without them it would tell others.
    """
    from pydantic import BaseModel

    from bot.declare import ELSEWHERE
    from bot.effective import table
    from bot.opening import opened
    from bot.tomlfile import document
    from store import dockets, rhythms, sources, subscribers, watches

    async with opened(loaded) as store, store.read() as tx:
        feeds = [one.source for one in await sources.health(tx)]
        everywhere = await subscribers.all_subscribers(tx, enabled=None)
        wishes = await watches.all_watches(tx)
        cases = await dockets.followings(tx)
        known = [one for one in everywhere if not one.is_visitor]  # a channel hears all there is
        every = [one for one in known if one.enabled]
        hows = await rhythms.of(tx, [one.id for one in every])
    settings = loaded.settings
    whole: dict[str, object] = {"schema_version": settings.schema_version}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel) and (told := table(value)):
            told.pop("token", None)
            whole[name] = told
    channels = [one for one in every if one.courier == "telegram"]
    whole["feeds"] = [_feed(feed) for feed in feeds if feed.kind in _DECLARABLE]
    readers = [one for one in every if one.courier in ("telegram", ELSEWHERE)]
    heard_of, silent = _parted(wishes, readers)
    followed, unheard = _parted(cases, readers)
    whole["watches"] = [_watch(stored, readers) for stored in heard_of]
    whole["dockets"] = _dockets(followed, readers)
    whole["channels"] = [channel_row(one) | rhythm_row(hows[one.id]) for one in channels] + [
        table(entry) for entry in settings.channels if entry.url_file
    ]
    aside = {"watches": [_watch(one, known) for one in silent], "dockets": _dockets(unheard, known)}
    return document({key: value for key, value in whole.items() if value}) + _comments(aside)


def _parted(some: Sequence[_Telling], readers: list[Subscriber]) -> tuple[list[_Telling], ...]:
    """Return what tells somebody, and what tells only chats that are switched off."""
    ids = {one.id for one in readers}
    silent = [one for one in some if one.to and ids.isdisjoint(one.to)]
    return [one for one in some if one not in silent], silent


def _comments(whole: Mapping[str, object]) -> str:
    """Return entries as comments, with why they are."""
    from bot.tomlfile import document

    text = document({key: value for key, value in whole.items() if value})
    return "".join(f"# {line}".rstrip() + "\n" for line in [_ASIDE, *text.splitlines()] if text)


_ASIDE = "What follows tells only chats that are switched off. Without `to` it would tell others."


_DECLARABLE = ("feed", "sitemap", "links")
"""Kinds of [[feeds]]; courts' come of [courts] and [[dockets]]."""


def channel_id(channel: Subscriber) -> str:
    """Return what `to` names a channel by: its id in config.toml, or its number."""
    return channel.name or f"{channel.address}/{channel.thread}".removesuffix("/0")


def _watch(stored: StoredWatch, channels: list[Subscriber]) -> dict[str, object]:
    ids = {one.id: channel_id(one) for one in channels}
    to = [ids[one] for one in stored.to if one in ids]
    return to_row(stored.watch) | ({"to": to} if to else {})


def _dockets(cases: list[Following], channels: list[Subscriber]) -> list[dict[str, object]]:
    """Return the cases as [[dockets]] entries; one known by CourtListener's id alone has none."""
    ids = {one.id: channel_id(one) for one in channels}
    found: dict[tuple[str, str], dict[str, object]] = {}
    for one in cases:
        court, number = one.docket.court, one.docket.number
        if one.enabled and court and number:
            row: dict[str, object] = {"court": court, "number": number, "level": one.level.value}
            to = [ids[reader] for reader in one.to if reader in ids]
            found.setdefault((court, number), row | ({"to": to} if to else {}))
    return list(found.values())


def rhythm_row(how: Rhythm) -> dict[str, object]:
    """Return what a [[channels]] entry says of what goes there, and when."""
    whole = {
        "what": [how.what.value] if how.what.value else [],
        "review": how.review,
        "digest": str(how.digest) if how.digest else "",
    }
    return {key: value for key, value in whole.items() if value}


def _feed(feed: Source) -> dict[str, object]:
    from bot.units import say_seconds

    whole: dict[str, object] = {"url": feed.url, "name": feed.name, "tags": list(feed.tags)}
    whole["kind"] = "" if feed.kind == "feed" else feed.kind
    whole["lang"] = feed.lang
    if feed.interval is not None:
        whole["interval"] = say_seconds(feed.interval)
    return {key: value for key, value in whole.items() if value}


def channel_row(channel: Subscriber) -> dict[str, object]:
    """Return a channel as a [[channels]] entry."""
    address = channel.address
    whole: dict[str, object] = {"id": channel_id(channel)}
    whole["chat"] = address if address.startswith("@") else int(address)
    if channel.thread:
        whole["thread"] = channel.thread
    return whole | {"language": channel.language, "why": channel.why}
