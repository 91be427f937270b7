"""Cuts a Message into parts that a chat accepts, Marks cut and shifted along (pure)."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from model.message import Message

UNITS = 4096
"""UTF-16 units in one Telegram message, after its entities are taken out."""
MARKS = 100
"""Entities in one Telegram message; further ones are ignored without a word."""


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units, which is what Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(message: Message, start: int, end: int) -> Message:
    """Return code points start:end of the message, with the Marks (or parts of them) in there."""
    marks = tuple(
        replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start)
        for mark in message.marks
        if max(mark.start, start) < min(mark.end, end)
    )
    return replace(message, text=message.text[start:end], marks=marks)


def split(message: Message, most: int = UNITS, marks: int = MARKS) -> list[Message]:
    """Return the message as parts of at most `most` UTF-16 units and `marks` Marks, cut between
    paragraphs, else lines, else words, else anywhere. Only the last part has the buttons, only
    the first the preview. No part is blank; a blank message has no parts.
    """
    parts: list[Message] = []
    start = 0
    while start < len(message.text):
        end = _end(message, start, most, marks)
        part = trimmed(cut(message, start, end))
        if part.text:
            parts.append(replace(part, marks=part.marks[:marks], buttons=(), preview=""))
        start = end
    if parts:
        parts[0] = replace(parts[0], preview=message.preview)
        parts[-1] = replace(parts[-1], buttons=message.buttons)
    return parts


def _end(message: Message, start: int, most: int, marks: int) -> int:
    """Return where the part that begins at `start` ends; always beyond `start`."""
    text = message.text
    end = min(len(text), start + max(most, 2))
    while units(text[start:end]) > max(most, 2):
        end -= max(1, (units(text[start:end]) - most) // 2)
    begun = sorted(mark.start for mark in message.marks if start < mark.start < end)
    carried = sum(mark.start <= start < mark.end for mark in message.marks)
    room = max(1, marks - carried)
    if len(begun) > room:
        end = begun[room]
    return end if end >= len(text) else _seam(text, start, end)


def _seam(text: str, start: int, end: int) -> int:
    """Return the best place for a cut in start:end: between paragraphs, lines, words, letters."""
    half = start + (end - start) // 2
    for seam in ("\n\n", "\n", " "):
        place = text.rfind(seam, half, end + 1)
        if place > start:
            return min(place + len(seam), end) if place < end else end
    place = end
    while place > half and unicodedata.combining(text[place]):
        place -= 1
    return place if place > start else end


def trimmed(message: Message) -> Message:
    """Return the message without white space at its ends, as Telegram would cut it anyway."""
    text = message.text
    return cut(message, len(text) - len(text.lstrip()), len(text.rstrip()))
