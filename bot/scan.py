"""`vigil scan`: a list of names over an archive, JSON lines in, JSON lines out, offline.

Of a stream each line is handled when it comes; of a file a few together, which costs less. An
archive of any size needs the memory of those.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from bot.words import Catalogue
from matching.match import Matcher
from matching.wishes import from_row
from model.errors import TermError, UsageError
from model.item import Item
from model.mention import Mention, Reason
from model.watch import Watch

LONGEST = 32_000_000
"""Bytes of the longest line that is read: a file without line ends must not fill the memory."""
TEXTS = ("title", "summary", "text")
_OURS = ("id", "to", "declared", "muted_until")
"""What our own lists say of a watch beside its terms."""
_ALSO = ("lang", "url", "published", "source")

Complain = Callable[[str], None]
"""Called with one sentence for each line that can't be used."""


class Readable(Protocol):
    """What lines are read from: a binary file, standard input."""

    def readline(self, limit: int = -1, /) -> bytes:
        """Return the next line, at most `limit` bytes of it; empty at the end."""
        ...


@dataclass(slots=True)
class Names:
    """The watches of a scan, ready to match, and what they are called."""

    matcher: Matcher
    names: dict[int, str] = field(default_factory=dict)
    bad: int = 0
    """How many entries could not be used."""


@dataclass(slots=True)
class Tally:
    """What a scan did."""

    items: int = 0
    mentions: int = 0
    bad: int = 0


def names_from(path: Path, complain: Complain, **options: int) -> Names:
    """Return a list of watches from a .jsonl, .csv or .toml file, ready to match.

    An entry that can't be used is complained of and left out. Raises UsageError when the file
    can't be read at all. `options` go to the Matcher.
    """
    found = Names(Matcher(**options))
    for number, (place, row) in enumerate(rows_of(path), start=1):
        try:
            watch = watch_of(row)
            found.matcher.add(replace(watch, id=number))
        except TermError as error:
            found.bad += 1
            complain(f"{path.name} {place}: {error}")
        else:
            found.names[number] = _called(row, watch)
    if not found.names and not found.bad:
        complain(f"{path.name} holds no watch: nothing is looked for.")
    found.matcher.keep()
    return found


def _called(row: Mapping[str, object] | str, watch: Watch) -> str:
    """Return the name exactly as the list writes it."""
    name = row.get("name") if isinstance(row, Mapping) else None
    return name if isinstance(name, str) else watch.name


def watch_of(row: Mapping[str, object] | str) -> Watch:
    """Return the Watch of an entry, whomever it goes to; TermError when it can't be watched."""
    if isinstance(row, str):
        raise TermError(row)
    return from_row({key: value for key, value in row.items() if key not in _OURS})


Row = tuple[str, Mapping[str, object] | str]
"""An entry with its place ("line 3"), or the sentence why it is none."""


def rows_of(path: Path) -> Iterator[Row]:
    """Yield each entry of a list of watches, whatever its format; UsageError when the file
    can't be read.
    """
    read = {".csv": _csv_rows, ".toml": _toml_rows}.get(path.suffix.lower(), _json_rows)
    try:
        yield from read(path)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8: save it as UTF-8.") from None
    except (csv.Error, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} can't be understood: {error}.") from None


_SEPARATORS = ",;\t"
"""Where a comma stands in numbers, spreadsheets write a semicolon between columns."""


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(LONGEST)
        file.seek(0)
        reader = csv.DictReader(file, delimiter=max(_SEPARATORS, key=first.count))
        for row in reader:
            yield f"line {reader.line_num}", _csv_row(row)


def _csv_row(row: dict[str, str | None]) -> Mapping[str, object] | str:
    """Return a line's columns, or the sentence why it can't be used."""
    if None in row:
        return "this line has more columns than the first one."
    if any("\n" in (row.get(name) or "").strip() for name in row if name.strip().lower() == "name"):
        return "the name goes over several lines: a quotation mark before it is not closed."
    return {column: value for column, value in row.items() if value is not None}


