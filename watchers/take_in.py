"""What a batch of polls brought, into the database: in one transaction, all of it or nothing.

Items, Mentions, Alerts, Deliveries, validators and due times move together: after a crash in
between, the next poll finds the same news again, and nothing that was queued is queued twice.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from matching.joining import Joining, decide
from matching.raising import admits, raise_alerts
from matching.same import REPRINT_WINDOW
from model import (
    AlertDraft,
    Claim,
    Docket,
    Item,
    Mention,
    News,
    Notice,
    Pace,
    PollReport,
    Recorded,
    Source,
    SourceState,
    Step,
    StoreError,
    UnstorableError,
)
from store import alerts, docket_gaps, items, outbox, pages, sources, watches
from store.engine import Store, Tx
from store.owner import tell_owner
from watchers.ask import Outcome, Result
from watchers.batch import (
    Key,
    Match,
    Part,
    Tally,
    is_shown,
    key_of,
    poll_of,
    together,
    transactions,
    untakeable,
    worth,
)
from watchers.book import WatchBook
from watchers.corrections import CORRECTED, Corrections, Noticed, PageSaid
from watchers.incidents import Network, change, missed_time
from watchers.kinds.links import NAME as LINKS
from watchers.note import Noted, note
from watchers.pace import PaceRules
from watchers.read_ahead import ReadAhead
from watchers.still import must_be_still, while_still
from watchers.take_filings import Sightings, TakeFilings
from watchers.want import FullText, wants_page


@dataclass(frozen=True, slots=True)
class TakeInRules:
    """What of the configuration decides what becomes of news."""

    pace: PaceRules = field(default_factory=PaceRules)
    tell_backlog: bool = True
    """[alerts] first_run_backlog: what a new Source already holds is told in one Message."""
    corrections: bool = False
    """Whether what changes in an article after it was told is told too."""
    merge_reprints: bool = True
    edit_window: timedelta = timedelta(hours=24)
    full_text: FullText = FullText.NEVER
    """[polling] full_text: which articles' own pages are queued to be read."""
    documents: bool = False
    """[courts] documents: whether public documents of what is told are queued to be read."""


@dataclass(frozen=True, slots=True)
class Given:
    """Items that came by another way than a poll."""

    source: Source
    """What they are filed under: `store.sources.never_asked`."""
    items: tuple[Item, ...]
    at: datetime
    backlog: bool = False
    """They were there before anybody followed them."""


