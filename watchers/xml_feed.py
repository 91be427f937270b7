"""RSS, Atom, RDF and CDF taken apart: by their byte ranges, whole, or piece by piece."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model import ParseError
from watchers.answer import Answer
from watchers.entry import Document, Entry, Head
from watchers.index import Range, UnindexableError, find_items, piece_hash, without
from watchers.syndication import Reading, read

LONG, MANY = 256 * 1024, 300
"""Bytes and items: a damaged document beyond either is read piece by piece, not whole. The loose
parser takes about 1 ms an item.
"""

_PIECE = re.compile(rb"<(?:[\w.\-]+:)?(?:item|entry)(?=[\s/>])", re.I)
_PIECE_END = re.compile(rb"</(?:[\w.\-]+:)?(?:item|entry)\s*>", re.I)
_ROOT = re.compile(rb"<((?:[\w.\-]+:)?[A-Za-z][\w.\-]*)")


def open_xml(answer: Answer, base: str, *, gently: bool = False) -> Document:
    """Take a document apart in the cheapest way that reads it exactly.

    By ranges when expat finds them and feedparser sees the same items; else whole. `gently`: an
    earlier try took too long or too much, so a document without ranges is read in pieces.
    """
    body, charset = answer.body, answer.charset
    try:
        ranges = find_items(body, charset)
    except UnindexableError as why:
        cut = why.cut or _lacks_its_end(body)
        if gently or len(body) > LONG or len(_PIECE.findall(body)) > MANY:
            return _Pieces(body, base, charset, cut=cut)
        return _whole(body, base, charset, cut=cut)
    return _Ranges(body, base, charset, ranges)


class UnevenError(Exception):
    """feedparser saw other items than expat did."""


class _Ranges:
    """A well-formed document whose items expat found."""

    cut = torn = False
    notes: tuple[str, ...] = ()

    def __init__(self, body: bytes, base: str, charset: str, ranges: Sequence[Range]) -> None:
        self.head = Head()
        self._body, self._base, self._charset = body, base, charset
        self._ranges = ranges
        view = memoryview(body)
        self.hashes = tuple(piece_hash(view[one.start : one.end]) for one in ranges)
        self.sizes = tuple(one.end - one.start for one in ranges)

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Read these items and everything that is not an item. Raises UnevenError when the
        document has to be read whole.
        """
        taken = set(wanted)
        known = (one for place, one in enumerate(self._ranges) if place not in taken)
        found = read(without(self._body, known), self._base, self._charset)
        if len(found.entries) != len(taken):
            raise UnevenError
        self.head = found.head
        return found.entries


class Whole:
    """A document that can only be read at once: what its items are known by is what they say."""

    def __init__(self, found: Reading, *, cut: bool, torn: bool = False) -> None:
        """Keep what was read."""
        self.head = found.head
        self.version = found.version
        self.cut, self.torn = cut, torn
        self.hashes = tuple(one.digest() for one in found.entries)
        self.sizes = (0,) * len(found.entries)
        self.notes: tuple[str, ...] = (f"Not well-formed: {found.fault}.",) if found.fault else ()
        self._entries = found.entries

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Return the items at these places."""
        return tuple(self._entries[place] for place in wanted)


def read_whole(answer: Answer, base: str) -> Document:
    """Read a document at once."""
    return _whole(answer.body, base, answer.charset, cut=False)


def _whole(body: bytes, base: str, charset: str, *, cut: bool) -> Document:
    try:
        return Whole(read(body, base, charset), cut=cut, torn=cut and _ends_inside_item(body))
    except ParseError:
        pieces = _Pieces(body, base, charset, cut=cut)
        if not pieces.hashes:
            raise
        return pieces


class _Pieces:
    """A damaged document cut at its item tags, by eye: for what can't be read at once."""

    def __init__(self, body: bytes, base: str, charset: str, *, cut: bool) -> None:
        self.head = Head()
        self.cut, self.torn = cut, cut and _ends_inside_item(body)
        self.notes: tuple[str, ...] = ("Not well-formed: read piece by piece.",)
        self._body, self._base, self._charset = body, base, charset
        self._ranges = _pieces(body)
        self.hashes = tuple(piece_hash(body[one.start : one.end]) for one in self._ranges)
        self.sizes = tuple(one.end - one.start for one in self._ranges)

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Read these pieces together; one by one where that fails or they don't come out even.
        A piece that can't be read is an empty Entry.
        """
        try:
            found = self._read(set(wanted))
        except ParseError:
            found = Reading()
        self.head = found.head
        if len(found.entries) == len(wanted):
            return found.entries
        return tuple(self._single(place) for place in wanted)

    def _single(self, place: int) -> Entry:
        try:
            found = self._read({place})
        except ParseError:
            return Entry()
        return found.entries[0] if found.entries else Entry()

    def _read(self, taken: set[int]) -> Reading:
        others = (one for place, one in enumerate(self._ranges) if place not in taken)
        return read(without(self._body, others), self._base, self._charset)


def _pieces(body: bytes) -> list[Range]:
    starts = [found.start() for found in _PIECE.finditer(body)]
    if not starts:
        return []
    closed = [found.end() for found in _PIECE_END.finditer(body, starts[-1])]
    ends = [*starts[1:], closed[-1] if closed else len(body)]
    return [Range(start, end) for start, end in zip(starts, ends, strict=True)]


def _ends_inside_item(body: bytes) -> bool:
    """Say whether the last item to begin is never closed."""
    starts = [found.start() for found in _PIECE.finditer(body)]
    return bool(starts) and _PIECE_END.search(body, starts[-1]) is None


def _lacks_its_end(body: bytes) -> bool:
    """Say whether the root element is never closed, as when a document is cut short."""
    root = _ROOT.search(body)
    return root is not None and body.rfind(b"</" + root[1]) < 0 and b"\0" not in body[:4]
