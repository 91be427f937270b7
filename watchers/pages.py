"""An article's own page: its text and what it says of itself, from its bytes alone.

Runs in the sandbox: it is handed what strangers sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from model import ParseError
from watchers.addresses import clean_address
from watchers.answer import Article
from watchers.links import decoded
from watchers.plain import plain_line, plain_text, scrub

LONGEST = 200_000
"""Characters of an article that are kept."""
LARGEST = 3_000_000
"""Characters of a page that are looked at: an article stands in front of what follows it."""
LITTLE = 600
"""Characters. A page with a login field, or marked as not free, and less text than this is a wall
and no article."""

_ARTICLES = frozenset({"newsarticle", "article", "reportagenewsarticle", "blogposting"})
_TIERS = frozenset({"locked", "metered"})
_LOCKED = re.compile(
    r"\bpay-?wall\b|piano-(?:offer|paywall)|\bregwall\b|subscri(?:be|ber)-?only", re.I
)
_HEAD = re.compile(r"<title[^>]*>.*?</title[^>]*>", re.I | re.S)
_SITE = re.compile(r"\s+[|–—·-]\s+[^|–—·]{2,40}$")


def article(html: bytes, url: str, charset: str = "") -> Article:
    """Return the article on a page. `url`: the address that answered; `charset`: as its server
    says. ParseError when there is no text at all.
    """
    written = scrub(decoded(html, charset))[:LARGEST]
    tree = LexborHTMLParser(written)
    told = list(_linked_data(tree))
    title = _title(tree)
    text = _text(written, tree)
    if title and text.startswith(f"{title}\n"):
        text = text[len(title) + 1 :]
    wall = _wall(tree, told, text)
    if not text and not title and not wall:
        raise ParseError("This page holds no text.")
    return Article(
        url=_canonical(tree, url),
        title=title,
        text=text,
        lang=_lang(tree),
        published=_published(tree, told),
        wall=wall,
    )


def _text(written: str, tree: LexborHTMLParser) -> str:
    """Return the paragraphs, one a line. Where there is too little for trafilatura to be
    sure of, the page's own <article> or <main> is believed, else all of it that can be read.
    """
    import trafilatura
    from trafilatura.xml import xmltotxt

    found = trafilatura.bare_extraction(
        written, fast=False, favor_recall=True, include_comments=False
    )
    body = getattr(found, "body", None)
    text = "" if body is None else xmltotxt(body, include_formatting=False)
    paragraphs = (" ".join(line.split()) for line in text.splitlines())
    whole = "\n".join(line for line in paragraphs if line)
    if len(whole) < LITTLE:
        node = tree.css_first("article") or tree.css_first("main")
        shown = plain_text((node.html if node else None) or _HEAD.sub("", written))
        whole = shown if node is not None or not whole else whole
    return scrub(whole)[:LONGEST].rstrip()


def _title(tree: LexborHTMLParser) -> str:
    """Return the headline: as the page tells other sites, as it shows it, as its tab is called."""
    shared = _meta(tree, "og:title") or _meta(tree, "twitter:title")
    if shared:
        return plain_line(_SITE.sub("", shared) if len(shared) > 60 else shared)
    headings = tree.css("article h1") or tree.css("h1")
    if len(headings) == 1 and (shown := plain_line(headings[0].text(deep=True), html=False)):
        return shown
    named = tree.css_first("title")
    return plain_line(named.text(deep=True), html=False) if named else ""


def _canonical(tree: LexborHTMLParser, url: str) -> str:
    """Return the address the page calls its own, if it is an article's and on the same site."""
    node = tree.css_first('link[rel="canonical"][href]')
    said = (node.attributes.get("href") or "").strip() if node else ""
    try:
        own = clean_address(urljoin(url, said)) if said else ""
    except ValueError:
        own = ""
    return own if own and _path(own) else url


def _path(url: str) -> str:
    return url.partition("://")[2].partition("/")[2]


def _lang(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html[lang]")
    said = (node.attributes.get("lang") or "") if node else ""
    return said.strip().replace("_", "-")[:20]


def _published(tree: LexborHTMLParser, told: list[dict[str, object]]) -> str:
    """Return when the page says it was published, as it writes it."""
    said = _meta(tree, "article:published_time") or next(
        (str(one["datePublished"]) for one in told if one.get("datePublished")), ""
    )
    node = None if said else tree.css_first("time[datetime]")
    return plain_line(said or ((node.attributes.get("datetime") or "") if node else ""), limit=80)


def _wall(tree: LexborHTMLParser, told: list[dict[str, object]], text: str) -> str:
    """Say what stands in front of the article: "login", "paywall", or nothing."""
    if len(text) >= LITTLE:
        return ""
    if tree.css_first('input[type="password"]') is not None:
        return "login"
    free = [one.get("isAccessibleForFree") for one in told]
    marked = any(str(one).lower() == "false" for one in free if one is not None)
    tier = _meta(tree, "article:content_tier").lower()
    if marked or tier in _TIERS or any(_is_locked(node) for node in tree.css("[class], [id]")):
        return "paywall"
    return ""


def _is_locked(node: LexborNode) -> bool:
    named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(_LOCKED.search(named))


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"][content], meta[name="{name}"][content]')
    return (node.attributes.get("content") or "").strip() if node else ""


def _linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, object]]:
    """Give what the page says of its article in JSON-LD."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            said = json.loads(node.text(deep=True))
        except (ValueError, RecursionError):
            continue
        rows = said if isinstance(said, list) else [said]
        rows += [one for row in rows if isinstance(row, dict) for one in _listed(row)]
        yield from (row for row in rows if isinstance(row, dict) and _is_article(row))


def _listed(row: dict[str, object]) -> list[object]:
    graph = row.get("@graph")
    return graph if isinstance(graph, list) else []


def _is_article(row: dict[str, object]) -> bool:
    kinds = row.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(str(name).lower() in _ARTICLES for name in names)
