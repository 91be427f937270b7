"""Commands to begin with: demo, setup, check, fake-telegram."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import given
from bot.redact import keep_secret
from model.errors import UsageError

if TYPE_CHECKING:
    from bot.demo.replay import Address
    from bot.demo.telegram_server import TelegramServer


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
    chat: Annotated[str, typer.Option(help="With --telegram: the chat to send to.")] = "",
) -> None:
    """Replay a real case: no token, no network."""
    from bot.demo.replay import play

    try:
        factor = float(speed.removesuffix("x"))
    except ValueError:
        factor = 0.0
    if not 0.01 <= factor <= 1000:
        raise UsageError(f"--speed {speed}: write a factor such as 1x, 5x or 20x.")

    async def whole() -> None:
        address = await _address(telegram, chat) if telegram else None
        await play(sys.stdout, speed=factor, telegram=address)

    asyncio.run(whole())


async def _address(url: str, chat: str) -> Address:
    """Return where the demo sends to: the chat that was named, else a channel made for it, which
    only a loopback server allows.
    """
    import aiohttp

    from bot.demo.replay import Address
    from bot.demo.telegram_server import TOKEN

    token = os.environ.get("VIGIL_TELEGRAM__TOKEN") or TOKEN
    keep_secret(token)
    if chat:
        return Address(url, token, chat)
    wish = {"person": "Editor", "title": "vigil demo"}
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url.rstrip('/')}/fake/chat", json=wish) as answer,
        ):
            made = await answer.json()
            return Address(url, token, str(made["id"]))
    except (aiohttp.ClientConnectionError, TimeoutError, ValueError) as error:
        if isinstance(error, aiohttp.ContentTypeError):
            raise UsageError("--telegram: name the chat to send to with --chat.") from None
        raise UsageError(f"--telegram {url} can't be reached.") from None
    except (aiohttp.ClientError, KeyError, TypeError):
        raise UsageError("--telegram: name the chat to send to with --chat.") from None


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
    token: Annotated[str, typer.Option(help="The token it takes; absent: one for loopback.")] = "",
    log: Annotated[Path | None, typer.Option(help="Append every accepted call here.")] = None,
    limits: Annotated[bool, typer.Option(help="Whether it asks to wait (429).")] = True,
) -> None:
    """Play Telegram on loopback, to try things.

    A Bot API server: point [telegram] api_url at it.
    """
    from bot.demo.telegram_server import TOKEN, serve

    def started(server: TelegramServer) -> None:
        print(
            f"Telegram is played at {server.url} (open it to write to the bot). In another "
            f"terminal:\n  VIGIL_TELEGRAM__TOKEN={server.token} VIGIL_TELEGRAM__API_URL="
            f"{server.url} vigil run",
            flush=True,
        )

    try:
        asyncio.run(serve(port, token=token or TOKEN, limits=limits, log_file=log, started=started))
    except OSError as error:
        raise UsageError(f"--port {port} can't be used: {error.strerror}.") from None
