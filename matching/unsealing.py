"""Signs that a case came out of seal, and entries that are not public. Pure.

A court that unseals says so late or never: what shows is a criminal number of an earlier year that
nobody had seen, a docket at its first entries, the word, or a caption that gets a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from matching.cases import parse_docket
from matching.renaming import renaming
from model.docket import Filing

_UNSEAL = re.compile(r"(?i)\bunseal(?:ed|ing)?\b")
_NOT_DONE = re.compile(r"(?i)\b(?:denied|denying|denies|opposition)\b")
_CRIMINAL = frozenset({"cr", "mj"})
_LOW = 12
"""A docket whose newest entry stands so low has hardly begun."""
_CHARGES = frozenset({"indictment", "superseding", "information", "complaint", "arrest"})


def radar(filing: Filing, now: date, *, first: bool, caption: str = "") -> tuple[str, ...]:
    """Return the signs that a case came out of seal, as codes: "unseal" (its text says so),
    "named" (a caption that named nobody now names somebody), "old_number" (a criminal number of an
    earlier year seen for the first time), "low_entry", "charged" (besides it, at the docket's
    beginning).

    `first`: nothing of this case was seen before, and its source is not just being learnt;
    `caption`: what the case was called until now.
    """
    signs = []
    said = f"{filing.short} {filing.text}"
    if _UNSEAL.search(said) and not _NOT_DONE.search(said):
        signs.append("unseal")
    if caption and renaming(caption, filing.caption) == "unsealed":
        signs.append("named")
    if first and _is_of_earlier_year(filing.number, now):
        signs.append("old_number")
        if filing.entry.isdigit() and int(filing.entry) <= _LOW:
            signs.append("low_entry")
        if any(one.kind in _CHARGES for one in filing.events):
            signs.append("charged")
    return tuple(signs)


def is_unsealing(signs: Iterable[str]) -> bool:
    """Return whether these signs are worth a word: an old number alone is any old case."""
    seen = set(signs)
    return bool(seen & {"unseal", "named", "charged", "low_entry"})


def _is_of_earlier_year(number: str, now: date) -> bool:
    found = parse_docket(number)
    if found is None or found.type not in _CRIMINAL:
        return False
    return 0 < (now.year - int(found.year)) % 100 < 50


def seal_gaps(
    entries: Iterable[str], newest: int = 0, since: int = 1
) -> tuple[tuple[int, int], ...]:
    """Return the runs of entry numbers that are not public, first and last, from `since` to the
    newest: courts number every entry, sealed ones too. Entries without a number tell nothing.
    """
    known = sorted({int(one) for one in entries if one.isascii() and one.isdigit()})
    gaps = []
    expected = since
    for number in (*(one for one in known if one >= since), newest + 1):
        if number > expected:
            gaps.append((expected, number - 1))
        expected = max(expected, number + 1)
    return tuple(gaps)
