"""Sitemaps (sitemaps.org, with Google's news tags) taken apart: the pages a site lists as new.

Runs in the sandbox: it is handed what strangers sent.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import struct_time
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from model import ParseError
from model.item import PagePart
from watchers.addresses import feed_address
from watchers.entry import Entry, Head, Prose
from watchers.index import Known, piece_hash

LARGEST = 16_000_000
"""Bytes of a sitemap once it is decompressed: a news sitemap has at most 1,000 addresses."""
MOST = 2_000
"""Addresses of one sitemap that are looked at, the newest."""
ROWS_MOST = 50_000
"""So many a sitemap may list (sitemaps.org); what follows is not looked at."""
PARTS_MOST = 3
"""Sitemaps of one index that are read at one poll, the newest."""
OLDEST = timedelta(days=7)
"""What a sitemap dates earlier than this is no news, however new it is to us."""

_OVER = timedelta(days=2)
"""A day is over in every zone, counted from its beginning in UTC."""

_KEPT = frozenset({"loc", "lastmod", "title", "publication_date", "language", "name"})
_PLACES = frozenset({"url", "sitemap"})
_LONGEST = 4_096
_NEWS = re.compile(r"news|noticia|nachricht|actualit|notizie|noticias|latest|recent", re.I)
_OTHER = re.compile(r"(?:image|video|categor|tag|author|autor|page|product|static)[\w\-]*\.", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|shtml|amp)$", re.I)


@dataclass(slots=True)
class Row:
    """One <url> or <sitemap>: what its elements say, by their local names."""

    said: dict[str, str] = field(default_factory=dict)
    dated: datetime | None = None
    """When it is said to be from: its publication, else its last change."""

    @property
    def address(self) -> str:
        """What it points to; empty when that is no address."""
        return feed_address(self.said.get("loc", ""))

    def settles(self, now: datetime) -> bool:
        """Whether the same date means that nothing changed since: a day alone says nothing of its
        hours until it is over everywhere.
        """
        if self.dated is None:
            return False
        is_moment = len(self.said.get("lastmod", "")) > len("2020-11-18")
        return is_moment or now - self.dated > _OVER

    def close(self) -> None:
        """Read what it says, now that all of it is there."""
        said = self.said
        self.dated = instant(said.get("publication_date", "")) or instant(said.get("lastmod", ""))


def instant(written: str) -> datetime | None:
    """Read a date as sitemaps write it (W3C: a day, or a moment with its zone)."""
    try:
        found = datetime.fromisoformat(written.strip()) if written else None
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


class Sitemap:
    """A sitemap taken apart (watchers.entry.Document); an index of sitemaps holds no items but
    `parts`.
    """

    notes: tuple[str, ...] = ()
    torn = False  # only what was closed is taken

    def __init__(self, body: bytes, now: datetime) -> None:
        """Take the document apart. Raises ParseError when it is no sitemap."""
        scan = _Scan(opened(body))
        self.cut = scan.cut
        self.is_index = scan.root == "sitemapindex"
        rows = _newest(scan.rows, now, None if self.is_index else OLDEST)
        self.parts = rows if self.is_index else []
        self._now = now
        self._rows = [] if self.is_index else rows
        publication = next((row.said["name"] for row in rows if row.said.get("name")), "")
        self.head = Head(title=publication)
        self.hashes = tuple(_piece(row) for row in self._rows)
        self.sizes = tuple(sum(map(len, row.said.values())) for row in self._rows)

    @property
    def dates(self) -> list[datetime]:
        """When its addresses are said to be from."""
        return [found for row in self._rows if (found := row.dated) is not None]

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Return the items at these places, one each."""
        return tuple(_entry(self._rows[place]) for place in wanted)

    def wanted(self, known: Known) -> tuple[PagePart, ...]:
        """Return the sitemaps of this index that are to be read now: the newest few of those
        that list news, and of them such as were changed, or do not say, since they were read.
        """
        return tuple(
            PagePart(row.address, _mark(row))
            for row in self._newest()
            if not row.settles(self._now) or bytes.fromhex(_mark(row)) not in known.keys
        )

    def _newest(self) -> list[Row]:
        """Return the newest few of the sitemaps that list news."""
        news = [row for row in self.parts if _NEWS.search(urlsplit(row.address).path)]
        usual = [row for row in self.parts if not _OTHER.search(urlsplit(row.address).path)]
        some = news or usual or self.parts
        dated = sorted((row for row in some if row.dated), key=_when, reverse=True)
        return (dated or some[::-1])[:PARTS_MOST]

    @property
    def says_when(self) -> bool:
        """Whether an index dates all its sitemaps, and those that are read to the hour: the same
        bytes then mean that none changed.
        """
        dated = all(row.dated for row in self.parts)
        return dated and all(row.settles(self._now) for row in self._newest())


