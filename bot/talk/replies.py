"""Answers: every sentence from the catalogue, sent as text and entities."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import telegram
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from alerts.couriers.telegram import entities_of
from alerts.split import split
from bot.talk import places
from bot.talk.turn import Turn
from model.message import Button, Message

Rows = Sequence[Sequence[Button]]
Keyboard = ReplyKeyboardMarkup | ReplyKeyboardRemove | telegram.ForceReply
_HARMLESS = ("not modified", "query is too old", "message to edit not found", "can't be edited")


async def say(turn: Turn, code: str, /, rows: Rows = (), **args: object) -> telegram.Message | None:
    """Answer in this chat with the sentence for `code`, `rows` of buttons under it."""
    return await show(turn, turn.words.write(code, **args), rows)


async def show(
    turn: Turn, message: Message, rows: Rows = (), *, keyboard: Keyboard | None = None
) -> telegram.Message | None:
    """Answer in this chat; in groups as a reply to what was asked. Long ones are split.

    Returns the last message sent; None when the chat does not take it (we were blocked).
    """
    return await _send(turn, turn.chat.id, message, keyboard or inline(rows), thread=turn.thread)


async def answer(turn: Turn, message: Message, rows: Rows = ()) -> None:
    """Answer in a message that hangs on the one whose button was pressed, which stays."""
    shown = turn.message
    hung = None
    if shown is not None:
        hung = ReplyParameters(shown.message_id, allow_sending_without_reply=True)
    await _send(turn, turn.chat.id, message, inline(rows), thread=turn.thread, hung=hung)


async def tell(
    turn: Turn, chat_id: int, message: Message, rows: Rows = ()
) -> telegram.Message | None:
    """Say something in another chat; returns None when it does not take it (somebody who never
    wrote to us can't be written to).
    """
    try:
        return await _send(turn, chat_id, message, inline(rows), thread=0)
    except BadRequest as error:
        if "chat not found" in str(error).lower():
            return None
        raise


async def change(turn: Turn, message: Message, rows: Rows = ()) -> None:
    """Put another text and other buttons into the message whose button was pressed."""
    shown = turn.message
    if shown is None:
        await show(turn, message, rows)
    else:
        await put(turn, shown.message_id, message, rows)


async def put(turn: Turn, message_id: int, message: Message, rows: Rows = ()) -> None:
    """Put another text and other buttons into one of our messages in this chat."""
    [first, *rest] = split(message)
    with _harmless():
        await turn.bot.edit_message_text(
            first.text,
            turn.chat.id,
            message_id,
            entities=entities_of(first),
            reply_markup=inline(rows) if not rest else None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    for number, part in enumerate(rest, 1):
        await show(turn, part, rows if number == len(rest) else ())


async def change_own(turn: Turn, message_id: int, message: Message, rows: Rows = ()) -> None:
    """Put another text into a message of ours in this chat; 0: there is none, so say it anew."""
    if message_id:
        await put(turn, message_id, message, rows)
    else:
        await show(turn, message, rows)


async def present(turn: Turn, message: Message, rows: Rows = (), *, anew: bool = False) -> None:
    """Put a screen into the message whose button was pressed; where none was, or `anew`, say it."""
    if turn.update.callback_query is not None and not anew:
        await change(turn, message, rows)
    else:
        await show(turn, message, rows)


async def rekey(turn: Turn, rows: Rows) -> None:
    """Put other buttons under the message whose button was pressed; its text stays."""
    shown = turn.message
    if shown is not None:
        with _harmless():
            await turn.bot.edit_message_reply_markup(
                shown.chat.id, shown.message_id, reply_markup=inline(rows)
            )


async def pop(turn: Turn, code: str = "", /, **args: object) -> None:
    """Answer a pressed button; with a `code` a line pops up. Each press is answered once."""
    query = turn.update.callback_query
    if query is not None and not turn.popped:
        line = turn.words.say(code, **args)[:200] if code else ""
        turn.popped.append(line)
        with _harmless():
            await query.answer(line or None)


def inline(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return buttons as Telegram takes them; None without any."""
    filled = [[_key(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def _key(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.press)


async def _send(
    turn: Turn,
    chat_id: int,
    message: Message,
    keyboard: InlineKeyboardMarkup | Keyboard | None,
    *,
    thread: int,
    hung: ReplyParameters | None = None,
) -> telegram.Message | None:
    parts = split(message)
    sent = None
    for number, part in enumerate(parts, 1):
        more: dict[str, Any] = {"reply_markup": keyboard if number == len(parts) else None}
        try:
            sent = await turn.bot.send_message(
                chat_id,
                part.text,
                entities=entities_of(part),
                message_thread_id=thread or None,
                reply_parameters=hung or _reply(turn, chat_id),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                **more,
            )
        except Forbidden:
            return None
        except ChatMigrated as moved:
            await places.moved(turn.parts, chat_id, moved.new_chat_id, turn.now)
            return await _send(turn, moved.new_chat_id, message, keyboard, thread=0)
    return sent


def _reply(turn: Turn, chat_id: int) -> ReplyParameters | None:
    """In a group an answer hangs on its question, so that others see what it is about."""
    message = turn.update.message
    if turn.private or message is None or chat_id != turn.chat.id:
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


@contextlib.contextmanager
def _harmless() -> Iterator[None]:
    """Let pass what only means that somebody was faster, or pressed twice."""
    try:
        yield
    except BadRequest as error:
        if not any(sign in str(error).lower() for sign in _HARMLESS):
            raise
    except (Forbidden, ChatMigrated):
        return
