"""Strangers whom config.toml lets in ([telegram] strangers): which flows are theirs, in private.

"read-only": they read what public channels were sent. "open": they follow names for themselves
too. Everything else, and every other chat, stays closed to them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.talk import privacy, public, replies, strangers, visiting
from bot.talk.turn import Turn
from model.message import Button
from model.people import Chat
from store import members, subscribers

Flow = Callable[[Turn], Awaitable[None]]
CHANNELS = 6
"""Public channels that are named to a visitor."""
LONGEST = 200
"""Letters of a text that may be a visitor's wish."""


async def greet(turn: Turn) -> None:
    """/start and /help: what may be done here, and which channels there are."""
    if not _is_let_in(turn) or not await _has_owner(turn):
        await strangers.refuse(turn)
        return
    code = "visitor.welcome.open" if _is_open(turn) else "visitor.welcome"
    await replies.show(turn, turn.words.write(code, n=visiting.A_PERSON), await _channels(turn))


async def asked(turn: Turn) -> None:
    """/watch NAME: no longer than a name that is typed alone may be."""
    await (visiting.asked(turn) if _is_short(turn) else lost(turn))


READING: dict[str, Flow] = {
    "start": greet,
    "help": greet,
    "news": public.asked,
    "timeline": public.timeline,
    "privacy": privacy.asked,
}
FOLLOWING: dict[str, Flow] = {
    "watch": asked,
    "list": visiting.listed,
    "unwatch": visiting.unwatch,
}
PRESSING = frozenset(
    {"public_news", "public_timeline", "privacy", "privacy_ask", "privacy_delete", "visitor_drop"}
)
"""What a visitor may press; in an open bot [Start watching] too."""


async def commanded(turn: Turn, name: str) -> None:
    """Do a command that is not for strangers, if it is one for visitors."""
    flow = READING.get(name) or (FOLLOWING.get(name) if _is_open(turn) else None)
    if flow is not None and _is_let_in(turn):
        await flow(turn)
    else:
        await lost(turn)


async def typed(turn: Turn) -> None:
    """Answer a text that is no command: in an open bot it is the name to follow."""
    if _is_open(turn) and _is_let_in(turn) and _is_short(turn):
        await visiting.offer(turn)
    else:
        await lost(turn)


async def lost(turn: Turn) -> None:
    """Answer whatever else a stranger does: say what they may do here, or that they may nothing."""
    if _is_let_in(turn) and await _has_owner(turn):
        await replies.say(turn, "visitor.cannot")
    else:
        await strangers.refuse(turn)


def may_press(turn: Turn, action: str) -> bool:
    """Return whether a visitor may press a button that does this."""
    if turn.member is not None or not _is_let_in(turn):
        return False
    return action in PRESSING or (action == "visitor_watch" and _is_open(turn))


def _is_short(turn: Turn) -> bool:
    return "\n" not in turn.text and len(turn.text) <= LONGEST


def _is_let_in(turn: Turn) -> bool:
    return turn.private and turn.parts.strangers != "refuse"


def _is_open(turn: Turn) -> bool:
    return turn.parts.strangers == "open"


async def _has_owner(turn: Turn) -> bool:
    async with turn.parts.store.read() as tx:
        return await members.owner(tx) is not None


async def _channels(turn: Turn) -> list[list[Button]]:
    """Return a button for each public channel: who wants its posts joins it."""
    async with turn.parts.store.read() as tx:
        every = await subscribers.all_subscribers(tx)
    names = dict.fromkeys(
        name
        for one in every
        if one.public and one.enabled and one.chat in (Chat.CHANNEL, Chat.GROUP)
        for name in (one.address, one.title)
        if name.startswith("@")
    )
    some = list(names)[:CHANNELS]
    return [[Button(name, url=f"https://t.me/{name.removeprefix('@')}")] for name in some]
