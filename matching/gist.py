"""What an Item tells, as far as it decides which Items tell one story (pure): its words, names and
how they sound, turns, figures, days, courts and dockets.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from sys import intern

from anyascii import anyascii

from matching.court_levels import levels_in
from matching.days import Days, days_in
from matching.figures import Figures, figures_in
from matching.kin import Kin, kin_in
from matching.labels import without_label
from matching.stopwords import NO_NAMES, STOP, language_of
from matching.turns import ARTICLE, UNSPACED, Turns, folded, latest, turns_in, without, words_of
from model import Item

_LONG = 3
"""Letters from which on a word of a headline in capitals is taken for a name."""
_SHINGLE = 4
"""Words in a shingle."""
AUDIBLE = 3
"""Consonants by which a name is known again."""
_FEW = 3
"""Words of a headline below which it tells nothing."""
_LONGEST = 1_200
"""Characters of summary and text that are looked at: a story is told at its beginning."""
NOUNS = "de"
"""The language that writes every noun as a name."""
_UPDATE = re.compile(
    r"^\W*(?:(?:update|refile|corrected|rpt|wrapup|exclusive|breaking|urgente|ultima hora)\s*\d*\W+"
    r"|(?:brief|focus|newsmaker|urgent|flash|alerte|eilmeldung|pilne)\s?[-:])",
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
_ARABIC = re.compile(rf"(?<!\w){ARTICLE}(?=\w{{3}})")
"""The Arabic article, which names in other scripts leave out."""
_DOCKET = re.compile(r"\b(?:\d{1,2}:)?(?:\d\d)?(\d\d)-([A-Za-z]{2,4})-0*(\d{2,6})\b")
_NUMBERED = re.compile(
    r"(?<![\d/.-])(?:\d{7}-\d\d\.\d{4}\.\d\.\d\d\.\d{4}|(?:[1-9]-)?\d{3,6}/(?:19|20)\d\d)(?![\d/])"
)
"""A case's number where courts count by the year (amparo 812/2020), and Brazil's."""
_SAID = (
    *((f"{one}{one}", one) for one in "bcdfgklmnprstz"),
    *(("ph", "f"), ("sch", "s"), ("sh", "s"), ("ce", "se"), ("ci", "si"), ("c", "k")),
    *(("gh", "g"), ("ts", "s")),
)
"""Letters that are said like others."""
_SPELT = {
    "pl": (("cz", "ch"), ("sz", "sh"), ("rz", "z"), ("w", "v"), ("j", "y")),
    "de": (("tsch", "ch"), ("w", "v"), ("j", "y")),
    "fr": (("tch", "ch"), ("dj", "j"), ("ou", "u")),
    "nl": (("tsj", "ch"), ("sj", "sh"), ("w", "v"), ("j", "y")),
}
"""The same in languages that spell names in their own way."""


_CONSONANTS = bytes.maketrans(b"bcdfgjklmnpqrstvxz", b"pctfggkrmnpkrstfss")
"""Of those that sound alike one."""
_NO_CONSONANTS = bytes(sign for sign in range(256) if sign not in b"bcdfgjklmnpqrstvxz")
_NO_NAMES = STOP | NO_NAMES
_WORD_MOST = 40
"""Characters of a word whose sound is kept; a longer one is a sentence without spaces."""
_HEARD_MOST = 50_000
"""Words whose sound is kept, and as many that may be names."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What an Item tells besides its words and turns, as small as it can be kept."""

    lang: str
    headline: str
    """Folded, without what an agency or a site adds."""
    heard: tuple[str, ...]
    """How the names sound, those that are long enough to be known again."""
    people: tuple[tuple[str, ...], ...]
    """Full names in the headline, by their words."""
    figures: Figures
    days: Days
    kin: Kin
    """Whose kin the headline speaks of."""
    mood: Turns
    """Whether the headline tells something refused, denied or only intended."""
    courts: frozenset[str]
    sounds: str
    """The consonants of all of it, whatever the script: names are found again there."""
    shingles: array[int]
    dockets: frozenset[str]
    thin: bool
    """The headline alone tells nothing: a name, a label."""
    family: str
    """With what it can be compared word by word: its script, or its language where that has no
    spaces.
    """


