"""When two Items are the same thing: by what an Item is known again (pure)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from model import Item

REPRINT_WINDOW = timedelta(hours=72)
"""How long the same headline or address counts as the same Story."""

_DIGEST = 16
_LEAST_TITLE_WORDS = 3
"""A shorter headline ("Live", "Editorial") is a rubric, and says nothing about its Story."""
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
"""Accents, and the vowels of Hebrew and Arabic, once NFKD has set them apart."""
_UPDATE = re.compile(r"^update(?: \d+)? ")
_DOCKET = re.compile(r"^\s*(?:\d{1,2}:)?\d{2,4}-[A-Za-z]{2,4}-\d{2,}")
"""A court's feed titles each filing of a case alike: `1:19-cr-00366 USA v. …`."""


@dataclass(frozen=True, slots=True)
class ItemKeys:
    """By what an Item is known again: digests of 16 bytes each, empty where there is nothing
    to go by. Only `key` is an identity; the others are what it falls back to.
    """

    key: bytes
    """What its Source calls it; without that its address, without that its words. Never empty."""
    url_key: bytes
    """Its canonical address; empty for a front page, which is nobody's own."""
    title_key: bytes
    """Its headline, folded; empty when it is too short or the caption of a case."""
    print_key: bytes
    """Its headline and text: the same words under another address are the same Item."""


def key_of(item: Item) -> bytes:
    """Return `item_keys(item).key` alone, which costs much less."""
    return _digest(item.key or item.url or _print_words(item))


def item_keys(item: Item) -> ItemKeys:
    """Return the digests by which `item` is known again."""
    words = _print_words(item)
    court = item.filing is not None or _DOCKET.match(item.title) is not None
    return ItemKeys(
        key=_digest(item.key or item.url or words),
        url_key=b"" if court or _is_front_page(item.url) else _digest(item.url),
        title_key=b"" if court else _title_key(item.title),
        print_key=_digest(words) if words.strip(" \x1f") else b"",
    )


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def _is_front_page(url: str) -> bool:
    """Tell an address without path or query, with or without its scheme."""
    where, _, rest = url.partition("://")[2].partition("/")
    return not where or not (rest.partition("#")[0] or "?" in where)


def _print_words(item: Item) -> str:
    """Return the cleaned texts as one, whatever their case and their lines."""
    return "\x1f".join((item.title, item.summary, item.text)).replace("\n", " ").lower()


def _title_key(title: str) -> bytes:
    words = _WORD.findall(_folded(title))
    if len(words) < _LEAST_TITLE_WORDS and len("".join(words)) < 5 * _LEAST_TITLE_WORDS:
        return b""
    return _digest(_UPDATE.sub("", " ".join(words)))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
