"""`vigil replay`: what is stored against changed rules."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show
from bot.cli.given import loaded
from model.errors import UsageError

if TYPE_CHECKING:
    from bot.config import Loaded
    from bot.replay import Count, Difference, Rules
    from store.engine import Store


def add(app: typer.Typer) -> None:
    """Put this command into the table."""
    app.command()(replay)


def replay(
    context: typer.Context,
    begin: Annotated[
        str, typer.Option("--from", help='A day ("2020-11-18"), a moment, or how long ago ("30d").')
    ] = "30d",
    end: Annotated[str, typer.Option("--to", help="The same; absent: now.")] = "",
    config: Annotated[
        Path | None, typer.Option(help="Another config.toml: its watches and [matching].")
    ] = None,
    watches: Annotated[
        Path | None, typer.Option(help="Names from a list instead, as in `vigil scan`.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Send what would be told and was not, to real channels.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Match stored items again, and say what would be told differently.

    With the rules as they are now, or with others; the oldest items first. Sends nothing without
    --yes.
    """
    from bot.opening import utcnow, with_store
    from bot.replay import Count

    if yes and (config or watches):
        raise UsageError("--yes sends by the rules in use: leave --config and --watches out.")
    now = utcnow()
    since, until = moment(begin, "--from", now), moment(end, "--to", now) if end else now
    here = loaded(context)
    other = loaded(context, config) if config else None
    count = Count()

    async def work(store: Store) -> None:
        rules = await _rules(store, here, other, watches)
        await _run(store, rules, (since, until), count, as_json=as_json, edit=_edit(here, yes))

    with_store(here, work)
    if not as_json:
        _sum_up(count, yes=yes)


def moment(written: str, option: str, now: datetime) -> datetime:
    """Return the moment an option means: a day or a moment (UTC), or how long before `now`."""
    from datetime import UTC, timedelta

    from bot.units import seconds

    try:
        return now - timedelta(seconds=seconds(written))
    except (ValueError, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError(
            f'{option} {written}: write a day such as "2020-11-18", or how long ago, such as "30d".'
        ) from None
    return found.replace(tzinfo=found.tzinfo or UTC)


def _edit(here: Loaded, yes: bool) -> float | None:
    """Return for how long messages are edited, where something is to be sent; else None."""
    return here.settings.alerts.edit_window if yes else None


async def _rules(store: Store, here: Loaded, other: Loaded | None, path: Path | None) -> Rules:
    from dataclasses import replace

    from bot.declare import wishes
    from bot.export import watches_from
    from bot.replay import Rules, merged
    from store import watches

    matching = (other or here).settings.matching
    async with store.read() as tx:
        stored = await watches.all_watches(tx)
    wanted = tuple(one.watch for one in stored)
    if other is not None:
        wanted = merged(stored, [watch for watch, _ in wishes(other)])
    if path is not None:
        listed, _ = watches_from(path, show.complain)
        plain = [replace(one, declared=True) for one in stored]
        wanted = merged(plain, listed)
    return Rules(wanted, matching.threshold, matching.context_distance)


async def _run(
    store: Store,
    rules: Rules,
    period: tuple[datetime, datetime],
    count: Count,
    *,
    as_json: bool,
    edit: float | None,
) -> None:
    from datetime import timedelta

    from bot.opening import utcnow
    from bot.replay import replay, tell

    with show.progress("items looked at") as moved:
        async for found in replay(store, rules, *period, count):
            for one in found:
                sys.stdout.write(_json(one) if as_json else _line(one))
            if edit is not None:
                count.sent += await tell(store, found, utcnow(), timedelta(seconds=edit))
            moved(count.items)


def _line(one: Difference) -> str:
    seen = f"{one.item.first_seen:%Y-%m-%d %H:%M}" if one.item.first_seen else ""
    what = show.printable(f"{one.item.title or one.item.url}, {one.item.source}")
    return f"{'+' if one.is_new else '-'} {seen}  {show.printable(one.name)}: {what}\n"


def _json(one: Difference) -> str:
    best = max(one.mentions, key=lambda mention: mention.score, default=None)
    row = {
        "change": "added" if one.is_new else "gone",
        "watch": one.name,
        "seen": one.item.first_seen,
        "title": one.item.title,
        "url": one.item.url,
        "source": one.item.source,
        "field": best.field if best else "",
        "text": best.text if best else "",
        "score": best.score if best else 0,
    }
    return show.encoded(row) + "\n"


def _sum_up(count: Count, *, yes: bool) -> None:
    print(
        f"{count.items:,} items: {count.more} more would be told, {count.fewer} fewer, "
        f"{count.same} as they were."
    )
    if yes:
        print(f"{count.sent} alerts are queued: `vigil deliver`, or the next `vigil run`, sends.")
    elif count.more:
        print("Nothing was sent; --yes sends what would be told and was not.")
