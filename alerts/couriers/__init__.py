"""Ways of delivering. Each is one file with one class that keeps the promise of `Courier`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from alerts.pacing import Limits
from model.alert import Sent
from model.errors import DeliveryError
from model.message import Message
from model.people import Subscriber


class Courier(Protocol):
    """Carries Messages to Subscribers. Every failure is a Trouble; nothing else is raised."""

    @property
    def name(self) -> str:
        """What Subscribers call it ("telegram")."""

    @property
    def limits(self) -> Limits:
        """How fast it may be used."""

    async def send(self, subscriber: Subscriber, message: Message) -> Sent:
        """Deliver the Message; return the ids by which it can be edited."""

    async def edit(
        self, subscriber: Subscriber, message_ids: Sequence[int], message: Message
    ) -> None:
        """Change what was sent under these ids; editing twice does no harm."""

    async def show(self, subscriber: Subscriber, caption: Message, picture: bytes) -> Sent:
        """Show a picture (PNG) with a caption, without a sound; return the ids by which it can be
        taken back.
        """

    async def delete(self, subscriber: Subscriber, message_ids: Sequence[int]) -> None:
        """Take back what was sent under these ids; what is gone already is fine."""

    async def close(self) -> None:
        """Give back connections. Nothing is sent after this."""


class Trouble(DeliveryError):  # noqa: N818 - "except Refused" reads as what happened
    """The message could not be delivered."""

    arrived = False
    """Whether it, or a part of it, may have arrived all the same."""


class NotSent(Trouble):
    """The server could not be reached; nothing was sent. I try again by myself."""


class Ambiguous(Trouble):
    """The server did not say whether it took the message. I send it again, marked as a repeat."""

    arrived = True


class Wait(Trouble):
    """The server asks to be left alone for a while; nothing was sent."""

    def __init__(self, seconds: float, sentence: str = "") -> None:
        """`seconds` until this chat may be written to again."""
        super().__init__(sentence or f"The server asks to wait {seconds:g} s; nothing was sent.")
        self.seconds = seconds


class WrongToken(Trouble):
    """Telegram does not know this token. Copy it again from @BotFather into the token file."""


class Refused(Trouble):
    """The server will never take this message."""


class TooLong(Refused):
    """The message is longer than the server takes."""


class BadMarks(Refused):
    """The server does not like the message's marks or buttons; its plain text may pass."""


class ChatLost(Trouble):
    """The chat does not let us write any more."""


class TopicGone(ChatLost):
    """The topic of this chat is closed or gone."""


class Migrated(Trouble):
    """The group became a supergroup and has a new address."""

    def __init__(self, address: str) -> None:
        """`address` is the new one."""
        super().__init__(f"The group now has the address {address}.")
        self.address = address


class MessageLost(Trouble):
    """What was to be edited or deleted is not there any more."""


class NotModified(Trouble):
    """The message already reads like this."""
