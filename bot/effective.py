"""The configuration as it holds now: every key, its value, where that came from; secrets masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo

from bot.config import Loaded, Settings
from bot.faults import inner_model
from bot.units import say_seconds, say_size, seconds, size

MASK = "********"
DEFAULT = "default"
_LOGIN = re.compile(r"(?<=://)([^:@/]*):[^@]*@")


@dataclass(frozen=True, slots=True)
class Row:
    """One key: "polling.interval", its value as config.toml writes it, its origin."""

    key: str
    value: object
    origin: str


def rows(loaded: Loaded) -> list[Row]:
    """Return every key with its value and its origin, secrets masked."""
    return list(_rows(loaded))


def _rows(loaded: Loaded) -> Iterator[Row]:
    origins = loaded.origins()
    for name, field in Settings.model_fields.items():
        value = getattr(loaded.settings, name)
        if isinstance(value, BaseModel):
            for key, inner in type(value).model_fields.items():
                shown = plain(inner, getattr(value, key))
                yield Row(f"{name}.{key}", shown, origins.get((name, key), DEFAULT))
        else:
            yield Row(name, plain(field, value), origins.get((name,), DEFAULT))


def plain(field: FieldInfo, value: object) -> object:
    """Return a value as config.toml would hold it: durations and sizes in words, no secrets."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, BaseModel):
        return table(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [plain(field, part) for part in value]
    if isinstance(value, float) and _reads_with(field, seconds):
        return say_seconds(value)
    if isinstance(value, int) and _reads_with(field, size):
        return say_size(value)
    return _LOGIN.sub(rf"\1:{MASK}@", value) if isinstance(value, str) else value


def table(model: BaseModel, *, defaults: bool = False) -> dict[str, Any]:
    """Return a table of config.toml; keys that hold their default are left out unless asked."""
    found = {}
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if value is not None and (defaults or value != field.default):
            found[key] = plain(field, value)
    return found


def _reads_with(field: FieldInfo, read: object) -> bool:
    """Whether a field's text is read by `read`; `X | None` keeps its reader inside the union."""
    marks = [*field.metadata]
    for part in get_args(field.annotation):
        marks += getattr(part, "__metadata__", ())
    return any(isinstance(mark, BeforeValidator) and mark.func is read for mark in marks)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of config.toml, for editors."""
    found = Settings.model_json_schema()
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["$defs"]["Telegram"]["properties"].pop("token")
    for name, model in _models(Settings):
        properties = found["$defs"][name]["properties"]
        for key, field in model.model_fields.items():
            if "default" in properties.get(key, {}):
                properties[key]["default"] = plain(field, field.default)
    return found


def _models(root: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for field in root.model_fields.values():
        found = inner_model(field.annotation)
        if found:
            yield found.__name__, found
