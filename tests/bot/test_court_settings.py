"""[courts] and what CourtListener calls: read, checked, and kept secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import FaultyConfigError, load
from bot.effective import rows


def write(folder: Path, text: str = "", **secrets: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    (folder / "secrets").mkdir(exist_ok=True)
    for name, value in secrets.items():
        (folder / "secrets" / name).write_text(value)
    return path


def test_secrets_are_read_from_their_files_and_shown_to_nobody(tmp_path: Path) -> None:
    path = write(tmp_path, courtlistener_token="t0ken\n", courtlistener_webhook="s3cret\n")
    found = load(path, environ={})
    assert (found.courtlistener_token, found.webhook_secret) == ("t0ken", "s3cret")
    assert {"t0ken", "s3cret"} <= set(found.secrets)
    shown = {row.key: row for row in rows(found)}
    assert shown["courts.webhook_secret"].value == "********"
    assert shown["courts.webhook_secret"].origin.endswith("secrets/courtlistener_webhook")


def test_the_environment_wins_and_an_empty_variable_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, courtlistener_token="file")
    environ = {"VIGIL_COURTS__COURTLISTENER_TOKEN": "env", "VIGIL_COURTS__WEBHOOK_SECRET": " "}
    found = load(path, environ=environ)
    assert (found.courtlistener_token, found.webhook_secret) == ("env", "")


@pytest.mark.parametrize("key", ["courtlistener_token", "webhook_secret"])
def test_a_secret_in_config_toml_is_refused(tmp_path: Path, key: str) -> None:
    path = write(tmp_path, f'[courts]\n{key} = "x"\n')
    with pytest.raises(FaultyConfigError, match="does not belong in this file"):
        load(path, environ={})


@pytest.mark.parametrize(
    "text",
    [
        'courts.courtlistener_url = "courtlistener"',
        'server.public_url = "here"',
        'courts.search = "yes"',
    ],
)
def test_what_can_not_be_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(FaultyConfigError, match=text.partition(".")[2].partition(" ")[0]):
        load(write(tmp_path, text), environ={})


def test_what_is_said_is_taken(tmp_path: Path) -> None:
    text = (
        '[courts]\ncourtlistener_url = ""\nsearch = "never"\ninterval = "40m"\n'
        '[server]\npublic_url = "https://vigil.example.org"\n'
    )
    settings = load(write(tmp_path, text), environ={}).settings
    assert (settings.courts.courtlistener_url, settings.courts.search) == ("", "never")
    assert settings.courts.interval == 2400
    assert settings.server.public_url == "https://vigil.example.org"
