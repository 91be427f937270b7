"""What an Alert says: a view of it becomes a Message of text, Marks and buttons (pure).

One Alert is always one Message that Telegram takes as it is: at most 4096 UTF-16 units and 100
Marks, so that a repeat can never be half a repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from alerts import filings
from alerts.also import also, court, earlier
from alerts.byline import (
    byline,
    hashtags,
    headline,
    instant,
    link,
    names,
    stage_of,
)
from alerts.corrections import amended, answer, names_nobody
from alerts.digest import group
from alerts.grouped import backlog
from alerts.inert import clipped, inert
from alerts.notices import notice
from alerts.passage import paragraph, passage
from alerts.reviewing import review
from alerts.split import MARKS, UNITS, split, trimmed
from model.alert import AlertKind, AlertView, Bond
from model.item import Item
from model.mention import Mention
from model.message import Button, Message, Style, joined, marked
from model.people import Chat
from model.watch import Priority
from model.words import Words

REPEAT = "(may be a repeat)"
"""A line of its own, in English in every language: scripts and readers look for exactly this."""
WHOLE = 600
"""Characters an Alert should not exceed, "also in" apart."""
QUOTE = 320
REASONS = 3


def compose(view: AlertView, words: Words, *, repeat: bool = False) -> Message:
    """Return what the Alert says in the words of its reader's language. `repeat`: an earlier try
    may have arrived, and the last line says so.
    """
    if view.kind is AlertKind.NOTICE:
        message = notice(view, words)
    elif view.kind is AlertKind.BACKLOG:
        message = backlog(view, words)
    elif view.kind is AlertKind.GROUP:
        message = group(view, words)
    elif view.kind is AlertKind.REVIEW:
        shown = compose(view.members[0], words) if view.members else Message("")
        message = review(view, shown, words)
    elif view.kind is AlertKind.FILING or (view.items and view.items[0].filing is not None):
        message = _filing(view, words)
    else:
        message = _story(view, words)
    return _repeated(_bounded(message), repeat)


def digest_of(message: Message) -> str:
    """Return what tells equal Messages from different ones: an equal edit is not sent."""
    return hashlib.blake2b(repr(message).encode(), digest_size=12).hexdigest()


def _repeated(message: Message, repeat: bool) -> Message:
    if not repeat:
        return message
    whole = joined([Message(message.text, message.marks), REPEAT], "\n\n")
    return replace(message, text=whole.text, marks=whole.marks)


def _bounded(message: Message) -> Message:
    """Return the message within Telegram's limits, with room left for REPEAT."""
    most = UNITS - len(REPEAT) - 2
    first = split(message, most, MARKS)[:1]
    return replace(first[0] if first else Message("…"), buttons=message.buttons)


def _story(view: AlertView, words: Words) -> Message:
    """Return an Alert about one Story: whom, what, where, the words, why (CONVERSATION §5.1)."""
    if _bond(view) is Bond.MERGED:
        return _merged(view, words)
    item = view.items[0] if view.items else Item()
    if _bond(view) is Bond.CORRECTION:
        return _correction(view, item, words)
    top = _lines([_first_line(view, words), *_head(view, item, words), amended(view, words)])
    others = _lines([also(view, words), court(view, words)])
    why = _why(view, words) if view.subscriber.why else Message("")
    tags = _tags(view, item)
    room = WHOLE - len(top.text) - len(why.text) - len(tags) - 8
    quote = Message("")
    if not names_nobody(view):
        quote = _quoted(passage(item, view.mentions, max(120, min(QUOTE, room))), words)
    tail = _tail(view, tags, words)
    before = earlier(view, words) if _bond(view) is Bond.EARLIER else Message("")
    parts = (top, _lines([quote, why]), before, others, tail)
    text = joined([part for part in parts if part.text], "\n\n")
    return replace(trimmed(text), buttons=_buttons(view, item, words), preview=link(item.url))


def _correction(view: AlertView, item: Item, words: Words) -> Message:
    """Return the answer to a message whose article has changed."""
    below = _head(view, item, words)[1]
    tail = Message(hashtags(view.watches))
    text = joined([part for part in (answer(view, below, words), tail) if part.text], "\n\n")
    return replace(trimmed(text), buttons=_buttons(view, item, words), preview=link(item.url))


def _filing(view: AlertView, words: Words) -> Message:
    """Return an Alert about Filings of one case, with the buttons they have."""
    why = _why(view, words) if view.subscriber.why else Message("")
    message = filings.filings(view, why, words)
    return replace(message, buttons=_rows(view, filings.buttons(view, words), words))


def _first_line(view: AlertView, words: Words) -> Message:
    """Return what a lock screen shows: the mark and the watched names."""
    urgent = any(watch.priority is Priority.HIGH for watch in view.watches)
    line = joined(["🔴 " if urgent else "", marked(names(view.watches, words), Style.BOLD)])
    if not view.hidden_by:
        return line
    who = clipped(inert(view.hidden_by), 60)
    return _lines([marked(line, Style.STRIKE), words.say("alert.hidden", who=who)])


