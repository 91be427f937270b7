"""A flow held in a language, to be read as it reads: `ana.says(…)`, `ana.presses(…)`.

Labels are given in English in every language: each is looked up in the catalogue, so that one
test tells the flow in all of them.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass

from babel.messages.pofile import read_po

from bot import words
from bot.demo.botapi.people import Room, Someone
from bot.demo.transcript import Transcript
from model.people import Member, Role
from store import members
from tests.bot.talk.stage import Stage

LABEL = 24
"""Letters of a label at most."""


@dataclass
class Actor:
    """Somebody in a scene."""

    scene: Scene
    someone: Someone

    async def says(self, text: str, room: Room | None = None) -> None:
        """Type something."""
        await self.scene.transcript.says(self.someone, text, room)

    async def presses(self, label: str, room: Room | None = None) -> None:
        """Press a button, by its English label or by what it shows itself."""
        shown = (room or self.someone.private).every_button()
        meant = [one for one in self.scene.labels(label) if any(one in there for there in shown)]
        await self.scene.transcript.presses(self.someone, [*meant, label][0], room)

    async def chooses(self, room: Room) -> None:
        """Choose a chat in Telegram's own chooser."""
        await self.scene.transcript.chooses(self.someone, room)


@dataclass
class Scene:
    """A stage, the language spoken on it, and the transcript of what is said."""

    stage: Stage
    language: str
    transcript: Transcript

    def labels(self, english: str) -> list[str]:
        """Return what a button may be called in the scene's language."""
        told = self.stage.parts.words(self.language)
        return [told.say(code) for code in _codes().get(english, ())]

    def somebody(self, name: str) -> Actor:
        """Let somebody come in; their private chat is noted down too."""
        someone = self.stage.server.person(name, language=self.language)
        self.transcript.rooms.append(someone.private)
        return Actor(self, someone)

    def watched(self, room: Room) -> Room:
        """Note down what happens in this chat as well."""
        self.transcript.rooms.append(room)
        return room

    async def time_passes(self, **length: float) -> None:
        """Move the clock on; what is due is sent."""
        self.stage.clock.forward(**length)
        await self.stage.keep_time()
        await self.transcript.shown()


@contextlib.asynccontextmanager
async def scene(stage: Stage, language: str, *, owned: bool = True) -> AsyncIterator[Scene]:
    """Open a scene in a language; Ana owns the bot unless it is `owned` by nobody yet."""
    if owned:
        async with stage.store.write() as tx:
            ana = Member(stage.ana.id, "Ana", Role.OWNER, language, stage.clock.now)
            await members.add(tx, ana)
    stage.ana.person.language = language
    yield Scene(stage, language, Transcript(stage.server, stage.handled))


@functools.cache
def _codes() -> dict[str, tuple[str, ...]]:
    """Return the codes of English labels."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((words.FOLDER / "en").glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="en"):
                one = isinstance(entry.id, str) and isinstance(entry.string, str)
                if one and entry.id and len(entry.string) <= LABEL:
                    found[entry.string] = (*found.get(entry.string, ()), entry.id)
    return found
