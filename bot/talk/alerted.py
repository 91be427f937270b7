"""The alert whose buttons were pressed: as it now stands, its own buttons, who decided first."""

from __future__ import annotations

from alerts.compose import compose
from bot.talk import replies
from bot.talk.places import COURIER
from bot.talk.turn import Turn
from model.alert import AlertView
from model.message import Message
from model.people import Chat
from store import alerts, told
from store.engine import Tx


async def view(turn: Turn, gone: str = "notthem.forgotten") -> AlertView | None:
    """Return the alert that `turn.pressed` names; None, after saying so with the sentence `gone`,
    when it is no longer kept.
    """
    alert_id = turn.pressed["alert"]
    async with turn.parts.store.read() as tx:
        found = (await alerts.views(tx, [alert_id])).get(alert_id)
    if found is None or not found.items or not found.watches:
        await replies.pop(turn, gone)
        return None
    return found


async def undecided(turn: Turn) -> AlertView | None:
    """Return the alert like `view`; None, after saying who it was, when somebody has said "not
    them" already.
    """
    found = await view(turn)
    if found is None or not found.hidden_by:
        return found
    await own_buttons(turn, found)
    await replies.pop(turn, "notthem.already", who=found.hidden_by)
    return None


async def own_buttons(turn: Turn, found: AlertView) -> None:
    """Put the alert's own buttons under the pressed message, if that is the alert."""
    if await _is_here(turn, found):
        words = turn.parts.words(found.subscriber.language)
        await replies.rekey(turn, compose(found, words).buttons)


async def respond(turn: Turn, found: AlertView, message: Message, rows: replies.Rows) -> None:
    """Answer a press under the alert with a reply to it, under a question of ours in its place."""
    if await _is_here(turn, found):
        await own_buttons(turn, found)
        await replies.answer(turn, message, rows)
    else:
        await replies.change(turn, message, rows)


async def _is_here(turn: Turn, found: AlertView) -> bool:
    """Return whether the pressed message is the alert itself."""
    shown = turn.message.message_id if turn.message is not None else 0
    async with turn.parts.store.read() as tx:
        return await alerts.by_message(tx, COURIER, str(turn.chat.id), shown) == found.id


async def in_channels(tx: Tx, found: AlertView) -> list[AlertView]:
    """Return the alerts that told channels of the same article."""
    others = await told.about(tx, [found.items[0].id])
    ids = [one.alert_id for one in others if one.alert_id != found.id]
    views = await alerts.views(tx, ids)
    return [one for one in views.values() if one.subscriber.chat is Chat.CHANNEL]
