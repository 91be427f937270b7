"""The chats alerts go to: this one, another one, one that moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.talk.parts import Parts
from bot.talk.turn import Turn
from model.people import Chat, NewSubscriber, Subscriber
from store import dockets, subscribers, watches
from store.engine import Tx
from store.hearers import tell

COURIER = "telegram"


async def here(tx: Tx, turn: Turn) -> Subscriber:
    """Return this chat (or forum topic) as a Subscriber, made one now if it was none; one that
    refused us until now gets its alerts again.
    """
    found = await known_here(tx, turn)
    if found is None or found.is_visitor:
        return await subscribers.add(tx, newcomer(turn), turn.now)
    if found.parked_since is not None:
        await subscribers.unpark(tx, found.id)
    return found


async def known_here(tx: Tx, turn: Turn) -> Subscriber | None:
    """Return this chat as a Subscriber; None when it is none yet."""
    return await subscribers.by_address(tx, COURIER, str(turn.chat.id), turn.thread)


def newcomer(turn: Turn) -> NewSubscriber:
    """Return what is known of this chat. One with an @name is public, a person's is not."""
    return NewSubscriber(
        COURIER,
        str(turn.chat.id),
        turn.thread,
        title=turn.chat.effective_name or "",
        chat=turn.place,
        public=bool(turn.chat.username) and turn.place is not Chat.PRIVATE,
        language=turn.words.language,
    )


def called(turn: Turn, subscriber: Subscriber) -> str:
    """Return how to speak of a Subscriber here: "this chat", or its title."""
    if is_here(turn, subscriber):
        return turn.words.say("talk.place.here")
    return subscriber.title or subscriber.name or subscriber.address or subscriber.courier


def is_here(turn: Turn, subscriber: Subscriber) -> bool:
    """Return whether a Subscriber is this chat; of a forum, this topic of it."""
    spot = (COURIER, str(turn.chat.id), turn.thread)
    return (subscriber.courier, subscriber.address, subscriber.thread) == spot


async def still_told(tx: Tx, turn: Turn, to: Sequence[int]) -> list[int]:
    """Return those of `to` that still hear; this chat where none does any more, so that nothing
    is followed which nobody is told of. Naming nobody (every chat that is not public) stays so.
    """
    if not to:
        return []
    heard = {one.id for one in await subscribers.all_subscribers(tx)}
    return [one for one in to if one in heard] or [(await here(tx, turn)).id]


async def bring_home(tx: Tx, turn: Turn, gone: int) -> tuple[int, int]:
    """Let the Watches and cases that were told only where nobody hears any more tell this chat;
    returns how many of each. `gone`: the Subscriber that hears no more.
    """
    heard = {one.id for one in await subscribers.all_subscribers(tx)}
    lost = [
        one
        for one in await watches.all_watches(tx)
        if gone in one.to and not heard.intersection(one.to)
    ]
    for one in lost:
        to = [(await here(tx, turn)).id]
        await watches.send_to(tx, one.watch.id, to, turn.now, by=turn.user.id)
    cases = [
        one
        for one in await dockets.followings(tx)
        if gone in one.to and not heard.intersection(one.to)
    ]
    for case in cases:
        await tell(tx, case.docket.id, [(await here(tx, turn)).id])
    return len(lost), len(cases)


async def moved(parts: Parts, old: int, new: int, now: datetime) -> None:
    """Send a group's alerts to the number of the supergroup it became."""
    async with parts.store.write() as tx:
        await subscribers.migrate(tx, COURIER, str(old), str(new), now)


async def forget_private(tx: Tx, person: int, now: datetime) -> None:
    """Tell nothing more in somebody's private chat (its number is the person's)."""
    found = await subscribers.by_address(tx, COURIER, str(person))
    if found is not None:
        await subscribers.remove(tx, found.id, now)


async def remember_private(tx: Tx, person: int, name: str, language: str, now: datetime) -> None:
    """Tell things in somebody's private chat again."""
    new = NewSubscriber(COURIER, str(person), title=name, chat=Chat.PRIVATE, language=language)
    await subscribers.add(tx, new, now)
