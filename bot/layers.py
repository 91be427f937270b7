"""What each layer of the configuration says, before the layers are merged."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.tomlfile import Place, lines_of
from model.errors import ConfigError

PREFIX = "VIGIL_"
FILE = "config.toml"
ALONE = ("schema_version", "feeds", "watches", "channels", "dockets")
"""Keys outside every table, so that their variables have no "__"."""
TOKEN_FILE = "secrets/telegram_token"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class Secret:
    """A key whose value stands alone in a file or in the environment, never in config.toml."""

    section: str
    key: str
    file_key: str
    """The key that names the file."""
    file: str
    """The file where that key says nothing."""
    what: str
    """In the middle of a sentence."""

    @property
    def place(self) -> Place:
        """Where its value stands among the settings."""
        return self.section, self.key


SECRETS = (
    Secret("telegram", "token", "token_file", TOKEN_FILE, "the token"),
    Secret(
        "telegram",
        "webhook_secret",
        "webhook_secret_file",
        "secrets/telegram_webhook",
        "the secret of Telegram's webhook",
    ),
    Secret(
        "courts",
        "courtlistener_token",
        "courtlistener_token_file",
        "secrets/courtlistener_token",
        "CourtListener's token",
    ),
    Secret(
        "courts",
        "webhook_secret",
        "webhook_secret_file",
        "secrets/courtlistener_webhook",
        "the secret of the webhook",
    ),
)


@dataclass
class Layers:
    """The layers, strongest first, and where each value stands."""

    folder: Path
    name: str = FILE
    command: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    secret: dict[str, Any] = field(default_factory=dict)
    file: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    """config.toml as it is written."""
    faults: list[str] = field(default_factory=list)
    """A sentence for each secret that stands in the wrong place."""
    secret_files: dict[Place, Path] = field(default_factory=dict)
    """The file that each secret is read from, whether it is there or not."""

    @property
    def token_file(self) -> Path | None:
        """The file of the bot's token."""
        return self.secret_files.get(("telegram", "token"))

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The line of each key; found only when somebody asks, since a file may be long."""
        return lines_of(self.text)

    def strongest_first(self) -> tuple[dict[str, Any], ...]:
        """Return the layers in the order in which they win."""
        return self.command, self.environment, self.secret, self.file

    def where(self, place: Place) -> str:
        """Return which layer, and which line of it, says what stands at `place`."""
        if holds(self.command, place):
            return "command line"
        if holds(self.environment, place):
            return variable(place)
        if holds(self.secret, place):
            return str(self.secret_files[place[:2]])
        return self.line(place)

    def line(self, place: Place) -> str:
        """Return "config.toml line 12": the nearest line known for `place`."""
        for size in range(len(place), 0, -1):
            if place[:size] in self.lines:
                return f"{self.name} line {self.lines[place[:size]]}"
        return self.name


def read(path: Path | None, given: Mapping[str, str], environ: Mapping[str, str]) -> Layers:
    """Read every layer; raises ConfigError where one can't be read."""
    layers = Layers((path.parent if path else Path()).absolute(), path.name if path else FILE)
    if path is not None:
        layers.text = _text(path)
        layers.file = _parsed(layers.text, path)
    layers.environment = _environment(environ)
    layers.command = _nested(given)
    _refuse_secrets_in_file(layers)
    _read_secrets(layers)
    return layers


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"There is no {path}; run `vigil setup` to make one, or name yours with --config."
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror or error}.") from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}.") from None


def _environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return VIGIL_SECTION__KEY variables as tables. An empty secret means: not set, so that a
    container's file can pass on a variable that may not exist.
    """
    given: dict[str, str] = {}
    secrets = {f"{one.section}__{one.key}" for one in SECRETS}
    for name, value in environ.items():
        path = name.removeprefix(PREFIX).lower()
        if not name.startswith(PREFIX) or ("__" not in path and path not in ALONE):
            continue
        if path not in secrets or value.strip():
            given[path.replace("__", ".")] = value
    return _nested(given)


def _nested(given: Mapping[str, str]) -> dict[str, Any]:
    """Return {"a.b": value} as {"a": {"b": value}}; ConfigError where a name has no section."""
    layer: dict[str, Any] = {}
    for path, value in given.items():
        section, dot, key = path.partition(".")
        if not dot and section not in ALONE:
            raise ConfigError(f"{path} names no key; write section.key=value.")
        if dot:
            layer.setdefault(section, {})[key] = value
        else:
            layer[section] = value
    return layer


def _refuse_secrets_in_file(layers: Layers) -> None:
    for one in SECRETS:
        if holds(layers.file, one.place):
            layers.faults.append(
                f"{layers.line(one.place)}: {one.what} does not belong in this file; put it "
                f"alone into {one.file}, or set {variable(one.place)}."
            )


def _read_secrets(layers: Layers) -> None:
    """Read the files that hold secrets: missing or empty means not set, unreadable is an error (a
    token nobody can read must not silently become "no token").
    """
    for one in SECRETS:
        named: object = one.file
        for layer in (layers.file, layers.environment, layers.command):
            table = layer.get(one.section)
            named = table.get(one.file_key, named) if isinstance(table, dict) else named
        if not isinstance(named, str) or not named:
            continue
        layers.secret_files[one.place] = layers.folder / named
        value = secret(layers.folder / named)
        if value:
            layers.secret.setdefault(one.section, {})[one.key] = value


def secret(path: Path) -> str:
    """Return what a secret file holds, without surrounding blanks; empty when there is none."""
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(
            f"The secret file {path} can't be read: {why}; mend its permissions, or remove it."
        ) from None


def holds(layer: object, place: Place) -> bool:
    """Whether a layer says anything at `place`; a value given as text holds all below it."""
    for part in place:
        if isinstance(layer, str):
            return True
        listed = isinstance(layer, list) and isinstance(part, int) and part < len(layer)
        if not listed and not (isinstance(layer, Mapping) and part in layer):
            return False
        layer = layer[part]  # type: ignore[index]
    return True


def variable(place: Place) -> str:
    """Return the environment variable for a place ("VIGIL_POLLING__INTERVAL")."""
    return PREFIX + "__".join(str(part) for part in place if not isinstance(part, int)).upper()


def spoken(place: Place) -> str:
    """Return a place as config.toml writes it: "[polling] interval", "[[feeds]] url"."""
    names = [part for part in place if not isinstance(part, int)]
    if len(place) > 1 and isinstance(place[1], int):
        return " ".join([f"[[{names[0]}]]", *names[1:]])
    return " ".join([f"[{names[0]}]", *names[1:]]) if len(names) > 1 else str(names[0])


def flat(table: Mapping[str, Any], before: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield each value of nested tables with its place; a list is one value."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, (*before, key))
        else:
            yield (*before, key), value
