"""Asking CourtListener within its quota: every request is taken out of the shared budget first."""

from __future__ import annotations

from datetime import datetime, timedelta

from model import Docket, FetchError
from store import quota
from store.engine import Store
from store.quota import Purpose
from watchers.allot import said_limits
from watchers.answer import Answer, Request
from watchers.fetch import Fetcher, RefusedError
from watchers.kinds.courtlistener_rest import (
    Account,
    docket_request,
    number_core,
    numbered_request,
    read_docket,
    read_dockets,
    read_found_dockets,
    search_request,
)
from watchers.pace import asked_by

_PAUSE = timedelta(minutes=5)
"""How long CourtListener is left alone after a 429 that names no time."""


class NoTokenError(FetchError):
    """No CourtListener token is set: get a free one at courtlistener.com and put it into the file
    of [courts] courtlistener_token_file.
    """


class TokenRefusedError(FetchError):
    """CourtListener refuses the token: copy it again from your profile there into the file of
    [courts] courtlistener_token_file.
    """


class QuotaSpentError(FetchError):
    """CourtListener's quota is used up for now."""

    def __init__(self, when: datetime) -> None:
        """Say until when."""
        super().__init__(f"CourtListener's quota is used up until {when:%H:%M} UTC.")
        self.when = when


class CourtListener:
    """CourtListener's REST API for one account."""

    def __init__(self, store: Store, fetcher: Fetcher, account: Account) -> None:
        """Ask with `fetcher` in the name of `account`, within the budget in `store`."""
        self._store = store
        self._fetcher = fetcher
        self.account = account

    async def ask(self, request: Request, purpose: Purpose, now: datetime) -> Answer:
        """Return the answer. FetchError in a sentence: NoTokenError, TokenRefusedError,
        QuotaSpentError when it is not to be asked now, else as `Fetcher.fetch` has it.
        """
        if not self.account.token:
            raise NoTokenError
        async with self._store.write() as tx:
            grant = await quota.reserve(tx, now, 1, purpose)
        if not grant.granted:
            raise QuotaSpentError(grant.when)
        try:
            answer = (await self._fetcher.fetch(request, now)).answer
        except RefusedError as error:
            await self._refused(error, now)
            raise
        if said := said_limits(answer.headers):
            async with self._store.write() as tx:
                await quota.note(tx, now, said)
        return answer

    async def _refused(self, error: RefusedError, now: datetime) -> None:
        """Remember for everybody what a refusal asks for."""
        if error.status == 401:
            raise TokenRefusedError from error
        if error.status != 429:
            return
        wait = asked_by(error.headers, now).retry_after
        until = now + (_PAUSE if wait is None else timedelta(seconds=wait))
        async with self._store.write() as tx:
            await quota.note(tx, now, said_limits(error.headers))
            await quota.pause(tx, until, now)
        raise QuotaSpentError(until) from error

    async def docket(
        self, docket_id: str, now: datetime, purpose: Purpose = Purpose.ASKED
    ) -> Docket:
        """Look up a docket by CourtListener's number. FetchError or ParseError."""
        answer = await self.ask(docket_request(self.account, docket_id), purpose, now)
        return read_docket(answer, self.account.base)

    async def numbered(
        self, court: str, number: str, now: datetime, purpose: Purpose = Purpose.ASKED
    ) -> tuple[Docket, ...]:
        """Look up the dockets under a court's number ("1:19-cr-00366"). FetchError, ParseError."""
        core = number_core(number)
        if not core:
            return ()
        request = numbered_request(self.account, court, core)
        answer = await self.ask(request, purpose, now)
        return read_dockets(answer, self.account.base)

    async def search(self, caption: str, now: datetime) -> tuple[Docket, ...]:
        """Search dockets by what a person typed and wants sent."""
        answer = await self.ask(search_request(self.account, caption), Purpose.ASKED, now)
        return read_found_dockets(answer, self.account.base)
