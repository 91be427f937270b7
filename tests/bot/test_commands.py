"""Commands over the store: watches, feeds, channels, the outbox, the database."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.people import Chat, NewSubscriber
from store import subscribers
from store.engine import Store
from tests.bot.running import ROOT, vigil
from tests.bot.running import at_home as here
from tests.fakes import Web
from tests.walks.program import rss

CONFIG = """
[[feeds]]
url = "https://example.org/feed"
name = "Example"
tags = ["crime"]

[[watches]]
name = "Ana Pérez Soto"
to = ["desk"]

[[channels]]
id = "desk"
chat = -1001234567890
"""

ON_LOOPBACK = '[polling]\nhost_gap = "0s"\nallow_networks = ["127.0.0.0/8"]\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return tmp_path


def rows(done: subprocess.CompletedProcess[str]) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_lists_show_what_the_file_declares_before_the_first_run(home):
    (watch,) = rows(here("watch", "list", "--json", cwd=home))
    assert (watch["name"], watch["to"], watch["declared"]) == ("Ana Pérez Soto", ["desk"], True)
    (feed,) = rows(here("feed", "list", "--json", cwd=home))
    assert (feed["url"], feed["tags"], feed["declared"]) == (
        "https://example.org/feed",
        ["crime"],
        True,
    )
    (channel,) = rows(here("channel", "list", "--json", cwd=home))
    assert (channel["name"], channel["address"]) == ("desk", "-1001234567890")


def test_the_database_is_for_its_owner_alone(home):
    here("watch", "list", cwd=home)
    assert (home / "data" / "vigil.db").stat().st_mode & 0o777 == 0o600


def test_a_changed_file_waits_for_reload(home):
    here("watch", "list", cwd=home)
    (home / "config.toml").write_text("", "utf-8")
    assert len(rows(here("watch", "list", "--json", cwd=home))) == 1


def test_a_watch_is_added_shown_and_removed(home):
    added = here("watch", "add", '"Los Ardillos" | "Ardillos" near:Guerrero', cwd=home)
    assert added.returncode == 0, added.stderr
    assert "Los Ardillos" in added.stdout
    shown = here("watch", "show", "Los Ardillos", "--json", cwd=home)
    (watch,) = rows(shown)
    assert watch["declared"] is False
    removed = here("watch", "remove", str(watch["id"]), cwd=home)
    assert removed.stdout == f"{watch['name']} is watched no more.\n"
    assert len(rows(here("watch", "list", "--json", cwd=home))) == 1


def test_a_watch_that_cannot_be_understood_is_a_sentence(home):
    done = here("watch", "add", '"Ana Pérez', cwd=home)
    assert done.returncode == 2
    assert done.stderr.startswith("vigil: ")
    assert '"Ana Pérez"' in done.stderr


def test_a_declared_watch_is_removed_in_the_file_only(home):
    done = here("watch", "remove", "Ana Pérez Soto", cwd=home)
    assert done.returncode == 2
    assert "declared in config.toml" in done.stderr


def test_a_near_name_is_suggested(home):
    done = here("watch", "show", "Ana Perez Soto", cwd=home)
    assert done.returncode == 2
    assert 'did you mean "Ana Pérez Soto"?' in done.stderr


def test_watches_survive_export_and_import(home, tmp_path_factory):
    here("watch", "add", "Luis Soto -fútbol near:cartel", cwd=home)
    exported = here("watch", "export", cwd=home).stdout
    other = tmp_path_factory.mktemp("other")
    (other / "config.toml").write_text("")
    (other / "list.jsonl").write_text(exported, "utf-8")
    done = here("watch", "import", "list.jsonl", cwd=other)
    assert done.stdout == "2 watches added, 0 were there already, 0 not usable.\n"
    again = here("watch", "import", "list.jsonl", cwd=other)
    assert again.stdout == "0 watches added, 2 were there already, 0 not usable.\n"
    names = {row["name"] for row in rows(here("watch", "list", "--json", cwd=other))}
    assert names == {"Ana Pérez Soto", "Luis Soto"}


def test_an_imported_watch_tells_whom_it_told(home, tmp_path_factory):
    here("watch", "list", cwd=home)
    for thread in ("3", "4"):
        here("channel", "add", "@crime", "--thread", thread, cwd=home)
    here("watch", "add", "Luis Soto Mar", "--to", "@crime/4", cwd=home)
    exported = here("watch", "export", cwd=home).stdout
    other = tmp_path_factory.mktemp("other")
    (other / "config.toml").write_text("")
    (other / "list.jsonl").write_text(exported, "utf-8")
    channels = here("channel", "export", cwd=home).stdout.splitlines()
    (other / "channels.jsonl").write_text("\n".join(channels[1:]), "utf-8")
    here("channel", "import", "channels.jsonl", cwd=other)
    done = here("watch", "import", "list.jsonl", cwd=other)
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "vigil: Ana Pérez Soto: to desk: no channel has that id; `vigil channel list` shows all. "
        "The private chats are told.\n"
    )
    told = {row["name"]: row["to"] for row in rows(here("watch", "list", "--json", cwd=other))}
    assert told == {"Ana Pérez Soto": [], "Luis Soto Mar": ["@crime/4"]}


def test_a_channel_is_meant_by_id_number_chat_or_title_and_by_none_that_several_have(home):
    here("channel", "add", "@crime", "--thread", "3", "--title", "Crime", cwd=home)
    for number, name in enumerate(("@crime/3", "2", "@crime", "Crime", "desk", "-1001234567890")):
        done = here("watch", "add", f"Luis Soto Mar{number}", "--to", name, cwd=home)
        assert done.returncode == 0, done.stderr
    here("channel", "add", "@crime", "--thread", "4", cwd=home)
    done = here("watch", "add", "Eva Luna Paz", "--to", "@crime", cwd=home)
    assert done.returncode == 2
    assert done.stderr == "vigil: --to @crime: several channels are called so; say which: 2, 3.\n"
    assert len(rows(here("watch", "list", "--json", cwd=home))) == 7


def test_a_list_with_a_bad_line_is_imported_without_it(home):
    (home / "list.jsonl").write_text('{"name": "Eva Ríos Luna"}\n{"name": ""}\n', "utf-8")
    done = here("watch", "import", "list.jsonl", cwd=home)
    assert done.returncode == 1
    assert "list.jsonl line 2" in done.stderr
    assert done.stdout.startswith("1 watches added")


def test_a_feed_is_added_and_removed(home):
    done = here("feed", "add", "https://other.example/rss", "--tag", "x", cwd=home)
    assert done.stdout == "https://other.example/rss is asked from now on.\n"
    assert len(rows(here("feed", "list", "--json", cwd=home))) == 2
    done = here("feed", "remove", "https://other.example/rss", cwd=home)
    assert done.stdout == "https://other.example/rss is asked no more.\n"
    assert len(rows(here("feed", "list", "--json", cwd=home))) == 1


@pytest.mark.parametrize("address", ["http://[::1", "https://a.example/rss The Ledger"])
def test_an_address_that_is_broken_is_none(home, address):
    done = here("feed", "add", address, cwd=home)
    assert done.returncode == 2
    assert done.stderr.startswith(f"vigil: {address} is no whole address: ")


def test_an_address_that_is_none_says_how_to_find_one(home):
    done = here("feed", "add", "example.org", cwd=home)
    assert done.returncode == 2
    assert "vigil feed discover example.org" in done.stderr


def test_feeds_survive_opml(home, tmp_path_factory):
    exported = here("feed", "export", cwd=home).stdout
    assert 'xmlUrl="https://example.org/feed"' in exported
    other = tmp_path_factory.mktemp("other")
    (other / "config.toml").write_text("")
    (other / "feeds.opml").write_text(exported, "utf-8")
    done = here("feed", "import", "feeds.opml", cwd=other)
    assert done.stdout == "1 feeds added, 0 were there already.\n", done.stderr
    (feed,) = rows(here("feed", "list", "--json", cwd=other))
    assert (feed["name"], feed["tags"]) == ("Example", ["crime"])


def test_feeds_are_read_from_a_text_with_one_address_a_line(home):
    (home / "list.txt").write_text("# mine\nhttps://a.example/rss\n\nnonsense\n")
    done = here("feed", "import", "list.txt", cwd=home)
    assert done.stdout == "1 feeds added, 0 were there already.\n"
    assert done.stderr == "vigil: list.txt line 4: nonsense is no web address.\n"
    assert done.returncode == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_first_address_of_a_list_counts_whatever_an_editor_puts_before_it(home, encoding):
    (home / "list.txt").write_text("https://a.example/rss\r\nhttp://[::1\r\n", encoding)
    done = here("feed", "import", "list.txt", cwd=home)
    assert done.stdout == "1 feeds added, 0 were there already.\n", done.stderr
    assert done.stderr == "vigil: list.txt line 2: http://[::1 is no web address.\n"


def test_a_courts_feed_stays_one_whoever_adds_it_and_is_not_exported_as_another(home):
    address = "https://ecf.{}.uscourts.gov/cgi-bin/rss_outside.pl"
    here("docket", "add", "1:19-cr-00366", "--court", "nysd", cwd=home)
    for court in ("nysd", "dcd"):
        here("feed", "add", address.format(court), cwd=home)
    listed = rows(here("feed", "list", "--json", cwd=home))
    kinds = {one["url"]: (one["kind"], one["tags"]) for one in listed}
    for court in ("nysd", "dcd"):
        assert kinds[address.format(court)] == ("pacer", ["court", court])
    exported = here("feed", "export", cwd=home)
    assert "uscourts" not in exported.stdout
    assert "Courts' feeds are left out" in exported.stderr


def test_two_feeds_or_channels_of_one_name_are_not_taken_for_each_other(home):
    for number in (1, 2):
        here("feed", "add", f"https://{number}.example/rss", "--name", "News", cwd=home)
        here("channel", "add", "@news", "--thread", str(number), cwd=home)
    assert here("feed", "remove", "News", cwd=home).returncode == 2
    assert here("channel", "remove", "@news", cwd=home).returncode == 2
    assert here("feed", "remove", "https://2.example/rss", cwd=home).returncode == 0
    assert here("channel", "remove", "@news/2", cwd=home).returncode == 0
    assert [one["thread"] for one in rows(here("channel", "list", "--json", cwd=home))] == [0, 1]


def test_a_channel_that_cannot_be_used_leaves_the_rest_of_a_list(home):
    lines = ['{"id": "a", "chat": "@a"}', "", "{broken", "[1]", '{"id": "b", "chat": "b"}']
    (home / "list.jsonl").write_text("\r\n".join(lines), "utf-8-sig")
    done = here("channel", "import", "list.jsonl", cwd=home)
    assert (done.returncode, done.stdout) == (1, "1 channels added, 3 lines could not be used.\n")
    assert done.stderr.splitlines()[0] == "vigil: list.jsonl line 3: this is not JSON."
    assert done.stderr.splitlines()[2].startswith("vigil: list.jsonl line 5: b: write the chat's")


def test_a_channel_is_added_and_removed(home):
    done = here("channel", "add", "@newsroom", "--title", "Newsroom", cwd=home)
    assert done.stdout == "Alerts go to Newsroom from now on.\n", done.stderr
    listed = rows(here("channel", "list", "--json", cwd=home))
    assert [one["public"] for one in listed] == [False, True]
    assert here("channel", "remove", "@newsroom", cwd=home).returncode == 0
    assert len(rows(here("channel", "list", "--json", cwd=home))) == 1


def test_a_chat_that_is_none_is_refused(home):
    done = here("channel", "add", "newsroom", cwd=home)
    assert done.returncode == 2
    assert "write the chat's number" in done.stderr


def test_an_empty_outbox_says_so(home):
    assert here("outbox", "list", cwd=home).stdout == "Nothing waits.\n"
    assert here("outbox", "list", "--json", cwd=home).stdout == ""
    done = here("outbox", "retry", "99", cwd=home)
    assert (done.returncode, done.stdout) == (1, "0 of 1 tried again.\n")


def test_a_backup_can_be_put_back(home):
    here("watch", "add", "Eva Ríos Luna", cwd=home)
    assert here("db", "backup", "copy.db", cwd=home).returncode == 0
    assert here("db", "backup", "copy.db", cwd=home).returncode == 2
    here("watch", "remove", "Eva Ríos Luna", cwd=home)
    done = here("db", "restore", "copy.db", "--yes", cwd=home)
    assert done.returncode == 0, done.stderr
    names = {row["name"] for row in rows(here("watch", "list", "--json", cwd=home))}
    assert names == {"Ana Pérez Soto", "Eva Ríos Luna"}


def test_upgrade_and_prune_say_what_they_did(home):
    assert here("db", "upgrade", cwd=home).stdout == "The database is up to date.\n"
    assert here("db", "prune", cwd=home).returncode == 0


def test_a_read_only_data_directory_is_a_sentence_and_exit_1(home):
    (home / "data").write_text("in the way")
    done = here("watch", "list", cwd=home)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "vigil.db" in done.stderr


def test_what_is_exported_is_a_configuration_that_holds_the_same(home):
    here("watch", "add", "Luis Soto -fútbol near:cartel", cwd=home)
    here("feed", "add", "https://other.example/rss", "--interval", "10m", cwd=home)
    done = here("config", "export", cwd=home)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    (home / "copy.toml").write_text(text, "utf-8")
    done = here("config", "validate", "--config", "copy.toml", cwd=home)
    assert done.stdout == "copy.toml is in order: 2 feeds, 2 watches, 1 channels.\n", done.stderr


def test_what_is_exported_keeps_the_editor_before_a_channel_and_the_cases(home):
    text = CONFIG + 'review = true\nwhat = ["dockets"]\ndigest = "weekly mon 07:00"\n'
    case = '[[dockets]]\ncourt = "nyed"\nnumber = "1:19-cr-00366"\nto = ["desk"]\n'
    (home / "config.toml").write_text(text + case, "utf-8")
    done = here("config", "export", cwd=home)
    assert done.returncode == 0, done.stderr
    [channel] = tomllib.loads(done.stdout)["channels"]
    told = channel["review"], channel["what"], channel["digest"]
    assert told == (True, ["dockets"], "weekly mon 07:00")
    [kept] = tomllib.loads(done.stdout)["dockets"]
    assert (kept["court"], kept["number"], kept["to"]) == ("nyed", "1:19-cr-00366", ["desk"])
    (home / "copy.toml").write_text(done.stdout, "utf-8")
    assert here("config", "validate", "--config", "copy.toml", cwd=home).returncode == 0


def test_what_tells_only_chats_that_are_off_is_exported_as_a_comment(home):
    here("channel", "add", "@crime", cwd=home)
    here("watch", "add", "Luis Soto Mar", "--to", "@crime", cwd=home)
    here("watch", "add", "Eva Mar Luna", "--to", "@crime", "--to", "desk", cwd=home)
    here("docket", "add", "nyed 1:19-cr-00366", "--to", "@crime", cwd=home)
    assert here("channel", "remove", "@crime", cwd=home).returncode == 0
    done = here("config", "export", cwd=home)
    whole = tomllib.loads(done.stdout)
    told = {one["name"]: one["to"] for one in whole["watches"]}
    assert told == {"Ana Pérez Soto": ["desk"], "Eva Mar Luna": ["desk"]}
    assert "dockets" not in whole
    comments = [line for line in done.stdout.splitlines() if line.startswith("#")]
    assert '# name = "Luis Soto Mar"' in comments
    assert comments.count('# to = ["@crime"]') == 2


def test_longer_ago_than_there_are_years_is_a_sentence(home):
    done = here("export", "--since", "99999999d", cwd=home)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--since 99999999d" in done.stderr


def test_no_visitor_is_exported_as_a_channel_that_would_hear_everything(home):
    here("watch", "list", cwd=home)

    async def visit() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{home / 'data' / 'vigil.db'}")
        async with store.write() as tx:
            new = NewSubscriber("telegram", "7171", chat=Chat.PRIVATE, public=True)
            await subscribers.add(tx, new, datetime(2020, 11, 18, tzinfo=UTC))
        await store.close()

    asyncio.run(visit())
    done = here("config", "export", cwd=home)
    assert done.returncode == 0, done.stderr
    assert "7171" not in done.stdout


def test_an_imported_channel_is_told_as_it_was_and_no_visitor_is_exported(home, tmp_path_factory):
    text = CONFIG + 'review = true\nwhat = ["dockets"]\ndigest = "weekly mon 07:00"\n'
    (home / "config.toml").write_text(text, "utf-8")
    here("watch", "list", cwd=home)

    async def visit() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{home}/data/vigil.db")
        async with store.write() as tx:
            visitor = NewSubscriber("telegram", "77", chat=Chat.PRIVATE, public=True)
            await subscribers.add(tx, visitor, datetime.now(UTC))
        await store.close()

    asyncio.run(visit())
    exported = here("channel", "export", cwd=home).stdout
    other = tmp_path_factory.mktemp("other")
    (other / "config.toml").write_text("")
    (other / "list.jsonl").write_text(exported + '{"id": "mail", "url_file": "x"}\n', "utf-8")
    done = here("channel", "import", "list.jsonl", cwd=other)
    assert done.stdout == "1 channels added, 1 lines could not be used.\n", done.stderr
    assert here("channel", "export", cwd=other).stdout == exported.replace(
        '"desk"', '"-1001234567890"'
    )
    assert '"review": true' in exported
    assert "weekly" in exported


def test_health_is_bad_before_anything_ran(home):
    done = here("health", cwd=home)
    assert done.returncode == 1
    assert "poll has never run on this database." in done.stdout


def test_reload_without_a_running_vigil_says_so(home):
    done = here("reload", cwd=home)
    assert done.returncode == 1
    assert "No vigil runs on" in done.stdout


def test_the_shipped_configuration_passes_the_check_without_errors(home):
    (home / "config.toml").write_text((ROOT / "config.toml").read_text("utf-8"), "utf-8")
    done = here("check", "--json", cwd=home)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one for one in found if one["grade"] == "error"] == []
    assert done.returncode == 0
    assert here("check", "--strict", cwd=home).returncode == 1
    token = next(one for one in found if one["check"] == "telegram")
    assert "secrets/telegram_token" in token["step"]


def test_the_check_names_each_fault_with_the_next_step(home):
    (home / "config.toml").write_text("[polling]\nintervall = '1m'\n")
    done = here("check", cwd=home)
    assert done.returncode == 2
    assert done.stdout.startswith("✗ config: config.toml line 2: there is no key")


def test_the_check_without_a_configuration_says_how_to_make_one(tmp_path):
    done = here("check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.rstrip().endswith("→ vigil setup")


async def test_feeds_are_asked_once_and_the_dead_are_named(home):
    async with Web() as web:
        good = web.page("/feed", rss(("1", "A title", "A summary.")))
        dead = web.url("/nowhere")
        (home / "config.toml").write_text(ON_LOOPBACK)
        done = await asyncio.to_thread(vigil, "feed", "check", good, dead, "--json", cwd=home)
        first, second = [json.loads(line) for line in done.stdout.splitlines()]
        assert (first["ok"], first["items"], first["said"]) == (True, 1, "The Border Ledger")
        assert (second["ok"], "404 Not Found" in second["said"]) == (False, True)
        assert done.returncode == 1


async def test_a_feed_that_is_damaged_is_read_and_its_damage_named(home):
    async with Web() as web:
        cut = rss(("1", "A title", "A summary.")).replace(b"</rss>", b"<oops></rss>")
        (home / "config.toml").write_text(ON_LOOPBACK)
        url = web.page("/feed", cut)
        done = await asyncio.to_thread(vigil, "feed", "check", url, cwd=home)
        assert "The Border Ledger · Not well-formed" in done.stdout
        assert done.returncode == 0


async def test_the_feeds_of_a_site_are_found(home):
    async with Web() as web:
        web.page("/feed.xml", rss(("1", "A title", "A summary.")))
        link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        site = web.page("/", f"<html><head>{link}</head></html>", content_type="text/html")
        (home / "config.toml").write_text(ON_LOOPBACK)
        done = await asyncio.to_thread(vigil, "feed", "discover", site, "--json", cwd=home)
        (found,) = [json.loads(line) for line in done.stdout.splitlines()]
        assert found["url"] == web.url("/feed.xml")
    async with Web() as bare:
        site = bare.page("/", "<html></html>", content_type="text/html")
        none = await asyncio.to_thread(vigil, "feed", "discover", site, cwd=home)
        assert (none.returncode, none.stdout) == (1, f"No feed was found at {site}.\n")


def test_whoever_adds_a_risky_name_is_told_so(home):
    done = here("watch", "add", "Cienfuegos", cwd=home)
    assert done.returncode == 0, done.stderr
    assert "Cienfuegos is" in done.stdout.splitlines()[-1]
