"""Sources: the places we ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "anything new since?": kept exactly as it was sent."""

    etag: str = ""
    last_modified: str = ""
    stored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewSource:
    """A Source somebody wants asked: in config.toml (declared) or from a chat (added)."""

    url: str
    name: str = ""
    kind: str = "feed"
    tags: tuple[str, ...] = ()
    lang: str = ""
    interval: float | None = None
    """Seconds between polls as declared; None: vigil adapts the pace."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place we ask: a feed, a court's feed, a docket."""

    id: int
    url: str
    """The address asked now (it follows permanent redirects)."""
    base: str
    """The address as first stored: relative links are read against it, so it never changes."""
    name: str = ""
    kind: str = "feed"
    tags: tuple[str, ...] = ()
    lang: str = ""
    interval: float | None = None
    declared: bool = False
    """Listed in config.toml: read-only in chats."""
    added: bool = False
    """Added in a chat or on the command line."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Pace:
    """How a Source has behaved, and so how often it is asked."""

    interval: float = 900.0
    """Seconds until the next poll, as last chosen."""
    rate: float = 0.0
    """New Items per hour, a moving estimate; 0 while unknown."""
    rate_at: datetime | None = None
    """When `rate` was last brought up to date."""
    fails: int = 0
    """Polls that failed since the last good one."""
    failing_since: datetime | None = None
    last_ok: datetime | None = None
    last_new: datetime | None = None
    """When a poll last brought something new."""
    error: str = ""
    """The sentence of the last failure; empty when the last poll was good."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the last good poll left behind; written only when content changed."""

    validators: Validators = field(default_factory=Validators)
    items_hash: bytes = b""
    """Digest of the last document from its first item on; equal means nothing new."""
    known: bytes = b""
    """The item index of the last document that held items (watchers' own packing)."""
    first_polled: datetime | None = None
    """When the first successful poll was; None: the next one brings the backlog."""
    moved_to: str = ""
    moved_times: int = 0
    """How often in a row a permanent redirect pointed to `moved_to`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A due Source, ours until the lease ends."""

    source: Source
    pace: Pace
    state: SourceState
    owner: str
    epoch: int
    """Fencing: a result is taken only while owner and epoch still match."""
    told: str = ""
    """The incident the owner has been told of ("failing", "silent", "gone"), or empty."""


@dataclass(frozen=True, slots=True)
class PollNote:
    """How one poll of one Source went: what is written back when the claim is given up."""

    source_id: int
    owner: str
    epoch: int
    next_due: datetime
    pace: Pace
    state: SourceState | None = None
    """None: nothing changed (a 304, the same bytes, an error); the stored state stays."""
    url: str = ""
    """A new address, when the Source has moved for good; empty: unchanged."""
    name: str = ""
    """The feed's own title, used where the Source has no name yet."""
    gone: bool = False
    """The server says 410: asked once a day from now on."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A Source as a list shows it."""

    source: Source
    pace: Pace
    next_due: datetime | None
    items: int
    """How many Items it has given."""
    told: str = ""
    """The incident its owner has been told of ("failing", "silent"), or empty."""
