"""Only one process at a time empties the outbox: the dispatcher's lease."""

from __future__ import annotations

from datetime import datetime
from time import monotonic

from alerts.settle import give_up_lost
from store import outbox, upkeep
from store.engine import Store
from store.upkeep import Lease

SECONDS = 10.0
"""How long a lease lasts: work goes on elsewhere so long after this process is gone."""
RENEW = 3.0
TEND = 3600.0
"""Seconds between two looks for chats that are lost for good."""


class Leadership:
    """The right to send, taken over and kept. Whoever takes it over first makes due again what
    the one before left half done.
    """

    def __init__(self, store: Store, name: str, owner: str) -> None:
        """Compete for the lease `name` as `owner`."""
        self.lease: Lease | None = None
        self._store = store
        self._name = name
        self._owner = owner
        self._renewed = float("-inf")
        self._tended = float("-inf")

    async def held(self, now: datetime) -> bool:
        """Return whether we may send, renewing the right when it is time. False also once when
        somebody else had it in between: then nothing of before counts.
        """
        if self.lease is not None and monotonic() - self._renewed < RENEW:
            return True
        began = monotonic()
        async with self._store.write() as tx:
            lease = await upkeep.lease(tx, self._name, self._owner, SECONDS)
            if lease is not None and self.lease is None:
                await outbox.recover(tx, now)
            if lease is not None and began - self._tended > TEND:
                await give_up_lost(tx, now)
                self._tended = began
        lost = lease is None or (self.lease is not None and lease.epoch != self.lease.epoch)
        self.lease = None if lost else lease
        self._renewed = began
        return self.lease is not None

    def doubt(self) -> None:
        """Ask the database before the next send whether the right is still ours."""
        self._renewed = float("-inf")

    def forget(self) -> None:
        """Take over anew: something of ours was left half done."""
        self.lease = None

    async def release(self) -> None:
        """Let somebody else send at once."""
        self.lease = None
        async with self._store.write() as tx:
            await upkeep.release(tx, self._name, self._owner)
