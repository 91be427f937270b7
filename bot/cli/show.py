"""Lists on the screen: aligned columns for people, JSON lines for programs."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path


def complain(sentence: str) -> None:
    """Say on stderr what of an input can't be used."""
    print(f"vigil: {sentence}", file=sys.stderr)


def lines(rows: Iterable[object]) -> None:
    """Print each row as one line of JSON."""
    for row in rows:
        print(encoded(row))


def encoded(row: object) -> str:
    """Return one line of JSON; what UTF-8 can't hold (a lone surrogate) is escaped."""
    text = json.dumps(row, ensure_ascii=False, default=_plain)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(row, default=_plain)
    return text


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str = "") -> None:
    """Print rows in columns: a rich table on a terminal, plain text with two blanks between
    columns in a pipe. `empty` is the sentence printed where there are no rows.
    """
    if not rows:
        print(empty or "Nothing to list.")
    elif sys.stdout.isatty():
        _rich_table(headings, rows)
    else:
        _plain_table(headings, rows)


def _rich_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE, pad_edge=False)
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_cell(value)) for value in row))
    Console().print(shown)


def _plain_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    texts = [list(headings), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(text) for text in column) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (tuple, list)):
        return ", ".join(str(part) for part in value)
    return printable(str(value))


def printable(text: str) -> str:
    """Return one line without control characters: a feed's title must not steer a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yield what to call with how many are done: it moves a bar where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def plain_fields(row: object) -> dict[str, object]:
    """Return a dataclass's fields by name."""
    if not dataclasses.is_dataclass(row):
        raise TypeError(f"{type(row).__name__} has no fields")
    return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}


def fields(row: Mapping[str, object]) -> None:
    """Print one thing's fields, one a line."""
    width = max((len(name) for name in row), default=0)
    for name, value in row.items():
        print(f"{name.ljust(width)}  {_cell(value)}".rstrip())
