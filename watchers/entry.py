"""What a parser read of one item, before it is cleaned and named."""

from __future__ import annotations

from dataclasses import dataclass
from time import struct_time
from typing import Protocol

from watchers.index import piece_hash


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of text with what its Source says it is."""

    text: str = ""
    html: bool = True
    """False: declared to be plain text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as its document gives it: nothing cleaned, nothing believed."""

    guid: str = ""
    link: str = ""
    title: Prose = Prose()
    summary: Prose = Prose()
    text: Prose = Prose()
    lang: str = ""
    author: str = ""
    published: str = ""
    published_parsed: struct_time | None = None
    enclosure: str = ""
    """The address of a file that comes with the item."""

    def digest(self) -> bytes:
        """Return what it is known by where its bytes can't be told apart, 8 bytes."""
        return piece_hash(repr(self).encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says of itself."""

    title: str = ""
    lang: str = ""
    hub: str = ""
    ttl: float | None = None
    """Seconds it asks to be left alone."""


class Document(Protocol):
    """A feed taken apart: its items can be told from one another without being read."""

    head: Head
    """Complete once something has been read."""
    hashes: tuple[bytes, ...]
    """What each item is known by, in the document's order."""
    sizes: tuple[int, ...]
    """Bytes of each item."""
    cut: bool
    """The document ends before it is complete."""
    torn: bool
    """It ends inside its last item."""
    notes: tuple[str, ...]
    """Sentences worth telling an operator."""

    def read(self, wanted: tuple[int, ...]) -> tuple[Entry, ...]:
        """Return the items at these places, one each, in the document's order."""
        ...
