"""Prints Messages in the terminal: in colour for a person, plain in a pipe, each Alert once."""

from __future__ import annotations

import errno
from typing import TextIO

from rich.console import Console
from rich.text import Text

from alerts.couriers import NotSent
from alerts.couriers.once import SentOnce
from alerts.pacing import UNLIMITED
from alerts.split import cut
from model.alert import Sent
from model.message import Message, Style
from model.people import Subscriber

WIDTH = 92
"""Columns of text at most: longer lines are hard to read."""
INDENT = 3
"""Columns that the mark of the first line takes up, and the other lines leave free."""
_QUOTES = frozenset({Style.QUOTE, Style.FOLDED})
_STYLES = {
    Style.BOLD: "bold",
    Style.ITALIC: "italic",
    Style.STRIKE: "strike",
    Style.CODE: "cyan",
    Style.LINK: "underline",
    Style.TIME: "",
}
_FOUND = "bold black on yellow"
"""The passage that fired, as with a highlighter."""


class _Paper(Console):
    """A console that says when nobody reads any more, instead of ending the program."""

    def on_broken_pipe(self) -> None:
        """Let the error go on to whoever printed."""
        raise BrokenPipeError(errno.EPIPE, "nobody reads any more")


class ConsoleCourier(SentOnce):
    """Delivers to the terminal. There is nothing to edit in what is printed already."""

    name = "console"
    limits = UNLIMITED

    def __init__(self, stream: TextIO) -> None:
        """Print to `stream`: with colours where it is a terminal (NO_COLOR is honoured)."""
        self._printed = 0
        self._console = _Paper(file=stream, highlight=False, markup=False, emoji=False)

    async def send(self, subscriber: Subscriber, message: Message) -> Sent:
        """Print the Message and a blank line. Its id counts what was printed."""
        del subscriber
        try:
            for line in rendered(message, self._console):
                self._console.print(line, soft_wrap=True)  # wrapped already; addresses stay whole
            self._console.print()
            self._console.file.flush()
        except (OSError, ValueError) as error:
            raise NotSent(f"The terminal can't be written to ({error}).") from None
        self._printed += 1
        return Sent((self._printed,))


def rendered(message: Message, console: Console) -> list[Text]:
    """Return the Message as lines no wider than this console, the article's address last."""
    lines: list[Text] = []
    at = 0
    for text in message.text.split("\n"):
        line = cut(message, at, at + len(text))
        lines += _wrapped(line, _lead(line, first=at == 0), console)
        at += len(text) + 1
    if message.preview:
        lines.append(Text.assemble(" " * INDENT, (message.preview, "dim")))
    return lines


def _lead(line: Message, *, first: bool) -> Text:
    """Return what stands before the line: nothing before a mark, else a dot, a bar or space."""
    if first:
        return Text("" if line.text[:1] and not line.text[0].isalnum() else "●  ")
    lead = Text(" " * INDENT)
    return lead.append("│ ", style="dim") if _is_quoted(line) else lead


def _wrapped(line: Message, lead: Text, console: Console) -> list[Text]:
    """Return the line in rows behind its lead; a list's further rows hang below its text."""
    if not line.text:
        return [Text()]
    hang = 2 if line.text.startswith("• ") else 0
    follow = lead if lead.plain.strip() == "│" else Text(" " * INDENT)
    room = max(20, min(WIDTH, console.width) - len(follow) - hang)
    rows = _styled(line, colour=console.is_terminal).wrap(console, room)
    for row in rows:
        row.rstrip()
    return [lead + rows[0], *(follow + Text(" " * hang) + row for row in rows[1:])]


def _styled(line: Message, *, colour: bool) -> Text:
    """Return the line with its Marks as styles; without colours a found passage is **in stars**."""
    styled = Text(line.text)
    found = [mark for mark in line.marks if mark.style is Style.BOLD and _is_quoted(line)]
    for mark in line.marks:
        style = _FOUND if mark in found else _STYLES.get(mark.style, "")
        link = f" link {mark.value}" if mark.style is Style.LINK else ""
        styled.stylize(style + link, mark.start, mark.end)
    for mark in sorted(() if colour else found, key=lambda mark: -mark.start):
        before, inside, after = styled.divide([mark.start, mark.end])
        styled = Text("**").join([before, inside, after])
    return styled


def _is_quoted(line: Message) -> bool:
    return any(mark.style in _QUOTES for mark in line.marks)
