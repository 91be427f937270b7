"""One Message for many Items: what a new Source already held (pure)."""

from __future__ import annotations

from dataclasses import replace

from alerts.byline import headline, names, outlet, published
from alerts.inert import clipped
from alerts.split import units
from model.alert import AlertView
from model.item import Item
from model.message import Message, joined
from model.words import Words

LISTED = 20
"""Items that are named at most; the rest is counted."""
ROOM = 3600
"""UTF-16 units their lines may take, so that all of it stays one Message."""
HEADLINE = 110


def backlog(view: AlertView, words: Words) -> Message:
    """Return one Message that lists the Items, newest first, each with whom it mentions."""
    items = sorted(view.items, key=_when, reverse=True)
    where = words.listed(list(dict.fromkeys(clipped(outlet(item), 40) for item in items))[:3])
    lines = [
        words.write("alert.backlog", names=names(view.watches, words)),
        words.write("alert.backlog.held", n=len(items), outlet=where),
    ]
    shown = _fitting([_line(item, view, words) for item in items[:LISTED]])
    lines += shown
    if len(items) > len(shown):
        lines.append(Message(words.say("alert.more", n=len(items) - len(shown))))
    return replace(joined(lines, "\n"), silent=True)


def _fitting(lines: list[Message]) -> list[Message]:
    room, shown = ROOM, []
    for line in lines:
        room -= units(line.text) + 1
        if room < 0:
            break
        shown.append(line)
    return shown


def _line(item: Item, view: AlertView, words: Words) -> Message:
    found = {mention.watch_id for mention in dict(view.item_mentions).get(item.id, ())}
    who = names([watch for watch in view.watches if watch.id in found], words, most=2)
    at = published(item)
    about = [words.day(at) if at else outlet(item), clipped(who, 60)]
    return words.write(
        "alert.backlog.line",
        headline=headline(item, words, HEADLINE),
        about=" · ".join(part for part in about if part),
    )


def _when(item: Item) -> float:
    at = published(item)
    return at.timestamp() if at else 0.0
