"""One at a time: who changes the lists of Sources, Subscribers and Watches."""

from __future__ import annotations

from store.engine import Tx

_LOCK = 0x7761_7463_68
"""The advisory lock of PostgreSQL that those who change a list share ("watch" in ASCII)."""


async def alone(tx: Tx) -> None:
    """Wait until nobody else changes a list, and hold the lists until this transaction ends.

    Looking whether something is listed and then listing it is two statements: two processes that
    start together on PostgreSQL would both list it. It is one lock for every list,
    so that two who need several can't wait for each other.
    """
    await tx.alone(_LOCK)


async def are_still(tx: Tx) -> bool:
    """Keep the lists as they are until this transaction ends; False where somebody is changing
    them. Nobody is waited for: whoever comes late in a transaction, with rows of its own written,
    might wait for one that waits for those.
    """
    return await tx.beside(_LOCK)
