"""Messages: what an Alert says, before a Courier sends it."""

from __future__ import annotations

from dataclasses import dataclass
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
    """One button under a Message: exactly one of url, press and copy is set."""

    label: str
    url: str = ""
    press: str = ""
    """An opaque id (store.buttons)."""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: text, Marks, buttons."""

    text: str
    marks: tuple[Mark, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    preview: str = ""
    """The address whose preview may be shown; empty: none."""
    silent: bool = False