@dataclass(frozen=True, slots=True)
class Told(Gist):
    """What an Item tells, as far as grouping needs it."""

    head: frozenset[str]
    """Keys of the headline's words, without turns and empty words."""
    words: frozenset[str]
    """The same of headline and beginning."""
    names: frozenset[str]
    """Keys of words written as names; empty where writing tells nothing."""
    turns: Turns
    """Those of the headline, else of what follows; what was undone is left out."""
    every_turn: Turns
    headline_turns: Turns
    """Those the headline itself tells."""
    told_turns: Turns
    """Of all, those that are told and not only mentioned."""

    @property
    def named(self) -> frozenset[str]:
        """The names of the headline; none in a language that writes every noun as a name."""
        return self.names & self.head if self.lang != NOUNS else frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class TurnsTold:
    """What an Item tells of turns: with it most are told apart. Each is one object, and compared
    as such (`matching.remembered`).
    """

    turns: Turns
    every_turn: Turns
    headline_turns: Turns
    told_turns: Turns


def told(item: Item) -> Told:
    """Return what an Item tells."""
    title = _SITE.sub("", _UPDATE.sub("", item.title)).strip() or item.title
    body = _DATELINE.sub("", f"{item.summary}\n{item.text}".strip()[:_LONGEST])
    head_text, body_text = folded(title), folded(body)
    lang = language_of(item.lang, head_text, body_text)
    head_words, body_words = words_of(head_text), words_of(body_text)
    title, is_labelled = without_label(title, head_words, lang)
    if is_labelled:
        head_text = folded(title)
        head_words = words_of(head_text)
    in_head = turns_in(head_text, head_words, lang)
    in_body = turns_in(body_text, body_words, lang)
    head = _keys(in_head.words, head_text, lang)
    words = head | _keys(in_body.words, body_text, lang)
    capital = _capital(title)
    is_all = _is_in_capitals(title, capital, lang)
    in_title = _names(capital, lang, least=_LONG if is_all else 0)
    every = in_title | _names(_capital(body), lang)
    return Told(
        lang=intern(lang),
        headline=head_text,
        head=head,
        words=words,
        names=frozenset(map(KEYS.__getitem__, every)) & words,
        heard=_heard(every, words),
        people=() if is_all else _people(title, lang),
        turns=_one(latest(in_head.told or (in_head.about | in_body.told) or in_body.about)),
        every_turn=_one(in_head.told | in_head.about | in_body.told | in_body.about),
        headline_turns=_one(latest(in_head.told) or in_head.about),
        told_turns=_one(in_head.told | in_body.told),
        figures=figures_in(head_text, body_text, head_words, body_words),
        days=days_in(f"{head_text}\n{body_text}", (*head_words, *body_words), lang),
        kin=kin_in(title, head_words, lang, in_head.told),
        mood=in_head.mood,
        courts=levels_in(head_text, head_words) or levels_in(body_text, body_words),
        sounds=_said(f"{title}\n{body}", lang),
        shingles=_shingles(body_words),
        thin=not (in_head.told or in_head.about) and _is_thin(head, lang, is_labelled),
        dockets=_dockets(title) | _dockets(body) | _docket_of(item),
        family=lang if lang in UNSPACED else script_of(head_text),
    )


def _is_thin(head: frozenset[str], lang: str, is_labelled: bool) -> bool:
    """Return whether a headline that tells no turn has so few words that many others have them."""
    return len(head) < (_FEW + is_labelled) * (2 if lang in UNSPACED else 1)


@lru_cache(maxsize=20_000)
def _one(turns: Turns) -> Turns:
    """Return one set for all Items that tell the same turns, which keeps them small."""
    return turns


def _docket_of(item: Item) -> frozenset[str]:
    return _dockets(item.filing.number) if item.filing is not None else frozenset()


def _heard(named: Iterable[str], words: frozenset[str]) -> tuple[str, ...]:
    """Return how names sound. Words that tell a turn are none, whatever their capitals."""
    found = {sounds(one) for one in named if len(one) > AUDIBLE and KEYS[one] in words}
    return tuple(sorted(one for one in found if len(one) >= AUDIBLE))


