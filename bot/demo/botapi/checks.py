"""Is this call well-formed: every parameter known, every value of a type it may have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.botapi.refusals import RefusedError, bad
from bot.demo.botapi.table import Description, Field


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes
    mime: str = "application/octet-stream"


def read(description: Description, method: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call as values; RefusedError names the first that is wrong.

    `raw` holds strings where the call came as a form and values where it came as JSON. Telegram
    itself ignores parameters it does not know; here they are refused, because a misspelt one
    would go unnoticed.
    """
    fields = {field.name: field for field in description.methods[method]}
    for name in raw:
        if name not in fields:
            raise bad(f"{method} has no parameter {name!r}")
    for field in fields.values():
        if field.required and raw.get(field.name) in (None, ""):
            raise _missing(method, field)
    return {
        name: _parameter(description, fields[name], given)
        for name, given in raw.items()
        if given is not None
    }


def misfit(description: Description, kind: str, value: object, where: str = "value") -> str:
    """Return what is wrong with `value` as a `kind`, in one sentence; empty when it fits."""
    if kind.startswith("Array of "):
        return _array_misfit(description, kind.removeprefix("Array of "), value, where)
    if kind in _PLAIN:
        return "" if _PLAIN[kind](value) else f"{where} is not {kind}"
    if kind in description.unions:
        return _any_misfit(description, description.unions[kind], value, where)
    return _object_misfit(description, kind, value, where)


def _missing(method: str, field: Field) -> RefusedError:
    if field.name == "text":
        return bad("message text is empty")
    if field.name == "chat_id":
        return bad("chat_id is empty")
    return bad(f"{method} needs {field.name!r}")


def _parameter(description: Description, field: Field, given: object) -> object:
    value = _decode(field, given) if isinstance(given, str) else given
    wrong = _any_misfit(description, field.types, value, field.name)
    if wrong:
        raise bad(wrong)
    return value


def _decode(field: Field, given: str) -> object:
    """Forms carry everything as strings; what is not a String is written as JSON in them."""
    if field.types == ("String",):
        return given
    try:
        value = json.loads(given)
    except ValueError:
        if "String" in field.types:
            return given
        raise bad(f"can't parse {field.name} JSON object") from None
    return given if "String" in field.types and not isinstance(value, int) else value


def _any_misfit(description: Description, kinds: tuple[str, ...], value: object, where: str) -> str:
    misfits = [misfit(description, kind, value, where) for kind in kinds]
    if not all(misfits):
        return ""
    if len(misfits) == 1:
        return misfits[0]
    nearest = max(misfits, key=lambda one: one.count(".") + one.count("["))
    return f"{where} is none of {', '.join(kinds)}: {nearest}"


def _array_misfit(description: Description, kind: str, value: object, where: str) -> str:
    if not isinstance(value, list):
        return f"{where} is not an array"
    for place, one in enumerate(value):
        if wrong := misfit(description, kind, one, f"{where}[{place}]"):
            return wrong
    return ""


def _object_misfit(description: Description, kind: str, value: object, where: str) -> str:
    if kind not in description.types:
        return f"{where} is a {kind}, which this server does not know"
    if not isinstance(value, dict):
        return f"{where} is not a {kind}"
    fields = {field.name: field for field in description.types[kind]}
    for name, one in value.items():
        if name not in fields:
            return f"{where} has no field {name!r}"
        if wrong := _any_misfit(description, fields[name].types, one, f"{where}.{name}"):
            return wrong
    missing = [
        field.name for field in fields.values() if field.required and field.name not in value
    ]
    return f"{where} lacks {missing[0]!r}" if missing else ""


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_PLAIN: dict[str, Callable[[object], bool]] = {
    "Integer": _is_whole,
    "Float": lambda value: _is_whole(value) or isinstance(value, float),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "InputFile": lambda value: isinstance(value, Upload),
}
