"""The claim link: whoever opens it first owns the bot."""

from __future__ import annotations

import asyncio
import io
import logging
import shutil
import sys
from typing import TYPE_CHECKING

from bot.logs import logger
from bot.loops import until
from bot.opening import utcnow
from store import members

if TYPE_CHECKING:
    from bot.app import App

EVERY = 14 * 60.0
"""Seconds until a new link is printed: a code lives for 15 minutes."""
_log = logger()


async def invite(app: App, stop: asyncio.Event) -> None:
    """Print the claim link, and a new one before it runs out, until somebody owns the bot."""
    username = ""
    while not username and not await until(stop, 0.2):
        username = _username(app)
    while not stop.is_set():
        async with app.store.write() as tx:
            if await members.owner(tx) is not None:
                return
            code = await members.claim_code(tx, utcnow())
        _print(link(username, code))
        await until(stop, EVERY)


def _username(app: App) -> str:
    """Return the bot's name; empty until Telegram has told it."""
    try:
        return app.receiver.bot.username if app.receiver is not None else ""
    except RuntimeError:
        return ""


def link(username: str, code: str) -> str:
    """Return the address that claims the bot."""
    return f"https://t.me/{username}?start=claim_{code}"


def _print(address: str) -> None:
    """Say the link: with a QR code on a terminal that is wide enough."""
    if _log.isEnabledFor(logging.WARNING):
        _log.warning("nobody owns this bot yet: open this link in Telegram", link=address)
    else:
        print(f"Nobody owns this bot yet: open {address} in Telegram.", flush=True)
    if sys.stdout.isatty():
        picture = qr(address, shutil.get_terminal_size().columns)
        if picture:
            print(picture)


def qr(address: str, columns: int) -> str:
    """Return the link as a QR code in letters; empty when `columns` are too few for it."""
    import segno

    code = segno.make_qr(address, error="l")
    if code.symbol_size(border=2)[0] > columns:
        return ""
    out = io.StringIO()
    code.terminal(out, border=2, compact=True)
    return out.getvalue()
