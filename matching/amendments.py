"""What has become of an article since it was told: how two versions differ (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from matching.stages import stages_of
from model.item import Item
from model.version import Amendment, Changed, Part, Version

GONE = frozenset({404, 410})
"""How a server says that a page is no more."""
_WORD = re.compile(r"\w+")
_FEW = 12
"""Words. Fewer that came or went are a clock, a counter, a caption or a name spelled better."""
_SHARE = 0.03
"""Of a text's words: a long page changes more around its article."""


def changes(before: Version | None, now: Version) -> tuple[Changed, ...]:
    """Return what the later of two versions of one part says otherwise, the weightiest first."""
    if before is None:
        return ()
    if now.status in GONE:
        return () if before.status in GONE else (Changed.WITHDRAWN,)
    found = [Changed.BACK] if before.status in GONE else []
    for what, old, new in (
        (Changed.HEADLINE, before.title, now.title),
        (Changed.SUMMARY, before.summary, now.summary),
    ):
        if old and new and _plain(old) != _plain(new):
            found.append(what)
    if before.text and now.text and differ(before.text, now.text):
        found.append(Changed.TEXT)
    return tuple(found)


def _plain(text: str) -> str:
    return " ".join(text.split())


def differ(before: str, now: str) -> bool:
    """Return whether two texts differ by more than what changes around an article by itself.

    By words, wherever they stand: paragraphs that only changed places say the same.
    """
    old, new = Counter(_words(before)), Counter(_words(now))
    moved = max((old - new).total(), (new - old).total())
    return moved >= max(_FEW, _SHARE * max(old.total(), new.total()))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def amendments(versions: Iterable[Version]) -> tuple[Amendment, ...]:
    """Return what changed in one Item, in order, from its versions, the oldest first. The versions
    of its parts are apart: a page's headline is often another than its feed's.
    """
    last: dict[Part, Version] = {}
    found: list[Amendment] = []
    for one in versions:
        before = last.get(one.part)
        for what in one.changed:
            was = ""
            if before is not None and what is Changed.HEADLINE:
                was = before.title
            elif before is not None and what is Changed.SUMMARY:
                was = before.summary
            found.append(Amendment(one.item_id, what, one.seen_at, was))
        last[one.part] = one if one.status not in GONE else (before or one)
    return tuple(found)


def latest(found: Sequence[Amendment]) -> tuple[Amendment, ...]:
    """Return what a reader should know of it now, the oldest first: of each sort the last; of a
    page that is gone or back, only which; a headline that is changed in both parts, once.
    """
    kept: dict[object, Amendment] = {}
    for one in found:
        stands = one.what in (Changed.WITHDRAWN, Changed.BACK)
        key = "stands" if stands else (one.what, one.watch_id)
        kept.pop(key, None)
        kept[key] = one
    return tuple(sorted(kept.values(), key=lambda one: one.at))


def turns(before: Item | None, now: Item) -> bool:
    """Return whether an article's headline now tells of another kind of event: released where it
    said arrested.
    """
    old, new = (_stage(before), _stage(now)) if before is not None else ("", "")
    return bool(old) and bool(new) and old != new


def _stage(item: Item) -> str:
    found = stages_of(item.title, item.lang)
    return min(found, key=lambda one: one.severity.rank).kind if found else ""


def flaps(versions: Iterable[Version]) -> bool:
    """Return whether a Source's last step, from one version of an Item to the next, was taken
    before: two servers answer by turns, one of them late. `versions`: the oldest first.
    """
    said = [(one.title, one.summary, one.text) for one in versions if one.part is Part.SOURCE]
    steps = list(pairwise(said))
    return bool(steps) and steps[-1] in steps[:-1]


def said_by_source(item: Item) -> Version | None:
    """Return the version of an Item as its Source gave it, when it was first seen; None where
    that is not known.
    """
    if item.first_seen is None:
        return None
    capture = item.capture
    return Version(
        item.id,
        item.first_seen,
        Part.SOURCE,
        capture.url if capture else "",
        capture.sha256 if capture else "",
        title=item.title,
        summary=item.summary,
        text=item.text,
    )
