"""The chats alerts go to: this one, another one, one that moved."""

from __future__ import annotations

from datetime import datetime

from bot.talk.parts import Parts
from bot.talk.turn import Turn
from model.people import Chat, NewSubscriber, Subscriber
from store import subscribers
from store.engine import Tx

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
    if subscriber.courier == COURIER and subscriber.address == str(turn.chat.id):
        return turn.words.say("talk.place.here")
    return subscriber.title or subscriber.name or subscriber.address or subscriber.courier


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
