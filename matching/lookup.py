"""Which stored Items a Watch or a search could be about: keys of all their words, kept beside them.

The keys are those under which `Index` looks for names, so that whatever it would find in an Item
is found here too; what is found here is read and judged afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from matching import forms, scripts, support
from matching.anatomy import Culture, Person
from matching.cases import DocketNumber, dockets, parse_docket
from matching.match import joined_words
from matching.runs import RunFinder
from matching.text import VERSION as FOLDING
from matching.text import WORDS, Word, word_pattern
from matching.word_keys import (
    far_keys,
    keys_of,
    korean_family,
    korean_keys,
    mark_keys,
    slip_keys,
)
from model.item import Item
from model.watch import Watch

VERSION = f"1.{FOLDING}"
"""Of the keys: when it changes, what is stored is made anew."""
LONGEST = 200_000
"""Letters of a field that are read, as many as the Matcher reads."""
_EVERY_SORT = Counter({"+": 1, "*": 1})
_VERSUS = frozenset(["v", "vs", "versus", "contra"])
Keys = frozenset[int]
"""Keys as they are stored: 32-bit numbers. Two words may share one; nothing is lost by that."""


def number(key: str) -> int:
    """Return a key as it is stored, a signed 32-bit number."""
    return crc32(key.encode("utf-8", "surrogatepass")) - (1 << 31)


def keys_of_item(item: Item) -> Keys:
    """Return under which keys an Item is to be found."""
    found: set[int] = set()
    for text in (item.title[:LONGEST], item.summary[:LONGEST], item.text[:LONGEST]):
        if text:
            found |= _keys_of_text(text, item.lang)
    docket = parse_docket(item.filing.number) if item.filing is not None else None
    if docket is not None:
        found.add(key_of_docket(docket))
    return frozenset(found)


def anchors_of(watch: Watch) -> list[Keys]:
    """Return sets of keys: an Item that mentions `watch` has all the keys of at least one set.

    TermError says why it can't be watched.
    """
    found: dict[Keys, None] = {}
    for term in forms.terms_of(watch):
        for anchor in _anchors(term):
            keys = (one.removeprefix(forms.PHRASE) for one in anchor)
            found[frozenset(map(number, keys))] = None
    return list(found)


def key_of_word(word: Word) -> int:
    """Return the key that every Item has in which this word, or one that sounds alike, stands."""
    return number(forms.word_key(word))


def key_of_docket(docket: DocketNumber) -> int:
    """Return the key of a docket's number, however it is written."""
    return number(_docket_key(docket))


def key_of_run(folded: str) -> Keys:
    """Return the keys of a word in a script without spaces, squeezed and folded."""
    return frozenset(number("r:" + pair) for pair in _pairs(folded))


def _anchors(term: forms.Term) -> Iterator[tuple[str, ...]]:
    shape = forms.shape_of(term)
    if isinstance(shape, DocketNumber):
        yield (_docket_key(shape),)
    elif isinstance(shape, forms.Run):
        yield ("r:" + shape.folded[:2],)
    elif shape is not None:
        if isinstance(shape, Person) and term.near:
            yield from forms.surname_anchors(shape)
            return
        yield from forms.anchors(shape)
        if isinstance(shape, Person) and shape.culture is Culture.EASTERN:
            yield (_SPACELESS,)


_SPACELESS = "s:"
"""Of every Item with words in a script without spaces: Eastern names are also read aloud there."""


def _docket_key(one: DocketNumber) -> str:
    return f"d:{one.year}:{one.number}"


def _keys_of_text(text: str, lang: str) -> set[int]:
    words = word_pattern(text).findall(text)
    spoken = support.spoken(text, lang, words)
    found: set[int] = set()
    for raw in set(words):
        found.update(_keys_of_word(raw, spoken))
    for _, raw in joined_words(text):
        found.update(_keys_of_word(raw, spoken))
    if any(letter.isdigit() for letter in text):
        found.update(number(_docket_key(one.docket)) for one in dockets(text))
    if scripts.SPACELESS.search(text) is not None:
        found.add(number(_SPACELESS))
        found.update(number("r:" + pair) for pair in _pairs(RunFinder(text).squeezed))
    return found


def _pairs(squeezed: str) -> set[str]:
    return {squeezed[at : at + 2] for at in range(len(squeezed) - 1)}


@lru_cache(maxsize=20_000)
def _keys_of_word(raw: str, spoken: frozenset[str]) -> tuple[int, ...]:
    word = WORDS[raw]
    found = set(keys_of(word, spoken))
    found.update(far_keys(word, _EVERY_SORT), mark_keys(word), korean_family(word))
    found.update(korean_keys(raw))
    if 3 < len(raw) < 30:
        found.update(slip_keys(word))
    if word.fold in _VERSUS:
        found.add(forms.VERSUS)
    return tuple(map(number, found))
