"""What a message says of an article that changed after it was told (pure)."""

from __future__ import annotations

from alerts.byline import headline, instant, names, outlet
from alerts.inert import clipped, inert
from model.alert import AlertView, Bond, WatchName
from model.item import Item
from model.message import Message, Style, joined, marked
from model.version import Amendment, Changed
from model.words import Words

WAS = 160
"""Code points of what a headline or summary said before."""
LISTED = 4


def amended(view: AlertView, words: Words) -> Message:
    """Return a line for each thing that changed in what the Alert tells; empty: nothing did."""
    lines = [_line(one, view, words) for one in _told(view)[-LISTED:]]
    return joined(lines, "\n")


def names_nobody(view: AlertView) -> bool:
    """Return whether the first article no longer names anyone the Alert was told for."""
    first = view.items[0].id if view.items else 0
    gone = {
        one.watch_id
        for one in view.amendments
        if one.item_id == first and one.what is Changed.DROPPED
    }
    return bool(gone) and gone.issuperset(watch.id for watch in view.watches)


def answer(view: AlertView, below: Message, words: Words) -> Message:
    """Return what answers the message that told an article: what has become of it. `below`: the
    article's byline.
    """
    why = view.thread.tie.why if view.thread.tie else ""
    item = view.items[0] if view.items else Item()
    who = names(_named(view) or view.watches, words)
    said = words.write(f"correction.answer.{why or 'turned'}", who=who, outlet=outlet(item))
    title = marked(headline(item, words), Style.BOLD)
    return joined([one for one in (said, title, below, amended(view, words)) if one.text], "\n")


def _named(view: AlertView) -> tuple[WatchName, ...]:
    gone = {one.watch_id for one in view.amendments if one.what is Changed.DROPPED}
    return tuple(watch for watch in view.watches if watch.id in gone)


def _told(view: AlertView) -> list[Amendment]:
    """Return what changed since the Alert; of an answer, since before it."""
    answers = view.thread.tie is not None and view.thread.tie.bond is Bond.CORRECTION
    since = None if answers else view.at
    mine = {watch.id for watch in view.watches}
    return [
        one
        for one in view.amendments
        if (since is None or one.at > since)
        and (one.what is not Changed.DROPPED or one.watch_id in mine)
    ]


def _line(one: Amendment, view: AlertView, words: Words) -> Message:
    code = f"correction.{one.what.value}"
    who = names([watch for watch in view.watches if watch.id == one.watch_id], words)
    was = clipped(inert(one.was), WAS)
    line = words.write(code, at=instant(one.at, words, "Dt"), was=was, who=who)
    of = next((item for item in view.items if item.id == one.item_id), None)
    if of is None or of is view.items[0]:
        return line
    return joined([f"{outlet(of)}: ", line])
