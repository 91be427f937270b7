"""Whether two Items tell one story (pure): the same words, or the same turn of the same people.

Similarity alone can't tell "arrested" from "released", so a guard speaks first: another turn,
other amounts or tolls, another court, somebody else's name, another docket. What is rejected is
told as a new Message; nothing is dropped.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from sys import intern

from anyascii import anyascii
from rapidfuzz.distance import Indel

from matching.days import Days, days_in
from matching.figures import Figures, figures_in
from matching.kin import are_two, is_of, owners
from matching.stopwords import COURTS, NO_NAMES, STOP, language_of
from matching.turns import (
    UNSPACED,
    Turns,
    are_opposed,
    beside,
    folded,
    latest,
    turns_in,
    without,
    words_of,
)
from model import Item

SAME_TURN = 0.16
"""Word overlap from which on two Items with one turn and one name in common are one story."""
SAME_WORDS = 0.45
"""The same without a turn."""
MANY_WORDS = 0.25
"""The same without a turn, where names and many words are shared."""
_MANY = 4
"""So many."""
REPRINT = 0.7
"""Jaccard of word shingles from which on a text is a reprint."""
_LONG = 3
"""Letters from which on a word of a headline in capitals is taken for a name."""
_SHINGLE = 4
"""Words in a shingle."""
_ENOUGH = 4
"""Words of a headline that can be found in another Item."""
_WITHIN = 0.6
"""What it counts that all of them are."""
_AUDIBLE = 3
"""Consonants by which a name is known again."""
_LONGEST = 1_200
"""Characters of summary and text that are looked at: a story is told at its beginning."""
_NOUNS = "de"
"""The language that writes every noun as a name."""
_NEAR = 0.55
"""Overlap of two headlines from which on what differs between them is looked at closely."""
_DIFFERS = 3
"""Words: headlines that differ in more are two people's and not one with a name exchanged."""

