"""Polite HTTP: one session, guarded addresses, validators, caps, redirects by hand."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from yarl import URL

from model import FetchError
from watchers.answer import Answer, Request
from watchers.decode import Decoder
from watchers.guard import AddressError, CheckingResolver, Guard, literal_address
from watchers.pace import RETRY_AFTER_CAP, asked_by
from watchers.turns import Turns

_PROXY_ERRORS = (
    aiohttp.ClientProxyConnectionError,
    aiohttp.ClientHttpProxyError,
    ProxyConnectionError,
    ProxyTimeoutError,
    ProxyError,
)
_READ = frozenset({200, 203, 304})
_DONE = frozenset({200, 201, 204})
"""How a server says that it has done what it was sent."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_MAX_HOPS = 6
_DNS_SECONDS = 300
_KEEP_ALIVE_SECONDS = 30.0
_PARK_SECONDS = 900.0
"""How long a host is left alone after a 429 that names no time."""
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
_MEANING = {
    401: "it wants a login",
    402: "it wants to be paid",
    403: "it refuses automatic readers",
    404: "there is nothing at this address",
    410: "this address is gone for good",
    429: "it wants to be asked less often",
    451: "it may not be shown here",
}


class UnreachableError(FetchError):
    """No answer could be had from that host."""


class RefusedError(FetchError):
    """The host answered, but not with what was asked for."""

    def __init__(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Word the HTTP `status` of `host`; keep its header fields (names in lower case)."""
        super().__init__(_status_sentence(host, status))
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class FetchRules:
    """[polling] as far as fetching needs it; times in seconds."""

    user_agent: str = "vigil"
    concurrency: int = 64
    per_host: int = 2
    host_gap: float = 1.0
    proxy: str = ""
    timeout: float = 20.0
    max_bytes: int = 10_000_000
    allow_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, and what was learned on the way to it."""

    answer: Answer
    """Status 200 (201 for what was made) with a body, or 304 without one."""
    moved_to: str = ""
    """Where permanent redirects (301, 308) led, up to the first that was not one."""
    seconds: float = 0.0
    redirected: bool = False
    """Another address answered than the one that was asked."""


def user_agent(version: str, contact: str) -> str:
    """Return how vigil names itself to servers, with how its operator can be reached."""
    how = f"; contact: {contact}" if contact else ""
    return "".join(c for c in f"vigil/{version} (feed reader{how})" if " " <= c <= "~")


class Fetcher:
    """Asks addresses over one long-lived session. Use as an async context manager."""

    def __init__(
        self,
        rules: FetchRules = FetchRules(),
        *,
        ssl_context: ssl.SSLContext | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Prepare with `rules`; ValueError names an allow_networks entry that is no CIDR.

        `ssl_context`, `resolver`: others than the system's.
        """
        self._rules = rules
        self._guard = Guard(rules.allow_networks)
        self._turns = Turns(rules.per_host, rules.host_gap)
        self._slots = asyncio.Semaphore(max(1, rules.concurrency))
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._ssl = ssl_context
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session and its connections."""
        await self.close()

    async def close(self) -> None:
        """Close the session and its connections; the next fetch opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def parked(self, url: str) -> float:
        """Return for how many seconds the host of `url` wants to be left alone."""
        try:
            return self._turns.parked(_turn_key(URL(url)))
        except ValueError:
            return 0.0

    def hold(self) -> None:
        """Begin no further request until `go_on`: what was fetched waits to be read."""
        self._may_go_on.clear()

    def go_on(self) -> None:
        """Begin requests again."""
        self._may_go_on.set()

    async def fetch(self, request: Request, now: datetime) -> Fetched:
        """Ask, following at most a few redirects, and return the answer.

        FetchError in one sentence otherwise: UnreachableError when there was no answer,
        RefusedError when there was another than 200 or 304, HostParkedError while the host
        wants to be left alone.
        """
        started = time.monotonic()
        url = _parsed(request.url)
        headers = dict(request.headers)
        moved_to, permanent = "", True
        for hop in range(_MAX_HOPS):
            answer = await self._ask(url, replace(request, headers=headers), now)
            if answer.status in _REDIRECTS and request.method != "GET":
                raise FetchError(f"{_name(url)} redirects what was sent to it: not followed.")
            if answer.status not in _REDIRECTS:
                return Fetched(answer, moved_to, time.monotonic() - started, redirected=hop > 0)
            target = _target(url, answer)
            permanent = permanent and answer.status in _PERMANENT
            if permanent and (target.scheme == "https" or url.scheme == "http"):
                moved_to = str(target)
            if target.origin() != url.origin():
                headers = {k: v for k, v in headers.items() if k.lower() not in _CREDENTIALS}
            url = target
        raise FetchError(f"{_name(url)} redirects again and again; it was not followed any more.")

    async def _ask(self, url: URL, request: Request, now: datetime) -> Answer:
        """Ask one address and read its answer; wait for the host's turn and a free slot."""
        await self._check_host(url)
        async with self._turns.turn(_turn_key(url)), self._slots:
            await self._may_go_on.wait()
            try:
                return await self._send(url, request, now)
            except (*_PROXY_ERRORS, aiohttp.ClientError, OSError, ValueError) as error:
                raise self._worded(url, error) from error

    async def _send(self, url: URL, request: Request, now: datetime) -> Answer:
        session = self._session or self._open()
        async with session.request(
            request.method,
            url,
            headers=request.headers,
            data=request.body or None,
            allow_redirects=False,
            proxy=self._http_proxy(),
        ) as response:
            status = response.status
            fields = _fields(response)
            if status in _REDIRECTS and "location" in fields:
                return Answer(str(url), status, fields, at=now)
            self._judge(url, status, request, fields, now)
            if status == 304:
                return Answer(str(url), status, fields, at=now)
            body, cut = await self._read(url, response, fields, request.most)
            return Answer(str(url), status, fields, body, now, cut)

    def _judge(
        self,
        url: URL,
        status: int,
        request: Request,
        fields: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Raise RefusedError for an answer that is not to be read; park a host that says 429."""
        if status == 429:
            wait = asked_by(fields, now).retry_after
            self._turns.park(
                _turn_key(url), min(_PARK_SECONDS if wait is None else wait, RETRY_AFTER_CAP)
            )
        fine = _READ if request.method == "GET" else _DONE
        if status not in fine or (status == 304 and not _compares(request.headers)):
            raise RefusedError(_name(url), status, fields)

    async def _read(
        self, url: URL, response: aiohttp.ClientResponse, fields: Mapping[str, str], most: int
    ) -> tuple[bytes, bool]:
        """Return the decoded body, and whether it ended before it should have."""
        cap = min(most, self._rules.max_bytes) if most else self._rules.max_bytes
        decoder = Decoder(_name(url), fields.get("content-encoding", ""), cap)
        cut = False
        try:
            async for piece in response.content.iter_any():
                decoder.feed(piece)
        except aiohttp.ClientPayloadError:
            cut = True
        body, damaged = decoder.finish()
        return body, cut or damaged

    async def _check_host(self, url: URL) -> None:
        """Check a host written as an address, and any host that a proxy would dial for us:
        there the sockets can't tell.
        """
        host = url.host or ""
        try:
            literal = literal_address(host)
            if literal is not None:
                self._guard.check(str(literal), host)
            elif self._rules.proxy:
                await self._guard.check_name(host, self._resolver or ThreadedResolver())
        except AddressError as error:
            raise FetchError(str(error)) from error

    def _http_proxy(self) -> str | None:
        return self._rules.proxy if self._rules.proxy.startswith("http") else None

    def _open(self) -> aiohttp.ClientSession:
        self._session = aiohttp.ClientSession(
            connector=self._connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._rules.user_agent, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=self._rules.timeout),
            auto_decompress=False,
            trust_env=False,
        )
        return self._session

    def _connector(self) -> aiohttp.TCPConnector:
        context: ssl.SSLContext | bool = self._ssl or True
        if self._rules.proxy.startswith("socks"):
            proxied: aiohttp.TCPConnector = ProxyConnector.from_url(
                self._rules.proxy, rdns=True, limit=0, ssl=context
            )
            return proxied
        if self._rules.proxy:
            return aiohttp.TCPConnector(limit=0, ssl=context)
        return aiohttp.TCPConnector(
            limit=0,
            ssl=context,
            resolver=CheckingResolver(self._guard, self._resolver),
            ttl_dns_cache=_DNS_SECONDS,
            keepalive_timeout=_KEEP_ALIVE_SECONDS,
            socket_factory=self._guard.socket_factory,
        )

    def _worded(self, url: URL, error: Exception) -> FetchError:
        """Return the sentence for what went wrong on the way to an answer."""
        host = _name(url)
        cause = getattr(error, "os_error", error)
        if isinstance(cause, AddressError):
            return FetchError(str(cause))
        if isinstance(error, _PROXY_ERRORS):
            return UnreachableError(f"The proxy of [polling] proxy gave no way to {host}.")
        if isinstance(error, TimeoutError):
            seconds = f"{self._rules.timeout:g} seconds"
            return UnreachableError(f"{host} did not answer within {seconds}.")
        if isinstance(error, ValueError):  # aiohttp's word for a host written as a number
            return FetchError(f"{host} is no host name to ask.")
        if isinstance(error, aiohttp.ClientResponseError):
            return FetchError(f"{host} sent an answer that is not proper HTTP.")
        return UnreachableError(_no_connection(host, error, cause))


def _no_connection(host: str, error: Exception, cause: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        cause = error.certificate_error
    if isinstance(cause, ssl.SSLError):
        why = getattr(cause, "verify_message", "") or cause.reason or "TLS failed"
        return f"No safe connection to {host} could be made ({str(why).lower()})."
    if isinstance(cause, socket.gaierror):
        return f"No address is known for {host}: is it spelled right?"
    if isinstance(cause, OSError) and cause.strerror:
        return f"{host} can't be reached ({cause.strerror.lower()})."
    return f"{host} closed the connection without an answer."


def _parsed(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError:
        url = URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(f"{address[:200]!r} is no address to ask: it needs http:// or https://.")
    return url


def _target(url: URL, answer: Answer) -> URL:
    """Return where a redirect leads; never with credentials, never to another scheme."""
    location = answer.headers["location"]
    try:
        target = url.join(URL(location.strip()))
    except ValueError:
        target = URL()
    if target.scheme not in ("http", "https") or not target.host:
        raise FetchError(f"{_name(url)} redirects to {location[:200]!r}, which can't be asked.")
    return target.with_user(None).with_fragment(None)


def _fields(response: aiohttp.ClientResponse) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in response.headers.items():
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields


def _compares(sent: Mapping[str, str]) -> bool:
    return any(name.lower().startswith("if-") for name in sent)


def _turn_key(url: URL) -> str:
    return f"{url.raw_host}:{url.port}"


def _name(url: URL) -> str:
    """Return the host as people read it, with the port where it is unusual."""
    host = url.host or ""
    return host if url.is_default_port() else f"{host}:{url.port}"


def _status_sentence(host: str, status: int) -> str:
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    if status in _REDIRECTS:
        return f"{host} answered {phrase} without saying where to."
    if status == 304:
        return f"{host} answered {phrase} although nothing was known to compare with."
    meaning = _MEANING.get(status) or ("it has trouble of its own" if status >= 500 else "")
    return f"{host} answered {phrase}{': ' + meaning if meaning else ''}."
