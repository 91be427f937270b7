"""Under Why: the versions that are kept of a told article, each with what proves it."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.inert import clipped, inert
from bot.talk.turn import Turn
from matching.amendments import GONE
from model.message import Message, joined
from model.version import Version

LISTED = 6
HEADLINE = 80
PRINT = 12
"""Characters of a sha256: enough to find the line of an export."""


def listed(turn: Turn, kept: Sequence[Version]) -> list[Message]:
    """Return one paragraph about the versions of an Item; none where none is kept."""
    if not kept:
        return []
    title = turn.words.write("talk.why.versions", n=len(kept))
    return [joined([title, *(_line(turn, one) for one in kept[-LISTED:])], "\n")]


def _line(turn: Turn, one: Version) -> Message:
    words = turn.words
    if one.status in GONE:
        return words.write("talk.why.version.gone", at=one.seen_at, status=str(one.status))
    return words.write(
        "talk.why.version",
        at=one.seen_at,
        part=words.say(f"talk.why.version.{one.part.value}"),
        headline=clipped(inert(one.title), HEADLINE),
        print=one.sha256[:PRINT] or "–",
    )
