"""Buttons: what each opaque id under a message means, so that it outlives a restart and can't
be forged.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from store.engine import Tx
from store.statements import chunks, insert
from store.tables import button
from store.written import dump

ON_ALERTS = ("not_them", "more")
"""The actions that each Alert's buttons have, where buttons can be pressed; their args are
{"alert": id}.
"""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means."""

    action: str
    args: Mapping[str, Any]
    who: int
    """The only one who may press it; 0: anybody who may do such a thing."""
    made_at: datetime


ON_CASES = ("follow_case",)
"""The action under an Alert about a case that its reader does not follow yet."""
ON_ENTRIES = ("not_public",)
"""The action under an Alert about an entry whose document nobody has published yet."""


ON_REVIEWS = ("publish", "skip", "edit_headline")
"""The actions under an Alert that editors are to publish."""


ON_STORIES = ("merge",)
"""The action under a new Story whose reader has others that it might belong to."""
ON_JOINED = ("split",)
"""The action under a Story that something joined."""
ON_MERGED = ("unmerge",)
"""The action under what is left of a message that was joined to another."""


def _token() -> str:
    """Return 72 random bits in 12 characters of [A-Za-z0-9_-], good for deep links too."""
    return secrets.token_urlsafe(9)


def _row(
    action: str, args: Mapping[str, Any], now: datetime, who: int = 0, alert_id: int = 0
) -> dict[str, Any]:
    return {
        "token": _token(),
        "action": action,
        "args": dump(dict(args)),
        "who": who,
        "alert_id": alert_id,
        "made_at": now,
        "expires_at": None,
    }


async def make(
    tx: Tx,
    action: str,
    args: Mapping[str, Any],
    now: datetime,
    *,
    who: int = 0,
    ttl: float | None = None,
) -> str:
    """Return the id of a new button that means `action` with `args` (plain JSON values).

    `who`: the only user who may press it; `ttl`: the seconds it is good for, None: as long as
    it is kept.
    """
    row = _row(action, args, now, who)
    if ttl is not None:
        row["expires_at"] = now + timedelta(seconds=ttl)
    await tx.run_many(insert(tx, button), [row])
    token: str = row["token"]
    return token


async def make_for_alerts(
    tx: Tx, alert_ids: Iterable[int], now: datetime, actions: Iterable[str] = ON_ALERTS
) -> None:
    """Make the buttons of Alerts, one for each of `actions`."""
    wanted = tuple(actions)
    rows = [
        _row(action, {"alert": one}, now, alert_id=one) for one in alert_ids for action in wanted
    ]
    await tx.run_many(insert(tx, button), rows)


async def have(tx: Tx, alert_ids: Iterable[int], action: str) -> set[int]:
    """Return those of these Alerts that have a button for `action`."""
    found: set[int] = set()
    for some in chunks(alert_ids):
        theirs = select(button.c.alert_id).where(button.c.action == action)
        rows = await tx.rows(theirs.where(button.c.alert_id.in_(some)))
        found.update(row.alert_id for row in rows)
    return found


async def of_alerts(tx: Tx, alert_ids: Iterable[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return the (action, id) pairs of Alerts' buttons."""
    found: dict[int, list[tuple[str, str]]] = {}
    for some in chunks(alert_ids):
        theirs = select(button.c.alert_id, button.c.action, button.c.token)
        rows = await tx.rows(
            theirs.where(button.c.alert_id.in_(some)).order_by(button.c.alert_id, button.c.action)
        )
        for row in rows:
            found.setdefault(row.alert_id, []).append((row.action, row.token))
    return {alert_id: tuple(pairs) for alert_id, pairs in found.items()}


async def get(tx: Tx, token: str, now: datetime) -> Pressed | None:
    """Return what a pressed button means; None when it is too old, spent, or never was."""
    row = await _kept(tx, token)
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return _pressed(row)


async def known(tx: Tx, token: str) -> Pressed | None:
    """Return what a button once meant, however old it is; None when it was spent or never was."""
    row = await _kept(tx, token)
    return _pressed(row) if row is not None else None


async def _kept(tx: Tx, token: str) -> Row[Any] | None:
    if not token.isascii():  # ours are; others are forged, and may be no text for a database
        return None
    return await tx.row(select(button).where(button.c.token == token))


def _pressed(row: Row[Any]) -> Pressed:
    return Pressed(row.action, json.loads(row.args), row.who, row.made_at)


async def become(tx: Tx, token: str, before: str, after: str) -> bool:
    """Let a button that meant the action `before` mean `after` from now on; False when it did not
    mean that any more: of two presses one counts.
    """
    row = update(button).where(button.c.token == token, button.c.action == before)
    return bool(await tx.run(row.values(action=after)))


async def spend(tx: Tx, token: str) -> bool:
    """Let a button be good no more; False when it was already: of two presses one counts."""
    return bool(await tx.run(delete(button).where(button.c.token == token)))
