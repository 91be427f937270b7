"""Which rules would tell the one who is watched from the one an Item names (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from matching.amend import Amendment
from matching.risk import context_words
from matching.text import WORD, fold
from model import Item, Mention, Watch

LONGEST = 80
"""Letters of a phrase that is proposed."""
PHRASES = 2
"""Phrases that are proposed at most."""
WORDS = 4
"""Words of which one would have to be there."""
SURE = 92
"""From this score on a form of the name is as good as any."""
_SECTION = re.compile(r"[a-z]{3,20}(-[a-z]{2,20})?")
_NO_SECTION = frozenset({"news", "noticias", "article", "articles", "story", "nota", "amp"})


def neighbours(item: Item, mention: Mention) -> Iterator[str]:
    """Yield phrases around a Mention that may tell somebody else apart: with the capitalised word
    after it ("Cienfuegos Gorriarán"), and with what leads up to it ("provincia de Cienfuegos").
    """
    field = str(getattr(item, mention.field))
    after = re.match(r"[ -](\w+)", field[mention.end :])
    if after and after[1][0].isupper():
        yield f"{mention.text}{after[0]}"
    before = re.search(
        r"(\w+)((?: (?:de|del|da|do|of))?(?: la| los| las)? )$", field[: mention.start]
    )
    if before and (before[1][0].isupper() or before[2].strip()):
        yield f"{before[0]}{mention.text}"


def proposals(
    watch: Watch, item: Item, mentions: Sequence[Mention], samples: Iterable[Item]
) -> list[Amendment]:
    """Return the changes that could keep this Item away from the Watch: phrases that must never be
    there, a surer form of the name, words of which one must be there (from `samples`, Items about
    the one who is meant).
    """
    found = [Amendment("never", (phrase,)) for phrase in phrases(item, mentions)]
    best = max((one.score for one in mentions), default=100)
    if best < SURE:
        found.append(Amendment("threshold", value=str(best + 1)))
    words = _needed(watch, item, samples)
    if words and not watch.require:
        found.append(Amendment("require", words))
    return found


def phrases(item: Item, mentions: Sequence[Mention]) -> list[str]:
    """Return the phrases around the Mentions that could be ruled out, the first ones first."""
    found = dict.fromkeys(one for mention in mentions for one in neighbours(item, mention))
    return [phrase for phrase in found if len(phrase) <= LONGEST][:PHRASES]


def outlets(item: Item) -> list[Amendment]:
    """Return the changes that leave out the part of the site an Item came from, or its source."""
    found = []
    try:
        address = urlsplit(item.url)
    except ValueError:
        address = urlsplit("")
    host = (address.hostname or "").removeprefix("www.")
    first, *more = [part for part in address.path.casefold().split("/") if part] or [""]
    if host and more and _SECTION.fullmatch(first) and first not in _NO_SECTION:
        found.append(Amendment("sources", (f"-{host}/{first}",)))
    if item.source:
        found.append(Amendment("sources", (f"-{item.source}",)))
    return found


def _needed(watch: Watch, item: Item, samples: Iterable[Item]) -> tuple[str, ...]:
    """Return words about the one who is meant that this Item does not have."""
    there = {fold(one) for one in WORD.findall(f"{item.title} {item.summary} {item.text}")}
    others = [one for one in samples if one.id != item.id]
    told = dict.fromkeys((*watch.context, *context_words(watch.name, others)))
    return tuple(
        one for one in told if not there.issuperset(fold(part) for part in WORD.findall(one))
    )[:WORDS]
