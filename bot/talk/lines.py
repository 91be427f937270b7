"""Lists of articles and filings: one line each, and the buttons that turn pages."""

from __future__ import annotations

from alerts.byline import headline, outlet, published
from bot.talk import keyboards
from bot.talk.turn import Turn
from model.item import Item
from model.message import Button, Message
from store.engine import Tx

HEADLINE = 120


def line(turn: Turn, item: Item) -> Message:
    """Return "• headline — outlet, day"; a filing has the sign of a court before it."""
    at = published(item)
    about = ", ".join(one for one in (outlet(item), turn.words.day(at) if at else "") if one)
    code = "look.line.filing" if item.filing is not None else "look.line"
    return turn.words.write(code, headline=headline(item, turn.words, HEADLINE), about=about)


async def pager(
    tx: Tx, turn: Turn, action: str, at: int, a_page: int, /, *, more: bool, **args: object
) -> list[Button]:
    """Return [‹ Newer] [Older ›], each only where there is something to turn to."""
    keys = []
    if at > 0:
        before = max(0, at - a_page)
        keys.append(
            await keyboards.button(tx, turn, "look.button.newer", action, **args, at=before)
        )
    if more:
        keys.append(
            await keyboards.button(tx, turn, "look.button.older", action, **args, at=at + a_page)
        )
    return keys
