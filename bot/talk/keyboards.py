"""Buttons: opaque ids whose meaning lies in the store, so that they outlive a restart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telegram import (
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
)

from bot.talk.turn import Turn
from bot.words import straight
from model.message import Button
from model.words import Words
from store import buttons
from store.engine import Tx

LIFE = 30 * 86_400.0
"""Seconds a button works; one that is older says so."""
A_ROW = 3
LABEL = 40
"""Characters of a name on a button; phones cut longer ones."""
CHANNEL_REQUEST = 1
GROUP_REQUEST = 2


async def button(tx: Tx, turn: Turn, code: str, action: str, /, **args: object) -> Button:
    """Return a button labelled with the sentence for `code` that does `action` with `args`."""
    return await labelled(tx, turn, turn.words.say(code), action, **args)


async def labelled(tx: Tx, turn: Turn, label: str, action: str, /, **args: object) -> Button:
    """Return a button with a label of its own that does `action` with `args`."""
    token = await buttons.make(tx, action, dict(args), turn.now, ttl=LIFE)
    return Button(short(straight(label)), press=token)


def short(label: str, most: int = LABEL) -> str:
    """Return a label cut to what fits on a button."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def rows(keys: Iterable[Button], a_row: int = A_ROW) -> list[list[Button]]:
    """Return buttons in rows of `a_row`."""
    listed = list(keys)
    return [listed[at : at + a_row] for at in range(0, len(listed), a_row)]


async def paging(
    tx: Tx, turn: Turn, action: str, at: int, number: int, a_page: int, /, **args: object
) -> list[list[Button]]:
    """Return [‹ Newer] [Older ›] of a list of `number` lines that is shown from line `at`; no row
    where one page holds it all.
    """
    keys = []
    if at > 0:
        keys.append(
            await button(tx, turn, "talk.button.less", action, at=max(0, at - a_page), **args)
        )
    if at + a_page < number:
        keys.append(await button(tx, turn, "talk.button.more", action, at=at + a_page, **args))
    return [keys] if keys else []


def chat_request(words: Words) -> ReplyKeyboardMarkup:
    """Return the keyboard that lets somebody choose a channel or group, rights included."""
    channel = KeyboardButtonRequestChat(
        CHANNEL_REQUEST,
        chat_is_channel=True,
        user_administrator_rights=_rights("can_post_messages", "can_edit_messages"),
        bot_administrator_rights=_rights("can_post_messages", "can_edit_messages"),
        request_title=True,
        request_username=True,
    )
    group = KeyboardButtonRequestChat(
        GROUP_REQUEST,
        chat_is_channel=False,
        bot_is_member=True,
        request_title=True,
        request_username=True,
    )
    first = [
        KeyboardButton(words.say("talk.channel.button.channel"), request_chat=channel),
        KeyboardButton(words.say("talk.channel.button.group"), request_chat=group),
    ]
    cancel = [KeyboardButton(words.say("talk.button.cancel"))]
    return ReplyKeyboardMarkup([first, cancel], resize_keyboard=True, one_time_keyboard=True)


def _rights(*names: str) -> ChatAdministratorRights:
    every = ChatAdministratorRights.no_rights().to_dict()
    wanted: Sequence[str] = ("can_manage_chat", *names)
    return ChatAdministratorRights(**(every | dict.fromkeys(wanted, True)))
