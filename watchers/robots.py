"""robots.txt: what a site asks automatic readers to leave alone (RFC 9309).

Read here and not in the sandbox: lines are split and compared, in time linear in their length.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from yarl import URL

from watchers.answer import Request
from watchers.fetch import Fetcher, RefusedError

AGENT = "vigil"
"""By which name a site can speak to us."""
LARGEST = 512_000
"""Bytes that are read (RFC 9309 §2.5)."""
KEPT = timedelta(hours=24)
_HOSTS_MOST = 2_000
_RULES_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one reader: (pattern, allowed), in the order in which they are written."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allows(self, path: str) -> bool:
        """Return whether `path` (with its query) may be read: the longest rule decides, and of
        two as long the one that allows.
        """
        if path == "/robots.txt":
            return True
        wanted = _normal(path)
        found = [(len(rule), ok) for rule, ok in self.rules if _matches(rule, wanted)]
        return max(found)[1] if found else True


def read_robots(text: str, agent: str = AGENT) -> Robots:
    """Return the rules a robots.txt has for `agent`, else those for everybody. What is no such
    file, a page for instance, has none.
    """
    groups: dict[str, list[tuple[str, bool]]] = {}
    named: list[str] = []
    heading = False
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            named = [*(named if heading else ()), _product(value)]
            groups.setdefault(named[-1], [])
            heading = True
        elif key in ("allow", "disallow"):
            heading = False
            for one in named if value else ():
                groups[one].append((_normal(value), key == "allow"))
    rules = groups.get(agent.lower(), groups.get("*", []))
    return Robots(tuple(rules[:_RULES_MOST]))


def sitemaps(text: str) -> list[str]:
    """Return the sitemaps a robots.txt names (sitemaps.org), in order."""
    lines = (line.partition("#")[0].partition(":") for line in text.splitlines())
    named = (value.strip() for key, _, value in lines if key.strip().lower() == "sitemap")
    return [one for one in named if one.startswith(("http://", "https://"))]


def _product(value: str) -> str:
    """Return the name before a version: "Vigil/1.0" speaks to vigil."""
    return value.partition("/")[0].strip().lower()


def _normal(path: str) -> str:
    """Return a path so that equal ones are written alike, whatever was escaped."""
    return quote(unquote(path, errors="replace"), safe="/?&=*$:@!,;+~()'.-_")


def _matches(rule: str, path: str) -> bool:
    """Compare a rule with a path: `*` is anything, `$` at its end the end."""
    ends = rule.endswith("$")
    first, *rest = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(rest):
        if ends and number == len(rest) - 1:
            return len(path) - len(piece) >= at and path.endswith(piece)
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ends or at == len(path)


class RobotsBook:
    """What sites allow, asked once a day of each."""

    def __init__(self, fetcher: Fetcher) -> None:
        """Ask over `fetcher`, as politely as for anything else."""
        self._fetcher = fetcher
        self._known: OrderedDict[str, tuple[datetime, Robots]] = OrderedDict()

    async def allows(self, url: str, now: datetime) -> bool:
        """Return whether the page at `url` may be read. A site that has no robots.txt allows
        everything.

        FetchError when the site could not be asked: then nothing may be read for now.
        """
        where = URL(url)
        site = str(where.origin())
        until, robots = self._known.get(site, (now, Robots()))
        if until <= now:
            robots = await self._ask(site, now)
            self._known[site] = (now + KEPT, robots)
            if len(self._known) > _HOSTS_MOST:
                self._known.popitem(last=False)
        return robots.allows(where.raw_path_qs)

    async def _ask(self, site: str, now: datetime) -> Robots:
        try:
            fetched = await self._fetcher.fetch(Request(f"{site}/robots.txt"), now)
        except RefusedError as error:
            if 400 <= error.status < 500 and error.status != 429:
                return Robots()
            raise
        body = fetched.answer.body[:LARGEST]
        return read_robots(body.decode("utf-8", "replace"))
