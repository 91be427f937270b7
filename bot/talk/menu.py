"""How the bot presents itself: its menu of commands and its profile texts, in every language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import BotCommand, BotCommandScope
from telegram import BotCommandScopeAllChatAdministrators as GroupAdmins
from telegram import BotCommandScopeAllPrivateChats as PrivateChats
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot import words as catalogues
from bot.logs import logger
from bot.talk.commands import COMMANDS
from bot.talk.parts import Parts
from model.people import Chat
from model.words import Words

_log = logger()


async def publish(bot: ExtBot[Any], parts: Parts) -> None:
    """Set menu and profile; a Telegram that refuses costs the menu, not the conversation."""
    default = parts.words(parts.language)
    try:
        await _publish_in(bot, default, None)
        for language in catalogues.languages():
            if language != default.language:
                await _publish_in(bot, parts.words(language), language)
    except TelegramError as error:
        _log.warning("the bot's menu could not be set", error=type(error).__name__)


async def _publish_in(bot: ExtBot[Any], words: Words, language: str | None) -> None:
    scopes: Sequence[tuple[BotCommandScope, Chat]] = (
        (PrivateChats(), Chat.PRIVATE),
        (GroupAdmins(), Chat.GROUP),
    )
    for scope, place in scopes:
        await bot.set_my_commands(listed(words, place), scope=scope, language_code=language)
    await bot.set_my_description(words.say("talk.profile.long"), language_code=language)
    await bot.set_my_short_description(words.say("talk.profile.short"), language_code=language)


def listed(words: Words, place: Chat) -> list[BotCommand]:
    """Return the menu for chats of this sort, in the order of the table."""
    return [
        BotCommand(command.name, words.say(command.menu))
        for command in COMMANDS
        if command.menu and place in command.places
    ]
