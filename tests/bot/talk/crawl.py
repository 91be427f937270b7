"""Presses every button that can be reached, so that no screen goes unseen."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from bot.demo.botapi.people import Room, Someone
from bot.demo.botapi.world import Json
from store import buttons
from store.tables import inbox
from tests.bot.talk.stage import Stage

HARMLESS = ("not modified", "query is too old", "chat not found")
"""What Telegram says when somebody was faster, or never wrote to us; no fault of ours, as long as
the update is handled all the same.
"""


LATE = frozenset(
    """
    drop_watch drop_docket drop_feed drop_member unlink undo set_role set_language hide rule
    seen_already mute_set mute_day privacy_hand_over privacy_delete
    """.split()  # noqa: SIM905  # names are read more easily so
)
"""What closes doors: pressed when nothing else is left."""


class Crawler:
    """Somebody who presses everything, each sort of button a few times."""

    def __init__(self, stage: Stage, someone: Someone, room: Room | None = None, *, each: int = 2):
        self.stage = stage
        self.someone = someone
        self.room = room or someone.private
        self.each = each
        self.pressed: Counter[str] = Counter()
        self.tokens: set[str] = set()
        self.known: dict[str, str] = {}

    async def says(self, *texts: str, most: int = 400) -> None:
        """Type these, and press whatever comes of it."""
        for text in texts:
            await self.someone.says(text, self.room)
            await self.stage.handled()
            await self.presses_all(most)

    async def presses_all(self, most: int = 400) -> None:
        """Press what is shown until nothing new is."""
        for _ in range(most):
            found = await self._next()
            if found is None:
                return
            message, button, action = found
            self.tokens.add(button["callback_data"])
            self.pressed[action] += 1
            await self.someone.presses(button["text"], self.room, message=_only(message, button))
            await self.stage.handled()

    async def _next(self) -> tuple[Json, Json, str] | None:
        """Return a button that has not been pressed often enough, of what closes doors the last."""
        late = None
        for message in reversed(self.room.messages):
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    action = await self._meaning(button.get("callback_data", ""))
                    if not action or self.pressed[action] >= self.each:
                        continue
                    if action not in LATE:
                        return message, button, action
                    late = late or (message, button, action)
        return late

    async def _meaning(self, token: str) -> str:
        """Return what a button does; nothing where it was pressed before or opens an address."""
        if not token or token in self.tokens:
            return ""
        if token not in self.known:
            async with self.stage.store.read() as tx:
                meant = await buttons.known(tx, token)
            self.known[token] = meant.action if meant is not None else ""
        return self.known[token]


def _only(message: Json, button: Json) -> Json:
    return dict(message) | {"reply_markup": {"inline_keyboard": [[button]]}}


async def faults(stage: Stage) -> list[str]:
    """Return every call that Telegram refused, and every update that could not be handled."""
    found = [
        f"{method}: {error.description} {str(raw)[:300]}"
        for method, raw, error in stage.server.refusals
        if not any(sign in error.description for sign in HARMLESS)
    ]
    async with stage.store.read() as tx:
        rows = await tx.rows(select(inbox).where(inbox.c.error != ""))
    return found + [f"{row.error}: {row.body[:300]}" for row in rows]
