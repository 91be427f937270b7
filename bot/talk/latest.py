"""/news: the latest stories, those one has not seen yet first counted; paged in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.byline import instant, names
from alerts.digest import line
from bot.talk import keyboards, places, replies
from bot.talk.turn import Turn
from model.alert import AlertView
from model.message import Button, Message, joined
from store import alerts, news, upkeep
from store.engine import Tx

A_PAGE = 8
BACK = timedelta(days=30)
FIRST = timedelta(days=1)
"""How far back counts as new for somebody who asks for the first time."""


async def asked(turn: Turn) -> None:
    """Answer /news; from now on what is told counts as seen."""
    async with turn.parts.store.write() as tx:
        kept = await upkeep.setting(tx, _key(turn))
        seen = datetime.fromisoformat(kept) if kept else turn.now - FIRST
        await upkeep.set_setting(tx, _key(turn), turn.now.isoformat())
        message, rows = await _page(tx, turn, 0, seen)
    await replies.show(turn, message, rows)


async def page(turn: Turn) -> None:
    """[Older] and [Newer]."""
    seen = datetime.fromisoformat(turn.pressed["seen"])
    async with turn.parts.store.write() as tx:
        message, rows = await _page(tx, turn, turn.pressed.get("at", 0), seen)
    await replies.change(turn, message, rows)


async def _page(tx: Tx, turn: Turn, at: int, seen: datetime) -> tuple[Message, list[list[Button]]]:
    here = None if turn.private else await places.known_here(tx, turn)
    found = []
    if turn.private or here is not None:
        since = turn.now - BACK
        found = await news.latest(tx, since, subscriber_id=here.id if here else 0)
    fresh = sum(came > seen for _, came in found)
    title = _title(turn, fresh, seen, is_empty=not found)
    lines = [title, *await page_of(tx, turn, found, at)]
    rows = await keyboards.paging(tx, turn, "news", at, len(found), A_PAGE, seen=seen.isoformat())
    return joined(lines, "\n"), rows


async def page_of(
    tx: Tx, turn: Turn, found: Sequence[tuple[int, datetime]], at: int
) -> list[Message]:
    """Return the lines of one page of these Alerts, numbered."""
    some = found[at : at + A_PAGE]
    views = await alerts.views(tx, [one for one, _ in some])
    return [
        _line(turn, views[one], number)
        for number, (one, _) in enumerate(some, at + 1)
        if one in views
    ]


def _title(turn: Turn, fresh: int, seen: datetime, *, is_empty: bool) -> Message:
    if is_empty:
        return turn.words.write("when.news.none")
    code = "when.news.new" if fresh else "when.news.seen"
    return turn.words.write(code, n=fresh, since=instant(seen, turn.words, "Dt"))


def _line(turn: Turn, view: AlertView, number: int) -> Message:
    who = names(view.watches, turn.words, most=1)
    told = line(view, number, turn.words)
    return joined([told, f" · {who}"]) if who else told


def _key(turn: Turn) -> str:
    return f"news:{turn.chat.id}:{turn.user.id}"
