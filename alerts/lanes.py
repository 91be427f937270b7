"""What the dispatcher holds: the first Deliveries of each Subscriber, read a moment ago."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from alerts.attempt import Job
from alerts.pacing import Turn
from model.alert import AlertView, Delivery, DeliveryKind
from model.people import Subscriber
from model.watch import Priority

_RANKS = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.DIGEST: 3}
_EDIT_RANK = 2
"""Edits and deletes go after what is new, before what is in no hurry."""


@dataclass(slots=True)
class Lane:
    """One Subscriber's first Jobs, in order."""

    subscriber: Subscriber
    jobs: deque[Job] = field(default_factory=deque)
    stale: bool = False
    """Something was queued since it was read: read it again before its turn."""

    @property
    def turn(self) -> Turn:
        """Return the head as the pacer sees it."""
        head = self.jobs[0].delivery
        place = self.subscriber
        return Turn(place.id, place.address, place.chat, (rank(head), head.id))


def rank(delivery: Delivery) -> int:
    """Return how soon a Delivery goes among those of other Subscribers: the lower, the sooner."""
    own = _RANKS[delivery.priority]
    if delivery.kind is DeliveryKind.SEND or delivery.priority is Priority.HIGH:
        return own
    return max(own, _EDIT_RANK)


class Lanes:
    """The lanes held, by Subscriber."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: dict[int, Lane] = {}

    def __len__(self) -> int:
        """Return how many lanes have something to send."""
        return len(self._held)

    def __iter__(self) -> Iterator[Lane]:
        """Go through the lanes."""
        return iter(self._held.values())

    def __getitem__(self, subscriber_id: int) -> Lane:
        """Return a Subscriber's lane."""
        return self._held[subscriber_id]

    @property
    def ids(self) -> set[int]:
        """Return the Subscribers held."""
        return set(self._held)

    def take(self, deliveries: Iterable[Delivery], views: Mapping[int, AlertView]) -> None:
        """Hold what was claimed, in the order in which it came. Of one Alert only the first: what
        an edit changes is known once its message is there.
        """
        said: set[int] = set()
        for delivery in deliveries:
            view = views.get(delivery.alert_id)
            if view is None or delivery.alert_id in said:
                continue
            said.add(delivery.alert_id)
            lane = self._held.setdefault(delivery.subscriber_id, Lane(view.subscriber))
            lane.jobs.append(Job(delivery, view))

    def keep(self, subscriber_ids: Collection[int]) -> None:
        """Let go of all lanes but these, which are stale from now on."""
        self._held = {one: lane for one, lane in self._held.items() if one in subscriber_ids}
        for lane in self._held.values():
            lane.stale = True

    def drop(self, subscriber_id: int) -> None:
        """Let go of a lane; what it held will be claimed again."""
        self._held.pop(subscriber_id, None)

    def pop(self, subscriber_id: int) -> Job:
        """Return the first Job of a lane; an empty lane is let go of."""
        lane = self._held[subscriber_id]
        job = lane.jobs.popleft()
        if not lane.jobs:
            self.drop(subscriber_id)
        return job

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()
