"""`vigil export`, `vigil timeline`, `vigil stats`: what was told, for files, eyes and counts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from model.errors import UsageError

if TYPE_CHECKING:
    from bot.told import Period, ToldRow
    from store.engine import Store

FORMATS = ("csv", "json", "markdown", "report")
Name = Annotated[str, typer.Argument(help="Of one watch: name or number. Absent: of all.")]
Since = Annotated[str, typer.Option(help='How far back, such as "30d".')]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.command()(export)
    app.command()(timeline)
    app.command()(stats)


def export(
    context: typer.Context,
    watch: Name = "",
    since: Since = "30d",
    form: Annotated[
        str, typer.Option("--format", help="csv, json, markdown, or report (what was not found).")
    ] = "csv",
) -> None:
    """Write what was told to stdout: one row an article, with the reason and who decided."""
    from bot import told

    if form not in FORMATS:
        raise UsageError(f"--format {form}: write one of {', '.join(FORMATS)}.")
    if form == "report":
        _report(context, watch, since)
        return
    lines = {"csv": told.csv_row, "json": _json, "markdown": _markdown}
    head = "\ufeff" + told.csv_line(told.COLUMNS) if form == "csv" else ""
    _print(context, watch, since, lines[form], head)


def timeline(context: typer.Context, watch: Name = "", since: Since = "365d") -> None:
    """Print everything told of one watch, or of all, in order."""
    from bot import told

    _print(context, watch, since, lambda row: screen.printable(told.timeline_line(row)) + "\n")


def stats(
    context: typer.Context, watch: Name = "", since: Since = "90d", as_json: AsJson = False
) -> None:
    """Count what was told: by day, outlet and watch."""
    from bot import told
    from bot.opening import with_store
    from bot.words import load

    async def work(store: Store) -> told.Stats:
        return await told.counted(store, await _period(store, watch, since), load())

    found = with_store(loaded(context), work)
    if as_json:
        counts = {"days": found.days, "outlets": found.outlets, "watches": found.watches}
        screen.lines([{"alerts": len(found.alerts)} | counts])
        return
    print(f"{len(found.alerts)} alerts in the last {since}.")
    for heading, counted in (
        ("watch", found.watches.most_common()),
        ("outlet", found.outlets.most_common(told.TOP)),
        ("day", sorted(found.days.items())),
    ):
        if counted:
            print()
            screen.table((heading, "alerts"), counted)


def _print(
    context: typer.Context,
    watch: str,
    since: str,
    line: Callable[[ToldRow], str],
    head: str = "",
) -> None:
    from bot import told
    from bot.opening import with_store
    from bot.words import load

    async def work(store: Store) -> None:
        period = await _period(store, watch, since)
        sys.stdout.write(head)
        async for text in told.written(store, period, load(), line):
            sys.stdout.write(text)

    with_store(loaded(context), work)


def _json(row: ToldRow) -> str:
    return screen.encoded(row) + "\n"


def _markdown(row: ToldRow) -> str:
    from bot.told import markdown_line

    return markdown_line(row) + "\n"


def _report(context: typer.Context, watch: str, since: str) -> None:
    """Say what was looked through and for whom nothing was found, with the gaps."""
    from bot import told
    from bot.certificate import certificate
    from bot.opening import with_store
    from bot.words import load

    async def work(store: Store) -> told.Silence:
        return await told.look_back(store, await _period(store, watch, since), load())

    found = with_store(loaded(context), work)
    for line in certificate(found, load()):
        print(("  " if line.startswith(" ") else "") + screen.printable(line))


async def _period(store: Store, watch: str, since: str) -> Period:
    from datetime import timedelta

    from bot.opening import utcnow
    from bot.told import Period
    from bot.units import seconds
    from store import watches

    now = utcnow()
    try:
        begin = now - timedelta(seconds=seconds(since))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--since {since}: {error}.") from None
    watch_id = 0
    if watch:
        async with store.read() as tx:
            found = await watches.by_name(tx, watch)
            if found is None and watch.isdecimal():
                found = await watches.get(tx, int(watch))
        if found is None:
            raise UsageError(f'Nothing is watched as "{watch}"; `vigil watch list` shows all.')
        watch_id = found.watch.id
    return Period(begin, now, watch_id)
