"""A feed's answer to a Page of Items: what is known is left out, the rest is cleaned and named.

Loaded in the sandbox's child only: it pulls in the parsers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from matching.same import key_of
from model import Item, Page, ParseError, Source
from watchers.addresses import clean_address
from watchers.answer import Answer
from watchers.dates import published_at
from watchers.diagnose import is_feed, what_it_is
from watchers.entry import Document, Entry
from watchers.identity import name_items
from watchers.index import NAMELESS, SLICE_ITEMS, Known
from watchers.json_feed import JsonFeed
from watchers.plain import plain_line, plain_text, scrub
from watchers.xml_feed import UnevenError, Whole, open_xml, read_whole

SLICE_BYTES = 512 * 1024
"""Bytes read at one go, or SLICE_ITEMS: about 0.3 s, far from the sandbox's limit."""

TEASER = 2_000
"""Code points: what is longer and begins the text, is the text itself and no summary of it."""

WHOLE = 20_000
"""Code points: what is longer and all there is, is the text, whatever the feed calls it."""

_MOST_SHARED = 4_096

Dress: TypeAlias = Callable[[Entry, Item], Item]
"""What a kind makes of an item that was read and cleaned, before it is named by its `key`."""

Join: TypeAlias = Callable[[Item, Item], Item]
"""What a kind makes of two items of one document that are called alike."""


def _as_it_is(_entry: Entry, item: Item) -> Item:
    return item


def _first(one: Item, _other: Item) -> Item:
    return one


def read_feed(
    source: Source,
    answer: Answer,
    known: bytes = b"",
    *,
    most: int = SLICE_ITEMS,
    aside: int = 0,
    dress: Dress = _as_it_is,
    join: Join = _first,
) -> Page:
    """Return the Items of `answer` that `known` does not list, at most `most` of them.

    While Page.unread is not 0 the same answer has to be read again with Page.known. `aside`: so
    many of the next items are given up (they took too long) and counted as known. `dress`: what
    the Source's kind knows of its items; `join`: what it makes of two that are called alike.
    Raises ParseError when this is no feed.
    """
    document = _open(answer, source.base, gently=most < SLICE_ITEMS)
    try:
        return _Round(source, answer, document, Known.unpack(known), dress, join).page(most, aside)
    except UnevenError:
        document = read_whole(answer, source.base)
        return _Round(source, answer, document, Known.unpack(known), dress, join).page(most, aside)


def read_document(
    source: Source,
    answer: Answer,
    document: Document,
    known: bytes = b"",
    *,
    most: int = SLICE_ITEMS,
    aside: int = 0,
) -> Page:
    """Do the same with a document that is no feed and was taken apart elsewhere."""
    round_ = _Round(source, answer, document, Known.unpack(known), _as_it_is, _first)
    return round_.page(most, aside)


def _open(answer: Answer, base: str, *, gently: bool) -> Document:
    start = answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return JsonFeed(answer.body)
    if not start:
        raise ParseError(what_it_is(answer))
    document = open_xml(answer, base, gently=gently)
    version = document.version if isinstance(document, Whole) else ""
    if not document.hashes and not is_feed(answer.body, version):
        raise ParseError(what_it_is(answer))
    return document


