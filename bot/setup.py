"""`vigil setup`: asks for what is needed, tries it, and writes config.toml and the secrets."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import typer

from bot.layers import TOKEN_FILE, secret
from bot.redact import keep_secret
from bot.tomlfile import written
from model.errors import DeliveryError, UsageError

SHIPPED = Path(__file__).resolve().parent.parent / "config.toml"
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
API = "https://api.telegram.org"


class Wizard:
    """Asks, in the terminal."""

    def __init__(self, path: Path) -> None:
        """Write the configuration to `path`."""
        self._path = path
        self._folder = path.absolute().parent

    def run(self) -> None:
        """Ask from beginning to end. Nothing is written before the last answer; what is there
        already is kept.
        """
        if self._path.exists():
            print(f"{self._path} is there already and is kept.")
            text = ""
        else:
            text = self._shipped()
        token, name = self._token()
        contact = self._contact() if text else ""
        channel = self._channel() if text and token else ""
        if text:
            self._write(_filled(text, contact, channel))
        if token:
            self._keep(token)
        self._farewell(name)

    def _shipped(self) -> str:
        try:
            return SHIPPED.read_text("utf-8")
        except OSError:
            return "schema_version = 1\n"

    def _token(self) -> tuple[str, str]:
        """Return the bot's token and name, tried at Telegram; nothing when there is to be none."""
        if secret(self._folder / TOKEN_FILE):
            print(f"The token in {TOKEN_FILE} is kept.")
            return "", ""
        print(
            "A bot needs a token: write to @BotFather in Telegram, send /newbot, and copy the "
            "token it gives you. Leave this empty to see alerts in the terminal first."
        )
        while True:
            token = typer.prompt("Token", default="", show_default=False, hide_input=True).strip()
            if not token:
                return "", ""
            keep_secret(token)
            if not _TOKEN.fullmatch(token):
                print("That is no token: it looks like 123456789:ABC-…; copy all of it.")
                continue
            said, name = _tried(token)
            print(said)
            if name or typer.confirm("Keep it all the same?", default=False):
                return token, name

    def _contact(self) -> str:
        print("Sites like to know whom to write to when something asks them too often.")
        return str(typer.prompt("Your e-mail or web address", default="", show_default=False))

    def _channel(self) -> str:
        """Return a channel's number or @name; empty: linked later, in Telegram."""
        print(
            "Alerts go to your private chat with the bot. If they are to go to a channel too, make "
            "the bot an administrator there; /channel in Telegram does that as well, later."
        )
        while True:
            chat = str(typer.prompt("Channel (-100… or @name)", default="", show_default=False))
            if not chat or re.fullmatch(r"-?\d+|@\w+", chat):
                return chat
            print("Write a number such as -1001234567890, or a name such as @newsroom.")

    def _write(self, text: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(text, "utf-8")
        except OSError as error:
            raise UsageError(f"{self._path} can't be written: {error.strerror}.") from None
        print(f"Wrote {self._path}.")

    def _keep(self, token: str) -> None:
        """Write the token for its owner alone."""
        path = self._folder / TOKEN_FILE
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(token + "\n")
        print(f"Wrote {path}.")

    def _farewell(self, name: str) -> None:
        print("\nNext:\n  vigil check    looks whether all is as it should be")
        print("  vigil run      starts; Ctrl-C stops")
        if name:
            print(f"`vigil run` prints a link that makes you the owner of @{name}: open it.")


def _tried(token: str) -> tuple[str, str]:
    """Return what Telegram says of a token, and the bot's name, empty when it knows none."""
    from bot.talk.account import reached
    from bot.talk.parts import Account

    async def ask() -> str:
        url = os.environ.get("VIGIL_TELEGRAM__API_URL") or API
        async with reached(Account(token, url)) as bot:
            return str(bot.username)

    try:
        name = asyncio.run(ask())
    except DeliveryError as error:
        return str(error), ""
    return f"The bot is @{name}.", name


def _filled(text: str, contact: str, channel: str) -> str:
    """Return the shipped file with the answers in it."""
    if contact:
        text = re.sub(r'(?m)^contact  = ""', lambda _: f"contact  = {written(contact)}", text)
    if channel:
        chat = channel if channel.lstrip("-").isdecimal() else written(channel)
        text += f'\n[[channels]]\nid   = "desk"\nchat = {chat}\n'
    return text
