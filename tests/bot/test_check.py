"""`vigil check` against a Bot API server, and `vigil setup` at a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import pty
from pathlib import Path

from bot.demo.telegram_server import TelegramServer
from tests.bot.running import command, environment, vigil

LONG = "1234567:wrong-wrong-wrong-wrong-wrong"


def furnish(folder: Path, server: TelegramServer, *more: str, token: str = "") -> None:
    (folder / "token").write_text(token or server.token)
    config = f'[telegram]\napi_url = "{server.url}"\ntoken_file = "token"\n' + "".join(more)
    (folder / "config.toml").write_text(config)


async def checked(folder: Path) -> dict[str, list[dict]]:
    done = await asyncio.to_thread(vigil, "check", "--json", cwd=folder)
    found: dict[str, list[dict]] = {}
    for line in done.stdout.splitlines():
        one = json.loads(line)
        found.setdefault(one["check"], []).append(one)
    grades = {one["grade"] for many in found.values() for one in many}
    assert done.returncode == (2 if "error" in grades else 0), done.stderr
    return found


async def test_a_token_that_works_names_the_bot(tmp_path):
    async with TelegramServer() as server:
        furnish(tmp_path, server)
        found = await checked(tmp_path)
    assert found["telegram"][0]["grade"] == "ok"
    assert found["telegram"][0]["said"].startswith("the bot is @")
    assert found["owner"][0]["grade"] == "warning"
    assert "claim link" in found["owner"][0]["step"]


async def test_a_wrong_token_is_an_error_with_the_file_to_mend(tmp_path):
    async with TelegramServer() as server:
        furnish(tmp_path, server, token=LONG)
        found = await checked(tmp_path)
    assert found["telegram"][0]["grade"] == "error"
    assert str(tmp_path / "token") in found["telegram"][0]["step"]


async def test_a_telegram_that_cannot_be_reached_is_an_error(tmp_path):
    async with TelegramServer() as server:
        furnish(tmp_path, server)
    found = await checked(tmp_path)
    assert found["telegram"][0]["grade"] == "error"
    assert "can't be reached" in found["telegram"][0]["said"]


async def test_each_channel_is_asked_whether_the_bot_may_post(tmp_path):
    async with TelegramServer() as server:
        ana = server.person("Ana")
        good = server.channel("Good", ana)
        closed = server.channel("Closed", ana, bot=False)
        team = server.group("Team", ana)
        tables = [
            f'[[channels]]\nid = "{name}"\nchat = {number}\n'
            for name, number in (
                ("good", good.id),
                ("closed", closed.id),
                ("team", team.id),
                ("gone", -1009999999),
            )
        ]
        furnish(tmp_path, server, *tables)
        found = await checked(tmp_path)
    grades = {one["said"].partition(" ")[0].rstrip(":"): one["grade"] for one in found["channels"]}
    assert grades == {"good": "ok", "team": "ok", "closed": "error", "gone": "error"}


def test_setup_asks_and_writes_what_can_be_run(tmp_path):
    async def whole() -> str:
        async with TelegramServer() as server:
            env = environment(VIGIL_TELEGRAM__API_URL=server.url, TERM="dumb")
            answers = [server.token, "desk@example.org", "@newsroom"]
            return await asyncio.to_thread(_at_a_terminal, tmp_path, env, answers)

    said = asyncio.run(whole())
    assert "The bot is @" in said
    assert "vigil run" in said
    token = tmp_path / "secrets" / "telegram_token"
    assert token.stat().st_mode & 0o777 == 0o600
    assert token.read_text().strip() not in said
    shown = vigil("config", "show", "--json", cwd=tmp_path)
    rows = {row["key"]: row["value"] for row in map(json.loads, shown.stdout.splitlines())}
    assert rows["general.contact"] == "desk@example.org"
    assert rows["channels"] == [{"id": "desk", "chat": "@newsroom"}]
    assert len(rows["feeds"]) >= 12


def test_setup_keeps_what_is_there(tmp_path):
    (tmp_path / "config.toml").write_text("# mine\n")
    said = _at_a_terminal(tmp_path, environment(TERM="dumb"), [""])
    assert "is kept" in said
    assert (tmp_path / "config.toml").read_text() == "# mine\n"
    assert not (tmp_path / "secrets").exists()


def _at_a_terminal(folder: Path, env: dict[str, str], answers: list[str]) -> str:
    """Run the wizard at a terminal, typing an answer at each prompt; return what was shown."""
    import subprocess

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command("setup"), cwd=folder, env=env, stdin=follower, stdout=follower, stderr=follower
    )
    os.close(follower)
    said = ""
    waiting = list(answers)
    prompts = 0
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:
            break
        said += piece.decode(errors="replace")
        if (
            said.count("]: ")
            + said.count("Token: ")
            + said.count("address: ")
            + said.count("@name): ")
            > prompts
            and waiting
        ):
            prompts += 1
            os.write(leader, waiting.pop(0).encode() + b"\n")
    os.close(leader)
    assert process.wait(20) == 0, said
    return said
