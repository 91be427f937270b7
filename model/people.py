"""Who hears, and who may command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Chat(StrEnum):
    """What sort of place a Subscriber's address is."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"
    NONE = ""
    """Not a chat: the console, mail."""


@dataclass(frozen=True, slots=True)
class NewSubscriber:
    """Somewhere Alerts could go, before it is stored."""

    courier: str
    """"telegram", "console", …"""
    address: str
    """A chat's number or @name; empty for the console."""
    thread: int = 0
    """A forum topic; 0: none."""
    title: str = ""
    chat: Chat = Chat.NONE
    public: bool = False
    """It has an @name: it gets only what names it."""
    language: str = "en"
    name: str = ""
    """Its id in config.toml ("desk"); empty: linked in Telegram."""
    why: bool = True
    """False: the reason is left out of messages here."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who hears: a courier and an address."""

    id: int
    courier: str
    address: str
    thread: int = 0
    title: str = ""
    chat: Chat = Chat.NONE
    public: bool = False
    language: str = "en"
    name: str = ""
    why: bool = True
    declared: bool = False
    enabled: bool = True
    parked_since: datetime | None = None
    """It refuses us (kicked, rights lost): its Deliveries are kept for 7 days."""
    parked_why: str = ""
    muted_until: datetime | None = None

    @property
    def has_hours(self) -> bool:
        """Whether what comes for it can be held: a terminal takes everything at once, while mail
        keeps hours as a chat does.
        """
        return self.chat is not Chat.NONE or self.courier == "apprise"

    @property
    def is_visitor(self) -> bool:
        """Whether it is a person who is no member: told only what they follow themselves."""
        return self.public and self.chat is Chat.PRIVATE


class Role(StrEnum):
    """What a Member may do; each includes the ones below it."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Member:
    """A person who may command, by Telegram user id."""

    id: int
    name: str
    role: Role
    language: str = "en"
    since: datetime | None = None
