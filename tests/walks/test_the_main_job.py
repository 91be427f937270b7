"""From a feed's bytes to a Telegram message, through the real program on either database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo.telegram_server import TelegramServer
from tests.fakes import Web
from tests.walks.program import Program, furnish, rss

NAME = "Salvador Cienfuegos Zepeda"
OLD = ("crane", "A second crane for the port", "Twice as many containers by spring.")
CITY = ("bay", "Sails return to the bay of Cienfuegos", "The Cuban port is open again.")
NEWS = ("airport", "Former minister held", f"{NAME} was detained at the airport on Thursday.")
EDITED = ("airport", "Former minister held on a secret indictment", NEWS[2])


async def test_a_watch_made_in_telegram_becomes_an_alert_in_a_channel(
    tmp_path: Path, database_url: str
) -> None:
    async with TelegramServer(limits=True) as telegram, Web() as web:
        feed = web.page("/feed", rss(OLD), content_type="application/rss+xml")
        furnish(
            tmp_path,
            telegram=telegram.url,
            token=telegram.token,
            database=database_url,
            more=f'[[feeds]]\nurl = "{feed}"\nname = "The Border Ledger"\ninterval = "1s"\n',
        )
        ana = telegram.person("Ana")
        news = telegram.channel("Court news", ana, username="mxcourts", bot=False)
        async with Program(tmp_path) as vigil:
            claim = await vigil.says(r"start=(claim_\w+)")
            await ana.says(f"/start {claim[1]}")
            await ana.hears("You own this bot now")
            await ana.says("/channel")
            await ana.hears("Which channel")
            await ana.chooses(news)
            await ana.hears("Linked @mxcourts")
            await ana.says(f"/watch {NAME} to @mxcourts")
            await ana.presses_soon("Start watching")
            await ana.hears(f"✅ Watching {NAME}")

            web.page("/feed", rss(NEWS, CITY, OLD), content_type="application/rss+xml")
            await ana.presses_soon("Publish")
            alert = await news.shows("Former minister held")
            assert alert["text"].splitlines()[0].endswith(NAME)
            assert "Why:" in alert["text"]

            web.page("/feed", rss(EDITED, CITY, OLD), content_type="application/rss+xml")
            edited = await news.shows("on a secret indictment")
            assert edited["message_id"] == alert["message_id"]
            assert not any("bay of Cienfuegos" in text for text in news.texts)
            assert await vigil.stops() == 0


@pytest.mark.parametrize("moment", ["before the send", "after the send"])
async def test_a_killed_program_loses_no_alert_and_marks_what_may_be_a_repeat(
    tmp_path: Path, database_url: str, moment: str
) -> None:
    async with TelegramServer() as telegram, Web() as web:
        feed = web.page("/feed", rss(OLD), content_type="application/rss+xml")
        ana = telegram.person("Ana")
        news = telegram.channel("Court news", ana)
        furnish(
            tmp_path,
            telegram=telegram.url,
            token=telegram.token,
            database=database_url,
            more=f'[[feeds]]\nurl = "{feed}"\ninterval = "1s"\n'
            f'[[channels]]\nid = "desk"\nchat = {news.id}\n'
            f'[[watches]]\nname = "{NAME}"\nto = ["desk"]\n',
        )
        accepted = moment == "after the send"
        telegram.fault("slow", method="sendMessage", seconds=60.0, accepted=accepted)
        async with Program(tmp_path) as vigil:
            await web.is_asked(times=2)
            web.page("/feed", rss(NEWS, OLD), content_type="application/rss+xml")
            await telegram.until(lambda: not telegram.faults.waiting, patience=30.0)
            await vigil.kill()
        telegram.faults.clear()
        async with Program(tmp_path) as vigil:
            await news.shows("Former minister held\n", times=2 if accepted else 1, patience=40.0)
            marked = [text for text in news.texts if "(may be a repeat)" in text.splitlines()]
            assert len(marked) == 1
            assert len(news.texts) == (2 if accepted else 1)
            assert await vigil.stops() == 0
