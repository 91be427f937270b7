"""From a Watch to a person: which words are given names, which surnames, and of which culture."""

from __future__ import annotations

import re

from matching import known, scripts
from matching.anatomy import (
    ABD,
    PARTICLES,
    SAINTLY,
    SON_OF,
    SUFFIXES,
    TITLES,
    Culture,
    Part,
    Person,
    is_patronymic,
    make_part,
    pieces_of,
)
from matching.eastern import eastern
from matching.origin import origin_of
from matching.text import WORD, WORDS, Case, Word, fold

_ONE_NAME = re.compile(
    r"(?<!\w)(?:(Gian|Pier)\s+(?=[A-Z][a-z]{2})"
    r"|(Ali|Amir|Gholam|Hamid)[\s-]+(?=(?i:reza|hoss?ein|akbar|asghar|abbas)(?!\w)))"
)
"""Gian Luca is written Gianluca, too, and Ali Reza Alireza: each is read as one name."""
_OF_THE_FAITH = re.compile(
    r"(?<=[^\W\d_])\s+(?=(?:الدين|(?i:[aeu]dd[ie]ne?|edine|[aeu][ld][\s-]d(?:i|ee|ie)ne?))(?!\w))"
)
"""Salah Eddine is one given name, Salaheddine."""
_IRISH = re.compile(r"(?<!\w)Ó\s+(?=[^\W\d_]{2})")
"""Ó Murchú is written O'Murchú, too, and read as one word."""


def read_as_one(text: str) -> str:
    """Return a name with those of its words joined that are one name, however it is written."""
    text = _OF_THE_FAITH.sub("-", text)
    return _ONE_NAME.sub(lambda found: found[1] or found[2], _IRISH.sub("O'", text))


def mohammads(first: Word, second: Word) -> Word | None:
    """Return the one word that Mohammad and another given name may be written as."""
    joined = _MOHAMMAD.fullmatch(first.fold) and first.script == second.script
    return WORDS[first.raw + second.raw.lower()] if joined else None


_MOHAMMAD = re.compile("m[ou]ham+[ae]d|محمد")


def understand(text: str, hints: str = "") -> Person | None:
    """Return a person's name understood; None when it is one word and can't be taken apart.

    `hints` are the other names of the same Watch, which help to tell its origin.
    """
    text, suffix = _cut_suffix(read_as_one(text))
    before, comma, after = text.partition(",")
    inverted = bool(comma) and WORD.search(after) is not None
    groups = _groups(after) + _groups(before) if inverted else _groups(text)
    while not inverted and len(groups) > 2 and groups[0].word.fold in TITLES:
        groups = groups[1:]
    if len(groups) < 2:
        return None
    count = len(_groups(after)) if inverted else 0
    return _arrange(text, groups, count, suffix, hints)


def _arrange(text: str, groups: list[Part], count: int, suffix: str, hints: str) -> Person:
    if not count and (found := eastern(groups, text)):
        return Person(text, (found[1],), (found[0],), Culture.EASTERN, suffix)
    if not count:
        groups = _given_first(groups)
    culture, tongue = origin_of(groups, text, hints)
    given, surnames = _split(groups, culture, count)
    if culture is Culture.IBERIAN and len(surnames) < 2:
        culture = Culture.SPANISH
    return Person(text, given, surnames, culture, suffix, tongue=tongue)


_LAST_WORD = re.compile(r"[\s,]+([^\s,.]+)\.?\s*$")
_SUFFIX_BEFORE_COMMA = re.compile(r"\s+(Jr|Sr|II|III|IV)\.?\s*,")
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])\.")
_JOINER = re.compile("(?<=[\u0600-\u06ff])\u200c(?=[\u0600-\u06ff])")


def _cut_suffix(text: str) -> tuple[str, str]:
    match = _LAST_WORD.search(text)
    suffix = SUFFIXES.get(fold(match.group(1))) if match else None
    if match and suffix is not None and len(pieces_of(text)) > 2:
        raw = match.group(1)
        if fold(raw) != "v" or raw == "V":
            return text[: match.start()], suffix
    match = _SUFFIX_BEFORE_COMMA.search(text) if "," in text else None
    if match:
        return text[: match.start()] + "," + text[match.end() :], SUFFIXES[fold(match.group(1))]
    return text, ""


