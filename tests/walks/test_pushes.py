"""What CourtListener pushes becomes an alert, through the real program on either database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bot.demo.botapi.people import Room
from bot.demo.telegram_server import TelegramServer
from tests.courtlistener import TOKEN, CourtListener
from tests.fakes import Clock, Web, free_port
from tests.pdfs import pdf
from tests.walks.program import Program, furnish

NAME = "Salvador Cienfuegos Zepeda"
SECRET = "only-courtlistener-knows-this"
ENTRY = {
    "id": 901,
    "docket": 77,
    "entry_number": 22,
    "date_filed": "2020-11-17",
    "description": f"MOTION to Dismiss by USA as to {NAME}.",
}
EVENT = {"webhook": {"event_type": 1, "version": 1}, "payload": {"results": [ENTRY]}}


def furnish_court(
    folder: Path, telegram: TelegramServer, news: Room, *, database: str, bind: str, court: str
) -> None:
    """Write a configuration that CourtListener at `court` may push to; one channel hears."""
    furnish(
        folder,
        telegram=telegram.url,
        token=telegram.token,
        database=database,
        more=f'[courts]\ncourtlistener_url = "{court}"\n'
        f'[server]\nbind = "{bind}"\npublic_url = "https://vigil.example.org"\n'
        f'[[channels]]\nid = "desk"\nchat = {news.id}\n'
        f'[[watches]]\nname = "{NAME}"\nto = ["desk"]\n',
    )
    (folder / "secrets").mkdir()
    (folder / "secrets" / "courtlistener_webhook").write_text(SECRET)


async def test_an_event_pushed_twice_is_one_alert_and_its_docket_is_looked_up(
    tmp_path: Path, database_url: str
) -> None:
    bind = f"127.0.0.1:{free_port()}"
    async with TelegramServer() as telegram, CourtListener(Clock()) as there:
        there.case(77, number="1:19-cr-00366", caption=f"USA v. {NAME}")
        news = telegram.channel("Court news", telegram.person("Ana"))
        furnish_court(tmp_path, telegram, news, database=database_url, bind=bind, court=there.base)
        (tmp_path / "secrets" / "courtlistener_token").write_text(TOKEN)
        async with Program(tmp_path) as vigil, aiohttp.ClientSession() as session:
            await vigil.says("started")
            url = f"http://{bind}/push/courtlistener/"
            assert await push(session, url + "wrong") == 404
            for _ in range(2):
                assert await push(session, url + SECRET) == 200
            await news.shows("MOTION to Dismiss", patience=40.0)
            await vigil.says("took what was pushed")
            assert len(news.texts) == 1
            assert await vigil.stops() == 0
            said = "\n".join(vigil.said)
        assert SECRET not in said
        assert TOKEN not in said


async def test_a_pushed_entry_s_public_document_is_shown_below_its_message(
    tmp_path: Path, database_url: str
) -> None:
    bind = f"127.0.0.1:{free_port()}"
    async with TelegramServer() as telegram, CourtListener(Clock()) as there, Web() as web:
        there.case(77, number="1:19-cr-00366", caption=f"USA v. {NAME}")
        where = web.page("/22.pdf", pdf("MOTION to Dismiss", "under Rule 48(a)"))
        news = telegram.channel("Court news", telegram.person("Ana"))
        furnish_court(tmp_path, telegram, news, database=database_url, bind=bind, court=there.base)
        paper = {"id": 5, "document_number": "22", "document_type": 1, "filepath_ia": where}
        event = {**EVENT, "payload": {"results": [{**ENTRY, "recap_documents": [paper]}]}}
        async with Program(tmp_path) as vigil, aiohttp.ClientSession() as session:
            await vigil.says("started")
            url = f"http://{bind}/push/courtlistener/{SECRET}"
            assert await push(session, url, event) == 200
            await telegram.until(lambda: telegram.calls("sendPhoto") or None, patience=40.0)
            assert await vigil.stops() == 0
        message, photo = (news.chat.messages[one] for one in sorted(news.chat.messages))
        assert photo["reply_to_message"]["message_id"] == message["message_id"]
        assert photo["caption"] == "22 Motion to dismiss: first of 2 pages"
        assert where in [
            button.get("url")
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
        ]


async def push(
    session: aiohttp.ClientSession, url: str, event: Mapping[str, object] = EVENT
) -> int:
    """Push as CourtListener does: again, when it could not be kept; return the answer."""
    headers = {"Idempotency-Key": "1", "Content-Type": "application/json"}
    async with asyncio.timeout(30):
        while True:
            try:
                async with session.post(url, data=json.dumps(event), headers=headers) as answer:
                    if answer.status != 503:
                        return answer.status
            except aiohttp.ClientConnectorError:
                pass  # it has said that it starts, and binds a moment later
            await asyncio.sleep(0.1)


async def test_updates_that_telegram_brings_are_answered_and_then_asked_for_again(
    tmp_path: Path,
) -> None:
    bind = f"127.0.0.1:{free_port()}"
    async with TelegramServer() as telegram:
        ana = telegram.person("Ana")
        furnish(
            tmp_path,
            telegram=telegram.url,
            token=telegram.token,
            database="",
            more=f'[server]\nbind = "{bind}"\npublic_url = "http://{bind}"\n',
        )
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "telegram_webhook").write_text(SECRET)
        webhook = ("--set", "telegram.mode=webhook", "--set", f"telegram.owner_id={ana.id}", "run")
        async with Program(tmp_path, *webhook) as vigil:
            await vigil.says("started")
            await ana.says("/list")
            await ana.hears("watch")
            assert telegram.calls("setWebhook")
            assert not telegram.calls("getUpdates")
            assert await vigil.stops() == 0
            assert SECRET not in "\n".join(vigil.said)
        async with Program(tmp_path) as vigil:
            await vigil.says("started")
            await ana.says("/version")
            await ana.hears("vigil")
            assert telegram.calls("deleteWebhook")
            assert await vigil.stops() == 0
