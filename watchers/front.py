"""A page's links taken apart: those that lead to articles of the same site, with their headlines.

Runs in the sandbox: it is handed what strangers sent. Loaded there only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from model import ParseError
from watchers.addresses import clean_address
from watchers.entry import Entry, Head, Prose
from watchers.index import piece_hash
from watchers.links import decoded
from watchers.plain import plain_line

LARGEST = 3_000_000
"""Characters of a page that are looked at."""
SEEN_MOST = 10_000
"""Links of one page that are looked at, and of them so many different ones."""
CLEANED_MOST = 2_000
MOST = 500
"""Links of one page that count: a page with more is an archive, its first are the newest."""
LONGEST = 300

_ELSEWHERE = re.compile(
    r"/(?:tags?|categor\w+|sections?|seccion\w*|secciones|topics?|temas?|autor\w*|authors?|"
    r"search|buscar|log-?in|sign-?in|registro|register|account|cuenta|subscri\w+|suscri\w+|"
    r"about|acerca\w*|contact\w*|privac\w+|terms|legal|aviso\w*|newsletters?|boletin\w*|feeds?|"
    r"rss|wp-\w+|cdn-cgi|page|pagina|archive|archivo|staff|directorio|cookies?)(?:[/.]|$)",
    re.I,
)
_FILE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|pdf|mp3|mp4|zip|css|js|xml|rss|atom|json|ico|docx?|xlsx?)$", re.I
)
_DATED = re.compile(r"/(?:19|20)\d\d[/\-](?:0?[1-9]|1[0-2])(?:[/\-]|$)")
_NUMBERED = re.compile(r"\d{5,}")
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|shtml)$", re.I)
_PASSING = re.compile(
    r"^(?:read more|leer m[aá]s|seguir leyendo|continue reading|ver m[aá]s)\b", re.I
)


class FrontPage:
    """A page taken apart (watchers.entry.Document): each link to an article is an item."""

    cut = False
    notes: tuple[str, ...] = ()

    def __init__(self, html: bytes, url: str, charset: str = "", *, torn: bool = False) -> None:
        """Take the page apart. `url`: the address that answered; `torn`: fewer bytes came than
        were announced. Raises ParseError when nothing on it looks like an article.
        """
        self.torn = torn
        tree = LexborHTMLParser(decoded(html, charset)[:LARGEST])
        where = tree.css_first("base[href]")
        root = urljoin(url, (where.attributes.get("href") or "") if where else "") or url
        found: dict[str, str] = {}
        for address, text in _links(tree, root, urlsplit(url)):
            if len(text) > len(found.get(address, "")):
                found[address] = text
        self._found = [one for one in found.items() if _is_headline(one[1])][:MOST]
        if not self._found:
            raise ParseError(
                "This page shows no links to articles: it may be filled in by a script, or be an "
                "article itself. Give the address of a section's page, or of a feed."
            )
        named = tree.css_first("title")
        lang = tree.css_first("html[lang]")
        self.head = Head(
            title=plain_line(named.text(deep=True), html=False, limit=200) if named else "",
            lang=(lang.attributes.get("lang") or "") if lang else "",
        )
        self.hashes = tuple(piece_hash(address.encode()) for address, _ in self._found)
        self.sizes = tuple(len(address) + len(text) for address, text in self._found)

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Return the items at these places, one each."""
        return tuple(
            Entry(
                guid=self._found[place][0],
                link=self._found[place][0],
                title=Prose(self._found[place][1], html=False),
                lang=self.head.lang,
            )
            for place in wanted
        )


def _links(tree: LexborHTMLParser, root: str, page: SplitResult) -> Iterator[tuple[str, str]]:
    """Give the addresses that may be articles' with what each link says. An address is cleaned,
    which costs most, only once it looks like an article's.
    """
    cleaned: dict[str, str] = {}
    for node in tree.css("a[href]")[:SEEN_MOST]:
        href = (node.attributes.get("href") or "").strip().partition("#")[0]
        if href not in cleaned:
            if len(cleaned) >= CLEANED_MOST:
                break
            cleaned[href] = _address(href, root, page)
        if cleaned[href]:
            yield cleaned[href], _said(node)


def _address(href: str, root: str, page: SplitResult) -> str:
    """Return where a link leads, if that looks like an article of the same site; else nothing."""
    try:
        whole = urljoin(root, href) if href else ""
        parts = urlsplit(whole)
        inside = same_site(parts.hostname or "", page.hostname or "")
    except ValueError:
        return ""
    return clean_address(whole) if inside and _leads(parts, page) else ""


def same_site(one: str, other: str) -> bool:
    """Say whether two hosts are of one site: the same, or one below the other."""
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _leads(parts: SplitResult, page: SplitResult) -> bool:
    """Say whether an address looks like an article's."""
    path = parts.path.rstrip("/")
    if not path or path == page.path.rstrip("/") or _FILE.search(path):
        return False
    slug = _ENDING.sub("", path.rpartition("/")[2])
    words = [one for one in _WORD.findall(slug) if len(one) > 1]
    like_one = len(words) >= 3 or _DATED.search(path) or _NUMBERED.search(f"{path}?{parts.query}")
    return bool(like_one) and not _ELSEWHERE.search(path)


def _said(node: LexborNode) -> str:
    """Return a link's headline: a heading within it, else its text, else its label."""
    heading = node.css_first("h1, h2, h3, h4, h5")
    said = (heading or node).text(deep=True, separator=" ")
    if not said.strip():
        said = node.attributes.get("title") or node.attributes.get("aria-label") or ""
    line = plain_line(said, html=False, limit=LONGEST)
    return "" if _PASSING.match(line) else line


def _is_headline(text: str) -> bool:
    """Say whether a link's text is more than a rubric: three words, or as long in a script that
    sets no spaces.
    """
    words = _WORD.findall(text)
    return len(words) >= 3 or (len(text) >= 8 and not text.isascii() and len(words) <= 2)
