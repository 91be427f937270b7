"""What an update is, and which flow answers it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from rapidfuzz import process
from telegram import Message, MessageEntity, Update, User
from telegram.ext import ExtBot

from bot.talk import (
    channel,
    dropped,
    freely,
    guard,
    inlined,
    places,
    questions,
    replies,
    seats,
    strangers,
    visitors,
    watch,
)
from bot.talk.commands import ACTIONS, ANSWERS, BY_NAME, Action, Command
from bot.talk.parts import Parts
from bot.talk.stale import FRESH
from bot.talk.turn import Turn
from model.errors import FetchError, ParseError, TermError, UsageError
from model.people import Member
from store import buttons, members
from store.buttons import Pressed

Later = Callable[[Coroutine[Any, Any, None]], None]
LARGEST = 2**52
"""Ids have at most 52 significant bits (Bot API, User and Chat); a larger one is nobody's."""
CLOSE = 70
"""How alike (0 to 100) a mistyped command must be to be suggested."""


async def handle(
    update: Update, bot: ExtBot[Any], parts: Parts, now: datetime, later: Later
) -> None:
    """Answer one update. Raises whatever should have it tried again."""
    if update.inline_query is not None:
        await inlined.answer(update, bot, parts, now)
        return
    message = update.message
    if message is not None and message.migrate_to_chat_id:
        await places.moved(parts, message.chat.id, message.migrate_to_chat_id, now)
        return
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or max(abs(user.id), abs(chat.id)) > LARGEST:
        return
    is_real = guard.person(update) is not None
    member = await _member(parts, user) if is_real else None
    words = parts.words(_language(parts, user, member))
    turn = Turn(parts, bot, update, now, user, chat, member, words, later=later)
    try:
        await (_dispatch(turn) if is_real else _unreal(turn))
    except TermError as error:
        await replies.pop(turn)
        await watch.misunderstood(turn, error)
    except (UsageError, FetchError, ParseError) as error:
        await replies.pop(turn)
        await replies.say(turn, "talk.sentence", sentence=str(error))


async def _dispatch(turn: Turn) -> None:
    update, message = turn.update, turn.update.message
    if update.callback_query is not None:
        await _pressed(turn)
    elif update.my_chat_member is not None:
        await seats.seated(turn)
    elif message is None:
        return
    elif message.chat_shared is not None:
        await _only_for(turn, BY_NAME["channel"], channel.chosen)
    elif command := _command(message, turn.bot.username):
        await _commanded(turn, *command)
    elif message.text:
        await _typed(replace(turn, text=message.text.strip()))
    elif message.forward_origin is not None and message.caption and turn.private:
        await _typed(replace(turn, text=message.caption.strip()))
    elif message.document is not None and turn.private:
        await (visitors.lost(turn) if turn.member is None else dropped.taken(turn))


async def _unreal(turn: Turn) -> None:
    """Nobody who could be held to it: only what happened to us is taken note of."""
    message = turn.update.message
    if turn.update.my_chat_member is not None:
        await seats.seated(turn)
    elif message is None or not guard.is_anonymous_admin(turn.update):
        return
    elif _command(message, turn.bot.username) is not None:
        await strangers.unknown_admin(turn)


async def _commanded(turn: Turn, name: str, rest: str) -> None:
    command = BY_NAME.get(name)
    turn = replace(turn, text=rest)
    if command is None:
        if turn.member is not None:
            await _unknown(turn, name)
        elif turn.private:
            await visitors.lost(turn)
        return
    await questions.forget(turn)
    await _only_for(turn, command, command.flow)


async def _only_for(turn: Turn, command: Command, flow: Callable[[Turn], Any]) -> None:
    if not guard.may(turn.member, command.role):
        if turn.member is None:
            await visitors.commanded(turn, command.name)
        else:
            await replies.say(turn, "talk.not-yours", role=_role_word(turn, command))
    elif turn.place not in command.places:
        await replies.say(turn, "talk.elsewhere", bot=turn.bot.username)
    else:
        await flow(turn)


async def _typed(turn: Turn) -> None:
    """Text without a command: the answer to a question, or free text in a private chat."""
    question = await questions.take(turn)
    answer = ANSWERS.get(question.flow) if question is not None else None
    if question is not None and answer is not None:
        await _allowed(replace(turn, pressed=question.args), answer)
        return
    if not turn.private:
        return
    if turn.member is None:
        await visitors.typed(turn)
    else:
        await freely.typed(turn)


async def _allowed(turn: Turn, answer: Action) -> None:
    if guard.may(turn.member, answer.role):
        await answer.flow(turn)


async def _pressed(turn: Turn) -> None:
    """Do what a button means; that is in the store, and whether they may is asked anew."""
    query = turn.update.callback_query
    token = (query and query.data) or ""
    async with turn.parts.store.read() as tx:
        found = await buttons.get(tx, token, turn.now)
        stale = await buttons.known(tx, token) if found is None else None
    if stale is not None and stale.action in FRESH:
        await _refreshed(turn, stale)
        return
    action = ACTIONS.get(found.action) if found is not None else None
    if found is None or action is None:
        await replies.pop(turn, "talk.button.old")
    elif found.who not in (0, turn.user.id) or not _may_press(turn, action):
        await replies.pop(turn, "talk.button.not-yours")
    else:
        await action.flow(replace(turn, pressed=found.args))
        await replies.pop(turn)


def _may_press(turn: Turn, action: Action) -> bool:
    return guard.may(turn.member, action.role) or visitors.may_press(turn, action.name)


async def _refreshed(turn: Turn, stale: Pressed) -> None:
    """Do not what an old button meant, but open its screen as it now is."""
    action = ACTIONS.get(FRESH[stale.action])
    if action is None:
        await replies.pop(turn, "talk.button.old")
    elif stale.who not in (0, turn.user.id) or not guard.may(turn.member, action.role):
        await replies.pop(turn, "talk.button.not-yours")
    else:
        await replies.pop(turn, "talk.button.stale")
        await action.flow(replace(turn, pressed=stale.args))


async def _unknown(turn: Turn, name: str) -> None:
    best = process.extractOne(name, list(BY_NAME), score_cutoff=CLOSE)
    if best is not None:
        await replies.say(turn, "talk.unknown.close", typed=name, near=best[0])
    elif turn.private:
        await replies.say(turn, "talk.unknown", typed=name)


async def _member(parts: Parts, user: User) -> Member | None:
    async with parts.store.read() as tx:
        return await members.get(tx, user.id)


def _language(parts: Parts, user: User, member: Member | None) -> str:
    if member is not None:
        return member.language
    return user.language_code or parts.language


def _command(message: Message, bot_name: str) -> tuple[str, str] | None:
    """Return the command a message begins with, and the rest; None when it is not one for us."""
    if message.forward_origin is not None:
        return None  # somebody else's words
    text = message.text or ""
    first = message.entities[0] if message.entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return None
    word, _, rest = (
        text.partition(text[first.length]) if len(text) > first.length else (text, "", "")
    )
    name, _, addressee = word.removeprefix("/").partition("@")
    if addressee and addressee.lower() != bot_name.lower():
        return None
    return name.lower(), rest.strip()


def _role_word(turn: Turn, command: Command) -> str:
    return turn.words.say(f"talk.role.{command.role}") if command.role else ""
