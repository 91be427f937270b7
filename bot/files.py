"""Exports as files: written page by page, packed or cut by month where they would be too large."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.told import COLUMNS, Period, ToldRow, csv_line, csv_row, written
from model.errors import UsageError
from model.words import Words
from store.engine import Store

LARGEST = 45_000_000
"""Bytes of a file that is sent as it is; Telegram takes 50 MB from a bot."""
HEADS = {"csv": "\ufeff" + csv_line(COLUMNS), "json": ""}


def json_line(row: ToldRow) -> str:
    """Return a row as a line of JSON."""
    return json.dumps(asdict(row), ensure_ascii=False, default=_said) + "\n"


def _said(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


LINES: dict[str, Callable[[ToldRow], str]] = {"csv": csv_row, "json": json_line}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written."""

    form: str
    """ "csv" or "json"."""
    period: Period
    name: str
    """Of the file, without its ending."""


async def files(store: Store, wanted: Wanted, words: Words, folder: Path) -> list[Path]:
    """Write what was told into `folder` and return the files, none larger than Telegram takes: one
    as it is, packed, or one a month, packed. UsageError where even a month is too much.
    """
    whole = await _write(store, wanted, words, folder / f"{wanted.name}.{wanted.form}")
    if whole.stat().st_size <= LARGEST:
        return [whole]
    packed = await asyncio.to_thread(_packed, whole)
    if packed.stat().st_size <= LARGEST:
        return [packed]
    packed.unlink()
    parts = []
    for since, until in _months(wanted.period.since, wanted.period.until):
        month = Wanted(
            wanted.form,
            replace(wanted.period, since=since, until=until),
            f"{wanted.name}-{since:%Y-%m}",
        )
        path = await _write(store, month, words, folder / f"{month.name}.{month.form}")
        parts.append(await asyncio.to_thread(_packed, path))
    if any(part.stat().st_size > LARGEST for part in parts):
        raise UsageError(words.say("export.too-large"))
    return parts


async def _write(store: Store, wanted: Wanted, words: Words, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADS[wanted.form])
        async for line in _lines(store, wanted, words):
            file.write(line)
    return path


def _lines(store: Store, wanted: Wanted, words: Words) -> AsyncIterator[str]:
    return written(store, wanted.period, words, LINES[wanted.form])


def _packed(path: Path) -> Path:
    """Pack a file, which goes."""
    packed = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    path.unlink()
    return packed


def _months(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return the calendar months (UTC) of a period, the first and last cut to it."""
    found = []
    at = since
    while at < until:
        start = at.astimezone(UTC)
        year, month = divmod(start.year * 12 + start.month, 12)
        following = min(datetime(year, month + 1, 1, tzinfo=UTC), until)
        found.append((at, following))
        at = following
    return found
