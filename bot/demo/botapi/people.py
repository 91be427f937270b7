"""People and chats as a test or a page drives them: they say, press, choose, and see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from bot.demo.botapi import texts
from bot.demo.botapi.refusals import bad
from bot.demo.botapi.world import (
    BOT_ID,
    CHANNEL_RIGHTS,
    Chat,
    Json,
    Person,
    Seat,
    Topic,
    World,
    member_view,
)

if TYPE_CHECKING:
    from bot.demo.telegram_server import TelegramServer

PATIENCE = 40.0
"""Seconds one waits for something to be seen."""
Found = TypeVar("Found")
ANONYMOUS_ADMIN = 1087968824
"""The account under which administrators post who hide their names."""
_RIGHTS = frozenset({"can_manage_chat", "can_post_messages", "can_edit_messages"})


async def until(
    world: World, look: Callable[[], Found | None], what: str, patience: float = PATIENCE
) -> Found:
    """Return what `look` finds, looking again whenever something happened.

    AssertionError with `what` when it is not found within `patience` seconds.
    """
    try:
        async with asyncio.timeout(patience):
            while not (found := look()):
                await world.pulse.next()
            return found
    except TimeoutError:
        raise AssertionError(what) from None


@dataclass(frozen=True, slots=True)
class Press:
    """A button somebody pressed."""

    world: World
    press: Json

    async def answer(self) -> str:
        """Return what the bot answers, as the line that pops up; empty: nothing pops up."""
        what = f"the button {self.press['label']!r} was never answered"
        await until(self.world, lambda: "answer" in self.press, what)
        return str(self.press["answer"])


class Room:
    """A chat as those in it see it."""

    def __init__(self, server: TelegramServer, chat: Chat) -> None:
        """Look at `chat` on `server`."""
        self.server = server
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat's number."""
        return self.chat.id

    @property
    def messages(self) -> list[Json]:
        """The bot's messages that stand, oldest first."""
        return [one for one in reversed(self.chat.newest()) if self._by_bot(one)]

    @property
    def texts(self) -> list[str]:
        """The texts of the bot's messages, oldest first."""
        return [said(one) for one in self.messages]

    async def shows(self, text: str, *, times: int = 1, patience: float = PATIENCE) -> Json:
        """Return the newest message holding `text`, once `times` messages hold it."""

        def look() -> Json | None:
            held = [one for one in self.messages if text in said(one)]
            return held[-1] if len(held) >= times else None

        try:
            return await until(self.server.world, look, "", patience)
        except AssertionError:
            told = "\n---\n".join(self.texts) or "(nothing)"
            raise AssertionError(f"{text!r} is not shown here; this is:\n{told}") from None

    async def loses(self, text: str, *, patience: float = PATIENCE) -> None:
        """Wait until no message holds `text` any more."""
        world = self.server.world
        what = f"{text!r} is still shown here"
        await until(world, lambda: not any(text in one for one in self.texts), what, patience)

    def buttons(self, message: Json | None = None) -> list[str]:
        """Return the labels under a message; without one, under the newest that has any."""
        shown = [message] if message is not None else reversed(self.messages)
        for one in shown:
            if labels := [button["text"] for button in _buttons(one)]:
                return labels
        return []

    def every_button(self) -> list[str]:
        """Return the labels under all messages."""
        return [button["text"] for one in self.messages for button in _buttons(one)]

    def admit_bot(self, by: Someone, *rights: str) -> None:
        """Let the bot in: into a channel as administrator with `rights`, else as a member."""
        is_channel = self.chat.kind == "channel"
        given = frozenset(rights) if rights else _RIGHTS
        seat = Seat("administrator", given) if is_channel or rights else Seat("member")
        self._seat_bot(seat, by)

    def remove_bot(self, by: Someone, status: str = "kicked") -> None:
        """Take the bot out, or with another `status` ("left", "restricted") leave it there."""
        self._seat_bot(Seat(status), by)

    def join(self, someone: Someone, status: str = "member", *rights: str) -> None:
        """Give somebody a seat here."""
        self.chat.seats[someone.person.id] = Seat(status, frozenset(rights))

    def open_topic(self, thread: int, name: str) -> None:
        """Let this forum have a topic of this number."""
        self.chat.topics[thread] = Topic(thread, name)

    def migrate(self, by: Someone) -> Room:
        """Return the supergroup this group becomes; the bot is told as Telegram tells it."""
        world, updates = self.server.world, self.server.updates
        new = world.migrate(self.chat)
        old_note = {"migrate_to_chat_id": new.id}
        updates.add("message", dict(world.post(self.chat, by.person, old_note)))
        new_note = {"migrate_from_chat_id": self.chat.id}
        updates.add("message", dict(world.post(new, by.person, new_note)))
        return Room(self.server, new)

    def _seat_bot(self, seat: Seat, by: Someone) -> None:
        world = self.server.world
        old = self.chat.seat(BOT_ID)
        self.chat.seats[BOT_ID] = seat
        change = {
            "chat": self.chat.view(),
            "from": by.person.view(),
            "date": int(world.clock()),
            "old_chat_member": member_view(world.bot, old, self.chat),
            "new_chat_member": member_view(world.bot, seat, self.chat),
        }
        self.server.updates.add("my_chat_member", change)

    def _by_bot(self, message: Json) -> bool:
        sender = message.get("from")
        return sender is None or sender["id"] == BOT_ID


