"""Looking whether a message that may have arrived did, instead of sending it again with a mark.

`alerts.ambiguous = "probe"` (conditions: docs/notes/why-a-repeat-is-marked.md). The Bot API has no
way to read a chat. But the numbers of a channel's or supergroup's messages run on one by one, and
a message can be forwarded by its number: the next few numbers after the last message that is
known are forwarded, silently, to the owner's private chat, read in the answer, and deleted there.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, runtime_checkable

from alerts.attempt import Job, Said
from alerts.couriers import Courier, MessageLost, Trouble
from model.alert import DeliveryKind, Sent
from model.people import Subscriber
from store import outbox
from store.engine import Store
from store.owner import owners_chat

REACH = 10
"""How many numbers after the last known message are looked at: others may write there too."""
_OWN_NUMBERS = "-100"
"""So begin the addresses of channels and supergroups. Private chats and small groups share one
row of numbers, in which a message is not found by its place.
"""


@runtime_checkable
class Peeking(Protocol):
    """A Courier that can read a message of a chat by its number."""

    async def peek(self, subscriber: Subscriber, message_id: int, into: str) -> str:
        """Return the text, through the private chat `into`; MessageLost: there is none."""


class Probe:
    """Finds a message that was taken although nobody said so."""

    def __init__(self, store: Store) -> None:
        """Read from `store` what is known of a chat."""
        self._store = store

    async def find(self, courier: Courier, job: Job, said: Said) -> Sent | None:
        """Return the number under which the Delivery's message stands in its chat; None where it
        does not, or where that can't be told: then it is sent, with its mark.
        """
        subscriber = job.view.subscriber
        if not may_probe(job) or not isinstance(courier, Peeking):
            return None
        async with self._store.read() as tx:
            into = await owners_chat(tx)
            last = await outbox.last_message(tx, subscriber.courier, subscriber.address)
        if into is None or into.courier != subscriber.courier or last is None:
            return None
        wanted = {_flat(said.message.text), _flat(said.unmarked.text)}
        for number in range(last + 1, last + 1 + REACH):
            try:
                text = await courier.peek(subscriber, number, into.address)
            except MessageLost:
                continue
            except Trouble:
                return None
            if _flat(text) in wanted:
                return Sent((number,))
            await asyncio.sleep(courier.limits.gap)  # the owner's chat has its pace, too
        return None


def may_probe(job: Job) -> bool:
    """Tell whether the Delivery may have arrived, in a chat that counts its own messages."""
    delivery, subscriber = job.delivery, job.view.subscriber
    return (
        delivery.repeat
        and delivery.kind is DeliveryKind.SEND
        and subscriber.address.startswith(_OWN_NUMBERS)
    )


def _flat(text: str) -> str:
    """Return the text as it can be compared: Telegram trims what it is given."""
    return " ".join(text.split())