class TakeIn:
    """Takes in batches of Results, one after another."""

    def __init__(self, store: Store, book: WatchBook, rules: TakeInRules) -> None:
        """Write to `store` what `book` finds."""
        self._store = store
        self._book = book
        self._rules = rules
        self._filings = TakeFilings(
            book,
            tell_backlog=rules.tell_backlog,
            documents=rules.documents,
            edit_window=rules.edit_window,
        )
        self._ahead = ReadAhead(store)
        self._network = Network()
        self._random = random.Random()
        self._corrections = Corrections(rules.full_text) if rules.corrections else None

    async def take_in(self, results: Sequence[Result]) -> PollReport:
        """Write down what these polls brought. StoreError when the database can't take it.

        Results that can't be written together are written one by one, so that one document
        nobody foresaw, or that the database can't hold, holds up no other.
        """
        before = self._network.copy()
        try:
            return await self._take_in(results)
        except Exception as error:
            self._network = before
            if isinstance(error, StoreError) and not isinstance(error, UnstorableError):
                raise
            if len(results) == 1:
                return await self._take_in([untakeable(results[0], error)])
        return together([await self.take_in([result]) for result in results])

    async def take_in_given(
        self, given: Given, settle: Callable[[Tx], Awaitable[bool]]
    ) -> PollReport:
        """Write down what came by another way than a poll, in one transaction with what `settle`
        writes; where `settle` returns False it was written before, and nothing is written now.

        StoreError when the database can't take it.
        """
        state = SourceState(first_polled=None if given.backlog else given.at)
        claim = Claim(given.source, Pace(), state, "", 0)
        source = given.source
        some = tuple(replace(i, source_id=source.id, source=source.name) for i in given.items)
        result = Result(claim, Outcome.NEW, given.at, items=some)
        part = Part(result, some)

        async def attempt() -> PollReport:
            tally = Tally()
            match = await self._match([part])
            async with self._store.write() as tx:
                if not await settle(tx):
                    return PollReport()
                if some:
                    await self._record(tx, [part], match, tally, given.at)
                    await must_be_still(tx, match.mark)
            return PollReport((poll_of(result, tally),), alerts=tally.alerts, edits=tally.edits)

        return await while_still(self._store, attempt)

    async def take_in_page(
        self,
        page: PageSaid,
        source: Source,
        now: datetime,
        settle: Callable[[Tx], Awaitable[None]],
    ) -> int:
        """Match an Item whose own page was read; tell what it mentions and has not been told, and
        what has become of it since it was told.

        In one transaction with what `settle` writes. Returns how many Alerts came of it.
        """
        return await while_still(self._store, lambda: self._take_in_page(page, source, now, settle))

    async def _take_in_page(
        self,
        page: PageSaid,
        source: Source,
        now: datetime,
        settle: Callable[[Tx], Awaitable[None]],
    ) -> int:
        item = page.item
        async with self._store.read() as tx:
            await self._book.refresh(tx)  # whoever hears of it is looked up there, too
        mark = self._book.mark
        found = await self._found_on(page, source)
        tally = Tally()
        async with self._store.write() as tx:
            # In the order of a poll: its Items, then deciding, then the pages to be looked at soon.
            await pages.hold(tx, item.id)
            await alerts.one_decides(tx)
            await settle(tx)
            named = (await items.mentioned(tx, [item.id])).get(item.id)
            one = Recorded(item, News.CHANGED, page.before) if named else Recorded(item, News.NEW)
            noticed = Noticed()
            if self._corrections is not None:
                noticed = await self._corrections.notice_page(tx, page, now)
            drafts = await self._raise(
                tx, [one], {key_of(item): found}, {source.id: source}, noticed
            )
            await self._queue(tx, drafts, tally, now, noticed, page)
            await items.add_mentions(tx, [(item.id, mention) for mention in found])
            await must_be_still(tx, mark)
        return tally.alerts

    async def _found_on(self, page: PageSaid, source: Source) -> list[Mention]:
        """Return the Mentions in an Item with its page; none where that can't be read."""
        if not page.readable:
            return []
        (every,) = await self._book.find_mentions([page.item])
        return [one for one in every if self._admits(one, page.item, source)]

    async def _take_in(self, results: Sequence[Result]) -> PollReport:
        tally = Tally()
        network_notice = self._network.take(results)
        for parts in transactions(results):
            tally = await self._write(parts, tally, network_notice)
            network_notice = None
        return PollReport(
            polls=tuple(poll_of(one, tally) for one in results if is_shown(one, tally)),
            alerts=tally.alerts,
            edits=tally.edits,
        )

    async def _write(
        self, parts: Sequence[Part], before: Tally, network_notice: Notice | None
    ) -> Tally:
        """Write down what these polls brought; return the tally with it."""

        async def attempt() -> Tally:
            tally = deepcopy(before)
            await self._try_to_write(parts, tally, network_notice)
            return tally

        return await while_still(self._store, attempt)

    async def _try_to_write(
        self, parts: Sequence[Part], tally: Tally, network_notice: Notice | None
    ) -> None:
        match = await self._match(parts)
        now = max(part.result.at for part in parts)
        async with self._store.write() as tx:
            if any(part.items for part in parts):
                parts = await self._still_ours(tx, parts, tally)
                await self._record(tx, parts, match, tally, now)
            await self._note(tx, [part.result for part in parts if part.is_last], tally, now)
            if network_notice is not None:
                await tell_owner(tx, network_notice, now)
            if any(part.items for part in parts):
                await must_be_still(tx, match.mark)

    async def _match(self, parts: Sequence[Part]) -> Match:
        """Find the Mentions, before the transaction and outside the loop's thread."""
        if not any(part.items for part in parts):
            return Match()
        async with self._store.read() as tx:
            await self._book.refresh(tx)
            mark = self._book.mark
            pieces = [(part.result.claim.source, await worth(tx, part)) for part in parts]
        found = await self._find(pieces, max(part.result.at for part in parts))
        return Match(mark, found, await self._sightings(parts))

    async def _find(
        self, pieces: Sequence[tuple[Source, Sequence[Item]]], now: datetime
    ) -> dict[Key, list[Mention]]:
        pairs = [(source, item) for source, some in pieces for item in some]
        found = await self._book.find_mentions([item for _, item in pairs])
        named = [
            (item, kept)
            for (source, item), mentions in zip(pairs, found, strict=True)
            if (kept := [one for one in mentions if self._admits(one, item, source)])
        ]
        if named and self._rules.merge_reprints:
            watch_ids = {one.watch_id for _, kept in named for one in kept}
            await self._ahead.read([item for item, _ in named], watch_ids, now)
        return {key_of(item): kept for item, kept in named}

    async def _sightings(self, parts: Sequence[Part]) -> Sightings:
        """Find the Mentions in what came from courts."""
        sightings = Sightings()
        filings = [one for part in parts for one in part.filings]
        if filings:
            await self._filings.match(filings, sightings)
        return sightings

    def _admits(self, mention: Mention, item: Item, source: Source) -> bool:
        stored = self._book.watch(mention.watch_id)
        return stored is not None and admits(stored.watch, item, source)

    async def _still_ours(self, tx: Tx, parts: Sequence[Part], tally: Tally) -> Sequence[Part]:
        held = await sources.still_ours(tx, [part.result.claim for part in parts])
        tally.lost |= {part.result.claim.source.id for part in parts} - held
        return [part for part in parts if part.result.claim.source.id in held]

    async def _record(
        self,
        tx: Tx,
        parts: Sequence[Part],
        match: Match,
        tally: Tally,
        now: datetime,
    ) -> None:
        found = match.found
        backlog = {part.source_id for part in parts if part.result.claim.state.first_polled is None}
        recorded = await items.record(
            tx,
            [item for part in parts for item in part.plain],
            now,
            backlog=backlog,
            present={part.source_id: part.result.present for part in parts if part.plain},
        )
        await self._record_filings(tx, parts, match.sightings, backlog, tally, now)
        tally.count(recorded)
        by_source = {part.source_id: part.result.claim.source for part in parts}
        # A document has its newest at the top; a reader wants to hear things as they happened.
        oldest_first, noticed = recorded[::-1], Noticed()
        if self._corrections is not None:
            oldest_first, noticed = await self._corrections.notice(tx, oldest_first, found, now)
        drafts = await self._raise(tx, oldest_first, found, by_source, noticed)
        await self._queue(tx, drafts, tally, now, noticed)
        mentions = [(one.item.id, m) for one in recorded for m in found.get(key_of(one.item), ())]
        tally.mentions.update(one.item.source_id for one in recorded if key_of(one.item) in found)
        if mentions:
            await items.add_mentions(tx, mentions)
        if len(self._book):
            wanted = [one.item for one in recorded if wants_page(one, self._rules.full_text)]
            await pages.queue(tx, wanted, now)

    async def _record_filings(
        self,
        tx: Tx,
        parts: Sequence[Part],
        sightings: Sightings,
        backlog: Collection[int],
        tally: Tally,
        now: datetime,
    ) -> None:
        filings = [one for part in parts for one in part.filings]
        if not filings:
            return
        by_source = {part.source_id: part.result.claim.source for part in parts}
        taken = await self._filings.take(
            tx, filings, sightings, now, backlog=backlog, sources=by_source
        )
        tally.count([one.recorded for one in taken.filed])
        tally.mentions.update(taken.mentioned)
        tally.alerts += taken.alerts
        tally.edits += taken.edits
        told = (one for one in taken.decisions if one.step is Step.TELL)
        tally.told.update(one.draft.item.source_id for one in told)
        if self._corrections is not None:
            heard = [
                one.draft.item for one in taken.decisions if one.step in (Step.TELL, Step.JOIN)
            ]
            captures = {(one.source_id, one.key): one.capture for one in filings}
            await self._corrections.prove(tx, heard, captures)

    async def learn(self, docket: Docket, now: datetime) -> int:
        """Take in what was looked up of a docket; return how many Alerts came of it.

        StoreError when the database can't take it.
        """
        async with self._store.write() as tx:
            return await self.learn_in(tx, docket, now)

    async def learn_in(self, tx: Tx, docket: Docket, now: datetime) -> int:
        """Do the same within a transaction."""
        await self._book.refresh(tx)
        return (await self._filings.learn(tx, docket, now)).alerts

    async def _raise(
        self,
        tx: Tx,
        recorded: Sequence[Recorded],
        found: dict[Key, list[Mention]],
        by_source: dict[int, Source],
        noticed: Noticed,
    ) -> list[AlertDraft]:
        """Return the drafts for what was recorded, in order."""
        edited = [one.item.id for one in recorded if one.news is News.CHANGED]
        mentioned = await items.mentioned(tx, edited) if edited else {}
        told = [one for one in recorded if not one.backlog or self._tells(one, by_source)]
        watch_ids = {m.watch_id for one in told for m in found.get(key_of(one.item), ())}
        watch_ids |= {watch_id for some in mentioned.values() for watch_id in some}
        if not watch_ids:
            return []
        audience = await self._book.audiences(tx, watch_ids)
        hidden = await watches.hidden(tx, watch_ids, edited) if edited else set()
        return [
            draft
            for one in told
            for draft in raise_alerts(
                one,
                found.get(key_of(one.item), ()),
                audience,
                source=by_source[one.item.source_id],
                mentioned=mentioned.get(one.item.id, ()),
                hidden=hidden,
                amended=noticed.changed.get(one.item.id, ()),
                missing=noticed.missing.get(one.item.id),
            )
        ]

    def _tells(self, one: Recorded, by_source: Mapping[int, Source]) -> bool:
        """Whether what a new Source already held is told. Not the links of a page: nobody knows
        how old what they lead to is.
        """
        return self._rules.tell_backlog and by_source[one.item.source_id].kind != LINKS

    async def _queue(
        self,
        tx: Tx,
        drafts: Sequence[AlertDraft],
        tally: Tally,
        now: datetime,
        noticed: Noticed,
        page: PageSaid | None = None,
    ) -> None:
        if not drafts:
            return
        rules = self._rules
        since = now - max(REPRINT_WINDOW, rules.edit_window)
        if any(draft.changed for draft in drafts):
            since = min(since, now - CORRECTED)
        decisions = decide(
            drafts,
            await alerts.told(tx, drafts, since),
            now=now,
            rules=Joining(rules.merge_reprints, rules.edit_window),
        )
        count = await outbox.queue(tx, decisions, now)
        tally.alerts += count.alerts
        tally.edits += count.edits
        tally.told.update(one.draft.item.source_id for one in decisions if one.step is Step.TELL)
        if self._corrections is not None:
            tally.edits += await self._corrections.follow(tx, decisions, noticed, now, page)

    async def _note(self, tx: Tx, results: Sequence[Result], tally: Tally, now: datetime) -> None:
        """Write the polls down and tell the owner what they should hear."""
        noted = [self._noted(result, tally) for result in results]
        taken = await sources.note_polls(tx, [one.note for one in noted], now)
        for result, one in zip(results, noted, strict=True):
            source_id = result.claim.source.id
            if source_id not in taken:
                tally.lost.add(source_id)
                continue
            tally.gaps += one.possible_gap
            missed = missed_time(result, tally.new[source_id])
            if missed is not None:
                await docket_gaps.note_missed(tx, *missed, result.at)
            told = change(result, one, new=tally.new[source_id])
            if told is None:
                continue
            await sources.set_told(tx, source_id, told.told)
            if told.notice is not None:
                await tell_owner(tx, told.notice, now)

    def _noted(self, result: Result, tally: Tally) -> Noted:
        return note(
            result,
            self._rules.pace,
            new=tally.new[result.claim.source.id],
            jitter=self._random.uniform(-1, 1),
            ours=self._network.is_down,
        )
