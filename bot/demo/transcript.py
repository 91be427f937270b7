"""A conversation on the loopback server, as somebody looking over a shoulder would note it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.demo.botapi.people import Room, Someone
from bot.demo.botapi.world import BOT_ID, Json

if TYPE_CHECKING:
    from bot.demo.telegram_server import TelegramServer

_TOKEN = re.compile(r"(\b(?:claim|inv|[atw])_)[\w-]{3,}|(start=[atw]_)\w+")
_KEYS = re.compile(r"\[[^\]]+\](?: \[[^\]]+\])*")
_MARKS = {"bold": "**", "strikethrough": "~~", "italic": "_", "code": "`"}


@dataclass
class Transcript:
    """What was said and shown, in order; `settled` waits until the bot has answered everything."""

    server: TelegramServer
    settled: Callable[[], Awaitable[None]]
    rooms: list[Room] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _seen: dict[tuple[int, int], str] = field(default_factory=dict)
    _pops: int = 0

    async def says(self, someone: Someone, text: str, room: Room | None = None) -> None:
        """Let somebody type something; note what comes of it."""
        self._note(f"{_who(someone, room)}: {text}")
        await someone.says(text, room)
        await self.shown()

    async def presses(self, someone: Someone, label: str, room: Room | None = None) -> None:
        """Let somebody press the newest button whose label holds `label`."""
        shown = _pressable(room or someone.private, label)
        self._note(f"{_who(someone, room)} presses [{shown}]")
        await someone.presses(label, room)
        await self.shown()

    async def chooses(self, someone: Someone, room: Room) -> None:
        """Let somebody choose a chat in Telegram's own chooser."""
        self._note(f"{someone.person.name} chooses “{room.chat.title}”")
        await someone.chooses(room)
        await self.shown()

    async def shown(self) -> None:
        """Note what the bot has said, changed or taken back since the last look."""
        await self.settled()
        self._popped()
        for room in self.rooms:
            for line in self._changes(room):
                self._note(line)

    def _changes(self, room: Room) -> Iterator[str]:
        spoken = {one["message_id"]: one for one in room.messages if _spoken(one)}
        stands = {number: rendered(one) for number, one in spoken.items()}
        before = {number: text for (chat, number), text in self._seen.items() if chat == room.id}
        where = "" if room.chat.kind == "private" else f" in {room.chat.title}"
        for number, text in stands.items():
            if number not in before:
                yield f"vigil{where}:\n{_quoted(text)}"
            elif before[number] != text and _same_words(before[number], text):
                keys = "\n".join(_keys(spoken[number]))
                yield f"vigil{where}, under the same message:\n{_quoted(keys)}"
            elif before[number] != text:
                yield f"vigil{where}, in the same message:\n{_quoted(text)}"
        for number in before.keys() - stands.keys():
            yield f"vigil{where} takes back: {before[number].splitlines()[0]}"
        self._seen = {key: text for key, text in self._seen.items() if key[0] != room.id}
        self._seen |= {(room.id, number): text for number, text in stands.items()}

    def _popped(self) -> None:
        answers = [one.get("answer", "") for one in self.server.sending.presses.values()]
        for text in answers[self._pops :]:
            if text:
                self._note(f"(a line pops up: {text})")
        self._pops = len(answers)

    def _note(self, line: str) -> None:
        self.lines.append(_TOKEN.sub(r"\1\2…", line))

    def __str__(self) -> str:
        """Return all of it, an empty line between what happened."""
        return "\n\n".join(self.lines)


def rendered(message: Json) -> str:
    """Return a message as its reader sees it: words with their marks, pictures, buttons."""
    parts = []
    if "photo" in message:
        parts.append("(a picture)")
    if "document" in message:
        parts.append(f"(a file: {message['document']['file_name']})")
    text = str(message.get("text") or message.get("caption") or "")
    entities = message.get("entities") or message.get("caption_entities") or []
    parts.append(_marked(text, entities))
    parts += _keys(message)
    return "\n".join(part for part in parts if part)


def _keys(message: Json) -> list[str]:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", ())
    return [" ".join(f"[{button['text']}]" for button in row) for row in keyboard]


def _same_words(before: str, now: str) -> bool:
    """Return whether only the buttons differ."""

    def words(text: str) -> list[str]:
        return [line for line in text.splitlines() if not _KEYS.fullmatch(line)]

    return words(before) == words(now)


def _marked(text: str, entities: list[Json]) -> str:
    """Return the text with signs around what is bold, struck through, italic or code."""
    raw = text.encode("utf-16-le")
    signs: dict[int, list[str]] = {}
    for one in entities:
        sign = _MARKS.get(one["type"], "")
        start, end = one["offset"], one["offset"] + one["length"]
        signs.setdefault(start, []).append(sign)
        signs.setdefault(end, []).insert(0, sign)
    parts, last = [], 0
    for place in sorted(signs):
        parts += [raw[last * 2 : place * 2].decode("utf-16-le"), *signs[place]]
        last = place
    return "".join(parts) + raw[last * 2 :].decode("utf-16-le")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _spoken(message: Json) -> bool:
    sender = message.get("from")
    return sender is None or sender["id"] == BOT_ID


def _who(someone: Someone, room: Room | None) -> str:
    where = f" in {room.chat.title}" if room is not None else ""
    return f"{someone.person.name}{where}"


def _pressable(room: Room, label: str) -> str:
    """Return the whole label of the newest button that holds `label`."""
    for message in reversed(room.messages):
        for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
            for button in row:
                if label in button["text"]:
                    return str(button["text"])
    return label
