"""Commands to begin with: demo, setup, check, fake-telegram."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import given
from model.errors import UsageError


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.command()(demo)
    app.command()(setup)
    app.command()(check)
    app.command("fake-telegram")(fake_telegram)


def demo(
    speed: Annotated[str, typer.Option(help="1x takes about 20 s, 20x about 1 s.")] = "1x",
    telegram: Annotated[
        str, typer.Option(help="A Bot API server to send to, instead of the terminal.")
    ] = "",
) -> None:
    """Replay a real case: no token, no network."""
    from bot.demo.replay import replay

    try:
        factor = float(speed.removesuffix("x"))
    except ValueError:
        factor = 0.0
    if not 0.01 <= factor <= 1000:
        raise UsageError(f"--speed {speed}: write a factor such as 1x, 5x or 20x.")
    code = asyncio.run(replay(speed=factor, telegram=telegram))
    raise typer.Exit(code)


def setup(context: typer.Context) -> None:
    """Ask for what is needed; write config.toml."""
    from bot.setup import Wizard

    options = given(context)
    Wizard(options.config or Path("config.toml")).run()


def check(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for warnings.")] = False,
) -> None:
    """Look whether all is as it should be.

    For each ✗ the exact next step. Exit 0: fine, 1: warnings with --strict, 2: errors.
    """
    from bot.check import examine

    options = given(context)
    findings = asyncio.run(examine(options.config or Path("config.toml"), options.overrides()))
    if as_json:
        screen.lines(findings)
    else:
        for finding in findings:
            print(finding.line())
    grades = {finding.grade for finding in findings}
    if "error" in grades:
        raise typer.Exit(2)
    if strict and "warning" in grades:
        raise typer.Exit(1)


def fake_telegram(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8081,
) -> None:
    """Play Telegram on loopback, to try things.

    A Bot API server: point [telegram] api_url at it.
    """
    from bot.demo.telegram_server import serve

    asyncio.run(serve(port))
