"""A batch of polls on its way into the database: what is written together, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from model import Item, Mention, News, PollReport, Recorded, SourcePoll
from store import dockets, items
from store.engine import Tx
from watchers.ask import Outcome, Result
from watchers.take_filings import Sightings

ITEMS_MOST = 2000
"""Items of one transaction: dispatch and conversation wait behind it."""
_WHOLE = 10
"""From so many Items on, a document was read whole: most of them are no news."""
_SHOWN_AS = {Outcome.UNREACHABLE: Outcome.FAILED}

Key = tuple[int, str, str]
"""By what an Item is found again after it was recorded: its Source, its key, its address."""


@dataclass(frozen=True, slots=True)
class Part:
    """Of a Result what fits into one transaction; the last part brings the note."""

    result: Result
    items: tuple[Item, ...]
    is_last: bool = True

    @property
    def source_id(self) -> int:
        """Whose Items they are."""
        return self.result.claim.source.id

    @property
    def plain(self) -> tuple[Item, ...]:
        """The Items that are no court's."""
        return tuple(one for one in self.items if not dockets.is_filing(one))

    @property
    def filings(self) -> tuple[Item, ...]:
        """The Items of dockets."""
        return tuple(one for one in self.items if dockets.is_filing(one))


@dataclass(frozen=True, slots=True)
class Match:
    """What the Watches find in a batch."""

    mark: int = 0
    """Of the watch log: the Watches were as they were then, or later."""
    found: dict[Key, list[Mention]] = field(default_factory=dict)
    sightings: Sightings = field(default_factory=Sightings)


@dataclass(slots=True)
class Tally:
    """What came of a batch, by Source."""

    new: Counter[int] = field(default_factory=Counter)
    changed: Counter[int] = field(default_factory=Counter)
    mentions: Counter[int] = field(default_factory=Counter)
    told: Counter[int] = field(default_factory=Counter)
    lost: set[int] = field(default_factory=set)
    """Sources that another process has claimed meanwhile."""
    gaps: int = 0
    alerts: int = 0
    edits: int = 0

    def count(self, recorded: Iterable[Recorded]) -> None:
        """Count what is new and what has changed."""
        for one in recorded:
            which = self.new if one.news is News.NEW else self.changed
            which[one.item.source_id] += 1


def untakeable(result: Result, error: Exception) -> Result:
    """Return the poll as one that failed, so that everything else goes on."""
    if result.outcome is Outcome.FAILED:
        raise error
    said = f"What it published could not be stored ({type(error).__name__}: {error})."
    return replace(result, outcome=Outcome.FAILED, items=(), state=None, error=said)


def transactions(results: Iterable[Result]) -> Iterator[list[Part]]:
    """Deal the Results out over transactions of at most ITEMS_MOST Items."""
    parts: list[Part] = []
    room = ITEMS_MOST
    for result in results:
        for part in _parts(result):
            if parts and len(part.items) > room:
                yield parts
                parts, room = [], ITEMS_MOST
            parts.append(part)
            room -= len(part.items)
    if parts:
        yield parts


def _parts(result: Result) -> Iterator[Part]:
    count = len(result.items)
    for start in range(0, max(count, 1), ITEMS_MOST):
        some = result.items[start : start + ITEMS_MOST]
        yield Part(result, some, is_last=start + ITEMS_MOST >= count)


async def worth(tx: Tx, part: Part) -> Sequence[Item]:
    """Return the Items worth matching: of a document read whole only those that say news."""
    if len(part.plain) < _WHOLE or part.result.claim.state.first_polled is None:
        return part.plain
    return await items.fresh(tx, part.plain)


def key_of(item: Item) -> Key:
    """Return by what an Item is found again."""
    return item.source_id, item.key, item.url


def is_shown(result: Result, tally: Tally) -> bool:
    """Return whether a report shows a poll: it was made, and by this process."""
    return result.outcome is not Outcome.PUT_OFF and result.claim.source.id not in tally.lost


def poll_of(result: Result, tally: Tally) -> SourcePoll:
    """Return what a report says of a poll."""
    source = result.claim.source
    new, changed = tally.new[source.id], tally.changed[source.id]
    outcome = _SHOWN_AS.get(result.outcome, result.outcome)
    if outcome is Outcome.NEW and not new and not changed:
        outcome = Outcome.NOTHING_NEW
    return SourcePoll(
        source_id=source.id,
        name=source.name or result.title,
        url=source.url,
        outcome=outcome,
        new=new,
        changed=changed,
        mentions=tally.mentions[source.id],
        alerts=tally.told[source.id],
        seconds=result.seconds,
        error=result.error,
    )


def together(reports: Sequence[PollReport]) -> PollReport:
    """Return several reports as one."""
    return PollReport(
        polls=tuple(poll for one in reports for poll in one.polls),
        alerts=sum(one.alerts for one in reports),
        edits=sum(one.edits for one in reports),
        seconds=sum(one.seconds for one in reports),
    )
