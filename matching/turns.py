"""Which turns of a case a headline tells (arrest, release, charge …), in many languages (pure).

The table is `model/turns.toml`: coarser than the dockets' stages, and made to tell stories apart
rather than to name what happened.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

Turns: TypeAlias = frozenset[str]

NONE: Turns = frozenset()
UNSPACED = frozenset({"zh", "ja", "ko"})
"""Languages whose words have no spaces between them, or stick to their endings."""
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_WORDS = re.compile(r"[\w'’-]+")
_ARTICLE = "\u0627\u0644"
"""The Arabic article, which is written onto its word."""


def folded(text: str) -> str:
    """Return the text in lower case and without accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words_of(text: str) -> list[str]:
    """Return the words of a folded text."""
    found = _WORDS.findall(text)
    if _ARTICLE in text:
        return [_without_article(word) for word in found]
    return found


def _without_article(word: str) -> str:
    bare = word[1:] if word[:1] in "\u0648\u0628\u0641\u0643" and word[1:3] == _ARTICLE else word
    return bare[2:] if bare.startswith(_ARTICLE) and len(bare) > 4 else bare


@dataclass(slots=True)
class _Table:
    """The entries of one language, by their first word."""

    exact: dict[str, Turns] = field(default_factory=dict)
    begins: dict[str, Turns] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    phrases: dict[str, list[tuple[tuple[str, ...], Turns]]] = field(default_factory=dict)
    anywhere: re.Pattern[str] | None = None
    inside: dict[str, Turns] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _written() -> dict[str, dict[str, Turns]]:
    """Return by language and entry the turns it stands for."""
    text = files("model").joinpath("turns.toml").read_text("utf-8")
    found: dict[str, dict[str, Turns]] = {}
    for turn, languages in tomllib.loads(text).items():
        for lang, entries in languages.items() if isinstance(languages, dict) else ():
            of = found.setdefault(lang, {})
            for entry in entries:
                of[entry] = of.get(entry, NONE) | {turn}
    return found


@lru_cache(maxsize=1)
def opposites() -> frozenset[tuple[str, str]]:
    """Return pairs of turns of which the second undoes the first."""
    text = files("model").joinpath("turns.toml").read_text("utf-8")
    return frozenset((one, other) for one, other in tomllib.loads(text)["opposites"])


@lru_cache(maxsize=1)
def refusals() -> dict[str, str]:
    """Return what turns become when they are refused or ended."""
    text = files("model").joinpath("turns.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["refused_is"])


def latest(turns: Turns) -> Turns:
    """Return the turns without those that others of them undo: who was arrested and is released
    is released.
    """
    undone = {one for one, other in opposites() if one in turns and other in turns}
    return turns - undone if undone else turns


@lru_cache(maxsize=64)
def _table(lang: str) -> _Table:
    """Return one language's entries; of a language that is not in the table, everybody's."""
    written = _written()
    entries: dict[str, Turns] = {}
    for one in [lang] if lang in written else list(written):
        for entry, turns in written[one].items():
            entries[entry] = entries.get(entry, NONE) | turns
    table = _Table()
    lengths = set()
    for entry, turns in entries.items():
        if any(
            "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3" for letter in entry
        ):
            table.inside[unicodedata.normalize("NFKD", entry)] = turns
        elif " " in entry:
            words = tuple(folded(word) for word in entry.split())
            table.phrases.setdefault(words[0].rstrip("*")[:4], []).append((words, turns))
        elif entry.endswith("*"):
            table.begins[folded(entry[:-1])] = turns
            lengths.add(len(folded(entry[:-1])))
        else:
            table.exact[_without_article(folded(entry))] = turns
    for some in table.phrases.values():
        some.sort(key=lambda one: -len(one[0]))
    table.lengths = tuple(sorted(lengths, reverse=True))
    if table.inside:
        longest = sorted(table.inside, key=len, reverse=True)
        table.anywhere = re.compile("|".join(map(re.escape, longest)))
    return table


def is_known(lang: str) -> bool:
    """Return whether the table has a language."""
    return lang in _written()


def turns_in(text: str, words: Sequence[str], lang: str) -> tuple[Turns, list[str]]:
    """Return the turns a folded text tells, and its words without those that say so."""
    table = _table(lang)
    found = set()
    if table.anywhere is not None:
        found |= {turn for hit in table.anywhere.findall(text) for turn in table.inside[hit]}
    rest = []
    at = 0
    while at < len(words):
        word = words[at]
        phrases, single = _entries(word, lang)
        for phrase, turns in phrases:
            if _stands(phrase, words, at):
                found |= turns
                at += len(phrase)
                break
        else:
            found |= single
            if not single:
                rest.append(word)
            at += 1
    return _refused(frozenset(found - {"nothing"})), rest


def _refused(turns: Turns) -> Turns:
    """Return the turns as they stand when the text also says that one was refused or ended: an
    extradition refused is no extradition.
    """
    if "refused" not in turns:
        return turns
    become = refusals()
    return frozenset(become.get(one, one) for one in turns - {"refused"})


def without(text: str, lang: str) -> str:
    """Return a folded text of a language without spaces, without what says its turns."""
    pattern = _table(lang).anywhere
    return pattern.sub(" ", text) if pattern else text


@lru_cache(maxsize=50_000)
def _entries(word: str, lang: str) -> tuple[list[tuple[tuple[str, ...], Turns]], Turns]:
    """Return the phrases that begin with a word, longest first, and its own turns."""
    table = _table(lang)
    begun = [
        one for one in table.phrases.get(word[:4], ()) if one[0][0] == "*" or _fits(one[0][0], word)
    ]
    return begun, table.exact.get(word) or _begun(table, word)


def _begun(table: _Table, word: str) -> Turns:
    for length in table.lengths:
        if length <= len(word):
            turns = table.begins.get(word[:length])
            if turns:
                return turns
    return NONE


def _stands(phrase: tuple[str, ...], words: Sequence[str], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    return all(_fits(one, words[at + place]) for place, one in enumerate(phrase))


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
