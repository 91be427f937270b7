"""The pieces Alerts are made of: a linked headline, an instant, an outlet, a hashtag (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from alerts.inert import clipped, inert
from matching.stages import stages_of
from model.alert import WatchName
from model.docket import Severity
from model.item import Item
from model.message import Message, Style, joined, marked
from model.words import Words

HEADLINE = 180
"""Code points of a headline that are shown."""
OUTLET = 60
NAME = 80
TAGS = 3
_LEAD = 300
"""Code points of a text in which its outcome is looked for."""
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_DOCKET = re.compile(r"(?:\d+:)?(\d{2})-([a-z]{2})-0*(\d+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def headline(item: Item, words: Words, most: int = HEADLINE) -> Message:
    """Return the Item's title, linked to its article where its address can be linked."""
    title = clipped(inert(item.title).strip(), most) or words.say("alert.untitled")
    address = link(item.url)
    return marked(title, Style.LINK, address) if address else Message(title)


def link(url: str) -> str:
    """Return the address if Telegram can link it and a button can open it, else nothing."""
    if len(url) > 2000 or not _URL.fullmatch(url) or not url.isprintable():
        return ""
    try:
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""


def published(item: Item) -> datetime | None:
    """Return when the Item was published as far as that can be believed, else first seen."""
    return item.published_at or item.first_seen


def instant(at: datetime, words: Words, form: str = "r") -> Message:
    """Return a moment that each reader sees in their own zone ("r": as "4 minutes ago"); the
    words inside are what older apps show.
    """
    seconds = int(at.timestamp())
    text = words.moment(at)
    return marked(text, Style.TIME, str(seconds), form) if seconds > 0 else Message(text)


def outlet(item: Item) -> str:
    """Return who published the Item: its Source's name, else its host."""
    name = clipped(inert(item.source).strip(), OUTLET)
    return name or clipped(inert(urlsplit(link(item.url)).hostname or "").strip(), OUTLET)


def foreign(item: Item, language: str) -> str:
    """Return the Item's language code where it differs from the reader's, else nothing."""
    theirs = item.lang.replace("_", "-").split("-")[0].lower()
    return theirs if theirs and theirs != language.split("-")[0].lower() else ""


def byline(item: Item, words: Words, language: str) -> Message:
    """Return "outlet · when · language"; what is not known is left out."""
    at = published(item)
    theirs = foreign(item, language)
    parts = [
        outlet(item),
        instant(at, words) if at else "",
        words.language_name(theirs) if theirs else "",
    ]
    return joined([part for part in parts if part and part != Message("")], " · ")


def names(watches: Iterable[WatchName], words: Words, most: int = 3) -> str:
    """Return the watched names as an enumeration, at most `most` of them in full."""
    told = list(dict.fromkeys(clipped(inert(watch.name).strip(), NAME) for watch in watches))
    rest = len(told) - most
    if rest > 0:
        return f"{', '.join(told[:most])} {words.say('alert.more', n=rest)}"
    return words.listed(told)


def hashtags(watches: Iterable[WatchName], more: Sequence[str] = ()) -> str:
    """Return up to three hashtags, in CamelCase so that a screen reader can read them: those of
    `more` last, and at least one of a Watch before them.
    """
    last = list(filter(None, map(hashtag, more)))[: TAGS - 1]
    tags = list(dict.fromkeys(filter(None, (hashtag(watch.name) for watch in watches))))
    return " ".join(dict.fromkeys([*tags[: TAGS - len(last)], *last]))


def stage_of(item: Item) -> str:
    """Return the kind of event an Item tells of: its headline's gravest, else that of the text's
    beginning where it is an outcome; empty: none that is known.
    """
    return _stage(item.title, item.lang) or _stage(item.summary[:_LEAD], item.lang, loud=True)


@lru_cache(maxsize=2_000)
def _stage(text: str, lang: str, *, loud: bool = False) -> str:
    found = [one for one in stages_of(text, lang) if one.severity is Severity.LOUD or not loud]
    return min(found, key=lambda one: one.severity.rank).kind if found else ""


def hashtag(name: str) -> str:
    """Return "#SalvadorCienfuegosZepeda", "#CR19366" for 1:19-cr-00366, "" if there is none."""
    docket = _DOCKET.search(name)
    if docket:
        year, sort, number = docket.groups()
        return f"#{sort.upper()}{year}{number}"
    camel = "".join(word[:1].upper() + word[1:] for word in _WORD.findall(inert(name)))
    return f"#{camel}" if camel and not camel.isdecimal() and len(camel) <= 64 else ""
