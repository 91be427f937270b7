"""`vigil why`: one article through the matcher, every rule's verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.config import Loaded
from bot.opening import opened, utcnow
from bot.scan import item_from
from bot.words import Catalogue
from matching.match import Matcher
from model.errors import UsageError
from model.item import Item
from model.mention import Mention, Verdict
from model.watch import Watch
from watchers.plain import plain_line, plain_text

if TYPE_CHECKING:
    from watchers.answer import Answer

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
LONGEST = 500_000
"""Characters of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What one Watch makes of one Item."""

    watch: Watch
    mentions: tuple[Mention, ...]
    """Those that count."""
    possible: tuple[Mention, ...]
    """Those below the threshold."""
    verdicts: tuple[Verdict, ...]

    @property
    def is_near(self) -> bool:
        """Whether anything of the Watch is in the Item at all."""
        return bool(self.mentions or self.possible)


def explain(item: Item, watches: Iterable[Watch], **options: int) -> list[Explained]:
    """Return what each Watch makes of the Item; `options` go to the Matcher."""
    found = []
    for number, watch in enumerate(watches, start=1):
        numbered = replace(watch, id=watch.id or number)
        matcher = Matcher(**options)
        matcher.add(numbered)
        counting = tuple(matcher.find_mentions(item))
        every = matcher.find_mentions(item, possible=True)
        possible = tuple(one for one in every if one not in counting)
        verdicts = tuple(matcher.explain(numbered, item))
        found.append(Explained(watch, counting, possible, verdicts))
    return found


def lines(item: Item, explained: Sequence[Explained], words: Catalogue) -> list[str]:
    """Return what people read: of each Watch the outcome, its Mentions, each rule's verdict."""
    told = [item.title or item.url or "(no title)", ""]
    for one in explained:
        told.append(f"{one.watch.name}: {_outcome(one)}")
        told += [f"  {_mention(mention, words)}" for mention in (*one.mentions, *one.possible)]
        told += [f"  {_verdict(verdict, item, words)}" for verdict in one.verdicts]
        told.append("")
    return told[:-1]


def _outcome(one: Explained) -> str:
    if one.mentions:
        return f"mentioned ({max(mention.score for mention in one.mentions)} of 100)"
    if one.possible:
        return f"possible ({max(mention.score for mention in one.possible)} of 100), no alert"
    return "not mentioned"


def _mention(mention: Mention, words: Catalogue) -> str:
    where = f"{mention.field} {mention.start}–{mention.end}"
    return f"“{mention.text}” ({where}): {mention.score}, {words.reason(mention.reason)}"


def _verdict(verdict: Verdict, item: Item, words: Catalogue) -> str:
    text = getattr(item, verdict.field)[verdict.start : verdict.end] if verdict.field else ""
    there = f" “{text}”" if text else ""
    return f"{'✓' if verdict.passed else '✗'} {words.reason(verdict.reason)}{there}"


async def item_at(loaded: Loaded, url: str) -> Item:
    """Return the article at an address: as it is stored, else as the page says now."""
    from bot.app import fetch_rules
    from store import items
    from watchers.answer import Request
    from watchers.fetch import Fetcher

    async with opened(loaded) as store, store.read() as tx:
        stored = await items.by_url(tx, url)
    if stored is not None:
        return stored
    async with Fetcher(fetch_rules(loaded)) as fetcher:
        return _page((await fetcher.fetch(Request(url), utcnow())).answer)


def _page(answer: Answer) -> Item:
    return _text_item(_decoded(answer.body, answer.charset), url=answer.url)


def item_in(body: bytes, name: str) -> Item:
    """Return the article in a file: an item as JSON, a page, or plain text whose first line is
    the headline. UsageError when there is none.
    """
    text = _decoded(body, "")
    if text.lstrip().startswith("{"):
        try:
            row = json.loads(text)
            return item_from({"id": name, **row})
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from None
    if not text.strip():
        raise UsageError(f"{name} is empty.")
    return _text_item(text)


def _text_item(text: str, url: str = "") -> Item:
    if "<" in text and re.search(r"<(html|body|p|div|head|title)\b", text, re.IGNORECASE):
        title = _TITLE.search(text)
        return Item(
            key=url,
            url=url,
            title=plain_line(title[1]) if title else "",
            text=plain_text(_TITLE.sub("", text), limit=LONGEST),
        )
    headline, _, rest = text.strip().partition("\n")
    return Item(key=url, url=url, title=headline.strip(), text=rest.strip()[:LONGEST])


def _decoded(body: bytes, charset: str) -> str:
    declared = _DECLARED.search(body[:2000])
    named = declared[1].decode("ascii", "replace") if declared else ""
    for encoding in (charset, named, "utf-8-sig"):
        try:
            return body.decode(encoding) if encoding else body.decode("utf-8-sig")
        except (LookupError, UnicodeError):
            continue
    return body.decode("windows-1252", "replace")