def _groups(text: str) -> list[Part]:
    """Return the parts of a name: particles go with the word after them, hyphens join."""
    parts: list[Part] = []
    held: list[Word] = []
    if "." in text:
        text = _INITIAL.sub(r"\1. ", text)
    if "\u200c" in text:
        text = _JOINER.sub("-", text)
    for word, tied in pieces_of(text):
        saint = len(parts) > 1 and parts[-1].pieces[-1].fold in SAINTLY
        wife = bool(parts) and _is_wifes(parts[-1].pieces[-1])
        if (tied or saint or wife) and parts and not held:
            parts[-1] = make_part((*parts[-1].pieces, word))
        elif _is_particle(word, first=not parts and not held):
            held.append(word)
        else:
            parts.append(make_part((*held, word)))
            held = []
    if held and parts:
        # "Akker, Joost van den": the particles that follow belong to what comes first.
        parts.append(make_part(tuple(held)))
    elif held:
        parts = [make_part((word,)) for word in held]
    return parts


def _is_wifes(word: Word) -> bool:
    """Whether a surname says whose wife she is, in Hungarian, and her own follows: Pintérné Szűts
    Ilona.
    """
    if not word.raw.lower().endswith("né") or len(word.fold) < 6:
        return False
    husband = WORDS[word.raw[:-2]]
    return "hu" in known.surname(husband) | known.given(husband)


def _is_particle(word: Word, *, first: bool) -> bool:
    if word.script in {scripts.ARABIC, scripts.HEBREW}:
        return word.fold in SON_OF or word.fold in ABD
    if len(word.fold) == 1 and word.case is not Case.LOWER:
        return False
    if first:
        return word.fold in ABD or (word.fold in PARTICLES and word.case is Case.LOWER)
    return word.fold in PARTICLES or word.fold in ABD


def _given_first(groups: list[Part]) -> list[Part]:
    """Turn Hungarian and capital-surname order (BÁRÁNY Péter) into given name first."""
    first, last = groups[0].word, groups[-1].word
    capitals = first.case is Case.UPPER and last.case is Case.TITLE and len(first.fold) > 2
    hungarian = "hu" in known.given(last) and not known.given(first)
    if capitals:
        count = sum(1 for part in groups if part.word.case is Case.UPPER)
        return groups[count:] + groups[:count]
    if len(groups) == 2 and hungarian and not known.surname(last) - {"hu"}:
        return [groups[1], groups[0]]
    if _looks_patronymic(groups) and not groups[1].patronymic and len(groups) == 3:
        return [groups[1], groups[2], groups[0]]
    return groups


def _looks_patronymic(groups: list[Part]) -> bool:
    return len(groups) == 3 and is_patronymic(groups[2].word) and bool(known.given(groups[1].word))


def _split(
    groups: list[Part], culture: Culture, count: int
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return (given names, surnames); `count` given names when the writer's comma says so."""
    if not count:
        iberian = culture in {Culture.SPANISH, Culture.PORTUGUESE, Culture.IBERIAN}
        count = _given_count(groups) if iberian else len(groups) - 1
    return tuple(groups[:count]), tuple(groups[count:])


def _given_count(groups: list[Part]) -> int:
    count = 1
    while count < len(groups) - 1 and _more_given(groups, count):
        count += 1
    return count


def _more_given(groups: list[Part], place: int) -> bool:
    """Whether the part at `place` is one more given name rather than the first surname."""
    word = groups[place].core or groups[place].word
    if len(word.fold) == 1:
        return True
    homes = known.given(word) & {"es", "pt", "it", "fr"}
    if not homes:
        return False
    left = len(groups) - place - 1
    if left == 1 and _of_a_man(word) and groups[0].word.fold.endswith("a"):
        return False
    # Two surnames are the rule: a word of both sorts is a surname when only one word follows.
    return left > 1 or not known.surname(word) & {"es", "pt"}


_OF_BOTH = frozenset(["isabel", "mabel"])


def _of_a_man(word: Word) -> bool:
    """Whether a given name is a man's by its form: it has a woman's beside it (Julián, Juliana)."""
    folded = word.fold
    woman = folded[:-1] + "a" if folded[-1] == "o" else folded + "a"
    return folded not in _OF_BOTH and folded[-1] != "a" and bool(known.given(WORDS[woman]))
