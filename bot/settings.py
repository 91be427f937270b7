"""Every key of config.toml: its type, its default, what it means."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from bot import words
from bot.units import Bytes, Seconds
from matching.cases import normal_number
from matching.docket_wishes import read_court
from matching.rhythm import parse_hours, parse_schedule
from model.errors import DocketError


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            'there is no such time zone: write one such as "America/Mexico_City" or "UTC"'
        ) from None
    return name


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise ValueError('write a network such as "127.0.0.0/8" or "10.1.0.0/16"') from None


def _web(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError('write a whole address, such as "https://example.org/feed"')
    return text


def _proxy(text: str) -> str:
    schemes = {"http", "https", "socks4", "socks5", "socks5h"}
    if text and (urlsplit(text).scheme not in schemes or not urlsplit(text).hostname):
        raise ValueError('write a proxy as "socks5://host:port" or "http://host:port"')
    return text


def _database(text: str) -> str:
    if text and not text.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError(
            'leave it empty for SQLite, or write "postgresql+asyncpg://user:password@host/name"'
        )
    return text


def _bind(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if text and not (colon and port.isdecimal() and int(port) < 65536 and " " not in host):
        raise ValueError('write an address and a port, such as "127.0.0.1:8080"')
    return text


def _language(text: str) -> str:
    known = words.languages()
    if text not in known:
        raise ValueError(f"vigil speaks {', '.join(known)} so far: write one of these")
    return text


def _chat(value: object) -> object:
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if isinstance(value, str) and value.startswith("@") and len(value) > 1:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value:
        return value
    raise ValueError('write the chat\'s number, such as -1001234567890, or its "@name"')


def _listed(value: object) -> object:
    """Let the environment give a list as JSON or as words with commas."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise ValueError('write a list such as ["a", "b"]') from None
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _court(text: str) -> str:
    """Return the id of a court, however it is written; "all" stands for every court."""
    if text.strip().lower() == "all":
        return "all"
    try:
        return read_court(text).id
    except DocketError as error:
        raise ValueError(str(error)) from None


def _one_court(text: str) -> str:
    if text.strip().lower() == "all":
        raise ValueError('write one court, such as "nyed"')
    return _court(text)


def _mapped(value: object) -> object:
    """Let the environment give a table as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else {}
    except json.JSONDecodeError:
        raise ValueError('write a table such as {"nyed": "https://…"}') from None


def _court_feeds(value: dict[str, str]) -> dict[str, str]:
    return {_one_court(name): address for name, address in value.items()}


def _hours(text: str) -> str:
    parse_hours(text)
    return text


def _digest(text: str) -> str:
    parse_schedule(text)
    return text


def _docket_number(text: str) -> str:
    number = normal_number(text)
    if not number:
        raise ValueError('write a docket number, such as "1:19-cr-00366"')
    return number


Web = Annotated[str, AfterValidator(_web)]
Proxy = Annotated[str, AfterValidator(_proxy)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
CourtIds = Annotated[tuple[Annotated[str, AfterValidator(_court)], ...], BeforeValidator(_listed)]
Language = Annotated[str, AfterValidator(_language)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    """One table of config.toml: typed, frozen, no unknown key."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class General(Section):
    """[general]: what concerns everything."""

    language: Language = "en"
    """Of the bot's own words; each user and channel can differ."""
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Default for whatever happens at a time of day."""
    contact: str = ""
    """Goes into the User-Agent so that sites can reach you."""
    data_dir: Path = Path("data")
    """Database, backups, fetched documents."""


class Telegram(Section):
    """[telegram]: the bot's account."""

    token: SecretStr | None = None
    """Never in config.toml: VIGIL_TELEGRAM__TOKEN or token_file."""
    token_file: str = "secrets/telegram_token"  # noqa: S105 - the name of a file
    """A file that holds the token; a missing one means: no token, alerts go to the console."""
    owner_id: int = 0
    """0 = whoever opens the claim link first."""
    api_url: Web = "https://api.telegram.org"
    proxy: Proxy = ""
    """socks5:// or http://."""
    mode: Literal["polling", "webhook"] = "polling"
    """Whether vigil asks Telegram for updates, or Telegram brings them to [server] public_url."""
    webhook_secret: SecretStr | None = None
    """Never in config.toml: VIGIL_TELEGRAM__WEBHOOK_SECRET or webhook_secret_file."""
    webhook_secret_file: str = "secrets/telegram_webhook"  # noqa: S105 - a file's name
    """A file with what Telegram proves itself by: 1 to 256 letters, digits, _ and -."""
    strangers: Literal["refuse", "read-only", "open"] = "refuse"
    """People who are no members: turned away; or let read what was published in public channels;
    or let follow a few names for themselves too.
    """


