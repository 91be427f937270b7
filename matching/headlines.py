"""How many of the live headlines say each word: counted once, and on from there when one comes or
goes (pure; no answer depends on what is kept).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from typing import TypeAlias

from matching.remembered import Remembered

MOST = 1_000
"""So many counts are kept, of the readers and Watches asked for last; some 15 kB each."""

_Counted: TypeAlias = tuple[Sequence[Remembered], Counter[str]]
_KEPT: dict[Hashable, _Counted] = {}
"""By whose they are, those asked for last at the end. Nothing in it is changed, only replaced, so
that threads may use it at the same time.
"""


def words_of(live: Sequence[Remembered], whose: Hashable = None) -> Counter[str]:
    """Return how many of these headlines say each word, by its key. `whose`: under what they are
    kept for the next time; None: they are not.
    """
    if whose is None:
        return _said(live)
    before = _KEPT.pop(whose, None)
    counted = before if before and before[0] == live else (live, _counted_on(before, live))
    _KEPT[whose] = counted
    if len(_KEPT) > MOST:
        _KEPT.pop(next(iter(_KEPT)), None)
    return counted[1]


def _said(live: Iterable[Remembered]) -> Counter[str]:
    return Counter(chain.from_iterable([one.head for one in live]))


def _counted_on(before: _Counted | None, live: Sequence[Remembered]) -> Counter[str]:
    """Count on from what was live before; anew where most has changed, or a text is there twice."""
    old, count = before or ((), Counter())
    gone = {id(one): one for one in old}
    come = [one for one in live if gone.pop(id(one), None) is None]
    if len(come) + len(gone) > len(live) / 2 or len(old) != len({id(one) for one in old}):
        return _said(live)
    count = count.copy()
    count.update(_said(come))
    count.subtract(_said(gone.values()))
    return +count
