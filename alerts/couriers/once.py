"""What couriers share that deliver an Alert once and can change nothing afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from model.alert import Sent
from model.message import Message
from model.people import Subscriber


class SentOnce:
    """Leaves what was sent as it is, and has no pictures: the message says where they are."""

    async def edit(
        self, subscriber: Subscriber, message_ids: Sequence[int], message: Message
    ) -> None:
        """Leave what was sent as it is."""

    async def show(self, subscriber: Subscriber, caption: Message, picture: bytes) -> Sent:
        """Show nothing."""
        del subscriber, caption, picture
        return Sent()

    async def delete(self, subscriber: Subscriber, message_ids: Sequence[int]) -> None:
        """Leave what was sent: it can't be taken back."""

    async def close(self) -> None:
        """Give back nothing: there are no connections that last."""
