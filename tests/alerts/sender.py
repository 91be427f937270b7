"""A process that only delivers: `python -m tests.alerts.sender DATABASE API OWNER`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from alerts.couriers.telegram import TelegramCourier
from alerts.dispatch import Dispatcher
from bot.demo.telegram_server import TOKEN
from store.engine import Store
from tests.alerts.making import AT, english
from tests.alerts.newsroom import FAST


async def main(database: str, api: str, owner: str) -> None:
    """Deliver until killed."""
    store = await Store.open(database)
    courier = TelegramCourier(TOKEN, api_url=api, limits=FAST)
    dispatcher = Dispatcher(store, {"telegram": courier}, lambda _: english(), owner=owner)
    await dispatcher.run(asyncio.Event(), lambda: AT + timedelta(hours=1))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
