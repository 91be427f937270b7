"""Files and pictures that are handed over in a chat."""

from __future__ import annotations

import telegram
from telegram import InputMediaPhoto, ReplyParameters
from telegram.error import BadRequest, Forbidden

from alerts.couriers.telegram import entities_of
from alerts.split import split
from bot.talk.replies import Rows, inline
from bot.talk.turn import Turn
from model.message import Message

CAPTION = 1_000
"""UTF-16 units of a caption that are used; Telegram takes 1,024."""


async def file(
    turn: Turn, name: str, data: bytes, caption: Message | None = None, rows: Rows = ()
) -> telegram.Message | None:
    """Send a file; None when the chat does not take it (we were blocked)."""
    said = _short(caption)
    try:
        return await turn.bot.send_document(
            turn.chat.id,
            data or b"\n",  # Telegram takes no empty file
            filename=name,
            caption=said.text or None,
            caption_entities=entities_of(said),
            reply_markup=inline(rows),
            message_thread_id=turn.thread or None,
            reply_parameters=_reply(turn),
            disable_content_type_detection=True,
        )
    except Forbidden:
        return None


async def picture(turn: Turn, png: bytes, caption: Message, rows: Rows = ()) -> None:
    """Send a picture with what it shows in words."""
    said = _short(caption)
    try:
        await turn.bot.send_photo(
            turn.chat.id,
            png,
            filename="chart.png",
            caption=said.text,
            caption_entities=entities_of(said),
            reply_markup=inline(rows),
            message_thread_id=turn.thread or None,
            reply_parameters=_reply(turn),
        )
    except Forbidden:
        return


async def another_picture(turn: Turn, png: bytes, caption: Message, rows: Rows = ()) -> None:
    """Put another picture in the place of the one whose button was pressed."""
    shown = turn.message
    if shown is None or not shown.photo:
        await picture(turn, png, caption, rows)
        return
    said = _short(caption)
    media = InputMediaPhoto(
        png, caption=said.text, caption_entities=entities_of(said), filename="chart.png"
    )
    try:
        await turn.bot.edit_message_media(
            media, shown.chat.id, shown.message_id, reply_markup=inline(rows)
        )
    except BadRequest as error:
        if "not modified" not in str(error).lower():
            raise


def _short(caption: Message | None) -> Message:
    """Return as much of a caption as Telegram takes."""
    return next(iter(split(caption, CAPTION)), Message("")) if caption else Message("")


def _reply(turn: Turn) -> ReplyParameters | None:
    """In a group an answer hangs on its question."""
    message = turn.update.message
    if turn.private or message is None:
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)
