"""What is asked about a case besides following it: whom of it to watch, where a document is."""

from __future__ import annotations

from bot.talk import keyboards, replies
from bot.talk.caselist import called
from bot.talk.turn import Turn
from matching.parties import people_of
from store import dockets

OFFERED = 8
"""People of one case that are offered; a case can have hundreds."""


async def asked(turn: Turn) -> None:
    """[Watch its people]: whom, each leading to what watching them would have sent."""
    async with turn.parts.store.write() as tx:
        docket = await dockets.docket(tx, turn.pressed["docket"])
        people = people_of(docket.caption, docket.parties)[:OFFERED] if docket else ()
        keys = [await keyboards.labelled(tx, turn, one, "wish", text=one) for one in people]
    if docket is None or not keys:
        await replies.pop(turn, "talk.docket.nobody")
        return
    message = turn.words.write("talk.docket.whom", case=called(turn, docket))
    await replies.show(turn, message, keyboards.rows(keys, 1))


async def not_public(turn: Turn) -> None:
    """[Not public yet]: why there is no document, and what becomes of that."""
    await replies.pop(turn, "filing.not-public")
