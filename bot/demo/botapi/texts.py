"""Texts as Telegram counts them: UTF-16 units, entities inside them, lengths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from bot.demo.botapi.refusals import bad

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
FURTHEST_TIME = 1098 * 86_400
"""How many seconds from now a date_time entity may lie."""

PLAIN_KINDS = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
    | {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"}
    | {"blockquote", "expandable_blockquote", "text_mention", "custom_emoji"}
)
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "strike": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_/])")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def checked(
    text: str,
    entities: Sequence[dict[str, Any]],
    parse_mode: str,
    now: float,
    limit: int = TEXT_LIMIT,
) -> tuple[str, list[dict[str, Any]]]:
    """Return text and entities as Telegram keeps them: parsed, checked, trimmed at both ends."""
    if parse_mode:
        text, entities = _parsed(text, parse_mode)
    if len(entities) > ENTITY_LIMIT:
        raise bad(f"there are {len(entities)} entities, more than {ENTITY_LIMIT}")
    if units(text) > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    for entity in entities:
        _check(text, entity, now)
    return _trimmed(text, entities)


def found(text: str) -> list[dict[str, Any]]:
    """Return the entities Telegram finds by itself in what a person types."""
    spots = [("url", spot.span()) for spot in _ADDRESS.finditer(text)]
    if spot := _COMMAND.match(text):
        spots.append(("bot_command", spot.span()))
    return [
        {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}
        for kind, (start, end) in sorted(spots, key=lambda one: one[1])
    ]


def _check(text: str, entity: dict[str, Any], now: float) -> None:
    kind, start, length = entity["type"], entity["offset"], entity["length"]
    if length < 1 or start < 0 or start + length > units(text):
        raise bad(f"ENTITY_BOUNDS_INVALID: {kind} at {start}+{length} in {units(text)} units")
    raw = text.encode("utf-16-le")
    for edge in (start, start + length):
        if _low_surrogate(raw[edge * 2 : edge * 2 + 2]):
            raise bad(f"ENTITY_BOUNDS_INVALID: {kind} at {start}+{length} cuts a character in two")
    if kind == "text_link":
        _check_link(entity.get("url", ""))
    elif kind == "date_time":
        _check_time(entity.get("unix_time"), now)
    elif kind not in PLAIN_KINDS:
        raise bad(f"unsupported entity type {kind!r}")


def _low_surrogate(pair: bytes) -> bool:
    return len(pair) == 2 and 0xDC <= pair[1] <= 0xDF


def _check_link(url: str) -> None:
    if not re.match(r"(https?|tg)://[^\s/]", url):
        raise bad(f"ENTITY_TEXTURL_INVALID: {url!r}")


def _check_time(unix: object, now: float) -> None:
    if not isinstance(unix, int) or not 0 <= unix <= now + FURTHEST_TIME:
        raise bad(f"DATE_TIME_INVALID: {unix!r}")


def _trimmed(text: str, entities: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Telegram cuts white space at both ends and moves or shortens the entities with it."""
    kept = text.strip()
    if not kept:
        raise bad("message text is empty")
    shift = units(text) - units(text.lstrip())
    end = units(kept)
    moved = []
    for entity in entities:
        first = max(entity["offset"] - shift, 0)
        last = min(entity["offset"] + entity["length"] - shift, end)
        if first < last:
            moved.append(entity | {"offset": first, "length": last - first})
    return kept, moved


def _parsed(text: str, mode: str) -> tuple[str, list[dict[str, Any]]]:
    if mode.lower() != "html":
        raise bad(f"this server reads entities and HTML, not {mode}")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        tag = reader.open[-1][0]
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {tag!r}")
    return reader.text, reader.entities


class _Reader(HTMLParser):
    """Reads the HTML a bot may send."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, int, dict[str, Any]]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise bad(f"can't parse entities: Unsupported start tag {tag!r}")
        more: dict[str, Any] = {"url": dict(attrs).get("href") or ""} if tag == "a" else {}
        self.open.append((tag, units(self.text), more))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad(f"can't parse entities: Unexpected end tag {tag!r}")
        _, start, more = self.open.pop()
        length = units(self.text) - start
        if length:
            self.entities.append({"type": _TAGS[tag], "offset": start, "length": length} | more)