def _head(view: AlertView, item: Item, words: Words) -> list[Message]:
    below = byline(item, words, view.subscriber.language)
    stage = stage_of(item)
    if stage:
        kind = marked(words.say(f"event.{stage}"), Style.ITALIC)
        below = joined([part for part in (kind, below) if part.text], " · ")
    return [marked(headline(item, words), Style.BOLD), below]


def _tags(view: AlertView, item: Item) -> str:
    """Return up to three hashtags: whom it is about, the case, what happened."""
    numbers = [one.filing.number for one in view.thread.filings if one.filing]
    return hashtags(view.watches, [*numbers[:1], stage_of(item)])


def _bond(view: AlertView) -> Bond | None:
    return view.thread.tie.bond if view.thread.tie else None


def _merged(view: AlertView, words: Words) -> Message:
    """Return what is left of a message that somebody joined to an earlier one."""
    line = words.write("story.merged", headline=headline(view.thread.other or Item(), words))
    undo = [Button(words.say("story.button.unmerge"), press=i) for i in _ids(view, "unmerge")]
    named = marked(names(view.watches, words), Style.BOLD)
    return replace(_lines([named, line]), buttons=(tuple(undo),) if undo else ())


def _ids(view: AlertView, action: str) -> list[str]:
    """Return the id of a button where it can be pressed."""
    pressable = view.subscriber.chat not in (Chat.NONE, Chat.CHANNEL)
    return [one for name, one in view.buttons if name == action] if pressable else []


def _quoted(sentence: Message, words: Words) -> Message:
    return words.write("alert.quote", sentence=sentence) if sentence.text else sentence


def _why(view: AlertView, words: Words) -> Message:
    """Return the reasons of the best Mentions, each said once, and the context that helped."""
    best = sorted(view.mentions, key=lambda mention: -mention.score)
    reasons = list(dict.fromkeys(inert(words.reason(mention.reason)) for mention in best))
    reasons = [clipped(reason, 120) for reason in reasons[:REASONS]]
    reasons += [words.say("filing.followed")] if view.followed else []
    place = paragraph(view.items[0], view.mentions) if view.items else 0
    reasons += [words.say("alert.paragraph", n=place)] if place else []
    context = _context(best)
    if context:
        near = clipped(inert(", ".join(context)), 120)
        reasons.append(words.say("alert.context", n=len(context), words=near))
    return words.write("alert.why", reasons=words.listed(reasons)) if reasons else Message("")


def _context(mentions: Iterable[Mention]) -> list[str]:
    """Return the context words, each once however it was written."""
    seen: dict[str, str] = {}
    for mention in mentions:
        for word in mention.context:
            seen.setdefault(word.casefold(), word)
    return list(seen.values())


def _tail(view: AlertView, tags: str, words: Words) -> Message:
    parts: list[str | Message] = []
    if view.edited_at:
        parts.append(words.write("alert.updated", at=instant(view.edited_at, words, "t")))
    return joined([*parts, *([tags] if tags else [])], " · ")


def _buttons(view: AlertView, item: Item, words: Words) -> tuple[tuple[Button, ...], ...]:
    address = link(item.url)
    row = [Button(words.say("alert.button.open"), url=address)] if address else []
    about = [Button(words.say("story.button.merge"), press=i) for i in _ids(view, "merge")]
    if view.thread.joins:
        about += [Button(words.say("story.button.split"), press=i) for i in _ids(view, "split")]
    return _rows(view, row, words) + ((tuple(about),) if about else ())


def _rows(view: AlertView, row: list[Button], words: Words) -> tuple[tuple[Button, ...], ...]:
    """Return one row: in channels nothing that has to be pressed, since any reader can press."""
    if view.subscriber.chat is Chat.NONE:
        return ()
    if view.subscriber.public and view.subscriber.chat is Chat.CHANNEL and view.watches:
        row.append(Button(words.say("look.button.timeline"), start=f"t_{view.id}"))
    if view.subscriber.chat is not Chat.CHANNEL:
        ids = dict(view.buttons)
        labels = [("not_them", "alert.button.not-them")]
        menu, older = ("more", "more.button.more"), ("why", "alert.button.why")
        labels.append(menu if "more" in ids else older)
        if view.hidden_by or (view.followed and not view.mentions):
            del labels[0]  # said already; or the case itself was asked for, and nobody mistaken
        if not view.followed:
            labels.append(("follow_case", "filing.button.follow"))
        row += [Button(words.say(code), press=ids[name]) for name, code in labels if name in ids]
    return (tuple(row),) if row else ()


def _lines(lines: Iterable[str | Message]) -> Message:
    """Return the lines below each other; an empty Message is no line, an empty str a blank one."""
    return joined([line for line in lines if line != Message("")], "\n")
