"""Small answers: /help, /cancel, /id, /version."""

from __future__ import annotations

from telegram import ReplyKeyboardRemove

from bot.talk import replies
from bot.talk.turn import Turn


async def asked(turn: Turn) -> None:
    """/help."""
    await replies.say(turn, "talk.help.private" if turn.private else "talk.help.group")


async def cancelled(turn: Turn) -> None:
    """/cancel: no question is open any more, the keyboard goes."""
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
