"""A timeline as a Markdown file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.filings import happened
from bot.chronicle import Happening, milestones
from model.item import Item
from model.words import Words


def markdown(
    words: Words, name: str, every: Sequence[Happening], items: Mapping[int, Item], now: datetime
) -> str:
    """Return the whole timeline, milestones first, then everything with the newest first."""
    lines = [f"# {_plain(name)}", "", words.say("look.file.made", at=now), ""]
    first = milestones(every)
    if first:
        lines += [f"## {words.say('look.file.milestones')}", ""]
        lines += [
            f"- {one.at:%Y-%m-%d} {words.say(f'event.{one.kind}')}{_source(items, one.item_id)}"
            for one in first
        ]
        lines.append("")
    lines += [f"## {words.say('look.file.everything')}", ""]
    for one in every:
        lines += _entry(words, one, items)
    return "\n".join(lines) + "\n"


def _entry(words: Words, one: Happening, items: Mapping[int, Item]) -> list[str]:
    item = items.get(one.first.item_id)
    if item is None:
        return []
    kinds = words.listed([words.say(f"event.{kind}").lower() for kind in one.kinds])
    stage = f" *({_plain(kinds)})*" if kinds else ""
    if item.filing is not None:
        entry = f"{item.filing.entry} " if item.filing.entry else ""
        what = _linked(f"{entry}{happened(item.filing, words)}", item.filing.url or item.url)
        return [f"- **{one.at:%Y-%m-%d}** ⚖️ {what}", *_quoted(item.filing.text)]
    also = words.say("look.timeline.more", n=len(one.others)) if one.others else ""
    outlet = " ".join(part for part in (_plain(one.first.outlet), also) if part)
    head = _linked(item.title or words.say("alert.untitled"), item.url)
    return [f"- **{one.at:%Y-%m-%d}** {head} — {outlet}{stage}"]


def _quoted(text: str) -> list[str]:
    said = " ".join(text.split())
    return [f"  > {_plain(said)}"] if said else []


def _source(items: Mapping[int, Item], item_id: int) -> str:
    item = items.get(item_id)
    return f" — {_linked(item.title, item.url)}" if item is not None and item.title else ""


def _linked(text: str, url: str) -> str:
    address = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{_plain(text)}]({address})" if address else _plain(text)


def _plain(text: str) -> str:
    """Return text that Markdown takes as it is."""
    said = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>#|" else sign for sign in said)
