"""The table of commands: what `vigil --help` lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from bot.cli.given import Given
from bot.version import VERSION
from model.errors import UsageError


class Commands(TyperGroup):
    """Says which command was probably meant by one that there is not."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Return the command that `args` begin with."""
        if args and args[0] not in self.commands:
            raise UsageError(_unknown(args[0], list(self.commands)))
        return super().resolve_command(ctx, args)


def _unknown(name: str, commands: list[str]) -> str:
    from bot.faults import nearest

    near = nearest(name, commands)
    meant = f"did you mean `vigil {near}`?" if near else "`vigil --help` lists the commands."
    return f"There is no command `vigil {name}`; {meant}"


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Follows people in the news, and tells Telegram channels when they are named.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"vigil {VERSION}")
        raise typer.Exit


@app.callback()
def _everywhere(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(envvar="VIGIL_CONFIG", help="config.toml to use; may stand anywhere."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="section.key=value, stronger than config.toml; repeatable."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    context.obj = Given(config, tuple(settings or ()), debug=debug)


def _add_all() -> None:
    from bot.cli import (
        channel,
        configuration,
        database,
        docket,
        feed,
        history,
        looking,
        outbox,
        replay,
        running,
        scan,
        starting,
        watch,
    )

    for module in (running, starting, scan, looking, replay, history):
        module.add(app)
    for module in (watch, feed, docket, channel, outbox, database, configuration):
        module.add(app)


_add_all()