class Someone:
    """A person with a telephone."""

    def __init__(self, server: TelegramServer, person: Person) -> None:
        """Act as `person` on `server`."""
        self.server = server
        self.person = person
        self.private = Room(server, server.world.private(person))

    @property
    def id(self) -> int:
        """The person's number."""
        return self.person.id

    async def hears(self, text: str, *, times: int = 1, patience: float = PATIENCE) -> Json:
        """Return the message of the bot in the private chat that holds `text`."""
        return await self.private.shows(text, times=times, patience=patience)

    async def says(
        self,
        text: str,
        room: Room | None = None,
        *,
        reply_to: Json | None = None,
        thread: int = 0,
    ) -> Json:
        """Type `text`, privately, in `room`, or in a topic of it; return the message."""
        content = _typed(text)
        if thread:
            content |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            content["reply_to_message"] = {
                name: one for name, one in reply_to.items() if name != "reply_to_message"
            }
        return self._post(room, content)

    async def says_anonymously(self, text: str, room: Room) -> Json:
        """Type `text` as an administrator who shows the group's name instead of their own."""
        hidden = Person(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", is_bot=True)
        content = _typed(text) | {"sender_chat": room.chat.view()}
        message = self.server.world.post(room.chat, hidden, content)
        self.server.updates.add("message", dict(message))
        return message

    async def sends_file(self, name: str, data: bytes, room: Room | None = None) -> Json:
        """Send a file, privately or in `room`; return the message."""
        document = self.server.world.keep_file(name, data, "application/octet-stream")
        return self._post(room, {"document": document})

    async def presses(
        self, label: str, room: Room | None = None, *, message: Json | None = None
    ) -> Press:
        """Press the newest inline button whose label holds `label`.

        A button with a deep link into the bot (t.me/…?start=…) sends that /start; any other
        address opens outside and tells the bot nothing.
        """
        room = room or self.private
        shown, button = self._button(room, label, message)
        if "callback_data" in button:
            return self._call(room, shown, button)
        address = urlsplit(button.get("url", ""))
        payload = parse_qs(address.query).get("start", [])
        if payload and address.path.strip("/") == self.server.world.bot.username:
            await self.says(f"/start {payload[0]}")
        return Press(self.server.world, {"label": label, "answer": ""})

    async def asks_inline(self, text: str) -> list[Json]:
        """Type `@bot text` in some other chat; return the cards the bot offers."""
        queries = self.server.sending.queries
        number = f"{5_000_000_000_000 + len(queries)}"
        query: Json = {"id": number, "from": self.person.view(), "query": text, "offset": ""}
        kept: Json = {}
        queries[number] = kept
        self.server.updates.add("inline_query", query)
        what = f"the inline query {text!r} was never answered"
        await until(self.server.world, lambda: "results" in kept, what)
        found: list[Json] = kept["results"]
        return found

    async def presses_soon(self, label: str, room: Room | None = None) -> Press:
        """Press a button as soon as it is shown."""
        room = room or self.private
        what = f"no button {label!r} is ever shown"
        world = self.server.world
        await until(world, lambda: any(label in one for one in room.every_button()), what)
        return await self.presses(label, room)

    async def chooses(self, room: Room, label: str = "") -> Json:
        """Use the request_chat button (whose label holds `label`) to choose `room`.

        Telegram then gives the bot the rights the button asked for, and says who was chosen.
        """
        is_channel = room.chat.kind == "channel"
        wish = self._wish(label, is_channel=is_channel)
        seat = room.chat.seat(self.id)
        for right, needed in wish.get("user_administrator_rights", {}).items():
            if needed and not seat.may(right):
                raise bad(f"{self.person.name} may not choose it: lacks {right}")
        rights = [name for name, on in wish.get("bot_administrator_rights", {}).items() if on]
        if rights or wish.get("bot_is_member"):
            room.admit_bot(self, *rights)
        shared: Json = {"request_id": wish["request_id"], "chat_id": room.id}
        if wish.get("request_title"):
            shared["title"] = room.chat.title
        if wish.get("request_username") and room.chat.username:
            shared["username"] = room.chat.username
        return self._post(None, {"chat_shared": shared})

    async def claims_chosen(self, room: Room, request: int) -> Json:
        """Say that `room` was chosen, as a meddling app could: no rights are checked or given."""
        return self._post(None, {"chat_shared": {"request_id": request, "chat_id": room.id}})

    def blocks_bot(self, blocked: bool = True) -> None:
        """Block the bot, or let it speak again."""
        self.person.blocks_bot = blocked
        self.private._seat_bot(Seat("kicked" if blocked else "member"), self)

    def _post(self, room: Room | None, content: Json) -> Json:
        chat = (room or self.private).chat
        message = self.server.world.post(chat, self.person, content)
        kind = "channel_post" if chat.kind == "channel" else "message"
        self.server.updates.add(kind, dict(message))
        return message

    def _button(self, room: Room, label: str, message: Json | None) -> tuple[Json, Json]:
        shown = [message] if message is not None else list(reversed(room.messages))
        for one in shown:
            for button in _buttons(one):
                if label in button["text"]:
                    return one, button
        raise bad(f"no button {label!r} is shown here, but {room.buttons(message)}")

    def _call(self, room: Room, shown: Json, button: Json) -> Press:
        presses = self.server.sending.presses
        number = f"{4_000_000_000_000 + len(presses)}"
        press: Json = {"label": button["text"], "at": self.server.world.clock()}
        presses[number] = press
        query = {
            "id": number,
            "from": self.person.view(),
            "message": dict(shown),
            "chat_instance": str(room.id),
            "data": button["callback_data"],
        }
        self.server.updates.add("callback_query", query)
        return Press(self.server.world, press)

    def _wish(self, label: str, *, is_channel: bool) -> dict[str, Any]:
        for row in self.private.chat.keyboard:
            for button in row:
                wish: Json | None = button.get("request_chat")
                if wish and label in button["text"] and wish["chat_is_channel"] == is_channel:
                    return wish
        raise bad("no button asks for such a chat here")


def _typed(text: str) -> Json:
    entities = texts.found(text)
    return {"text": text} | ({"entities": entities} if entities else {})


def said(message: Json) -> str:
    """Return the words of a message."""
    return str(message.get("text") or message.get("caption") or "")


def default_rights(kind: str) -> frozenset[str]:
    """Return the rights a bot is usually given in a channel; in a group it needs none."""
    return frozenset({"can_manage_chat", *CHANNEL_RIGHTS}) if kind == "channel" else frozenset()


def _buttons(message: Json) -> Iterator[Json]:
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        yield from row
