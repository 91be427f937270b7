"""Delivers to Telegram: text and entities, never interpolated HTML; every failure a Trouble."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from alerts.couriers import Ambiguous, MessageLost, NotModified, NotSent, Refused, TooLong, Trouble
from alerts.couriers.refusals import trouble_in
from alerts.pacing import Limits
from alerts.split import UNITS, split
from model.alert import Sent
from model.message import Button, Mark, Message, Style
from model.people import Subscriber

ENTITIES = {
    Style.BOLD: MessageEntity.BOLD,
    Style.ITALIC: MessageEntity.ITALIC,
    Style.STRIKE: MessageEntity.STRIKETHROUGH,
    Style.CODE: MessageEntity.CODE,
    Style.LINK: MessageEntity.TEXT_LINK,
    Style.QUOTE: MessageEntity.BLOCKQUOTE,
    Style.FOLDED: MessageEntity.EXPANDABLE_BLOCKQUOTE,
    Style.TIME: MessageEntity.DATE_TIME,
}
CAPTION = 1024
"""UTF-16 units of a picture's caption."""
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, to write, for the next bytes of an answer, and in all."""

    connect: float = 8.0
    write: float = 15.0
    read: float = 30.0
    total: float = 60.0


class _Known(TelegramError):  # noqa: N818 - never seen outside this file
    """An answer already understood, on its way through the library."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__("understood")
        self.trouble = trouble


