"""Lists of feeds (OPML) as they are exported: four in ten are not well-formed."""

from __future__ import annotations

import codecs
import re

import listparser

from model import NewSource, ParseError
from watchers.addresses import feed_address
from watchers.plain import plain_line

_DECLARATION = re.compile(r"\s*<\?xml[^>]*?\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.\-:]+)[\"']")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_opml(body: bytes) -> tuple[NewSource, ...]:
    """Return the feeds an OPML file lists, once each; its folders become their tags.

    Read by listparser over lxml's forgiving parser. Raises ParseError when it lists none.
    """
    found = listparser.parse(_in_utf8(body))
    feeds: dict[str, NewSource] = {}
    for one in found.feeds:
        url = feed_address(str(one.get("url") or ""))
        tags = tuple(plain_line(str(tag), html=False, limit=60) for tag in one.get("tags") or ())
        name = plain_line(str(one.get("title") or ""), html=False, limit=200)
        if url:
            feeds.setdefault(url, NewSource(url, name, tags=tuple(tag for tag in tags if tag)))
    if not feeds:
        raise ParseError(
            "This file lists no feeds. Export the list as OPML from your reader and send that file."
        )
    return tuple(feeds.values())


def _in_utf8(body: bytes) -> bytes:
    """Return the file in UTF-8 and saying so: without a declaration lxml takes it for Latin-1."""
    text = _DECLARATION.sub("", _decoded(body), count=1)
    return b'<?xml version="1.0" encoding="UTF-8"?>' + text.encode("utf-8", "replace")


def _decoded(body: bytes) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = _ENCODING.match(body.lstrip()[:200])
    for encoding in (declared[1].decode("ascii", "replace") if declared else "", "utf-8"):
        try:
            return body.decode(encoding or "utf-8")
        except (LookupError, UnicodeError):
            continue
    return body.decode("windows-1252", "replace")
