"""The address CourtListener pushes to: checked, kept, then acknowledged; handled elsewhere.

CourtListener signs nothing, so a secret is part of the address. It waits three seconds for an
answer, tries again for 54 hours after anything but 2xx, and then gives the address up.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.logs import logger
from model.errors import ParseError, StoreError
from store import push_inbox
from store.engine import Store
from watchers.kinds.courtlistener_push import event_type

PATH = "/push/courtlistener/{secret}"
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

    async def answer(request: web.Request) -> web.Response:
        given = request.match_info["secret"]
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        try:
            async with asyncio.timeout(patience):
                return await _kept(request, store, clock)
        except (StoreError, TimeoutError) as error:
            _log.warning("a push could not be kept", error=str(error) or "the database is slow")
            return web.Response(status=503, headers={"Retry-After": "60"})

    return answer


async def _kept(request: web.Request, store: Store, clock: Callable[[], datetime]) -> web.Response:
    if (request.content_length or 0) > MOST:
        return _too_large()
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
