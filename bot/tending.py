"""Upkeep: forgetting what is old, backups, and the weekly line that all is well.

Each job looks by itself whether it is its time, and notes in the database what it has done: a
missed hour is made good, a repeated one (autumn) does nothing twice, and several processes
share the work by a lease.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import possibles
from bot.config import Loaded
from bot.logs import logger
from bot.opening import utcnow
from model.alert import Notice
from model.people import Chat
from store import items, members, outbox, sources, subscribers, upkeep, watches
from store.engine import Store, Tx
from store.owner import tell_owner

if TYPE_CHECKING:
    from bot.app import App

KEPT = 7
"""Backups that are kept."""
NIGHT = 3
"""The hour from which the day's upkeep is done."""
MORNING = 9
"""The hour on Monday from which the weekly line is told."""
WEEK = timedelta(days=7)
TROUBLES = ("failing", "gone", "silent")
"""What of Source.told counts as failing in the weekly line."""
_LEASE = "upkeep"
_log = logger()


async def tend(app: App) -> None:
    """Do what is due; called at the start and every hour."""
    store, now = app.store, utcnow()
    async with store.write() as tx:
        if await upkeep.lease(tx, _LEASE, app.owner, 600.0) is None:
            return
    local = now.astimezone(ZoneInfo(app.loaded.settings.general.timezone))
    if local.hour >= NIGHT:
        await _once(store, "pruned", f"{local:%Y-%m-%d}", lambda: _prune(app))
        await _once(store, "backed up", f"{local:%Y-%m-%d}", lambda: _backup(app, local))
    if local.hour >= MORNING:
        day = f"{local:%Y-%m-%d}"
        await _once(
            store, "possible told", day, lambda: possibles.tell(app.store, _rules(app), now)
        )
    await _weekly(app, local, now)
    async with store.write() as tx:
        await upkeep.release(tx, _LEASE, app.owner)


def _rules(app: App) -> possibles.Rules:
    return possibles.Rules.of(app.loaded.settings.matching)


async def _once(store: Store, job: str, day: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work` unless it has been done on this day."""
    async with store.read() as tx:
        if await upkeep.setting(tx, job) == day:
            return
    await work()
    async with store.write() as tx:
        await upkeep.set_setting(tx, job, day)


async def _prune(app: App) -> None:
    gone = await prune(app.store, app.loaded)
    if gone != upkeep.Pruned():
        _log.info("pruned", said=str(gone))


async def prune(store: Store, loaded: Loaded) -> upkeep.Pruned:
    """Forget what is older than [database] keep_articles and keep_bodies; return what was."""
    database = loaded.settings.database
    return await upkeep.prune(
        store,
        utcnow(),
        keep_articles=timedelta(seconds=database.keep_articles),
        keep_bodies=timedelta(seconds=database.keep_bodies),
    )


async def _backup(app: App, local: datetime) -> None:
    if app.loaded.settings.database.backup != "daily" or app.store.dialect != "sqlite":
        return
    folder = app.loaded.data_dir / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"vigil-{local:%Y-%m-%d}.db"
    if not path.exists():
        await upkeep.backup(app.store, path)
        _log.info("backed up", file=str(path))
    for old in backups(folder)[:-KEPT]:
        old.unlink()


def backups(folder: Path) -> list[Path]:
    """Return the daily backups, oldest first."""
    return sorted(folder.glob("vigil-????-??-??.db"))


async def _weekly(app: App, local: datetime, now: datetime) -> None:
    """Tell the owner once a week how it went; a week that has just begun with us is left out."""
    year, week, weekday = local.isocalendar()
    this = f"{year}-W{week:02}"
    async with app.store.write() as tx:
        told = await upkeep.setting(tx, "weekly")
        if told == this or (weekday == 1 and local.hour < MORNING):
            return
        if told:
            await _tell(tx, await weekly_notice(tx, now), now)
        await upkeep.set_setting(tx, "weekly", this)
        await upkeep.set_setting(tx, "rounds", "0")


async def _tell(tx: Tx, notice: Notice, now: datetime) -> None:
    """Tell the owner, and each other private chat that has watches of its own."""
    await tell_owner(tx, notice, now)
    owner = await members.owner(tx)
    named = {one for stored in await watches.all_watches(tx) for one in stored.to}
    for chat in await subscribers.all_subscribers(tx):
        is_owners = owner is not None and chat.address == str(owner.id)
        is_members = chat.chat is Chat.PRIVATE and not chat.is_visitor
        if is_members and chat.id in named and not is_owners:
            await outbox.notify(tx, chat.id, notice, now)


async def weekly_notice(tx: Tx, now: datetime) -> Notice:
    """Return the weekly line: "All is well", or what is not."""
    healths = await sources.health(tx)
    everyone = await watches.all_watches(tx)
    found = await items.mention_counts(tx, since=now - WEEK)
    failing = sum(one.told in TROUBLES for one in healths)
    gaps = sum(one.told == "gap" for one in healths)
    args = {
        "rounds_n": await upkeep.setting(tx, "rounds") or "0",
        "n": len(healths),
        "quiet_n": sum(not found.get(one.watch.id) for one in everyone),
        "watches_n": len(everyone),
    }
    if failing or gaps:
        args |= {"failing_n": failing, "gaps_n": gaps}
    code = "notice.week" if failing or gaps else "notice.all-is-well"
    return Notice(code, tuple((key, str(value)) for key, value in args.items()), about="week")


async def count_rounds(tx: Tx, more: int) -> None:
    """Add to the rounds of this week."""
    before = int(await upkeep.setting(tx, "rounds") or 0)
    await upkeep.set_setting(tx, "rounds", str(before + more))
