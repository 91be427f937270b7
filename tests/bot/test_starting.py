"""`vigil fake-telegram` and `vigil demo --telegram`: trying things out without Telegram."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from tests.bot.running import vigil
from tests.walks.program import Program


async def test_the_demo_can_be_sent_to_a_bot_api_server(tmp_path):
    log = tmp_path / "log.jsonl"
    asked = ("fake-telegram", "--port", "0", "--no-limits", "--log", str(log))
    async with Program(tmp_path, *asked) as server:
        found = await server.says(r"Telegram is played at (http://[\d.:]+)")
        done = await asyncio.to_thread(
            vigil, "demo", "--speed", "50x", "--telegram", found[1], cwd=tmp_path, timeout=120
        )
        assert done.returncode == 0, done.stderr
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{found[1]}/fake/chats") as answer,
        ):
            assert any(chat.get("title") == "vigil demo" for chat in await answer.json())
    sent = [json.loads(line) for line in log.read_text().splitlines()]
    texts = [call["asked"]["text"] for call in sent if call["method"] == "sendMessage"]
    assert any("Salvador Cienfuegos Zepeda" in text for text in texts)


def test_a_server_that_is_not_there_is_a_sentence(tmp_path):
    done = vigil("demo", "--telegram", "http://127.0.0.1:9", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "vigil: --telegram http://127.0.0.1:9 can't be reached.\n",
    )


def test_a_speed_that_is_none_is_a_sentence(tmp_path):
    done = vigil("demo", "--speed", "fast", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "vigil: --speed fast: write a factor such as 1x, 5x or 20x.\n"
