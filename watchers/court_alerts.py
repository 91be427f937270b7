"""The few alerts CourtListener keeps for an account: given to what matters most, kept armed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from model import Following
from store import court_asks
from store.court_asks import CourtAlert
from store.engine import Store
from store.quota import Purpose
from watchers.allot import AlertPlan, allot_alerts
from watchers.court_feeds import Searched
from watchers.courtlistener import CourtListener
from watchers.fetch import RefusedError
from watchers.kinds.courtlistener import search_query
from watchers.kinds.courtlistener_rest import (
    alert_id_of,
    docket_alert_request,
    rearm_request,
    remove_alert_request,
    search_alert_request,
)

_GONE = frozenset({404, 410})
_FULL = frozenset({400, 402, 403})
"""What a request for an alert is answered with when the account may have no more of them."""


class CourtAlerts:
    """Arms, re-arms and gives up alerts."""

    def __init__(self, store: Store, courtlistener: CourtListener) -> None:
        """Ask `courtlistener`, and remember in `store` which alerts there are."""
        self._store = store
        self._courtlistener = courtlistener
        self._account = courtlistener.account
        self._names: dict[str, str] = {}

    async def dockets(self, following: Sequence[Following], now: datetime) -> None:
        """Have CourtListener push what is filed in the first of these dockets. FetchError."""
        wanted = [i for one in following for i in one.docket.docket_ids[:1]]
        plan = allot_alerts(wanted, await self._armed("docket"), now)
        await self._give_up(plan, now)
        for alert in plan.again:
            await self._rearm(alert, now)
        for docket_id in plan.arm:
            if not await self._arm("docket", docket_id, "", now):
                return

    async def searches(self, searched: Sequence[Searched], now: datetime) -> None:
        """Have CourtListener push what names the first of these Watches, all of whose people
        agreed that it hears the name. FetchError.
        """
        queries = {str(one.watch.id): search_query(one.names) for one in searched}
        self._names = {str(one.watch.id): one.watch.name for one in searched}
        plan = allot_alerts(list(queries), await self._armed("search"), now, queries=queries)
        await self._give_up(plan, now)
        for watch_id in plan.arm:
            if not await self._arm("search", watch_id, queries[watch_id], now):
                return

    async def _armed(self, sort: str) -> list[CourtAlert]:
        async with self._store.read() as tx:
            return [one for one in await court_asks.court_alerts(tx) if one.sort == sort]

    async def _give_up(self, plan: AlertPlan, now: datetime) -> None:
        for alert in plan.drop:
            request = remove_alert_request(self._account, alert.sort, alert.alert_id)
            try:
                await self._courtlistener.ask(request, Purpose.POLL, now)
            except RefusedError as error:
                if error.status not in _GONE:
                    raise
            async with self._store.write() as tx:
                await court_asks.drop_alert(tx, alert.sort, alert.about)

    async def _arm(self, sort: str, about: str, query: str, now: datetime) -> bool:
        """Make an alert; False when the account may have no more."""
        if sort == "docket":
            request = docket_alert_request(self._account, about)
        else:
            request = search_alert_request(self._account, self._names[about], query)
        try:
            answer = await self._courtlistener.ask(request, Purpose.POLL, now)
        except RefusedError as error:
            if error.status in _FULL:
                return False
            raise
        async with self._store.write() as tx:
            made = CourtAlert(sort, about, alert_id_of(answer), now, query)
            await court_asks.note_alert(tx, made)
        return True

    async def _rearm(self, alert: CourtAlert, now: datetime) -> None:
        request = rearm_request(self._account, alert.alert_id)
        try:
            await self._courtlistener.ask(request, Purpose.POLL, now)
        except RefusedError as error:
            if error.status not in _GONE:
                raise
            async with self._store.write() as tx:
                await court_asks.drop_alert(tx, alert.sort, alert.about)
            await self._arm("docket", alert.about, "", now)
            return
        async with self._store.write() as tx:
            made = CourtAlert(alert.sort, alert.about, alert.alert_id, now, alert.query)
            await court_asks.note_alert(tx, made)