class Database(Section):
    """[database]: where things are remembered."""

    url: Annotated[str, AfterValidator(_database)] = ""
    """Empty: SQLite at <data_dir>/vigil.db."""
    backup: Literal["daily", "never"] = "daily"
    """SQLite only; keeps 7."""
    keep_articles: Seconds = 400 * 86_400.0
    """History for previews and backtests; what was seen is remembered for ever."""
    keep_bodies: Seconds = 90 * 86_400.0
    """Full texts."""


class Polling(Section):
    """[polling]: how Sources are asked."""

    interval: Seconds = 900.0
    """Per source; adapted between the next two."""
    interval_min: Seconds = 180.0
    interval_max: Seconds = 21_600.0
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 64
    per_host: Annotated[int, Field(ge=1, le=16)] = 2
    """Requests at once to one host."""
    host_gap: Seconds = 1.0
    """Between two requests to one host."""
    proxy: Proxy = ""
    """SOCKS or HTTP; the guard then checks names before handing them over."""
    timeout: Seconds = 20.0
    max_bytes: Bytes = 10_000_000
    """Decoded."""
    full_text: Literal["never", "when-truncated", "always"] = "when-truncated"
    """When an article's own page is read; an alert never waits for it."""
    respect_robots: bool = True
    """Leave pages alone that a site's robots.txt asks not to read."""
    allow_networks: Annotated[
        tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(_listed)
    ] = ()
    """Networks that may be fetched although private."""

    @model_validator(mode="after")
    def _ordered(self) -> Polling:
        if not self.interval_min <= self.interval <= self.interval_max:
            raise ValueError("interval must lie between interval_min and interval_max")
        return self


class Courts(Section):
    """[courts]: how court dockets are followed."""

    courtlistener_url: Web = "https://www.courtlistener.com"
    """Empty: CourtListener is not asked at all."""
    courtlistener_token: SecretStr | None = None
    """Never in config.toml: VIGIL_COURTS__COURTLISTENER_TOKEN or courtlistener_token_file."""
    courtlistener_token_file: str = "secrets/courtlistener_token"  # noqa: S105 - a file's name
    """Optional: without a token only CourtListener's feeds and pushes are read."""
    search: Literal["ask", "never"] = "ask"
    """Whether a name may be sent to CourtListener's search; asked for each watch."""
    webhook_secret: SecretStr | None = None
    """Never in config.toml: VIGIL_COURTS__WEBHOOK_SECRET or webhook_secret_file."""
    webhook_secret_file: str = "secrets/courtlistener_webhook"  # noqa: S105 - a file's name
    """What stands at the end of the address that CourtListener pushes to."""
    pacer_rss: CourtIds = ()
    """Courts whose own feed is searched for the watched names; ["all"]: every one that has a feed.
    Following a docket also polls its court's.
    """
    feeds: Annotated[dict[str, Web], BeforeValidator(_mapped), AfterValidator(_court_feeds)] = {}
    """Other addresses of courts' feeds than the shipped ones."""
    interval: Seconds = 1_200.0
    """Between two polls of a court's or a docket's feed."""
    level: Literal["orders", "important", "all"] = "important"
    """What of a followed case is told, where the case itself does not say."""
    documents: Bytes = 5_000_000
    """The first page of a public document up to this size is shown below the message about its
    entry, and names are looked for in its words; "0 B": documents are only linked.
    """


