"""Commands that do the work: run, poll, deliver, health, reload."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.config import Loaded
    from store.engine import Store

PARTS = ("poll", "deliver", "talk")

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    for command in (run, poll, deliver, health, reload):
        app.command()(command)


def run(
    context: typer.Context,
    only: Annotated[
        str, typer.Option(help="Some of poll,deliver,talk: for several processes.")
    ] = "",
    once: Annotated[bool, typer.Option("--once", help="One round, then exit.")] = False,
) -> None:
    """Poll, deliver and converse until stopped."""
    parts = parts_from(only)
    config = _ready(context)
    if once:
        from bot.rounds import run_once

        asyncio.run(run_once(config, parts))
        return
    from bot.run import run as run_all

    asyncio.run(run_all(config, parts, lambda: loaded(context)))


def parts_from(only: str) -> tuple[str, ...]:
    """Return the parts that --only names; all where it names none."""
    wanted = [part.strip() for part in only.split(",") if part.strip()]
    for part in wanted:
        if part not in PARTS:
            raise UsageError(f"--only {only}: write some of {','.join(PARTS)}.")
    return tuple(part for part in PARTS if part in wanted) or PARTS


def _ready(context: typer.Context) -> Loaded:
    """Return the configuration, and log as it says from now on."""
    from bot.logs import configure

    config = loaded(context)
    configure(form=config.settings.log.format, level=config.settings.log.level)
    return config


def poll(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Sources that are not due too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Poll once; a report for each source."""
    config = _ready(context)
    from bot.rounds import poll_once

    report = asyncio.run(poll_once(config, every=every))
    if as_json:
        screen.lines(report.polls)
        return
    headings = ("source", "outcome", "new", "changed", "mentions", "alerts", "seconds", "trouble")
    rows = [
        (
            one.name or one.url,
            one.outcome,
            one.new,
            one.changed,
            one.mentions,
            one.alerts,
            f"{one.seconds:.2f}",
            one.error,
        )
        for one in report.polls
    ]
    screen.table(headings, rows, empty="No source is due; --all asks every one.")


def deliver(context: typer.Context, as_json: AsJson = False) -> None:
    """Deliver what is due, then exit."""
    config = _ready(context)
    from bot.report import dispatch_line
    from bot.rounds import deliver_once

    report, waiting = asyncio.run(deliver_once(config))
    if as_json:
        screen.lines([dispatch_line(report) | {"waiting": waiting}])
        return
    done = [f"{count} {name}" for name, count in dispatch_line(report).items() if count]
    print(", ".join(done) + "." if done else "Nothing was delivered.")
    if waiting:
        print(
            f"{waiting} wait on: another vigil delivers from this database, or they must be "
            "tried later (`vigil outbox list`)."
        )


def health(
    context: typer.Context,
    only: Annotated[str, typer.Option(help="Look at these parts: some of poll,deliver,talk.")] = "",
) -> None:
    """Exit 0 while work is progressing.

    Reads the heartbeats in the database; needs no port.
    """
    from bot.health import NEEDED, stale
    from bot.opening import utcnow, with_store

    parts: Collection[str] = parts_from(only) if only else NEEDED

    async def work(store: Store) -> list[str]:
        from store import upkeep

        async with store.read() as tx:
            return stale(await upkeep.heartbeats(tx), utcnow(), parts)

    wrong = with_store(loaded(context), work)
    print("\n".join(wrong) if wrong else "Work is progressing.")
    if wrong:
        raise typer.Exit(1)


def reload(context: typer.Context) -> None:
    """Apply a changed config.toml.

    It is checked first; then the vigil that runs here takes it over.
    """
    from bot.declare import wishes
    from bot.running import reload as tell

    config = loaded(context)
    wishes(config)
    told = tell(config.data_dir)
    if not told:
        print(f"No vigil runs on {config.data_dir}; the next one reads the file as it is.")
        raise typer.Exit(1)
    print("The configuration is in order; the running vigil takes it over.")
