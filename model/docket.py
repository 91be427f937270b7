"""Dockets: court cases, what is filed in them, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Severity(StrEnum):
    """How much an Event matters to someone who follows the case."""

    LOUD = "loud"
    """An order or an outcome: told at every level, never capped, grouped or muted."""
    IMPORTANT = "important"
    ROUTINE = "routine"
    """Told only at the level "all"; otherwise counted, never dropped."""

    @property
    def rank(self) -> int:
        """0 for the most severe: sorted by it, what matters most stands first."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Level(StrEnum):
    """What of a followed Docket is told at once; the rest is counted."""

    ORDERS = "orders"
    IMPORTANT = "important"
    ALL = "all"


class Route(StrEnum):
    """By which way a Filing reached us."""

    COURT = "court"
    """The court's own feed."""
    DOCKET_FEED = "docket_feed"
    """CourtListener's feed of one docket."""
    SEARCH_FEED = "search_feed"
    API = "api"
    PUSH = "push"
    """CourtListener's webhook."""


class DocketState(StrEnum):
    """What is publicly known of a followed Docket."""

    OPEN = "open"
    SEALED = "sealed"
    """The number exists or is believed to, and nothing of it is public."""
    UNKNOWN = "unknown"
    """Nothing was found under this number yet."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a case: a kind of the shipped table (`model/stages.toml`)."""

    kind: str
    severity: Severity
    start: int = 0
    end: int = 0
    """Where the words that say so stand in the text that was read."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The docket part of an Item: what was filed in which case. Empty means not known yet;
    facts that come by another Route are merged (`matching.filings.merge`).
    """

    court: str = ""
    """The court's id ("nyed")."""
    number: str = ""
    """The docket number in its printed normal form ("1:19-cr-00366")."""
    case_id: str = ""
    """PACER's number of the case within its court; several may stand under one docket number."""
    docket_id: str = ""
    """CourtListener's number of the docket."""
    caption: str = ""
    entry: str = ""
    """The entry's number on the docket; empty: it has none."""
    document: str = ""
    """The document's number, as the court's feed prints it."""
    seq: str = ""
    """PACER's sequence number of the document (de_seq_num)."""
    pk: str = ""
    """CourtListener's number of the entry."""
    short: str = ""
    """The short description ("Order on Motion to Dismiss"); several are joined by " AND "."""
    text: str = ""
    """The entry's full text."""
    filed: date | None = None
    stamp: str = ""
    """The feed's own instant, to the second: the key of a Filing without any number."""
    judge: str = ""
    parties: tuple[str, ...] = ()
    url: str = ""
    """Where the docket, or better the entry, can be read."""
    pdf: str = ""
    """Where the document can be had; empty: not public yet."""
    sealed: bool = False
    events: tuple[Event, ...] = ()
    """What happened, the most severe first."""
    route: Route = Route.COURT


@dataclass(frozen=True, slots=True)
class Docket:
    """A court case: court and number."""

    id: int = 0
    court: str = ""
    number: str = ""
    caption: str = ""
    judge: str = ""
    filed: date | None = None
    terminated: date | None = None
    state: DocketState = DocketState.UNKNOWN
    case_ids: tuple[str, ...] = ()
    docket_ids: tuple[str, ...] = ()
    url: str = ""
    parties: tuple[str, ...] = ()
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class DocketWish:
    """The case that somebody asks for; empty: not said."""

    court: str = ""
    """The court's id ("nyed")."""
    number: str = ""
    """In its printed normal form, as far as it was written ("19-cr-00366")."""
    docket_id: str = ""
    """CourtListener's number, off its link."""
    case_id: str = ""
    """PACER's number, off a court's link."""
    caption: str = ""
    """A caption or names to look for."""


@dataclass(frozen=True, slots=True)
class Following:
    """That a Docket is followed, at which Level, and who hears of it."""

    docket: Docket
    level: Level = Level.IMPORTANT
    to: tuple[int, ...] = ()
    """Subscriber ids; empty: every private and team chat."""
    declared: bool = False
    added: bool = False
    enabled: bool = True
    muted_until: datetime | None = None
    hidden: int = 0
    """Filings below the Level since the last count was said …"""
    hidden_since: datetime | None = None
    """… the first of which came then."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A date set in a docket's text."""

    court: str
    number: str
    at: datetime
    """In the court's own time zone; midnight when only the day was said."""
    has_time: bool
    what: str
    """What is to happen ("Status Conference"), as written."""
    place: str = ""
    start: int = 0
    end: int = 0
