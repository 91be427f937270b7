"""Where the owner hears what vigil says about itself."""

from __future__ import annotations

from datetime import datetime

from model import Notice, Subscriber
from store import members, subscribers
from store.delivering import notify
from store.engine import Tx


async def tell_owner(tx: Tx, notice: Notice, now: datetime) -> bool:
    """Queue a Notice for the owner; return whether there is anybody to tell."""
    subscriber = await owners_chat(tx)
    if subscriber is None:
        return False
    await notify(tx, subscriber.id, notice, now)
    return True


async def owners_chat(tx: Tx) -> Subscriber | None:
    """Return the owner's private chat; without an owner the console, where there is one."""
    owner = await members.owner(tx)
    if owner is not None:
        chat = await subscribers.by_address(tx, "telegram", str(owner.id))
        if chat is not None:
            return chat
    return await subscribers.by_address(tx, "console", "")
