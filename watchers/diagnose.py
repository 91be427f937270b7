"""What bytes that are no feed are instead, in a sentence."""

from __future__ import annotations

import re

from watchers.answer import Answer
from watchers.plain import plain_line

_TITLE = re.compile(rb"<title[^>]*>(.{0,400}?)</title", re.I | re.S)
_ROOT = re.compile(rb"<(?:[\w.\-]+:)?([A-Za-z][\w.\-]*)")
_FEED_ROOTS = frozenset({b"rss", b"feed", b"rdf", b"channel"})
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
)
_ADVICE = "Give the address of a feed, or the site's, so that its feeds can be looked for."


def is_feed(body: bytes, version: str) -> bool:
    """Say whether a document without a single item is a feed all the same: an empty one.

    `version` is what feedparser recognised; it calls a login page a feed without entries, too.
    """
    root = _root(body)
    return root in _FEED_ROOTS or (bool(version) and root != b"html")


def what_it_is(answer: Answer) -> str:
    """Return the sentence for an answer that is no feed: what it is, and what to do."""
    body = answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        return "The answer is empty. Try again later; if it stays empty, the feed has moved."
    kind = next((name for magic, name in _MAGIC if body.startswith(magic)), "")
    if kind:
        return f"This is {kind}, not a feed. {_ADVICE}"
    root = _root(body)
    if root == b"html" or answer.media == "text/html":
        title = _TITLE.search(body)
        named = plain_line(_decoded(title[1]), limit=80) if title else ""
        return f"This is a web page{f' (“{named}”)' if named else ''}, not a feed. {_ADVICE}"
    if root == b"opml":
        return "This is a list of feeds (OPML), not a feed. Import it instead of adding it."
    if root:
        name = root.decode("ascii", "replace")[:40]
        return f"This is a document of another kind (<{name}>), not a feed. {_ADVICE}"
    return f"This is not a feed. {_ADVICE}"


def _decoded(title: bytes) -> str:
    try:
        return title.decode()
    except UnicodeDecodeError:
        return title.decode("windows-1252", "replace")


def _root(body: bytes) -> bytes:
    """Return the local name of the first element, in lower case."""
    found = _ROOT.search(re.sub(rb"<!--.*?-->", b"", body[:20_000], flags=re.S))
    return found[1].lower() if found else b""
