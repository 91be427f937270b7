"""Remakes docs/tour.md: ten minutes of a new user, held with the real conversation against the
loopback server, and written down from what that server accepted.

    python -m script.tour

Nothing in it is typed by hand but what Ana does; `tests/test_tour.py` holds the page to it.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from bot.demo.botapi.people import Room, Someone
from bot.demo.outlets import Piece, load_case
from bot.demo.transcript import Transcript
from model import Item
from store import members
from store.engine import Store
from tests.bot.talk.stage import Stage, conversing, staged
from tests.bot.talk.test_timeline import filed, found

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "tour.md"
BEGIN = datetime(2020, 10, 29, 9, 0, tzinfo=UTC)
"""When Ana comes: the general has been arrested two weeks ago."""
NAME = "Salvador Cienfuegos Zepeda"
HEAD = """# A tour of ten minutes

What follows is a transcript: Ana is new, and every answer is what vigil said. It is made by
`python -m script.tour` from the log of the loopback Telegram server; the articles are those of
`vigil demo`, by outlets that do not exist.
"""


@dataclass
class Tour:
    """The page as it grows."""

    stage: Stage
    ana: Someone
    transcript: Transcript
    parts: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def chapter(self, title: str, told: str) -> None:
        """Begin a chapter, with a sentence or two about what it shows."""
        self.flush()
        self.parts.append(f"## {title}\n\n{told}")

    async def says(self, text: str) -> None:
        """Let Ana type."""
        await self.transcript.says(self.ana, text)

    async def presses(self, label: str) -> None:
        """Let Ana press."""
        await self.transcript.presses(self.ana, label)

    async def comes(self, until: datetime) -> None:
        """Let outlets publish what they publish until then, and what it raises be told."""
        for piece in _pieces(self.stage.clock.now, until):
            self.stage.clock.now = piece.at
            for item in await found(self.stage, _item(piece), source=_outlet(piece)):
                if await _names_her_man(self.stage, item):
                    await self.stage.alert(item, grouped=True)
        self.stage.clock.now = until
        await self.transcript.shown()

    def picture(self, name: str, words: str) -> None:
        """Show the picture that was sent last."""
        self.flush()
        photo = [data for _, data in self.stage.server.world.files.values() if data[1:4] == b"PNG"]
        self.pictures[name] = photo[-1]
        self.parts.append(f"![{words}](tour/{name})")

    def flush(self) -> None:
        """Put what was said since the last chapter onto the page."""
        if self.transcript.lines:
            self.parts.append("\n\n".join(_shown(line) for line in self.transcript.lines))
            self.transcript.lines.clear()

    def page(self) -> str:
        """Return the whole page."""
        self.flush()
        return "\n\n".join([HEAD.rstrip(), *self.parts]) + "\n"


async def make() -> tuple[str, dict[str, bytes]]:
    """Return the page, and its pictures by their names."""
    with tempfile.TemporaryDirectory(prefix="vigil-tour-") as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'tour.db'}")
        try:
            async with staged(store, BEGIN, owned=False) as stage, conversing(stage.receiver):
                tour = Tour(stage, stage.ana, Transcript(stage.server, stage.handled))
                tour.transcript.rooms.append(stage.ana.private)
                await walk(tour)
                return tour.page(), tour.pictures
        finally:
            await store.close()


async def walk(tour: Tour) -> None:
    """Hold the conversation."""
    await _first_minute(tour)
    await _tuned(tour)
    await _alerts(tour)
    await _court(tour)
    await _channel(tour)
    await _looking_back(tour)


async def _first_minute(tour: Tour) -> None:
    stage = tour.stage
    for piece in _pieces(datetime(2020, 10, 1, tzinfo=UTC), BEGIN):
        stage.clock.now = piece.at
        await stage.read(_item(piece), source=_outlet(piece))
    stage.clock.now = BEGIN
    async with stage.store.write() as tx:
        code = await members.claim_code(tx, stage.clock.now)
    tour.chapter(
        "The first minute",
        "The program printed a link in its log. Whoever opens it first owns the bot.",
    )
    await tour.says(f"/start claim_{code}")
    await tour.says("/start")
    await tour.says(NAME)
    await tour.presses("Start watching")


async def _tuned(tour: Tour) -> None:
    tour.chapter(
        "Fine-tuning",
        "Each part of a watch is a screen, and a change says what it would have done before it is "
        "kept.",
    )
    await tour.presses("Fine-tune")
    await tour.presses("Names")
    await tour.says("General Cienfuegos")
    await tour.presses("Keep")
    await tour.presses("Back")
    await tour.presses("Never")
    await tour.says("Camilo Cienfuegos")
    await tour.presses("Keep")


async def _alerts(tour: Tour) -> None:
    tour.chapter(
        "An alert, and one that was wrong",
        "A week later. Every alert says why it came; one that was not meant becomes a rule.",
    )
    await tour.comes(datetime(2020, 11, 6, 9, 0, tzinfo=UTC))
    wrong = Item(
        key="x", title="A namesake opens a school", url="https://cuaderno.example/2020/11/school",
        summary=f"General {NAME} Gorriarán opened a primary school in Holguín on Saturday.",
    )  # fmt: skip
    for item in await found(tour.stage, wrong, source="Cuaderno Federal"):
        await tour.stage.alert(item)
    await tour.transcript.shown()
    await tour.presses("Not them")
    await tour.presses("Someone else")
    await tour.presses("1")
    await tour.stage.deliver()
    await tour.transcript.shown()


async def _court(tour: Tour) -> None:
    tour.chapter("A court case", "A docket number is enough.")
    await filed(tour.stage, "MOTION to dismiss the indictment", date(2020, 11, 17), "22")
    await filed(tour.stage, "ORDER granting 22 Motion to Dismiss", date(2020, 11, 18), "23")
    await tour.says("1:19-cr-00366")
    await tour.presses("E.D.N.Y.")
    await tour.presses("Follow")


async def _channel(tour: Tour) -> None:
    tour.chapter(
        "A channel",
        "Telegram’s own chooser links a channel and gives the right to post.",
    )
    news: Room = tour.stage.server.channel("Court news", tour.ana, bot=False)
    tour.transcript.rooms.append(news)
    await tour.says("/channel")
    await tour.transcript.chooses(tour.ana, news)
    await tour.presses("All watches")
    await tour.comes(datetime(2020, 11, 19, 9, 0, tzinfo=UTC))


async def _looking_back(tour: Tour) -> None:
    tour.chapter("Looking back", "What came, in order, and as a picture.")
    await tour.says(f"/timeline {NAME}")
    await tour.says(f"/stats {NAME}")
    tour.picture("stats.png", "Mentions a day, as /stats draws them")
    tour.chapter("Is everything working?", "")
    await tour.says("/status")
    await tour.says("/help")


def _pieces(after: datetime, until: datetime) -> list[Piece]:
    every = [one for one in load_case().pieces if isinstance(one, Piece)]
    return [one for one in every if after < one.at <= until]


def _outlet(piece: Piece) -> str:
    return next(one.name for one in load_case().outlets if one.id == piece.outlet)


def _item(piece: Piece) -> Item:
    return Item(
        key=piece.id, url=piece.url, title=piece.title, summary=piece.summary, lang=piece.lang
    )


async def _names_her_man(stage: Stage, item: Item) -> bool:
    """Return whether the real matcher finds the watched one in it."""
    from store import items

    async with stage.store.read() as tx:
        return bool((await items.mentioned(tx, [item.id])).get(item.id))


def _shown(line: str) -> str:
    """Return a line of the transcript as Markdown: what a person does in bold."""
    who, _, rest = line.partition("\n")
    if not rest:
        return f"**{who}**" if who.startswith("Ana") else f"*{who.strip('()')}*"
    quoted = [f"{one}  " if one.strip() not in (">", "") else one for one in rest.split("\n")]
    return "\n".join([f"{who}\n", *quoted])


def main() -> None:
    """Write the page and its pictures."""
    page, pictures = asyncio.run(make())
    PAGE.write_text(page, encoding="utf-8")
    (DOCS / "tour").mkdir(exist_ok=True)
    for name, data in pictures.items():
        (DOCS / "tour" / name).write_bytes(data)


if __name__ == "__main__":
    main()
