"""CourtListener's feeds, REST answers and webhooks, read into Filings."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from model import Item, Page, ParseError, Source
from model.docket import DocketState, Route
from watchers.answer import Answer
from watchers.kinds import KINDS
from watchers.kinds.courtlistener import docket_feed_url, search_feed_url, search_query
from watchers.kinds.courtlistener_push import EventType, event_type, read_push
from watchers.kinds.courtlistener_rest import (
    Account,
    docket_request,
    entries_request,
    number_core,
    read_docket,
    read_entries,
)

BASE = "http://127.0.0.1:9"
AT = datetime(2020, 11, 20, 12, tzinfo=UTC)
ENTRY = {
    "id": 901,
    "docket": f"{BASE}/api/rest/v4/dockets/77/",
    "date_filed": "2020-11-17",
    "date_created": "2020-11-18T08:00:00-08:00",
    "date_modified": "2020-11-18T09:00:00-08:00",
    "entry_number": 22,
    "pacer_sequence_number": 58,
    "description": "MOTION to Dismiss by USA as to Salvador Cienfuegos Zepeda.",
    "recap_documents": [
        {
            "id": 5001,
            "document_type": 1,
            "document_number": "22",
            "description": "Motion to Dismiss",
            "is_available": True,
            "filepath_local": "recap/gov.uscourts.nyed.437498/gov.uscourts.nyed.437498.22.0.pdf",
        }
    ],
}


def atom(*entries: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Docket updates</title>'
        f"{''.join(entries)}</feed>"
    ).encode()


def entry(anchor: str, title: str, text: str = "", enclosure: str = "", slug: str = "usa") -> str:
    link = f"{BASE}/docket/77/{slug}/?order_by=desc#{anchor}"
    pdf = f'<link href="{enclosure}" rel="enclosure" type="application/pdf"/>' if enclosure else ""
    return (
        f'<entry><title>{title}</title><link href="{link}" rel="alternate"/>'
        f"<published>2020-11-17T00:00:00-08:00</published>{pdf}"
        f'<id>{link}</id><summary type="html">{text}</summary></entry>'
    )


def read(kind: str, body: bytes, known: bytes = b"") -> Page:
    source = Source(3, BASE, BASE, kind=kind)
    return KINDS[kind].parse(source, Answer(BASE, body=body, at=AT), known)


def rest(value: object) -> Answer:
    return Answer(BASE, body=json.dumps(value).encode(), at=AT)


CAPTION = "USA v. Cienfuegos Zepeda, 1:19-cr-00366"


def test_an_entry_of_a_docket_feed_is_a_filing() -> None:
    pdf = "https://storage.courtlistener.com/recap/22.pdf"
    text = "MOTION to Dismiss"
    (item,) = read(
        "courtlistener_docket", atom(entry("entry-22", f"Entry #22 in {CAPTION}", text, pdf))
    ).items
    filing = item.filing
    assert filing is not None
    assert (filing.docket_id, filing.entry, filing.pk) == ("77", "22", "")
    assert (filing.number, filing.caption) == ("1:19-cr-00366", "USA v. Cienfuegos Zepeda")
    assert (filing.filed, filing.pdf) == (date(2020, 11, 17), pdf)
    assert filing.url == f"{BASE}/docket/77/usa/?order_by=desc#entry-22"
    assert filing.route is Route.DOCKET_FEED
    assert (item.title, item.summary, item.url) == (filing.caption, text, filing.url)


def test_a_minute_entry_is_known_by_its_own_number() -> None:
    title = f"Minute entry from 2020-11-18 in {CAPTION}"
    body = atom(
        entry("minute-entry-902", title, "ORDER"), entry("minute-entry-903", title, "ORDER")
    )
    items = read("courtlistener_docket", body).items
    assert [(one.key, one.filing.pk, one.filing.entry) for one in items if one.filing] == [
        ("minute-entry-902", "902", ""),
        ("minute-entry-903", "903", ""),
    ]


def test_a_new_caption_makes_no_new_keys() -> None:
    sealed = read("courtlistener_docket", atom(entry("entry-1", "Entry #1 in USA v. Sealed, 19-1")))
    named = entry("entry-1", f"Entry #1 in {CAPTION}", slug="usa-v-cienfuegos-zepeda")
    later = read("courtlistener_docket", atom(named), sealed.known)
    (before,), (after,) = sealed.items, later.items
    assert (before.key, after.key) == ("entry-1", "entry-1")
    assert (before.title, after.title) == ("USA v. Sealed", "USA v. Cienfuegos Zepeda")


def test_what_pacer_sells_is_no_pdf_to_open() -> None:
    sold = "https://ecf.nyed.uscourts.gov/doc1/123"
    (item,) = read("courtlistener_docket", atom(entry("entry-2", CAPTION, "x", sold))).items
    assert item.filing is not None
    assert item.filing.pdf == ""


def test_a_search_carries_every_spelling_once_with_and_without_accents() -> None:
    assert search_query(["Ismael Zambada García", "El Mayo"]) == (
        '"Ismael Zambada García" OR "Ismael Zambada Garcia" OR "El Mayo"'
    )
    asked = parse_qs(urlsplit(search_feed_url(BASE, ['Peña "Nieto"'])).query)
    assert asked == {"type": ["r"], "q": ['"Peña Nieto" OR "Pena Nieto"']}
    assert docket_feed_url(BASE + "/", "77") == f"{BASE}/docket/77/feed/"


def test_an_entry_of_the_api_is_a_filing() -> None:
    more = f"{BASE}/api/rest/v4/docket-entries/?cursor=abc"
    found = read_entries(rest({"next": more, "results": [ENTRY]}), BASE)
    (item,) = found.page.items
    filing = item.filing
    assert filing is not None
    assert (filing.court, filing.case_id, filing.docket_id) == ("nyed", "437498", "77")
    assert (filing.entry, filing.seq, filing.pk, filing.document) == ("22", "58", "901", "22")
    assert (filing.short, filing.filed) == ("Motion to Dismiss", date(2020, 11, 17))
    assert filing.pdf.startswith("https://storage.courtlistener.com/recap/gov.uscourts.nyed")
    assert item.summary == ENTRY["description"]
    assert found.page.more == more
    assert found.mark == datetime.fromisoformat("2020-11-18T09:00:00-08:00")


def test_a_next_page_elsewhere_is_not_followed() -> None:
    for elsewhere in ("http://elsewhere.example/", "http://[x"):
        found = read_entries(rest({"next": elsewhere, "results": []}), BASE)
        assert found.page.more == ""


def test_the_token_goes_to_courtlistener_alone() -> None:
    account = Account(BASE, "s3cret")
    assert docket_request(account, "77").headers["Authorization"] == "Token s3cret"
    for other in ("http://elsewhere.example/", "http://127.0.0.1:10/", "https://127.0.0.1:9/"):
        assert "Authorization" not in account.get(other).headers
    since = entries_request(account, "77", AT).url
    assert parse_qs(urlsplit(since).query)["date_modified__gte"] == [AT.isoformat()]


def test_a_docket_is_read_with_what_ends_it() -> None:
    record = {
        "id": 77,
        "court": f"{BASE}/api/rest/v4/courts/nyed/",
        "docket_number": "1:19-cr-00366",
        "case_name": "USA v. Cienfuegos Zepeda",
        "pacer_case_id": "437498",
        "assigned_to_str": "Carol Bagley Amon",
        "date_filed": "2019-08-14",
        "date_terminated": "2020-11-18",
    }
    docket = read_docket(rest(record), BASE)
    assert (docket.court, docket.number) == ("nyed", "1:19-cr-00366")
    assert (docket.case_ids, docket.docket_ids) == (("437498",), ("77",))
    assert docket.state is DocketState.CLOSED
    assert read_docket(rest({**record, "date_terminated": None}), BASE).state is DocketState.OPEN


@pytest.mark.parametrize("number", ["1:19-cr-00366", "19-cr-366", "1:2019-cr-366-CBA"])
def test_a_number_has_a_core(number: str) -> None:
    assert number_core(number) == "1900366"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"nonsense", b'{"a":' * 100_000, b"\xff"])
def test_what_is_not_courtlisteners_json_is_a_sentence(body: bytes) -> None:
    with pytest.raises(ParseError, match="CourtListener"):
        read_entries(Answer(BASE, body=body), BASE)
    with pytest.raises(ParseError, match="CourtListener"):
        event_type(body)


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, True, -3, 1e99])
def test_a_field_of_another_type_costs_only_itself(wrong: object) -> None:
    for name in ENTRY:
        if name == "description":
            continue
        found = read_entries(rest({"results": [{**ENTRY, name: wrong}]}), BASE)
        assert found.page.items[0].summary == ENTRY["description"]


def push(shared: Path, name: str) -> bytes:
    folder = shared / "data" / "courts" / "courtlistener_agpl" / "webhooks"
    return (folder / f"{name}_webhook_dummy.json").read_bytes()


def test_a_docket_alert_tells_of_an_entry(shared: Path) -> None:
    pushed = read_push(push(shared, "docket_alert"), BASE)
    (item,) = pushed.items
    assert pushed.event == EventType.DOCKET_ALERT
    filing = item.filing
    assert filing is not None
    assert (filing.court, filing.case_id, filing.docket_id) == ("dcd", "178502", "4214664")
    assert (filing.entry, filing.pk, filing.seq) == ("140", "2208776613", "584")
    assert filing.short == "Motion for Settlement"
    assert filing.route is Route.PUSH


@pytest.mark.parametrize("version", ["", "_v2"])
def test_a_search_alert_tells_of_what_was_found(shared: Path, version: str) -> None:
    folder = shared / "data" / "courts" / "courtlistener_agpl" / "webhooks"
    body = (folder / f"search_alert_webhook_dummy{version}.json").read_bytes()
    (item,) = read_push(body, BASE).items
    filing = item.filing
    assert filing is not None
    assert (filing.court, filing.number, filing.docket_id) == ("scotus", "14-556", "2668808")
    assert (filing.caption, filing.filed) == ("Obergefell v. Hodges", date(2015, 6, 26))
    assert item.key == "opinion 2812209"
    assert "obergefell" in item.text.lower()
    assert "<" not in item.summary + item.text


def test_old_alerts_name_the_dockets_to_arm_again(shared: Path) -> None:
    pushed = read_push(push(shared, "old_alerts_report"), BASE)
    assert (pushed.event, pushed.rearm) == (EventType.OLD_ALERTS, ("3", "1"))


def test_what_was_fetched_and_prayed_for_is_named(shared: Path) -> None:
    assert read_push(push(shared, "recap_fetch"), BASE).document_id == "10"
    assert read_push(push(shared, "pray_and_pay"), BASE).document_id == "436149610"


def test_an_unknown_event_is_only_a_number() -> None:
    body = json.dumps({"webhook": {"event_type": 99}, "payload": {"x": 1}}).encode()
    assert read_push(body, BASE).event == 99


def test_documents_found_by_a_search_are_filings_of_their_docket() -> None:
    found = {
        "docket_id": 77,
        "court_id": "nyed",
        "docketNumber": "1:19-cr-00366",
        "caseName": "USA v. Cienfuegos Zepeda",
        "party": ["USA", "Salvador Cienfuegos Zepeda"],
        "recap_documents": [
            {
                "id": 5001,
                "docket_entry_id": 901,
                "entry_number": 22,
                "document_number": 22,
                "entry_date_filed": "2020-11-17",
                "short_description": "Motion to Dismiss",
                "snippet": "the <mark>Cienfuegos</mark> matter",
            }
        ],
    }
    body = {"webhook": {"event_type": 2}, "payload": {"results": [found, 7]}}
    (item,) = read_push(json.dumps(body).encode(), BASE).items
    filing = item.filing
    assert filing is not None
    assert (filing.docket_id, filing.entry, filing.pk) == ("77", "22", "901")
    assert filing.parties == ("USA", "Salvador Cienfuegos Zepeda")
    assert item.text == "the Cienfuegos matter"


def test_items_of_one_entry_are_called_alike_by_push_and_api() -> None:
    body = {"webhook": {"event_type": 1}, "payload": {"results": [{**ENTRY, "docket": 77}]}}
    (pushed,) = read_push(json.dumps(body).encode(), BASE).items
    (asked,) = read_entries(rest({"results": [ENTRY]}), BASE).page.items
    assert pushed.filing is not None
    assert asked == replace(pushed, filing=replace(pushed.filing, route=Route.API))
    assert isinstance(pushed, Item)


def test_an_address_that_is_none_costs_no_event_its_entries() -> None:
    broken = {"document_type": 1, "filepath_local": "//[x", "is_available": True}
    fine = {"id": 6, "docket": 3, "entry_number": 2}
    entries = [{"id": 5, "docket": 3, "entry_number": 1, "recap_documents": [broken]}, fine]
    body = {"webhook": {"event_type": 1}, "payload": {"results": entries}}
    one, other = read_push(json.dumps(body).encode(), BASE).items
    assert one.filing is not None
    assert (one.filing.pdf, one.filing.entry, other.key) == ("", "1", "entry 6")
    found = [{"docket_id": 3, "caseName": "A v. B", "absolute_url": "//[x"}]
    body = {"webhook": {"event_type": 2}, "payload": {"results": found}}
    [case] = read_push(json.dumps(body).encode(), BASE).items
    assert case.url == f"{BASE}/docket/3/-/"
