"""How long /watch previews and /search take over a large archive.

    python -m bench.preview [--items 100000] [--postgres URL] [--keep FILE]

Makes an archive of articles of about 400 letters, all first seen in the last 30 days, takes their
words in as the running program does, and asks what people ask: each question five times, the
slowest counts. `--keep` leaves the SQLite file there, and uses it again when it is there already.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.store import postgres
from bot.looking import look, meant
from bot.talk.parts import Parts
from bot.talk.preview import measure
from bot.words import load
from matching.archive import read_search
from matching.terms import parse
from model import Item, NewSource
from store import items, lookup, sources
from store.engine import Store
from watchers.fetch import Fetcher, FetchRules
from watchers.sandbox import Sandbox

NOW = datetime(2020, 11, 18, 15, 0, tzinfo=UTC)
TIMES = 5
LIMIT = 1.0
GIVEN = """
Salvador Genaro Iván Luis Édgar Ana Carol María José Juan Pedro Marta Elena Sergey Yusuf
""".split()  # noqa: SIM905 - read more easily so
SURNAMES = """
Cienfuegos García Luna Reyes Arzate Cárdenas Palomino Veytia Amon Hernández Pérez López
Martínez Orta Quintero Valdés Zambada Guerra Ibarra Solís Weber Novak Petrov Haddad Rossi
Dubois
""".split()  # noqa: SIM905 - read more easily so
WORDS = """
court judge hearing indictment police minister government report company bank market season
player coach storm rain river city port union strike vote party budget school hospital juez
audiencia fiscalía gobierno ciudad acuerdo mercado temporada lluvia puerto huelga partido
presupuesto escuela sentencia recurso ministro testigo defensa acusación tribunal
""".split()  # noqa: SIM905 - read more easily so
SYLLABLES = """
ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo ya zu bra cle dri fro gru
""".split()  # noqa: SIM905 - read more easily so
WATCHES = (
    ("a person, some 200 articles", "Salvador Cienfuegos Zepeda"),
    ("a person nobody writes about", "Wolfgang Amadeus Tiefenbacher"),
    ("a very common name", "Juan Pérez"),
    ("one word that is everywhere", 'phrase "judge"'),
    ("a name with nicknames and context", "Genaro García Luna ~Metralleta (court | juez) -futbol"),
    ("a docket number", "1:19-cr-00366"),
)
SEARCHES = (
    ("two words", "cienfuegos audiencia"),
    ("a quotation", '"salvador cienfuegos"'),
    ("a word that is everywhere", "judge"),
    ("a common word and a rare one", "court tiefenbacher"),
    ("alternatives and an exclusion", "weber | novak -police"),
    ("the last page that is counted", "judge"),
)


def articles(count: int, source_id: int) -> list[Item]:
    """Return articles made of a vocabulary as large as a real archive's."""
    dice = random.Random(20201118)
    rare = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(60_000)]
    found = []
    for number in range(count):
        name = f"{dice.choice(GIVEN)} {dice.choice(SURNAMES)}"
        if number % 500 == 0:
            name = "Salvador Cienfuegos Zepeda"
        words = [
            dice.choice(WORDS if dice.random() < 0.5 else rare) for _ in range(dice.randint(40, 70))
        ]
        words.insert(dice.randrange(len(words)), f"{dice.choice(GIVEN)} {dice.choice(SURNAMES)}")
        words.insert(dice.randrange(len(words)), name)
        title = f"{name} {' '.join(dice.choices(WORDS, k=4))} {dice.choice(rare)}"
        found.append(
            Item(
                key=str(number),
                url=f"https://a.example/{number}",
                title=title,
                summary=" ".join(words).capitalize() + ".",
                source_id=source_id,
                lang="en" if number % 2 else "es",
            )
        )
    return found


async def fill(store: Store, count: int) -> None:
    """Make the archive, as if it had come over 30 days."""
    async with store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed", "A"), NOW)
    every = articles(count, source.id)
    began = time.perf_counter()
    for at in range(0, count, 1_000):
        seen = NOW - timedelta(days=29.9) * (1 - at / count)
        async with store.write() as tx:
            await items.record(tx, every[at : at + 1_000], seen)
    recorded = time.perf_counter() - began
    print(f"{count:,} articles recorded at {count / recorded:,.0f}/s", flush=True)
    began = time.perf_counter()
    while await lookup.take_in(store):
        pass
    taken = time.perf_counter() - began
    print(f"their words taken in at {count / taken:,.0f}/s, in the background", flush=True)


async def ask(name: str, question: Callable[[], Awaitable[str]]) -> float:
    """Ask five times; print and return the slowest, beside it the CPU seconds of the dearest."""
    slowest, dearest, said = 0.0, 0.0, ""
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.process_time()
        said = await question()
        slowest = max(slowest, time.perf_counter() - began)
        dearest = max(dearest, time.process_time() - worked)
    mark = "" if slowest < LIMIT else f"  over {LIMIT} s"
    print(f"  {name:<36}{slowest:>7.3f} s {dearest:>7.3f} CPU  {said}{mark}", flush=True)
    return slowest


async def measured(store: Store) -> float:
    """Ask everything; return the slowest answer in seconds."""
    async with Fetcher(FetchRules(user_agent="bench")) as fetcher, Sandbox(1) as sandbox:
        parts = Parts(store, load, fetcher, sandbox, "bench", NOW)
        slowest = 0.0
        print("/watch, previews")
        for name, text in WATCHES:
            slowest = max(slowest, await ask(name, partial(_preview, parts, text)))
        print("/search")
        for name, text in SEARCHES:
            at = 992 if "last page" in name else 0
            slowest = max(slowest, await ask(name, partial(_search, store, text, at)))
        return max(slowest, await ask("a slip: what was meant", partial(_meant, store)))


async def _preview(parts: Parts, text: str) -> str:
    found = await measure(parts, parse(text), NOW)
    about = "about " if found.estimated else ""
    return f"{about}{found.alerts:,} alerts of {found.articles:,} articles"


async def _search(store: Store, text: str, at: int) -> str:
    seen = await look(store, read_search(text), at, 8)
    return f"{'more than ' if seen.more else ''}{seen.count:,} found"


async def _meant(store: Store) -> str:
    better, times = await meant(store, "Cienfeugos")
    return f"{better} ({times})"


@asynccontextmanager
async def archive(where: str, kept: Path | None) -> AsyncIterator[tuple[Store, bool]]:
    """Give an open store, and whether it is new."""
    if where != "sqlite":
        async with postgres(where) as url:
            store = await Store.open(url)
            try:
                yield store, True
            finally:
                await store.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "vigil.db"
        is_new = not path.exists()
        store = await Store.open(f"sqlite+aiosqlite:///{path}")
        try:
            yield store, is_new
        finally:
            await store.close()


async def main() -> None:
    """Measure on SQLite, and on PostgreSQL where an address is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    for where in ("sqlite", asked.postgres) if asked.postgres else ("sqlite",):
        print("SQLite" if where == "sqlite" else "PostgreSQL", flush=True)
        async with archive(where, asked.keep) as (store, is_new):
            if is_new:
                await fill(store, asked.items)
            print(f"slowest: {await measured(store):.3f} s (target {LIMIT} s)")


if __name__ == "__main__":
    asyncio.run(main())
