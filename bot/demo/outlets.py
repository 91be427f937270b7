"""The demo's outlets and its court: small sites on loopback that publish when they are told to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from importlib.resources import files
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from aiohttp import web

from bot.demo import court
from matching.wishes import from_row
from model.watch import Watch


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented news site."""

    id: str
    name: str
    lang: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Something an outlet publishes at a moment; the same id again is an edit of it."""

    at: datetime
    outlet: str
    id: str
    title: str
    summary: str
    lang: str = ""
    near_miss: bool = False
    """It carries a watched word and is about something else."""

    @property
    def url(self) -> str:
        """The article's address, on a host that is nobody's."""
        return f"https://{self.outlet}.example/{self.at:%Y/%m}/{self.id}"


@dataclass(frozen=True, slots=True)
class Case:
    """The story that the demo replays."""

    outlets: tuple[Outlet, ...]
    watches: tuple[Watch, ...]
    pieces: tuple[Piece | court.Paper, ...]
    """News and the docket's papers, in the order of their moments."""
    docket: court.Case


def load_case() -> Case:
    """Return the bundled story."""
    told = tomllib.loads(files("bot.demo").joinpath("case.toml").read_text(encoding="utf-8"))
    pieces = [Piece(**_utc(row)) for row in told["items"]]
    papers = [court.Paper(**_utc(row)) for row in told["papers"]]
    return Case(
        tuple(Outlet(**row) for row in told["outlets"]),
        tuple(from_row(row) for row in told["watches"]),
        tuple(sorted((*pieces, *papers), key=lambda one: one.at)),
        court.Case(**told["docket"]),
    )


def _utc(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(UTC)}


class Newsstand:
    """Serves the outlets' and the court's feeds on loopback, with validators as honest sites do."""

    def __init__(self, case: Case) -> None:
        """Prepare empty feeds."""
        self._outlets = {one.id: one for one in case.outlets}
        self._docket = case.docket
        self._papers: list[court.Paper] = []
        self._published: dict[str, dict[str, Piece]] = {one: {} for one in self._outlets}
        self._runner: web.AppRunner | None = None
        self._base = ""

    async def __aenter__(self) -> Self:
        """Listen on a free port of the loopback interface."""
        app = web.Application()
        app.add_routes([web.get("/{outlet}/feed", self._answer)])
        app.add_routes([web.get("/rss_outside.pl", self._answer_court)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the stand."""
        if self._runner is not None:
            await self._runner.cleanup()

    def address(self, outlet: Outlet) -> str:
        """Return where this outlet's feed is."""
        return f"{self._base}/{outlet.id}/feed"

    @property
    def court_address(self) -> str:
        """Where the court's feed is."""
        return f"{self._base}/rss_outside.pl"

    def publish(self, piece: Piece) -> None:
        """Put a piece on top of its outlet's feed, or in the place of its earlier version."""
        self._published[piece.outlet][piece.id] = piece

    def docket(self, paper: court.Paper) -> None:
        """Put a paper on top of the court's feed."""
        self._papers.append(paper)

    async def _answer(self, request: web.Request) -> web.Response:
        outlet = self._outlets.get(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound
        return _served(request, document(outlet, self._published[outlet.id].values()))

    async def _answer_court(self, request: web.Request) -> web.Response:
        return _served(request, court.court_feed(self._docket, self._papers))


def _served(request: web.Request, text: str) -> web.Response:
    body = text.encode()
    etag = f'"{sha256(body).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": etag})


def document(outlet: Outlet, pieces: Iterable[Piece]) -> str:
    """Return an outlet's feed as RSS, the newest piece first."""
    items = "".join(_item(piece) for piece in reversed(list(pieces)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(outlet.name)}</title><link>https://{outlet.id}.example/</link>"
        f"<description>{escape(outlet.name)}</description><language>{outlet.lang}</language>"
        f"{items}</channel></rss>"
    )


def _item(piece: Piece) -> str:
    lang = f"<dc:language>{piece.lang}</dc:language>" if piece.lang else ""
    return (
        '<item xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<title>{escape(piece.title)}</title><link>{piece.url}</link>"
        f'<guid isPermaLink="false">{piece.outlet}:{piece.id}</guid>'
        f"<pubDate>{format_datetime(piece.at)}</pubDate>{lang}"
        f"<description>{escape(piece.summary)}</description></item>"
    )
