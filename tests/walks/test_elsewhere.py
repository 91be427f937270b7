"""From a feed to a service that Apprise speaks to, through the real program."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import elsewhere
from bot.config import FaultyConfigError, load
from model.errors import ConfigError
from tests.bot.running import vigil
from tests.fakes import Web
from tests.walks.program import Program, furnish, rss

NAME = "Salvador Cienfuegos Zepeda"
KEY = "hook-key-that-nobody-may-read"
PASSWORD = "pass-word-of-the-hook"
MORE = """\
[log]
level = "{level}"
[[feeds]]
url = "{feed}"
interval = "1s"
[[channels]]
id = "mail"
url_file = "mail_url"
[[watches]]
name = "Salvador Cienfuegos Zepeda"
"""


def furnished(folder: Path, feed: str, url: str, level: str = "info") -> None:
    furnish(
        folder,
        telegram="http://127.0.0.1:9",
        token="",
        database="",
        more=MORE.format(feed=feed, level=level),
    )
    (folder / "mail_url").write_text(url + "\n")


async def test_an_alert_reaches_the_service_once_and_the_terminal_too_without_a_token(
    tmp_path: Path,
) -> None:
    came: list[dict[str, str]] = []
    answers = [500, 200, 200]

    async def hook(request: web.Request) -> web.Response:
        came.append(json.loads(await request.text()))
        return web.Response(status=answers[min(len(came), len(answers)) - 1])

    async with Web() as site:
        feed = site.page("/feed", rss(), content_type="application/rss+xml")
        site.program(f"/{KEY}", hook)
        furnished(tmp_path, feed, f"json://ana:{PASSWORD}@127.0.0.1:{site.port}/{KEY}", "debug")
        async with Program(tmp_path) as program:
            await program.says("started")
            await site.is_asked(times=2)
            story = ("one", "Former minister held", f"{NAME} was seen.")
            site.page("/feed", rss(story), content_type="application/rss+xml")
            await program.says("Former minister held")
            async with asyncio.timeout(60):
                while len(came) < 2:
                    await site.is_asked(times=len(site.asked) + 1)
            await program.says('"repeats": 1')
        said = "\n".join(program.said)
    assert came[0]["title"] == NAME
    assert "Former minister held" in came[0]["message"]
    assert "https://ledger.example/one" in came[0]["message"]
    assert "again" in came[1]["message"] or "repeat" in came[1]["message"].lower(), came[1]
    for secret in (KEY, PASSWORD):
        assert secret not in said
    with sqlite3.connect(tmp_path / "data" / "vigil.db") as db:
        kept = "\n".join(map(str, db.execute("select error, state from delivery")))
    assert KEY not in kept


def test_what_is_wrong_with_url_file_is_one_sentence(tmp_path: Path) -> None:
    furnished(tmp_path, "http://127.0.0.1:9/feed", "")
    done = vigil("config", "validate", cwd=tmp_path)
    assert done.returncode == 2
    assert "url_file: there is no address in" in done.stderr
    (tmp_path / "mail_url").write_text("nonsense://x")
    done = vigil("check", cwd=tmp_path)
    assert "no address that Apprise knows" in done.stdout + done.stderr
    done = vigil("run", "--once", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    text = '[[channels]]\nid = "both"\nchat = 1\nurl_file = "x"'
    (tmp_path / "both.toml").write_text(text)
    with pytest.raises(FaultyConfigError, match="`chat` for a Telegram chat, or else `url_file`"):
        load(tmp_path / "both.toml", environ={})


def test_without_the_extra_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(tmp_path, "http://127.0.0.1:9/feed", "json://127.0.0.1/hook")
    loaded = load(tmp_path / "config.toml", environ={})
    monkeypatch.delitem(sys.modules, "alerts.couriers.elsewhere", raising=False)
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError, match=r'pip install "vigil-bot\[apprise\]"'):
        elsewhere(loaded)


def test_the_addresses_are_kept_from_every_line_and_from_what_is_shown(tmp_path: Path) -> None:
    url = f"json://ana:{PASSWORD}@127.0.0.1/{KEY}"
    furnished(tmp_path, "http://127.0.0.1:9/feed", url)
    loaded = load(tmp_path / "config.toml", environ={})
    assert {url, KEY, PASSWORD} <= set(loaded.secrets)
    assert KEY not in repr(loaded)
    shown = vigil("config", "export", cwd=tmp_path)
    assert 'url_file = "mail_url"' in shown.stdout
    assert KEY not in shown.stdout
