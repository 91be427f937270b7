"""/stats: a chart of stories and filings, whose caption says the same numbers in words."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from alerts.inert import inert
from bot import chart
from bot.chronicle import Counts, counted, happenings
from bot.talk import handing, keyboards, replies, subject
from bot.talk.subject import Subject, unpacked
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from store.engine import Tx

PERIODS = (30, 90, 365)
USUAL = 90


async def asked(turn: Turn) -> None:
    """/stats NAME, or a case's number; alone, ask for one."""
    if not turn.text:
        await subject.choose(turn, "look.stats.whose", "chart", everything=True)
        return
    await _show(turn, await subject.named(turn, turn.text), USUAL, change=False)


async def pressed(turn: Turn) -> None:
    """Draw what was chosen: a name, or [30 days], [90 days], [365 days]."""
    days = turn.pressed.get("days", 0)
    period = days if days in PERIODS else USUAL
    await _show(turn, unpacked(turn.pressed), period, change=bool(days))


async def _show(turn: Turn, about: Subject, days: int, *, change: bool) -> None:
    since = turn.now - timedelta(days=days)
    async with turn.parts.store.write() as tx:
        name = await subject.title(tx, turn, about)
        moments = await subject.moments(tx, about, since)
        rows = await _keys(tx, turn, about, days)
    counts = counted(happenings(moments), turn.now.date(), days)
    caption = caption_of(turn, name, counts)
    if counts.busiest is None:
        await replies.show(turn, caption, rows)
        return
    png = await asyncio.to_thread(chart.draw, inert(name), counts, turn.words)
    give = handing.another_picture if change else handing.picture
    await give(turn, png, caption, rows)


def caption_of(turn: Turn, name: str, counts: Counts) -> Message:
    """Return what the chart shows in words, for those who don't see it."""
    words = turn.words
    period = words.say("chart.period", n=len(counts.days))
    if counts.busiest is None:
        return words.write("look.stats.nothing", name=inert(name), period=period)
    day, count = counts.busiest
    news = words.say("chart.news", n=counts.stories)
    filed = words.say("chart.filings", n=counts.filings)
    parts = [
        words.write("look.stats.caption", name=inert(name), period=period, news=news, filed=filed),
        words.write("look.stats.busiest", day=day, count=count),
    ]
    if counts.outlets:
        top = [words.say("look.stats.outlet", name=inert(one), n=n) for one, n in counts.outlets]
        parts.append(words.write("look.stats.outlets", outlets=words.listed(top)))
    if len(counts.days) > chart.DAYS:
        parts.append(words.write("look.stats.weeks"))
    return joined(parts, " ")


async def _keys(tx: Tx, turn: Turn, about: Subject, shown: int) -> list[list[Button]]:
    args = about.packed()
    periods = [
        await keyboards.labelled(
            tx, turn, turn.words.say("look.stats.button.days", n=days), "chart", **args, days=days
        )
        for days in PERIODS
        if days != shown
    ]
    if not args:
        return [periods]
    return [periods, [await keyboards.button(tx, turn, "look.button.timeline", "timeline", **args)]]
