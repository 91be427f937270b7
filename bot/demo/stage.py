"""What the demo shows around the alerts: its title, the running clock, the asides, the count."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.text import Text

from alerts.couriers.console import ConsoleCourier
from model.message import Message
from model.people import Subscriber

FRAMES = 24
"""Steps of the clock between two moments of the story."""


@dataclass(slots=True)
class Count:
    """What came of the replay."""

    polls: int = 0
    articles: int = 0
    filings: int = 0
    mentions: int = 0
    alerts: int = 0
    edits: int = 0
    held_back: int = 0


class Stage:
    """Writes to the terminal; in a pipe the same without colour and movement."""

    def __init__(self, out: TextIO) -> None:
        """Show on `out`."""
        self._console = Console(file=out, highlight=False, markup=False, emoji=False)
        self._moves = self._console.is_terminal

    def opens(self, names: Sequence[str], outlets: Sequence[str], number: str) -> None:
        """Say what is going to be seen."""
        self._line(
            "vigil demo: United States v. Cienfuegos Zepeda, October to November 2020", "bold"
        )
        self._line(f"Watching {_listed(names)} in {_listed(outlets)},")
        self._line(f"and following the docket {number} (E.D.N.Y.), which is still under seal.")
        self._line(
            "Real polling, matching and delivery; the outlets are invented, the docket retold.",
            "dim",
        )
        self._line("")

    async def clock(self, begin: datetime, end: datetime, seconds: float) -> None:
        """Let the case's clock run from one moment to the next in so many seconds."""
        if not self._moves:
            await asyncio.sleep(seconds)
        else:
            for frame in range(1, FRAMES + 1):
                at = begin + (end - begin) * frame / FRAMES
                self._console.file.write(f"\r\x1b[2m{at:%a %d %b %Y  %H:%M} UTC\x1b[0m\x1b[K")
                self._console.file.flush()
                await asyncio.sleep(seconds / FRAMES)
            self._console.file.write("\r\x1b[K")
        self._line(f"{end:%a %d %b %Y  %H:%M} UTC", "dim")

    def held_back(self, title: str, why: str) -> None:
        """Show an article that looked like a mention and was none."""
        self._line(f"   held back: {title}", "dim")
        self._line(f"   {why}", "dim italic")
        self._line("")

    def edited(self, message: Message) -> None:
        """Show that a message already sent now reads differently."""
        lines = [line for line in message.text.split("\n") if line]
        said = next((line for line in lines if line.startswith("• ")), lines[1])
        self._line(f"   ✎ the message above is edited, silently: {said.removeprefix('• ')}", "cyan")
        self._line("")

    def closes(self, count: Count) -> None:
        """Say what came of it."""
        self._line(
            f"{count.articles} articles and {count.filings} court filings in {count.polls} polls: "
            f"{count.mentions} named somebody watched, {count.alerts} alerts, "
            f"{count.edits} edits of a sent message, {count.held_back} look-alikes held back.",
            "bold",
        )
        self._line("Next: ./vigil setup, or the README's three steps to your own channel.", "dim")

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style), soft_wrap=True)


class StageCourier(ConsoleCourier):
    """The console courier, which also shows the edits that a chat would see happen."""

    def __init__(self, out: TextIO, stage: Stage) -> None:
        """Print alerts to `out` and edits on the stage."""
        super().__init__(out)
        self._stage = stage

    async def edit(
        self, subscriber: Subscriber, message_ids: Sequence[int], message: Message
    ) -> None:
        """Show what the edited message says now."""
        self._stage.edited(message)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
