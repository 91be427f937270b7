"""The configuration: command line > environment > secret files > config.toml > defaults."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import BeforeValidator, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import faults, layers
from bot.layers import Layers
from bot.settings import (
    Alerts,
    Channel,
    Courts,
    Database,
    DocketEntry,
    Feed,
    General,
    Log,
    Matching,
    Polling,
    Server,
    Telegram,
    WatchEntry,
)
from bot.tomlfile import Place
from model.errors import ConfigError


def _tables(value: object) -> object:
    """Let the environment give an array of tables as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        raise ValueError("write it as a JSON list of objects") from None


class Settings(BaseSettings):
    """Everything an operator can set, checked and frozen."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, title="vigil: config.toml")

    schema_version: Literal[1] = 1
    general: General = General()
    telegram: Telegram = Telegram()
    database: Database = Database()
    polling: Polling = Polling()
    courts: Courts = Courts()
    matching: Matching = Matching()
    alerts: Alerts = Alerts()
    server: Server = Server()
    log: Log = Log()
    feeds: Annotated[tuple[Feed, ...], BeforeValidator(_tables)] = ()
    watches: Annotated[tuple[WatchEntry, ...], BeforeValidator(_tables)] = ()
    dockets: Annotated[tuple[DocketEntry, ...], BeforeValidator(_tables)] = ()
    channels: Annotated[tuple[Channel, ...], BeforeValidator(_tables)] = ()


class FaultyConfigError(ConfigError):
    """The configuration has faults: each is named with its place and what to write instead."""

    def __init__(self, sentences: Sequence[str]) -> None:
        """Keep the sentences, one a fault."""
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, where each came from, and the folder that relative paths count from."""

    settings: Settings
    layers: Layers
    path: Path | None
    urls: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The addresses that `url_file` of [[channels]] holds, by the channel's id."""

    def origins(self) -> dict[Place, str]:
        """Return where each value that is not a default came from."""
        found: dict[Place, str] = {}
        for layer in self.layers.strongest_first():
            for place, _ in layers.flat(layer):
                found.setdefault(place, self.layers.where(place))
        return found

    @property
    def folder(self) -> Path:
        """The folder of config.toml, absolute."""
        return self.layers.folder

    @property
    def data_dir(self) -> Path:
        """The data directory, absolute."""
        return self.folder / self.settings.general.data_dir

    @property
    def database_url(self) -> str:
        """The database's address; a relative SQLite path counts from the folder."""
        url = self.settings.database.url
        scheme, marker, rest = url.partition(":///")
        if not url:
            return f"sqlite+aiosqlite:///{self.data_dir / 'vigil.db'}"
        if marker and scheme.startswith("sqlite"):
            return f"{scheme}:///{self.folder / rest}"
        return url

    @property
    def token(self) -> str:
        """The bot's token; empty: none is set."""
        held = self.settings.telegram.token
        return held.get_secret_value() if held else ""

    @property
    def courtlistener_token(self) -> str:
        """The token of the CourtListener account; empty: none is set."""
        held = self.settings.courts.courtlistener_token
        return held.get_secret_value() if held else ""

    @property
    def webhook_secret(self) -> str:
        """What CourtListener proves itself by; empty: nothing is taken from it."""
        held = self.settings.courts.webhook_secret
        return held.get_secret_value() if held else ""

    @property
    def telegram_secret(self) -> str:
        """What Telegram proves itself by where it brings updates; empty: they are asked for."""
        held = self.settings.telegram.webhook_secret
        return held.get_secret_value() if held else ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be printed."""
        settings = self.settings
        addresses = (settings.database.url, settings.telegram.proxy, settings.polling.proxy)
        written = [_password(address) for address in addresses]
        passwords = {*written, *map(unquote, written)}  # libraries show them decoded
        own = (self.token, self.telegram_secret, self.courtlistener_token, self.webhook_secret)
        addresses_held = [part for url in self.urls.values() for part in _telling(url)]
        kept = (*own, *sorted(passwords), *addresses_held)
        return tuple(filter(None, kept))


def _password(url: str) -> str:
    """Return the password in an address, as it is written there."""
    rest = url.partition("://")[2]
    login, at, _ = rest.rpartition("@")
    return login.partition(":")[2] if at else ""


_LONG = 12
"""From so many characters on a part of an address may be a key."""


def _telling(url: str) -> list[str]:
    """Return an address, and what in it may be a password or a key, as written and as decoded."""
    parts = [one for one in re.split(r"[/?&=:@]+", url.partition("://")[2]) if len(one) >= _LONG]
    return [url, *dict.fromkeys([*map(unquote, parts), *parts, *filter(None, [_password(url)])])]


def load(
    path: Path | None,
    *,
    given: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Read every layer and return the settings.

    `path` is config.toml, None for none; `given` holds "section.key" → text from the command
    line. Raises ConfigError where a layer can't be read, FaultyConfigError where one is wrong.
    """
    read = layers.read(path, given or {}, os.environ if environ is None else environ)
    try:
        settings = _merged(read)
    except ValidationError as error:
        found = [*read.faults, *faults.sentences(error, read, Settings)]
        raise FaultyConfigError(found) from None
    urls = _urls(settings, read)
    wrong = [*read.faults, *_cross_checks(settings, read), *_without_address(settings, read, urls)]
    if wrong:
        raise FaultyConfigError(wrong)
    return Loaded(settings, read, path, urls)


