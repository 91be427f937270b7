"""Messages: what an Alert says, before a Courier sends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Style(StrEnum):
    """How a Mark shows its span."""

    BOLD = "bold"
    ITALIC = "italic"
    STRIKE = "strike"
    CODE = "code"
    LINK = "link"
    QUOTE = "quote"
    FOLDED = "folded"
    """A quote that opens when it is tapped."""
    TIME = "time"
    """An instant each reader sees in their own zone; `value`: unix seconds, `form`: a format."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A styled span of a Message's text, in code points."""

    style: Style
    start: int
    end: int
    value: str = ""
    """The address of a link, the unix seconds of a time."""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a Message: exactly one of url, press, copy and start is set."""

    label: str
    url: str = ""
    press: str = ""
    """An opaque id (store.buttons)."""
    copy: str = ""
    start: str = ""
    """Opens a private chat with the bot, which is told this (`/start …`)."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: text, Marks, buttons."""

    text: str
    marks: tuple[Mark, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    preview: str = ""
    """The address whose preview may be shown; empty: none."""
    silent: bool = False
    reply_to: int = 0
    """The message in the same chat that it answers; 0: none. One that is gone is answered no more.
    """


def marked(text: str | Message, style: Style, value: str = "", form: str = "") -> Message:
    """Return `text` with one Mark over all of it (none where there is no text)."""
    inner = text if isinstance(text, Message) else Message(text)
    if not inner.text:
        return inner
    whole = Mark(style, 0, len(inner.text), value, form)
    return Message(inner.text, (whole, *inner.marks))


def joined(parts: Iterable[str | Message], between: str = "") -> Message:
    """Return the parts one after the other, `between` them the given text, Marks shifted to
    where their words now stand. Buttons, preview and silence are not carried over.
    """
    text, marks = "", []
    for number, part in enumerate(parts):
        piece = part if isinstance(part, Message) else Message(part)
        text += between if number else ""
        marks += [replace(m, start=m.start + len(text), end=m.end + len(text)) for m in piece.marks]
        text += piece.text
    return Message(text, tuple(marks))
