"""The addresses others push to: checked, kept, then acknowledged; handled elsewhere.

CourtListener signs nothing, so a secret is part of the address. It waits three seconds for an
answer, tries again for 54 hours after anything but 2xx, and then gives the address up. Telegram
sends its secret in a header and tries again until it gets a 2xx.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web

from bot.config import Loaded
from bot.logs import logger
from bot.opening import utcnow
from model.errors import ParseError, StoreError
from store import inbox, push_inbox
from store.engine import Store
from watchers.kinds.courtlistener_push import event_type

PATH = "/push/courtlistener/{secret}"
TELEGRAM = "/push/telegram"
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
MOST = 2_000_000
"""Bytes of one event: real ones have a few thousand."""
PATIENCE = 0.9
"""Seconds within which an event is kept or refused."""
_LONGEST_KEY = 200
_log = logger()

Handler = Callable[[web.Request], Awaitable[web.Response]]


def courtlistener(
    store: Store, secret: str, clock: Callable[[], datetime], *, patience: float = PATIENCE
) -> Handler:
    """Return what answers CourtListener's webhooks, which prove themselves by `secret`.

    2xx only for what is safely kept; 503 when it can't be within `patience` seconds: then
    CourtListener tries again.
    """
    return _guarded(
        secret,
        lambda request: request.match_info["secret"],
        lambda request: _kept(request, store, clock),
        patience=patience,
        unkept="a push could not be kept",
        later={"Retry-After": "60"},
    )


def webhook_of(loaded: Loaded) -> str:
    """Return the address to which Telegram is to bring updates; empty: they are asked for."""
    if loaded.settings.telegram.mode != "webhook":
        return ""
    return loaded.settings.server.public_url.rstrip("/") + TELEGRAM


def telegram_pushes(loaded: Loaded, store: Store) -> Mapping[str, Handler]:
    """Return what answers where Telegram brings updates; nothing where they are asked for."""
    if not webhook_of(loaded):
        return {}
    return {TELEGRAM: telegram(store, loaded.telegram_secret, utcnow)}


def telegram(
    store: Store, secret: str, clock: Callable[[], datetime], *, patience: float = PATIENCE
) -> Handler:
    """Return what answers Telegram's webhook, which proves itself by `secret`.

    2xx only for what is safely in the inbox; 503 when it can't be within `patience` seconds:
    then Telegram brings it again.
    """
    return _guarded(
        secret,
        lambda request: request.headers.get(_SECRET, ""),
        lambda request: _taken(request, store, clock),
        patience=patience,
        unkept="an update could not be kept",
    )


def _guarded(
    secret: str,
    given: Callable[[web.Request], str],
    keep: Handler,
    *,
    patience: float,
    unkept: str,
    later: Mapping[str, str] | None = None,
) -> Handler:
    """Return `keep` behind the secret: 404 without it, 405 for anything but POST, and 503, with
    the fields of `later`, where it can't keep what came within `patience` seconds.
    """

    async def answer(request: web.Request) -> web.Response:
        if not secret or not hmac.compare_digest(given(request).encode(), secret.encode()):
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        try:
            async with asyncio.timeout(patience):
                return await keep(request)
        except (StoreError, TimeoutError) as error:
            _log.warning(unkept, error=str(error) or "the database is slow")
            return web.Response(status=503, headers=later)

    return answer


async def _taken(request: web.Request, store: Store, clock: Callable[[], datetime]) -> web.Response:
    body = await _body(request)
    if body is None:
        return _too_large()
    try:
        update = json.loads(body)
        number = update["update_id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        number = None
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= 2**63:
        return web.Response(status=400, text="This is no update of the Bot API.\n")
    async with store.write() as tx:
        await inbox.put(tx, [(number, json.dumps(update))], clock())
    return web.Response(status=200)


async def _kept(request: web.Request, store: Store, clock: Callable[[], datetime]) -> web.Response:
    body = await _body(request)
    if body is None:
        return _too_large()
    try:
        event = event_type(body)
    except ParseError as error:
        return web.Response(status=400, text=f"{error}\n")
    key = request.headers.get("Idempotency-Key", "")[:_LONGEST_KEY]
    async with store.write() as tx:
        new = await push_inbox.put(tx, key, event, body, clock())
    _log.info("pushed", sort=event, new=new)
    return web.Response(status=200, text="kept\n")


async def _body(request: web.Request) -> bytes | None:
    """Return the body; None, without reading on, when it is too large."""
    if (request.content_length or 0) > MOST:
        return None
    pieces: list[bytes] = []
    size = 0
    async for piece in request.content.iter_chunked(65_536):
        size += len(piece)
        if size > MOST:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _too_large() -> web.Response:
    """Refuse, and hang up: what is still on its way is not read."""
    answer = web.Response(status=413, text="An event has a few thousand bytes.\n")
    answer.force_close()
    return answer
