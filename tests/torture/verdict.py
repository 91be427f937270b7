"""Judges a campaign from outside: from what was offered, what was accepted, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.torture.feeds import Asked, Offer
from tests.torture.trouble import AMBIGUOUS, Spoilt

REPEAT = "(may be a repeat)"


@dataclass(frozen=True, slots=True)
class Said:
    """A message the server accepted."""

    at: float
    room: str
    """The chat's name: a group keeps it when it becomes a supergroup."""
    chat: int
    number: int
    """Of the item it is about; 0: of none."""
    marked: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch in which the program or its database was not there, or could not write."""

    what: str
    """"kill", "server kill", "locked", "disk full"."""
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen."""

    rooms: Sequence[str]
    room_of: Mapping[int, str]
    """By number of a chat; a group has two once it has become a supergroup."""
    offers: Mapping[int, Offer]
    asked: Sequence[Asked]
    said: Sequence[Said]
    spoilt: Sequence[Spoilt]
    broken: Sequence[Broken]
    commands: Mapping[int, bool]
    """By number of a command: whether it was answered."""
    still_offered: frozenset[int] = frozenset()


@dataclass(slots=True)
class Verdict:
    """What came of it. Everything but the first four must be empty or nought."""

    offered: int = 0
    """Matching items that could be stored."""
    slid: int = 0
    """Matching items that left their window before anybody could store them."""
    told: int = 0
    repeats_marked: int = 0
    commands: int = 0
    lost: list[tuple[int, str]] = field(default_factory=list)
    repeats_unmarked: list[str] = field(default_factory=list)
    marks_unexplained: list[str] = field(default_factory=list)
    without_cause: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    commands_lost: list[int] = field(default_factory=list)
    partial_validators: list[str] = field(default_factory=list)
    damage: str = ""

    @property
    def faults(self) -> dict[str, object]:
        """What must not have happened, by name; empty: all is well."""
        whole = {name: getattr(self, name) for name in _MUST_BE_EMPTY}
        return {name: value for name, value in whole.items() if value}


_MUST_BE_EMPTY = (
    "lost",
    "repeats_unmarked",
    "marks_unexplained",
    "without_cause",
    "out_of_order",
    "commands_lost",
    "partial_validators",
    "damage",
)


def judge(seen: Evidence) -> Verdict:
    """Return the verdict on a campaign that has come to rest."""
    verdict = Verdict()
    storable = could_be_stored(seen)
    matching = {number for number, one in seen.offers.items() if one.matching}
    wanted = matching & storable
    verdict.offered = len(wanted)
    verdict.slid = len(matching - storable)
    news = [one for one in seen.said if one.number]
    pairs = {(one.number, one.room) for one in news}
    verdict.told = len(pairs)
    verdict.commands = len(seen.commands)
    verdict.lost = sorted({(n, room) for n in wanted for room in seen.rooms} - pairs)
    verdict.without_cause = [str(one) for one in news if one.number not in matching]
    verdict.commands_lost = [one for one, answered in seen.commands.items() if not answered]
    verdict.partial_validators = [
        one.validator for one in seen.asked if one.validator.startswith('"half')
    ]
    _judge_repeats(seen, news, verdict)
    _judge_order(seen, news, verdict)
    return verdict


def could_be_stored(seen: Evidence) -> set[int]:
    """Return the items that somebody had time to store: shown in a whole answer to a life of the
    program that asked the same feed again later, with a database that could be written to in
    between; or still offered at the end.
    """
    stored = set(seen.still_offered)
    before: dict[int, Asked] = {}
    hurt = [one for one in seen.broken if one.what != "kill"]
    for asked in seen.asked:
        last = before.get(asked.feed)
        if last is not None and last.run == asked.run and last.whole:
            overlap = any(one.at < asked.at and one.until > last.at for one in hurt)
            stored |= set() if overlap else last.shown
        before[asked.feed] = asked
    return stored


def _judge_repeats(seen: Evidence, news: Sequence[Said], verdict: Verdict) -> None:
    first: dict[tuple[int, str], Said] = {}
    for one in news:
        pair = (one.number, one.room)
        if pair in first and not one.marked:
            verdict.repeats_unmarked.append(str(one))
        if pair in first and one.marked:
            verdict.repeats_marked += 1
        first.setdefault(pair, one)
    for room in seen.rooms:
        _explain(seen, [one for one in news if one.room == room and one.marked], verdict)


def _explain(seen: Evidence, marked: Sequence[Said], verdict: Verdict) -> None:
    """Find for each mark in one chat one event that brought it: an answer that said nothing, or a
    break. An event explains the marks of one message in this chat, since one is sent at a time.
    """
    used: set[object] = set()
    explained: set[int] = set()
    for one in marked:
        if one.number in explained:
            continue
        events: list[tuple[float, object]] = [
            (spoilt.at, spoilt)
            for spoilt in seen.spoilt
            if seen.room_of.get(spoilt.chat) == one.room
            and spoilt.kind in AMBIGUOUS
            and spoilt.at < one.at
        ]
        events += [(broken.at, broken) for broken in seen.broken if broken.at < one.at]
        free = [event for event in sorted(events, key=_when, reverse=True) if event[1] not in used]
        if not free:
            verdict.marks_unexplained.append(str(one))
            continue
        used.add(free[0][1])
        explained.add(one.number)


def _when(event: tuple[float, object]) -> float:
    return event[0]


def _judge_order(seen: Evidence, news: Iterable[Said], verdict: Verdict) -> None:
    """Within one chat the items of one feed come in the order in which they were offered, but
    for newer ones that an answer which broke off showed without the older.
    """
    newest: dict[tuple[str, int], int] = {}
    had: set[tuple[int, str]] = set()
    for one in news:
        offer = seen.offers.get(one.number)
        if offer is None or (one.number, one.room) in had:
            continue
        had.add((one.number, one.room))
        last = newest.get((one.room, offer.feed), 0)
        if one.number < last and not _came_alone(seen, last, one.number):
            verdict.out_of_order.append(f"{one.room}: {one.number} after {last}")
        newest[one.room, offer.feed] = max(last, one.number)


def _came_alone(seen: Evidence, newer: int, older: int) -> bool:
    return any(newer in asked.alone and older not in asked.alone for asked in seen.asked)
