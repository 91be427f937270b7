"""What came from courts, in a batch: recorded once whichever way it came, told to whom it concerns.

Only watchers/take_in.py, a loop, calls this with a transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from matching.filing_alerts import (
    Known,
    Raised,
    Seen,
    decide_filings,
    raise_filings,
    readers_of,
)
from matching.grouping import WINDOW
from matching.happened import with_events
from matching.hearings import given_up, hearings_of
from matching.joining import of_court
from matching.unsealing import unsealed
from model import (
    Bond,
    Decision,
    Docket,
    Event,
    Filed,
    Filing,
    Item,
    Mention,
    News,
    Recorded,
    Source,
    Step,
    Told,
)
from model.courts import COURTS
from store import (
    alerts,
    docket_gaps,
    dockets,
    hearings,
    items,
    outbox,
    papers,
    possible,
    subscribers,
    watches,
)
from store.engine import Tx
from watchers.book import WatchBook

_Words = tuple[str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class Sightings:
    """What was found in Filings, by the words in which it was found."""

    by_words: dict[_Words, Seen] = field(default_factory=dict)
    """What the Watches found."""
    happened: dict[tuple[str, str], tuple[Event, ...]] = field(default_factory=dict)
    """What their short descriptions and texts say happened."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch of Filings."""

    filed: tuple[Filed, ...] = ()
    decisions: tuple[Decision, ...] = ()
    mentioned: tuple[int, ...] = ()
    """The Sources of the Items that mention somebody."""
    alerts: int = 0
    edits: int = 0

    def and_also(self, more: Taken) -> Taken:
        """Return this with what was told besides, of no Filing that came."""
        return replace(self, alerts=self.alerts + more.alerts, edits=self.edits + more.edits)


