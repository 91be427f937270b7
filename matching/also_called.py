"""What a person is also called in the texts that name them: a title before the surname, and what
the texts themselves say they go by. Suggestions, to be taken or left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matching import anatomy, names
from matching.anatomy import Person
from matching.known import given
from matching.text import WORDS, Case, fold
from model.item import Item
from model.watch import Watch, WatchKind

MOST = 3
SEEN = 2
"""Items in which something must stand to be suggested."""
_CAPITALS = r"[^\W\d_a-z][\w'’-]*"
_ALIAS = re.compile(
    r"(?:\balias|\baka|\ba\.k\.a\.|\bknown as|\bnicknamed|\bconocid[oa] como|\bapodad[oa])\s*:?\s+"
    rf"(?:[\"“”«„‘'](?P<quoted>[^\"“”»‘’'\n]{{3,40}})[\"“”»’']"
    rf"|(?P<plain>(?:(?:El|La|Los|Las|The)\s+)?{_CAPITALS}(?:\s+{_CAPITALS})?))"
)


@dataclass(frozen=True, slots=True)
class AlsoCalled:
    """Another name, and in how many Items it stands."""

    text: str
    items: int
    nickname: bool = False
    """It says nothing without something else of the person near it."""


def also_called(watch: Watch, telling: Iterable[Item]) -> list[AlsoCalled]:
    """Return what the person of a Watch is also called in Items that mention them, the most
    frequent first; what the Watch has already is left out. Empty for what is no person.
    """
    person = names.understand(watch.name) if watch.kind is WatchKind.PERSON else None
    if person is None:
        return []
    known = {fold(one) for one in (watch.name, *watch.aliases, *watch.nicknames, *watch.never)}
    titled: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for item in telling:
        text = f"{item.title}\n{item.summary}\n{item.text}"
        titled.update(set(_titled(person, text)))
        called.update(set(_called(text)))
    found = [AlsoCalled(text, n) for text, n in titled.items()]
    found += [AlsoCalled(text, n, nickname=True) for text, n in called.items()]
    fresh = [one for one in found if one.items >= SEEN and fold(one.text) not in known]
    return sorted(fresh, key=lambda one: (-one.items, one.text))[:MOST]


def _titled(person: Person, text: str) -> Iterator[str]:
    """Yield each title, in capitals, that stands right before the first surname."""
    for part in person.surnames[:1]:
        surname = part.pieces[-1]
        pattern = re.compile(rf"({_CAPITALS}\.?)\s+({re.escape(surname.raw)})(?!\w)")
        for found in pattern.finditer(text):
            word = WORDS[found[1].rstrip(".")]
            if word.fold in anatomy.TITLES and word.case is not Case.LOWER and not given(word):
                yield f"{found[1]} {found[2]}"


def _called(text: str) -> Iterator[str]:
    for found in _ALIAS.finditer(text):
        name = (found["quoted"] or found["plain"] or "").strip(" .,;")
        if 3 <= len(name) <= 40 and not name.isupper():
            yield name
