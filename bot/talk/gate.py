"""Who is handled at all, so that strangers, however many write, never keep the team waiting."""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.talk.guard import ANONYMOUS_ADMIN

BURST = 8
"""Updates of one stranger that are handled in a row."""
EVERY = timedelta(seconds=20)
"""After so long one more of theirs is."""
BACKLOG = 100
"""Updates of strangers that may wait together; what comes beyond is forgotten."""
AT_ONCE = 8
"""Updates of strangers that are handled at the same time."""
REMEMBERED = 5_000
"""Strangers of whom is remembered how much they wrote."""
_KINDS = ("message", "edited_message", "callback_query", "inline_query")
_LINKS = ("/start claim_", "/start inv_")

Stored = tuple[int, str, int]
"""An update's number, its JSON, how often it was tried."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who is behind an update, as far as it counts."""

    person: int
    key: Hashable
    """Whose measure it takes: a person's, or a group's whose administrators are anonymous."""
    has_link: bool = False
    """They bring a link that makes them a member."""


class Gate:
    """Remembers which strangers wrote how much; it never turns a member away."""

    def __init__(self) -> None:
        """Begin with nobody known."""
        self._full_at: dict[Hashable, datetime] = {}
        """When a stranger's measure will be whole again."""
        self._strangers: set[int] = set()
        """The updates of strangers that were let in and are not over."""

    def over(
        self, waiting: Sequence[Stored], members: Collection[int], now: datetime
    ) -> tuple[list[int], list[int]]:
        """Return which of these updates, the oldest first, are forgotten unhandled, and which are
        strangers' and were let in. An update is weighed once.
        """
        forgotten: list[int] = []
        self._strangers &= {update_id for update_id, _, _ in waiting}
        for update_id, body, tries in waiting:
            sender = sender_of(body)
            if sender is None or sender.person in members or update_id in self._strangers:
                continue
            is_crowded = len(self._strangers) >= BACKLOG and not sender.has_link
            if tries == 0 and (is_crowded or not self._has_room(sender.key, now)):
                forgotten.append(update_id)
            else:
                self._strangers.add(update_id)
        return forgotten, sorted(self._strangers)

    def _has_room(self, key: Hashable, now: datetime) -> bool:
        full_at = max(self._full_at.get(key, now), now) + EVERY
        if full_at - now > BURST * EVERY:
            return False
        if len(self._full_at) >= REMEMBERED:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        self._full_at[key] = full_at
        return True


def sender_of(body: str) -> Sender | None:
    """Return who did what an update tells; None for what is nobody's wish: a chat's own news."""
    try:
        update: dict[str, Any] = json.loads(body)
        kind = next((one for one in _KINDS if one in update), "")
        if not kind or "migrate_to_chat_id" in update[kind]:
            return None
        person = int(update[kind]["from"]["id"])
        chat = update[kind].get("chat", {}).get("id", 0)
        text = str(update[kind].get("text", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    key: Hashable = (person, chat) if person == ANONYMOUS_ADMIN else person
    return Sender(person, key, text.startswith(_LINKS))
