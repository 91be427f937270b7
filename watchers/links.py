"""The feeds a web page points to, from its bytes alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watchers.addresses import feed_address
from watchers.answer import Link
from watchers.plain import plain_line

MOST = 50
"""A page that points to more feeds than this is a directory: the rest is left out."""

_DECLARED = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_LOOKS_LIKE_ONE = re.compile(
    r"(?:^|[/._\-?=&])(?:rss2?|atom|feeds?|rdf)(?:[/._\-?=&]|\.(?:xml|json|php|aspx?)|$)|"
    r"\.(?:rss|rdf|atom)$",
    re.I,
)
_NOT_ONE = re.compile(
    r"wp-json|oembed|manifest|opensearch|\.(?:png|jpe?g|svg|gif|css|js|pdf)$", re.I
)
_COMMENTS = re.compile(r"comment|respuesta|kommentar|replies", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w\-]+)", re.I)


def links(html: bytes, base: str, charset: str = "") -> tuple[Link, ...]:
    """Return the feeds a page points to, the likeliest first, once each.

    `base` is the page's address, `charset` what its server says. First what the page declares
    (link rel=alternate), then addresses that look like a feed's; feeds of comments come last.
    """
    tree = LexborHTMLParser(decoded(html, charset))
    where = tree.css_first("base[href]")
    root = urljoin(base, (where.attributes.get("href") or "") if where else "") or base
    found: dict[str, Link] = {}
    for link in (*_declared(tree, root), *_likely(tree, root)):
        found.setdefault(link.url, link)
    ranked = sorted(found.values(), key=_rank)
    return tuple(ranked[:MOST])


def decoded(html: bytes, charset: str) -> str:
    """Return a page as text: as its server says, else as it says itself, else as UTF-8."""
    meta = _META_CHARSET.search(html[:4_096])
    for name in (charset, meta[1].decode("ascii", "replace") if meta else "", "utf-8"):
        try:
            return html.decode(name or "utf-8")
        except (LookupError, UnicodeError):
            continue
    return html.decode("utf-8", "replace")


def _declared(tree: LexborHTMLParser, root: str) -> Iterator[Link]:
    for node in tree.css("link[rel][href]"):
        rels = (node.attributes.get("rel") or "").lower().split()
        media = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        if ("alternate" in rels and media in _DECLARED) or "feed" in rels:
            yield from _link(node, root, declared=True)


def _likely(tree: LexborHTMLParser, root: str) -> Iterator[Link]:
    for node in tree.css("a[href]"):
        href = (node.attributes.get("href") or "").partition("#")[0]
        path = re.sub(r"^\w+://[^/?]*", "", href)
        if _LOOKS_LIKE_ONE.search(path):
            yield from _link(node, root, declared=False)


def _link(node: LexborNode, root: str, *, declared: bool) -> Iterator[Link]:
    try:
        url = feed_address(urljoin(root, (node.attributes.get("href") or "").strip()))
    except ValueError:
        return
    title = node.attributes.get("title") or ("" if declared else node.text(deep=True))
    if url and not _NOT_ONE.search(url):
        yield Link(url, plain_line(title or "", html=False, limit=120), declared)


def _rank(link: Link) -> tuple[bool, bool]:
    return bool(_COMMENTS.search(f"{link.url} {link.title}")), not link.declared
