"""/search: what was read about something, the newest first, paged in one message."""

from __future__ import annotations

from alerts.inert import clipped, inert
from bot import looking
from bot.talk import keyboards, questions, replies
from bot.talk.lines import line, pager
from bot.talk.turn import Turn
from matching.archive import read_search
from model.message import Button, Message, joined
from model.people import Role

A_PAGE = 8
SHOWN = 60
"""Letters of what was looked for that are said again."""


async def asked(turn: Turn) -> None:
    """/search TEXT. Without one, ask for it."""
    if not turn.text:
        await questions.ask(turn, "look.search.what", "search", {})
        return
    message, rows = await _page(turn, turn.text, 0)
    await replies.show(turn, message, rows)


async def page(turn: Turn) -> None:
    """[Newer] and [Older], and [the word that was meant]."""
    message, rows = await _page(turn, turn.pressed["text"], turn.pressed.get("at", 0))
    await replies.change(turn, message, rows)


async def _page(turn: Turn, text: str, at: int) -> tuple[Message, list[list[Button]]]:
    seen = await looking.look(turn.parts.store, read_search(text), at, A_PAGE)
    if not seen.count:
        return await _nothing(turn, text)
    count = turn.words.say("look.search.count", n=seen.count)
    if seen.more:
        count = turn.words.say("look.search.more", n=seen.count)
    lines = [
        turn.words.write("look.search.title", text=clipped(inert(text), SHOWN), count=count),
        *(line(turn, one) for one in seen.items),
    ]
    if seen.count > A_PAGE:
        last = at + len(seen.items)
        lines.append(turn.words.write("look.page", first=at + 1, last=last, n=seen.count))
    return joined(lines, "\n"), await _keys(turn, text, at, more=seen.count > at + A_PAGE)


async def _nothing(turn: Turn, text: str) -> tuple[Message, list[list[Button]]]:
    shown = clipped(inert(text), SHOWN)
    better, n = await looking.meant(turn.parts.store, text)
    if not n:
        return turn.words.write("look.search.nothing", text=shown), []
    async with turn.parts.store.write() as tx:
        key = await keyboards.labelled(tx, turn, inert(better), "search", text=better)
    said = turn.words.write(
        "look.search.meant", text=shown, better=clipped(inert(better), SHOWN), n=n
    )
    return said, [[key]]


async def _keys(turn: Turn, text: str, at: int, *, more: bool) -> list[list[Button]]:
    async with turn.parts.store.write() as tx:
        row = await pager(tx, turn, "search", at, A_PAGE, more=more, text=text)
        below = []
        if turn.member is not None and turn.member.role is not Role.VIEWER:
            below = [await keyboards.button(tx, turn, "look.button.watch", "wish", text=text)]
    return [row, below]
