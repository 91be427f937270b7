"""What is wrong with a configuration, in one sentence a fault: where, what, what to write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from bot.layers import Layers, spoken
from bot.tomlfile import Place, written

_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "a text in quotes",
    "tuple": "a list in brackets",
    "path": "a path in quotes",
    "dict": "a table",
    "model": "a table",
    "dataclass": "a table",
}


def sentences(error: ValidationError, layers: Layers, root: type[BaseModel]) -> Iterator[str]:
    """Yield one sentence for each fault pydantic found."""
    for fault in error.errors(include_url=False):
        place = _real(fault["loc"])
        sentence = _sentence(place, fault, root)
        yield f"{layers.where(place)}: {sentence}" + ("" if sentence.endswith("?") else ".")


def _real(loc: tuple[int | str, ...]) -> Place:
    """Return a fault's place without what pydantic adds for its own unions."""
    deepest = 3 if len(loc) > 1 and isinstance(loc[1], int) else 2
    return loc[:deepest]


def _sentence(place: Place, fault: ErrorDetails, root: type[BaseModel]) -> str:
    kind, given = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        return f"there is no key {_quoted(place)}{_meant(place, root)}"
    if kind == "missing":
        return f"[[{place[0]}]] needs the key {place[-1]}"
    start = f"{spoken(place)} = {_shown(given)}"
    if kind == "literal_error":
        return f"{start}: write {fault['ctx']['expected'].replace(chr(39), chr(34))}"
    if kind == "value_error":
        return f"{_subject(place, given)}: {fault['ctx']['error']}"
    for name, wanted in _WANTED.items():
        if kind.startswith(name):
            return f"{start}: {wanted} is needed"
    return f"{start}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _subject(place: Place, given: object) -> str:
    return f"[{place[0]}]" if isinstance(given, dict) else f"{spoken(place)} = {_shown(given)}"


def _shown(value: object) -> str:
    if isinstance(value, BaseModel):
        return "…"
    try:
        text = written(value)
    except TypeError:
        text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _quoted(place: Place) -> str:
    if len(place) == 1:
        return f'"{place[0]}"'
    listed = isinstance(place[1], int)
    return f'"{place[-1]}" in ' + (f"[[{place[0]}]]" if listed else f"[{place[0]}]")


def _meant(place: Place, root: type[BaseModel]) -> str:
    """Return a guess at what was meant: a near name in the same table, or the table it is in."""
    wrong = str(place[-1])
    near = nearest(wrong, keys(root, place[:-1]))
    if near:
        return f"; did you mean {near}?"
    for section in root.model_fields:
        if len(place) > 1 and wrong in keys(root, (section,)):
            return f"; it belongs in {_title(root, section)}"
    return ""


def _title(root: type[BaseModel], section: str) -> str:
    return f"[{section}]" if inner_model(root.model_fields[section].annotation) else section


def nearest(wrong: str, names: list[str]) -> str:
    """Return the name most like `wrong`, or nothing when none is near."""
    found = process.extractOne(wrong, names, scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else ""


def keys(root: type[BaseModel], place: Place) -> list[str]:
    """Return the keys there are at a place."""
    if not place:
        return [*root.model_fields]
    section = str(place[0])
    field = root.model_fields.get(section)
    model = inner_model(field.annotation) if field else None
    return [*(model.model_fields if model else ())]


def inner_model(annotation: object) -> type[BaseModel] | None:
    """Return the model inside an annotation such as `General` or `tuple[Feed, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = inner_model(inner)
        if found:
            return found
    return None
