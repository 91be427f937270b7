"""A timeline: Items that tell the same are one happening; what matters most are milestones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from matching.stages import stages_of
from store.chronicle import Moment

MILESTONES = (
    "complaint", "charge", "indictment", "superseding", "warrant", "arrest", "unsealed",
    "extradition", "arraignment", "detention", "release", "motion_to_dismiss", "plea", "verdict",
    "sentence", "dismissal", "cleared", "judgment", "sanctions", "forfeiture", "appeal",
)  # fmt: skip
"""Kinds of event that divide a case's life."""
TOP = 3


@dataclass(slots=True)
class Happening:
    """A story as its outlets told it, or a filing."""

    first: Moment
    others: list[Moment] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When it was first told."""
        return self.first.at

    @property
    def kinds(self) -> tuple[str, ...]:
        """What happened, by its words."""
        return kinds_of(self.first)


@dataclass(frozen=True, slots=True)
class Milestone:
    """The first time that something of weight happened, or was told."""

    kind: str
    at: datetime
    item_id: int


def kinds_of(moment: Moment) -> tuple[str, ...]:
    """Return the kinds of event an Item tells of: a filing's own, or its headline's."""
    events = moment.events if moment.is_filing else stages_of(moment.title, moment.lang)
    return tuple(one.kind for one in events)


def happenings(moments: Iterable[Moment]) -> list[Happening]:
    """Return what happened, the newest first; Items in the order of time make the first of a
    story its face.
    """
    found: dict[object, Happening] = {}
    for one in moments:
        if one.story in found:
            found[one.story].others.append(one)
        else:
            found[one.story] = Happening(one)
    return sorted(found.values(), key=lambda one: (one.at, one.first.item_id), reverse=True)


def milestones(every: Sequence[Happening]) -> list[Milestone]:
    """Return each kind of weight with when it first happened; a court's word goes before the
    papers'. The oldest first.
    """
    found: dict[str, tuple[bool, Milestone]] = {}
    for one in reversed(every):
        for kind in one.kinds:
            known = found.get(kind)
            if kind in MILESTONES and (known is None or (one.first.is_filing and not known[0])):
                found[kind] = (one.first.is_filing, Milestone(kind, one.at, one.first.item_id))
    return sorted((one for _, one in found.values()), key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class Counts:
    """A period in numbers."""

    days: tuple[tuple[date, int, int], ...]
    """Each day with its stories and filings, those without any too."""
    outlets: tuple[tuple[str, int], ...]
    """The most frequent ones, with how many stories each told."""

    @property
    def stories(self) -> int:
        """How many stories."""
        return sum(news for _, news, _ in self.days)

    @property
    def filings(self) -> int:
        """How many filings."""
        return sum(filed for _, _, filed in self.days)

    @property
    def busiest(self) -> tuple[date, int] | None:
        """The day with most of both, the first of equals; None: there was nothing."""
        day, news, filed = max(self.days, key=lambda one: (one[1] + one[2], -one[0].toordinal()))
        return (day, news + filed) if news + filed else None


def counted(every: Iterable[Happening], last: date, days: int) -> Counts:
    """Return the counts of the `days` up to and with `last`; days are those of `at`'s own zone."""
    first = last - timedelta(days=days - 1)
    news: Counter[date] = Counter()
    filed: Counter[date] = Counter()
    outlets: Counter[str] = Counter()
    for one in every:
        day = one.at.date()
        if not first <= day <= last:
            continue
        (filed if one.first.is_filing else news)[day] += 1
        if not one.first.is_filing:
            outlets.update({moment.outlet for moment in (one.first, *one.others) if moment.outlet})
    listed = tuple(
        (day, news[day], filed[day]) for day in (first + timedelta(days=n) for n in range(days))
    )
    top = sorted(outlets.items(), key=lambda one: (-one[1], one[0]))[:TOP]
    return Counts(listed, tuple(top))