def _when(row: Row) -> datetime:
    return row.dated or datetime.fromtimestamp(0, UTC)


def opened(body: bytes) -> bytes:
    """Return the document as XML: many sitemaps are files that were compressed. Raises ParseError
    for one that would grow too large, or is damaged.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        whole = unpacking.decompress(body, LARGEST)
    except zlib.error as error:
        raise ParseError("This compressed sitemap is damaged.") from error
    if unpacking.unconsumed_tail:
        size = LARGEST // 1_000_000
        raise ParseError(f"This sitemap is larger than {size} MB once it is unpacked: too large.")
    return whole


class _Scan:
    """One run of expat over a sitemap."""

    def __init__(self, body: bytes) -> None:
        self.root = ""
        self.rows: list[Row] = []
        self.cut = False
        self._row: Row | None = None
        self._name = ""
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._hear
        self._parser.EntityDeclHandler = self._refuse
        try:
            self._parser.Parse(body.lstrip(b"\xef\xbb\xbf \t\r\n"), True)  # noqa: FBT003 - expat's own form
        except (expat.ExpatError, LookupError, ValueError) as error:
            if not self.rows:
                raise ParseError("This is not a sitemap, or a damaged one.") from error
            self.cut = True

    def _open(self, name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2].lower()
        if not self.root:
            self.root = local
            if local not in ("urlset", "sitemapindex"):
                raise ParseError(f"This is not a sitemap (it begins with <{local[:40]}>).")
        self._name, self._text = local, []
        if local in _PLACES:
            self._row = Row()

    def _hear(self, text: str) -> None:
        if self._row is not None and len(self._text) < _LONGEST:
            self._text.append(text)

    def _close(self, name: str) -> None:
        local = name.rpartition(":")[2].lower()
        if self._row is not None and local == self._name and local in _KEPT:
            # The page's own address comes first; a picture's title or address is not the page's.
            self._row.said.setdefault(local, "".join(self._text).strip()[:_LONGEST])
        if local in _PLACES and self._row is not None:
            if len(self.rows) < ROWS_MOST:
                self._row.close()
                self.rows.append(self._row)
            self._row = None

    def _refuse(self, name: str, *_rest: object) -> None:
        raise ParseError(f"This sitemap declares the entity {name[:40]!r}, which none needs.")


def _newest(rows: list[Row], now: datetime, oldest: timedelta | None) -> list[Row]:
    """Return the rows that may be news, in their order: the newest MOST of those not dated longer
    ago than `oldest`. The same address twice is one.
    """
    some = [row for row in rows if oldest is None or not row.dated or now - row.dated <= oldest]
    if len(some) > MOST:
        kept = {id(row) for row in sorted(some, key=_when, reverse=True)[:MOST]}
        some = [row for row in some if id(row) in kept]
    once: dict[str, Row] = {}
    for row in some:
        once.setdefault(row.address, row)
    once.pop("", None)
    return list(once.values())


def _piece(row: Row) -> bytes:
    """Return what a row is known by: its address and headline. Its dates change for nothing."""
    return piece_hash("\n".join((row.address, row.said.get("title", ""))).encode())


def _mark(row: Row) -> str:
    return piece_hash("\n".join((row.address, row.said.get("lastmod", ""))).encode()).hex()


def _entry(row: Row) -> Entry:
    said = row.said
    published = said.get("publication_date", "") or said.get("lastmod", "")
    at = instant(published)
    return Entry(
        guid=row.address,
        link=row.address,
        title=Prose(said.get("title", "") or slug_words(row.address), html=False),
        lang=said.get("language", ""),
        published=published,
        published_parsed=_parsed(at) if at else None,
    )


def _parsed(at: datetime) -> struct_time:
    return at.utctimetuple()


def slug_words(address: str) -> str:
    """Return the words of an address's last part, where they make a headline of sorts
    (`/2020/11/exsecretario-cienfuegos-regresa.html`); else nothing.
    """
    parts = [one for one in unquote(urlsplit(address).path).split("/") if one]
    named = max(parts, key=lambda one: len(_WORD.findall(one)), default="")
    words = _WORD.findall(_ENDING.sub("", named))
    return " ".join(words) if len(words) >= 3 else ""
