"""`vigil check`: whether everything is there that vigil needs, and the next step if not."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.check_courts import check_courts
from bot.config import FaultyConfigError, Loaded, load
from bot.court_health import court_health
from bot.declare import TELEGRAM, wishes
from bot.findings import ERROR, OK, WARNING, Finding
from bot.opening import opened, utcnow
from bot.redact import keep_secret
from bot.tending import backups
from model.errors import ConfigError, DeliveryError, StoreError, TermError, VigilError
from model.people import Member, Subscriber
from model.source import SourceHealth
from model.watch import StoredWatch

if TYPE_CHECKING:
    from bot.talk.account import Client
    from store.engine import Store

ROOM = 500_000_000
"""Bytes that should be free on the disk of the data directory."""
SHOWN = 5
"""Troubles of one sort that are named one by one."""


async def examine(path: Path, given: Mapping[str, str]) -> list[Finding]:
    """Look at everything, as far as it can be reached from what is there."""
    try:
        loaded = load(path, given=given)
        keep_secret(*loaded.secrets)
        wishes(loaded)
    except FaultyConfigError as error:
        step = "mend it; `vigil config schema` tells an editor what is allowed"
        return [Finding("config", ERROR, sentence, step) for sentence in error.sentences]
    except ConfigError as error:
        return [Finding("config", ERROR, str(error), "vigil setup")]
    found = [Finding("config", OK, f"{path} is in order.")]
    found += _elsewhere(loaded)
    found += _disk(loaded)
    try:
        async with opened(loaded) as store:
            found.append(Finding("database", OK, f"{store.dialect} is open and up to date."))
            found += await _inside(store, loaded)
    except StoreError as error:
        found.append(
            Finding("database", ERROR, str(error), "see [general] data_dir, [database] url")
        )
    found += await _sandbox()
    return found


def _elsewhere(loaded: Loaded) -> list[Finding]:
    """Look whether Apprise is there and knows the addresses of url_files; nothing is sent."""
    from bot.app import elsewhere

    if not loaded.urls:
        return []
    try:
        elsewhere(loaded)
    except ConfigError as error:
        return [Finding("elsewhere", ERROR, str(error), "mend [[channels]] url_file")]
    said = f"{', '.join(loaded.urls)}: Apprise knows the address."
    return [Finding("elsewhere", OK, said)]


def _disk(loaded: Loaded) -> list[Finding]:
    folder = loaded.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        said = f"only {free // 1_000_000} MB are free in {folder}."
        return [Finding("disk", WARNING, said, "make room, or choose another data_dir")]
    return []


async def _inside(store: Store, loaded: Loaded) -> list[Finding]:
    """Look at what the database says, and at Telegram."""
    from store import members, outbox, sources, subscribers, upkeep, watches

    async with store.read() as tx:
        healths = await sources.health(tx)
        everyone = await watches.all_watches(tx)
        owner = await members.owner(tx)
        channels = await subscribers.all_subscribers(tx)
        beats = await upkeep.heartbeats(tx)
        _, oldest = await outbox.depth(tx)
        now = utcnow()
        courts = await court_health(tx, now)
    return [
        *_sources(healths),
        *_watches(everyone, loaded),
        *check_courts(loaded, courts),
        *await _telegram(loaded, owner, channels),
        *_progress(beats, oldest, now),
        *(_backups(loaded, now) if store.dialect == "sqlite" else ()),
    ]


def _sources(healths: Sequence[SourceHealth]) -> list[Finding]:
    if not healths:
        step = "vigil feed add https://…, or vigil feed discover SITE"
        return [Finding("sources", WARNING, "there is none, so nothing is read.", step)]
    failing = [one for one in healths if one.pace.fails]
    found = [Finding("sources", OK, f"{len(healths)} are asked, {len(failing)} of them fail now.")]
    for one in failing[:SHOWN]:
        name = one.source.name or one.source.url
        step = f"vigil feed check {one.source.url}"
        found.append(Finding("sources", WARNING, f"{name}: {one.pace.error}", step))
    return found


def _watches(everyone: Sequence[StoredWatch], loaded: Loaded) -> list[Finding]:
    from bot.app import matcher_for

    if not everyone:
        return [Finding("watches", WARNING, "nobody is watched.", "vigil watch add 'A Name'")]
    matcher, broken = matcher_for(loaded), []
    for stored in everyone:
        try:
            matcher.add(stored.watch)
        except TermError as error:
            step = f"vigil watch show {stored.watch.id}"
            broken.append(Finding("watches", ERROR, f"{stored.watch.name}: {error}", step))
    return [Finding("watches", OK, f"{len(everyone) - len(broken)} are watched."), *broken]


async def _telegram(
    loaded: Loaded, owner: Member | None, channels: Sequence[Subscriber]
) -> list[Finding]:
    if not loaded.token:
        said = "no token is set: alerts are printed in the terminal."
        step = f"get one from @BotFather, put it into {loaded.layers.token_file}"
        return [Finding("telegram", WARNING, said, step)]
    from bot.talk.account import WrongTokenError, reached
    from bot.talk.parts import Account

    telegram = loaded.settings.telegram
    try:
        async with reached(Account(loaded.token, telegram.api_url, telegram.proxy)) as bot:
            found = [Finding("telegram", OK, f"the bot is @{bot.username}.")]
            return found + _owner(owner) + await _channels(bot, channels)
    except WrongTokenError as error:
        step = f"copy it again from @BotFather into {loaded.layers.token_file}"
        return [Finding("telegram", ERROR, str(error), step)]
    except DeliveryError as error:
        step = "see [telegram] api_url and proxy"
        return [Finding("telegram", ERROR, str(error), step)]


def _owner(owner: Member | None) -> list[Finding]:
    if owner is not None:
        return [Finding("owner", OK, f"{owner.name or owner.id} owns the bot.")]
    step = "start `vigil run` and open the claim link it prints"
    return [Finding("owner", WARNING, "nobody owns the bot yet.", step)]


async def _channels(bot: Client, channels: Sequence[Subscriber]) -> list[Finding]:
    here = [one for one in channels if one.courier == TELEGRAM]
    if not here:
        step = "/channel in Telegram links one; until then the owner's chat gets all"
        return [Finding("channels", WARNING, "no chat gets alerts yet.", step)]
    found = []
    for one in here:
        there = await bot.place(one.address)
        name = one.name or one.title or there.title
        if there.refused:
            step = "make the bot an administrator there who may post"
            found.append(Finding("channels", ERROR, f"{name}: {there.refused}", step))
        else:
            found.append(Finding("channels", OK, f"{name} can be posted to."))
    return found


def _progress(
    beats: Mapping[str, datetime], oldest: datetime | None, now: datetime
) -> list[Finding]:
    from bot.health import OLDEST, stale

    wrong = stale(beats, now)
    if wrong:
        found = [Finding("running", WARNING, "vigil does not run now.", "vigil run")]
    else:
        found = [Finding("running", OK, "work is progressing.")]
    if oldest is not None and now - oldest > OLDEST:
        said = f"a delivery has been due since {oldest:%Y-%m-%d %H:%M} UTC."
        found.append(Finding("outbox", WARNING, said, "vigil outbox list"))
    return found


def _backups(loaded: Loaded, now: datetime) -> list[Finding]:
    if loaded.settings.database.backup != "daily":
        step = '[database] backup = "daily"'
        return [Finding("backups", WARNING, "none are made.", step)]
    last = backups(loaded.data_dir / "backups")[-1:]
    if last and now.timestamp() - last[0].stat().st_mtime > timedelta(days=3).total_seconds():
        step = "look into the log of `vigil run` for why"
        return [Finding("backups", WARNING, f"the last one is {last[0].name}.", step)]
    return []


async def _sandbox() -> list[Finding]:
    """Read a small feed in a child, as polling does."""
    from model.source import Source
    from watchers.answer import Answer
    from watchers.sandbox import Sandbox

    url = "http://localhost/"
    body = b"<rss version='2.0'><channel><item><title>A title</title></item></channel></rss>"
    try:
        async with Sandbox(1) as sandbox:
            await sandbox.parse("feed", Source(0, url, url), Answer(url, body=body))
    except (OSError, VigilError) as error:
        said = f"feeds can't be read in a child process: {error}"
        return [Finding("sandbox", ERROR, said, "let vigil start processes")]
    return [Finding("sandbox", OK, "feeds are read in a child process.")]
