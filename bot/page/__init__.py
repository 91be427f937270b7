"""The status page: what /status says and how each source does, for whoever looks after vigil."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from aiohttp import web

from alerts.inert import clipped, inert
from bot.opening import utcnow
from bot.redact import hide
from bot.standing import Program, Standing, said, standing
from bot.version import VERSION
from bot.words import load
from model.errors import StoreError
from model.source import SourceHealth
from model.words import Words
from store.court_asks import SEARCH
from store.engine import Store

if TYPE_CHECKING:
    from jinja2 import Template

    from bot.app import App

KEPT = 2.0
"""Seconds for which one page answers everybody, so that many readers cost no more than one."""
MOST = 500
"""Sources in the table; those that fail come first."""
ERROR = 200
"""Characters of a failure that are shown."""
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """A Source in the table, in words."""

    name: str
    ago: str
    """How long ago its last good answer came."""
    state: str
    failing: bool


class StatusPage:
    """Answers with the page. It says nothing of whom vigil follows, and changes nothing."""

    def __init__(
        self, store: Store, words: Words, program: Callable[[], Awaitable[Program]]
    ) -> None:
        """`program` returns what the program says of itself just now."""
        self._store = store
        self._words = words
        self._program = program
        self._kept: tuple[float, str] = (float("-inf"), "")
        self._looking = asyncio.Lock()

    async def answer(self, _request: web.Request) -> web.Response:
        """Return the page; 503 and a sentence where the database can't be read."""
        async with self._looking:
            at, text = self._kept
            if monotonic() - at > KEPT:
                try:
                    text = await self._rendered(utcnow())
                except StoreError as error:
                    return web.Response(status=503, text=f"{hide(str(error))}\n")
                self._kept = monotonic(), text
        return web.Response(text=text, content_type="text/html", headers=self._headers)

    async def _rendered(self, now: datetime) -> str:
        program = await self._program()
        async with self._store.read() as tx:
            found = _discreet(await standing(tx, now))
        first, *lines = [hide(one.text) for one in said(self._words, program, found, now)]
        return self._template.render(
            say=self._words.say,
            language=self._words.language,
            style=self._style,
            verdict=first,
            lines=lines,
            rows=[self._row(one, now) for one in _sorted(found)[:MOST]],
            at=self._words.moment(now),
        )

    def _row(self, one: SourceHealth, now: datetime) -> Row:
        words, pace = self._words, one.pace
        last = pace.last_ok
        ago = words.length((now - last).total_seconds()) if last else words.say("page.never")
        error = clipped(inert(hide(pace.error)), ERROR) or words.say("page.failing")
        state = error if pace.fails else words.say("page.fine" if last else "page.not-yet")
        name = inert(hide(one.source.name or one.source.url))
        return Row(name, ago, state, pace.fails > 0)

    @cached_property
    def _template(self) -> Template:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        found = Environment(
            loader=FileSystemLoader(_HERE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return found.get_template("status.html")

    @cached_property
    def _style(self) -> str:
        return (_HERE / "status.css").read_text("utf-8")

    @cached_property
    def _headers(self) -> dict[str, str]:
        """Nothing but this very style sheet may be loaded or run."""
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        return {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none';"
                " form-action 'none'; frame-ancestors 'none'"
            ),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }


def status_page(app: App, ready: Callable[[], Awaitable[list[str]]]) -> StatusPage:
    """Return the page of a running program; `ready` says what keeps work from progressing. What
    is wrong with a Watch is left out: it would name it.
    """
    started_at, loaded = utcnow(), app.loaded

    async def program() -> Program:
        talk = app.receiver.trouble if app.receiver is not None else ""
        wrong = [app.reporter.trouble, app.reporter.court_trouble, talk, *await ready()]
        troubles = tuple(dict.fromkeys(filter(None, wrong)))
        return Program(VERSION, started_at, troubles, bool(loaded.courtlistener_token))

    return StatusPage(app.store, load(loaded.settings.general.language), program)


def _discreet(found: Standing) -> Standing:
    """Return the same, where a Source that is a search is not called by what is looked for."""
    return replace(found, sources=tuple(map(_unnamed, found.sources)))


def _unnamed(one: SourceHealth) -> SourceHealth:
    is_search = one.source.kind == SEARCH
    name = "CourtListener" if is_search else one.source.name or one.source.url.partition("?")[0]
    return replace(one, source=replace(one.source, name=name))


def _sorted(found: Standing) -> list[SourceHealth]:
    return sorted(
        found.sources,
        key=lambda one: (not one.pace.fails, (one.source.name or one.source.url).casefold()),
    )