_UPDATE = re.compile(
    r"^\W*(?:update|refile|corrected|rpt|wrapup|exclusive|breaking|urgente|ultima hora)\s*\d*\W+",
    re.I,
)
_SITE = re.compile(r"\s+(?:[-–—|·]|//)\s+[^-–—|·]{2,40}$")
_DATELINE = re.compile(
    r"^[^.\n]{2,60}?\((?:reuters|ap|afp|efe|dpa|ansa|xinhua|tass|bloomberg|notimex|lusa)\)\s*[-–—]*\s*",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][\w'’-]*")
_LARGE = "".join(chr(sign) for sign in range(0x80, 0x590) if chr(sign).isupper())
_CAPITAL = re.compile(rf"(?<![\w'’-])[A-Z{_LARGE}][\w'’-]*")
"""A word with a large first letter."""
_CAPITAL_PLAIN = re.compile(r"(?<![\w'-])[A-Z][\w'-]*", re.A)
"""The same in a text of plain letters."""
_FULL = re.compile(
    rf"{_CAPITAL.pattern}(?:\s+(?:(?:de|del|la|las|los|da|dos|do|di|von|van|al|bin|el)\s+)*"
    rf"{_CAPITAL.pattern})+"
)
"""A full name: such words that stand together, with the small words inside it."""
_DOCKET = re.compile(r"\b(?:\d{1,2}:)?(?:\d\d)?(\d\d)-([A-Za-z]{2,4})-0*(\d{2,6})\b")
_SAID = (
    *((f"{one}{one}", one) for one in "bcdfgklmnprstz"),
    *(("ph", "f"), ("sch", "s"), ("sh", "s"), ("ce", "se"), ("ci", "si"), ("c", "k")),
    *(("gh", "g"), ("ts", "s")),
)
"""Letters that are said like others."""


class _Consonants(dict[int, str | None]):
    """Letters as they are kept; whatever is no consonant is left out."""

    def __missing__(self, sign: int) -> None:
        self[sign] = None


_CONSONANTS = _Consonants(zip(map(ord, "bcdfgjklmnpqrstvxz"), "pctfggkrmnpkrstfss", strict=True))
"""Of those that sound alike one."""


_NO_NAMES = STOP | NO_NAMES


class Verdict(StrEnum):
    """What two Items are to each other."""

    SAME = "same"
    REPRINT = "reprint"
    OTHER = "other"
    STAGE = "another stage"
    FIGURES = "other figures"
    COURT = "another court"
    NAMES = "other names"
    DOCKET = "another docket"

    @property
    def is_same(self) -> bool:
        """Whether they tell one story."""
        return self in (Verdict.SAME, Verdict.REPRINT)


@dataclass(frozen=True, slots=True)
class Told:
    """What an Item tells, as far as grouping needs it."""

    lang: str
    headline: str
    """Folded, without what an agency or a site adds."""
    head: frozenset[str]
    """Keys of the headline's words, without turns and empty words."""
    words: frozenset[str]
    """The same of headline and beginning."""
    names: frozenset[str]
    """Keys of words written as names; empty where writing tells nothing."""
    heard: tuple[str, ...]
    """How they sound, those that are long enough to be known again."""
    people: tuple[tuple[str, ...], ...]
    """Full names in the headline, by their words."""
    turns: Turns
    """Those of the headline, else of what follows; what was undone is left out."""
    every_turn: Turns
    headline_turns: Turns
    """Those the headline itself tells."""
    told_turns: Turns
    """Of all, those that are told and not only mentioned."""
    figures: Figures
    days: Days
    owners: tuple[str, ...]
    """Whose kin the headline speaks of."""
    courts: frozenset[str]
    sounds: str
    """The consonants of all of it, whatever the script: names are found again there."""
    shingles: array[int]
    dockets: frozenset[str]

    family: str
    """With what it can be compared word by word: its script, or its language where that has no
    spaces.
    """

    @property
    def named(self) -> frozenset[str]:
        """The names of the headline; none in a language that writes every noun as a name."""
        return self.names & self.head if self.lang != _NOUNS else frozenset()


def told(item: Item) -> Told:
    """Return what an Item tells."""
    title = _SITE.sub("", _UPDATE.sub("", item.title)).strip() or item.title
    body = _DATELINE.sub("", f"{item.summary}\n{item.text}".strip()[:_LONGEST])
    head_text, body_text = folded(title), folded(body)
    lang = language_of(item.lang, head_text, body_text)
    head_words, body_words = words_of(head_text), words_of(body_text)
    in_head = turns_in(head_text, head_words, lang)
    in_body = turns_in(body_text, body_words, lang)
    head = _keys(in_head.words, head_text, lang)
    words = frozenset({*head, *_keys(in_body.words, body_text, lang)})
    capital = _capital(title)
    is_all = _is_in_capitals(title, capital, lang)
    in_title = _names(capital, lang, least=_LONG if is_all else 0)
    every = in_title | _names(_capital(body), lang)
    return Told(
        lang=intern(lang),
        headline=head_text,
        head=head,
        words=words,
        names=frozenset(map(_KEYS.__getitem__, every)) & words,
        heard=_heard(every, words),
        people=() if is_all else _people(title, lang),
        turns=_one(latest(in_head.told or (in_head.about | in_body.told) or in_body.about)),
        every_turn=_one(in_head.told | in_head.about | in_body.told | in_body.about),
        headline_turns=_one(latest(in_head.told) or in_head.about),
        told_turns=_one(in_head.told | in_body.told),
        figures=figures_in(head_text, body_text, head_words, body_words),
        days=days_in(f"{head_text}\n{body_text}", (*head_words, *body_words), lang),
        owners=owners(title, head_words, lang),
        courts=_courts(head_text, head_words) or _courts(body_text, body_words),
        sounds=_sound(f"{title}\n{body}"),
        shingles=_shingles(body_words),
        dockets=_dockets(title) | _dockets(body) | _docket_of(item),
        family=lang if lang in UNSPACED else script_of(head_text),
    )


@lru_cache(maxsize=20_000)
def _one(turns: Turns) -> Turns:
    """Return one set for all Items that tell the same turns, which keeps them small."""
    return turns


def _docket_of(item: Item) -> frozenset[str]:
    return _dockets(item.filing.number) if item.filing is not None else frozenset()


def compare(a: Told, b: Told, weigh: Callable[[str], float] | None = None) -> Verdict:
    """Say what two Items are to each other. `weigh`: how much a word says, by its key (its idf);
    without it every word counts alike.
    """
    conflict = _conflict(a, b)
    if conflict is not None:
        return conflict
    if a.headline == b.headline and len(a.headline) > 12:
        return Verdict.REPRINT
    if _is_reprint(a.shingles, b.shingles):
        return Verdict.REPRINT
    return Verdict.SAME if _is_alike(a, b, weigh) else Verdict.OTHER


def is_near(a: Told, b: Told) -> bool:
    """Return whether two Items that are not one story can be stages of one: they share a name."""
    if a.dockets & b.dockets:
        return True
    return _common_names(a, b) >= 1 or (a.family == b.family and len(a.head & b.head) >= 2)


def _conflict(a: Told, b: Told) -> Verdict | None:
    if a.dockets and b.dockets and not a.dockets & b.dockets:
        return Verdict.DOCKET
    if _turns_apart(a, b):
        return Verdict.STAGE
    if a.figures.conflicts(b.figures):
        return Verdict.FIGURES
    if a.courts and b.courts and not a.courts & b.courts:
        return Verdict.COURT
    return Verdict.NAMES if _names_apart(a, b) or _body_apart(a, b) else None


def _turns_apart(a: Told, b: Told) -> bool:
    """Two Items tell different turns: neither's own is anywhere in the other, or one undoes
    what the other tells.
    """
    if a.turns and b.turns:
        if a.turns.isdisjoint(b.every_turn) or b.turns.isdisjoint(a.every_turn):
            if not _go_together(a, b):
                return True
        elif a.turns != b.turns and are_opposed(a.turns - b.turns, b.turns - a.turns):
            return True
    return a.headline_turns != b.headline_turns and _swaps_turn(a, b)


def _go_together(a: Told, b: Told) -> bool:
    """Return whether turns that differ are no proof: outlets tell them of one event, or a
    headline says none and what follows it tells of many things.
    """
    if are_opposed(a.turns, b.turns):
        return False
    if not (a.headline_turns and b.headline_turns):
        return True
    return any((one, other) in beside() for one in a.turns for other in b.turns)


def _swaps_turn(a: Told, b: Told) -> bool:
    """Two headlines that are alike but for a turn in one, and something else in the other."""
    if a.family != b.family:
        return False
    if a.lang in UNSPACED:
        match = SequenceMatcher(None, a.headline, b.headline, autojunk=False)
        edits = [one for one in match.get_opcodes() if one[0] == "replace"]
        return match.ratio() >= _NEAR and any(
            min(to - at, end - start) >= 2 for _, at, to, start, end in edits
        )
    if not _is_near(a, b):
        return False
    if a.headline_turns and b.headline_turns:
        return not a.headline_turns & b.headline_turns
    return bool(_unmatched(a.head, b.words) or _unmatched(b.head, a.words))


def _names_apart(a: Told, b: Told) -> bool:
    """Two headlines that say nearly the same of different people, or in different places."""
    if a.headline == b.headline:
        return False
    if _is_kin(a, b) or _is_kin(b, a) or are_two(a.people, b.people):
        return True
    if a.people and b.people and not (_meets(a.people, b) or _meets(b.people, a)):
        return True
    if a.family != b.family:
        return False
    if a.lang in UNSPACED:
        return _exchanged(a, b)
    if not _is_near(a, b):
        return False
    only_a, only_b = _unmatched(a.head, b.words), _unmatched(b.head, a.words)
    if not only_a or not only_b:
        return False
    if a.named and b.named:
        return bool(only_a & a.named and only_b & b.named)
    return max(len(only_a), len(only_b)) <= _DIFFERS


def _is_kin(a: Told, b: Told) -> bool:
    """One headline speaks of the kin of him of whom the other speaks."""
    return bool(a.owners) and not b.owners and any(is_of(one, b.headline) for one in a.owners)


def _body_apart(a: Told, b: Told) -> bool:
    """Two short Items that say the same but for a day, or a name of what follows the headline."""
    if a.family != b.family or a.shingles or b.shingles:
        return False
    if a.headline != b.headline and not _is_near(a, b):
        return False
    if a.days.conflicts(b.days):
        return True
    only_a, only_b = _unmatched(a.words, b.words), _unmatched(b.words, a.words)
    if a.headline != b.headline or max(len(only_a), len(only_b)) > _DIFFERS:
        return False
    return bool(only_a & a.names and only_b & b.names)


def _meets(people: tuple[tuple[str, ...], ...], other: Told) -> bool:
    """Return whether somebody named in one headline is named in the other Item. The first word
    alone is no proof: a place or a given name may stand there.
    """
    return any(
        (len(heard := sounds("".join(name))) >= 3 and heard in other.sounds)
        or any(_is_in(word, other) for word in name[1:])
        for name in people
    )


def _is_in(word: str, other: Told) -> bool:
    return _KEYS[word] in other.words or (len(sound := sounds(word)) >= 3 and sound in other.sounds)


def _is_near(a: Told, b: Told) -> bool:
    """Return whether two headlines say nearly the same, word by word."""
    if a.head.isdisjoint(b.head):
        return False
    one, other = a.headline.split(), b.headline.split()
    if min(len(one), len(other)) < _NEAR * max(len(one), len(other)):
        return False
    mine, theirs = set(one), set(other)
    if 2 * len(mine & theirs) < _NEAR * (len(mine) + len(theirs)):
        return False
    return Indel.normalized_similarity(one, other) >= _NEAR


def _unmatched(head: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the words of a headline that the other Item does not hold, in any form."""
    starts = {word[:4] for word in other if len(word) > 3}
    return frozenset(word for word in head - other if word[:4] not in starts or len(word) < 4)


def _exchanged(a: Told, b: Told) -> bool:
    """Say the same for languages without spaces: a piece of the headline is another one."""
    one, other = without(a.headline, a.lang), without(b.headline, b.lang)
    match = SequenceMatcher(None, one, other, autojunk=False)
    if match.ratio() < _NEAR:
        return False
    for tag, low, high, first, last in match.get_opcodes():
        if tag != "replace" or min(high - low, last - first) < 2:
            continue
        mine, theirs = one[low:high].strip(), other[first:last].strip()
        if mine and theirs and mine not in b.sounds and mine not in other and theirs not in one:
            return True
    return False


def _is_alike(a: Told, b: Told, weigh: Callable[[str], float] | None) -> bool:
    shared = a.turns & b.every_turn | b.turns & a.every_turn
    shares_turn = bool(shared & (a.told_turns | b.told_turns))
    if not shares_turn and a.figures.agree(b.figures):
        shares_turn = any((one, other) in beside() for one in a.turns for other in b.turns)
    if a.family == b.family and _is_worded_alike(a, b, weigh, shares_turn=shares_turn):
        return True
    if a.lang == b.lang:
        return False
    common = _common_names(a, b)
    if shares_turn:
        return common >= 1
    return common >= 3 or (common >= 2 and a.figures.agree(b.figures))


def _is_worded_alike(
    a: Told, b: Told, weigh: Callable[[str], float] | None, *, shares_turn: bool
) -> bool:
    words = len(a.words & b.words)
    names = len(a.names & b.names) if a.names and b.names else words
    if a.lang in UNSPACED:
        names, words = names // 2, words // 2
    if shares_turn and names:
        many = 2 if a.named and b.named else 4
        if names >= many or a.figures.agree(b.figures):
            return True
    overlap = _overlap(a, b, weigh)
    if overlap >= SAME_WORDS or (shares_turn and names and overlap >= SAME_TURN):
        return True
    if (a.figures.rises or b.figures.rises) and a.figures.toll and b.figures.toll:
        return overlap >= SAME_TURN and names > 0
    return overlap >= MANY_WORDS and names >= 2 and words >= _MANY


def _overlap(a: Told, b: Told, idf: Callable[[str], float] | None) -> float:
    """Return how much two Items say in the same words: headlines, and each with all of it. Names
    count half: whoever follows somebody hears their name in every story.
    """
    names = frozenset[str]().union(*(one.names for one in (a, b) if one.lang != _NOUNS))

    def weight(words: frozenset[str]) -> float:
        if idf is None:
            return len(words) - len(words & names) / 2
        return sum(map(idf, words)) - sum(map(idf, words & names)) / 2

    head, other_head = weight(a.head), weight(b.head)
    found = _share(weight(a.head & b.head), head + other_head)
    found = max(found, _share(weight(a.words & b.words), weight(a.words) + weight(b.words)))
    for one, whole, other in ((a.head, head, b.words), (b.head, other_head, a.words)):
        if len(one) >= _ENOUGH and whole:
            found = max(found, _WITHIN * weight(one & other) / whole)
    return found


def _share(both: float, each: float) -> float:
    """Return Jaccard's measure of what both have and what each has, added up."""
    return both / (each - both) if both and each > both else float(bool(both))


def _common_names(a: Told, b: Told) -> int:
    """Count the names of one Item that sound in the other, whatever its script."""
    return max(_sounding(a, b), _sounding(b, a))


def _sounding(a: Told, b: Told) -> int:
    heard = sum(one in b.sounds for one in a.heard)
    whole = (sounds("".join(name)) for name in a.people)
    met = 2 * sum(len(one) >= _AUDIBLE and one in b.sounds for one in whole)
    return max(len(a.names & b.words), heard, met)


def _heard(named: Iterable[str], words: frozenset[str]) -> tuple[str, ...]:
    """Return how names sound. Words that tell a turn are none, whatever their capitals."""
    found = {sounds(one) for one in named if len(one) > _AUDIBLE and _KEYS[one] in words}
    return tuple(sorted(one for one in found if len(one) >= _AUDIBLE))


@lru_cache(maxsize=20_000)
def sounds(text: str) -> str:
    """Return the consonants of a name in Latin letters, those that sound alike as one."""
    return _sound(text)


def _sound(text: str) -> str:
    plain = anyascii(text).lower() if not text.isascii() else text.lower()
    for written, said in _SAID:
        if written in plain:
            plain = plain.replace(written, said)
    return plain.translate(_CONSONANTS)


def _keys(words: Iterable[str], text: str, lang: str) -> frozenset[str]:
    """Return by what words are compared: their beginnings, since endings change; pairs of
    letters where words have no spaces between them.
    """
    if lang in UNSPACED:
        plain = "".join(without(text, lang).split())
        return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
    return frozenset(map(_KEYS.__getitem__, words)) - _NO_KEY


class _Keys(dict[str, str]):
    """The key of each word seen so far: one string for all Items, which keeps them small. Small
    words, single letters and numbers have none.
    """

    def __missing__(self, word: str) -> str:
        if len(self) > _SEEN_MOST:
            self.clear()
        silent = word in STOP or len(word) < 2 or word.isdigit()
        key = self[word] = "" if silent else intern(word[:5])
        return key


_KEYS = _Keys()
_NO_KEY = frozenset([""])
_SEEN_MOST = 200_000
"""Words that stay looked up."""


def _capital(text: str) -> list[str]:
    """Return the words with a large first letter."""
    return (_CAPITAL_PLAIN if text.isascii() else _CAPITAL).findall(text)


def _names(capital: Iterable[str], lang: str, least: int = 0) -> frozenset[str]:
    """Return the folded words written as names (in German every noun), those longer than `least`.
    Scripts without capitals say nothing.
    """
    if lang in UNSPACED:
        return frozenset()
    named = [
        word for word in capital if len(word) > least and (len(word) > 4 or not word.isupper())
    ]
    return frozenset(words_of(folded(" ".join(named)))) - _NO_NAMES if named else frozenset()


def _is_in_capitals(title: str, capital: Sequence[str], lang: str) -> bool:
    """Return whether a headline is Written Like This, as many are in English."""
    if lang not in ("en", ""):
        return False
    words = _NAME.findall(title)
    return len(words) > 4 and len(capital) > 0.75 * len(words)


def _people(title: str, lang: str) -> tuple[tuple[str, ...], ...]:
    """Return the full names in a headline: capitals that stand together."""
    if lang in UNSPACED:
        return ()
    found = []
    for run in _FULL.findall(title):
        words = words_of(folded(" ".join(one for one in run.split() if one[0].isupper())))
        found.append(tuple(word for word in words if word not in STOP))
    return tuple(name for name in found if len(name) > 1)


def _courts(text: str, words: Iterable[str]) -> frozenset[str]:
    if _COURT_STARTS.isdisjoint([word[:4] for word in words]) and text.isascii():
        return frozenset()
    return frozenset(level for level, pattern in COURTS if pattern.search(text))


_COURT_STARTS = frozenset(
    (
        "supr",
        "appe",
        "circ",
        "dist",
        "high",
        "cons",
        "d'ap",
        "cass",
        "ober",
        "bund",
        "verf",
        "land",
        "amts",
        "trib",
        "juzg",
        "bgh",
        "scjn",
        "stf",
        "stj",
        "trf",
        "raad",
    )
)
"""How a word of whatever is the name of a court begins, in languages of plain letters."""


def _shingles(words: Sequence[str]) -> array[int]:
    """Return numbers that stand for the runs of words, each once."""
    if len(words) < 5 * _SHINGLE:
        return _NO_SHINGLES
    runs = zip(words, words[1:], words[2:], words[3:], strict=False)
    return array("q", set(map(hash, runs)))


_NO_SHINGLES: array[int] = array("q")


def _is_reprint(one: array[int], other: array[int]) -> bool:
    if not one or not other or min(len(one), len(other)) < REPRINT * max(len(one), len(other)):
        return False
    both = len(set(one).intersection(other))
    return both >= REPRINT * (len(one) + len(other) - both)


def _dockets(text: str) -> frozenset[str]:
    if "-" not in text:
        return frozenset()
    return frozenset("-".join(hit).lower() for hit in _DOCKET.findall(text))


def script_of(text: str) -> str:
    """Return the script of most of a text's letters: Latin, Cyrillic, Arabic or another."""
    for letter in text:
        if letter.isalpha():
            if letter < "\u0370":
                return "latin"
            if "\u0400" <= letter < "\u0530":
                return "cyrillic"
            return "arabic" if "\u0600" <= letter < "\u0780" else "other"
    return "latin"
