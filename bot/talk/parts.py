"""What the conversation works with: built once by the program, handed to every turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from model.docket import Docket, Level
from model.source import NewSource
from model.words import Words
from store.engine import Store
from watchers.fetch import Fetcher
from watchers.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Account:
    """The bot's account at Telegram. Its repr does not show the token."""

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    proxy: str = ""
    """socks5:// or http://; empty: none."""
    webhook: str = ""
    """Where Telegram is to bring updates; empty: they are asked for."""
    secret: str = field(default="", repr=False)
    """What Telegram proves itself by there."""


@dataclass(frozen=True, slots=True)
class CourtDesk:
    """What can be done about court cases besides keeping them."""

    feed: Callable[[str], NewSource | None] = lambda court: None
    """A court's id → its own feed; None: it has none that is known."""
    search: Callable[[str, datetime], Awaitable[tuple[Docket, ...]]] | None = None
    """A caption → CourtListener's dockets; None: without a token it is not asked."""
    has_token: bool = False
    may_search: bool = False
    """CourtListener may be searched for the names of Watches that somebody agreed for."""
    level: Level = Level.IMPORTANT
    """At which a case is followed that nobody chose a level for."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The other rooms, as far as the conversation needs them."""

    store: Store
    words: Callable[[str], Words]
    """A language's code → its catalogue."""
    fetcher: Fetcher
    sandbox: Sandbox
    version: str
    started_at: datetime
    language: str = "en"
    """Of those who have not said theirs."""
    threshold: int = 70
    context_distance: int = 300
    """Characters around a nickname."""
    respect_robots: bool = True
    """[polling] respect_robots: whether a page is left alone that robots.txt forbids."""
    courts: CourtDesk = CourtDesk()
    strangers: str = "refuse"
    """[telegram] strangers: what people may who are no members: "refuse", "read-only", "open"."""
    troubles: Callable[[], tuple[str, ...]] = tuple
    """Sentences about what is wrong with the program itself, for /status."""
