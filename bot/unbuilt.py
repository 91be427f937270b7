"""Keys and commands that are planned and not built yet.

A key is taken where it says "off" and refused, in one sentence, where it asks for more than
vigil can do: silence would be a missed alert. A command is refused by name and absent from help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.tomlfile import Place, written


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """Something planned: what it would do, and the values that mean "not this"."""

    what: str
    off: tuple[object, ...] = ()


KEYS: dict[str, Unbuilt] = {
    "channels.url_file": Unbuilt("Telegram is the only way of delivering", ("",)),
}

VALUES: dict[tuple[str, object], str] = {}

COMMANDS: dict[str, str] = {}


def known(section: str) -> list[str]:
    """Return the planned keys of a section, for "did you mean"."""
    return [path.partition(".")[2] for path in KEYS if path.partition(".")[0] == section]


@dataclass(frozen=True, slots=True)
class Fault:
    """A key that asks for what is not built: its place, and the rest of the sentence."""

    place: Place
    sentence: str


def sift(layer: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the layer without the planned keys that say "off", and a Fault for each key that
    asks for more.
    """
    faults: list[Fault] = []
    kept: dict[str, Any] = {}
    for name, value in layer.items():
        if name in KEYS:
            faults += _refused((name,), name, value)
        elif isinstance(value, dict):
            kept[name] = _table(name, (name,), value, faults)
        elif isinstance(value, list):
            rows = enumerate(value)
            kept[name] = [_table(name, (name, at), row, faults) for at, row in rows]
        else:
            kept[name] = value
    if not kept.get("courts", True):
        del kept["courts"]
    return kept, faults


def _table(section: str, place: Place, table: object, faults: list[Fault]) -> object:
    """Return one table without its planned keys; `faults` grows."""
    if not isinstance(table, dict):
        return table
    kept = {}
    for key, value in table.items():
        path = f"{section}.{key}"
        if path in KEYS:
            faults += _refused((*place, key), path, value)
        elif isinstance(value, str) and (path, value) in VALUES:
            sentence = f"= {written(value)} is not built yet: {VALUES[path, value]}"
            faults.append(Fault((*place, key), sentence))
        else:
            kept[key] = value
    return kept


def _refused(place: Place, path: str, value: object) -> Iterator[Fault]:
    planned = KEYS[path]
    if not any(_same(value, off) for off in planned.off):
        way_out = f", or write {written(planned.off[0])}" if planned.off else ""
        yield Fault(place, f"is not built yet: {planned.what}; leave it out{way_out}")


def _same(value: object, off: object) -> bool:
    """Whether a value says "off"; the environment writes everything as text."""
    if isinstance(value, str) and not isinstance(off, str):
        return value.strip().lower() in {str(off).lower(), ""}
    return type(value) is type(off) and value == off