class TakeFilings:
    """Takes in Filings, one batch after another."""

    def __init__(
        self,
        book: WatchBook,
        *,
        tell_backlog: bool = True,
        documents: bool = False,
        edit_window: timedelta = timedelta(hours=24),
    ) -> None:
        """Find with `book`. `tell_backlog`: what a new Source already holds is told;
        `documents`: public documents of what is told are read; `edit_window`: how long after
        news of a case was told its message says what the court files.
        """
        self._book = book
        self._tell_backlog = tell_backlog
        self._documents = documents
        self._edit_window = edit_window

    async def match(self, some: Sequence[Item], sightings: Sightings) -> None:
        """Find Mentions, and what is said to have happened, outside the loop's thread."""
        await self._find(some, sightings)
        filings = {_said(one.filing): one.filing for one in some if one.filing}
        read = await asyncio.to_thread(lambda: [with_events(f).events for f in filings.values()])
        sightings.happened |= dict(zip(filings, read, strict=True))

    async def _find(self, some: Sequence[Item], sightings: Sightings) -> None:
        """Find Mentions in what isn't in `sightings` yet."""
        new = {_words(one): one for one in some if _words(one) not in sightings.by_words}
        found = await self._book.find_in_filings(list(new.values()))
        sightings.by_words |= dict(zip(new, found, strict=True))

    async def take(
        self,
        tx: Tx,
        came: Sequence[Item],
        sightings: Sightings,
        now: datetime,
        *,
        backlog: Collection[int],
        sources: Mapping[int, Source],
    ) -> Taken:
        """Record what came (all of it matched) and queue what is to be told of it, the oldest
        first.
        """
        # A document has its newest at the top; a reader wants to hear things as they happened.
        oldest_first = [_happened(one, sightings) for one in came][::-1]
        recorded = await dockets.record_filings(tx, oldest_first, now, backlog=backlog)
        filed = [unsealed(one, now.date()) for one in recorded]
        kept = [one for one in filed if one.recorded.item.id]
        taken = await self._tell(tx, kept, sightings, now, sources)
        for one in filed:
            if not one.recorded.item.id:
                taken = taken.and_also(await self._tell_became(tx, one, now))
        return taken

    async def learn(self, tx: Tx, docket: Docket, now: datetime) -> Taken:
        """Take in what was looked up of a docket; tell what it changes: that it is no longer
        sealed, or that its caption, now known, names somebody.
        """
        known, change = await dockets.learn(tx, docket, now)
        if not change:
            return Taken()
        item = _of_docket(known)
        became = Filed(Recorded(item, News.CHANGED, item), known, changes=frozenset({change}))
        return await self._tell_became(tx, became, now)

    async def _tell_became(self, tx: Tx, became: Filed, now: datetime) -> Taken:
        """Tell what became of a docket itself, beside the latest entry of it that is kept."""
        latest = await dockets.entries(tx, became.docket.id, limit=1)
        if latest:
            became = replace(became, recorded=Recorded(latest[0], News.CHANGED, latest[0]))
        return await self._tell(tx, [became], Sightings(), now, {})

    async def _tell(
        self,
        tx: Tx,
        filed: Sequence[Filed],
        sightings: Sightings,
        now: datetime,
        sources: Mapping[int, Source],
    ) -> Taken:
        if not filed:
            return Taken()
        # What was merged with other words than those that came is read now: that is rare.
        await self._find([one.recorded.item for one in filed], sightings)
        seen = {
            one.recorded.item.id: sightings.by_words[_words(one.recorded.item)] for one in filed
        }
        decisions, count = await self._queue(tx, filed, seen, now, sources)
        await _keep(tx, seen, now)
        await _keep_hearings(tx, filed)
        return Taken(
            tuple(filed),
            tuple(decisions),
            tuple(o.recorded.item.source_id for o in filed if seen[o.recorded.item.id].counting),
            count.alerts,
            count.edits,
        )

    async def _queue(
        self,
        tx: Tx,
        filed: Sequence[Filed],
        seen: Mapping[int, Seen],
        now: datetime,
        sources: Mapping[int, Source],
    ) -> tuple[list[Decision], outbox.QueueCount]:
        """Decide whom to tell of what, and queue it with what it takes along."""
        told = [one for one in filed if self._tell_backlog or not one.recorded.backlog]
        raised = await self._raise(tx, told, seen, now, sources)
        had = await alerts.about(tx, [one.recorded.item.id for one in filed if one.recorded.before])
        decided = decide_filings(raised.drafts, filed, had)
        news = await alerts.told(tx, [one.draft for one in decided], now - WINDOW)
        decisions = await _with_gaps(tx, of_court(decided, news, now=now), now)
        count = await outbox.queue(tx, decisions, now)
        await self._say_in_the_news(tx, decisions, news, now)
        if self._documents:
            said = (one.draft for one in decisions if one.step in (Step.TELL, Step.EDIT))
            await papers.want(tx, [one.item for one in said if not one.backlog], now)
        await dockets.count_hidden(tx, raised.counted, now)
        await dockets.note_named(tx, raised.named, now)
        return decisions, count

    async def _say_in_the_news(
        self, tx: Tx, decisions: Sequence[Decision], news: Sequence[Told], now: datetime
    ) -> None:
        """Let the messages of the news that these Filings are tied to say what was filed."""
        tied = {one.tie.alert_id for one in decisions if one.tie and one.tie.bond is Bond.COURT}
        for one in news:
            if one.alert_id in tied and now - one.at <= self._edit_window:
                await outbox.queue_edit(tx, one.alert_id, now)

    async def _raise(
        self,
        tx: Tx,
        told: Sequence[Filed],
        seen: Mapping[int, Seen],
        now: datetime,
        sources: Mapping[int, Source],
    ) -> Raised:
        docket_ids = {one.docket.id for one in told}
        followed = await dockets.followed(tx, docket_ids)
        watch_ids = {m.watch_id for one in seen.values() for m in (*one.counting, *one.possible)}
        if not followed and not watch_ids:
            return Raised()
        everybody = await subscribers.all_subscribers(tx)
        edited = [one.recorded.item.id for one in told if one.recorded.news is News.CHANGED]
        known = Known(
            audience=await self._book.audiences(tx, watch_ids),
            readers=readers_of(followed.values(), everybody),
            named=await dockets.named_by_caption(tx, docket_ids),
            mentioned=await items.mentioned_in_words(tx, edited),
            hidden=await watches.hidden(tx, watch_ids, edited) if edited else set(),
            private={one.id for one in everybody if not one.public},
        )
        return raise_filings(told, seen, known, now=now, sources=sources)


