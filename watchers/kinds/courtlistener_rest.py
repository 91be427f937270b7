"""CourtListener's REST API, version 4: what to ask, and what its answers say.

Measured: pages of 20 by cursor (`next`), no `in` filter for dockets, entries enriched for days
after they were made. So a docket is asked for what was modified since the last time, oldest first:
wherever the quota ends, the next question goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from model import Docket, Page, ParseError, Route
from watchers.addresses import parts_of
from watchers.answer import Answer, Request
from watchers.kinds.courtlistener_records import (
    Record,
    docket_of,
    entry_item,
    instant_of,
    number_of,
    party_of,
    record_of,
    records,
)

_API = "/api/rest/v4/"
_BODIES = "recap_documents__plain_text"
"""Twenty entries with the texts of all their documents can be larger than any cap."""


@dataclass(frozen=True, slots=True)
class Account:
    """[courts] as far as asking needs it."""

    base: str = "https://www.courtlistener.com"
    token: str = ""

    def url(self, path: str, **query: str) -> str:
        """Return an address of the API."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.base.rstrip('/')}{_API}{path}{asked}"

    def get(self, url: str) -> Request:
        """Ask an address; the token goes to CourtListener's own host and to no other."""
        return Request(url, self._headers(url))

    def post(self, url: str, said: Mapping[str, object]) -> Request:
        """Send a JSON object to an address."""
        headers = {**self._headers(url), "Content-Type": "application/json"}
        return Request(url, headers, "POST", json.dumps(said).encode())

    def delete(self, url: str) -> Request:
        """Have what is at an address deleted."""
        return Request(url, self._headers(url), "DELETE")

    def _headers(self, url: str) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.token and is_same_host(url, self.base):
            headers["Authorization"] = f"Token {self.token}"
        return headers


def is_same_host(url: str, base: str) -> bool:
    """Whether an address is at the same scheme, host and port as `base`."""
    one, other = parts_of(url), parts_of(base)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)


def docket_request(account: Account, docket_id: str) -> Request:
    """Ask for one docket."""
    return account.get(account.url(f"dockets/{docket_id}/"))


def numbered_request(account: Account, court: str, core: str) -> Request:
    """Ask for the dockets under a number. `core`: year and serial number as CourtListener keeps
    them ("1900366" for 1:19-cr-00366), which no office, letters or judges confuse.
    """
    return account.get(
        account.url("dockets/", court=court, docket_number_core=core, order_by="-date_modified")
    )


def number_core(number: str) -> str:
    """Return the distilled form of a normal docket number; empty for one that has none.

    "1:19-cr-00366" → "1900366": two digits of the year, five of the serial number.
    """
    parts = number.rpartition(":")[2].split("-")
    if len(parts) < 3 or not (parts[0].isdecimal() and parts[2].isdecimal()):
        return ""
    return f"{parts[0][-2:]}{int(parts[2]):05}"


def newest_entries_request(account: Account, docket_id: str) -> Request:
    """Ask for the docket's entries that were modified last: one page of them, without the texts
    of their documents.
    """
    return _entries(account, docket=docket_id, order_by="-date_modified", omit=_BODIES)


def entries_request(
    account: Account, docket_id: str, since: datetime, *, bodies: bool = True
) -> Request:
    """Ask for the docket's entries modified at or after `since`, the oldest modification first;
    `bodies`: with the texts of their documents, which can make the answer too large.
    """
    query = {"docket": docket_id, "date_modified__gte": since.isoformat()}
    leave_out = {} if bodies else {"omit": _BODIES}
    return _entries(account, **query, order_by="date_modified", **leave_out)


def document_entry_request(account: Account, document_id: str) -> Request:
    """Ask for the entry to which a document belongs."""
    return _entries(account, recap_documents=document_id)


def _entries(account: Account, **query: str) -> Request:
    return account.get(account.url("docket-entries/", **query))


def parties_request(account: Account, docket_id: str) -> Request:
    """Ask for the docket's parties."""
    return account.get(account.url("parties/", docket=docket_id, filter_nested_results="true"))


def search_request(account: Account, caption: str) -> Request:
    """Search dockets by what a person typed: it goes to CourtListener because they asked it to."""
    return account.get(account.url("search/", type="d", q=caption))


def docket_alert_request(account: Account, docket_id: str) -> Request:
    """Have CourtListener push what is filed in a docket."""
    said = {"docket": int(docket_id), "alert_type": 1}
    return account.post(account.url("docket-alerts/"), said)


def rearm_request(account: Account, alert_id: str) -> Request:
    """Have a docket's alert, armed or switched off, count as armed today."""
    request = account.post(account.url(f"docket-alerts/{alert_id}/"), {"alert_type": 1})
    return replace(request, method="PATCH")


def search_alert_request(account: Account, name: str, query: str) -> Request:
    """Have CourtListener push what names somebody: only for a Watch whose people agreed."""
    asked = urlencode({"type": "r", "q": query})
    said = {"name": name, "query": asked, "rate": "rt", "alert_type": "r"}
    return account.post(account.url("alerts/"), said)


def remove_alert_request(account: Account, sort: str, alert_id: str) -> Request:
    """Give up an alert. `sort`: "docket" or "search"."""
    where = "docket-alerts" if sort == "docket" else "alerts"
    return account.delete(account.url(f"{where}/{alert_id}/"))


def alert_id_of(answer: Answer) -> str:
    """Return the number of the alert that was made. Raises ParseError."""
    found = number_of(record_of(answer.body), "id")
    if not found:
        raise ParseError("CourtListener made no alert: its answer names none.")
    return found


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of a docket's entries."""

    page: Page
    mark: datetime | None = None
    """The latest modification among them: where the next question goes on."""


def read_entries(answer: Answer, base: str) -> Entries:
    """Read a page of docket entries. Raises ParseError."""
    whole = record_of(answer.body)
    found = list(_listed(whole))
    items = tuple(entry_item(one, base, Route.API) for one in found)
    marks = [at for one in found if (at := instant_of(one, "date_modified")) is not None]
    page = Page(items=items, more=_next(whole, base), total=len(items))
    return Entries(page, max(marks, default=None))


def read_docket(answer: Answer, base: str) -> Docket:
    """Read one docket. Raises ParseError."""
    found = docket_of(record_of(answer.body), base)
    if not found.docket_ids:
        raise ParseError("CourtListener's answer names no docket.")
    return found


def read_dockets(answer: Answer, base: str) -> tuple[Docket, ...]:
    """Read a page of dockets. Raises ParseError."""
    return tuple(docket_of(one, base) for one in _listed(record_of(answer.body)))


def read_parties(answer: Answer) -> tuple[str, ...]:
    """Read a page of parties: their names. Raises ParseError."""
    named = (party_of(one) for one in _listed(record_of(answer.body)))
    return tuple(filter(None, named))


def read_found_dockets(answer: Answer, base: str) -> tuple[Docket, ...]:
    """Read the dockets a search found. Raises ParseError."""
    listed = _listed(record_of(answer.body))
    return tuple(docket_of({**one, "id": one.get("docket_id")}, base) for one in listed)


def _listed(whole: Record) -> list[Record]:
    if not isinstance(whole.get("results"), list):
        raise ParseError("CourtListener's answer holds no list of results.")
    return list(records(whole))


def _next(whole: Record, base: str) -> str:
    """Return where the next page is; an address at another host is not followed."""
    more = whole.get("next")
    return more if isinstance(more, str) and is_same_host(more, base) else ""
