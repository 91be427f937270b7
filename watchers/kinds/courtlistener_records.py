"""CourtListener's records as JSON, the same in REST answers and webhooks, read into nouns.

What came is believed for its shape only: a field of another type than it should have counts as
absent, and the record's other fields go on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

from model import Docket, DocketState, Filing, Item, ParseError, Route
from watchers.addresses import within
from watchers.plain import plain_line, plain_text

Record: TypeAlias = Mapping[str, object]

STORAGE = "https://storage.courtlistener.com/"
"""Where the documents are whose paths CourtListener calls local."""
OPINION = "Opinion"

_NESTED = re.compile(r"/(\d+)/?$")
_FILE = re.compile(r"gov\.uscourts\.(?P<court>[a-z0-9]+)\.(?P<case>\d+)")
_MAIN = 1
"""document_type of the document itself; 2 is an attachment."""


def record_of(body: bytes) -> Record:
    """Return the JSON object these bytes are. Raises ParseError when they are none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError("This is not the JSON that CourtListener sends.") from error
    if not isinstance(found, dict):
        raise ParseError("This is not the JSON object that CourtListener sends.")
    return found


def records(where: Record, name: str = "results") -> Iterator[Record]:
    """Yield the objects listed under `name`."""
    listed = where.get(name)
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            yield one


def text_of(where: Record, *names: str) -> str:
    """Return the first of these fields that says something, as one line."""
    for name in names:
        value = where.get(name)
        if isinstance(value, str) and value.strip():
            return plain_line(value, html=False)
    return ""


def number_of(where: Record, *names: str) -> str:
    """Return the first of these fields that is a whole number, or the address of a record, whose
    number is its last part; "" when none is.
    """
    for name in names:
        value = where.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return str(value)
        if isinstance(value, str):
            found = _NESTED.search(f"/{value.strip()}")
            if found:
                return found[1]
    return ""


def day_of(where: Record, *names: str) -> date | None:
    """Return the first of these fields that begins with a day."""
    for name in names:
        value = where.get(name)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                continue
    return None


def instant_of(where: Record, name: str) -> datetime | None:
    """Return a field that is an instant with its zone."""
    value = where.get(name)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def entry_item(entry: Record, base: str, route: Route) -> Item:
    """Return a docket entry with its documents as an Item with its Filing.

    Only the docket's number is known of its case here, and what its documents' file names tell.
    """
    documents = list(records(entry, "recap_documents"))
    main = next((one for one in documents if one.get("document_type") == _MAIN), {})
    text = _prose(entry, "description")
    docket_id, pk = number_of(entry, "docket"), number_of(entry, "id")
    number = number_of(entry, "entry_number")
    court, case_id = _case_of_file(documents)
    filing = Filing(
        court=court,
        case_id=case_id,
        docket_id=docket_id,
        entry=number,
        document=text_of(main, "document_number") or number,
        seq=number_of(entry, "pacer_sequence_number"),
        pk=pk,
        short=text_of(main, "description"),
        text=text,
        filed=day_of(entry, "date_filed"),
        url=_entry_url(base, docket_id, number, pk),
        pdf=pdf_of(main),
        sealed=main.get("is_sealed") is True,
        route=route,
    )
    return _item(filing, f"entry {pk}", _prose(main, "plain_text"), entry)


def _item(filing: Filing, key: str, text: str, record: Record) -> Item:
    return Item(
        key=key,
        url=filing.url,
        title=filing.caption,
        summary=filing.text or filing.short,
        text=text,
        lang="en",
        published=text_of(record, "date_filed", "entry_date_filed", "dateFiled", "date_created"),
        published_at=instant_of(record, "date_created"),
        filing=filing,
    )


def _prose(where: Record, *names: str) -> str:
    for name in names:
        value = where.get(name)
        if isinstance(value, str) and value.strip():
            return plain_text(value, html="snippet" in name)
    return ""


def _case_of_file(documents: Sequence[Record]) -> tuple[str, str]:
    """Read court and PACER case from the file names: gov.uscourts.<court>.<case>.<document>."""
    for one in documents:
        for name in ("filepath_local", "filepath_ia"):
            value = one.get(name)
            found = _FILE.search(value) if isinstance(value, str) else None
            if found:
                return found["court"], found["case"]
    return "", ""


def pdf_of(document: Record) -> str:
    """Return where a document can be had for nothing; empty when it isn't there yet."""
    if document.get("is_available") is False:
        return ""
    local = text_of(document, "filepath_local", "local_path")
    elsewhere = text_of(document, "filepath_ia", "download_url")
    found = within(STORAGE, local or elsewhere) if local or elsewhere else ""
    return found if found.startswith(("https://", "http://")) else ""


def _entry_url(base: str, docket_id: str, number: str, pk: str) -> str:
    if not docket_id:
        return ""
    anchor = f"entry-{number}" if number else f"minute-entry-{pk}"
    return f"{docket_url(base, docket_id)}?order_by=desc#{anchor}"


