"""Who else tells a Story, who had it first, and what the court says of it (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.byline import foreign, headline, instant, link, outlet, published
from alerts.filings import happened
from alerts.inert import inert
from model.alert import AlertView
from model.docket import Filing
from model.item import Item
from model.message import Message, Style, joined, marked
from model.words import Words

LISTED = 6
"""Other articles of a Story that are named; the rest is counted."""
FIRST = 4
"""Outlets of which it is said when they had it."""


def also(view: AlertView, words: Words) -> Message:
    """Return who else tells the same, newest last, the older ones counted (CONVERSATION §5.2):
    texts of their own apart from reprints.
    """
    own, reprints = _parted(view)
    if not own and not reprints:
        return _first(view, words)
    shown = sorted([*own[-LISTED:], *reprints[len(reprints) - _room(own) :]], key=_when)
    lines = [_line(item, view, words) for item in shown]
    rest = len(own) + len(reprints) - len(shown)
    lines += [Message(words.say("alert.more", n=rest))] if rest > 0 else []
    parts = [_title(own, reprints, words), marked(_lines(lines), Style.FOLDED)]
    return _lines([*parts, _first(view, words)])


def _room(own: Sequence[Item]) -> int:
    """Return how many reprints can be named beside the texts of their own."""
    return max(0, LISTED - len(own))


def _parted(view: AlertView) -> tuple[list[Item], list[Item]]:
    """Return what other outlets wrote themselves, and what they reprinted, the oldest first."""
    how = dict(view.thread.joins)
    own: list[Item] = []
    reprints: list[Item] = []
    for item in sorted(view.items[1:], key=_when):
        sameness = how.get(item.id)
        (reprints if sameness and sameness.is_reprint else own).append(item)
    return own, reprints


def _when(item: Item) -> tuple[float, int]:
    """Order articles as they were published, those of one moment as they came."""
    at = published(item)
    return (at.timestamp() if at else 0.0, item.id)


def _title(own: Sequence[Item], reprints: Sequence[Item], words: Words) -> Message:
    if not own:
        return words.write("story.reprinted", n=len({outlet(item) for item in reprints}))
    title = words.write("alert.also", n=len({outlet(item) for item in own}))
    if not reprints:
        return title
    return joined([title, Message(words.say("story.reprints", n=len(reprints)))], " · ")


def _line(item: Item, view: AlertView, words: Words) -> Message:
    line = words.write("alert.also.line", headline=headline(item, words), outlet=outlet(item))
    parts = [line]
    parts += _later(published(view.items[0]), published(item), words)
    theirs = foreign(item, view.subscriber.language)
    return joined([joined(parts, ", "), f" ({theirs})" if theirs else ""])


def _later(first: datetime | None, then: datetime | None, words: Words) -> list[Message]:
    """Return "+12 min", or nothing where it did not come later."""
    if first is None or then is None or then <= first:
        return []
    length = words.length((then - first).total_seconds())
    return [Message(words.say("alert.also.later", length=length))]


def _first(view: AlertView, words: Words) -> Message:
    """Return who had it first: the court and up to four outlets, each with how much later;
    nothing where the message says so already (one other outlet, and it came later).
    """
    had: dict[str, datetime] = {}
    filed = [one.first_seen for one in view.thread.filings if one.first_seen]
    if filed:
        had[words.say("story.court")] = min(filed)
    for item in view.items:
        at, name = published(item), outlet(item)
        if at is not None and name:
            had[name] = min(at, had.get(name, at))
    order = sorted(had.items(), key=lambda pair: pair[1])[:FIRST]
    known = {outlet(item) for item in view.items[:1]}
    if len(order) < 2 or (len(order) == 2 and order[0][0] in known):
        return Message("")
    (name, begun), *others = order
    parts = [joined([name, " ", instant(begun, words, "t")])]
    parts += [joined([one, *_later(begun, at, words)], " ") for one, at in others]
    return words.write("story.first", order=joined(parts, " · "))


def court(view: AlertView, words: Words) -> Message:
    """Return what was filed in the case that the news is of, a line for each entry."""
    first = published(view.items[0]) if view.items else None
    return _lines([_filed(item, first, words) for item in view.thread.filings])


def _filed(item: Item, first: datetime | None, words: Words) -> Message:
    filing = item.filing or Filing()
    address = link(filing.url or item.url)
    said = f"{inert(filing.number)}, “{happened(filing, words)}”"
    entry = marked(said, Style.LINK, address) if address else Message(said)
    later = _later(first, item.first_seen, words)
    return words.write("story.court.line", entry=joined([entry, *later], " "))


def earlier(view: AlertView, words: Words) -> Message:
    """Return a link back to what an Alert goes on with."""
    other = view.thread.other
    if other is None:
        return Message("")
    return words.write("story.earlier", headline=headline(other, words))


def _lines(lines: Iterable[Message]) -> Message:
    return joined([line for line in lines if line.text], "\n")
