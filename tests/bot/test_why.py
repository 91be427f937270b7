"""`vigil why` and `vigil backtest`: what the matcher says, of one article and of the past."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backtest import Setting, backtest, difference
from bot.why import explain, item_in
from model.errors import ParseError, UsageError
from model.item import Item
from model.source import NewSource
from model.watch import Watch
from store import items, sources
from store.engine import Store
from tests.bot.running import at_home as here
from tests.bot.running import vigil
from tests.fakes import Web
from tests.walks.program import rss
from watchers.sandbox import Sandbox

NAME = "Salvador Cienfuegos Zepeda"
NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
CONFIG = (
    f'[polling]\nhost_gap = "0s"\nallow_networks = ["127.0.0.0/8"]\n[[watches]]\nname = "{NAME}"\n'
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG + '[[watches]]\nname = "Eva Ríos Luna"\n', "utf-8")
    return tmp_path


def test_a_text_is_explained_in_words(home):
    text = f"Former minister held\n{NAME} was detained on Thursday."
    done = here("why", "-", cwd=home, stdin=text)
    assert done.returncode == 0, done.stderr
    assert f"{NAME}: mentioned (100 of 100)" in done.stdout
    assert "✓" in done.stdout
    assert "1 watches find nothing in it." in done.stdout
    assert "reason." not in done.stdout


def test_a_near_miss_is_explained_too(home):
    done = here("why", "-", "--watch", NAME, cwd=home, stdin="Rain over the bay of Cienfuegos")
    assert f"{NAME}: not mentioned" in done.stdout
    assert "✗" in done.stdout


def test_a_page_and_an_item_of_json_can_be_explained(home):
    (home / "page.html").write_text(
        f"<html><head><title>In court</title></head><body><p>{NAME}</p></body></html>"
    )
    page = here("why", "page.html", cwd=home)
    assert page.stdout.startswith("In court\n")
    assert "mentioned" in page.stdout
    (home / "item.json").write_text(json.dumps({"title": f"{NAME} in court"}))
    assert f"{NAME}: mentioned" in here("why", "item.json", cwd=home).stdout


@pytest.mark.parametrize("text", [f"{NAME} was held.", f"<html><p>{NAME} was held.</p></html>"])
def test_a_file_in_utf_16_is_read(home, text):
    (home / "article").write_text(text, "utf-16")
    assert f"{NAME}: mentioned (100 of 100)" in here("why", "article", cwd=home).stdout


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"a":' + "[" * 100_000, "article: this JSON is nested too deeply."),
        ("{", "article is no item as JSON: "),
        ("a" * 20_000_001, "article is larger than 20 MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(home, body, said):
    (home / "article").write_text(body)
    done = here("why", "article", cwd=home)
    assert done.returncode == 2
    assert done.stderr.startswith(f"vigil: {said}")


def test_a_headline_does_not_steer_the_terminal(home):
    done = here("why", "-", cwd=home, stdin=f"{NAME} \x1b[2J was held")
    assert "\x1b" not in done.stdout
    assert f"  “{NAME}” (title 0–26)" in done.stdout


def test_a_source_that_is_left_out_is_one_of_the_verdicts():
    item = Item(title=f"{NAME} was held", source="Other", url="https://other.example/1")
    (one,) = explain(item, [Watch(NAME, sources=("BBC",))])
    assert not one.mentions
    assert one.is_near
    assert (one.verdicts[0].rule, one.verdicts[0].passed) == ("source", False)
    (alone,) = explain(Item(title=f"{NAME} was held"), [Watch(NAME, sources=("BBC",))])
    assert alone.mentions


def test_names_from_a_list_need_no_configuration(tmp_path):
    (tmp_path / "names.jsonl").write_text(json.dumps({"name": NAME}))
    done = here("why", "-", "--watches", "names.jsonl", cwd=tmp_path, stdin=f"{NAME} in court")
    assert done.returncode == 0, done.stderr
    assert f"{NAME}: mentioned" in done.stdout


async def test_an_address_is_read_as_stored_or_else_as_the_page_says(home):
    async with Web() as web:
        url = web.page(
            "/story", f"<title>In court</title><p>{NAME} spoke.", content_type="text/html"
        )
        done = await asyncio.to_thread(vigil, "why", url, cwd=home)
        assert done.stdout.startswith("In court\n"), done.stderr
        assert f"{NAME}: mentioned" in done.stdout


async def test_what_holds_no_article_is_refused():
    async with Sandbox(children=1) as sandbox:
        with pytest.raises(UsageError, match="is empty"):
            await item_in(sandbox, b" \n", "-")
        with pytest.raises(UsageError, match="no text"):
            await item_in(sandbox, b'{"url": "x"}', "x.json")
        with pytest.raises(ParseError, match="holds no text"):
            await item_in(sandbox, b"<html><body></body></html>", "x.html")


def test_explaining_tells_what_counts_from_what_is_only_possible():
    watch = Watch(NAME)
    item = Item(title="United States v. Cienfuegos Zepeda")
    (strict,) = explain(item, [watch], threshold=100)
    (usual,) = explain(item, [watch])
    assert usual.mentions
    assert not strict.mentions
    assert strict.possible == usual.mentions


async def _stored(store: Store) -> None:
    titles = {
        1: f"{NAME} arrested at the airport",
        2: "Rain over the bay of Cienfuegos",
        3: f"{NAME} arrested at the airport",
        20: f"{NAME} arrested at the airport",
        21: "United States v. Cienfuegos Zepeda is dismissed",
        200: f"{NAME} appointed minister of defence",
    }
    async with store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed"), NOW)
        for days, title in titles.items():
            url = f"https://a.example/{days}"
            item = Item(key=str(days), url=url, title=title, source_id=source.id)
            await items.record(tx, [item], NOW - timedelta(days=days))


async def test_a_backtest_counts_alerts_and_reprints(sqlite_store):
    await _stored(sqlite_store)
    result = await backtest(sqlite_store, Setting(Watch(NAME)), since=NOW - timedelta(days=90))
    assert result.items == 5
    assert [hit.item.key for hit in result.hits] == ["21", "20", "3", "1"]
    assert [hit.joins for hit in result.hits] == [False, False, False, True]


async def test_two_settings_are_compared(sqlite_store):
    await _stored(sqlite_store)
    strict = Setting(Watch(NAME), threshold=95)
    result = await backtest(
        sqlite_store, Setting(Watch(NAME)), since=NOW - timedelta(days=90), other=strict
    )
    added, gone = difference(result)
    assert ([hit.item.key for hit in added], [hit.item.key for hit in gone]) == ([], ["21"])


async def test_the_command_says_what_a_watch_would_have_sent(home):
    async with Web() as web:
        news = ("airport", f"{NAME} arrested", "At the airport.")
        case = ("case", "United States v. Cienfuegos Zepeda dismissed", "A judge said so.")
        feed = web.page("/feed", rss(news, case))
        await asyncio.to_thread(vigil, "feed", "add", feed, cwd=home)
        await asyncio.to_thread(vigil, "poll", cwd=home)
    done = vigil("backtest", NAME, cwd=home)
    assert done.stdout.startswith(f"{NAME}: 2 alerts and 0 reprints from 2 items since ")
    (home / "strict.toml").write_text(CONFIG + "threshold = 95\n")
    compared = vigil("backtest", NAME, "--config", "strict.toml", cwd=home)
    assert "With the other configuration: 0 more, 1 fewer." in compared.stdout
    assert "- " in compared.stdout
    lines = vigil("backtest", NAME, "--config", "strict.toml", "--json", cwd=home).stdout
    (change,) = [json.loads(line) for line in lines.splitlines()]
    assert (change["change"], change["title"]) == ("gone", case[1])
    assert vigil("backtest", NAME, "--since", "soon", cwd=home).returncode == 2