def _said(text: str, lang: str) -> str:
    """Return how a text sounds; where letters are said otherwise than in English both ways, since
    names of all languages are in it.
    """
    words = text.split()
    plain = "".join(map(_AS_ENGLISH.__getitem__, words))
    if lang not in _SPELT:
        return plain
    return f"{plain} {''.join(map(_AS_SPELT[lang].__getitem__, words))}"


class _Sounds(dict[str, str]):
    """How each word seen so far sounds, to whom the letters of a language are said otherwise."""

    def __init__(self, spelt: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._spelt = tuple(spelt)

    def __missing__(self, word: str) -> str:
        heard = word.casefold() if self._spelt else word
        for written, said in self._spelt:
            heard = heard.replace(written, said)
        heard = _sound(heard)
        if len(word) <= _WORD_MOST:
            if len(self) > _HEARD_MOST:
                self.clear()
            self[word] = heard
        return heard


@lru_cache(maxsize=20_000)
def sounds(text: str) -> str:
    """Return the consonants of a name in Latin letters, those that sound alike as one."""
    return _sound(text)


def _sound(text: str) -> str:
    if ARTICLE in text:
        text = _ARABIC.sub("", text)
    plain = anyascii(text).lower() if not text.isascii() else text.lower()
    for written, said in _SAID:
        if written in plain:
            plain = plain.replace(written, said)
    return plain.encode("ascii", "ignore").translate(_CONSONANTS, _NO_CONSONANTS).decode("ascii")


_AS_ENGLISH = _Sounds()
_AS_SPELT = {lang: _Sounds(spelt) for lang, spelt in _SPELT.items()}


def _keys(words: Iterable[str], text: str, lang: str) -> frozenset[str]:
    """Return by what words are compared: their beginnings, since endings change; pairs of
    letters where words have no spaces between them.
    """
    if lang in UNSPACED:
        plain = "".join(without(text, lang).split())
        return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
    return frozenset(map(KEYS.__getitem__, words)) - _NO_KEY


class _Keys(dict[str, str]):
    """The key of each word seen so far: one string for all Items, which keeps them small. Small
    words, single letters and numbers have none.
    """

    def __missing__(self, word: str) -> str:
        if len(self) > _SEEN_MOST:
            self.clear()
        silent = word in STOP or len(word) < 2 or word.isdigit()
        stem = _ENDING.sub("", word) if len(word) < _STEMMED else word
        key = self[word] = "" if silent else intern(stem[:5])
        return key


_ENDING = re.compile(r"(?<=[\u0400-\u052f]{3})[аеиоуыьэюяєі]$")
"""The last letter of a short Russian or Ukrainian word that changes with its case."""
_STEMMED = 7
"""Letters from which on the beginning that is compared has no ending in it."""
KEYS = _Keys()
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
    if least:
        capital = [word for word in capital if len(word) > least]
    return frozenset(chain.from_iterable(map(_NAMES_IN.__getitem__, capital)))


class _NamesIn(dict[str, tuple[str, ...]]):
    """The folded names in each word with a large first letter seen so far: in most one, in
    abbreviations and words that begin many headlines none.
    """

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) > _HEARD_MOST:
            self.clear()
        is_short = len(word) <= 4 and word.isupper()
        found = self[word] = () if is_short else _without_small(word)
        return found


_NAMES_IN = _NamesIn()


@lru_cache(maxsize=20_000)
def _without_small(word: str) -> tuple[str, ...]:
    return tuple(one for one in words_of(folded(word)) if one not in _NO_NAMES)


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
        large = [one for one in run.split() if one[0].isupper()]
        found.append(tuple(chain.from_iterable(map(_without_small, large))))
    return tuple(name for name in found if len(name) > 1)


def _shingles(words: Sequence[str]) -> array[int]:
    """Return numbers that stand for the runs of words, each once."""
    if len(words) < 5 * _SHINGLE:
        return _NO_SHINGLES
    runs = zip(words, words[1:], words[2:], words[3:], strict=False)
    return array("q", set(map(hash, runs)))


_NO_SHINGLES: array[int] = array("q")


def _dockets(text: str) -> frozenset[str]:
    found: list[str] = []
    if "-" in text:
        found += ("-".join(hit).lower() for hit in _DOCKET.findall(text))
    if "/" in text or "." in text:
        found += _NUMBERED.findall(text)
    return frozenset(found)


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
