"""/export: what was told, as files, with who decided what."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

import bot.files
from bot.told import Period
from bot.words import load
from model import Watch
from model.docket import Hearing
from store import dockets, hearings, items, watches
from tests.bot.talk.stage import Stage, article, labels
from tests.bot.talk.test_timeline import NAME, filed, followed


def content(stage: Stage, message: dict) -> bytes:
    return stage.server.world.files[message["document"]["file_id"]][1]


async def told(stage: Stage) -> None:
    """Let Ana watch somebody and be told of two articles."""
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    stage.clock.forward(minutes=5)
    for n in (1, 2):
        [one] = await stage.read(article(f"{NAME}, day {n}", url=f"https://a.example/{n}"))
        await stage.alert(one)
    stage.clock.forward(minutes=1)


async def rows(stage: Stage) -> list[dict[str, str]]:
    await stage.ana.says("/export")
    await stage.ana.presses_soon("CSV")
    sent = await stage.ana.hears("What was told of All watches in the last 30 days")
    data = content(stage, sent)
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read UTF-8"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


async def test_each_row_says_who_decided_it_and_by_which_rule(stage: Stage) -> None:
    await told(stage)
    watch = (await stage.followed(NAME)).watch.id
    async with stage.store.write() as tx:
        [newest] = await items.history(tx, limit=1)
        await watches.hide(tx, watch, newest.id, stage.ana.id, stage.clock.now)
    first, second = await rows(stage)
    assert (first["decision"], first["decided_by"]) == ("told", "rule")
    assert (second["decision"], second["decided_by"]) == ("not them", "Ana")
    assert second["decided_at"] == stage.clock.now.isoformat()
    assert first["rule"].startswith(f"{watch}.")
    assert first["rule_by"] == "Ana"
    assert first["reason"] == f"the exact name {NAME}"


async def test_json_holds_the_same_rows(stage: Stage) -> None:
    await told(stage)
    await stage.ana.says(f"/export {NAME}")
    await stage.ana.presses_soon("JSON")
    sent = await stage.ana.hears(f"What was told of {NAME}")
    assert sent["document"]["file_name"] == "alerts-salvador-cienfuegos-zepeda-2020-11-18.json"
    lines = [json.loads(line) for line in content(stage, sent).decode().splitlines()]
    assert [one["headline"] for one in lines] == [f"{NAME}, day 1", f"{NAME}, day 2"]


async def test_the_report_certifies_silence(stage: Stage) -> None:
    await told(stage)
    await stage.ana.says("Genaro García Luna")
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching Genaro")
    await stage.ana.says("/export")
    await stage.ana.presses_soon("Report")
    sent = await stage.ana.hears("for whom nothing was found: 1 watch.")
    text = content(stage, sent).decode()
    assert "2 items of 1 sources were read for 2 watches." in text
    assert "Nothing was found for:\n  Genaro García Luna\n" in text
    assert text.endswith("No gap is known.\n")


async def test_hearings_come_as_a_calendar_and_sources_as_opml(stage: Stage) -> None:
    await followed(stage, article("Something"))
    docket_id = await filed(stage, "ORDER setting a status conference", date(2020, 11, 17), "57")
    at = datetime(2020, 12, 1, 15, tzinfo=UTC)
    async with stage.store.write() as tx:
        entries = await dockets.entries(tx, docket_id)
        one = Hearing("nyed", "1:19-cr-00366", at, has_time=True, what="Status Conference")
        await hearings.note(tx, docket_id, entries[0].id, [one])
    await stage.ana.says("/exportar")
    await stage.ana.presses_soon("Hearings .ics")
    sent = await stage.ana.hears("1 date in court")
    assert "SUMMARY:Status Conference" in content(stage, sent).decode()
    await stage.ana.says("/opml")
    sent = await stage.ana.hears("as a list that any reader of feeds can take")
    assert sent["document"]["file_name"] == "feeds-2020-11-18.opml"
    assert b'xmlUrl="https://insightcrime.example/feed"' in content(stage, sent)


async def test_another_period_and_one_watch_are_chosen_on_the_screen(stage: Stage) -> None:
    await told(stage)
    await stage.ana.says("/export")
    await stage.ana.hears("All watches, the last 30 days")
    await stage.ana.presses("365 days")
    await stage.ana.hears("All watches, the last 365 days")
    await stage.ana.presses("One watch…")
    await stage.ana.hears("Of which watch?")
    await stage.ana.presses(NAME)
    await stage.ana.hears(f"{NAME}, the last 365 days")
    assert "● 365 days" in labels(stage.ana)
    await stage.ana.presses("Timeline .md")
    sent = await stage.ana.hears(f"Timeline of {NAME}: 2 entries")
    assert content(stage, sent).decode().startswith(f"# {NAME}\n")


async def test_what_is_too_large_is_packed_and_then_cut_by_month(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await told(stage)
    for days in (0, 20):
        stage.clock.forward(days=days)
        for _ in range(8):
            word = sha256(str(stage.clock.now).encode()).hexdigest()
            [one] = await stage.read(article(f"{NAME} {word}", url=f"https://a.example/{word}"))
            await stage.alert(one)
            stage.clock.forward(minutes=1)
    period = Period(stage.clock.now - timedelta(days=30), stage.clock.now)
    monkeypatch.setattr(bot.files, "LARGEST", 4_000)
    wanted = bot.files.Wanted("csv", period, "all")
    [packed] = await bot.files.files(stage.store, wanted, load(), tmp_path)
    assert packed.name == "all.csv.zip"
    monkeypatch.setattr(bot.files, "LARGEST", packed.stat().st_size - 1)
    await stage.ana.says("/export")
    await stage.ana.presses_soon("CSV")
    await stage.ana.hears("All watches (part 2 of 2)")
    sent = [one for one in stage.ana.private.messages if "document" in one]
    names = [one["document"]["file_name"] for one in sent]
    assert names == [
        "alerts-2020-12-08-2020-11.csv.zip",
        "alerts-2020-12-08-2020-12.csv.zip",
    ]
    told_rows = []
    for one in sent:
        with zipfile.ZipFile(io.BytesIO(content(stage, one))) as archive:
            [name] = archive.namelist()
            text = archive.read(name).decode("utf-8-sig")
        told_rows += [row["headline"] for row in csv.DictReader(io.StringIO(text))]
    assert len(told_rows) == len(set(told_rows)) == 18


def test_months_cover_a_period_without_overlap() -> None:
    since = datetime(2020, 11, 18, 15, tzinfo=UTC)
    until = since + timedelta(days=100)
    months = bot.files._months(since, until)
    assert (months[0][0], months[-1][1]) == (since, until)
    assert all(one[1] == two[0] for one, two in pairwise(months))
    assert len(months) == 4


async def test_a_file_about_one_case_holds_nothing_of_others(stage: Stage) -> None:
    await told(stage)
    docket_id = await filed(stage, "ORDER setting a status conference", date(2020, 11, 17), "57")
    now, at = stage.clock.now, datetime(2020, 12, 1, 15, tzinfo=UTC)
    async with stage.store.write() as tx:
        entries = await dockets.entries(tx, docket_id)
        other = await dockets.follow(tx, "cand", "2:20-cv-01234", now=now)
        for of, what in ((docket_id, "Plea"), (other.docket.id, "Jury Trial")):
            one = Hearing("nyed", "1:19-cr-00366", at, has_time=True, what=what)
            await hearings.note(tx, of, entries[0].id, [one])
    await stage.ana.says("/export 1:19-cr-00366")
    await stage.ana.presses_soon("Hearings .ics")
    sent = await stage.ana.hears("1 date in court")
    assert "Jury Trial" not in content(stage, sent).decode()
    await stage.ana.presses_soon("CSV")
    sent = await stage.ana.hears("What was told of")
    data = content(stage, sent).decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(data))) == [], "news of a person is not of the case"


async def test_the_report_of_one_watch_says_nothing_of_the_others(stage: Stage) -> None:
    await told(stage)
    other = "Ovidio Guzmán López"
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(other), stage.clock.now)
    await stage.ana.says(f"/export {NAME}")
    await stage.ana.presses_soon("Report")
    sent = await stage.ana.hears("for whom nothing was found: 0 watches")
    assert other not in content(stage, sent).decode()
