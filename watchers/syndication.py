"""The one file that knows feedparser: XML bytes to Entries."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import feedparser
import feedparser.api
import feedparser.mixin

from model import ParseError
from watchers.entry import Entry, Head, Prose

_IMPOSSIBLE = re.compile(rb"&#(?:[xX]0*(?P<hex>[0-9a-fA-F]+)|0*(?P<dec>[0-9]+));")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HTML = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})

Fields = dict[str, Any]
"""feedparser's dictionaries, read with dict's own `get`: theirs answers for absent keys."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What feedparser made of some bytes."""

    entries: tuple[Entry, ...] = ()
    head: Head = field(default_factory=Head)
    version: str = ""
    """"rss20", "atom10", …; empty when it recognised no feed."""
    fault: str = ""
    """Why the bytes are no well-formed XML; empty when they are."""


def _hasten() -> None:
    """Spare feedparser work that comes to the same: a third of its time on a usual feed.

    It searches the disk for libxml2's driver at each parse, and takes escaped HTML from expat in
    a piece for each entity; with a base it joins and checks the same few addresses anew at each
    element; it copies a dictionary of strings as if it were a tree, and looks for absent keys by
    raising. 3,335 real and test-suite feeds read the same with and without.
    """
    feedparser.api.PREFERRED_XML_PARSERS[:] = ["watchers.buffered"]
    mixin = feedparser.mixin
    for name in ("make_safe_absolute_uri", "_urljoin"):
        setattr(mixin, name, lru_cache(64)(getattr(mixin, name)))
    mixin.copy = SimpleNamespace(deepcopy=_copied)
    feedparser.FeedParserDict.get = _get


def _copied(one: Fields) -> Fields:
    if all(value.__class__ is str for value in one.values()):
        return one.__class__(one)
    return deepcopy(one)


_COMPUTED = frozenset({"category", "enclosures", "license", "updated", "updated_parsed"})
"""Keys that feedparser makes up from others when they are asked for."""
_RENAMED = feedparser.FeedParserDict.keymap
PLAIN_GET = feedparser.FeedParserDict.get
"""What `_get` stands for."""


def _get(self: Fields, key: str, default: object = None) -> object:
    """Do as FeedParserDict.get does."""
    if key in _COMPUTED:
        try:
            return self[key]
        except KeyError:
            return default
    real = _RENAMED.get(key, key)
    for one in real if real.__class__ is list else (real,):
        if dict.__contains__(self, one):
            return dict.__getitem__(self, one)
    return dict.get(self, key, default)


_hasten()


def parse(body: bytes, base: str, charset: str = "") -> Fields:
    """Return feedparser's own result. Raises whatever feedparser raises.

    From a stream, because feedparser opens bytes that name a file. Without sanitising and without
    resolving links inside HTML, which no Item keeps: twice as fast, and no longer quadratic on
    unclosed comments. `base` never changes for a Source: without it one entry's xml:base leaks
    into the next, and relative guids would change with the address. `charset` is the server's.
    """
    media = f"application/xml; charset={charset}" if charset else "application/xml"
    result: Fields = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-location": base, "content-type": media},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return result


def read(body: bytes, base: str, charset: str = "") -> Reading:
    """Return what the bytes say. What makes feedparser fail (`&#xD800;`) is mended once; raises
    ParseError when it fails all the same.
    """
    try:
        return _reading(parse(body, base, charset))
    except MemoryError:
        raise
    except Exception:  # anything at all comes out of feedparser
        mended = mend(body)
    try:
        return _reading(parse(mended, base, charset))
    except MemoryError:
        raise
    except Exception as error:
        sentence = f"This feed is damaged and can't be read ({type(error).__name__})."
        raise ParseError(sentence) from error


def mend(body: bytes) -> bytes:
    """Return the bytes with impossible character references and controls replaced."""
    return _CONTROLS.sub(b" ", _IMPOSSIBLE.sub(_possible, body))


def _possible(found: re.Match[bytes]) -> bytes:
    digits = found["hex"] or found["dec"]
    code = int(digits, 16 if found["hex"] else 10) if len(digits) < 9 else 0
    fine = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return found[0] if fine else b"&#xFFFD;"


def _reading(result: Fields) -> Reading:
    feed = result["feed"]
    head = Head(
        title=_text(feed, "title"),
        lang=_text(feed, "language"),
        hub=next((href for href in _hrefs(feed, "hub")), ""),
        ttl=_minutes(_text(feed, "ttl")),
    )
    entries = tuple(_entry(one, head) for one in result["entries"])
    fault = result.get("bozo_exception")
    wrong = isinstance(fault, Exception) and not isinstance(fault, _HARMLESS)
    version = str(dict.get(result, "version") or "")
    return Reading(entries, head, version, str(fault) if wrong else "")


_HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)


def _entry(one: Fields, head: Head) -> Entry:
    title = _prose(one, "title")
    summary = _prose(one, "summary")
    text = _longest(dict.get(one, "content"))
    raw, parsed = _date(one)
    langs = (_detail(one, "title"), _detail(one, "summary"), one)
    return Entry(
        guid=_text(one, "id"),
        link=_text(one, "feedburner_origlink") or _text(one, "link") or _other_link(one),
        title=title,
        summary=summary,
        text=text,
        lang=next((_text(where, "language") for where in langs if _text(where, "language")), "")
        or head.lang,
        author=_text(one, "author"),
        published=raw,
        published_parsed=parsed,
        enclosure=next(iter(_hrefs(one, "enclosure")), ""),
    )


def _text(where: Fields, key: str) -> str:
    value = dict.get(where, key)
    return value if isinstance(value, str) else ""


def _detail(one: Fields, key: str) -> Fields:
    value = dict.get(one, f"{key}_detail")
    return value if isinstance(value, dict) else {}


def _prose(one: Fields, key: str) -> Prose:
    kind = _text(_detail(one, key), "type")
    return Prose(_text(one, key), html=not kind or kind in _HTML)


def _longest(contents: object) -> Prose:
    """Return the fullest of the texts an entry carries; pictures and the like are none."""
    best = Prose()
    for one in contents if isinstance(contents, list) else ():
        kind = _text(one, "type")
        value = _text(one, "value")
        written = kind.startswith("text/") or kind.endswith(("xml", "html")) or not kind
        if written and len(value) > len(best.text):
            best = Prose(value, html=not kind or kind in _HTML)
    return best


def _date(one: Fields) -> tuple[str, Any]:
    for key in ("published", "updated", "created"):
        if raw := _text(one, key):
            return raw, dict.get(one, f"{key}_parsed")
    return "", None


def _hrefs(where: Fields, rel: str) -> Iterable[str]:
    links = dict.get(where, "links")
    for one in links if isinstance(links, list) else ():
        if _text(one, "rel") == rel and _text(one, "href"):
            yield _text(one, "href")


def _other_link(one: Fields) -> str:
    """Return an address for an entry without a link to a page: a podcast has its recording."""
    for rel in ("alternate", "enclosure", "related", "via"):
        if href := next(iter(_hrefs(one, rel)), ""):
            return href
    return ""


def _minutes(text: str) -> float | None:
    return float(text) * 60 if text.isascii() and text.isdigit() and len(text) < 7 else None