def _urls(settings: Settings, read: Layers) -> dict[str, str]:
    """Return what the url_files hold; ConfigError where one can't be read."""
    return {
        channel.id: layers.secret(read.folder / channel.url_file)
        for channel in settings.channels
        if channel.url_file
    }


def _without_address(settings: Settings, read: Layers, urls: Mapping[str, str]) -> list[str]:
    """Return a sentence for each channel that names a file which holds no address."""
    return [
        f"{read.where(('channels', number, 'url_file'))}: [[channels]] url_file: there is no"
        f" address in {read.folder / channel.url_file}; write it there alone, such as"
        " mailtos://user:password@example.org."
        for number, channel in enumerate(settings.channels)
        if channel.url_file and not urls[channel.id]
    ]


def _merged(read: Layers) -> Settings:
    class FromLayers(Settings):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_: object, **__: object
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return tuple(
                InitSettingsSource(settings_cls, layer) for layer in read.strongest_first()
            )

    return FromLayers()


def _cross_checks(settings: Settings, read: Layers) -> list[str]:
    """Return a sentence for each entry that contradicts another one."""
    found: list[str] = _webhook(settings, read)
    found += _repeated("feeds", [feed.url for feed in settings.feeds], "url", read)
    found += _repeated("watches", [watch.name for watch in settings.watches], "name", read)
    ids = [channel.id for channel in settings.channels]
    found += _repeated("channels", ids, "id", read)
    numbers = [f"{docket.court} {docket.number}" for docket in settings.dockets]
    found += _repeated("dockets", numbers, "number", read)
    wanted = {
        "watches": [watch.to for watch in settings.watches],
        "dockets": [docket.to for docket in settings.dockets],
    }
    for section, entries in wanted.items():
        for number, names in enumerate(entries):
            where = read.where((section, number, "to"))
            found += [f"{where}: {_unknown(name, ids)}" for name in names if name not in ids]
    return found


_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes as a secret (Bot API, setWebhook)."""


def _webhook(settings: Settings, read: Layers) -> list[str]:
    """Return what a webhook of Telegram's still lacks."""
    if settings.telegram.mode != "webhook":
        return []
    where = f'{read.where(("telegram", "mode"))}: [telegram] mode = "webhook" needs'
    found = []
    if not settings.server.bind:
        found.append(f"{where} [server] bind, the address at which vigil listens.")
    if not settings.server.public_url:
        found.append(f"{where} [server] public_url, the https address that Telegram can reach.")
    held = settings.telegram.webhook_secret
    if held is None or not _WEBHOOK_SECRET.fullmatch(held.get_secret_value()):
        found.append(
            f"{where} a secret of 1 to 256 letters, digits, _ and - in"
            f" {settings.telegram.webhook_secret_file}."
        )
    return found


def _unknown(name: str, ids: list[str]) -> str:
    near = faults.nearest(name, ids)
    meant = f'; did you mean "{near}"?' if near else "."
    return f'no [[channels]] entry has the id "{name}"{meant}'


def _repeated(section: str, names: list[str], key: str, read: Layers) -> list[str]:
    first: dict[str, int] = {}
    found = []
    for number, name in enumerate(names):
        if name in first:
            where = read.where((section, number, key))
            earlier = read.where((section, first[name], key))
            found.append(f'{where}: {key} "{name}" is there already ({earlier}); keep one of them.')
        first.setdefault(name, number)
    return found
