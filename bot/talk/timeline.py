"""/timeline: everything on one person or case, news and filings in order, milestones first."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.byline import headline, link
from alerts.filings import happened
from bot.chronicle import Happening, Milestone, happenings, milestones
from bot.talk import handing, keyboards, replies, subject
from bot.talk.lines import pager
from bot.talk.subject import Subject, unpacked
from bot.talk.turn import Turn
from bot.timelines import markdown
from model.alert import AlertView
from model.item import Item
from model.message import Button, Message, Style, joined, marked
from store import alerts, chronicle, lookup
from store.engine import Tx

A_PAGE = 10
FIRST = 8
"""Milestones that are shown."""
DIGITS = 15
LINK = "t_"
"""A deep link from a channel's button begins with this; the Alert's number follows."""


async def asked(turn: Turn) -> None:
    """/timeline NAME, or a case's number; alone, ask for one."""
    if not turn.text:
        await subject.choose(turn, "look.timeline.whose", "timeline")
        return
    message, rows = await _page(turn, await subject.named(turn, turn.text), 0)
    await replies.show(turn, message, rows)


async def page(turn: Turn) -> None:
    """Show another part: a name was pressed, [‹ Newer] or [Older ›]."""
    message, rows = await _page(turn, unpacked(turn.pressed), turn.pressed.get("at", 0))
    if turn.message is not None and turn.message.photo:
        await replies.show(turn, message, rows)
    else:
        await replies.change(turn, message, rows)


async def linked(turn: Turn, number: str) -> bool:
    """Answer whoever comes from a channel's button: members see the timeline, a stranger what
    that public channel was told. False: that was no such post.
    """
    if not number.isdecimal() or len(number) > DIGITS:
        return False
    if turn.member is None:
        return await _of_channel(turn, int(number))
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [int(number)])).get(int(number))
    if view is None or not view.watches:
        return False
    message, rows = await _page(turn, Subject(watch=view.watches[0].id), 0)
    await replies.show(turn, message, rows)
    return True


async def as_file(turn: Turn) -> None:
    """[As a file]: the whole timeline as Markdown."""
    about = unpacked(turn.pressed)
    async with turn.parts.store.read() as tx:
        name = await subject.title(tx, turn, about)
        every = happenings(await subject.moments(tx, about))
        items = await items_of(tx, every)
    text = markdown(turn.words, name, every, items, turn.now)
    caption = turn.words.write("look.timeline.file", name=name, n=len(every))
    await handing.file(turn, f"timeline-{turn.now:%Y-%m-%d}.md", text.encode(), caption)


async def _of_channel(turn: Turn, number: int) -> bool:
    """Show what a public channel was told of a person, and nothing else."""
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [number])).get(number)
        if view is None or not _is_public(view) or not view.watches or view.hidden_by:
            return False
        told = await chronicle.told_in(tx, [view.subscriber.id], [one.id for one in view.watches])
        if not told:
            return False
        every = happenings(told)[:A_PAGE]
        items = await items_of(tx, every)
    name = turn.words.listed([one.name for one in view.watches])
    where = view.subscriber.title or view.subscriber.address
    title = turn.words.write("look.timeline.channel", name=name, channel=where, n=len(every))
    lines = [title, *(line(turn, one, items) for one in every)]
    await replies.show(turn, joined(lines, "\n"))
    return True


def _is_public(view: AlertView) -> bool:
    return view.subscriber.public and not view.subscriber.is_visitor


async def _page(turn: Turn, about: Subject, at: int) -> tuple[Message, list[list[Button]]]:
    async with turn.parts.store.write() as tx:
        name = await subject.title(tx, turn, about)
        every = happenings(await subject.moments(tx, about))
        some = every[at : at + A_PAGE]
        first = milestones(every)[-FIRST:] if at == 0 else []
        items = await items_of(tx, some, [one.item_id for one in first])
        rows = await _keys(tx, turn, about, at, len(every))
    if not every:
        return turn.words.write("look.timeline.empty", name=name), []
    filings = sum(one.first.is_filing for one in every)
    news = turn.words.say("look.stories", n=len(every) - filings)
    filed = turn.words.say("look.filings", n=filings)
    since = turn.words.day(every[-1].at)
    title = turn.words.write("look.timeline.title", name=name, news=news, filed=filed, since=since)
    lines: list[Message] = [title]
    if first:
        lines += [turn.words.write("look.timeline.milestones"), *_milestones(turn, first, items)]
    last = at + len(some)
    lines.append(turn.words.write("look.timeline.part", first=at + 1, last=last, n=len(every)))
    return joined([*lines, *(line(turn, one, items) for one in some)], "\n"), rows


def _milestones(turn: Turn, some: Sequence[Milestone], items: dict[int, Item]) -> list[Message]:
    lines = []
    for one in some:
        item = items.get(one.item_id)
        what = turn.words.say(f"event.{one.kind}")
        address = link(item.url) if item is not None else ""
        shown = marked(what, Style.LINK, address) if address else Message(what)
        day = turn.words.day(one.at)
        lines.append(turn.words.write("look.timeline.milestone", what=shown, day=day))
    return lines


def line(turn: Turn, one: Happening, items: dict[int, Item]) -> Message:
    """Return one line of a timeline."""
    words, item = turn.words, items.get(one.first.item_id)
    if item is None:
        return Message("")
    day = words.day(one.at)
    if item.filing is not None:
        what = happened(item.filing, words)
        address = link(item.filing.pdf or item.filing.url or item.url)
        title = marked(what, Style.LINK, address) if address else Message(what)
        entry = f"{item.filing.entry} " if item.filing.entry else ""
        return words.write("look.timeline.filing", day=day, entry=entry, what=title)
    more = words.say("look.timeline.more", n=len(one.others)) if one.others else ""
    kinds = words.listed([words.say(f"event.{kind}").lower() for kind in one.kinds[:2]])
    code = "look.timeline.news.stage" if kinds else "look.timeline.news"
    title = headline(item, words, 110)
    outlet = " ".join(part for part in (one.first.outlet, more) if part)
    return words.write(code, day=day, headline=title, outlet=outlet, stage=kinds)


async def items_of(tx: Tx, some: Sequence[Happening], more: Sequence[int] = ()) -> dict[int, Item]:
    """Return the Items that a timeline's lines show, by id."""
    ids = [one.first.item_id for one in some]
    return {one.id: one for one in await lookup.whole(tx, dict.fromkeys((*ids, *more)))}


async def _keys(tx: Tx, turn: Turn, about: Subject, at: int, number: int) -> list[list[Button]]:
    args = about.packed()
    turning = await pager(tx, turn, "timeline", at, A_PAGE, more=number > at + A_PAGE, **args)
    below = [
        await keyboards.button(tx, turn, "look.button.file", "timeline_file", **args),
        await keyboards.button(tx, turn, "look.button.chart", "chart", **args),
    ]
    return [turning, below] if number else []
