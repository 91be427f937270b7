"""Is everything working: /status."""

from __future__ import annotations

from bot.standing import Program, said, standing
from bot.talk import keyboards, replies
from bot.talk.turn import Turn
from model.message import Button, Message, joined
from model.source import SourceHealth


async def asked(turn: Turn) -> None:
    """/status."""
    message, rows = await _page(turn)
    await replies.show(turn, message, rows)


async def refresh(turn: Turn) -> None:
    """[Refresh]."""
    message, rows = await _page(turn)
    await replies.change(turn, message, rows)


async def _page(turn: Turn) -> tuple[Message, list[list[Button]]]:
    parts = turn.parts
    async with parts.store.write() as tx:
        found = await standing(tx, turn.now)
        keys = [await keyboards.button(tx, turn, "talk.status.button.sources", "feeds")]
        keys.append(await keyboards.button(tx, turn, "talk.button.refresh", "status"))
    has_token = parts.courts.has_token
    program = Program(parts.version, parts.started_at, parts.troubles(), has_token)
    return joined(said(turn.words, program, found, turn.now), "\n"), [keys]


def is_failing(one: SourceHealth) -> bool:
    """Return whether a Source's last poll failed."""
    return one.pace.fails > 0
