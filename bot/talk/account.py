"""The bot's account, asked from outside a conversation: who it is, and where it may post."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from telegram import (
    Bot,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.talk.parts import Account
from model.errors import DeliveryError


class WrongTokenError(DeliveryError):
    """Telegram does not know this token."""


class UnreachableError(DeliveryError):
    """Telegram can't be reached."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as Telegram knows it."""

    title: str
    refused: str = ""
    """Why the bot can't post there, in one sentence; empty: it can."""


class Client:
    """A client that knows its own name."""

    def __init__(self, bot: Bot) -> None:
        """Wrap the library's own."""
        self._bot = bot

    @property
    def username(self) -> str:
        """The bot's name, without the @."""
        return self._bot.username

    async def place(self, address: str) -> Place:
        """Return a chat, by number or @name, and whether the bot may post there."""
        where = int(address) if address.lstrip("-").isdecimal() else address
        try:
            chat = await self._bot.get_chat(where)
            title = chat.title or chat.effective_name or address
            if chat.type == ChatType.PRIVATE:
                return Place(title)
            member = await self._bot.get_chat_member(where, self._bot.id)
        except (BadRequest, Forbidden) as error:
            return Place(address, f"Telegram says: {error.message}.")
        return Place(title, _refused(chat.type, member))


def _refused(kind: str, member: ChatMember) -> str:
    if isinstance(member, ChatMemberOwner):
        return ""
    if member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        return "The bot is not in that chat."
    if kind == ChatType.CHANNEL:
        may = isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
        return "" if may else "The bot is no administrator there who may post."
    muted = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
    return "The bot may not write in that group." if muted else ""


@contextlib.asynccontextmanager
async def reached(account: Account) -> AsyncIterator[Client]:
    """Give a client. WrongTokenError or UnreachableError otherwise; other failures of a call
    inside become UnreachableError.
    """
    base = account.api_url.rstrip("/")
    request = HTTPXRequest(proxy=account.proxy or None, connect_timeout=8, read_timeout=15)
    bot = Bot(account.token, base_url=f"{base}/bot", request=request)
    try:
        async with bot:
            yield Client(bot)
    except InvalidToken:
        raise WrongTokenError from None
    except TelegramError as error:
        host = base.partition("://")[2]
        raise UnreachableError(f"{host} can't be reached ({type(error).__name__}).") from None
