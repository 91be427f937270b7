"""From what a person knows of a site to its feeds: each is read before it is offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from model import FetchError, NewSource, Page, ParseError, Source
from watchers.answer import Answer, Request
from watchers.fetch import Fetched, Fetcher, RefusedError
from watchers.kinds.feed import ACCEPT
from watchers.sandbox import Sandbox

USUAL_PLACES = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/rss/index.xml",
    "/?feed=rss2",
    "/feeds/posts/default",
    "/blog/feed/",
    "/news/feed/",
    "/noticias/feed/",
    "/index.rdf",
)
"""Where sites keep a feed that their pages don't mention, the likeliest first."""
LINKS_MOST = 8
"""So many of the feeds that a page points to are read."""
_HEADERS = {"Accept": ACCEPT.replace("*/*;q=0.5", "text/html;q=0.7, */*;q=0.5")}


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was found and read, or what can be watched in place of one."""

    url: str
    title: str = ""
    items: int = 0
    newest: datetime | None = None
    """When its newest item says it was published."""
    lang: str = ""
    kind: str = "feed"
    """How it is read: "feed", "sitemap" or "links"."""
    per_day: int = 0
    """Of a sitemap: how many new addresses it lists a day."""

    def as_source(self) -> NewSource:
        """Return it as a Source to be added."""
        return NewSource(self.url, name=self.title, kind=self.kind, lang=self.lang)


async def discover(fetcher: Fetcher, sandbox: Sandbox, address: str, now: datetime) -> list[Found]:
    """Return the feeds at `address`: itself, those its page points to, or one in a usual place.

    `address`: a feed's or a site's, with or without https://. Empty when the site has no feed
    that can be found; FetchError in a sentence when the site itself can't be read.
    """
    return await _Search(fetcher, sandbox, now).run(address)


async def read_feed(fetcher: Fetcher, sandbox: Sandbox, url: str, now: datetime) -> Found | None:
    """Return the feed at exactly this address; None: what is there is no feed. FetchError says
    why it does not answer.
    """
    search = _Search(fetcher, sandbox, now)
    return await search.feed_at(url)


class _Search:
    """One search. Every address is asked once."""

    def __init__(self, fetcher: Fetcher, sandbox: Sandbox, now: datetime) -> None:
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._now = now
        self._seen: set[str] = set()

    async def run(self, address: str) -> list[Found]:
        refused: RefusedError | None = None
        try:
            url, fetched = await self._first(address)
        except RefusedError as error:
            refused, url = error, candidates(address)[0]
        else:
            found = await self._feed(url, fetched)
            if found is not None:
                return [found]
            pointed = await self._pointed_to(fetched.answer)
            if pointed:
                return pointed
        somewhere = await self._usual(url)
        if not somewhere and refused is not None:
            raise refused
        return somewhere

    async def feed_at(self, url: str) -> Found | None:
        return await self._feed(url, await self._ask(url))

    async def _first(self, address: str) -> tuple[str, Fetched]:
        """Ask what was typed: over https, then over http, where no scheme was given."""
        *others, last = candidates(address)
        for url in others:
            try:
                return url, await self._ask(url)
            except RefusedError:
                raise
            except FetchError:
                continue
        return last, await self._ask(last)

    async def _pointed_to(self, answer: Answer) -> list[Found]:
        try:
            links = await self._sandbox.links(answer.body, answer.url, answer.charset)
        except ParseError:
            return []
        declared = [link.url for link in links if link.declared]
        likely = [link.url for link in links if not link.declared]
        return await self._read(declared[:LINKS_MOST]) or await self._read(likely[:LINKS_MOST])

    async def _usual(self, url: str) -> list[Found]:
        for place in USUAL_PLACES:
            found = await self._read([urljoin(url, place)])
            if found:
                return found
        return []

    async def _read(self, urls: Iterable[str]) -> list[Found]:
        """Return those of the addresses that are feeds."""
        feeds: list[Found] = []
        for url in urls:
            if url in self._seen:
                continue
            try:
                found = await self._feed(url, await self._ask(url))
            except FetchError:
                continue
            if found is not None:
                feeds.append(found)
        return feeds

    async def _ask(self, url: str) -> Fetched:
        self._seen.add(url)
        fetched = await self._fetcher.fetch(Request(url, _HEADERS), self._now)
        self._seen |= {fetched.answer.url, fetched.moved_to}
        return fetched

    async def _feed(self, url: str, fetched: Fetched) -> Found | None:
        source = Source(id=0, url=url, base=url)
        try:
            page = await self._sandbox.parse("feed", source, fetched.answer)
        except ParseError:
            return None
        return _found(fetched.moved_to or url, page)


def candidates(address: str) -> list[str]:
    """Return the addresses that may be meant by what a person typed, the likeliest first."""
    plain = address.strip()
    if plain.startswith("feed:"):
        plain = plain.removeprefix("feed:").removeprefix("//")
    if "://" in plain:
        return [plain]
    return [f"https://{plain}", f"http://{plain}"]


def _found(url: str, page: Page) -> Found:
    dates = [item.published_at for item in page.items if item.published_at is not None]
    title = page.title or (urlsplit(url).hostname or "")
    return Found(url, title, page.total, max(dates, default=None), page.lang)
