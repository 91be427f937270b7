"""The world the server keeps: people, chats, who sits where, and what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.botapi.refusals import bad

Json = dict[str, Any]

BOT_ID = 110201543
USER_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
INSIDE = ("creator", "administrator", "member", "restricted")


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    blocks_bot: bool = False
    is_bot: bool = False

    def view(self) -> Json:
        """Return the User object."""
        told: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            told["username"] = self.username
        return told if self.is_bot else told | {"language_code": self.language}


@dataclass(slots=True)
class Seat:
    """How somebody sits in a chat."""

    status: str = "left"
    """"creator", "administrator", "member", "restricted", "left" or "kicked"."""
    rights: frozenset[str] = frozenset()

    def may(self, right: str) -> bool:
        """Return whether this seat brings an administrator's `right`."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)


@dataclass(slots=True)
class Topic:
    """A thread of a forum."""

    id: int
    name: str
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat, group, supergroup or channel."""

    id: int
    kind: str
    """"private", "group", "supergroup" or "channel"."""
    title: str = ""
    username: str = ""
    is_forum: bool = False
    seats: dict[int, Seat] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    """As Telegram would show them now; deleted ones are gone."""
    topics: dict[int, Topic] = field(default_factory=dict)
    last_id: int = 0
    migrated_to: int = 0
    keyboard: list[list[Json]] = field(default_factory=list)
    """The buttons shown instead of letters, row by row."""
    person: Person | None = None
    """Of a private chat: who the bot talks with."""

    def seat(self, user_id: int) -> Seat:
        """Return the seat of somebody; who never came sits outside."""
        return self.seats.setdefault(user_id, Seat())

    def view(self) -> Json:
        """Return the Chat object."""
        told: Json = {"id": self.id, "type": self.kind}
        if self.person is not None:
            told["first_name"] = self.person.name
        else:
            told["title"] = self.title
        if self.username:
            told["username"] = self.username
        return told | ({"is_forum": True} if self.is_forum else {})

    def newest(self) -> list[Json]:
        """Return the messages that stand, newest first."""
        return [self.messages[number] for number in sorted(self.messages, reverse=True)]


class Pulse:
    """Wakes everybody who waits for something to happen."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Something happened: wake all who wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def next(self) -> None:
        """Wait until something happens."""
        await self._event.wait()


class World:
    """Everybody and everything said; the only thing that knows numbers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with the bot alone; `clock` gives unix seconds."""
        self.clock = clock
        self.pulse = Pulse()
        self.bot = Person(BOT_ID, "vigil", "vigilbot", is_bot=True)
        self.people: dict[int, Person] = {BOT_ID: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        """File id → name and bytes."""
        self._next_person = 5_001
        self._next_chat = 1

    def person(self, name: str, username: str = "", language: str = "en") -> Person:
        """Return the person called `name`; somebody new is made."""
        for person in self.people.values():
            if person.name == name and not person.is_bot:
                return person
        person = Person(self._next_person, name, username, language)
        self._next_person += 1
        self.people[person.id] = person
        return person

    def private(self, person: Person) -> Chat:
        """Return the private chat of `person` with the bot, opened now if it was not."""
        chat = self.chats.get(person.id)
        if chat is None:
            chat = Chat(person.id, "private", username=person.username, person=person)
            chat.seats = {person.id: Seat("member"), BOT_ID: Seat("member")}
            self.chats[person.id] = chat
        return chat

    def make(
        self, kind: str, title: str, owner: Person, *, username: str = "", is_forum: bool = False
    ) -> Chat:
        """Return a new group, supergroup or channel that `owner` created."""
        number = self._next_chat
        self._next_chat += 1
        chat_id = -(5_000 + number) if kind == "group" else -(1_000_000_000_000 + 2_000 + number)
        chat = Chat(chat_id, kind, title, username, is_forum, {owner.id: Seat("creator")})
        self.chats[chat_id] = chat
        return chat

    def find(self, address: int | str) -> Chat:
        """Return the chat with this number or @name; RefusedError when there is none."""
        if isinstance(address, str) and address.lstrip("-").isdigit():
            address = int(address)
        found = self.chats.get(address) if isinstance(address, int) else self._named(address)
        if found is None:
            raise bad("chat not found")
        return found

    def _named(self, name: str) -> Chat | None:
        wanted = name.removeprefix("@").casefold()
        for chat in self.chats.values():
            if chat.kind != "private" and wanted and chat.username.casefold() == wanted:
                return chat
        return None

    def titled(self, name: str) -> Chat:
        """Return the chat a person means by a number, @name, title or somebody's name."""
        for chat in self.chats.values():
            if name in (str(chat.id), f"@{chat.username}", chat.title) and name:
                return chat
        for person in self.people.values():
            if person.name == name and not person.is_bot:
                return self.private(person)
        raise bad(f"there is no chat called {name!r}")

    def post(self, chat: Chat, sender: Person, content: Json) -> Json:
        """Return a new message of `sender` in `chat`; in channels the channel speaks."""
        chat.last_id += 1
        message: Json = {
            "message_id": chat.last_id,
            "date": int(self.clock()),
            "chat": chat.view(),
        }
        if chat.kind == "channel":
            message["sender_chat"] = chat.view()
        else:
            message["from"] = sender.view()
        message |= content
        chat.messages[chat.last_id] = message
        self.pulse.beat()
        return message

    def keep_file(self, name: str, data: bytes, mime: str) -> Json:
        """Return the Document object of a file kept here."""
        number = len(self.files) + 1
        file_id = f"file{number:06d}"
        self.files[file_id] = (name, data)
        return {
            "file_id": file_id,
            "file_unique_id": f"unique{number:06d}",
            "file_name": name,
            "mime_type": mime,
            "file_size": len(data),
        }

    def migrate(self, group: Chat) -> Chat:
        """Return the supergroup that `group` became; the old number only points to it now."""
        new = self.make("supergroup", group.title, self.bot)
        new.seats = dict(group.seats)
        group.migrated_to = new.id
        return new


def member_view(person: Person, seat: Seat, chat: Chat) -> Json:
    """Return the ChatMember object of somebody's seat."""
    told: Json = {"status": seat.status, "user": person.view()}
    if seat.status == "creator":
        return told | {"is_anonymous": False}
    if seat.status == "administrator":
        kinds = CHANNEL_RIGHTS if chat.kind == "channel" else GROUP_RIGHTS
        told |= {"can_be_edited": False, "is_anonymous": False}
        return told | {right: right in seat.rights for right in (*USER_RIGHTS, *kinds)}
    if seat.status == "restricted":
        return told | _restricted()
    return told | ({"until_date": 0} if seat.status == "kicked" else {})


def _restricted() -> Json:
    rights = (
        "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos"
        " can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages"
        " can_add_web_page_previews can_change_info can_invite_users can_pin_messages"
        " can_manage_topics can_edit_tag can_react_to_messages"
    )
    return {"is_member": True, "until_date": 0} | dict.fromkeys(rights.split(), False)
