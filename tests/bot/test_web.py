"""/healthz, /readyz and /metrics over real HTTP."""

from __future__ import annotations

import socket

import aiohttp
import pytest

from bot import web


async def fine() -> list[str]:
    return []


async def broken() -> list[str]:
    return ["The database does not answer."]


async def asked(checks: web.Checks, path: str) -> tuple[int, str]:
    runner = await web.start("127.0.0.1:0", checks)
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{web.bound(runner)}{path}") as response,
        ):
            return response.status, await response.text()
    finally:
        await runner.cleanup()


async def test_all_is_well():
    checks = web.Checks(fine, fine, lambda: b"vigil_rounds_total 1\n")
    assert await asked(checks, "/healthz") == (200, "ok\n")
    assert await asked(checks, "/readyz") == (200, "ok\n")
    assert await asked(checks, "/metrics") == (200, "vigil_rounds_total 1\n")


async def test_what_is_wrong_is_said_with_503():
    checks = web.Checks(fine, broken, lambda: b"")
    assert await asked(checks, "/healthz") == (200, "ok\n")
    assert await asked(checks, "/readyz") == (503, "The database does not answer.\n")


async def test_an_address_in_use_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(web.AddressTakenError, match=rf"bind: {bind} can't be used .*in use"):
            await web.start(bind, web.Checks(fine, fine, lambda: b""))
