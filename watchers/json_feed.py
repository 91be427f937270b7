"""JSON Feed (jsonfeed.org, 1 and 1.1), which feedparser does not know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from model import ParseError
from watchers.entry import Entry, Head, Prose
from watchers.index import piece_hash


class JsonFeed:
    """A JSON Feed taken apart (watchers.entry.Document)."""

    cut = torn = False
    notes: tuple[str, ...] = ()

    def __init__(self, body: bytes) -> None:
        """Take the document apart. Raises ParseError when it is no JSON Feed."""
        found = _load(body)
        self._items = [one for one in found["items"] if isinstance(one, dict)]
        self.head = Head(
            title=_text(found, "title"), lang=_text(found, "language"), hub=_hub(found)
        )
        written = [json.dumps(one, sort_keys=True).encode() for one in self._items]
        self.hashes = tuple(piece_hash(one) for one in written)
        self.sizes = tuple(len(one) for one in written)

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Return the items at these places, one each."""
        return tuple(_entry(self._items[place], self.head) for place in wanted)


def _load(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:80]
        raise ParseError(f"This looks like a JSON Feed but is no valid JSON: {what}.") from error
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise ParseError("This is JSON, but not a JSON Feed: it has no list of items.")
    return found


def _entry(one: Mapping[str, Any], head: Head) -> Entry:
    html = _text(one, "content_html")
    plain = _text(one, "content_text")
    return Entry(
        guid=_text(one, "id"),
        link=_text(one, "url") or _text(one, "external_url"),
        title=Prose(_text(one, "title"), html=False),
        summary=Prose(_text(one, "summary"), html=False),
        text=Prose(html) if html else Prose(plain, html=False),
        lang=_text(one, "language") or head.lang,
        author=_author(one),
        published=_text(one, "date_published") or _text(one, "date_modified"),
    )


def _text(where: Mapping[str, Any], key: str) -> str:
    """Read a text; numbers count (many write `"id": 12`), everything else does not."""
    value = where.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return value if isinstance(value, str) else repr(value)


def _author(one: Mapping[str, Any]) -> str:
    authors = one.get("authors")
    listed = authors if isinstance(authors, list) else [one.get("author")]
    names = (_text(who, "name") for who in listed if isinstance(who, dict))
    return ", ".join(name for name in names if name)


def _hub(found: Mapping[str, Any]) -> str:
    hubs = found.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub":
            return _text(hub, "url")
    return ""
