"""What the owner should hear about a Source, once an incident, and about our own network. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from model import Claim, Notice
from watchers.ask import Outcome, Result
from watchers.note import Noted
from watchers.pace import is_failing, is_silent, usual_gap

FAILING, SILENT, GONE, GAP = "failing", "silent", "gone", "gap"

COURT = "pacer"
COURT_HOLDS = timedelta(hours=24)
"""How long an entry stands in a court's own feed (measured)."""
NETWORK = "network"
HOSTS_LEAST = 3
"""So many hosts out of reach, and none in reach, are our network and not theirs."""
DOWN_FOR = timedelta(minutes=10)
"""A shorter break of our network is nobody's concern."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an owner has been told of from now on, and the Notice that does it."""

    told: str
    notice: Notice | None = None


def change(result: Result, noted: Noted, *, new: int) -> Change | None:
    """Return what changes in what the owner was told of; None when nothing does."""
    told = result.claim.told
    if result.outcome is Outcome.PUT_OFF:
        return None
    if not result.is_good:
        return _worse(result, noted, told)
    if result.claim.source.kind == COURT:
        return _of_court(result, told, new)
    if told in (FAILING, GONE):
        return Change("", _works(result, new))
    if told == SILENT and new:
        return Change("", _speaks(result))
    if told == GAP and not noted.possible_gap:
        return Change("")
    return _odd(result, noted) if told == "" else None


def _of_court(result: Result, told: str, new: int) -> Change | None:
    """Look for what a court's feed may have shown while nobody looked. That it is silent, or all
    new after a quiet weekend, means nothing here.
    """
    if has_missed(result, new):
        return Change("", _missed(result))
    return Change("", _works(result, new)) if told in (FAILING, GONE) else None


def has_missed(result: Result, new: int) -> bool:
    """Return whether entries may have come and gone since the last good poll: it was longer ago
    than the feed holds, or the feed begins after it and shows nothing that was known.
    """
    last = result.claim.pace.last_ok
    if result.claim.state.first_polled is None or last is None:
        return False
    if result.at - last > COURT_HOLDS:
        return True
    stamps = [one.filing.stamp for one in result.items if one.filing and one.filing.stamp]
    known = new < max(result.total, 1) or not stamps
    return not known and datetime.fromisoformat(min(stamps)) > last


def missed_time(result: Result, new: int) -> tuple[frozenset[str], datetime] | None:
    """Return which courts' entries may have come and gone unseen, and since when; None: nothing
    was missed.
    """
    last = result.claim.pace.last_ok
    if result.claim.source.kind != COURT or not result.is_good or last is None:
        return None
    if not has_missed(result, new):
        return None
    listed = {one.filing.court for one in result.items if one.filing}
    return frozenset({*listed, *(tag for tag in result.claim.source.tags if tag != "court")}), last


def _worse(result: Result, noted: Noted, told: str) -> Change | None:
    if told in (FAILING, GONE):
        return None
    if result.outcome is Outcome.GONE:
        return Change(GONE, _notice("notice.source.gone", result.claim))
    if is_failing(noted.note.pace, result.at):
        return Change(FAILING, _fails(result, noted))
    return None


def _odd(result: Result, noted: Noted) -> Change | None:
    """Look for what is wrong with a Source that answers."""
    if noted.possible_gap:
        return Change(GAP, _gap(result))
    first = result.claim.state.first_polled
    if is_silent(noted.note.pace, first, result.at):
        return Change(SILENT, _silent(result, noted))
    return None


def _notice(code: str, claim: Claim, **args: object) -> Notice:
    source = claim.source
    named = {"source": source.name or urlsplit(source.url).hostname, "address": source.url, **args}
    texts = tuple((key, str(value)) for key, value in named.items())
    return Notice(code, texts, about=f"source:{source.id}")


def _fails(result: Result, noted: Noted) -> Notice:
    pace = noted.note.pace
    since = pace.failing_since or result.at
    return _notice(
        "notice.source.failing",
        result.claim,
        since_at=since.isoformat(),
        n=pace.fails,
        error=result.error,
    )


def _works(result: Result, new: int) -> Notice:
    since = result.claim.pace.failing_since or result.at
    return _notice(
        "notice.source.works", result.claim, silent_seconds=_seconds(result.at - since), n=new
    )


def _silent(result: Result, noted: Noted) -> Notice:
    pace = noted.note.pace
    gap = usual_gap(pace, result.claim.state.first_polled) or timedelta()
    return _notice(
        "notice.source.silent",
        result.claim,
        usual_seconds=_seconds(gap),
        silent_seconds=_seconds(result.at - (pace.last_new or result.at)),
    )


def _speaks(result: Result) -> Notice:
    since = result.claim.pace.last_new or result.at
    return _notice("notice.source.speaks", result.claim, silent_seconds=_seconds(result.at - since))


def _gap(result: Result) -> Notice:
    last = result.claim.pace.last_ok or result.at
    return _notice(
        "notice.source.gap",
        result.claim,
        read_at=result.at.isoformat(),
        last_at=last.isoformat(),
    )


def _missed(result: Result) -> Notice:
    last = result.claim.pace.last_ok or result.at
    return _notice(
        "notice.court.gap",
        result.claim,
        read_at=result.at.isoformat(),
        last_at=last.isoformat(),
    )


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())


@dataclass(slots=True)
class Network:
    """Whether anything can be reached at all."""

    since: datetime | None = None
    """When the first poll failed after the last answer."""
    hosts: set[str] = field(default_factory=set)
    """The hosts out of reach since then."""
    told: bool = False

    def copy(self) -> Network:
        """Return it as it is now, to be put back when what it led to could not be written."""
        return replace(self, hosts=set(self.hosts))

    def take(self, results: Iterable[Result]) -> Notice | None:
        """Take in what a batch of polls met; return what the owner should hear of it."""
        notice = None
        for result in results:
            if result.outcome is Outcome.UNREACHABLE:
                self.since = self.since or result.at
                self.hosts.add(urlsplit(result.claim.source.url).netloc)
                notice = self._down(result.at) or notice
            elif result.outcome is not Outcome.PUT_OFF:
                notice = self._up(result.at) or notice
        return notice

    @property
    def is_down(self) -> bool:
        """Whether it is our network that fails, and no Source is to blame."""
        return len(self.hosts) >= HOSTS_LEAST

    def _down(self, now: datetime) -> Notice | None:
        since = self.since or now
        if self.told or not self.is_down or now - since < DOWN_FOR:
            return None
        self.told = True
        return Notice("notice.network.down", (("since_at", since.isoformat()),), about=NETWORK)

    def _up(self, now: datetime) -> Notice | None:
        since, told = self.since or now, self.told
        self.since, self.told = None, False
        self.hosts.clear()
        if not told:
            return None
        silent = (("silent_seconds", str(_seconds(now - since))),)
        return Notice("notice.network.works", silent, about=NETWORK)
