"""Small answers: /help, /cancel, /id, /version."""

from __future__ import annotations

from telegram import ReplyKeyboardRemove

from bot.talk import channel, replies
from bot.talk.turn import Turn
from store import upkeep


async def asked(turn: Turn) -> None:
    """/help."""
    await replies.say(turn, "talk.help.private" if turn.private else "talk.help.group")


async def cancelled(turn: Turn) -> None:
    """/cancel: no question is open any more, no chat is being chosen, the keyboard goes."""
    async with turn.parts.store.write() as tx:
        await upkeep.set_setting(tx, channel.choosing(turn), "")
    await replies.show(turn, turn.words.write("talk.cancelled"), keyboard=ReplyKeyboardRemove())


async def number(turn: Turn) -> None:
    """/id: the numbers config.toml may need."""
    thread = turn.thread
    code = "talk.id.topic" if thread else "talk.id"
    await replies.say(
        turn, code, chat=str(turn.chat.id), person=str(turn.user.id), thread=str(thread)
    )


async def version(turn: Turn) -> None:
    """/version."""
    await replies.say(turn, "talk.version", version=turn.parts.version)