class _Request(HTTPXRequest):
    """The library's transport, with answers judged before the library guesses at them: it knows no
    429 without parameters, takes a proxy's page for an error and half an answer for a bug.
    """

    total: float = 60.0
    """Seconds for one request; an answer that drips never times out by itself."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the library's own signature, handed through
        try:
            async with asyncio.timeout(self.total):
                code, payload = await super().do_request(*args, **kwargs)
        except TelegramError as error:
            raise _Known(_lost(error.__cause__)) from None
        except TimeoutError as error:
            raise _Known(_lost(error)) from None
        trouble = trouble_in(code, payload)
        if trouble is not None:
            raise _Known(trouble)
        return code, payload


def _lost(cause: BaseException | None) -> Trouble:
    """Return what a broken connection means: the addresses in its text stay out of ours."""
    kind = type(cause).__name__
    if isinstance(cause, _NEVER_LEFT):
        return NotSent(f"Telegram could not be reached ({kind}); nothing was sent.")
    return Ambiguous(f"The connection to Telegram broke before an answer came ({kind}).")


class TelegramCourier:
    """Delivers to channels, groups, their topics, and private chats through one bot."""

    name = "telegram"

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://api.telegram.org",
        proxy: str = "",
        timeouts: Timeouts | None = None,
        limits: Limits | None = None,
        part_gap: float = 1.05,
    ) -> None:
        """`api_url`: another Bot API server; `proxy`: socks5:// or http://; `limits`: how fast
        chats may be written to; `part_gap`: seconds between the parts of a long Message.
        """
        self.limits = limits or Limits()
        for library in ("httpx", "httpcore"):  # their INFO lines hold the token
            logging.getLogger(library).setLevel(logging.WARNING)
        wait = timeouts or Timeouts()
        self._request = _Request(
            connection_pool_size=64,
            proxy=proxy or None,
            connect_timeout=wait.connect,
            write_timeout=wait.write,
            read_timeout=wait.read,
            pool_timeout=wait.connect,
        )
        self._request.total = wait.total
        base = api_url.rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._token = token
        self._part_gap = part_gap
        self._username = ""

    def __repr__(self) -> str:
        """Return a name without the token, unlike the library's own."""
        return "TelegramCourier(…)"

    async def send(self, subscriber: Subscriber, message: Message) -> Sent:
        """Deliver the Message, in several parts where it is too long; return their ids."""
        try:
            return await self._send_parts(subscriber, split(message))
        except TooLong as trouble:
            if trouble.arrived:
                raise
            return await self._send_parts(subscriber, split(message, UNITS // 2))

    async def _send_parts(self, subscriber: Subscriber, parts: Sequence[Message]) -> Sent:
        if not parts:
            raise Refused("The message is empty.")
        ids: list[int] = []
        for part in await self._addressed(parts):
            try:
                if ids:
                    await asyncio.sleep(self._part_gap)
                answer = replace(part, reply_to=0) if ids else part
                ids.append(await self._send_part(subscriber, answer))
            except Trouble as trouble:
                trouble.arrived = trouble.arrived or bool(ids)
                raise
        return Sent(tuple(ids))

    async def _send_part(self, subscriber: Subscriber, part: Message) -> int:
        said = _said(part)
        async with _Judged(self._token):
            sent = await self._bot.send_message(
                chat_of(subscriber),
                disable_notification=part.silent,
                message_thread_id=subscriber.thread or None,
                reply_parameters=_answered(part.reply_to),
                **said,
            )
            return sent.message_id

    async def edit(
        self, subscriber: Subscriber, message_ids: Sequence[int], message: Message
    ) -> None:
        """Change what was sent; parts beyond those that were sent are left away."""
        parts = await self._addressed(split(message))
        for message_id, part in zip(message_ids, parts, strict=False):
            said = _said(part)
            try:
                async with _Judged(self._token):
                    await self._bot.edit_message_text(
                        chat_id=chat_of(subscriber), message_id=message_id, **said
                    )
            except NotModified:
                continue

    async def _addressed(self, parts: Sequence[Message]) -> list[Message]:
        """Return the parts with links for buttons into the bot's own chat, which needs its name."""
        if not self._username and any(key.start for part in parts for key in _keys(part)):
            async with _Judged(self._token):
                self._username = (await self._bot.get_me()).username or ""
        return [_with_links(part, self._username) for part in parts]

    async def show(self, subscriber: Subscriber, caption: Message, picture: bytes) -> Sent:
        """Show a picture below the message that the caption answers."""
        said = next(iter(split(caption, CAPTION)), Message(""))
        async with _Judged(self._token):
            sent = await self._bot.send_photo(
                chat_of(subscriber),
                picture,
                caption=said.text or None,
                caption_entities=entities_of(said),
                disable_notification=True,
                message_thread_id=subscriber.thread or None,
                reply_parameters=_answered(caption.reply_to),
            )
        return Sent((sent.message_id,))

    async def delete(self, subscriber: Subscriber, message_ids: Sequence[int]) -> None:
        """Take back what was sent; what is gone already is fine."""
        for message_id in message_ids:
            try:
                async with _Judged(self._token):
                    await self._bot.delete_message(chat_of(subscriber), message_id)
            except MessageLost:
                continue

    async def peek(self, subscriber: Subscriber, message_id: int, into: str) -> str:
        """Return the text of a message by its number: it is forwarded to the private chat `into`
        without a sound, and deleted there. MessageLost: there is none, or it can't be forwarded.
        """
        async with _Judged(self._token):
            copy = await self._bot.forward_message(
                into, chat_of(subscriber), message_id, disable_notification=True
            )
        async with _Judged(self._token):
            await self._bot.delete_message(into, copy.message_id)
        return copy.text or copy.caption or ""

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()


class _Judged:
    """Around one call: whatever it raises leaves as a Trouble, without the token."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def __aenter__(self) -> None:
        """Nothing to prepare."""

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _Known):
            trouble = error.trouble
            trouble.args = tuple(str(arg).replace(self._token, "…") for arg in trouble.args)
            raise trouble from None
        if isinstance(error, TelegramError | LookupError | TypeError | ValueError | AttributeError):
            kind = type(error).__name__
            raise Ambiguous(f"Telegram's answer could not be understood ({kind}).") from None


def chat_of(subscriber: Subscriber) -> int | str:
    """Return the Subscriber's chat as the Bot API takes it: a number, or an @name."""
    address = subscriber.address
    return int(address) if address.lstrip("-").isdecimal() else address


def _answered(message_id: int) -> ReplyParameters | None:
    """Return what a message answers; it goes out all the same when that is gone."""
    if not message_id:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)


def _said(part: Message) -> dict[str, Any]:
    """Return the Message in the words of the Bot API."""
    return {
        "text": part.text,
        "entities": entities_of(part),
        "reply_markup": _keyboard(part.buttons),
        "link_preview_options": _preview(part.preview),
    }


def entities_of(message: Message) -> list[MessageEntity]:
    """Return the Marks as entities, their places counted in UTF-16 units."""
    marks = sorted(message.marks, key=lambda mark: (mark.start, -mark.end))
    found = [_entity(mark) for mark in marks if mark.start < mark.end]
    return list(MessageEntity.adjust_message_entities_to_utf_16(message.text, found))


def _entity(mark: Mark) -> MessageEntity:
    kind, start, length = ENTITIES[mark.style], mark.start, mark.end - mark.start
    if mark.style is Style.LINK:
        return MessageEntity(kind, start, length, url=mark.value)
    if mark.style is Style.TIME:
        at = datetime.fromtimestamp(int(mark.value), UTC)
        return MessageEntity(kind, start, length, unix_time=at, date_time_format=mark.form or None)
    return MessageEntity(kind, start, length)


def _preview(address: str) -> LinkPreviewOptions:
    if not address:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=address, prefer_small_media=True, show_above_text=False)


def _keys(part: Message) -> list[Button]:
    return [key for row in part.buttons for key in row]


def _with_links(part: Message, username: str) -> Message:
    if not any(key.start for key in _keys(part)):
        return part
    rows = [
        tuple(
            replace(key, url=f"https://t.me/{username}?start={key.start}") if key.start else key
            for key in row
        )
        for row in part.buttons
    ]
    return replace(part, buttons=tuple(rows))


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copy:
        copied = CopyTextButton(button.copy[:256])
        return InlineKeyboardButton(button.label, copy_text=copied)
    return InlineKeyboardButton(button.label, callback_data=button.press)
