"""How the sandbox and its child speak: frames of JSON and bytes over a pipe.

JSON, because what comes back was made from what strangers sent: a pickle could run code here.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

from model import Item, NewSource, Page, Source
from model.docket import Event, Filing, Route, Severity
from model.item import PagePart
from watchers.answer import Answer, Article, Link, Paper

HEAD = struct.Struct(">II")
"""Lengths of the JSON and of the bytes, in front of each frame."""

LARGEST = 64 * 1024 * 1024
"""Bytes of one frame: a child that says more is lying."""

Words = Mapping[str, Any]

_HERE = ("id", "first_seen", "capture")
"""What is known of an Item outside the sandbox only."""
_ITEM = tuple(one.name for one in fields(Item) if one.name not in _HERE)
_FILING = tuple(one.name for one in fields(Filing) if one.name not in ("filed", "events", "route"))
_SOURCE = ("id", "url", "base", "name", "kind", "lang")
_ARTICLE = ("url", "title", "lang", "published", "wall")
_PAGE = ("more", "title", "lang", "partial", "total", "unread", "hub", "ttl", "again")


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing said: what, and the bytes that belong to it."""

    words: Words
    body: bytes = b""

    def pack(self) -> bytes:
        """Return the frame as it goes over the pipe."""
        said = json.dumps(self.words, ensure_ascii=False, separators=(",", ":"))
        written = said.encode("utf-8", "replace")
        return HEAD.pack(len(written), len(self.body)) + written + self.body


def lengths(head: bytes) -> tuple[int, int]:
    """Return how much of a frame follows its head. Raises ValueError when it is too much."""
    words, body = HEAD.unpack(head)
    if words + body > LARGEST:
        raise ValueError("a frame larger than allowed")
    return words, body


def read_frame(pipe: BinaryIO) -> Frame | None:
    """Read a frame; None at the end of the pipe."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    words, body = lengths(head)
    return Frame(json.loads(pipe.read(words)), pipe.read(body))


def say_source(source: Source) -> dict[str, Any]:
    """Return what parsing needs of a Source."""
    return {name: getattr(source, name) for name in _SOURCE}


def hear_source(words: Words) -> Source:
    """Return the Source that `say_source` wrote."""
    return Source(**{name: words[name] for name in _SOURCE})


def say_answer(answer: Answer) -> dict[str, Any]:
    """Return an Answer without its body."""
    at = answer.at.timestamp()
    sent = dict(answer.headers)
    words = {"url": answer.url, "status": answer.status, "headers": sent, "cut": answer.cut}
    return {**words, "at": at}


def hear_answer(words: Words, body: bytes) -> Answer:
    """Return the Answer that `say_answer` wrote, with its body."""
    at = datetime.fromtimestamp(words["at"], UTC)
    return Answer(words["url"], words["status"], words["headers"], body, at, words["cut"])


def say_page(page: Page) -> Frame:
    """Return a Page as a frame; its item index is the frame's bytes."""
    words = {name: getattr(page, name) for name in _PAGE}
    words["items"] = [_say_item(item) for item in page.items]
    words["notes"] = list(page.notes)
    words["parts"] = [[one.url, one.mark] for one in page.parts]
    return Frame({"page": words}, page.known)


def hear_page(frame: Frame) -> Page:
    """Return the Page that `say_page` wrote. Raises KeyError, TypeError or ValueError."""
    words = frame.words["page"]
    items = tuple(_hear_item(values) for values in words["items"])
    rest = {name: words[name] for name in _PAGE}
    parts = tuple(PagePart(url, mark) for url, mark in words["parts"])
    return Page(items=items, known=frame.body, notes=tuple(words["notes"]), parts=parts, **rest)


def _say_item(item: Item) -> list[Any]:
    return [_say_value(getattr(item, name)) for name in _ITEM]


def _say_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    return say_filing(value) if isinstance(value, Filing) else value


def _hear_item(values: Sequence[Any]) -> Item:
    named = dict(zip(_ITEM, values, strict=True))
    when = named["published_at"]
    named["published_at"] = None if when is None else datetime.fromtimestamp(when, UTC)
    named["filing"] = None if named["filing"] is None else hear_filing(named["filing"])
    return Item(**named)


def say_filing(filing: Filing) -> dict[str, Any]:
    """Return a Filing as JSON can say it; what is empty is left out."""
    said: dict[str, Any] = {name: value for name in _FILING if (value := getattr(filing, name))}
    if filing.filed is not None:
        said["filed"] = filing.filed.isoformat()
    if filing.events:
        said["events"] = [[one.kind, one.severity, one.start, one.end] for one in filing.events]
    return {**said, "route": filing.route}


def hear_filing(words: Words) -> Filing:
    """Return the Filing that `say_filing` wrote. Raises KeyError, TypeError or ValueError."""
    named = {name: words[name] for name in _FILING if name in words}
    if "parties" in named:
        named["parties"] = tuple(named["parties"])
    filed = words.get("filed")
    events = words.get("events", ())
    return Filing(
        **named,
        filed=date.fromisoformat(filed) if filed else None,
        events=tuple(Event(kind, Severity(how), at, to) for kind, how, at, to in events),
        route=Route(words["route"]),
    )


def say_feeds(feeds: Sequence[NewSource]) -> Frame:
    """Return a list of feeds as a frame."""
    return Frame({"feeds": [[one.url, one.name, list(one.tags)] for one in feeds]})


def hear_feeds(frame: Frame) -> tuple[NewSource, ...]:
    """Return the list that `say_feeds` wrote."""
    rows = frame.words["feeds"]
    return tuple(NewSource(url, name, tags=tuple(tags)) for url, name, tags in rows)


def say_links(links: Sequence[Link]) -> Frame:
    """Return the feeds of a page as a frame."""
    return Frame({"links": [[one.url, one.title, one.declared] for one in links]})


def hear_links(frame: Frame) -> tuple[Link, ...]:
    """Return the feeds that `say_links` wrote."""
    return tuple(Link(url, title, declared) for url, title, declared in frame.words["links"])


def say_article(article: Article) -> Frame:
    """Return an Article as a frame; its text is the frame's bytes."""
    words = {name: getattr(article, name) for name in _ARTICLE}
    return Frame({"article": words}, article.text.encode("utf-8", "replace"))


def hear_article(frame: Frame) -> Article:
    """Return the Article that `say_article` wrote."""
    words = frame.words["article"]
    return Article(text=frame.body.decode(), **{name: str(words[name]) for name in _ARTICLE})


def say_paper(paper: Paper) -> Frame:
    """Return a Paper as a frame; its picture is the frame's bytes."""
    return Frame({"pages": paper.pages, "text": paper.text}, paper.picture)


def hear_paper(frame: Frame) -> Paper:
    """Return the Paper that `say_paper` wrote."""
    return Paper(int(frame.words["pages"]), frame.body, str(frame.words["text"]))
