"""Hand-written stand-ins for the world outside: a web server and a clock."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeAlias

from aiohttp import web

Answering: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOOPBACK = ("127.0.0.0/8", "::1/128")


def free_port() -> int:
    """Return a port of loopback at which nobody listens just now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


class Clock:
    """A clock that goes only when told to. Call it for the time."""

    def __init__(self, now: datetime = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **span: float) -> datetime:
        """Go on by a timedelta's arguments and return the new time."""
        self.now += timedelta(**span)
        return self.now


@dataclass
class Page:
    """What an address says: the same to everybody, 304 to who has its validators."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, request: web.Request) -> web.Response:
        etag = self.headers.get("ETag")
        if etag and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=self.headers)
        return web.Response(body=self.body, status=self.status, headers=self.headers)


class Loopback:
    """A real server on a free port of loopback, while it is entered."""

    host = "127.0.0.1"
    port = 0
    _runner: web.BaseRunner[Any] | None = None

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base(self) -> str:
        """The address of the server, without a path."""
        return f"http://{self.host}:{self.port}"

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        raise NotImplementedError


class Web(Loopback):
    """A real web server on loopback with pages that can be changed at any time.

    `asked` lists the requests that came, in order.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.asked: list[web.Request] = []
        self._came = asyncio.Condition()
        self._pages: dict[str, Page | Answering] = {}
        self.host = host

    def url(self, path: str = "/", host: str = "") -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    def page(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Say `body` at `path` from now on (header names with _ for -) and return its address."""
        raw = body.encode() if isinstance(body, str) else body
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self._pages[path] = Page(raw, status, fields)
        return self.url(path)

    def program(self, path: str, answering: Answering) -> str:
        """Let `answering` answer at `path` and return its address."""
        self._pages[path] = answering
        return self.url(path)

    async def is_asked(self, times: int = 1, patience: float = 30.0) -> None:
        """Wait until so many requests have come in all."""
        async with asyncio.timeout(patience), self._came:
            await self._came.wait_for(lambda: len(self.asked) >= times)

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [request.path for request in self.asked]

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        assert isinstance(request, web.BaseRequest)
        self.asked.append(request)  # type: ignore[arg-type]
        async with self._came:
            self._came.notify_all()
        page = self._pages.get(request.path)
        if page is None:
            return web.Response(status=404, text="no such page")
        if isinstance(page, Page):
            return page.answer(request)  # type: ignore[arg-type]
        return await page(request)  # type: ignore[arg-type]


class RawWeb:
    """A server on loopback that says the same raw bytes to everybody, then hangs up."""

    def __init__(self, said: bytes, *, hang: bool = False) -> None:
        self._said = said
        self._hang = hang
        self._over = asyncio.Event()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(self._said)
            await writer.drain()
            if self._hang:
                await self._over.wait()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
