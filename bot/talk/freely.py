"""Free text in a private chat: a name is a watch, an address is a source or an article."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.talk import (
    bulk,
    docket,
    feeds,
    grouped,
    guard,
    helping,
    links,
    notes,
    replies,
    watch,
    why,
)
from bot.talk.turn import Turn
from model.people import Role
from store import items

LONGEST = 400
"""Letters of a text that may be a wish; longer ones are something else."""
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


async def typed(turn: Turn) -> None:
    """Answer a text that is no command and answers no question."""
    message = turn.message
    if turn.text == turn.words.say("talk.button.cancel"):
        await helping.cancelled(turn)
    elif message is not None and message.forward_origin is not None:
        await why.told(turn)
    elif message is not None and message.reply_to_message is not None:
        if not await grouped.opened(turn) and not await notes.taken(turn):
            await replies.say(turn, "talk.reply")
    elif docket.is_docket(turn.text):
        await _for(turn, Role.EDITOR, docket.offer)
    elif _ADDRESS.fullmatch(turn.text):
        await _address(turn)
    elif _SITE.fullmatch(turn.text):
        await _for(turn, Role.ADMIN, feeds.find)
    elif "\n" in turn.text:
        await _for(turn, Role.EDITOR, bulk.typed)
    elif len(turn.text) > LONGEST:
        await replies.say(turn, "talk.too-long")
    else:
        await _for(turn, Role.EDITOR, watch.offer)


async def _address(turn: Turn) -> None:
    """Explain an article we have; look for feeds at any other address."""
    async with turn.parts.store.read() as tx:
        known = await items.by_url(tx, turn.text)
    if known is not None:
        await why.explain(turn, known)
    elif links.is_opml(turn.text):
        await _for(turn, Role.ADMIN, links.list_of_feeds)
    elif await links.is_article(turn):
        await why.asked(turn)
    else:
        await _for(turn, Role.ADMIN, feeds.find)


async def _for(turn: Turn, role: Role, flow: Callable[[Turn], Awaitable[None]]) -> None:
    if guard.may(turn.member, role):
        await flow(turn)
    else:
        await replies.say(turn, "talk.not-yours", role=turn.words.say(f"talk.role.{role}"))
