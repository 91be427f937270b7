"""Exports, timelines and counts of what was told, after a real round of the real program."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bot.told import COLUMNS, ToldRow, csv_row, markdown_line, rows_of
from bot.words import load
from model import AlertKind, AlertView, Item, Subscriber
from model.version import Changed, Part, Version
from tests.bot.running import at_home as here
from tests.bot.running import vigil
from tests.bot.test_run import BASE, NAME, NEWS, OLD, WATCH, feed, write
from tests.fakes import Web
from tests.walks.program import rss

AT = datetime(2020, 11, 18, 18, 51, tzinfo=UTC)
ROW = ToldRow(
    alert=7,
    told_at=AT,
    told_to="@mxcourts",
    watches=NAME,
    first_seen=AT,
    published="",
    outlet="The Border Ledger",
    headline="A [general] returns",
    url="https://ledger.example/a_(b)",
    language="en",
    found="General",
    score=100,
    reason="the exact name",
    kind="story",
    first=True,
    hidden_by="",
    item=3,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose vigil has told one article, and watches somebody nobody writes about."""
    quiet = '[[watches]]\nname = "Delia Quiroz Anaya"\n'

    async def round_trip() -> None:
        async with Web() as web:
            address = web.page("/feed", rss(NEWS, OLD))
            write(tmp_path, BASE, feed(address), WATCH, quiet)
            done = await asyncio.to_thread(vigil, "run", "--once", cwd=tmp_path)
            assert "Former minister held" in done.stdout, done.stderr

    asyncio.run(round_trip())
    return tmp_path


def test_what_was_told_is_exported_with_its_reason(home: Path) -> None:
    done = here("export", cwd=home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("\ufeff")
    [row] = csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff")))
    assert tuple(row) == COLUMNS
    assert (row["watches"], row["found"], row["score"]) == (NAME, NAME, "100")
    assert row["reason"] == f"the exact name {NAME}"
    [same] = [
        json.loads(line)
        for line in here("export", "--format", "json", cwd=home).stdout.splitlines()
    ]
    assert same["headline"] == row["headline"] == "Former minister held"


def test_an_export_proves_what_was_read(home: Path) -> None:
    [row] = [
        json.loads(line)
        for line in here("export", "--format", "json", cwd=home).stdout.splitlines()
    ]
    assert row["fetched_from"].endswith("/feed")
    assert row["sha256"] == sha256(rss(NEWS, OLD)).hexdigest()
    assert (row["page"], row["changed"], row["first_seen"][:2]) == ("", "", "20")


def test_why_shows_the_versions_that_are_kept(home: Path) -> None:
    said = here("why", "https://ledger.example/airport", cwd=home).stdout
    assert "Versions that are kept:\n" in said
    assert "source: Former minister held\n" in said
    assert f"/feed sha256 {sha256(rss(NEWS, OLD)).hexdigest()}\n" in said


def test_an_export_says_what_became_of_an_article() -> None:
    kept = [
        Version(3, AT, Part.SOURCE, "https://ledger.example/feed", "ab", title="A", summary="B"),
        Version(3, AT, Part.PAGE, "https://ledger.example/a", "cd", title="A", text="Whole."),
        Version(3, AT, Part.PAGE, "https://ledger.example/a", "", 410, (Changed.WITHDRAWN,)),
        Version(4, AT, Part.SOURCE, "https://else.example/feed", "ef"),
    ]
    view = AlertView(7, AlertKind.STORY, Subscriber(1, "console", ""), items=(Item(id=3),))
    [row] = rows_of(view, load(), kept)
    assert (row.sha256, row.page_sha256, row.text) == ("ab", "cd", "Whole.")
    assert row.changed == f"{AT.isoformat()} withdrawn"


def test_an_export_of_one_watch_leaves_the_others_out(home: Path) -> None:
    told = here("export", NAME, "--format", "markdown", cwd=home).stdout
    assert "[Former minister held](" in told
    assert here("export", "Delia Quiroz Anaya", "--format", "markdown", cwd=home).stdout == ""
    wrong = here("export", "Nobody", cwd=home)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Nothing is watched" in wrong.stderr


def test_what_lies_before_the_period_is_left_out(home: Path) -> None:
    assert here("timeline", "--since", "0s", cwd=home).stdout == ""
    assert "Former minister held" in here("timeline", cwd=home).stdout


def test_the_report_certifies_what_was_not_found(home: Path) -> None:
    said = here("export", "--format", "report", cwd=home).stdout
    assert "2 items of 1 sources were read for 2 watches." in said
    assert "1 alert was raised." in said
    assert "Nothing was found for:\n  Delia Quiroz Anaya" in said


def test_the_counts_agree_with_what_was_told(home: Path) -> None:
    counts = json.loads(here("stats", "--json", cwd=home).stdout)
    assert counts["alerts"] == 1
    assert counts["watches"] == {NAME: 1}
    assert here("stats", cwd=home).stdout.startswith("1 alerts in the last 90d.")


@pytest.mark.parametrize("given", [["--format", "pdf"], ["--since", "yesterday"]])
def test_a_wrong_option_is_one_sentence(home: Path, given: list[str]) -> None:
    done = here("export", *given, cwd=home)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("sign", list("=+-@"))
def test_a_headline_cannot_become_a_formula(sign: str) -> None:
    hostile = replace(ROW, headline=f'{sign}HYPERLINK("https://x.test")')
    cells = next(csv.reader(io.StringIO(csv_row(hostile))))
    assert cells[COLUMNS.index("headline")].startswith(f"'{sign}")


def test_markdown_holds_a_headline_s_brackets_and_an_address_s_too() -> None:
    line = markdown_line(ROW)
    assert line == (
        "- **2020-11-18 18:51** The Border Ledger: "
        "[A \\[general\\] returns](https://ledger.example/a_(b%29)"
    )
    struck = markdown_line(replace(ROW, hidden_by="Ana"))
    assert struck.endswith("~~ (not them: Ana)")
