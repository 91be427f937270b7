"""Updates that Telegram brings: kept or refused, by the real web app with a real database."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from bot import web
from bot.config import FaultyConfigError, load
from bot.pushed import MOST, TELEGRAM, telegram
from store import inbox
from store.engine import Store
from tests.fakes import Clock

SECRET = "only-telegram-knows-this"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "text": "/start"}}


async def fine() -> list[str]:
    return []


@asynccontextmanager
async def listening(store: Store, *, patience: float = 5.0) -> AsyncIterator[str]:
    """Give the address at which updates are taken."""
    pushes = {TELEGRAM: telegram(store, SECRET, Clock(), patience=patience)}
    runner = await web.start("127.0.0.1:0", web.Checks(fine, fine, lambda: b"", pushes))
    try:
        yield f"http://{web.bound(runner)}{TELEGRAM}"
    finally:
        await runner.cleanup()


async def push(url: str, body: object = UPDATE, secret: str = SECRET, method: str = "POST") -> int:
    said = body if isinstance(body, bytes | BytesIO) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=said, headers={HEADER: secret}) as answer,
    ):
        return answer.status


async def kept(store: Store) -> list[int]:
    async with store.read() as tx:
        return [number for number, _, _ in await inbox.pending(tx)]


async def test_an_update_is_kept_once_however_often_it_is_brought(store: Store) -> None:
    async with listening(store) as url:
        assert [await push(url) for _ in range(3)] == [200, 200, 200]
    assert await kept(store) == [7]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "ключ"])
async def test_who_does_not_know_the_secret_finds_nothing_there(
    sqlite_store: Store, secret: str
) -> None:
    async with listening(sqlite_store) as url:
        assert await push(url, secret=secret.encode().decode("latin-1")) == 404
    assert await kept(sqlite_store) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", {"update_id": "7"}, {"update_id": True}, {"update_id": 2**70}, {}],
)
async def test_what_is_no_update_is_refused(sqlite_store: Store, body: object) -> None:
    async with listening(sqlite_store) as url:
        assert await push(url, body) == 400
        assert await push(url) == 200
    assert await kept(sqlite_store) == [7]


async def test_another_method_and_ten_megabytes_are_refused(sqlite_store: Store) -> None:
    async with listening(sqlite_store) as url:
        assert await push(url, method="PUT") == 405
        with contextlib.suppress(aiohttp.ClientConnectionError):  # it hangs up while we talk
            assert await push(url, BytesIO(b"x" * (5 * MOST))) == 413
    assert await kept(sqlite_store) == []


async def test_what_can_not_be_kept_is_to_be_brought_again(sqlite_store: Store) -> None:
    async with listening(sqlite_store, patience=0.3) as url:
        async with sqlite_store.write():
            assert await push(url) == 503
        assert await push(url) == 200
    assert await kept(sqlite_store) == [7]


def configured(folder: Path, more: str, secret: str) -> None:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "telegram_webhook").write_text(secret)
    (folder / "config.toml").write_text(f'[telegram]\nmode = "webhook"\n{more}')
    load(folder / "config.toml", environ={})


SERVER = '[server]\nbind = "127.0.0.1:1"\npublic_url = "https://vigil.example.org"\n'


@pytest.mark.parametrize(
    ("more", "secret", "lacks"),
    [
        ("", "s", r"needs \[server\] bind"),
        ('[server]\nbind = "127.0.0.1:1"\n', "s", r"needs \[server\] public_url"),
        (SERVER, "", "needs a secret of 1 to 256 letters"),
        (SERVER, "with blanks", "needs a secret of 1 to 256 letters"),
    ],
)
def test_what_a_webhook_needs_is_said(tmp_path: Path, more: str, secret: str, lacks: str) -> None:
    with pytest.raises(FaultyConfigError, match=lacks):
        configured(tmp_path, more, secret)


def test_with_all_of_it_a_webhook_is_fine(tmp_path: Path) -> None:
    configured(tmp_path, SERVER, "s-3_cret")
