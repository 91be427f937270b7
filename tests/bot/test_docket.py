"""Following court cases from the command line and from config.toml."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.calendar import calendar
from model import Docket, Hearing
from tests.bot.running import at_home as here

CASE = "1:19-cr-00366"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text("")
    return tmp_path


def rows(home: Path, *command: str) -> list[dict[str, object]]:
    done = here(*command, "--json", cwd=home)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    "written", [[CASE, "--court", "nyed"], [f"{CASE}-CBA E.D.N.Y."], ["EDNY 19 Cr. 366 (CBA)"]]
)
def test_a_case_is_followed_by_number_and_court_and_its_court_is_asked(
    home: Path, written: list[str]
) -> None:
    done = here("docket", "add", *written, cwd=home)
    assert done.returncode == 0, done.stderr
    assert "Following " in done.stdout
    assert "E.D.N.Y.’s own feed lists complaints, orders and judgments only" in done.stdout
    assert "No CourtListener token is set" in done.stdout
    [case] = rows(home, "docket", "list")
    assert (case["court"], case["level"], case["declared"]) == ("nyed", "important", False)
    feeds = [one for one in rows(home, "feed", "list") if one["kind"] == "pacer"]
    assert [one["tags"] for one in feeds] == [["court", "nyed"]]


def test_a_courtlistener_link_is_enough(home: Path) -> None:
    link = "https://www.courtlistener.com/docket/18555801/united-states-v-cienfuegos-zepeda/"
    assert here("docket", "add", link, cwd=home).returncode == 0
    [case] = rows(home, "docket", "list")
    assert case["docket_ids"] == ["18555801"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ([CASE], "Which court is 1:19-cr-00366 in?"),
        ([CASE, "--court", "EDNYY"], 'Did you mean "nyed" (E.D.N.Y.)?'),
        (["United States v. Cienfuegos"], "use `vigil watch add`"),
        ([CASE, "--court", "nyed", "--level", "loud"], "write one of orders, important, all"),
        ([CASE, "--court", "nyed", "--to", "nowhere"], "no channel has that id"),
    ],
)
def test_what_cannot_be_followed_is_one_sentence(home: Path, written: list[str], said: str) -> None:
    done = here("docket", "add", *written, cwd=home)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert here("docket", "list", cwd=home).stdout.startswith("No case yet")


def test_a_number_that_is_known_in_one_court_needs_no_court(home: Path) -> None:
    here("docket", "add", CASE, "--court", "nyed", cwd=home)
    assert here("docket", "add", CASE, "--level", "all", cwd=home).returncode == 0
    [case] = rows(home, "docket", "list")
    assert case["level"] == "all"


def test_cases_survive_export_and_import(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here("docket", "add", CASE, "--court", "nyed", "--level", "orders", cwd=home)
    exported = here("docket", "export", cwd=home).stdout
    other = tmp_path_factory.mktemp("other")
    (other / "config.toml").write_text("")
    (other / "cases.jsonl").write_text(exported + "2:20-cv-01234 N.D. Cal.\n{broken\nnonsense 7\n")
    done = here("docket", "import", "cases.jsonl", cwd=other)
    assert done.returncode == 1
    assert done.stdout == "2 cases followed, 2 lines could not be used.\n"
    assert "cases.jsonl line 3: this is not JSON" in done.stderr
    assert [one["court"] for one in rows(other, "docket", "list")] == ["nyed", "cand"]


def test_a_line_that_names_no_case_leaves_the_rest_of_a_list(home: Path) -> None:
    lines = ["https://example.org/case/1", "...", f"{CASE} EDNY"]
    (home / "cases.txt").write_text("\n".join(lines), "utf-8")
    done = here("docket", "import", "cases.txt", cwd=home)
    assert done.stdout == "1 cases followed, 2 lines could not be used.\n", done.stderr
    assert "cases.txt line 2: " in done.stderr


def test_a_case_that_is_followed_already_is_told_to_more(home: Path) -> None:
    for name in ("@crime", "@desk"):
        here("channel", "add", name, cwd=home)
    follow = ("docket", "add", CASE, "--court", "nyed")
    here(*follow, "--to", "@crime", "--level", "all", cwd=home)
    here(*follow, cwd=home)
    [one] = rows(home, "docket", "list")
    assert (one["to"], one["level"]) == (["@crime"], "all")
    here(*follow, "--to", "@desk", "--level", "orders", cwd=home)
    [one] = rows(home, "docket", "list")
    assert (one["to"], one["level"]) == (["@crime", "@desk"], "orders")


def test_a_line_of_json_that_is_odd_leaves_the_rest_of_a_list(home: Path) -> None:
    odd: list[dict[str, object]] = [
        {"number": CASE, "court": "nyed", "docket_ids": 5},
        {"court": "nyed"},
        {"docket_ids": {}},
        {"number": "1:21-cr-00008", "court": "nyed", "to": 5},
        {"number": "1:21-cr-00009", "court": "nyed", "to": "desk"},
    ]
    (home / "cases.jsonl").write_text("\n".join(map(json.dumps, odd)), "utf-8")
    done = here("docket", "import", "cases.jsonl", cwd=home)
    assert done.stdout == "3 cases followed, 2 lines could not be used.\n", done.stderr
    assert "line 2: it names no case" in done.stderr
    assert "line 4: to 5: no channel has that id" in done.stderr
    assert "line 5: to desk: no channel has that id" in done.stderr


def test_a_case_is_shown_and_followed_no_more(home: Path) -> None:
    here("docket", "add", CASE, "--court", "nyed", cwd=home)
    shown = here("docket", "show", "19-cr-366", cwd=home)
    assert shown.returncode == 0, shown.stderr
    assert "No entry yet." in shown.stdout
    assert here("docket", "show", CASE, "--ics", cwd=home).stdout.startswith("BEGIN:VCALENDAR")
    assert here("docket", "remove", CASE, cwd=home).returncode == 0
    assert rows(home, "docket", "list") == []
    assert here("docket", "remove", CASE, cwd=home).returncode == 2


def test_config_toml_declares_courts_and_cases(home: Path) -> None:
    (home / "config.toml").write_text(
        '[courts]\npacer_rss = ["E.D.N.Y.", "nysd"]\nfeeds = { nyed = "http://127.0.0.1:9/x" }\n'
        f'[[dockets]]\ncourt = "cand"\nnumber = "{CASE}"\nlevel = "orders"\n'
    )
    [case] = rows(home, "docket", "list")
    assert (case["court"], case["level"], case["declared"]) == ("cand", "orders", True)
    feeds = {one["tags"][1]: one["url"] for one in rows(home, "feed", "list")}  # type: ignore[index]
    assert feeds == {
        "nyed": "http://127.0.0.1:9/x",
        "nysd": "https://ecf.nysd.uscourts.gov/cgi-bin/rss_outside.pl",
        "cand": "https://ecf.cand.uscourts.gov/cgi-bin/rss_outside.pl",
    }
    done = here("docket", "remove", CASE, cwd=home)
    assert "declared in config.toml" in done.stderr


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('[courts]\npacer_rss = ["EDNYY"]', 'court called EDNYY. Did you mean "nyed"'),
        ('[[dockets]]\ncourt = "nyed"\nnumber = "12"', "write a docket number"),
        ('[[dockets]]\ncourt = "all"\nnumber = "1:19-cr-00366"', 'write one court, such as "nyed"'),
        (
            '[[dockets]]\ncourt = "nyed"\nnumber = "1:19-cr-00366"\nto = ["desk"]',
            'no [[channels]] entry has the id "desk"',
        ),
    ],
)
def test_a_wrong_court_in_config_toml_is_named_with_its_line(
    home: Path, written: str, said: str
) -> None:
    (home / "config.toml").write_text(written)
    done = here("config", "validate", cwd=home)
    assert done.returncode == 2
    assert "config.toml line" in done.stdout + done.stderr
    assert said in done.stdout + done.stderr


NOW = datetime(2020, 11, 16, 12, tzinfo=UTC)


def test_dates_become_a_calendar_that_other_programs_read() -> None:
    docket = Docket(court="nyed", number=CASE, caption="United States v. Cienfuegos; Zepeda, et al")
    at = datetime(2020, 11, 18, 15, tzinfo=UTC)
    timed = Hearing("nyed", CASE, at, True, "Status, Conference", "Courtroom 10D, " + "x" * 80)
    whole = Hearing("nyed", CASE, datetime(2020, 11, 20, 5, tzinfo=UTC), False, "")
    text = calendar([(docket, timed), (docket, whole)], NOW)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20201118T150000Z" in lines
    assert "DTSTART;VALUE=DATE:20201120" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert (
        "SUMMARY:Status\\, Conference: United States v. Cienfuegos\\; Zepeda\\, et al" in unfolded
    )
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 2


def test_two_things_at_the_same_time_are_two_events() -> None:
    docket = Docket(court="nyed", number=CASE)
    some = [Hearing("nyed", CASE, NOW, True, what) for what in ("Plea", "Sentencing")]
    lines = calendar([(docket, one) for one in some], NOW).split("\r\n")
    assert len({line for line in lines if line.startswith("UID:")}) == 2