def _toml_rows(path: Path) -> Iterator[Row]:
    entries = tomllib.loads(path.read_text("utf-8-sig")).get("watches", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{path} holds no [[watches]] tables.")
    for number, entry in enumerate(entries, start=1):
        yield f"[[watches]] number {number}", entry


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in _lines(file):
            try:
                yield f"line {number}", _object(line)
            except ValueError as error:
                yield f"line {number}", str(error)


def _lines(file: Readable) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line that is not blank with its number; None for one that is too long."""
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _object(line: bytes | None) -> dict[str, object]:
    """Return a line's JSON object; ValueError, in one sentence, when it holds none."""
    if line is None:
        raise ValueError(f"this line is longer than {LONGEST // 1_000_000} MB.")
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise ValueError(f"this is not UTF-8 (byte {error.start + 1}).") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON ({error.msg}, column {error.colno}).") from None
    except RecursionError:
        raise ValueError("this JSON is nested too deeply.") from None
    if not isinstance(found, dict):
        raise ValueError('an object such as {"id": "1", "title": "…"} is needed.')
    return found


def _no_number(word: str) -> None:
    """Refuse NaN and Infinity, which are no JSON: nobody could read them in our answer."""
    raise ValueError(f"this is not JSON ({word}).")


def item_from(row: Mapping[str, object]) -> Item:
    """Return the Item of one JSON object; ValueError, in one sentence, when it is none."""
    key = row.get("id")
    if not isinstance(key, (str, int, float)) or isinstance(key, bool) or key == "":
        raise ValueError('it has no "id".')
    texts = {}
    for name in (*TEXTS, *_ALSO):
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f'"{name}" must be a text.')
        texts[name] = value or ""
    if not any(texts[name] for name in TEXTS):
        raise ValueError('it has no text: one of "title", "summary" and "text" is needed.')
    return Item(
        key=str(key),
        title=texts["title"],
        summary=texts["summary"],
        text=texts["text"],
        lang=texts["lang"],
        url=texts["url"],
        published=texts["published"],
        source=texts["source"],
    )


def scan(
    names: Names,
    items: Readable,
    words: Catalogue,
    *,
    possible: bool,
    tally: Tally,
    complain: Complain,
    together: int = 1,
) -> Iterator[dict[str, object]]:
    """Yield one row for each Mention, in the order of the items; `tally` counts as it goes.

    `together`: how many items to read before the first of them is answered. More are faster, but
    of a stream none may wait for the next.
    """
    reason = lru_cache(maxsize=10_000)(words.reason)
    for some in _portions(_items(items, tally, complain), together):
        found = names.matcher.find_all([item for _, item in some], possible=possible)
        for (key, _), mentions in zip(some, found, strict=True):
            tally.items += 1
            for row in _rows_of(key, _once(mentions, names.names), names.names, reason):
                tally.mentions += 1
                yield row


def _items(items: Readable, tally: Tally, complain: Complain) -> Iterator[tuple[object, Item]]:
    """Yield each Item with the id its line gives it; what is none is complained of and counted."""
    for number, line in _lines(items):
        try:
            row = _object(line)
            item = item_from(row)
        except ValueError as error:
            tally.bad += 1
            complain(f"line {number}: {error}")
        else:
            yield row["id"], item


MOST_TOGETHER = 1_000_000
"""Letters of texts that are held at once, and those of one item more."""


def _portions(
    items: Iterable[tuple[object, Item]], most: int
) -> Iterator[list[tuple[object, Item]]]:
    """Yield the items in portions of at most `most`, fewer where they are long."""
    some: list[tuple[object, Item]] = []
    size = 0
    for key, item in items:
        some.append((key, item))
        size += len(item.title) + len(item.summary) + len(item.text)
        if len(some) >= most or size > MOST_TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


def _once(mentions: Iterable[Mention], names: Mapping[int, str]) -> Iterable[Mention]:
    """Return one Mention, the strongest, for each name and place: a list may hold a name twice."""
    found: dict[tuple[str, str, int, int], Mention] = {}
    for one in mentions:
        place = (names[one.watch_id], one.field, one.start, one.end)
        if place not in found or found[place].score < one.score:
            found[place] = one
    return found.values()


def _rows_of(
    key: object,
    mentions: Iterable[Mention],
    names: Mapping[int, str],
    reason: Callable[[Reason], str],
) -> Iterator[dict[str, object]]:
    for mention in mentions:
        yield {
            "item": key,
            "watch": names[mention.watch_id],
            "field": mention.field,
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "score": mention.score,
            "reason": reason(mention.reason),
        }
