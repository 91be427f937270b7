"""Where a feed's items stand in its bytes, found by expat without reading them: what has not
changed since the last document need not be parsed again (docs/notes/how-vigil-avoids-parsing.md).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from xml.parsers import expat

from watchers.answer import Answer

VERSION = 1
"""Counts up when the same bytes are read differently: everything is then read once more."""

SLICE_ITEMS = 500
"""Items read at one go; asking for fewer says that an earlier try took too long."""

ITEM_TAGS = frozenset({"item", "entry", "product"})
"""Local names, lower case, that feedparser makes an entry of."""

_FIRST_ITEM = re.compile(rb"<(?:[\w.\-]+:)?(?:item|entry|product)\b|\"items\"\s*:", re.I)
_DECLARED = re.compile(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.\-:]+)[\"']")
_OTHER_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);|#)")
_START_TAG = re.compile(rb"<[^\s/>]+(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_HASH, _KEY = 8, 16
NAMELESS = b"\0" * _KEY
"""Stands for the key of an item that is not read: nothing in it, or it can't be read."""


class UnindexableError(Exception):
    """The bytes have to be handed to feedparser whole."""

    def __init__(self, why: str, *, cut: bool = False) -> None:
        """Say why, and whether the document ends before it is complete."""
        super().__init__(why)
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Range:
    """The bytes of one outermost item: from its `<` to behind its last `>`."""

    start: int
    end: int


def items_hash(answer: Answer) -> bytes:
    """Return the digest of what an answer says from its first item on, 16 bytes.

    Equal to that of the last document means: nothing new, whatever lastBuildDate says. A document
    without items, or one that declares entities before them, is taken whole.
    """
    body = answer.body
    first = _FIRST_ITEM.search(body)
    start = first.start() if first and b"<!ENTITY" not in body[: first.start()] else 0
    digest = blake2b(digest_size=16, person=bytes([VERSION]))
    digest.update(answer.charset.encode("utf-8", "replace") + b"\n")
    digest.update(memoryview(body)[start:])
    return digest.digest()


def piece_hash(piece: bytes | memoryview) -> bytes:
    """Return the digest by which the bytes of one item are known again, 8 bytes."""
    return blake2b(piece, digest_size=_HASH).digest()


def find_items(body: bytes, charset: str = "") -> list[Range]:
    """Return the byte range of each outermost item, in order.

    `charset` is what the server says, "" when it says nothing. Raises UnindexableError whenever
    cutting the bytes could change what feedparser makes of the rest.
    """
    _check_encoding(body, charset)
    scan = _Scan(body)
    try:
        scan.parser.Parse(body, True)  # noqa: FBT003 - expat takes its flag by position
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise UnindexableError(message, cut=error.code in _CUT) from None
    except (LookupError, ValueError) as error:  # an encoding that expat or Python lacks
        raise UnindexableError(str(error)) from None
    return scan.ranges


_CUT = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


def _check_encoding(body: bytes, charset: str) -> None:
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in body[:4]:
        raise UnindexableError("two or four bytes a character")
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    written = declared[1].decode("ascii", "replace") if declared else "utf-8"
    if charset and _codec(charset) != _codec(written) and not body.isascii():
        raise UnindexableError(f"declared as {written}, served as {charset}")


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name.lower()


class _Scan:
    """One run of expat over a document, in namespace mode, noting where items begin and end."""

    def __init__(self, body: bytes) -> None:
        self.ranges: list[Range] = []
        self._body = body
        self._depth = 0
        self._item_depth = 0
        self._start = 0
        self._children = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _open(self, name: str, _attributes: object) -> None:
        self._depth += 1
        if name.rpartition(" ")[2].lower() not in ITEM_TAGS:
            self._children = True
            return
        if self._item_depth or self._depth == 1:
            raise UnindexableError("an item inside an item, or an item as the root")
        self._item_depth = self._depth
        self._start = self.parser.CurrentByteIndex
        self._children = False

    def _close(self, _name: str) -> None:
        if self._depth == self._item_depth:
            self.ranges.append(Range(self._start, self._end()))
            self._item_depth = 0
        self._depth -= 1

    def _end(self) -> int:
        """Return the offset behind the item's last `>`. After `<item/>` expat already stands
        there; otherwise it stands before `</item>`.
        """
        at = self.parser.CurrentByteIndex
        if not self._children and self._body.startswith(b"/>", at - 2):
            tag = _START_TAG.match(self._body, self._start)
            if tag is not None and tag.end() == at:
                return at
        return self._body.index(b">", at) + 1

    def _refuse(self, name: str, *_rest: object) -> None:
        """Refuse a declared entity: feedparser does not always read it as expat does."""
        raise UnindexableError(f"the entity {name}")

    def _doctype(self, _name: str, system: str | None, *_rest: object) -> None:
        """Refuse entities from a DTD elsewhere: expat skips what feedparser stumbles over."""
        if system and _OTHER_ENTITY.search(self._body):
            raise UnindexableError("an entity from a DTD elsewhere")


@dataclass(frozen=True, slots=True)
class Known:
    """What the last document that held items held, packed into SourceState.known."""

    keys: Mapping[bytes, bytes] = field(default_factory=dict)
    """The digest of each item's bytes → the digest of its key (matching.same.item_keys)."""
    shared: frozenset[bytes] = frozenset()
    """Digests of names that once stood for several items of one document (watchers.identity)."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads: 24 an item, 8 a shared name."""
        head = bytes([VERSION]) + len(self.keys).to_bytes(4, "big")
        rows = (piece + key for piece, key in self.keys.items())
        return head + b"".join(rows) + b"".join(sorted(self.shared))

    def joined(self, newer: Known, most: int) -> Known:
        """Return both as one, the latest `most` items of them: of what has the same key the newer
        counts, so that a headline that is changed back is a change again.
        """
        named = set(newer.keys.values()) - {NAMELESS}
        kept = {piece: key for piece, key in self.keys.items() if key not in named}
        every = [*({**kept, **newer.keys}).items()]
        return Known(dict(every[-most:]), self.shared | newer.shared)

    @classmethod
    def unpack(cls, packed: bytes) -> Known:
        """Read what `pack` wrote. Anything else, or another version, counts as nothing known."""
        if len(packed) < 5 or packed[0] != VERSION:
            return cls()
        end = 5 + int.from_bytes(packed[1:5], "big") * (_HASH + _KEY)
        if end > len(packed):
            return cls()
        rows = range(5, end, _HASH + _KEY)
        keys = {packed[i : i + _HASH]: packed[i + _HASH : i + _HASH + _KEY] for i in rows}
        shared = (packed[i : i + _HASH] for i in range(end, len(packed), _HASH))
        return cls(keys, frozenset(shared))


def present_keys(known: bytes) -> frozenset[bytes]:
    """Return the key digests (16 bytes) of all items of the document that `known` describes,
    read this time or not: an Item whose key is among them is still there under its own name.
    """
    return frozenset(Known.unpack(known).keys.values()) - {NAMELESS}


def without(body: bytes, ranges: Iterable[Range]) -> bytes:
    """Return the document without the items at these ranges, which are in order."""
    pieces: list[bytes] = []
    at = 0
    for one in ranges:
        pieces.append(body[at : one.start])
        at = one.end
    pieces.append(body[at:])
    return b"".join(pieces)
