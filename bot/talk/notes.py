"""A reply to an alert is a note on it; it stands in exports beside what was told."""

from __future__ import annotations

from bot.talk import places, replies, undo
from bot.talk.turn import Turn
from store import alerts, notes


async def taken(turn: Turn) -> bool:
    """Keep the text as a note on the alert it replies to; False when that is no alert."""
    replied = turn.message.reply_to_message if turn.message is not None else None
    if replied is None or not turn.text:
        return False
    async with turn.parts.store.write() as tx:
        chat = str(turn.chat.id)
        alert_id = await alerts.by_message(tx, places.COURIER, chat, replied.message_id)
        if alert_id is None:
            return False
        number = await notes.add(tx, alert_id, turn.user.id, turn.text, turn.now)
        key = await undo.remember(tx, turn, "noted", note=number)
    await replies.say(turn, "note.taken", [[key]])
    return True
