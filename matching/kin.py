"""Whether two headlines speak of two people of one family: "X's brother arrested" is not "X
arrested", and Ana Roe is not Eva Roe (pure).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile

from matching import known
from matching.stopwords import (
    ACTING,
    AGENTS,
    BESIDE_ONE,
    KIN,
    KIN_SIGNS,
    OFFICES,
    OWN,
    PUBLIC,
    RELATIONS,
    THINGS,
)
from matching.text import WORDS
from matching.turns import UNSPACED, Turns, befall, folded

_TOKEN = re.compile(r"[^\W\d_][\w’'-]*[,;:]?")
"""A word, with what ends a name after it."""
_APART = re.compile(r"\s+(?=[:;])")
"""What French sets before a colon."""
_OWNED = re.compile(r"(?:['’](?:s|n?[ıiuü]n)?)$")
_OF = frozenset(
    (
        "of",
        "to",
        "for",
        "de",
        "del",
        "da",
        "do",
        "dos",
        "di",
        "della",
        "du",
        "des",
        "von",
        "van",
        "vom",
    )
)
"""What stands between kin and the name, where anything does."""
_ELIDED = re.compile(r"^(?:d|l|dell|all|un)['’]", re.I)
_BARE = ("ru", "uk", "pl", "ar")
"""Languages in which the name stands beside it, in the genitive."""
_ENDS = ",;:"
_SMALL = 2
"""Letters of a preposition."""
_FAR = 5
"""Words between kin and the name: "brother of the former minister X"."""
THING = "thing"
"""The relation of what somebody owns to him."""
_TAKEN_ALIKE = ("ru", "uk")
"""Languages in which people and things are arrested."""
_SIGNS = 3
"""Signs of a name before "之子", at most."""
_SAME_START = 3
"""Letters in which two forms of one given name agree."""


@dataclass(frozen=True, slots=True)
class Kin:
    """Whose kin or companion a headline speaks of."""

    owners: tuple[str, ...] = ()
    """Folded words by which that person is named, surnames of the kin themselves left out."""
    relations: frozenset[str] = frozenset()
    """Which kin: brother, wife, agent, or a thing of his; empty when unknown."""


NOBODYS = Kin()


def kin_in(title: str, words: Iterable[str], lang: str, turns: Turns) -> Kin:
    """Return whose kin a headline speaks of. `words`: the headline's, folded; `turns`: what it
    tells, since a lawyer's doings are news of his client unless something befalls the lawyer, and
    a thing is somebody's only where it is taken.
    """
    if lang in UNSPACED:
        signs = _before_signs(folded(title), lang)
        return Kin(signs) if signs else NOBODYS
    once = frozenset(words)
    kin, agents = KIN.get(lang) or _EVERY, AGENTS.get(lang) or _EVERY_AGENT
    found = NOBODYS if kin.isdisjoint(once) else _kin(title, kin, lang)
    if not found.owners and not agents.isdisjoint(once) and (not turns or befall(turns)):
        found = _kin(title, agents, lang, acting=ACTING.get(lang) or _EVERY_ACTING)
    things = THINGS.get(lang) or _EVERY_THING
    if found.owners or things.isdisjoint(once) or not _takes(turns, lang):
        return found
    owners = _kin(title, things, lang).owners
    return Kin(owners, frozenset((THING,))) if owners else found


def _takes(turns: Turns, lang: str) -> bool:
    """Return whether turns tell that something was, or may have been, taken."""
    return "freeze" in turns or (lang in _TAKEN_ALIKE and "arrest" in turns)


def _kin(title: str, kin: Collection[str], lang: str, acting: tuple[str, ...] = ()) -> Kin:
    words = _TOKEN.findall(_APART.sub("", title))
    plain = [_name(word) for word in words]
    owners: list[str] = []
    relations = set()
    for at, word in enumerate(plain):
        if word not in kin or _is_office(plain, at):
            continue
        if acting and any(one.startswith(acting) for one in plain[at + 1 :]):
            continue
        found = _owner_before(words, at, lang) or _owner_after(words, at, lang)
        found = found or _owner_of_his(words, plain, at)
        if found:
            relations.add(_relation(word))
            owners += [one for one in found if plain.count(one) == 1]
    return Kin(tuple(owners), frozenset(relations) - {""}) if owners else NOBODYS


def _is_office(plain: Sequence[str], at: int) -> bool:
    """Return whether a job is an office of its own: "deputy president", "US attorney"."""
    before, after = plain[max(0, at - 1) : at], plain[at + 1 : at + 2]
    return not OFFICES.isdisjoint(after) or not PUBLIC.isdisjoint(before)


_EVERY = frozenset(word for words in KIN.values() for word in words)
_EVERY_AGENT = frozenset(word for words in AGENTS.values() for word in words)
_EVERY_THING = frozenset(word for words in THINGS.values() for word in words)
_EVERY_ACTING = tuple(word for words in ACTING.values() for word in words)


@lru_cache(maxsize=2_000)
def _relation(word: str) -> str:
    """Return which kin a folded word is: that of the longest beginning that is listed."""
    found = [(len(begin), kind) for begin, kind in RELATIONS if word.startswith(begin)]
    return max(found)[1] if found else ""


def _owner_before(words: Sequence[str], at: int, lang: str) -> list[str]:
    """Return the names of "X's brother", "Xs Bruder" and "X'in kardeşi"."""
    if at == 0 or not words[at - 1][0].isupper():
        return []
    if not (_OWNED.search(words[at - 1]) or (lang == "de" and words[at - 1].endswith("s"))):
        return []
    first = at - 1
    while first and words[first - 1][0].isupper():
        first -= 1
    return _named(words[first:at])


def _owner_after(words: Sequence[str], at: int, lang: str) -> list[str]:
    """Return those of "brother of X"; in Slavic languages and Arabic nothing stands between."""
    beside = words[at + 1] if at + 1 < len(words) else ""
    after = words[at + 1 : at + 1 + _FAR]
    if lang == "ar":
        return [_name(one) for one in after[:1]]
    if lang in _BARE:
        after = list(takewhile(lambda word: len(word) > _SMALL, after))
    elif beside.lower() not in _OF and not _ELIDED.match(beside):
        return []
    end = next((place for place, word in enumerate(after, 1) if word[-1] in _ENDS), len(after))
    run: list[str] = []
    for word in dropwhile(lambda word: not _is_large(word), after[:end]):
        if not _is_large(word):
            break
        run.append(word)
    return _named(run)


def _owner_of_his(words: Sequence[str], plain: Sequence[str], at: int) -> list[str]:
    """Return those of "X: his brother", but not of "X: held with his wife": X is meant there."""
    if at < 1 or plain[at - 1] not in OWN:
        return []
    before = next((one for one in reversed(plain[: at - 1]) if one not in _ARTICLES), "")
    run = list(takewhile(_is_large, words[: at - 1]))
    ends = next((place for place, word in enumerate(run, 1) if word[-1] == ":"), 0)
    return _named(run[:ends]) if ends and before not in BESIDE_ONE else []


_ARTICLES = frozenset(("il", "la", "i", "le", "gli", "o", "a", "os", "as"))


def _is_large(word: str) -> bool:
    return _ELIDED.sub("", word)[:1].isupper()


def _named(run: Sequence[str]) -> list[str]:
    """Return of a full name what comes before the surname, which the kin may share."""
    return [_name(one) for one in (run[:-1] if len(run) > 1 else run)]


def _name(word: str) -> str:
    return folded(_OWNED.sub("", _ELIDED.sub("", word.rstrip(_ENDS))))


def _before_signs(text: str, lang: str) -> tuple[str, ...]:
    pattern = KIN_SIGNS.get(lang)
    if pattern is None:
        return ()
    hits = pattern.finditer(text)
    return tuple(text[max(0, hit.start() - _SIGNS) : hit.start()].rstrip("的の") for hit in hits)


@lru_cache(maxsize=20_000)
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
