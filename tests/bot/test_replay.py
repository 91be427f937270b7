"""`vigil replay`: stored items against changed rules, over the real program's own database."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.replay import moment
from bot.replay import Count, Rules, merged, replay
from model import Item, NewSource, StoredWatch, Watch
from model.errors import UsageError
from store import items, sources, watches
from store.engine import Store
from tests.bot.running import at_home as here
from tests.bot.running import vigil
from tests.bot.test_run import BASE, NAME, NEWS, OLD, WATCH, feed, write
from tests.fakes import Clock, Web
from tests.walks.program import rss

NOW = Clock().now


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose vigil has told one article of two."""

    async def round_trip() -> None:
        async with Web() as web:
            address = web.page("/feed", rss(NEWS, OLD))
            write(tmp_path, BASE, feed(address), WATCH)
            done = await asyncio.to_thread(vigil, "run", "--once", cwd=tmp_path)
            assert "Former minister held" in done.stdout, done.stderr

    asyncio.run(round_trip())
    return tmp_path


def test_the_same_rules_find_the_same(home: Path) -> None:
    done = here("replay", cwd=home)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 items: 0 more would be told, 0 fewer, 1 as they were.\n"


def test_another_configuration_says_what_would_differ_and_sends_nothing(home: Path) -> None:
    other = home / "other.toml"
    text = (home / "config.toml").read_text()
    other.write_text(text.replace(f'name = "{NAME}"', 'name = "held"\nkind = "phrase"'))
    done = here("replay", "--config", str(other), cwd=home)
    lines = done.stdout.splitlines()
    assert [line[0] for line in lines[:2]] == ["-", "+"]
    assert f"{NAME}: Former minister held" in lines[0]
    assert "held: Former minister held" in lines[1]
    assert lines[-1] == "Nothing was sent; --yes sends what would be told and was not."
    rows = [
        json.loads(line)
        for line in here("replay", "--config", str(other), "--json", cwd=home).stdout.splitlines()
    ]
    assert [(one["change"], one["watch"]) for one in rows] == [("gone", NAME), ("added", "held")]


def test_a_list_of_names_stands_in_place_of_the_watches(home: Path) -> None:
    listed = home / "names.jsonl"
    listed.write_text(json.dumps({"name": "Former minister", "kind": "phrase"}) + "\n")
    done = here("replay", "--watches", str(listed), cwd=home)
    assert "1 more would be told, 1 fewer, 0 as they were." in done.stdout


def test_what_is_watched_since_is_sent_with_yes_and_only_once(home: Path) -> None:
    added = here("watch", "add", '"Former minister"', cwd=home)
    assert added.returncode == 0, added.stderr
    assert "1 more would be told" in here("replay", cwd=home).stdout
    done = here("replay", "--yes", cwd=home)
    assert "1 alerts are queued" in done.stdout, done.stderr
    sent = here("deliver", cwd=home)
    assert "Former minister held" in sent.stdout, sent.stderr
    assert "0 more would be told, 0 fewer, 2 as they were." in here("replay", cwd=home).stdout


def test_yes_needs_the_rules_in_use(home: Path) -> None:
    done = here("replay", "--yes", "--watches", "names.jsonl", cwd=home)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_period_leaves_out_what_lies_outside(home: Path) -> None:
    done = here("replay", "--from", "2020-01-01", "--to", "2020-12-31", cwd=home)
    assert done.stdout == "0 items: 0 more would be told, 0 fewer, 0 as they were.\n"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2020-11-18", datetime(2020, 11, 18, tzinfo=UTC)),
        ("2020-11-18T10:00+02:00", datetime(2020, 11, 18, 8, tzinfo=UTC)),
        ("2d", datetime(2020, 11, 16, 19, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_day_a_time_or_how_long_ago(written: str, at: datetime) -> None:
    assert moment(written, "--from", NOW) == at


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="--to yesterday"):
        moment("yesterday", "--to", NOW)


def test_another_configuration_keeps_what_chats_made_and_numbers_by_name() -> None:
    stored = [
        StoredWatch(Watch("One", id=3), declared=True),
        StoredWatch(Watch("Two", id=4), declared=True),
        StoredWatch(Watch("Three", id=5)),
    ]
    found = merged(stored, [Watch("One", aliases=("Uno",)), Watch("Four")])
    assert [(one.id, one.name) for one in found][:2] == [(5, "Three"), (3, "One")]
    assert found[2].name == "Four"
    assert found[2].id not in {3, 4, 5}


async def test_a_long_archive_is_read_in_pieces_the_oldest_first(store: Store) -> None:
    clock = Clock()
    async with store.write() as tx:
        source = await sources.add(tx, NewSource("https://a.example/feed"), NOW)
        watch = await watches.add(tx, Watch(NAME), NOW)
    for n in range(7):
        async with store.write() as tx:
            some = [
                Item(key=f"{n}-{k}", title=f"{NAME} on day {n}, part {k}", source_id=source.id)
                for k in range(100)
            ]
            await items.record(tx, some, clock.turn(days=1))
    count = Count()
    rules = Rules((watch.watch,))
    pieces = [one async for one in replay(store, rules, NOW, clock.turn(days=1), count)]
    assert [len(one) for one in pieces] == [300, 300, 100]
    assert "day 0" in pieces[0][0].item.title
    assert "day 6" in pieces[-1][-1].item.title
    assert (count.items, count.more, count.fewer) == (700, 700, 0)
