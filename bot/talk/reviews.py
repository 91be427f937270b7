"""[Publish] [Skip] [Edit headline]: what editors do with an alert before it is posted."""

from __future__ import annotations

from bot.talk import questions, replies
from bot.talk.turn import Turn
from store import reviewing

HEADLINE = 300
"""Characters of a headline somebody may write."""


async def publish(turn: Turn) -> None:
    """[Publish]."""
    await _decide(turn, published=True)


async def skip(turn: Turn) -> None:
    """[Skip]."""
    await _decide(turn, published=False)


async def _decide(turn: Turn, *, published: bool) -> None:
    """Decide, once: of two editors who press, the first one counts."""
    decide = reviewing.publish if published else reviewing.skip
    async with turn.parts.store.write() as tx:
        asked = await reviewing.waiting(tx, turn.pressed["alert"])
        if asked is not None:
            await decide(tx, asked, turn.user.full_name, turn.now)
    if asked is None:
        await replies.pop(turn, "when.review.decided")
    else:
        await replies.pop(turn, "when.review.published" if published else "when.review.skipped")


async def ask_headline(turn: Turn) -> None:
    """[Edit headline]."""
    async with turn.parts.store.read() as tx:
        asked = await reviewing.waiting(tx, turn.pressed["alert"])
    if asked is None:
        await replies.pop(turn, "when.review.decided")
    else:
        await questions.ask(turn, "when.review.headline", "headline", turn.pressed)


async def typed(turn: Turn) -> None:
    """Take the headline that was typed."""
    async with turn.parts.store.write() as tx:
        asked = await reviewing.waiting(tx, turn.pressed["alert"])
        if asked is not None:
            await reviewing.retitle(tx, asked, turn.text[:HEADLINE], turn.now)
    await replies.say(turn, "when.review.decided" if asked is None else "when.review.retitled")
