"""Questions the bot asked and waits for: the next text is their answer, even after a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import ForceReply

from bot.talk import replies
from bot.talk.turn import Turn
from store import upkeep

PATIENCE = 15 * 60
"""Seconds in which a text still counts as the answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: which flow takes the answer, with which arguments."""

    flow: str
    """A name in `commands.ANSWERS`."""
    args: Mapping[str, Any]
    message_id: int
    until: float


async def ask(
    turn: Turn, code: str, flow: str, /, args: Mapping[str, Any], **words: object
) -> None:
    """Ask with the sentence for `code`; the answer goes to `flow` with `args`."""
    keyboard = ForceReply(selective=turn.update.message is not None)
    sent = await replies.show(turn, turn.words.write(code, **words), keyboard=keyboard)
    if sent is not None:
        await expect(turn, flow, args, sent.message_id)


async def expect(turn: Turn, flow: str, args: Mapping[str, Any], message_id: int) -> None:
    """Take the next text as the answer to what the message of this number says; it goes to
    `flow` with `args`.
    """
    kept = {
        "flow": flow,
        "args": dict(args),
        "message_id": message_id,
        "until": turn.now.timestamp() + PATIENCE,
    }
    async with turn.parts.store.write() as tx:
        await upkeep.set_setting(tx, _key(turn), json.dumps(kept))


async def take(turn: Turn) -> Question | None:
    """Return the question this turn's text answers, which is thereby over; None: it answers none.

    In a private chat any text does; in a group only a reply to the question.
    """
    async with turn.parts.store.read() as tx:
        kept = await upkeep.setting(tx, _key(turn))
    if not kept:
        return None
    question = Question(**json.loads(kept))
    if question.until < turn.now.timestamp() or not _is_answer(turn, question):
        return None
    await forget(turn)
    return question


async def forget(turn: Turn) -> None:
    """Wait no longer for an answer: a command was given instead, or it came."""
    async with turn.parts.store.read() as tx:
        is_open = await upkeep.setting(tx, _key(turn))
    if is_open:
        async with turn.parts.store.write() as tx:
            await upkeep.set_setting(tx, _key(turn), "")


def _is_answer(turn: Turn, question: Question) -> bool:
    replied = turn.message.reply_to_message if turn.message is not None else None
    if replied is None:
        return turn.private
    return replied.message_id == question.message_id


def _key(turn: Turn) -> str:
    return f"question:{turn.chat.id}:{turn.user.id}"