def _of_docket(known: Docket) -> Item:
    """Return what stands for a docket in which nothing is filed that we know of."""
    filing = Filing(
        court=known.court,
        number=known.number,
        docket_id=next(iter(known.docket_ids), ""),
        caption=known.caption,
        judge=known.judge,
        filed=known.filed,
        parties=known.parties,
        url=known.url,
    )
    return Item(title=known.caption, url=known.url, lang="en", filing=filing)


def _said(filing: Filing) -> tuple[str, str]:
    return filing.short, filing.text


def _happened(one: Item, sightings: Sightings) -> Item:
    if one.filing is None:
        return one
    events = sightings.happened[_said(one.filing)]
    return replace(one, filing=replace(one.filing, events=events))


def _words(one: Item) -> _Words:
    return one.title, one.summary, one.text, one.filing.parties if one.filing else ()


async def _keep(tx: Tx, seen: Mapping[int, Seen], now: datetime) -> None:
    """Keep the Mentions of stored Items: those that count, and those that may."""
    counting = [(of, m) for of, one in seen.items() if of for m in one.counting]
    await items.add_mentions(tx, counting)
    maybe: list[tuple[int, Mention]] = [
        (of, m) for of, one in seen.items() if of for m in one.possible
    ]
    await possible.add(tx, maybe, now)


async def _with_gaps(tx: Tx, decisions: Sequence[Decision], now: datetime) -> list[Decision]:
    """Return the decisions; the next Alert about a followed docket also says which of its entries
    are missing, and of one that now is public that it was not.
    """
    said: dict[int, list[docket_gaps.Gap]] = {}
    fresh: dict[int, list[str]] = {}
    found = []
    for one in decisions:
        draft, of = one.draft, one.draft.docket_id
        filing = draft.item.filing
        if filing and draft.followed and one.step is Step.TELL:
            if of not in said:
                said[of] = await docket_gaps.said_gaps(tx, of)
                fresh[of] = await _fresh_gaps(tx, of, filing.court, now)
            entry = int(filing.entry) if filing.entry.isdecimal() else 0
            hidden = (gap for gap in said[of] if not gap.missed)
            was = not draft.changed and any(gap.first <= entry <= gap.last for gap in hidden)
            codes = [*fresh[of], *([f"public:{entry}"] if was else [])]
            draft = replace(draft, changes=draft.changes.union(codes))
        found.append(replace(one, draft=draft))
    return found


async def _fresh_gaps(tx: Tx, docket_id: int, court: str, now: datetime) -> list[str]:
    """Return codes for the runs of entries that are missing, where every entry should come: the
    court publishes all of them, or CourtListener's API is asked for them.
    """
    whole = court in COURTS and COURTS[court].covers == "all"
    if not whole and not await docket_gaps.is_asked(tx, docket_id):
        return []
    why = "gap" if whole else "unlisted"
    some = await docket_gaps.take_gaps(tx, docket_id, now)
    return [f"{'missed' if one.missed else why}:{one.first}-{one.last}" for one in some]


async def _keep_hearings(tx: Tx, filed: Sequence[Filed]) -> None:
    """Keep what the courts have set for when, and forget what they have given up."""
    for one in filed:
        item = one.recorded.item
        gone = given_up(item.summary, one.docket.court)
        if gone and item.id:
            await hearings.drop(tx, one.docket.id, item.id, gone)
        some = hearings_of(item.summary, one.docket.court, one.docket.number)
        if some and item.id:
            await hearings.note(tx, one.docket.id, item.id, some)
