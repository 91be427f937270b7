"""What anybody may read: the posts of public channels, as /news and as /timeline."""

from __future__ import annotations

from rapidfuzz import fuzz, process, utils

from bot.chronicle import happenings
from bot.talk import keyboards, latest, replies
from bot.talk.timeline import items_of, line
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from store import chronicle, news, subscribers, visiting
from store.engine import Tx

MOMENTS = 15
"""Lines of a timeline."""
OFFERED = 12
"""Names that are offered as buttons."""
SURE = 88
"""How alike (0 to 100) a name must be to be the one that was meant."""


async def asked(turn: Turn) -> None:
    """/news of a visitor: what public channels were sent lately."""
    async with turn.parts.store.write() as tx:
        message, rows = await _page(tx, turn, 0)
    await replies.show(turn, message, rows)


async def page(turn: Turn) -> None:
    """[Older] and [Newer]."""
    async with turn.parts.store.write() as tx:
        message, rows = await _page(tx, turn, turn.pressed.get("at", 0))
    await replies.change(turn, message, rows)


async def timeline(turn: Turn) -> None:
    """/timeline NAME of a visitor; alone, ask for one of the names that were published."""
    async with turn.parts.store.write() as tx:
        known = await visiting.named_publicly(tx)
        keys = [
            await keyboards.labelled(tx, turn, name, "public_timeline", watch=one)
            for one, name in list(known.items())[:OFFERED]
            if not turn.text
        ]
    if keys:
        await replies.say(turn, "look.timeline.whose", keyboards.rows(keys, 2))
        return
    near = process.extractOne(
        turn.text,
        known,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=SURE,
    )
    if near is None:
        await replies.say(turn, "visitor.nobody")
    else:
        await replies.show(turn, await _timeline(turn, near[2], near[0]))


async def chosen(turn: Turn) -> None:
    """Show the timeline of the name that was pressed."""
    async with turn.parts.store.read() as tx:
        known = await visiting.named_publicly(tx)
    name = known.get(turn.pressed["watch"])
    if name is None:
        await replies.say(turn, "visitor.nobody")
    else:
        await replies.show(turn, await _timeline(turn, turn.pressed["watch"], name))


async def _timeline(turn: Turn, watch_id: int, name: str) -> Message:
    async with turn.parts.store.read() as tx:
        channels = await subscribers.all_subscribers(tx)
        public = [one for one in channels if one.public and one.enabled and not one.is_visitor]
        told = await chronicle.told_in(tx, [one.id for one in public], [watch_id])
        every = happenings(told)[:MOMENTS]
        items = await items_of(tx, every)
    title = turn.words.write("visitor.timeline", name=name, n=len(every))
    return joined([title, *(line(turn, one, items) for one in every)], "\n")


async def _page(tx: Tx, turn: Turn, at: int) -> tuple[Message, list[list[Button]]]:
    found = await news.public(tx, turn.now - latest.BACK)
    if not found:
        return turn.words.write("when.news.none"), []
    title = turn.words.write("visitor.news", n=len(found))
    lines = [title, *await latest.page_of(tx, turn, found, at)]
    rows = await keyboards.paging(tx, turn, "public_news", at, len(found), latest.A_PAGE)
    return joined(lines, "\n"), rows
