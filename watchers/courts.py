"""The round of CourtListener: its feeds kept in step with what is followed, then REST, within the
quota, for what was told of and for what nobody has told of for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from model import (
    Docket,
    DocketState,
    FetchError,
    Following,
    ParseError,
    PollReport,
    Source,
    StoreError,
    VigilError,
)
from store import court_asks, dockets, quota, sources, upkeep
from store.court_asks import Asked
from store.engine import Store, Tx
from store.quota import Left, Purpose
from watchers.allot import due_dockets
from watchers.answer import Request
from watchers.batch import together
from watchers.court_alerts import CourtAlerts
from watchers.court_feeds import DOCKET, Searched, consenting, keep_feeds
from watchers.court_turns import CourtTurns
from watchers.courtlistener import CourtListener, QuotaSpentError
from watchers.decode import TooMuchError
from watchers.fetch import RefusedError
from watchers.kinds.courtlistener import docket_feed_url
from watchers.kinds.courtlistener_records import of_case
from watchers.kinds.courtlistener_rest import (
    Entries,
    document_entry_request,
    entries_request,
    newest_entries_request,
    parties_request,
    read_entries,
    read_parties,
)
from watchers.push import DOCUMENT, source_of
from watchers.take_in import Given, TakeIn

EVERY = 60.0
"""Seconds between two rounds."""
_BEFORE = timedelta(hours=1)
"""A docket without entries is asked next for what was modified from so long before now on: the
two clocks may differ.
"""
_LEASE = "courtlistener"
_LEASE_SECONDS = 300.0
_ALERTS_EVERY = timedelta(hours=1)
"""How often it is looked whether CourtListener's alerts are as they should be."""
_NO_PARTIES = "courtlistener parties"
"""Setting: since when the account is known not to see parties."""
_PARTIES_AGAIN = timedelta(days=30)
_AFTER_TROUBLE = timedelta(minutes=10)
"""How long nothing is asked after an answer that was none: each question costs quota."""
_NUMBER_EVERY = timedelta(days=1)
"""How often an open docket is looked for that CourtListener doesn't have yet."""
_MISSING = frozenset({403, 404, 410})
_NO_SUCH = frozenset({400})
"""What a filter by a number is answered with that there is not."""
_HIDDEN = (DocketState.SEALED, DocketState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CourtRules:
    """[courts] and [server] as far as CourtListener is concerned."""

    search: bool = True
    """Names go to its search where a Watch's people agreed; False: never."""
    pushing: bool = False
    """It can push to us: there is a public address and a secret."""
    interval: float = 1200.0
    """Seconds between two polls of a feed."""


@dataclass(frozen=True, slots=True)
class CourtReport:
    """What one round did."""

    taken: PollReport = field(default_factory=PollReport)
    left: tuple[Left, ...] = ()
    """What is left of the quota."""
    error: str = ""
    """What kept it from doing more, in a sentence; a spent quota is no trouble."""


class Courts:
    """Keeps up with CourtListener; several processes take turns by a lease."""

    def __init__(
        self,
        store: Store,
        courtlistener: CourtListener,
        take_in: TakeIn,
        rules: CourtRules,
        *,
        owner: str,
    ) -> None:
        """Ask `courtlistener` for what is followed, in the name of `owner`."""
        self._store = store
        self._courtlistener = courtlistener
        self._account = courtlistener.account
        self._alerts = CourtAlerts(store, courtlistener)
        self._take_in = take_in
        self._rules = rules
        self._owner = owner
        self._alerts_at: datetime | None = None
        self._rest_from: datetime | None = None
        self._failed: set[str] = set()
        """What went wrong when it was last asked."""

    async def run(
        self,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
        report: Callable[[CourtReport], None] = lambda _: None,
        trouble: Callable[[VigilError], None] = lambda _: None,
    ) -> None:
        """Make rounds until `stop` is set."""
        while not stop.is_set():
            try:
                report(await self.round(clock()))
            except StoreError as error:
                trouble(error)
            waits = [
                asyncio.create_task(self._store.woken("courts", EVERY)),
                asyncio.create_task(stop.wait()),
            ]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in waits:
                one.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*waits, return_exceptions=True)

    async def round(self, now: datetime) -> CourtReport:
        """Keep feeds in step, then ask what the quota allows. StoreError when the database can't
        be used; whatever CourtListener does wrong is in the report.
        """
        async with self._store.write() as tx:
            if await upkeep.lease(tx, _LEASE, self._owner, _LEASE_SECONDS) is None:
                return CourtReport()
            following = [one for one in await dockets.followings(tx) if one.enabled]
            searched = await consenting(tx) if self._rules.search else []
            base, interval = self._account.base, self._rules.interval
            await keep_feeds(tx, base, interval, following, searched, now)
        taken: list[PollReport] = []
        error = ""
        if self._account.token and (self._rest_from is None or now >= self._rest_from):
            try:
                await self._rest(following, searched, taken, now)
            except QuotaSpentError:
                pass
            except (FetchError, ParseError) as problem:
                error = str(problem)
                self._rest_from = now + _AFTER_TROUBLE
        async with self._store.write() as tx:
            await upkeep.release(tx, _LEASE, self._owner)
            left = await quota.left(tx, now)
        return CourtReport(together(taken), left, error)

    async def _rest(
        self,
        following: Sequence[Following],
        searched: Sequence[Searched],
        taken: list[PollReport],
        now: datetime,
    ) -> None:
        turns = CourtTurns(self._failed)
        await self._look_up(now, turns)
        await self._look_for(following, now, turns)
        if self._alerts_at is None or now - self._alerts_at >= _ALERTS_EVERY:
            keep = partial(self._keep_alerts, following, searched, now)
            await turns.take("alerts", keep)
        by_id = {i: one.docket for one in following for i in one.docket.docket_ids}
        for ask in await self._due(by_id, now):
            docket = by_id[ask.docket_id]
            work = partial(self._catch_up, ask, docket, taken, now)
            await turns.take(f"entries {ask.docket_id}", work)
        await turns.end()

    async def _keep_alerts(
        self, following: Sequence[Following], searched: Sequence[Searched], now: datetime
    ) -> None:
        await self._alerts.searches(searched if self._rules.pushing else (), now)
        await self._alerts.dockets(following if self._rules.pushing else (), now)
        self._alerts_at = now

    async def _catch_up(
        self, ask: Asked, docket: Docket, taken: list[PollReport], now: datetime
    ) -> None:
        """Take in what is new in a docket; one that is not there (any more) is asked for seldom."""
        try:
            await self._entries(ask, docket, taken, now)
            if ask.asked_at is None:
                await self._parties(docket, ask.docket_id, now)
        except RefusedError as error:
            if error.status not in _MISSING:
                raise
            async with self._store.write() as tx:
                await court_asks.note_asked(tx, replace(ask, asked_at=now, wanted_at=None))

    async def _look_up(self, now: datetime, turns: CourtTurns) -> None:
        """Look up the dockets, and the entries of documents, of which only the number has been
        told.
        """
        async with self._store.read() as tx:
            waiting = await court_asks.unknown(tx)
        for ask in waiting:
            await turns.take(ask.docket_id, partial(self._known, ask, now))

    async def _known(self, ask: Asked, now: datetime) -> None:
        """Look up one of them; what CourtListener does not have is looked up no more."""
        document = ask.docket_id.partition(DOCUMENT)[2]
        found: Docket | None = None
        try:
            if document:
                await self._document(ask, document, now)
                return
            found = await self._courtlistener.docket(ask.docket_id, now, Purpose.ENRICH)
        except RefusedError as error:
            if error.status not in _MISSING | _NO_SUCH:
                raise
        async with self._store.write() as tx:
            if found is not None:
                await self._take_in.learn_in(tx, found, now)
            await court_asks.note_asked(tx, replace(ask, known=True))

    async def _look_for(
        self, following: Sequence[Following], now: datetime, turns: CourtTurns
    ) -> None:
        """Look for followed dockets of which CourtListener's number is not known: those that are
        sealed or unknown when it is their turn, others once a day.
        """
        async with self._store.read() as tx:
            hidden = await dockets.due_again(tx, now)
        missing = [one.docket for one in following if not one.docket.docket_ids]
        names = {_name(one): one for one in missing if one.state not in _HIDDEN}
        async with self._store.read() as tx:
            before = await court_asks.asked(tx, names)
        late = [one for name, one in names.items() if _is_late(before.get(name), now)]
        for docket in (*hidden, *late):
            if docket.court and docket.number:
                await turns.take(_name(docket), partial(self._number, docket, now))

    async def _number(self, docket: Docket, now: datetime) -> None:
        """Learn what CourtListener has under a docket's number; who follows it hears of that.

        Where the quota is spent, its turn stays; any other trouble is this turn's answer.
        """
        try:
            found = await self._courtlistener.numbered(
                docket.court, docket.number, now, Purpose.POLL
            )
        except QuotaSpentError:
            raise
        except (FetchError, ParseError):
            async with self._store.write() as tx:
                await dockets.had_turn(tx, docket.id, now)
            raise
        async with self._store.write() as tx:
            await dockets.had_turn(tx, docket.id, now)
            for one in found:
                await self._take_in.learn_in(tx, replace(one, court=docket.court), now)
            await court_asks.note_asked(tx, Asked(_name(docket), asked_at=now, known=True))

    async def _document(self, ask: Asked, document_id: str, now: datetime) -> None:
        """Take in the entry of a document that can be had now."""
        request = document_entry_request(self._account, document_id)
        answer = await self._courtlistener.ask(request, Purpose.ENRICH, now)
        entries = read_entries(answer, self._account.base)
        await self._take(entries, Docket(), replace(ask, known=True), first=False, now=now)

    async def _due(self, docket_ids: Collection[str], now: datetime) -> list[Asked]:
        """Return which dockets to ask for their entries now, the most pressing first."""
        base = self._account.base
        async with self._store.read() as tx:
            before = await court_asks.asked(tx, docket_ids)
            feeds = {
                one.source.base: one.pace.last_new
                for one in await sources.health(tx, kinds={DOCKET})
            }
            a_day = (await quota.budget(tx, now)).limits["day"]
        asks = (before.get(one) or Asked(one) for one in docket_ids)
        told = (_told(one, feeds.get(docket_feed_url(base, one.docket_id))) for one in asks)
        return due_dockets(told, a_day, now)

    async def _entries(
        self, ask: Asked, docket: Docket, taken: list[PollReport], now: datetime
    ) -> None:
        """Take in what was modified in a docket since the last time, page by page."""
        first = ask.asked_at is None or ask.mark is None
        if first or ask.mark is None:
            request = newest_entries_request(self._account, ask.docket_id)
        else:
            request = entries_request(self._account, ask.docket_id, ask.mark)
        while True:
            entries = await self._read(request, ask, now)
            ask = _after(ask, entries, now, whole=first)
            taken.append(await self._take(entries, docket, ask, first=first, now=now))
            if first or not entries.page.more:
                return
            request = self._account.get(entries.page.more)

    async def _read(self, request: Request, ask: Asked, now: datetime) -> Entries:
        """Ask for a page; once more without the documents' texts when these are too much."""
        try:
            answer = await self._courtlistener.ask(request, Purpose.POLL, now)
        except TooMuchError:
            if ask.mark is None:
                raise
            lean = entries_request(self._account, ask.docket_id, ask.mark, bodies=False)
            answer = await self._courtlistener.ask(lean, Purpose.POLL, now)
        return read_entries(answer, self._account.base)

    async def _parties(self, docket: Docket, docket_id: str, now: datetime) -> None:
        """Learn who the parties are, where the account may know: some may not."""
        async with self._store.read() as tx:
            refused = await upkeep.setting(tx, _NO_PARTIES)
        if refused and now - datetime.fromisoformat(refused) < _PARTIES_AGAIN:
            return
        request = parties_request(self._account, docket_id)
        try:
            answer = await self._courtlistener.ask(request, Purpose.POLL, now)
        except RefusedError as error:
            if error.status not in _MISSING:
                raise
            async with self._store.write() as tx:
                await upkeep.set_setting(tx, _NO_PARTIES, now.isoformat())
            return
        known = replace(docket, docket_ids=(docket_id,), parties=read_parties(answer))
        async with self._store.write() as tx:
            await self._take_in.learn_in(tx, known, now)

    async def _take(
        self, entries: Entries, docket: Docket, ask: Asked, *, first: bool, now: datetime
    ) -> PollReport:
        async def settle(tx: Tx) -> bool:
            await court_asks.note_asked(tx, ask)
            return True

        newest_first = entries.page.items if first else entries.page.items[::-1]
        items = tuple(of_case(one, docket) for one in newest_first)
        given = Given(await self._source(now), items, now, backlog=first)
        return await self._take_in.take_in_given(given, settle)

    async def _source(self, now: datetime) -> Source:
        async with self._store.write() as tx:
            return await sources.never_asked(tx, source_of(self._account.base), now)


def _name(docket: Docket) -> str:
    return f"{docket.court} {docket.number}"


def _is_late(ask: Asked | None, now: datetime) -> bool:
    return ask is None or ask.asked_at is None or now - ask.asked_at >= _NUMBER_EVERY


def _told(ask: Asked, fed_at: datetime | None) -> Asked:
    """Take into account that the docket's feed has shown something since it was last asked."""
    if fed_at is None or ask.wanted_at is not None:
        return ask
    if ask.asked_at is not None and fed_at <= ask.asked_at:
        return ask
    return replace(ask, wanted_at=fed_at)


def _after(ask: Asked, entries: Entries, now: datetime, *, whole: bool) -> Asked:
    """Return what is known of a docket's asking after a page; with more to come it stays wanted,
    so that a spent quota only delays the rest.
    """
    mark = max(filter(None, (ask.mark, entries.mark)), default=now - _BEFORE)
    wanted = now if entries.page.more and not whole else None
    return replace(ask, mark=mark, asked_at=now, wanted_at=wanted, known=True)
