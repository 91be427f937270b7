"""Asks for the page of an article: may it be read, is it one, what does it say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from model import Validators, VigilError
from model.item import Capture
from watchers.answer import Answer, Article, Request
from watchers.fetch import Fetcher
from watchers.robots import RobotsBook
from watchers.sandbox import Sandbox

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_HEADERS = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
_LOGIN = re.compile(r"/(?:log-?in|sign-?in|account|auth|sso|register|subscri\w+|suscri\w+)\b", re.I)
_WALLS = {
    "login": "shows a login instead of the article.",
    "paywall": "shows only the beginning of the article to who has not paid.",
}


class PageError(VigilError):
    """The page of an article was answered, and is not the article."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page said."""

    article: Article
    capture: Capture
    validators: Validators
    cut: bool = False
    """The answer broke off: the page says more."""


class PageAsk:
    """Asks for pages of articles, as politely as for anything else."""

    def __init__(
        self, fetcher: Fetcher, sandbox: Sandbox, robots: RobotsBook | None = None
    ) -> None:
        """Ask over `fetcher`, read in `sandbox`. `robots`: what sites allow; None: everything."""
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._robots = robots

    async def ask(
        self, url: str, now: datetime, since: Validators | None = None
    ) -> PageAnswer | None:
        """Return what the page says; None when it is still what it was `since` then.

        HostParkedError, FetchError, ParseError, or PageError for what is no article.
        """
        await self._may(url, now)
        headers = dict(_HEADERS)
        if since is not None and since.etag:
            headers["If-None-Match"] = since.etag
        if since is not None and since.last_modified:
            headers["If-Modified-Since"] = since.last_modified
        answer = (await self._fetcher.fetch(Request(url, headers), now)).answer
        if _origin(answer.url) != _origin(url):
            await self._may(answer.url, now)
        if answer.status == 304:
            return None
        _check(answer, url)
        article = await self._sandbox.article(answer.body, answer.url, answer.charset)
        return PageAnswer(
            article,
            Capture(answer.url, sha256(answer.body).hexdigest()),
            Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", "")),
            answer.cut,
        )

    async def _may(self, url: str, now: datetime) -> None:
        if self._robots is not None and not await self._robots.allows(url, now):
            raise PageError(f"{host_of(url)} asks in its robots.txt not to read this page.")


def wall_before(article: Article, url: str) -> str:
    """Return the sentence of what stands before an article; empty: nothing."""
    return f"{host_of(url)} {_WALLS[article.wall]}" if article.wall in _WALLS else ""


def _check(answer: Answer, asked: str) -> None:
    """Raise PageError for an answer that can't be the article."""
    host = host_of(asked)
    if answer.media not in _HTML:
        raise PageError(f"{host} answers with {answer.media}, not with a page.")
    path, wanted = urlsplit(answer.url).path, urlsplit(asked).path
    if _LOGIN.search(path) and not _LOGIN.search(wanted):
        raise PageError(f"{host} {_WALLS['login']}")
    if not path.strip("/") and wanted.strip("/"):
        raise PageError(f"{host} leads to its front page instead of the article.")


def host_of(url: str) -> str:
    """Return the host of an address, with its port where it has one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
