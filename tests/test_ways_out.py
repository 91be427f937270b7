"""Who may dial: the guarded fetcher, and the few who call the operator's own addresses."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.running import ROOT, environment
from tests.loopback.sitecustomize import OutsideLoopbackError

ROOMS = ("model", "matching", "store", "watchers", "alerts", "bot", "migrations")
DIALLERS = {
    "aiohttp", "aiohttp_socks", "asyncpg", "ftplib", "http.client", "httpx", "imaplib", "requests",
    "smtplib", "socket", "socketserver", "telegram.request", "trafilatura.downloads",
    "urllib.request", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
"""Modules with which a connection can be opened."""
HARMLESS = {"aiohttp.web", "aiohttp.abc", "aiohttp.resolver", "http.HTTPStatus"}
"""Parts of them that answer, name or number things."""
CALLS = {
    "open_connection", "create_connection", "create_datagram_endpoint", "open_unix_connection",
    "sock_connect", "urlopen", "urlretrieve", "fetch_url", "fetch_response",
}  # fmt: skip
ALLOWED = {
    "watchers/fetch.py": "everything a feed, a page or a docket names, past the guard",
    "watchers/guard.py": "the guard: it opens the socket that it has judged",
    "alerts/couriers/telegram.py": "[telegram] api_url and proxy",
    "bot/talk/receive.py": "[telegram] api_url and proxy",
    "bot/talk/account.py": "[telegram] api_url and proxy, for check and setup",
    "bot/health.py": "[server] heartbeat_url",
    "bot/cli/starting.py": "vigil demo --telegram",
    "bot/demo/botapi/webhook.py": "the loopback Telegram server, to loopback only",
    "bot/app.py": "gethostname, for the name of a lease",
    "watchers/poll.py": "gethostname, for the name of a lease",
}
"""Each with what it dials; the database's drivers dial [database] url inside SQLAlchemy."""


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("import_module", "__import__") and node.args:
                yield str(getattr(node.args[0], "value", "?"))


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def _dials(module: str) -> bool:
    if any(module == one or module.startswith(f"{one}.") for one in HARMLESS):
        return False
    return any(module == one or module.startswith(f"{one}.") for one in DIALLERS)


def ways_out(source: str) -> set[str]:
    """Return how this source text could open a connection."""
    tree = ast.parse(source)
    return {one for one in _imported(tree) if _dials(one)} | (set(_called(tree)) & CALLS)


def test_nothing_but_the_listed_files_can_dial() -> None:
    found = {
        str(path.relative_to(ROOT)): out
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if (out := ways_out(path.read_text(encoding="utf-8")))
    }
    assert {name: out for name, out in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) - set(found) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "from urllib import request\nimport urllib.request",
        "def f():\n    import httpx",
        "from aiohttp import ClientSession",
        "import asyncio\nasync def f():\n    await asyncio.open_connection('a', 1)",
        "import importlib\nimportlib.import_module('http.client')",
        "import socket as s",
    ],
)
def test_a_way_out_is_seen(source: str) -> None:
    assert ways_out(source)


def test_what_answers_or_names_is_no_way_out() -> None:
    assert not ways_out("from aiohttp import web\nfrom urllib.parse import urlsplit")


@pytest.mark.parametrize("name", ["gethostname"])
def test_those_that_only_ask_for_their_own_name_do_no_more(name: str) -> None:
    for path in ("bot/app.py", "watchers/poll.py"):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "socket"
        }
        assert used == {name}


@pytest.mark.parametrize("address", [("192.0.2.1", 9), ("8.8.8.8", 53)])
def test_no_test_can_leave_loopback(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        with pytest.raises(OutsideLoopbackError):
            out.connect(address)
        with pytest.raises(OutsideLoopbackError):
            out.sendto(b"", address)


def test_no_test_can_ask_for_a_name() -> None:
    with pytest.raises(OutsideLoopbackError):
        socket.getaddrinfo("riodoce.mx", 443)


def test_no_program_a_test_starts_can_leave_loopback(tmp_path: Path) -> None:
    dialling = (
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", dialling],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "OutsideLoopbackError" in done.stderr
