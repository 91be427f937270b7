"""Durations and sizes as people write them in config.toml: "15m", "5 MB"."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
BYTES = {
    "B": 1,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "KIB": 1024,
    "MIB": 1024**2,
    "GIB": 1024**3,
}

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_DURATION = re.compile(rf"\s*(?:{_PART.pattern}\s*)+")
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMG]i?B|B)\s*", re.IGNORECASE)


def seconds(value: object) -> float:
    """Return the seconds of a duration such as "15m", "1h30m" or "0s".

    Raises ValueError, in one sentence, for anything else; a bare number too, since it does
    not say its unit.
    """
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return sum(float(number) * SECONDS[unit] for number, unit in _PART.findall(value))
    raise ValueError('write a duration with its unit, such as "30s", "15m", "6h" or "90d"')


def size(value: object) -> int:
    """Return the bytes of a size such as "5 MB"; ValueError for anything else."""
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('write a size with its unit, such as "500 KB" or "10 MB"')
    return int(float(found[1]) * BYTES[found[2].upper()])


def say_seconds(value: float) -> str:
    """Return a duration as config.toml writes it: 5400 is "90m", 0.5 is "0.5s"."""
    for unit, least in (("d", 2 * 86_400), ("h", 3600), ("m", 60)):
        if value >= least and value % SECONDS[unit] == 0:
            return f"{value / SECONDS[unit]:.0f}{unit}"
    return f"{value:.3f}".rstrip("0").rstrip(".") + "s"


def say_size(value: int) -> str:
    """Return a size as config.toml writes it: 10000000 is "10 MB"."""
    for unit in ("GB", "MB", "KB"):
        if value >= BYTES[unit] and value % BYTES[unit] == 0:
            return f"{value // BYTES[unit]} {unit}"
    return f"{value} B"


Seconds = Annotated[
    float,
    BeforeValidator(seconds),
    WithJsonSchema({"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*[smhdw]\s*)+$"}),
]
"""A duration, held in seconds."""

Bytes = Annotated[
    int,
    BeforeValidator(size),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*([KMG]i?)?[bB]\s*$"}),
]
"""A size, held in bytes."""
