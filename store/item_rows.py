"""How an Item becomes a row and back, and by which digest a change of it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, Select, select

from matching.same import ItemKeys
from model import Item
from store.tables import item, source


def whole_items() -> Select[Any]:
    """Select Items with the names of their Sources."""
    return select(item, source.c.name.label("source_name")).outerjoin(
        source, source.c.id == item.c.source_id
    )


def as_item(row: Row[Any]) -> Item:
    """Read a row of `whole_items`."""
    return Item(
        key=row.guid,
        url=row.url,
        title=row.title,
        summary=row.summary,
        text=row.text,
        lang=row.lang,
        author=row.author,
        published=row.published,
        published_at=row.published_at,
        source=row.source_name or "",
        source_id=row.source_id,
        id=row.id,
        first_seen=row.first_seen,
    )


def content_of(one: Item) -> bytes:
    """Return the digest of what counts as content: address, title, summary, text. Dates don't."""
    digest = blake2b(digest_size=16)
    for part in (one.url, one.title, one.summary, one.text):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def said_columns(one: Item, keys: ItemKeys, content: bytes) -> Mapping[str, object]:
    """Return the columns that say what an Item says, which an edit overwrites."""
    return {
        "content": content,
        "url_key": keys.url_key,
        "title_key": keys.title_key,
        "url": one.url,
        "title": one.title,
        "summary": one.summary,
        "text": one.text,
        "lang": one.lang,
        "author": one.author,
        "published": one.published,
        "published_at": one.published_at,
    }


def stored(one: Item, item_id: int, first_seen: datetime | None) -> Item:
    """Return the Item as it now stands in the store."""
    return replace(one, id=item_id, first_seen=first_seen)
