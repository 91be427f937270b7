"""Which words are known given names and surnames, and in which languages (data/)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matching import scripts
from matching.text import Word, skeleton

DATA = Path(__file__).parent / "data"
NOWHERE: frozenset[str] = frozenset()
ELSEWHERE = "xx"
"""The "language" of names known to exist that say nothing about where a name comes from."""


@cache
def _names(file: str) -> dict[str, frozenset[str]]:
    """Return folded name -> languages; Cyrillic and Greek names also by their Latin skeleton."""
    table: dict[str, frozenset[str]] = {}
    bones: dict[str, frozenset[str]] = {}
    for line in (DATA / file).read_text("utf-8").splitlines():
        where, *names = line.split(" ")
        languages = frozenset(where.split(","))
        for name in names:
            table[name] = languages
            if not name.isascii():
                bones[skeleton(scripts.latin(name, scripts.script_of(name)))] = languages
    return bones | table


@cache
def words(file: str) -> frozenset[str]:
    """Return the words of a plain list in data/: one or more on a line, # begins a remark."""
    lines = (DATA / file).read_text("utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    held: list[str] = []
    for line in (DATA / "lists.txt").read_text("utf-8").splitlines():
        if line.endswith(":"):
            held = found[line[:-1]] = []
        elif line and not line.startswith("#"):
            held += line.split(" ")
    return {name: frozenset(words) for name, words in found.items()}


def listed(name: str) -> frozenset[str]:
    """Return a closed list of folded words (data/lists.txt) by its name."""
    return _lists()[name]


@cache
def abbreviations() -> dict[str, str]:
    """Return usual written abbreviations of names and what they stand for, folded."""
    lines = (DATA / "abbreviations.txt").read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines if line and not line.startswith("#")]
    return {short: row[0] for row in rows for short in row[1:]}


def legal_forms() -> list[str]:
    """Return the legal forms that a company's name may be written without, as the list has them."""
    lines = (DATA / "legal_forms.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def _openers() -> dict[str, frozenset[str]]:
    lines = (DATA / "openers.txt").read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines if line and not line.startswith("#")]
    found = {language: frozenset(row[1:]) for row in rows for language in row[0].split(",")}
    return found | {"": frozenset(word for row in rows for word in row[1:])}


def openers(language: str) -> frozenset[str]:
    """Return the words that are no given names in a language, though they are in others
    (data/openers.txt); for an unknown language those of all.
    """
    return _openers().get(language, NOWHERE)


@cache
def _equivalents() -> dict[str, tuple[str, ...]]:
    lines = (DATA / "equivalents.txt").read_text("utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for names in (line.split(" ") for line in lines if line and not line.startswith("#")):
        for name in names:
            found[name] = tuple(other for other in names if other != name)
    return found


def equivalents(folded: str) -> tuple[str, ...]:
    """Return how a given name is called in a sister language (data/equivalents.txt), folded."""
    return _equivalents().get(folded, ())


@cache
def _around() -> dict[str, frozenset[str]]:
    lines = (DATA / "around.txt").read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines if line and not line.startswith("#")]
    return {row[0]: frozenset(row[1:]) for row in rows}


def around(name: str) -> frozenset[str]:
    """Return one list of what stands beside names in scripts without spaces (data/around.txt)."""
    return _around()[name]


def given(word: Word) -> frozenset[str]:
    """Return the languages in which `word` is a known given name; empty: in none."""
    return given_as(word.fold, word.skeleton)


def surname(word: Word) -> frozenset[str]:
    """Return the languages in which `word` is a known surname; empty: in none."""
    return surname_as(word.fold, word.skeleton)


def given_as(folded: str, bones: str) -> frozenset[str]:
    """Return the same as `given` for a folded word and its skeleton."""
    return _languages(_names("given.txt"), folded, bones)


def surname_as(folded: str, bones: str) -> frozenset[str]:
    """Return the same as `surname` for a folded word and its skeleton."""
    return _languages(_names("surnames.txt"), folded, bones)


def surnames_as(folds: list[str], bones: list[str]) -> list[frozenset[str]]:
    """Return the same for each of many words and their skeletons."""
    names = _names("surnames.txt")
    return [_languages(names, *one) for one in zip(folds, bones, strict=True)]


def _languages(names: dict[str, frozenset[str]], folded: str, bones: str) -> frozenset[str]:
    found = names.get(folded)
    # A name of another alphabet may hide in a longer word (Gromov for Громов).
    return found or (names.get(bones, NOWHERE) if len(folded) > 3 else NOWHERE)
