"""How an Item becomes a row and back, and by which digest a change of it is seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, Select, select

from matching.same import ItemKeys
from model import Filing, Item
from store.docket_rows import completed, load_filing
from store.engine import Tx
from store.statements import chunks
from store.tables import docket, filing, item, source


def whole_items() -> Select[Any]:
    """Select Items with the names of their Sources and, of courts' Items, their Filings."""
    return (
        select(
            item,
            source.c.name.label("source_name"),
            filing.c.facts.label("filing_facts"),
            docket.c.court.label("docket_court"),
            docket.c.number.label("docket_number"),
            docket.c.caption.label("docket_caption"),
            docket.c.judge.label("docket_judge"),
        )
        .outerjoin(source, source.c.id == item.c.source_id)
        .outerjoin(filing, filing.c.item_id == item.c.id)
        .outerjoin(docket, docket.c.id == filing.c.docket_id)
    )


def as_item(row: Row[Any]) -> Item:
    """Read a row of `whole_items`; a court's Item is called as its docket where it has no title."""
    filed = _filing(row)
    return Item(
        key=row.guid,
        url=row.url,
        title=row.title or (filed.caption if filed else ""),
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
        filing=filed,
    )


async def items_of(tx: Tx, item_ids: Collection[int]) -> dict[int, Item]:
    """Return by id those of these Items that are kept."""
    found: dict[int, Item] = {}
    for some in chunks(item_ids):
        rows = await tx.rows(whole_items().where(item.c.id.in_(some)))
        found |= {row.id: as_item(row) for row in rows}
    return found


def _filing(row: Row[Any]) -> Filing | None:
    if row.filing_facts is None:
        return None
    said = load_filing(row.filing_facts)
    return completed(
        said, row.docket_court, row.docket_number, row.docket_caption, row.docket_judge
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
