"""What told Items said, version by version, with what proves it; and which names went from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from matching.amendments import amendments, changes, flaps, latest
from model.version import Amendment, Changed, Part, Version
from store.engine import Tx
from store.statements import chunks, insert
from store.tables import item_version, name_gone
from store.written import dump, load_words


async def keep(tx: Tx, said: Sequence[Version]) -> dict[int, tuple[Changed, ...]]:
    """Keep versions that say something else than the last of their Item and part; return by Item
    what changed. Of one list the versions of one part of an Item stand in order.
    """
    last = await _last(tx, {one.item_id for one in said})
    rows = []
    changed: dict[int, tuple[Changed, ...]] = {}
    for one in said:
        before = last.get((one.item_id, one.part))
        if before is not None and _says_the_same(before, one):
            continue
        found = changes(before, one)
        rows.append(_row(one, found))
        changed[one.item_id] = (*changed.get(one.item_id, ()), *found)
        last[one.item_id, one.part] = one
    await tx.run_many(insert(tx, item_version), rows)
    return changed


def _says_the_same(before: Version, now: Version) -> bool:
    """Compare what is said; a text that was dropped with its time is not compared."""
    words = (before.title, before.summary, before.status) == (now.title, now.summary, now.status)
    return words and (not before.text or before.text == now.text)


def _row(one: Version, changed: Sequence[Changed]) -> dict[str, Any]:
    return {
        "item_id": one.item_id,
        "seen_at": one.seen_at,
        "part": one.part.value,
        "url": one.url,
        "sha256": one.sha256,
        "status": one.status,
        "changed": dump([what.value for what in changed]),
        "title": one.title,
        "summary": one.summary,
        "text": one.text,
    }


async def _last(tx: Tx, item_ids: Collection[int]) -> dict[tuple[int, Part], Version]:
    """Return the last version of each part."""
    found: dict[tuple[int, Part], Version] = {}
    for one in await of(tx, item_ids):
        found[one.item_id, one.part] = one
    return found


async def of(tx: Tx, item_ids: Collection[int]) -> list[Version]:
    """Return all versions of these Items, of each the oldest first."""
    found: list[Version] = []
    for some in chunks(sorted(item_ids)):
        mine = select(item_version).where(item_version.c.item_id.in_(some))
        rows = await tx.rows(mine.order_by(item_version.c.item_id, item_version.c.id))
        found += [_version(row) for row in rows]
    return found


def _version(row: Row[Any]) -> Version:
    return Version(
        row.item_id,
        row.seen_at,
        Part(row.part),
        row.url,
        row.sha256,
        row.status,
        tuple(Changed(one) for one in load_words(row.changed)),
        row.title,
        row.summary,
        row.text,
    )


async def flapping(tx: Tx, item_ids: Collection[int]) -> set[int]:
    """Return the Items whose Source said by turns what it says now and what it said before."""
    by_item: dict[int, list[Version]] = {}
    for one in await of(tx, item_ids):
        by_item.setdefault(one.item_id, []).append(one)
    return {item_id for item_id, some in by_item.items() if flaps(some)}


async def kept_of(tx: Tx, item_ids: Collection[int]) -> dict[int, set[Part]]:
    """Return of which parts of these Items versions are kept: only of what was told."""
    found: dict[int, set[Part]] = {}
    for some in chunks(item_ids):
        parts = select(item_version.c.item_id, item_version.c.part).distinct()
        for row in await tx.rows(parts.where(item_version.c.item_id.in_(some))):
            found.setdefault(row.item_id, set()).add(Part(row.part))
    return found


async def page_texts(tx: Tx, item_ids: Collection[int]) -> dict[int, str]:
    """Return by Item the text its page had when it was last read."""
    found: dict[int, str] = {}
    for some in chunks(item_ids):
        c = item_version.c
        pages = select(c.item_id, c.text).where(c.item_id.in_(some), c.part == Part.PAGE.value)
        for row in await tx.rows(pages.where(c.status == 200).order_by(c.id)):
            found[row.item_id] = row.text
    return found


async def amended(tx: Tx, item_ids: Collection[int]) -> dict[int, tuple[Amendment, ...]]:
    """Return by Item what of it a reader should know to have changed since it was told."""
    found: dict[int, tuple[Amendment, ...]] = {}
    touched: set[int] = set()
    c = item_version.c
    for some in chunks(item_ids):
        more = select(c.item_id).where(c.item_id.in_(some), c.changed != dump([])).distinct()
        touched |= {row.item_id for row in await tx.rows(more)}
    by_item: dict[int, list[Version]] = {}
    for one in await of(tx, touched):
        by_item.setdefault(one.item_id, []).append(one)
    went = await gone(tx, item_ids)
    for item_id in touched | went.keys():
        dropped = [
            Amendment(item_id, Changed.DROPPED, at, watch_id=watch_id)
            for watch_id, at in went.get(item_id, {}).items()
        ]
        found[item_id] = latest([*amendments(by_item.get(item_id, ())), *dropped])
    return found


async def gone(tx: Tx, item_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    """Return by Item the Watches it no longer names, and since when."""
    found: dict[int, dict[int, datetime]] = {}
    for some in chunks(item_ids):
        rows = await tx.rows(select(name_gone).where(name_gone.c.item_id.in_(some)))
        for row in rows:
            found.setdefault(row.item_id, {})[row.watch_id] = row.at
    return found


async def note_gone(tx: Tx, pairs: Iterable[tuple[int, int]], now: datetime) -> None:
    """Keep that these (Item, Watch) no longer go together."""
    rows = [{"item_id": i, "watch_id": w, "at": now} for i, w in sorted(set(pairs))]
    await tx.run_many(insert(tx, name_gone).on_conflict_do_nothing(), rows)


async def note_back(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """Keep that these (Item, Watch) go together again."""
    c = name_gone.c
    for item_id, watch_id in pairs:
        await tx.run(delete(name_gone).where(c.item_id == item_id, c.watch_id == watch_id))


async def drop_texts(tx: Tx, before: datetime, limit: int) -> int:
    """Drop up to `limit` texts that are older than bodies are kept; headlines and proofs stay.
    Returns how many.
    """
    c = item_version.c
    old = select(c.id).where(c.seen_at < before, c.text != "").limit(limit)
    ids = [row.id for row in await tx.rows(old)]
    for some in chunks(ids):
        await tx.run(update(item_version).where(c.id.in_(some)).values(text=""))
    return len(ids)


async def forget(tx: Tx, item_ids: Collection[int]) -> None:
    """Forget all of Items that are kept no longer."""
    for some in chunks(item_ids):
        await tx.run(delete(item_version).where(item_version.c.item_id.in_(some)))
        await tx.run(delete(name_gone).where(name_gone.c.item_id.in_(some)))


async def count(tx: Tx) -> int:
    """Return how many versions are kept."""
    return int(await tx.value(select(func.count()).select_from(item_version)))
