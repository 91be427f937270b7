"""A time zone was chosen: it is kept, and what needed it goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.talk import digests, hours, muting, own, zone
from bot.talk.turn import Turn

_THEN: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "digest_set": digests.choose,
    "mute_set": muting.choose,
    "quiet_set": hours.choose,
    "settings": hours.open_settings,
}
"""Never rename one: buttons that were sent still name it."""


async def chosen(turn: Turn) -> None:
    """Keep the zone and go on with what asked for it."""
    if await own.refused(turn, turn.pressed["subscriber"]):
        return
    await zone.keep(turn)
    await _THEN[turn.pressed["then"]](replace(turn, pressed=turn.pressed["args"]))
