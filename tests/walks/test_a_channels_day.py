"""A channel as its reader sees it, one whole day: the arrest of 16 October 2020, polled, matched,
grouped, composed and sent by the real parts, with the case's own clock.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

from syrupy.assertion import SnapshotAssertion

from bot.demo.botapi.people import Room
from bot.demo.replay import Address, happens, open_case, parts_of
from bot.demo.telegram_server import TelegramServer
from bot.demo.transcript import rendered

DAY = date(2020, 10, 16)


class Clock:
    """The case's own time."""

    def __init__(self) -> None:
        self.now = datetime(2020, 10, 13, tzinfo=UTC)

    def __call__(self) -> float:
        return self.now.timestamp()


def seen(room: Room, day: date) -> str:
    """Return the channel's posts of a day, oldest first, as they stand now."""
    posts = []
    for message in room.messages:
        at = datetime.fromtimestamp(message["date"], UTC)
        if at.date() == day:
            edited = message.get("edit_date")
            later = f", edited {datetime.fromtimestamp(edited, UTC):%H:%M}" if edited else ""
            posts.append(f"— {at:%H:%M}{later} —\n{rendered(message)}")
    return "\n\n".join(posts)


async def test_the_day_of_the_arrest(snapshot: SnapshotAssertion) -> None:
    clock = Clock()
    async with TelegramServer(clock=clock) as server:
        channel = server.channel("Court news", server.person("Ana"), username="mxcourts")
        to = Address(server.url, server.token, str(channel.id))
        async with parts_of(io.StringIO(), to) as parts:
            clock.now, first = await open_case(parts)
            for piece in parts.case.pieces[first:]:
                if piece.at.date() > DAY:
                    break
                clock.now = piece.at
                await happens(parts, piece)
        assert server.refusals == []
        assert seen(channel, DAY) == snapshot
