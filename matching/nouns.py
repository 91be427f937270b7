"""Which Cyrillic word may be another case or number of a noun or adjective: of context words, which
Watches list as dictionaries do. Coarser than the endings of names (endings.py), which decide who
is meant; these only support a nickname that stands there.
"""

from __future__ import annotations

from functools import lru_cache

from matching.text import Word, fold

SHORTEST_STEM = 4
_SOFT = "аеиоуыэюяієь"
_WRITTEN_ENDINGS = (
    "а я у ю е ё ы и і ї о й ь ой ей ою ею ом ем ём єм ам ям ами ями ах ях ов ев ёв ів їв"
    " ия ии ию ие ій ії ію ією ий ый ого его ому ему ым им ых их ые ими ыми ую юю ая яя ое ее"
    " ові еві ата ят та то те"
)
_ENDINGS = frozenset(["", *map(fold, _WRITTEN_ENDINGS.split(" "))])


def bent(noun: Word, word: Word) -> bool:
    """Whether `word` may be `noun` in another case or number."""
    stem = _stem(noun.fold)
    return (
        len(stem) >= SHORTEST_STEM
        and word.fold.startswith(stem)
        and word.fold[len(stem) :] in (_ENDINGS)
    )


@lru_cache(maxsize=2_000)
def _stem(folded: str) -> str:
    return folded.rstrip(_SOFT)
