"""Whether two headlines speak of two people of one family: "X's brother arrested" is not "X
arrested", and Ana Roe is not Eva Roe (pure).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import takewhile

from matching import known
from matching.stopwords import KIN, KIN_SIGNS
from matching.text import WORDS
from matching.turns import UNSPACED, folded

_TOKEN = re.compile(r"[^\W\d_][\w’'-]*")
_OWNED = re.compile(r"(?:['’]s?|['’])$")
_OF = frozenset(
    ("of", "to", "de", "del", "da", "do", "dos", "di", "della", "du", "des", "von", "van", "vom")
)
"""What stands between kin and the name, where anything does."""
_ELIDED = re.compile(r"^(?:d|l|dell|all)['’]", re.I)
_BARE = ("ru", "uk", "pl", "ar")
"""Languages in which the name stands beside it, in the genitive."""
_SMALL = 2
"""Letters of a preposition."""
_FAR = 5
"""Words between kin and the name: "brother of the former minister X"."""
_SIGNS = 3
"""Signs of a name before "之子", at most."""
_SAME_START = 3
"""Letters in which two forms of one given name agree."""


def owners(title: str, words: Iterable[str], lang: str) -> tuple[str, ...]:
    """Return whose kin a headline speaks of: a folded name of each; empty for nobody's. `words`:
    the headline's, folded.
    """
    if lang in UNSPACED:
        return _before_signs(folded(title), lang)
    kin = KIN.get(lang) or _EVERY
    return () if kin.isdisjoint(words) else _owners(title, kin, lang)


def _owners(title: str, kin: Collection[str], lang: str) -> tuple[str, ...]:
    words = _TOKEN.findall(title)
    plain = [folded(_OWNED.sub("", word)) for word in words]
    found = []
    for at, word in enumerate(plain):
        if word in kin:
            found += _owner_before(words, at, lang) or _owner_after(words, at, lang)
    return tuple(found)


_EVERY = frozenset(word for words in KIN.values() for word in words)


def _owner_before(words: Sequence[str], at: int, lang: str) -> list[str]:
    """Return the given name, or the only name, of "X's brother" and "Xs Bruder"."""
    if at == 0 or not words[at - 1][0].isupper():
        return []
    if not (_OWNED.search(words[at - 1]) or (lang == "de" and words[at - 1].endswith("s"))):
        return []
    first = at - 1
    while first and words[first - 1][0].isupper():
        first -= 1
    return [_name(words[first])]


def _owner_after(words: Sequence[str], at: int, lang: str) -> list[str]:
    """Return that of "brother of X"; in Slavic languages and Arabic nothing stands between."""
    beside = words[at + 1] if at + 1 < len(words) else ""
    after = words[at + 1 : at + 1 + _FAR]
    if lang == "ar":
        return [_name(one) for one in after[:1]]
    if lang in _BARE:
        after = list(takewhile(lambda word: len(word) > _SMALL, after))
    elif beside.lower() not in _OF and not _ELIDED.match(beside):
        return []
    named = (_ELIDED.sub("", word) for word in after)
    first = next((word for word in named if word[:1].isupper()), "")
    return [_name(first)] if first else []


def _name(word: str) -> str:
    return folded(_OWNED.sub("", word))


def _before_signs(text: str, lang: str) -> tuple[str, ...]:
    pattern = KIN_SIGNS.get(lang)
    if pattern is None:
        return ()
    hits = pattern.finditer(text)
    return tuple(text[max(0, hit.start() - _SIGNS) : hit.start()].rstrip("的の") for hit in hits)


def are_two(one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]) -> bool:
    """Return whether the full names of two headlines share a surname but no given name."""
    pairs = [(a[:-1], b[:-1]) for a in one for b in other if _start(a[-1]) == _start(b[-1])]
    return bool(pairs) and all(
        _given_apart(mine, theirs) for a, b in pairs for mine in a for theirs in b
    )


def _given_apart(one: str, other: str) -> bool:
    return one[:_SAME_START] != other[:_SAME_START] and is_given(one) and is_given(other)


def is_of(owner: str, headline: str) -> bool:
    """Return whether a headline names the owner, in whatever case."""
    return _start(owner) in headline


def _start(word: str) -> str:
    return word[: max(min(4, len(word)), len(word) - 2)] if len(word) > 4 else word[:3]


@lru_cache(maxsize=10_000)
def is_given(word: str) -> bool:
    """Return whether a folded word is a known given name, in the nominative or not."""
    forms = (word, word[:-1], f"{word[:-1]}ь", f"{word[:-1]}й", f"{word[:-1]}а", f"{word[:-1]}a")
    return any(len(form) > 2 and known.given(WORDS[form]) for form in forms)
