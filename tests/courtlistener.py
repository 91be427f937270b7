"""A CourtListener of our own on loopback: strict about what it is asked, with a clock handed in.

It knows version 4's pages by cursor, filters and orders, tokens, the three sliding quotas, and the
feeds of dockets and searches. What it does not know it refuses with 400, and counts.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from tests.fakes import Loopback

TOKEN = "f00d" * 10
PAGE = 20
FEED = 30
QUOTAS = (
    (timedelta(minutes=1), 5),
    (timedelta(hours=1), 50),
    (timedelta(days=1), 125),
)
ORDERS = {"id", "date_created", "date_modified", "date_filed", "entry_number"}
ENTRY_FILTERS = {
    "docket",
    "date_modified__gte",
    "date_modified__gt",
    "entry_number",
    "recap_documents",
    "id__gt",
}
DOCKET_FILTERS = {"court", "docket_number_core", "docket_number", "pacer_case_id"}
COMMON = {"order_by", "cursor", "fields", "omit"}


@dataclass
class Entry:
    """One entry of a docket."""

    pk: int
    docket: int
    description: str
    modified: datetime
    number: int | None = None
    filed: date = date(2020, 11, 17)
    short: str = ""
    pdf: str = ""
    body: str = ""

    def record(self, *, lean: bool = False) -> dict[str, object]:
        documents = []
        if self.number is not None:
            documents = [
                {
                    "id": self.pk * 10,
                    "document_type": 1,
                    "document_number": str(self.number),
                    "attachment_number": None,
                    "description": self.short,
                    "is_available": bool(self.pdf),
                    "is_sealed": None,
                    "filepath_local": self.pdf or None,
                    "absolute_url": f"/docket/{self.docket}/{self.number}/x/",
                    **({} if lean else {"plain_text": self.body}),
                }
            ]
        return {
            "id": self.pk,
            "docket": f"/api/rest/v4/dockets/{self.docket}/",
            "recap_documents": documents,
            "date_created": self.modified.isoformat(),
            "date_modified": self.modified.isoformat(),
            "date_filed": self.filed.isoformat(),
            "time_filed": None,
            "entry_number": self.number,
            "pacer_sequence_number": self.pk % 1000,
            "recap_sequence_number": f"{self.filed}.001",
            "description": self.description,
            "tags": [],
        }


@dataclass
class Case:
    """One docket."""

    id: int
    court: str
    number: str
    caption: str
    case_id: str = ""
    filed: date = date(2019, 8, 14)
    terminated: date | None = None
    parties: tuple[str, ...] = ()
    entries: list[Entry] = field(default_factory=list)

    @property
    def core(self) -> str:
        year, _, serial = self.number.partition(":")[2].split("-")[:3]
        return f"{year}{int(serial):05}"

    def record(self, base: str) -> dict[str, object]:
        return {
            "id": self.id,
            "court": f"{base}/api/rest/v4/courts/{self.court}/",
            "court_id": self.court,
            "absolute_url": f"/docket/{self.id}/slug/",
            "docket_number": self.number,
            "docket_number_core": self.core,
            "pacer_case_id": self.case_id,
            "case_name": self.caption,
            "date_filed": self.filed.isoformat(),
            "date_terminated": self.terminated.isoformat() if self.terminated else None,
            "assigned_to_str": "Carol Bagley Amon",
        }


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    at: datetime
    method: str
    path: str
    query: Mapping[str, str]
    body: str
    authorization: str
    status: int = 0


class CourtListener(Loopback):
    """The server. `cases` may be changed at any time; `asked` lists what was asked of it."""

    def __init__(
        self, clock: Callable[[], datetime], *, quotas: Sequence[tuple[timedelta, int]] = QUOTAS
    ) -> None:
        self.clock = clock
        self.quotas = quotas
        self.cases: dict[int, Case] = {}
        self.asked: list[Asked] = []
        self.alerts: dict[str, dict[str, object]] = {}
        self.alert_limit = 5
        self.headers: dict[str, str] = {}
        self.token = TOKEN
        self.serves_feeds = True
        self.shows_parties = False
        self.down = False
        self.broken: set[str] = set()
        """Numbers of dockets, documents, courts … about which a question is answered with 500."""
        self._counted: list[datetime] = []
        self._next = 1

    # -- What a test does ----------------------------------------------------------------------

    def case(self, docket_id: int, **fields: object) -> Case:
        """Have a docket of this id from now on."""
        number, caption = f"1:20-cr-{docket_id:05}", f"USA v. No {docket_id}"
        given = {"court": "nyed", "number": number, "caption": caption, **fields}
        one = self.cases[docket_id] = Case(docket_id, **given)  # type: ignore[arg-type]
        return one

    def file(self, docket: int, description: str, **fields: object) -> Entry:
        """File an entry in a docket, now."""
        one = Entry(1000 + self._count(), docket, description, self.clock(), **fields)  # type: ignore[arg-type]
        self.cases[docket].entries.append(one)
        return one

    def of(self, path: str) -> list[Asked]:
        """Return what was asked of addresses that begin so and was answered well."""
        return [one for one in self.asked if one.path.startswith(path) and one.status < 400]

    def refused(self) -> list[Asked]:
        """Return the requests that were answered with 4xx, but for what the account can't see."""
        refused = [one for one in self.asked if 400 <= one.status < 500]
        return [one for one in refused if "/parties/" not in one.path]

    def most_in(self, length: timedelta) -> int:
        """Return the most requests to the API that any window of this length held."""
        times = [one.at for one in self.asked if one.path.startswith("/api/")]
        return max((sum(t <= u < t + length for u in times) for t in times), default=0)

    def _count(self) -> int:
        self._next += 1
        return self._next

    # -- Answering -----------------------------------------------------------------------------

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.read()).decode()
        answer = self._answered(request, body)
        self.asked.append(
            Asked(
                self.clock(),
                request.method,
                request.path,
                dict(request.query),
                body,
                request.headers.get("Authorization", ""),
                answer.status,
            )
        )
        return answer

    def _answered(self, request: web.BaseRequest, body: str) -> web.Response:
        if self.down:
            return web.Response(status=503)
        if self.broken & {*request.path.split("/"), *request.query.values()}:
            return web.Response(status=500)
        parts = request.path.strip("/").split("/")
        if parts[:3] == ["api", "rest", "v4"]:
            return self._api(request, parts[3:], body)
        if request.headers.get("Authorization"):
            return web.Response(status=400, text="a feed wants no token")
        if not self.serves_feeds:
            return web.Response(status=503)
        if len(parts) == 3 and (parts[0], parts[2]) == ("docket", "feed") and not request.query:
            return self._docket_feed(int(parts[1]))
        if parts == ["feed", "search"] and set(request.query) == {"type", "q"}:
            return self._search_feed(request.query["q"])
        return web.Response(status=404)

    def _api(self, request: web.BaseRequest, parts: list[str], body: str) -> web.Response:
        if request.headers.get("Authorization") != f"Token {self.token}":
            return self._json({"detail": "Invalid token."}, 401)
        wait = self._throttled()
        if wait is not None:
            seconds = str(int(wait.total_seconds()) + 1)
            said = {"detail": f"Request was throttled. Expected available in {seconds} seconds."}
            return self._json(said, 429, {"Retry-After": seconds})
        if request.method != "GET":
            return self._change(request.method, parts, body)
        if parts[0] == "docket-entries":
            return self._entries(request, parts[1:])
        if parts[0] == "dockets":
            return self._dockets(request, parts[1:])
        if parts[0] == "parties":
            return self._parties(request)
        if parts[0] == "search":
            return self._search(request)
        return self._json({"detail": "Not found."}, 404)

    def _json(
        self, said: object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        return web.json_response(said, status=status, headers={**self.headers, **(headers or {})})

    def _throttled(self) -> timedelta | None:
        """Return how long to wait; None: the request is let through and counted."""
        now = self.clock()
        for length, most in self.quotas:
            recent = [at for at in self._counted if at > now - length]
            if len(recent) >= most:
                return recent[len(recent) - most] + length - now
        self._counted.append(now)
        return None

    def _unknown(self, request: web.BaseRequest, filters: set[str]) -> web.Response | None:
        wrong = sorted(set(request.query) - filters - COMMON)
        order = request.query.get("order_by", "id").removeprefix("-")
        if wrong or order not in ORDERS or len(set(request.query)) != len(request.query):
            return self._json(dict.fromkeys(wrong or ["order_by"], "Unknown filter."), 400)
        return None

    def _entries(self, request: web.BaseRequest, rest: list[str]) -> web.Response:
        every = [entry for case in self.cases.values() for entry in case.entries]
        if rest:
            found = next((one for one in every if str(one.pk) == rest[0]), None)
            return self._json(found.record()) if found else self._json({}, 404)
        refused = self._unknown(request, ENTRY_FILTERS)
        if refused is not None:
            return refused
        query = request.query
        if "docket" in query:
            every = [one for one in every if str(one.docket) == query["docket"]]
        if "date_modified__gte" in query:
            since = datetime.fromisoformat(query["date_modified__gte"])
            every = [one for one in every if one.modified >= since]
        if "recap_documents" in query:
            every = [one for one in every if str(one.pk * 10) == query["recap_documents"]]
        lean = query.get("omit") == "recap_documents__plain_text"
        records = [one.record(lean=lean) for one in every]
        return self._page(request, records, query.get("order_by", "id"))

    def _page(
        self, request: web.BaseRequest, records: list[dict[str, object]], order: str
    ) -> web.Response:
        name = order.removeprefix("-")
        back = order.startswith("-")
        records.sort(key=lambda one: (str(one[name]), str(one["id"])), reverse=back)
        start = 0
        if cursor := request.query.get("cursor"):
            start = int(b64decode(cursor).decode())
        more = None
        if start + PAGE < len(records):
            cursor = b64encode(str(start + PAGE).encode()).decode()
            more = str(request.url.with_query({**request.query, "cursor": cursor}))
        page = {"next": more, "previous": None, "results": records[start : start + PAGE]}
        return self._json(page)

    def _dockets(self, request: web.BaseRequest, rest: list[str]) -> web.Response:
        if rest:
            found = self.cases.get(int(rest[0]))
            return self._json(found.record(self.base)) if found else self._json({}, 404)
        refused = self._unknown(request, DOCKET_FILTERS)
        if refused is not None:
            return refused
        query = request.query
        cases = [
            one
            for one in self.cases.values()
            if query.get("court", one.court) == one.court
            and query.get("docket_number_core", one.core) == one.core
        ]
        return self._json({"next": None, "results": [one.record(self.base) for one in cases]})

    def _parties(self, request: web.BaseRequest) -> web.Response:
        if not self.shows_parties:
            return self._json({"detail": "You do not have permission."}, 403)
        refused = self._unknown(request, {"docket", "filter_nested_results"})
        if refused is not None:
            return refused
        case = self.cases[int(request.query["docket"])]
        named = [{"id": at, "name": name} for at, name in enumerate(case.parties)]
        return self._json({"next": None, "results": named})

    def _search(self, request: web.BaseRequest) -> web.Response:
        if set(request.query) - {"type", "q", "cursor"} or request.query.get("type") not in "rd":
            return self._json({"detail": "Unknown parameter."}, 400)
        found = [
            {
                "docket_id": one.id,
                "court_id": one.court,
                "docketNumber": one.number,
                "caseName": one.caption,
                "docket_absolute_url": f"/docket/{one.id}/slug/",
                "dateFiled": one.filed.isoformat(),
            }
            for one in self.cases.values()
            if _words(request.query["q"]) <= _words(one.caption)
        ]
        return self._json({"count": len(found), "next": None, "previous": None, "results": found})

    def _change(self, method: str, parts: list[str], body: str) -> web.Response:
        sort, *rest = parts
        if sort not in ("docket-alerts", "alerts"):
            return self._json({"detail": "Not found."}, 404)
        said = json.loads(body) if body else {}
        allowed = {"docket", "alert_type"} if sort == "docket-alerts" else set()
        allowed = allowed or {"name", "query", "rate", "alert_type"}
        if set(said) - allowed:
            return self._json({"detail": "Unknown field."}, 400)
        if method == "POST" and not rest:
            mine = [one for one in self.alerts.values() if one["sort"] == sort]
            if len(mine) >= self.alert_limit or any(said.items() <= one.items() for one in mine):
                return self._json({"detail": "You have no alerts left."}, 403)
            number = self._count()
            self.alerts[str(number)] = {"sort": sort, "at": self.clock(), **said}
            return self._json({"id": number, **said}, 201)
        if not rest or rest[0] not in self.alerts:
            return self._json({"detail": "Not found."}, 404)
        if method == "PATCH":
            self.alerts[rest[0]] |= {**said, "at": self.clock()}
            return self._json({"id": int(rest[0]), **said})
        if method == "DELETE":
            del self.alerts[rest[0]]
            return web.Response(status=204)
        return self._json({"detail": "Not allowed."}, 405)

    # -- Feeds ---------------------------------------------------------------------------------

    def _docket_feed(self, number: int) -> web.Response:
        case = self.cases.get(number)
        if case is None:
            return web.Response(status=404)
        newest = sorted(case.entries, key=lambda one: (one.filed, one.pk), reverse=True)[:FEED]
        entries = "".join(self._feed_entry(case, one) for one in newest)
        return self._atom(f"Docket updates for {case.caption}, {case.number}", entries)

    def _feed_entry(self, case: Case, one: Entry) -> str:
        anchor = f"entry-{one.number}" if one.number else f"minute-entry-{one.pk}"
        what = f"Entry #{one.number}" if one.number else f"Minute entry from {one.filed}"
        slug = case.caption.lower().replace(" ", "-").replace(".", "")
        link = f"{self.base}/docket/{case.id}/{slug}/?order_by=desc#{anchor}"
        return _entry(f"{what} in {case.caption}, {case.number}", link, one.description, one.filed)

    def _search_feed(self, query: str) -> web.Response:
        wanted = [one.strip('" ').lower() for one in query.split(" OR ")]
        entries = "".join(
            _entry(
                case.caption,
                f"{self.base}/docket/{case.id}/slug/",
                "",
                case.filed,
                "District Court, E.D. New York",
            )
            for case in self.cases.values()
            if any(one in case.caption.lower() for one in wanted)
        )
        return self._atom("CourtListener.com Custom Search Feed", entries)

    def _atom(self, title: str, entries: str) -> web.Response:
        body = (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">'
            f"<title>{escape(title)}</title><id>{self.base}/</id>{entries}</feed>"
        )
        return web.Response(body=body.encode(), content_type="application/atom+xml")


def _entry(title: str, link: str, text: str, day: date, author: str = "") -> str:
    return (
        f"<entry><title>{escape(title)}</title><link href={quoteattr(link)} rel='alternate'/>"
        f"<published>{day}T00:00:00-08:00</published><updated>{day}T00:00:00-08:00</updated>"
        f"<author><name>{escape(author)}</name></author>"
        f"<id>{escape(link)}</id><summary type='html'>{escape(text)}</summary></entry>"
    )


def _words(text: str) -> set[str]:
    """Return the words that a search looks for: every one of them has to be there."""
    return set(re.findall(r"\w+", text.casefold()))
