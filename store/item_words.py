"""The keys of Items' words beside them: kept in the background, forgotten with their Items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, select, text

from matching.lookup import Keys
from store.engine import Tx
from store.statements import chunks, insert
from store.tables import item, unread_item


async def wait_for_words(tx: Tx, item_ids: Iterable[int]) -> None:
    """Let the words of new or changed Items be taken in soon."""
    rows = [{"item_id": one} for one in sorted(set(item_ids))]
    await tx.run_many(insert(tx, unread_item).on_conflict_do_nothing(), rows)
    if rows:
        tx.wake("words")


async def clear(tx: Tx) -> None:
    """Forget all words, and have them taken in again."""
    emptied = "INSERT INTO item_word(item_word) VALUES ('delete-all')"
    await tx.run(text(emptied if tx.dialect == "sqlite" else "DELETE FROM item_word"))
    every = insert(tx, unread_item).from_select(["item_id"], select(item.c.id).where(item.c.id > 0))
    await tx.run(every.on_conflict_do_nothing())
    tx.wake("words")


async def forget(tx: Tx, item_ids: Collection[int]) -> None:
    """Forget the words of Items that are kept no longer. SQLite's index can't, since it keeps no
    texts; the ids it goes on to give lead nowhere, and a year's worth is a few megabytes.
    """
    for some in chunks(item_ids):
        await tx.run(delete(unread_item).where(unread_item.c.item_id.in_(some)))
    if tx.dialect == "postgresql":
        gone = text("DELETE FROM item_word WHERE item_id = :item_id")
        await tx.run_many(gone, [{"item_id": one} for one in item_ids])


async def put(tx: Tx, keyed: Sequence[tuple[int, Keys]]) -> None:
    """Keep the keys of Items, in the order of their ids. On SQLite those of an Item before its
    change stay beside the new ones: they only make it a candidate.
    """
    if tx.dialect == "sqlite":
        put = text("INSERT INTO item_word(rowid, words) VALUES (:item_id, :words)")
        rows = [{"item_id": one, "words": " ".join(map(spell, keys))} for one, keys in keyed]
    else:
        put = text(
            "INSERT INTO item_word(item_id, words) VALUES (:item_id, :words)"
            " ON CONFLICT (item_id) DO UPDATE SET words = excluded.words"
        )
        rows = [{"item_id": one, "words": list(keys)} for one, keys in keyed]
    await tx.run_many(put, rows)


def spell(key: int) -> str:
    """Return a key as a word of SQLite's index."""
    return f"{key & 0xFFFFFFFF:x}"
