"""A stranger follows a name in an open bot and is told of it, through the real program."""

from __future__ import annotations

from pathlib import Path

from bot.demo.telegram_server import TelegramServer
from tests.fakes import Web
from tests.walks.program import Program, furnish, rss

NAME = "Salvador Cienfuegos Zepeda"
TOKEN = "1234567890:" + "a-token-of-a-walk-with-visitors"
MORE = """\
[[feeds]]
url = "{feed}"
interval = "1s"
"""


async def test_a_stranger_follows_a_name_and_a_closed_bot_lets_it_stand_still(
    tmp_path: Path,
) -> None:
    async with TelegramServer(token=TOKEN) as telegram, Web() as web:
        feed = web.page("/feed", rss(), content_type="application/rss+xml")
        ana, eve = telegram.person("Ana"), telegram.person("Eve")
        furnish(
            tmp_path, telegram=telegram.url, token=TOKEN, database="", more=MORE.format(feed=feed)
        )
        known = {"VIGIL_TELEGRAM__OWNER_ID": str(ana.id)}
        async with Program(tmp_path, VIGIL_TELEGRAM__STRANGERS="open", **known) as program:
            await program.says("started")
            await web.is_asked(times=2)
            await eve.says(NAME)
            await eve.presses_soon("Start watching")
            await eve.hears("✅ Watching")
            first = ("one", "Former minister held", f"{NAME} was seen.")
            web.page("/feed", rss(first), content_type="application/rss+xml")
            await eve.hears("Former minister held")
            await ana.says("/list")
            await ana.hears("You are not watching")
        async with Program(tmp_path, **known) as program:
            await program.says("started")
            second = ("two", "A harvest festival in Oaxaca", f"{NAME} danced there.")
            web.page("/feed", rss(second, first), content_type="application/rss+xml")
            await web.is_asked(times=len(web.asked) + 3)
            await program.says('"new": 1')
            await eve.says("/list")
            await eve.hears("This is a private bot")
        assert not any("harvest" in text for text in eve.private.texts)
        assert ana.private.texts[-1].startswith("You are not watching")
