"""What reading articles' own pages costs: pages a second and processor seconds per 1,000 pages,
through the real sandbox, and how long the loop stood still meanwhile.

    python -m bench.extract                     400 pages made afresh, 20 to 160 KB each
    python -m bench.extract --pages 2000
    python -m bench.extract --real FOLDER       also the .html files there (default: ../shared/data)

A made page has what outlets' pages have around an article: menus, scripts, related links, a
footer; its one sentence that names somebody must come out, and nothing of the menus, or this
fails. So does a stall of 250 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model import ParseError
from watchers.answer import Article
from watchers.sandbox import Sandbox

NAME = "Salvador Cienfuegos Zepeda"
MENU = "Subscribe to our newsletter about gardening"
STALL = 0.25
REAL = Path("../shared/data")
CHILDREN = 2
AT_ONCE = 8
_SAID = (
    "the court of appeals said on thursday that prosecutors had asked for more time while a judge "
    "in brooklyn heard both sides about evidence which officials in mexico city never shared with "
    "anyone else before the minister left for washington and nobody knew when he would return"
)


@dataclass(frozen=True)
class Cost:
    """What a set of pages cost."""

    pages: int
    size: int
    seconds: float
    processor: float
    stall: float
    failed: int


def made(rng: random.Random, number: int) -> bytes:
    """Return one page as an outlet might send it."""
    said = [_paragraph(rng) for _ in range(rng.randint(8, 30))]
    said.insert(
        rng.randint(2, len(said)), f"<p>The order of number {number} names {NAME} twice.</p>"
    )
    menu = "".join(f'<li><a href="/topic/{n}">Topic {n}</a></li>' for n in range(80))
    script = f"<script>var state = {{'blob': '{'x' * rng.randint(5_000, 100_000)}'}};</script>"
    related = "".join(
        f'<div class="card"><a href="/2020/11/{n}"><h3>{_sentence(rng)}</h3></a></div>'
        for n in range(25)
    )
    title = _sentence(rng)
    return (
        f'<!doctype html><html lang="en"><head><title>{title} | The Ledger</title>'
        f'<meta property="og:title" content="{title}">{script}</head><body>'
        f"<nav><ul>{menu}</ul></nav><article><h1>{title}</h1>{''.join(said)}</article>"
        f"<aside>{related}<form><p>{MENU}</p></form></aside><footer>{menu}</footer></body></html>"
    ).encode()


def _paragraph(rng: random.Random) -> str:
    return "<p>" + " ".join(_sentence(rng) for _ in range(rng.randint(2, 5))) + "</p>"


def _sentence(rng: random.Random) -> str:
    return " ".join(rng.choice(_SAID.split()) for _ in range(rng.randint(8, 22))).capitalize() + "."


async def measured(pages: Sequence[bytes]) -> tuple[Cost, list[Article | None]]:
    """Read all pages and say what it cost; children are started and warmed first."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    async with Sandbox(CHILDREN) as sandbox:
        await _warm(sandbox)
    idle = _spent(before)
    before, mine = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    async with Sandbox(CHILDREN) as sandbox:
        await _warm(sandbox)
        watch = asyncio.create_task(_stalls())
        started = time.monotonic()
        found = await _read(sandbox, pages)
        seconds = time.monotonic() - started
        watch.cancel()
        stall = (await asyncio.gather(watch, return_exceptions=True))[0]
    here = time.process_time() - mine
    processor = max(0.0, _spent(before) - idle) + here
    failed = sum(one is None for one in found)
    longest = float(str(stall)) if isinstance(stall, _LongestError) else 0.0
    size = sum(map(len, pages))
    return Cost(len(pages), size, seconds, processor, longest, failed), found


class _LongestError(Exception):
    """Carries the longest stall out of the task that watched."""


async def _stalls() -> None:
    longest, last = 0.0, time.monotonic()
    try:
        while True:
            await asyncio.sleep(0.005)
            now = time.monotonic()
            longest, last = max(longest, now - last - 0.005), now
    except asyncio.CancelledError:
        raise _LongestError(longest) from None


async def _warm(sandbox: Sandbox) -> None:
    page = made(random.Random(1), 0)
    await asyncio.gather(*(sandbox.article(page, "https://a.example/") for _ in range(CHILDREN)))


async def _read(sandbox: Sandbox, pages: Sequence[bytes]) -> list[Article | None]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, page: bytes) -> Article | None:
        async with turn:
            try:
                return await sandbox.article(page, f"https://a.example/{number}")
            except ParseError:
                return None

    return await asyncio.gather(*(one(number, page) for number, page in enumerate(pages)))


def _spent(before: resource.struct_rusage) -> float:
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime


def check(found: Sequence[Article | None]) -> None:
    """Raise SystemExit when a made page came out wrong."""
    for number, one in enumerate(found):
        if one is None or f"The order of number {number} names {NAME} twice." not in one.text:
            raise SystemExit(f"page {number} lost the sentence it is about")
        if MENU in one.text:
            raise SystemExit(f"page {number} brought what stands around the article")


def show(name: str, cost: Cost) -> None:
    """Print one line of the table."""
    print(
        f"{name:22} {cost.pages:6} pages {cost.size / 1e6:7.1f} MB"
        f" {cost.pages / cost.seconds:7.1f} pages/s"
        f" {cost.processor / cost.pages * 1000:7.1f} CPU-s/1,000"
        f" {cost.stall * 1000:6.0f} ms longest stall {cost.failed:4} without text"
    )


def main() -> None:
    """Print the table; exit 1 when the loop stood still for too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--real", type=Path, default=REAL)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    given = parser.parse_args()
    rng = random.Random(given.seed)
    print(f"seed {given.seed}, {CHILDREN} children")
    cost, found = asyncio.run(measured([made(rng, n) for n in range(given.pages)]))
    check(found)
    show("made afresh", cost)
    worst = cost.stall
    real = sorted(given.real.rglob("*.html")) if given.real.is_dir() else []
    if real:
        cost, _ = asyncio.run(measured([path.read_bytes() for path in real]))
        show("real pages", cost)
        worst = max(worst, cost.stall)
    if worst >= STALL:
        sys.exit(f"the loop stood still for {worst * 1000:.0f} ms")


if __name__ == "__main__":
    main()
