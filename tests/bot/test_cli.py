"""The command line as its users meet it: exit codes, sentences, help."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
import tomllib

import pytest

from bot.cli.entry import hoisted
from bot.version import VERSION
from tests.bot.running import ROOT, command, environment, vigil
from tests.bot.running import at_home as here


def test_the_version_is_the_same_everywhere(tmp_path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION
    assert vigil("--version", cwd=tmp_path).stdout == f"vigil {VERSION}\n"


def test_help_is_quick(tmp_path):
    vigil("--help", cwd=tmp_path)
    began = time.monotonic()
    done = vigil("--help", cwd=tmp_path)
    assert time.monotonic() - began < 1.5  # 0.2 s when nothing else runs
    assert done.returncode == 0
    for built in ("run", "scan", "check", "watch", "config", "replay"):
        assert f"\n  {built} " in done.stdout


def test_no_arguments_show_the_help(tmp_path):
    done = vigil(cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Commands:" in done.stdout


def test_a_mistyped_command_gets_a_suggestion(tmp_path):
    done = here("wach", "list", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "vigil: There is no command `vigil wach`; did you mean `vigil watch`?\n"


def test_a_missing_option_is_one_sentence(tmp_path):
    done = here("scan", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "vigil: Missing option '--watches'. See `vigil scan --help`.\n"


@pytest.mark.parametrize("command", [["run"], ["poll"], ["watch", "list"], ["config", "show"]])
def test_without_a_configuration_a_sentence_and_exit_2(tmp_path, command):
    done = here(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"vigil: There is no config.toml in {tmp_path}; run `vigil setup` to make one, or name "
        "yours with --config FILE or VIGIL_CONFIG.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_configuration_that_was_named_and_is_missing_is_named(tmp_path):
    done = here("config", "show", "--config", "other.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no other.toml" in done.stderr


def test_each_fault_of_the_configuration_is_one_line(tmp_path):
    (tmp_path / "config.toml").write_text('[polling]\nintervall = "1m"\nper_host = "x"\n')
    done = here("run", cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert "config.toml line 2" in done.stderr
    assert "did you mean interval?" in done.stderr


def test_a_traceback_is_shown_only_with_debug_and_without_the_token(tmp_path):
    (tmp_path / "config.toml").write_text("[telegram]\nx = '1234567:AAAAbbbbCCCCddddEEEEffff'\n")
    plain = vigil("config", "show", cwd=tmp_path)
    traced = vigil("config", "show", "--debug", cwd=tmp_path)
    assert "Traceback" not in plain.stderr
    assert "Traceback" in traced.stderr
    assert "AAAAbbbb" not in plain.stderr + traced.stderr


def test_config_show_says_value_and_origin(tmp_path):
    (tmp_path / "config.toml").write_text('[polling]\ninterval = "10m"\n')
    done = here("config", "show", "--json", "--set", "log.level=debug", cwd=tmp_path)
    rows = {row["key"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["polling.interval"] == {
        "key": "polling.interval",
        "value": "10m",
        "origin": "config.toml line 2",
    }
    assert rows["log.level"]["origin"] == "command line"
    assert rows["telegram.token"]["value"] in (None, "********")


def test_config_validate_says_what_is_wrong_and_exits_2(tmp_path):
    (tmp_path / "config.toml").write_text("")
    assert here("config", "validate", cwd=tmp_path).returncode == 0
    (tmp_path / "config.toml").write_text('[[watches]]\nname = "x"\n')
    done = here("config", "validate", cwd=tmp_path)
    assert done.returncode == 2
    assert "config.toml line 2" in done.stderr


def test_config_schema_is_json(tmp_path):
    assert json.loads(here("config", "schema", cwd=tmp_path).stdout)["title"]


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        (["run", "--config", "x"], ["--config", "x", "run"]),
        (["run", "--config=x", "--once"], ["--config=x", "run", "--once"]),
        (["watch", "list", "--debug", "--json"], ["--debug", "watch", "list", "--json"]),
        (["backtest", "N", "--config", "x"], ["backtest", "N", "--config", "x"]),
        (
            ["--config", "y", "backtest", "N", "--config", "x"],
            ["--config", "y", "backtest", "N", "--config", "x"],
        ),
        (
            ["watch", "show", "replay", "--config", "x"],
            ["--config", "x", "watch", "show", "replay"],
        ),
        (["watch", "add", "--", "--debug"], ["watch", "add", "--", "--debug"]),
        (["run", "--set", "a.b=c"], ["--set", "a.b=c", "run"]),
    ],
)
def test_options_for_every_command_may_stand_anywhere(given, moved):
    assert hoisted(given) == moved


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_process_may_be_started_with_closed_streams(tmp_path, closed):
    (tmp_path / "config.toml").write_text('[general]\ndata_dir = "data"\n')
    told = shlex.join(command("watch", "add", "Ana Pérez Soto"))
    done = subprocess.run(
        ["sh", "-c", f"{told} {closed}"],
        cwd=tmp_path, env=environment(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Ana Pérez Soto" in here("watch", "list", cwd=tmp_path).stdout
