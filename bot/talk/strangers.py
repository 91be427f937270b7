"""People who are nobody here: answered once a day, and nothing more."""

from __future__ import annotations

from bot.talk import replies
from bot.talk.turn import Turn
from store import members


async def refuse(turn: Turn) -> None:
    """Say that this bot is private; once a day to each person."""
    async with turn.parts.store.write() as tx:
        was_told = await members.stranger_answered(tx, turn.user.id, turn.now)
        has_owner = await members.owner(tx) is not None
    if not was_told:
        await replies.say(turn, "talk.stranger" if has_owner else "talk.start.unclaimed")


async def unknown_admin(turn: Turn) -> None:
    """Say that whoever posts under a group's name can't be recognised; once a day to each group."""
    async with turn.parts.store.write() as tx:
        was_told = await members.stranger_answered(tx, turn.chat.id, turn.now)
    if not was_told:
        await replies.say(turn, "talk.anonymous", bot=turn.bot.username)
