"""Every answer Telegram can give, at the most talkative level: the token is nowhere to be read."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot import redact
from bot.config import load
from bot.demo.telegram_server import TelegramServer
from bot.talk.receive import _sentence
from tests.bot.running import vigil
from tests.fakes import Web, free_port
from tests.walks.program import Program, furnish, rss

NAME = "Salvador Cienfuegos Zepeda"
SECRET = "1234567890:" + "a-token-that-nobody-may-ever-read"
PASSWORD = "hunter22-of-the-proxy"
KINDS = ("500", "502", "429", "409", "drop", "malformed", "html")
MORE = """\
[log]
level = "debug"
[server]
bind = "{bind}"
[[feeds]]
url = "{feed}"
interval = "1s"
[[channels]]
id = "desk"
chat = {chat}
[[watches]]
name = "Salvador Cienfuegos Zepeda"
to = ["desk"]
"""


def all_of(folder: Path, *but: str) -> bytes:
    """Return everything that lies in a program's folder: databases, their logs, copies, notes."""
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and one.name not in but]
    return b"".join(one.read_bytes() for one in files)


async def shown_at(bind: str, *paths: str) -> str:
    """Return everything that the program answers over HTTP at these paths."""
    said = ""
    async with aiohttp.ClientSession() as session:
        for path in paths:
            async with session.get(f"http://{bind}{path}") as answer:
                said += f"{answer.headers}{await answer.text()}"
    return said


async def test_no_answer_of_telegram_makes_the_program_name_its_token(tmp_path: Path) -> None:
    async with TelegramServer(token=SECRET) as telegram, Web() as web:
        feed = web.page("/feed", rss(), content_type="application/rss+xml")
        ana = telegram.person("Ana")
        news = telegram.channel("Court news", ana)
        bind = f"127.0.0.1:{free_port()}"
        more = MORE.format(feed=feed, chat=news.id, bind=bind)
        furnish(tmp_path, telegram=telegram.url, token=SECRET, database="", more=more)
        for kind in KINDS:
            telegram.fault(kind, method="getMe", seconds=1.0)
            telegram.fault(kind, method="getUpdates", seconds=1.0)
        telegram.fault("500", method="sendMessage")
        telegram.fault("html", method="sendMessage")
        async with Program(tmp_path) as program:
            await program.says("started")
            await web.is_asked(times=2)
            story = ("one", "Former minister held", f"{NAME} was seen.")
            web.page("/feed", rss(story), content_type="application/rss+xml")
            await telegram.until(
                lambda: not any(one.method == "getMe" for one in telegram.faults.waiting),
                patience=90.0,
            )
            await news.shows("Former minister held", patience=90.0)
            shown = await shown_at(
                bind, "/", "/metrics", "/readyz", "/healthz", "/push/courtlistener/"
            )
        said = "\n".join(program.said)
    assert "Telegram can't be reached" in said
    assert "vigil_" in shown
    assert not [one for one in (SECRET, SECRET.partition(":")[2], NAME) if one in shown]
    assert SECRET not in said
    assert SECRET.partition(":")[2] not in said
    assert SECRET.encode() not in all_of(tmp_path, "token")


@pytest.mark.parametrize("words", [("check",), ("run", "--debug"), ("config", "show")])
def test_no_command_names_the_token_or_a_password(tmp_path: Path, words: tuple[str, ...]) -> None:
    bind = '[server]\nbind = "256.0.0.1:1"\n'
    furnish(tmp_path, telegram="http://127.0.0.1:9", token=SECRET, database="", more=bind)
    path = tmp_path / "config.toml"
    proxy = f'[telegram]\nproxy = "http://u:{PASSWORD}@127.0.0.1:9"\n'
    path.write_text(path.read_text().replace("[telegram]\n", proxy))
    done = vigil("--config", path, *words, cwd=tmp_path)
    said = done.stdout + done.stderr
    assert said
    assert SECRET not in said
    assert PASSWORD not in said


def test_passwords_in_addresses_are_secrets_as_written_and_as_meant(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[database]\nurl = "postgresql+asyncpg://me:p%40ss-word@127.0.0.1/vigil"\n'
        '[polling]\nproxy = "socks5://me:s%3Aesame@127.0.0.1:9"\n'
    )
    assert set(load(path, environ={}).secrets) >= {
        "p%40ss-word",
        "p@ss-word",
        "s%3Aesame",
        "s:esame",
    }


def test_what_the_inbox_keeps_of_an_error_holds_no_token() -> None:
    kept = _sentence(ValueError(f"https://api.telegram.org/bot{SECRET}/getMe"))
    assert redact.MASK in kept
    assert SECRET not in kept
