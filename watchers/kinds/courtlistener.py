"""CourtListener's two Atom feeds, which cost no quota: of one docket, and of a search.

Measured: an entry's link differs from its neighbours' only behind the `#`, and all links of a
docket change when its caption does, so an item is called by that anchor alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote_plus

from model import Item
from model.docket import Filing, Route
from watchers.addresses import parts_of
from watchers.entry import Entry
from watchers.kinds.feed import Feed
from watchers.plain import plain_line, scrub

EVERY = timedelta(minutes=15)
"""The feeds are made anew at each request: asked no more often than this."""
MOST_VARIANTS = 24
"""Spellings in one search: its address has to stay one that servers take."""

_TITLE = re.compile(
    r"(?:Entry #(?P<entry>\d+)|Minute entry from (?P<day>[\w ,.\-]*?)) in (?P<rest>.*)", re.S
)
_NUMBER = re.compile(r"(?:\d{1,2}:)?\d{1,4}-[\w:\-]{1,40}")
_ANCHOR = re.compile(r"(?P<minute>minute-)?entry-(?P<number>\d+)")
_DOCKET = re.compile(
    r"/docket/(?P<docket>\d+)(?:/(?P<document>\d+))?(?:/(?P<attachment>\d+))?(?:/|$)"
)


def docket_feed_url(base: str, docket_id: str) -> str:
    """Return the address of a docket's feed. `base` is [courts] courtlistener_url."""
    return f"{base.rstrip('/')}/docket/{docket_id}/feed/"


def search_feed_url(base: str, names: Iterable[str]) -> str:
    """Return the address of the feed of what names any of `names` in RECAP's dockets.

    It carries the names: build it only for a Watch whose people agreed to that.
    """
    return f"{base.rstrip('/')}/feed/search/?type=r&q={quote_plus(search_query(names))}"


def search_query(names: Iterable[str]) -> str:
    """Return a search for any of these spellings, each as a phrase, with and without accents:
    CourtListener's search tells `á` from `a`.
    """
    spellings = dict.fromkeys(one for name in names for one in _variants(name))
    return " OR ".join(f'"{one}"' for one in list(spellings)[:MOST_VARIANTS])


def _variants(name: str) -> Iterable[str]:
    plain = " ".join(name.replace('"', " ").split())
    if plain:
        yield plain
        yield unaccented(plain)


def unaccented(text: str) -> str:
    """Return Latin letters without their accents; other alphabets as they are."""
    apart = unicodedata.normalize("NFKD", text)
    kept = (one for one in apart if not "\u0300" <= one <= "\u036f")
    return unicodedata.normalize("NFC", "".join(kept))


class DocketFeed(Feed):
    """The feed of one docket: its 30 newest entries, however old."""

    name = "courtlistener_docket"

    def dressed(self, entry: Entry, item: Item) -> Item:
        """Return an item as the Filing it tells of."""
        return _docket_entry(entry, item)


class SearchFeed(Feed):
    """The feed of a search: its 20 newest finds."""

    name = "courtlistener_search"

    def dressed(self, entry: Entry, item: Item) -> Item:
        """Return an item as the Filing it tells of."""
        return _search_find(entry, item)


def _docket_entry(entry: Entry, item: Item) -> Item:
    """Return an entry of a docket's feed as the Filing it tells of."""
    parts = parts_of(scrub(entry.link).strip())
    where = _DOCKET.search(parts.path)
    anchor = _ANCHOR.fullmatch(parts.fragment)
    if where is None or anchor is None:
        return item
    numbered = anchor["minute"] is None
    caption, number = _caption(item.title)
    filing = Filing(
        number=number,
        docket_id=where["docket"],
        caption=caption,
        entry=anchor["number"] if numbered else "",
        document=anchor["number"] if numbered else "",
        pk="" if numbered else anchor["number"],
        text=item.summary or item.text,
        filed=_day(item.published),
        url=parts.geturl(),
        pdf=_pdf(entry.enclosure),
        route=Route.DOCKET_FEED,
    )
    return _as_filing(item, filing, parts.fragment)


def _search_find(entry: Entry, item: Item) -> Item:
    """Return a find of a search as the Filing it tells of; its author is the court's name."""
    parts = parts_of(scrub(entry.link).strip())
    where = _DOCKET.search(parts.path)
    if where is None:
        return item
    filing = Filing(
        court=court_id(item.author),
        docket_id=where["docket"],
        caption=item.title,
        entry=where["document"] or "",
        document=where["document"] or "",
        text=item.summary or item.text,
        filed=_day(item.published),
        url=parts.geturl(),
        pdf=_pdf(entry.enclosure),
        route=Route.SEARCH_FEED,
    )
    return _as_filing(item, filing, "/".join(filter(None, where.groups())))


def _as_filing(item: Item, filing: Filing, key: str) -> Item:
    return replace(
        item,
        key=key,
        url=filing.url,
        title=filing.caption,
        summary=filing.text,
        text="",
        lang="en",
        author="",
        filing=filing,
    )


def _caption(title: str) -> tuple[str, str]:
    """Split "Entry #6 in USA v. Doe, 1:20-cr-00001" into caption and number."""
    found = _TITLE.fullmatch(title)
    rest = found["rest"] if found else title
    caption, comma, number = rest.rpartition(", ")
    if comma and _NUMBER.fullmatch(number.strip()):
        return caption.strip(), number.strip()
    return rest.strip(), ""


def _day(written: str) -> date | None:
    """Return the day of a date that is written as midnight in California."""
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return None


def _pdf(address: str) -> str:
    """Return where a document can be had: PACER's own addresses want a login and a fee."""
    parts = parts_of(plain_line(address, html=False))
    host = parts.hostname or ""
    fine = parts.scheme in ("http", "https") and not host.endswith("uscourts.gov")
    return parts.geturl() if fine else ""


def court_id(name: str) -> str:
    """Return the id of the court that goes by this name; empty when it is not clear which."""
    if not name:
        return ""
    from model.courts import find_court  # the table is read where a name has to be understood

    found = find_court(name)
    return found[0].id if len(found) == 1 else ""
