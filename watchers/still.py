"""What was matched is written only while the Watches are still as they were then.

A Watch that is added while a batch is between the two would miss that batch for ever: once its
Items are recorded they are news to nobody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from store import roster, watches
from store.engine import Store, Tx

_Done = TypeVar("_Done")


class _MovedError(Exception):
    """The Watches have changed since they were matched."""


async def must_be_still(tx: Tx, mark: int) -> None:
    """Undo this transaction, for `while_still` to begin again, if anything has happened to the
    Watches since `mark`. Call it last, since it holds up whoever changes them.
    """
    if not await watches.are_still(tx, mark):
        raise _MovedError


async def while_still(store: Store, attempt: Callable[[], Awaitable[_Done]]) -> _Done:
    """Match and write with `attempt`; again, for as long as the Watches change in between."""
    while True:
        try:
            return await attempt()
        except _MovedError:
            async with store.write() as tx:
                await roster.alone(tx)  # who is changing them has come to an end
