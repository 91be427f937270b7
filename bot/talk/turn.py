"""One turn of the conversation: who did what, where, and what is at hand to answer it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Chat, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ExtBot

from bot.talk.parts import Parts
from model.people import Chat as Place
from model.people import Member
from model.words import Words

PLACES = {
    ChatType.PRIVATE: Place.PRIVATE,
    ChatType.GROUP: Place.GROUP,
    ChatType.SUPERGROUP: Place.GROUP,
    ChatType.CHANNEL: Place.CHANNEL,
}


def place_of(sort: str) -> Place:
    """Return what Telegram's sort of chat is to us; NONE: one that it did not have yet."""
    try:
        return PLACES.get(ChatType(sort), Place.NONE)
    except ValueError:
        return Place.NONE


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody did something; everything a flow needs to act on it and to answer."""

    parts: Parts
    bot: ExtBot[Any]
    update: Update
    now: datetime
    user: User
    """Who did it: never an anonymous administrator, never a channel."""
    chat: Chat
    member: Member | None
    """What we know of them; None: a stranger."""
    words: Words
    """In their language."""
    text: str = ""
    """What came after the command, or the whole text where there was none."""
    pressed: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of the button they pressed."""
    later: Callable[[Coroutine[Any, Any, None]], None] = lambda coroutine: coroutine.close()
    """Let something small happen after the turn, such as taking a test message back."""

    popped: list[str] = field(default_factory=list)
    """What popped up as the answer to the pressed button; each press is answered once."""

    @property
    def place(self) -> Place:
        """What sort of chat this is."""
        return place_of(self.chat.type)

    @property
    def private(self) -> bool:
        """Whether this is the private chat with the person."""
        return self.place is Place.PRIVATE

    @property
    def message(self) -> Message | None:
        """The message they sent, or the one whose button they pressed; None: too old to see."""
        shown = self.update.effective_message
        return shown if isinstance(shown, Message) else None

    @property
    def thread(self) -> int:
        """The forum topic this happens in; 0: none."""
        message = self.message
        if message is None or not message.is_topic_message:
            return 0
        return message.message_thread_id or 0
