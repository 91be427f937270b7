"""The addresses that feeds give: absolute, http or https only, without what merely tracks."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from url_normalize import url_normalize

from watchers.plain import scrub

LONGEST = 2_048
"""Code points: no outlet needs a longer address, and no message carries one."""

_HOST = re.compile(r"[\w\-.]*\w\.?|\[[0-9a-fA-F:.]+\]")
_NORMAL = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?)+"
    r"/(?:[\w.\-~]+/)*[\w.\-~]*(?:\?[\w.\-~]+=[\w.\-~]+(?:&[\w.\-~]+=[\w.\-~]+)*)?",
    re.ASCII,
)
_SCRIPT = re.compile(r"(?:^|/|\.(?:php\d?|aspx?|jsp|cgi|pl|cfm|dll|do|html?))$", re.I)
_ROUTES = ("!", "/")
"""A fragment that begins so is a page of its own in a one-page site."""


def clean_address(url: str, base: str = "") -> str:
    """Return the address as it is kept and compared, or "" when it is not one to show.

    `base` is what a relative address is read against. Only http and https survive; a user name
    or password in it does not, nor a fragment. Which parameters track is courlan's knowledge; the
    normal form is url-normalize's.
    """
    url = scrub(url).replace("\n", "").replace("\t", "").strip().replace("\\", "/")
    if not url.removeprefix("http:").removeprefix("https:").strip("/"):
        return ""
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(_host(parts)):
            return ""
        bare = urlunsplit(_bare(parts))
        normal = bare if _is_normal(bare) else url_normalize(bare)
    except (ValueError, UnicodeError):
        return ""
    if not normal or len(normal) > LONGEST or not normal.startswith(("http://", "https://")):
        return ""
    route = f"#{parts.fragment}" if parts.fragment.startswith(_ROUTES) else ""
    return normal + route.replace(" ", "%20")


def _is_normal(url: str) -> bool:
    """Say of an address that url-normalize would leave it as it is: most are, and it is slow."""
    return _NORMAL.fullmatch(url) is not None and "/." not in url and "xn--" not in url


def feed_address(url: str) -> str:
    """Return an address to ask, as it was given but for its edges, or "" when it is none.

    Nothing is cleaned away: a parameter that tracks a reader may be what a server wants to see.
    """
    url = scrub(url).strip()
    if url.startswith("feed:"):
        rest = url.removeprefix("feed:")
        url = rest if rest.startswith("http") else f"http:{rest}"
    try:
        parts = urlsplit(url)
        fine = parts.scheme.lower() in ("http", "https") and _HOST.fullmatch(_host(parts))
    except ValueError:
        return ""
    return parts._replace(fragment="").geturl() if fine and len(url) <= LONGEST else ""


def parts_of(url: str) -> SplitResult:
    """Return an address taken apart; nothing of one that is none ("https://[x")."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def within(base: str, where: str) -> str:
    """Return what an address at `base` means by `where`; "" when it means nothing."""
    try:
        found = urljoin(base, where)
        urlsplit(found)
    except ValueError:
        return ""
    return found


def _host(parts: SplitResult) -> str:
    """Return the host as written; raises ValueError where the port is no number."""
    _ = parts.port
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def _bare(parts: SplitResult) -> SplitResult:
    """Drop the user, the fragment and the tracking parameters."""
    names_by_path = _SCRIPT.search(parts.path) is None
    kept = [one for one in parts.query.split("&") if _counts(one, names_by_path=names_by_path)]
    netloc = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=netloc, query="&".join(kept), fragment="")


def _counts(parameter: str, *, names_by_path: bool) -> bool:
    """Say whether a parameter may name the page. courlan also drops `cid=12` and `eid=7`, which
    are how many outlets number their articles: a number counts, and so does everything where the
    path alone names no page.
    """
    name, _, value = parameter.partition("=")
    if not _tracks(name):
        return True
    surely = "_" in name or name.lower().endswith("clid")
    return not surely and (value.isdigit() or not names_by_path)


@lru_cache(maxsize=4096)
def _tracks(name: str) -> bool:
    from courlan import clean_url  # takes as long to load as feedparser; most links have no query

    return bool(name) and (clean_url(f"https://example.org/a?{name}=x") or "").find("?") < 0
