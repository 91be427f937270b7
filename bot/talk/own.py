"""A destination in hand: who may change how it is told (editors any, everybody their own private
chat), and the change.
"""

from __future__ import annotations

from bot.talk import guard, places, replies
from bot.talk.turn import Turn
from model.people import Chat, Role, Subscriber
from store import rhythms, subscribers
from store.engine import Tx


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


async def still(tx: Tx, turn: Turn, place_id: int) -> Subscriber | None:
    """Return a Subscriber; None, after saying that the button is old, when it is one no more."""
    found = await subscribers.get(tx, place_id)
    if found is None:
        await replies.pop(turn, "talk.button.old")
    return found


async def set_rhythm(turn: Turn, place_id: int, **columns: object) -> None:
    """Change when and how a Subscriber is told."""
    async with turn.parts.store.write() as tx:
        await rhythms.change(tx, place_id, **columns)