def docket_url(base: str, docket_id: str) -> str:
    """Return a docket's page: CourtListener leads from any last word to the right one."""
    return f"{base.rstrip('/')}/docket/{docket_id}/-/"


def docket_of(record: Record, base: str) -> Docket:
    """Return a docket's record. Empty fields are not known."""
    docket_id = number_of(record, "id", "docket_id")
    case_id = text_of(record, "pacer_case_id") or number_of(record, "pacer_case_id")
    where = text_of(record, "absolute_url", "docket_absolute_url")
    ended = day_of(record, "date_terminated", "dateTerminated")
    return Docket(
        court=text_of(record, "court_id") or _last_word(record.get("court")),
        number=text_of(record, "docket_number", "docketNumber"),
        caption=text_of(record, "case_name", "caseName", "case_name_full", "case_name_short"),
        judge=text_of(record, "assigned_to_str", "assignedTo"),
        filed=day_of(record, "date_filed", "dateFiled"),
        terminated=ended,
        state=DocketState.CLOSED if ended else DocketState.OPEN,
        case_ids=(case_id,) if case_id else (),
        docket_ids=(docket_id,) if docket_id else (),
        url=(where and within(base, where)) or docket_url(base, docket_id),
        parties=_words(record.get("party")),
    )


def _last_word(address: object) -> str:
    """Return the id at the end of a record's address (…/courts/nyed/)."""
    if not isinstance(address, str) or "/" not in address:
        return ""
    return address.rstrip("/").rpartition("/")[2]


def _words(listed: object) -> tuple[str, ...]:
    some = listed if isinstance(listed, list) else ()
    return tuple(plain_line(one, html=False) for one in some if isinstance(one, str) and one)


def party_of(record: Record) -> str:
    """Return the name of a party's record."""
    return text_of(record, "name")


def find_items(record: Record, base: str, route: Route) -> list[Item]:
    """Return what a search found, in any of its shapes: a document by itself, a docket with its
    documents (`recap_documents`), an opinion with its parts (`opinions`).
    """
    documents = list(records(record, "recap_documents"))
    if documents:
        return [_document_item({**record, **one}, base, route) for one in documents]
    if number_of(record, "docket_entry_id") or text_of(record, "entry_date_filed"):
        return [_document_item(record, base, route)]
    return [_case_item(record, base, route)]


def _document_item(record: Record, base: str, route: Route) -> Item:
    docket = docket_of({**record, "id": record.get("docket_id")}, base)
    number = number_of(record, "entry_number") or text_of(record, "entry_number")
    pk = number_of(record, "docket_entry_id")
    docket_id = next(iter(docket.docket_ids), "")
    filing = replace(
        _of_case(docket, route),
        entry=number,
        document=number_of(record, "document_number") or text_of(record, "document_number"),
        pk=pk,
        short=text_of(record, "short_description"),
        text=_prose(record, "description", "short_description"),
        filed=day_of(record, "entry_date_filed"),
        url=_entry_url(base, docket_id, number, pk),
        pdf=pdf_of(record),
    )
    key = f"entry {pk}" if pk else f"document {number_of(record, 'id')}"
    return _item(filing, key, _prose(record, "snippet"), record)


def _case_item(record: Record, base: str, route: Route) -> Item:
    """Return a docket, or an opinion, that was found as such."""
    docket = docket_of({**record, "id": record.get("docket_id")}, base)
    opinion = number_of(record, "cluster_id")
    parts = list(records(record, "opinions"))
    where = text_of(record, "absolute_url", "docket_absolute_url")
    snippet = _prose(record, "snippet") or next((_prose(one, "snippet") for one in parts), "")
    filing = replace(
        _of_case(docket, route),
        short=OPINION if opinion else "",
        filed=docket.filed,
        url=(where and within(base, where)) or docket.url,
        pdf=pdf_of(parts[0] if parts else record),
    )
    key = f"opinion {opinion}" if opinion else f"docket {filing.docket_id}"
    return _item(filing, key, snippet, record)


def _of_case(docket: Docket, route: Route) -> Filing:
    """Return a Filing of which only its case is known."""
    return Filing(
        court=docket.court,
        number=docket.number,
        case_id=next(iter(docket.case_ids), ""),
        docket_id=next(iter(docket.docket_ids), ""),
        caption=docket.caption,
        judge=docket.judge,
        parties=docket.parties,
        route=route,
    )


def of_case(item: Item, docket: Docket) -> Item:
    """Return an Item with what is known of its case where the Item itself doesn't say it."""
    filing = item.filing
    if filing is None:
        return item
    known = _of_case(docket, filing.route)
    fields = ("court", "number", "case_id", "docket_id", "caption", "judge", "parties")
    filled = {name: getattr(filing, name) or getattr(known, name) for name in fields}
    return replace(item, title=filled["caption"], filing=replace(filing, **filled))
