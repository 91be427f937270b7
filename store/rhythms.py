"""Rhythms: how each destination wants to be told, and what holds where it says nothing."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select, update

from matching.rhythm import parse_hours, parse_schedule
from model.rhythm import Rhythm, What
from store.engine import Tx
from store.kept import set_setting, setting
from store.statements import chunks, insert
from store.tables import rhythm, subscriber
from store.written import dump

_DEFAULTS = "rhythm"
NEVER = "off"
"""In the place of quiet hours: none, whatever is usual."""
_PLAIN: dict[str, Any] = {
    "zone": "",
    "quiet": "",
    "quiet_loud": True,
    "digest": "",
    "digest_empty": False,
    "digest_only": False,
    "digest_last": None,
    "review": False,
    "review_to": 0,
    "silent": False,
    "what": "",
    "level": "",
}


@dataclass(frozen=True, slots=True)
class Usual:
    """What config.toml says for every destination."""

    zone: str = "UTC"
    quiet: str = ""
    most_per_hour: int = 0
    """Of chats; 0: any number."""


async def declare(tx: Tx, usual: Usual) -> None:
    """Take over what config.toml says; processes that only poll then know it too."""
    kept = {"zone": usual.zone, "quiet": usual.quiet, "most": usual.most_per_hour}
    await set_setting(tx, _DEFAULTS, dump(kept))


async def usual(tx: Tx) -> Usual:
    """Return what holds where a destination says nothing."""
    kept = json.loads(await setting(tx, _DEFAULTS) or "{}")
    return Usual(kept.get("zone", "UTC"), kept.get("quiet", ""), kept.get("most", 0))


async def of(tx: Tx, subscriber_ids: Collection[int]) -> dict[int, Rhythm]:
    """Return the Rhythm of each of these Subscribers."""
    known = await usual(tx)
    rows: dict[int, Row[Any]] = {}
    for some in chunks(subscriber_ids):
        found = await tx.rows(select(rhythm).where(rhythm.c.subscriber_id.in_(some)))
        rows |= {row.subscriber_id: row for row in found}
    return {one: _read(rows.get(one), known) for one in subscriber_ids}


async def one_of(tx: Tx, subscriber_id: int) -> Rhythm:
    """Return one Subscriber's Rhythm."""
    return (await of(tx, [subscriber_id]))[subscriber_id]


def _read(row: Row[Any] | None, known: Usual) -> Rhythm:
    said: dict[str, Any] = _PLAIN if row is None else row._asdict()
    quiet = said["quiet"] or known.quiet
    return Rhythm(
        zone=said["zone"] or known.zone,
        zone_given=bool(said["zone"]),
        quiet=None if quiet == NEVER else parse_hours(quiet),
        quiet_loud=said["quiet_loud"],
        digest=parse_schedule(said["digest"]),
        digest_empty=said["digest_empty"],
        digest_only=said["digest_only"],
        digest_last=said["digest_last"],
        review=said["review"],
        review_to=said["review_to"],
        silent=said["silent"],
        what=What(said["what"]),
        level=said["level"],
        most_per_hour=known.most_per_hour,
    )


async def change(tx: Tx, subscriber_id: int, **columns: object) -> Rhythm:
    """Change what a Subscriber says of its Rhythm, by column; returns what it is now.

    Columns: zone, quiet ("22:00-07:00", "off", or "" for the usual), quiet_loud, digest,
    digest_empty, digest_only, digest_last, review, review_to, silent, what and level.
    """
    unknown = set(columns) - set(_PLAIN)
    if unknown:
        raise ValueError(f"a Rhythm has no {', '.join(sorted(unknown))}")
    new = {"subscriber_id": subscriber_id} | _PLAIN
    await tx.run_many(insert(tx, rhythm).on_conflict_do_nothing(), [new])
    await tx.run(update(rhythm).where(rhythm.c.subscriber_id == subscriber_id).values(**columns))
    return await one_of(tx, subscriber_id)


async def hand_over(tx: Tx, old: int, new: int) -> None:
    """Let one Subscriber be told as another was, as far as it says nothing of its own."""
    rows = await tx.rows(select(rhythm).where(rhythm.c.subscriber_id.in_([old, new])))
    said = {row.subscriber_id: row._asdict() for row in rows}
    if old in said:
        own = said.get(new, _PLAIN)
        unsaid = [some for some in _TOGETHER if all(own[one] == _PLAIN[one] for one in some)]
        await change(tx, new, **{one: said[old][one] for some in unsaid for one in some})
        await tx.run(delete(rhythm).where(rhythm.c.subscriber_id == old))
    asked = update(rhythm).where(rhythm.c.review_to == old)
    await tx.run(asked.values(review_to=new))


_TOGETHER = (
    ("zone",),
    ("quiet", "quiet_loud"),
    ("digest", "digest_empty", "digest_only", "digest_last"),
    ("review", "review_to"),
    ("silent",),
    ("what",),
    ("level",),
)
"""Columns that mean something only together."""


async def digesting(tx: Tx) -> list[int]:
    """Return the Subscribers that have a digest, less those that are switched off or parked."""
    mine = (
        select(rhythm.c.subscriber_id)
        .join(subscriber, subscriber.c.id == rhythm.c.subscriber_id)
        .where(rhythm.c.digest != "", subscriber.c.enabled, subscriber.c.parked_since.is_(None))
        .order_by(rhythm.c.subscriber_id)
    )
    return [row.subscriber_id for row in await tx.rows(mine)]
