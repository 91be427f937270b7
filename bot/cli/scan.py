"""`vigil scan`: a list of names over an archive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bot.cli import show
from model.errors import UsageError

if TYPE_CHECKING:
    from bot.scan import Readable, Tally


def add(app: typer.Typer) -> None:
    """Put this command into the table."""
    app.command()(scan)


def scan(
    watches: Annotated[Path, typer.Option("--watches", help="Names: .jsonl, .csv or .toml.")],
    items: Annotated[str, typer.Argument(help="Items, JSON lines; absent or -: stdin.")] = "-",
    possible: Annotated[
        bool, typer.Option("--possible", help="Mentions below the threshold too (from 40).")
    ] = False,
    threshold: Annotated[int, typer.Option(min=0, max=100, help="Least score.")] = 70,
    distance: Annotated[
        int, typer.Option("--context-distance", min=0, help="Characters around a nickname.")
    ] = 300,
) -> None:
    """Match a list of names over an archive.

    JSON lines in, JSON lines out; needs no configuration and no database.
    """
    from bot.scan import Tally, names_from
    from bot.scan import scan as find
    from bot.words import load

    names = names_from(watches, complain, threshold=threshold, context_distance=distance)
    tally = Tally()
    with opened(items) as (file, size), _progress(file, size, tally) as (read, say):
        together = A_PORTION if size else 1
        rows = find(
            names,
            read,
            load(),
            possible=possible,
            tally=tally,
            complain=complain,
            together=together,
        )
        for row in rows:
            say(show.encoded(row))
    if names.bad or tally.bad:
        raise typer.Exit(1)


A_PORTION = 64
"""Lines of a file that are read before the first is answered; of a stream each is answered."""


def complain(sentence: str) -> None:
    """Say on stderr what of an input can't be used."""
    print(f"vigil scan: {sentence}", file=sys.stderr)


@contextmanager
def opened(name: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file, or standard input for "-"; with its size, 0 where that is unknown."""
    if name == "-":
        yield sys.stdin.buffer, 0
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; what is done with it is not ours
        size = Path(name).stat().st_size
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}.") from None
    with file:
        yield file, size


class _Metered:
    """A file that tells, now and then, how far it has been read."""

    def __init__(self, file: BinaryIO, tell: Callable[[], None]) -> None:
        self._file, self._tell, self._lines = file, tell, 0

    def readline(self, limit: int = -1, /) -> bytes:
        self._lines += 1
        if self._lines % 50 == 0:
            self._tell()
        return self._file.readline(limit)


@contextmanager
def _progress(
    file: BinaryIO, size: int, tally: Tally
) -> Iterator[tuple[Readable, Callable[[str], None]]]:
    """Yield what to read and how to print a line; on a terminal with a bar below the lines."""
    if not sys.stderr.isatty():
        yield file, _print_at_once
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    both = sys.stdout.isatty()
    console = Console(file=sys.stdout if both else sys.stderr)
    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=size or None)

        def tell() -> None:
            said = f"{tally.items:,} items, {tally.mentions:,} mentions"
            bar.update(task, completed=file.tell() if size else None, description=said)

        def above(line: str) -> None:
            console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

        yield _Metered(file, tell), above if both else _print_at_once


def _print_at_once(line: str) -> None:
    """Print a line and pass it on: whoever reads a stream waits for it."""
    print(line, flush=True)
