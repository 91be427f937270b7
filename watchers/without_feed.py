"""What can be watched of a site that has no feed: its news sitemap, else the links of its page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from model import Claim, FetchError, Item, Pace, Source, SourceState
from watchers.answer import Request
from watchers.ask import Asker, Result
from watchers.discover import Found, candidates
from watchers.fetch import Fetcher
from watchers.kinds import KINDS
from watchers.kinds.links import NAME as LINKS
from watchers.kinds.sitemap import NAME as SITEMAP
from watchers.robots import LARGEST, RobotsBook, sitemaps
from watchers.sandbox import Sandbox

USUAL_PLACES = (
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/googlenews.xml",
    "/sitemap_index.xml",
    "/sitemap.xml",
)
"""Where sites keep a news sitemap that their robots.txt doesn't mention, the likeliest first."""
MOST = 8
"""So many addresses that may be sitemaps are asked."""
COUNTED = timedelta(days=2)
"""The days of which new addresses are counted."""


async def without_feed(
    fetcher: Fetcher, sandbox: Sandbox, address: str, now: datetime, *, robots: bool = True
) -> Found | None:
    """Return what of a site can be watched in place of a feed: a sitemap that lists articles of
    these days, else the page at `address` with its links. None when there is neither.

    `robots`: whether a page is left alone that the site's robots.txt forbids.
    """
    allows = RobotsBook(fetcher).allows if robots else None
    asker = Asker(fetcher, sandbox, KINDS, allows)
    for url in candidates(address):
        async for place in _places(fetcher, url, now):
            found = _counted(place, await _ask(asker, place, SITEMAP, now), now)
            if found is not None:
                return found
        result = await _ask(asker, url, LINKS, now)
        if result.is_good and result.items:
            return _found(url, result, LINKS)
    return None


async def _places(fetcher: Fetcher, url: str, now: datetime) -> AsyncIterator[str]:
    """Give the addresses that may be a news sitemap: those robots.txt names first, of them those
    called news first; then the usual places.
    """
    try:
        answer = (await fetcher.fetch(Request(urljoin(url, "/robots.txt")), now)).answer
        named = sitemaps(answer.body[:LARGEST].decode("utf-8", "replace"))
    except FetchError:
        named = []
    named.sort(key=lambda one: "news" not in urlsplit(one).path.lower())
    usual = [urljoin(url, place) for place in USUAL_PLACES]
    for place in [*dict.fromkeys([*named, *usual])][:MOST]:
        yield place


async def _ask(asker: Asker, url: str, kind: str, now: datetime) -> Result:
    source = Source(0, url, url, kind=kind)
    return await asker.ask(Claim(source, Pace(), SourceState(), "", 0), now)


def _counted(url: str, result: Result, now: datetime) -> Found | None:
    """Return a sitemap that lists something new of the last days; None for any other."""
    fresh = [one for one in result.items if _is_fresh(one, now)]
    if not result.is_good or not fresh:
        return None
    return _found(url, result, SITEMAP, per_day=max(1, round(len(fresh) / COUNTED.days)))


def _is_fresh(one: Item, now: datetime) -> bool:
    return one.published_at is not None and now - one.published_at <= COUNTED


def _found(url: str, result: Result, kind: str, per_day: int = 0) -> Found:
    dates = [one.published_at for one in result.items if one.published_at is not None]
    return Found(
        url,
        result.title or urlsplit(url).hostname or "",
        len(result.items),
        max(dates, default=None),
        kind=kind,
        per_day=per_day,
    )
