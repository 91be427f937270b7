"""`vigil config`: what holds, whether it is right, its schema, and writing it out."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded

group = typer.Typer(rich_markup_mode=None, help="Look at the configuration, and check it.")


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="config")


@group.command()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Every key with its value and its origin; secrets masked."""
    from bot.effective import rows
    from bot.tomlfile import written

    found = rows(loaded(context))
    if as_json:
        screen.lines(found)
        return
    shown = [
        (row.key, "" if row.value is None else written(row.value), row.origin) for row in found
    ]
    screen.table(("key", "value", "origin"), shown)


@group.command()
def validate(context: typer.Context) -> None:
    """Check it: a sentence for each fault.

    Exit 2 if there is one.
    """
    from bot.declare import wishes

    found = loaded(context)
    wishes(found)
    settings = found.settings
    print(
        f"{found.path} is in order: {len(settings.feeds)} feeds, {len(settings.watches)} watches, "
        f"{len(settings.channels)} channels."
    )


@group.command()
def schema() -> None:
    """Print the JSON Schema of config.toml, for editors."""
    from bot.effective import schema as described

    print(json.dumps(described(), indent=2, ensure_ascii=False))


@group.command()
def export(context: typer.Context) -> None:
    """Print a config.toml of what holds now.

    Entries made in Telegram and on the command line included.
    """
    from bot.export import exported

    print(asyncio.run(exported(loaded(context))), end="")
