"""The configuration: layers, faults with their line, secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import FaultyConfigError, Loaded, load
from bot.effective import rows, schema
from bot.tomlfile import lines_of, written
from bot.units import say_seconds, say_size, seconds, size
from model.errors import ConfigError
from tests.bot.running import ROOT


def loaded(folder: Path, text: str, *, given: dict | None = None, **environ: str) -> Loaded:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return load(path, given=given, environ=environ)


def faults(folder: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(FaultyConfigError) as caught:
        loaded(folder, text, **environ)
    return list(caught.value.sentences)


def test_the_shipped_file_is_valid_and_names_a_dozen_feeds():
    settings = load(ROOT / "config.toml", environ={}).settings
    assert len(settings.feeds) >= 12
    assert not settings.channels
    assert all(not watch.to for watch in settings.watches)


def test_an_empty_file_is_valid(tmp_path):
    assert loaded(tmp_path, "").settings.polling.interval == 900


def test_the_command_line_beats_the_environment_which_beats_the_file(tmp_path):
    text = '[polling]\ninterval = "10m"\ntimeout = "5s"\nhost_gap = "2s"\n'
    found = loaded(
        tmp_path,
        text,
        given={"polling.interval": "30m"},
        VIGIL_POLLING__INTERVAL="20m",
        VIGIL_POLLING__TIMEOUT="6s",
    ).settings.polling
    assert (found.interval, found.timeout, found.host_gap) == (1800, 6, 2)


def test_each_value_knows_where_it_came_from(tmp_path):
    found = loaded(
        tmp_path,
        '[polling]\ninterval = "10m"\n',
        given={"log.level": "debug"},
        VIGIL_POLLING__TIMEOUT="6s",
    )
    origins = {row.key: row.origin for row in rows(found)}
    assert origins["polling.interval"] == "config.toml line 2"
    assert origins["polling.timeout"] == "VIGIL_POLLING__TIMEOUT"
    assert origins["log.level"] == "command line"
    assert origins["polling.concurrency"] == "default"


def test_lists_come_from_the_environment_as_words_or_as_json(tmp_path):
    one = loaded(tmp_path, "", VIGIL_POLLING__ALLOW_NETWORKS="127.0.0.0/8, 10.0.0.0/8")
    two = loaded(tmp_path, "", VIGIL_POLLING__ALLOW_NETWORKS='["127.0.0.0/8", "10.0.0.0/8"]')
    assert one.settings.polling == two.settings.polling
    assert one.settings.polling.allow_networks == ("127.0.0.0/8", "10.0.0.0/8")


def test_feeds_can_be_given_as_json(tmp_path):
    found = loaded(tmp_path, "", VIGIL_FEEDS='[{"url": "https://example.org/feed"}]')
    assert found.settings.feeds[0].url == "https://example.org/feed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[polling]\nintervall = "15m"',
            'config.toml line 2: there is no key "intervall" in [polling]; did you mean interval?',
        ),
        (
            "\n[pollin]\n",
            'config.toml line 2: there is no key "pollin"; did you mean polling?',
        ),
        (
            "[telegram]\nthreshold = 3",
            (
                'config.toml line 2: there is no key "threshold" in [telegram]; '
                "it belongs in [matching]."
            ),
        ),
        (
            '[[feeds]]\nurl = "https://a.org"\n[[feeds]]\nurl = "https://b.org"\nnmae = "B"',
            'config.toml line 5: there is no key "nmae" in [[feeds]]; did you mean name?',
        ),
        ("[[feeds]]\nname = 'x'", "config.toml line 1: [[feeds]] needs the key url."),
        (
            "[polling]\nconcurrency = 'many'",
            'config.toml line 2: [polling] concurrency = "many": a whole number is needed.',
        ),
        (
            "[polling]\ninterval = 15",
            (
                "config.toml line 2: [polling] interval = 15: write a duration with its unit, "
                'such as "30s", "15m", "6h" or "90d".'
            ),
        ),
        (
            "[polling]\nmax_bytes = '5'",
            (
                'config.toml line 2: [polling] max_bytes = "5": write a size with its unit, '
                'such as "500 KB" or "10 MB".'
            ),
        ),
        (
            "[polling]\ninterval_min = '1h'\n",
            (
                "config.toml line 1: [polling]: interval must lie between interval_min and "
                "interval_max."
            ),
        ),
        (
            "[log]\nlevel = 'loud'",
            (
                'config.toml line 2: [log] level = "loud": write '
                '"debug", "info", "warning" or "error".'
            ),
        ),
        (
            "[general]\ntimezone = 'Mars/Olympus'",
            (
                'config.toml line 2: [general] timezone = "Mars/Olympus": there is no such time '
                'zone: write one such as "America/Mexico_City" or "UTC".'
            ),
        ),
        (
            "[general]\nlanguage = 'tlh'",
            (
                'config.toml line 2: [general] language = "tlh": vigil speaks en, es so far: '
                "write one of these."
            ),
        ),
        (
            "[polling]\nallow_networks = ['127.0.0.0/99']",
            (
                'config.toml line 2: [polling] allow_networks = "127.0.0.0/99": write a network '
                'such as "127.0.0.0/8" or "10.1.0.0/16".'
            ),
        ),
        (
            "[[channels]]\nid = 'desk'\nchat = 'desk'",
            (
                'config.toml line 3: [[channels]] chat = "desk": write the chat\'s number, such as '
                '-1001234567890, or its "@name".'
            ),
        ),
        (
            "[[feeds]]\nurl = 'example.org'",
            (
                'config.toml line 2: [[feeds]] url = "example.org": write a whole address, such as '
                '"https://example.org/feed".'
            ),
        ),
        (
            "[[channels]]\nid = 'desk'\nchat = 1\n[[watches]]\nname = 'A B'\nto = ['dexk']",
            'config.toml line 6: no [[channels]] entry has the id "dexk"; did you mean "desk"?',
        ),
        (
            "[[watches]]\nname = 'A B'\n[[watches]]\nname = 'A B'",
            (
                'config.toml line 4: name "A B" is there already (config.toml line 2); '
                "keep one of them."
            ),
        ),
        (
            "[telegram]\ntoken = '1:x'",
            (
                "config.toml line 2: the token does not belong in this file; put it alone into "
                "secrets/telegram_token, or set VIGIL_TELEGRAM__TOKEN."
            ),
        ),
    ],
)
def test_a_fault_is_named_with_its_line_and_what_to_write(tmp_path, text, sentence):
    assert faults(tmp_path, text) == [sentence]


def test_a_mistyped_variable_is_a_fault_too(tmp_path):
    assert faults(tmp_path, "", VIGIL_TELEGRM__TOKEN="1:x") == [
        'VIGIL_TELEGRM: there is no key "telegrm"; did you mean telegram?'
    ]
    assert faults(tmp_path, "", VIGIL_POLLING__INTERVALL="1m") == [
        'VIGIL_POLLING__INTERVALL: there is no key "intervall" in [polling]; did you mean interval?'
    ]


def test_variables_that_are_not_settings_are_left_alone(tmp_path):
    found = loaded(tmp_path, "", VIGIL_CONFIG="x", VIGIL_TEST_POSTGRES="y", OTHER__THING="z")
    assert not found.origins()


def test_text_that_is_not_toml_is_one_sentence(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("[polling\n")
    with pytest.raises(ConfigError, match=r"config\.toml is not valid TOML: .*line 1"):
        load(path, environ={})


@pytest.mark.parametrize(
    "text",
    [
        "courts = { pacer_rss = [], feeds = {} }",
        "alerts = { quiet_hours = '', max_per_hour = 0, ambiguous = 'mark' }",
        "telegram = { mode = 'polling', strangers = 'refuse' }",
        "dockets = []",
        "[[channels]]\nid = 'd'\nchat = 1\nreview = false\ndigest = ''\nwhat = ['news']",
    ],
)
def test_a_key_that_says_off_is_taken(tmp_path, text):
    loaded(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("alerts.quiet_hours = '22 to 7'", "22:00-07:00"),
        ("alerts.quiet_hours = '07:00-07:00'", "22:00-07:00"),
        ("[[channels]]\nid = 'd'\nchat = 1\ndigest = 'hourly'", "weekdays 07:00"),
        ("[[channels]]\nid = 'd'\nchat = 1\ndigest = 'daily 25:00'", "weekdays 07:00"),
    ],
)
def test_a_time_that_is_none_is_refused_with_an_example(tmp_path, text, meant):
    (sentence,) = faults(tmp_path, text)
    assert meant in sentence


def test_the_environment_can_say_off_as_text(tmp_path):
    loaded(tmp_path, "", VIGIL_ALERTS__MAX_PER_HOUR="0")


def test_strangers_are_refused_unless_one_of_three_words_says_otherwise(tmp_path):
    assert loaded(tmp_path, "").settings.telegram.strangers == "refuse"
    found = loaded(tmp_path, "", VIGIL_TELEGRAM__STRANGERS="read-only")
    assert found.settings.telegram.strangers == "read-only"
    (sentence,) = faults(tmp_path, "telegram.strangers = 'everybody'")
    assert '"read-only" or "open"' in sentence


def test_the_token_comes_from_its_file_beside_config_toml(tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "telegram_token").write_text("123456:hidden\n")
    found = loaded(tmp_path, "")
    assert found.token == "123456:hidden"
    assert found.secrets == ("123456:hidden",)
    assert "hidden" not in repr(found.settings)


def test_a_token_in_the_environment_beats_the_file_unless_it_is_empty(tmp_path):
    (tmp_path / "token").write_text("1:file")
    text = '[telegram]\ntoken_file = "token"'
    assert loaded(tmp_path, text, VIGIL_TELEGRAM__TOKEN="2:environment").token == "2:environment"
    assert loaded(tmp_path, text, VIGIL_TELEGRAM__TOKEN=" ").token == "1:file"


def test_a_missing_or_empty_token_file_means_no_token(tmp_path):
    assert loaded(tmp_path, "").token == ""
    (tmp_path / "empty").write_text("\n")
    assert loaded(tmp_path, '[telegram]\ntoken_file = "empty"').token == ""


def test_a_token_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "secrets" / "telegram_token").mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"secret file .*telegram_token can't be read"):
        loaded(tmp_path, "")


def test_relative_paths_count_from_the_folder_of_config_toml(tmp_path):
    found = loaded(tmp_path, '[general]\ndata_dir = "things"')
    assert found.data_dir == tmp_path / "things"
    assert found.database_url == f"sqlite+aiosqlite:///{tmp_path}/things/vigil.db"
    other = loaded(tmp_path, '[database]\nurl = "sqlite+aiosqlite:///x/y.db"')
    assert other.database_url == f"sqlite+aiosqlite:///{tmp_path}/x/y.db"


def test_secrets_are_masked_where_the_configuration_is_shown(tmp_path):
    found = loaded(
        tmp_path,
        '[database]\nurl = "postgresql+asyncpg://me:pass%40word@host/name"',
        VIGIL_TELEGRAM__TOKEN="123456:secret",
    )
    shown = str(rows(found))
    assert "123456" not in shown
    assert "pass%40word" not in shown
    assert set(found.secrets) == {"123456:secret", "pass%40word", "pass@word"}


def test_the_schema_knows_every_key_and_no_token():
    found = schema()
    assert set(found["properties"]) >= {"general", "polling", "feeds", "watches", "channels"}
    assert "token" not in found["$defs"]["Telegram"]["properties"]
    assert found["$defs"]["Polling"]["properties"]["interval"]["default"] == "15m"
    assert found["additionalProperties"] is False


def test_lines_are_found_in_spite_of_long_values_and_comments():
    text = (
        "# top\na = 1\n[t]\nlong = [\n  1,\n  # [not a table]\n  2,\n]\n"
        'words = """\n[x]\nkey = 1\n"""\nlast = 3\n[[rows]]\n[[rows]]\ninner.deep = 4\n'
    )
    found = lines_of(text)
    assert found["a",] == 2
    assert found["t", "long"] == 4
    assert found["t", "words"] == 9
    assert found["t", "last"] == 13
    assert found["rows", 0] == 14
    assert found["rows", 1, "inner", "deep"] == 16


@given(st.floats(min_value=0, max_value=1e7).map(lambda value: round(value, 3)))
def test_a_duration_reads_back_as_it_was_said(value):
    assert seconds(say_seconds(value)) == pytest.approx(value, rel=1e-5)


@given(st.integers(min_value=0, max_value=10**13))
def test_a_size_reads_back_as_it_was_said(value):
    assert size(say_size(value)) == value


@given(
    st.recursive(
        st.text() | st.booleans() | st.integers(min_value=-(2**60), max_value=2**60),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_what_is_written_as_toml_reads_back(value):
    import tomllib

    assert tomllib.loads(f"key = {written(value)}") == {"key": value}
