"""What `vigil check` says about court cases: each trouble with its next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.check_courts import check_courts
from bot.config import Loaded, load
from bot.court_health import CourtHealth, court_health
from bot.findings import Finding
from model.docket import DocketState
from model.source import NewSource
from store import dockets, push_inbox, quota, sources
from store.engine import Store

NOW = datetime(2020, 11, 17, 12, 0, tzinfo=UTC)
NOTHING = CourtHealth(0, 0, (), 125, 125, None, 0, None)
ONE = replace(NOTHING, cases=1)
SERVER = {"VIGIL_SERVER__BIND": "127.0.0.1:8080", "VIGIL_SERVER__PUBLIC_URL": "https://v.example/"}
TOKEN = {"VIGIL_COURTS__COURTLISTENER_TOKEN": "t" * 40}
SECRET = {"VIGIL_COURTS__WEBHOOK_SECRET": "s" * 40}


def loaded(folder: Path, **environ: str) -> Loaded:
    path = folder / "config.toml"
    path.write_text("")
    return load(path, environ=environ)


def of(check: str, found: list[Finding]) -> Finding:
    [one] = [one for one in found if one.check == check]
    return one


def test_nothing_is_said_where_no_court_is_used(tmp_path):
    assert check_courts(loaded(tmp_path), NOTHING) == []


def test_a_case_without_a_token_says_where_to_get_one_and_where_to_put_it(tmp_path):
    one = of("courtlistener", check_courts(loaded(tmp_path), ONE))
    assert one.grade == "warning"
    assert one.step.startswith("get a free one at https://www.courtlistener.com/")
    assert one.step.endswith("secrets/courtlistener_token")


def test_calls_left_are_said_and_an_exhausted_day_is_a_warning(tmp_path):
    config = loaded(tmp_path, **TOKEN)
    fine = of("courtlistener", check_courts(config, replace(ONE, left=38)))
    assert (fine.grade, fine.said) == ("ok", "a token is set, 38 of 125 calls left today.")
    assert of("courtlistener", check_courts(config, replace(ONE, left=0))).grade == "warning"
    paused = of("courtlistener", check_courts(config, replace(ONE, paused_until=NOW)))
    assert "until 2020-11-17 12:00 UTC" in paused.said


def test_a_webhook_is_named_with_its_address_and_without_its_secret(tmp_path):
    config = loaded(tmp_path, **TOKEN, **SECRET, **SERVER)
    one = of("court pushes", check_courts(config, ONE))
    assert "https://v.example/push/courtlistener/<secret>" in one.step
    assert one.grade == "warning"
    called = of("court pushes", check_courts(config, replace(ONE, last_push=NOW)))
    assert called.grade == "ok"
    said = " ".join(one.line() for one in check_courts(config, ONE))
    assert "s" * 40 not in said
    assert "t" * 40 not in said


@pytest.mark.parametrize(("server", "key"), [({}, "bind"), (SERVER, "public_url")])
def test_a_secret_without_a_server_is_an_error(tmp_path, server, key):
    given = {**server, "VIGIL_SERVER__PUBLIC_URL": ""} if server else {}
    one = of("court pushes", check_courts(loaded(tmp_path, **SECRET, **given), ONE))
    assert one.grade == "error"
    assert f"[server] {key}" in one.step


async def test_health_counts_what_the_database_knows(store: Store):
    async with store.write() as tx:
        assert not (await court_health(tx, NOW)).is_used
        for number, state in (
            ("1:19-cr-00366", DocketState.OPEN),
            ("1:19-cr-00367", DocketState.SEALED),
        ):
            await dockets.follow(tx, "nyed", number, now=NOW, state=state)
        await sources.add(tx, NewSource("https://court.example/rss", kind="pacer"), NOW)
        await sources.add(tx, NewSource("https://news.example/rss"), NOW)
        await quota.reserve(tx, NOW, 3, quota.Purpose.ASKED)
        await push_inbox.put(tx, "key", 1, b"{}", NOW)
    async with store.read() as tx:
        found = await court_health(tx, NOW)
    assert (found.cases, found.dark, len(found.feeds), found.left) == (2, 1, 1, 122)
    assert (found.pushes, found.last_push) == (1, NOW)
