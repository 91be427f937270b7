"""Captions taken apart: who stands against whom, and who is also known as what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from matching.cases import split_caption
from matching.renaming import is_blank

_ALONE = re.compile(
    r"(?i)^\s*(?:in\s+re:?|in\s+the\s+matter\s+of|the\s+matter\s+of|matter\s+of|ex\s+parte)\s+(?P<who>.+)$"
)
_OTHERS = re.compile(r"(?i),?\s+(?:et\.?\s+al\.?|and others)\s*\.?$")
_ALSO = re.compile(r"(?i),?\s+(?:a/?k/?a|f/?k/?a|d/?b/?a|also known as|alias)\.?:?\s+")
_JOINED = re.compile(r"\s*;\s*|,?\s+(?:and|&)\s+(?=[A-Z])")
_QUOTES = " ,;\"“”«»'‘’"


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a caption names."""

    first: str = ""
    """Who brings the case; empty where nobody stands against anybody ("In re …")."""
    second: tuple[str, ...] = ()
    """Against whom, or whom or what the case is about."""
    aliases: tuple[str, ...] = ()
    """What they are also known as."""
    others: bool = False
    """There are more ("et al")."""
    hidden: bool = False
    """It names nobody: sealed, or a grand jury's."""


def parse_caption(caption: str) -> Parties | None:
    """Return the parties of a caption; None when it is neither "X v. Y" nor "In re X", unless it
    hides its parties.
    """
    plain = " ".join(caption.split())
    alone = _ALONE.match(plain)
    sides = ("", alone["who"]) if alone else split_caption(plain)
    hidden = bool(plain) and is_blank(plain)
    if sides is None:
        return Parties(hidden=True) if hidden else None
    first, second = (_ALSO.split(side) for side in sides)
    defendants = _OTHERS.sub("", second[0])
    pieces = [defendants] if alone else _JOINED.split(defendants)
    return Parties(
        first=_OTHERS.sub("", first[0]).strip(_QUOTES),
        second=tuple(name for one in pieces if (name := one.strip(" ,;"))),
        aliases=tuple(
            name
            for one in (*first[1:], *second[1:])
            if (name := _OTHERS.sub("", one).strip(_QUOTES))
        ),
        others=_others(plain),
        hidden=hidden,
    )


def people_of(caption: str, parties: Iterable[str] = ()) -> tuple[str, ...]:
    """Return whom a case is about, each by the fullest name that is known: its `parties` as a
    court lists them, then who only the caption names. The government is nobody to watch.
    """
    read = parse_caption(caption)
    named = () if read is None or read.hidden else (*read.second, read.first, *read.aliases)
    found: dict[str, frozenset[str]] = {}
    for name in (*parties, *named):
        words = frozenset(re.findall(r"\w+", name.casefold()))
        known = any(words <= other for other in found.values())
        if words and not known and not words <= _GOVERNMENT:
            found[name] = words
    return tuple(found)


def sought_for(caption: str) -> str:
    """Return what a search for a caption should ask for: whom it names. Captions write the
    government in several ways, and a search wants every word.
    """
    return " ".join(people_of(caption)) or caption


_GOVERNMENT = frozenset({"usa", "us", "u", "s", "a", "united", "states", "of", "america"})


def _others(caption: str) -> bool:
    return re.search(r"(?i)\bet\.?\s+al\b", caption) is not None
