"""config.toml as a text: which line says what, and writing values back."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence

Place = tuple[str | int, ...]
"""Where a value stands: ("polling", "interval") or ("feeds", 2, "url")."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def lines_of(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table and key of a valid TOML document.

    tomllib keeps no positions, so the text is cut into statements (a statement is the fewest
    lines that parse) and each is read by itself.
    """
    found: dict[Place, int] = {}
    table: Place = ()
    counts: dict[str, int] = {}
    for line, raw, statement in _statements(text):
        if raw.lstrip().startswith("["):
            table = _table(raw, statement, counts)
            found.setdefault(table, line)
            continue
        for path in _paths(statement):
            found.setdefault((*table, *path), line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    start, pending = 1, ""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        start, pending = (start, pending + line) if pending else (number, line)
        try:
            statement = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if statement:
            yield start, pending, statement
        pending = ""


def _table(raw: str, statement: dict[str, object], counts: dict[str, int]) -> Place:
    (path,) = [path for path in _paths(statement) if path][-1:]
    if raw.lstrip().startswith("[["):
        name = ".".join(path)
        place = counts.get(name, 0)
        counts[name] = place + 1
        return (*path, place)
    return path


def _paths(value: object) -> list[tuple[str, ...]]:
    """Return the path of each key of nested tables, outer ones first."""
    found: list[tuple[str, ...]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found.append((str(key),))
            found += [(str(key), *path) for path in _paths(inner)]
    return found


def written(value: object) -> str:
    """Return a value as TOML writes it; raises TypeError for what TOML cannot hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return "[" + ", ".join(written(part) for part in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {written(v)}" for k, v in value.items()) + "}"
    raise TypeError(f"TOML cannot hold {value!r}")


def _key(name: object) -> str:
    return str(name) if _BARE.fullmatch(str(name)) else written(str(name))


def document(tables: Mapping[str, object]) -> str:
    """Return a TOML document: single values first, then tables, then arrays of tables."""
    head, body = [], []
    for name, value in tables.items():
        if isinstance(value, Mapping):
            body.append(_block(f"[{_key(name)}]", value))
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            body += [_block(f"[[{_key(name)}]]", row) for row in value]
        else:
            head.append(f"{_key(name)} = {written(value)}")
    return "\n\n".join(["\n".join(head), *body] if head else body) + "\n"


def _block(title: str, table: Mapping[str, object]) -> str:
    rows = [f"{_key(key)} = {written(value)}" for key, value in table.items()]
    return "\n".join([title, *rows])
