"""Who may change how a destination is told: editors any, everybody their own private chat."""

from __future__ import annotations

from bot.talk import guard, places, replies
from bot.talk.turn import Turn
from model.people import Chat, Role
from store import subscribers


async def may(turn: Turn, place_id: int) -> bool:
    """Return whether this person may change that; asked anew at each press."""
    if turn.member is None:
        return False
    if guard.may(turn.member, Role.EDITOR):
        return True
    async with turn.parts.store.read() as tx:
        place = await subscribers.get(tx, place_id)
    return (
        place is not None
        and place.courier == places.COURIER
        and place.chat is Chat.PRIVATE
        and place.address == str(turn.user.id)
    )


async def refused(turn: Turn, place_id: int) -> bool:
    """Say so, and return True, where this person may not."""
    if await may(turn, place_id):
        return False
    if turn.update.callback_query is not None:
        await replies.pop(turn, "talk.button.not-yours")
    else:
        await replies.say(turn, "talk.not-yours", role=turn.words.say("talk.role.editor"))
    return True
