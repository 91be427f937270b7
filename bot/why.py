"""`vigil why`: one article through the matcher, every rule's verdict."""

from __future__ import annotations

import codecs
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
from matching.raising import admits
from model.errors import UsageError
from model.item import Item
from model.mention import Mention, Reason, Verdict
from model.source import Source
from model.version import Version
from model.watch import Watch

if TYPE_CHECKING:
    from watchers.answer import Answer, Article
    from watchers.sandbox import Sandbox

_PAGE = re.compile(rb"<(?:!doctype html|html|head|title|body|article|div|p)\b", re.IGNORECASE)
_HEAD = 4_096
"""Bytes at the start of a file that tell a page from a text."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LONGEST = 500_000
"""Characters of a text that are looked at."""
LONGEST_TITLE = 1_000
"""Characters of a headline that are shown."""


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


def explain(
    item: Item, watches: Iterable[Watch], source: Source | None = None, **options: int
) -> list[Explained]:
    """Return what each Watch makes of the Item that came from `source`; `options` go to the
    Matcher.
    """
    found = []
    for number, watch in enumerate(watches, start=1):
        numbered = replace(watch, id=watch.id or number)
        matcher = Matcher(**options)
        matcher.add(numbered)
        counting = tuple(matcher.find_mentions(item))
        every = matcher.find_mentions(item, possible=True)
        possible = tuple(one for one in every if one not in counting)
        verdicts = tuple(matcher.explain(numbered, item))
        if refused := source_refused(watch, item, source):
            counting, possible, verdicts = (), tuple(every), (refused, *verdicts)
        found.append(Explained(watch, counting, possible, verdicts))
    return found


def source_refused(watch: Watch, item: Item, source: Source | None) -> Verdict | None:
    """Return the verdict of a Watch that leaves this Item's Source out; None: it does not, or
    nobody knows where the text is from.
    """
    if not (item.source or item.url or source) or admits(replace(watch, lang=()), item, source):
        return None
    return Verdict("source", passed=False, reason=Reason("source"))


def lines(item: Item, explained: Sequence[Explained], words: Catalogue) -> list[str]:
    """Return what people read: of each Watch the outcome, its Mentions, each rule's verdict."""
    told = [item.title[:LONGEST_TITLE] or item.url or "(no title)", ""]
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


def version_lines(kept: Sequence[Version]) -> list[str]:
    """Return what is kept of a told article: when it said what, and the proof of it."""
    told = ["Versions that are kept:"] if kept else []
    for one in kept:
        changed = f" ({', '.join(what.value for what in one.changed)})" if one.changed else ""
        said = one.title if one.status == 200 else f"nothing there any more ({one.status})"
        told.append(f"  {one.seen_at:%Y-%m-%d %H:%M} {one.part.value}{changed}: {said}")
        told.append(f"    {one.url} sha256 {one.sha256 or 'not kept'}")
    return told


async def versions_of(loaded: Loaded, item: Item) -> list[Version]:
    """Return the versions that are kept of a stored article; none of any other."""
    from store import versions

    if not item.id:
        return []
    async with opened(loaded) as store, store.read() as tx:
        return await versions.of(tx, [item.id])


async def source_of(loaded: Loaded, item: Item) -> Source | None:
    """Return the Source of a stored article."""
    from store import sources

    async with opened(loaded) as store, store.read() as tx:
        return await sources.get(tx, item.source_id)


async def item_at(loaded: Loaded, url: str) -> Item:
    """Return the article at an address: as it is stored, else as the page says now."""
    from bot.app import fetch_rules
    from store import items
    from watchers.answer import Request
    from watchers.fetch import Fetcher
    from watchers.sandbox import Sandbox

    async with opened(loaded) as store, store.read() as tx:
        stored = await items.by_url(tx, url)
    if stored is not None:
        return stored
    async with Fetcher(fetch_rules(loaded)) as fetcher, Sandbox(children=1) as sandbox:
        answer = (await fetcher.fetch(Request(url), utcnow())).answer
        return await item_from_answer(sandbox, answer)


async def item_from_answer(sandbox: Sandbox, answer: Answer) -> Item:
    """Return the article that an address answered with. ParseError when there is none."""
    if answer.media not in ("text/plain", "application/json"):
        return _item_of(await sandbox.article(answer.body, answer.url, answer.charset))
    return replace(await item_in(sandbox, answer.body, answer.url), url=answer.url)


async def item_in(sandbox: Sandbox, body: bytes, name: str) -> Item:
    """Return the article in a file: an item as JSON, a page, or plain text whose first line is
    the headline. UsageError when there is none, ParseError when a page can't be read.
    """
    text = _decoded(body)
    if body.startswith(_UTF16):
        body = text.encode()
    if _PAGE.search(body[:_HEAD]):
        return _item_of(await sandbox.article(body, ""))
    if text.lstrip().startswith("{"):
        try:
            row = json.loads(text)
            return item_from({"id": name, **row})
        except ValueError as error:
            raise UsageError(f"{name} is no item as JSON: {error}") from None
        except RecursionError:
            raise UsageError(f"{name}: this JSON is nested too deeply.") from None
    if not text.strip():
        raise UsageError(f"{name} is empty.")
    headline, _, rest = text.strip().partition("\n")
    return Item(title=headline.strip()[:LONGEST], text=rest.strip()[:LONGEST])


def _item_of(article: Article) -> Item:
    return Item(
        key=article.url,
        url=article.url,
        title=article.title,
        text=article.text,
        lang=article.lang,
        published=article.published,
    )


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-16" if body.startswith(_UTF16) else "utf-8-sig")
    except UnicodeError:
        return body.decode("windows-1252", "replace")