class _Round:
    """One reading of one document against what is known."""

    def __init__(
        self,
        source: Source,
        answer: Answer,
        document: Document,
        known: Known,
        dress: Dress,
        join: Join,
    ) -> None:
        self._source, self._answer, self._document = source, answer, document
        self._dress, self._join = dress, join
        self._shared: set[bytes] = set(known.shared)
        self._keys = {one: known.keys[one] for one in document.hashes if one in known.keys}
        """What is known of this document: piece → key."""

    def page(self, most: int, aside: int) -> Page:
        """Read one slice and return it as a Page."""
        unread = self._unread()
        for place in unread[:aside]:
            self._keys[self._document.hashes[place]] = NAMELESS
        wanted = self._slice(unread[aside:], most)
        items = self._named(wanted)
        head = self._document.head
        ordered = {one: self._keys[one] for one in self._document.hashes if one in self._keys}
        shared = frozenset(sorted(self._shared)[:_MOST_SHARED])
        return Page(
            items=tuple(items),
            title=plain_line(head.title, limit=200),
            lang=_language(head.lang),
            known=Known(ordered, shared).pack() if self._document.hashes else b"",
            partial=self._answer.cut or self._document.cut,
            total=len(self._document.hashes),
            unread=len(unread) - aside - len(wanted) if len(unread) > aside else 0,
            hub=clean_address(head.hub, self._answer.url) if head.hub else "",
            ttl=head.ttl,
            notes=self._document.notes,
        )

    def _unread(self) -> list[int]:
        """Return the places of what is not known; the same bytes twice are one item."""
        first = {piece: place for place, piece in reversed([*enumerate(self._document.hashes)])}
        return sorted(place for piece, place in first.items() if piece not in self._keys)

    def _slice(self, places: Sequence[int], most: int) -> list[int]:
        """Take what is read at one go: the first always, then while it stays small."""
        taken: list[int] = []
        size = 0
        for place in places[:most]:
            size += self._document.sizes[place]
            if taken and size > SLICE_BYTES:
                break
            taken.append(place)
        return taken

    def _named(self, wanted: Sequence[int]) -> list[Item]:
        """Read these items and give each its key. One that would be called like an item which is
        known and still in the document may be another: that one is then read too, and both named.
        """
        places = list(wanted)
        while True:
            read = self._read(places)
            items = [item for _, item in read]
            names, shared = name_items(items, self._shared)
            named = [replace(item, key=name) for item, name in zip(items, names, strict=True)]
            keys = [key_of(item) for item in named]
            clashing = self._clashing(set(keys), places)
            if not clashing:
                break
            places = sorted({*places, *clashing})
        self._shared = shared
        return self._news([place for place, _ in read], named, keys, places)

    def _clashing(self, keys: set[bytes], places: Sequence[int]) -> list[int]:
        read = set(places)
        known = enumerate(self._keys.get(piece) for piece in self._document.hashes)
        return [place for place, key in known if key in keys and place not in read]

    def _read(self, places: Sequence[int]) -> list[tuple[int, Item]]:
        entries = self._document.read(tuple(places))
        items = ((place, self._item(entry)) for place, entry in zip(places, entries, strict=True))
        return [(place, item) for place, item in items if self._counts(place, item)]

    def _counts(self, place: int, item: Item) -> bool:
        """Say whether there is anything to an item. The one a document breaks off in is left for
        the next poll: its address may be half of one, and a name it lacks was not taken out.
        """
        if self._is_torn(place):
            return False
        return bool(item.key or item.url or item.title or item.summary or item.text)

    def _is_torn(self, place: int) -> bool:
        return self._document.torn and place == len(self._document.hashes) - 1

    def _news(
        self,
        there: Sequence[int],
        items: Sequence[Item],
        keys: Sequence[bytes],
        read: Sequence[int],
    ) -> list[Item]:
        """Note the keys of all that was read; return, once each, the Items not known by theirs.
        What the document broke off in is not noted: whole, it may be known by the same digest.
        """
        hashes = self._document.hashes
        before = {hashes[place]: self._keys.get(hashes[place]) for place in read}
        for place in read:
            if not self._is_torn(place):
                self._keys[hashes[place]] = NAMELESS
        news: dict[bytes, Item] = {}
        for place, item, key in zip(there, items, keys, strict=True):
            self._keys[hashes[place]] = key
            if before[hashes[place]] != key:
                news.setdefault(key, item)
        for item, key in zip(items, keys, strict=True):
            if key in news and news[key] != item:
                news[key] = self._join(news[key], item)
        return list(news.values())

    def _item(self, entry: Entry) -> Item:
        """Clean one entry. Its `key` is its guid still, or what its kind calls it."""
        summary, text = _once(
            plain_text(entry.summary.text, html=entry.summary.html),
            plain_text(entry.text.text, html=entry.text.html),
        )
        lang = self._source.lang or _language(entry.lang)
        raw = plain_line(entry.published, limit=100)
        item = Item(
            key=" ".join(scrub(entry.guid).split()),
            url=clean_address(entry.link, self._source.base),
            title=plain_line(entry.title.text, html=entry.title.html),
            summary=summary,
            text=text,
            lang=lang,
            author=plain_line(entry.author, limit=200),
            published=raw,
            published_at=published_at(raw, entry.published_parsed, self._answer.at, lang),
            source=self._source.name,
            source_id=self._source.id,
        )
        return self._dress(entry, item)


def _once(summary: str, text: str) -> tuple[str, str]:
    """Return summary and text without saying the same twice: many feeds give one as the other."""
    if not text and len(summary) > WHOLE:
        return "", summary
    if not text.startswith(summary):
        return summary, text
    if len(text) <= TEASER:
        return text, ""
    return (summary if len(summary) <= TEASER else ""), text


def _language(tag: str) -> str:
    """Return the language of a tag as feeds write it: `es` of `es-MX`, `en` of `EN_us`."""
    first = tag.strip().replace("_", "-").partition("-")[0].lower()
    return first if first.isascii() and first.isalpha() and len(first) in (2, 3) else ""