class Matching(Section):
    """[matching]: what counts as a Mention."""

    threshold: Annotated[int, Field(ge=0, le=100)] = 70
    context_distance: Annotated[int, Field(ge=0, le=100_000)] = 300
    """Characters around a nickname."""


class Alerts(Section):
    """[alerts]: what is told, and how."""

    ambiguous: Literal["mark", "probe"] = "mark"
    """What is done when a send may have arrived: sent again with a mark, or looked for first."""
    quiet_hours: Annotated[str, AfterValidator(_hours)] = ""
    """ "22:00-07:00" of the local day: what comes then waits and is told together; priority
    watches ignore it.
    """
    max_per_hour: Annotated[int, Field(ge=0)] = 20
    """Alerts that a chat gets in an hour, the rest become one grouped message; 0: any number."""
    edit_window: Seconds = 86_400.0
    first_run_backlog: Literal["digest", "none"] = "digest"
    """What a new source already holds: one grouped message, or silence."""


class Server(Section):
    """[server]: what vigil itself answers over HTTP, and whom it calls."""

    bind: Annotated[str, AfterValidator(_bind)] = ""
    """ "127.0.0.1:8080": /healthz /readyz /metrics, and what is pushed to vigil."""
    public_url: Web = ""
    """What CourtListener calls: the public address of `bind`, behind whatever is before it."""
    heartbeat_url: Web = ""
    """Called while work progresses: a dead man's switch."""


class Log(Section):
    """[log]: how vigil talks about its work."""

    format: Literal["auto", "console", "json"] = "auto"
    """Console on a TTY, JSON otherwise."""
    level: Literal["debug", "info", "warning", "error"] = "info"


class Feed(Section):
    """[[feeds]]: one Source."""

    url: Annotated[Web, Field(min_length=1)]
    name: str = ""
    kind: Literal["feed", "sitemap", "links"] = "feed"
    """"sitemap": a news sitemap; "links": a page that is watched for new links to articles."""
    tags: Words = ()
    lang: str = ""
    interval: Seconds | None = None
    """Overrides the adapted pace."""


class WatchEntry(Section):
    """[[watches]]: one Watch and whom to tell."""

    name: Name
    kind: Literal["person", "org", "case", "vessel", "phrase"] | None = None
    """Absent: guessed from the name."""
    aliases: Words = ()
    nicknames: Words = ()
    context: Words = ()
    require: Words = ()
    never: Words = ()
    lang: Words = ()
    sources: Words = ()
    priority: Literal["high", "normal", "digest"] = "normal"
    threshold: Annotated[int, Field(ge=0, le=100)] | None = None
    leading: bool = False
    """Only the headline and the first paragraph count."""
    to: Words = ()
    """Ids of [[channels]]; absent: the private and team chats."""


class DocketEntry(Section):
    """[[dockets]]: one court case that is followed."""

    court: Annotated[str, AfterValidator(_one_court)]
    number: Annotated[str, AfterValidator(_docket_number)]
    level: Literal["orders", "important", "all"] | None = None
    """Absent: [courts] level."""
    to: Words = ()
    """Ids of [[channels]]; absent: the private and team chats."""


class Channel(Section):
    """[[channels]]: one Telegram channel, group or topic; or something else that can be told."""

    id: Name
    chat: Annotated[int | str, BeforeValidator(_chat)] | None = None
    """Any integer id or "@name"."""
    url_file: str = ""
    """Instead of `chat`: a file that holds the address of anything Apprise speaks, alone."""
    thread: Annotated[int, Field(ge=0)] = 0
    """A forum topic."""
    language: Language = "en"
    what: Annotated[
        tuple[Literal["news", "dockets"], ...], BeforeValidator(_listed), Field(min_length=1)
    ] = ("news", "dockets")
    """What goes there."""
    review: bool = False
    """An editor presses Publish first."""
    digest: Annotated[str, AfterValidator(_digest)] = ""
    """ "daily 07:00", "weekdays 07:00" or "weekly mon 07:00"."""
    why: bool = True
    """False leaves "Why" out of messages here."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Channel:
        if (self.chat is None) == (not self.url_file):
            raise ValueError("write `chat` for a Telegram chat, or else `url_file` for Apprise")
        return self
