"""Signs that a case came out of seal, and entries that are not public. Pure.

A court that unseals says so late or never: what shows is a criminal number of an earlier year that
nobody had seen, a docket at its first entries, the word, or a caption that gets a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from matching.cases import parse_docket
from matching.renaming import renaming
from model.docket import Filing, Route
from model.item import Filed

_CRIMINAL = frozenset({"cr", "mj"})
SIGN = "sign:"
"""Before each sign where it stands among what has become of a case."""
_LOW = 12
"""A docket whose newest entry stands so low has hardly begun."""
_CHARGES = frozenset({"indictment", "superseding", "information", "complaint", "arrest"})


def radar(filing: Filing, now: date, *, first: bool, caption: str = "") -> tuple[str, ...]:
    """Return the signs that a case came out of seal, as codes: "unseal" (it says that it happened),
    "named" (a caption that named nobody now names somebody), "old_number" (a criminal number of an
    earlier year seen for the first time), "low_entry", "charged" (besides it, at the docket's
    beginning).

    `first`: nothing of this case was seen before, and its source is not just being learnt;
    `caption`: what the case was called until now.
    """
    signs = []
    if any(one.kind == "unsealed" for one in filing.events):
        signs.append("unseal")
    if caption and renaming(caption, filing.caption) == "unsealed":
        signs.append("named")
    if first and _is_of_earlier_year(filing.number, now):
        signs.append("old_number")
        if filing.entry.isdecimal() and int(filing.entry) <= _LOW:
            signs.append("low_entry")
        if any(one.kind in _CHARGES for one in filing.events):
            signs.append("charged")
    return tuple(signs)


def is_unsealing(signs: Iterable[str]) -> bool:
    """Return whether these signs are worth a word: an old number alone is any old case."""
    seen = set(signs)
    return bool(seen & {"unseal", "named", "charged", "low_entry"})


def unsealed(one: Filed, now: date) -> Filed:
    """Return what came, with "unsealed" among its changes and each sign of it ("sign:named") where
    the signs say so. What a Source holds at its first poll shows only what was public all along,
    and that a search or a link finds an old case says nothing: only a court's own feed does.
    """
    filing = one.recorded.item.filing
    if filing is None or one.recorded.backlog:
        return one
    appears = one.opens or "found" in one.changes  # followed by a number that told nothing
    first = appears and filing.route is Route.COURT
    signs = radar(replace(filing, events=one.events), now, first=first, caption=one.called)
    if not is_unsealing(signs):
        return one
    found = {"unsealed", *(f"{SIGN}{sign}" for sign in signs)}
    return replace(one, changes=one.changes | found)


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
