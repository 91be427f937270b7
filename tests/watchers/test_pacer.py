"""The courts' own feeds: what is read off them is what others read, and nothing twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from model import Item, Page, Source
from watchers.answer import Answer
from watchers.kinds.pacer import Pacer, plain_caption

SHARED = Path(__file__).parents[3] / "shared/data/courts/pacer_rss"
AT = datetime(2023, 2, 4, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>EDNY</title>'
ITEM = """<item><title><![CDATA[{title}]]></title><pubDate>{at}</pubDate>
<guid isPermaLink="true">https://ecf.nyed.uscourts.gov/cgi-bin/DktRpt.pl?{case}</guid>
<description><![CDATA[{text}]]></description>
<link>https://ecf.nyed.uscourts.gov/cgi-bin/DktRpt.pl?{case}</link></item>"""


def parse(body: bytes, known: bytes = b"") -> Page:
    source = Source(7, "https://court.test/rss", "https://court.test/rss", kind="pacer")
    kind, items = Pacer(), []
    answer = Answer(source.url, 200, {"content-type": "application/xml"}, body, AT)
    while True:
        page = kind.parse(source, answer, known)
        items += page.items
        known = page.known
        if not page.unread:
            return replace(page, items=tuple(items))


def feed(*items: str) -> bytes:
    return (HEAD + "".join(items) + "</channel></rss>").encode("iso-8859-1")


def entry(
    text: str = "[Order] USA v. Doe",
    at: str = "Tue, 22 May 2018 22:10:04 GMT",
    case: str = "437498",
    title: str = "1:19-cr-00366-CBA USA v. Doe et al",
) -> str:
    return ITEM.format(title=title, at=at, case=case, text=text)


def told(page: Page) -> list[tuple[str, str]]:
    return [(one.filing.entry, one.filing.short) for one in page.items if one.filing]


# -- what others read ---------------------------------------------------------------------------


def expected(path: Path) -> set[tuple[str, ...]]:
    rows = json.loads(path.read_text())
    return {_expected(row, one) for row in rows for one in row["docket_entries"]}


def _expected(row: dict[str, Any], one: dict[str, Any]) -> tuple[str, ...]:
    at = datetime.fromisoformat(one["date_filed"]).astimezone(UTC).isoformat()
    return (
        row["docket_number"],
        same_caption(row["case_name"]),
        row["pacer_case_id"] or "",
        one["document_number"] or "",
        same_events(one["short_description"]),
        at,
    )


def found(item: Item) -> tuple[str, ...]:
    filing = item.filing
    assert filing is not None, item.title
    return (
        filing.number,
        same_caption(filing.caption),
        filing.case_id,
        filing.document,
        same_events(filing.short),
        filing.stamp,
    )


def same_events(short: str) -> str:
    """Leave out that the other reader says an event twice when the feed does, and its blanks."""
    return " AND ".join(sorted({part.strip() for part in short.split(" AND ")}))


def same_caption(caption: str) -> str:
    """Leave out what the other reader harmonises differently: points, commas, "et al"."""
    plain = caption.removeprefix("Unknown Case Title").replace("States of America", "States")
    plain = re.sub(r",?\s*et\.? al\b\.?|[.,#]", "", plain)
    return " ".join(plain.split()).casefold()


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/courts/pacer_rss")
@pytest.mark.parametrize("name", [p.stem for p in sorted(SHARED.glob("*.xml"))])
def test_a_court_s_feed_says_what_others_read_in_it(name: str) -> None:
    page = parse((SHARED / f"{name}.xml").read_bytes())
    wanted = expected(SHARED / f"{name}.json")
    # A grand jury's list stands in a court's feed too; the other reader leaves it out.
    assert {found(one) for one in page.items if "~" not in found(one)[0]} == wanted
    assert len({item.key for item in page.items}) == len(page.items)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/courts/pacer_rss")
@pytest.mark.parametrize("name", [p.stem for p in sorted(SHARED.glob("*.xml"))])
def test_the_same_feed_again_has_nothing_new(name: str) -> None:
    body = (SHARED / f"{name}.xml").read_bytes()
    first = parse(body)
    again = parse(body, first.known)
    assert again.items == ()
    assert {one.key for one in parse(body).items} == {one.key for one in first.items}


# -- forms --------------------------------------------------------------------------------------


def test_a_filing_is_read_off_title_and_description() -> None:
    link = "https://ecf.nyed.uscourts.gov/doc1/123?caseid=437498&de_seq_num=47"
    [item] = parse(feed(entry(f'[Motion to Dismiss] (<a href="{link}">22</a>)'))).items
    filing = item.filing
    assert filing is not None
    assert (filing.court, filing.number, filing.case_id) == ("nyed", "1:19-cr-00366", "437498")
    assert (filing.entry, filing.seq, filing.short) == ("22", "47", "Motion to Dismiss")
    assert (filing.judge, filing.caption) == ("CBA", "United States v. Doe")
    assert [one.kind for one in filing.events] == ["motion_to_dismiss"]
    assert (item.title, item.summary, item.key) == (filing.caption, filing.short, "437498/22")


def test_two_events_of_one_second_are_one_filing_in_whichever_order() -> None:
    one, other = entry("[Order(Other)] x"), entry("[Order Dismissing Case] x")
    assert told(parse(feed(one, other))) == told(parse(feed(other, one)))
    assert told(parse(feed(one, other))) == [("", "Order Dismissing Case AND Order(Other)")]


def test_a_second_event_that_comes_later_makes_the_filing_whole() -> None:
    one, other = entry("[Order(Other)] x"), entry("[Scheduling Order] x")
    first = parse(feed(one))
    later = parse(feed(other, one), first.known)
    assert told(later) == [("", "Order(Other) AND Scheduling Order")]
    assert later.items[0].key == first.items[0].key


def test_orders_without_number_are_apart_by_their_second() -> None:
    later = entry("[Order] USA v. Doe", "Tue, 22 May 2018 22:10:05 GMT")
    assert len(parse(feed(entry(), later)).items) == 2


def test_an_old_date_is_a_key_all_the_same() -> None:
    [item] = parse(feed(entry(at="Tue, 22 May 2001 22:10:04 GMT"))).items
    assert item.key == "437498@2001-05-22T22:10:04+00:00"


def test_what_names_no_docket_stays_what_it_is() -> None:
    [item] = parse(feed(entry(title="Court closed on Monday"))).items
    assert (item.filing, item.title) == (None, "Court closed on Monday")


@pytest.mark.parametrize("odd", ["-CBA(SJB)", "-CBA-1,2", "-CBA:", "-AMENDED", "-*SEALED*"])
def test_what_stands_oddly_behind_a_number_loses_no_entry_of_the_case(odd: str) -> None:
    title = f"1:19-cr-00366{odd} USA v. Doe"
    later = entry("[Judgment]", "Tue, 22 May 2018 22:10:05 GMT", title=title)
    page = parse(feed(entry("[Order]", title=title), later))
    assert [one.filing.number for one in page.items if one.filing] == ["1:19-cr-00366"] * 2
    assert {one.title for one in page.items} == {"United States v. Doe"}


def test_an_address_that_is_none_costs_its_own_entry_no_more_than_the_address() -> None:
    odd = '[Order] (<a href="https://[x/doc1/1?caseid=4&de_seq_num=5">3</a>)'
    assert told(parse(feed(entry(odd)))) == [("3", "Order")]


def test_a_sign_that_looks_like_a_digit_is_no_entry_number() -> None:
    odd = '[Order] (<a href="https://ecf.nyed.uscourts.gov/doc1/1?caseid=4&de_seq_num=5">²</a>)'
    assert told(parse(feed(entry(odd)))) == [("", "Order")]


def test_a_description_that_is_cut_or_has_no_brackets_is_read_all_the_same() -> None:
    later = entry("Order on Doe", "Tue, 22 May 2018 22:10:05 GMT")
    page = parse(feed(entry("[Motion to Dismiss by D"), later))
    assert told(page) == [("", "[Motion to Dismiss by D"), ("", "Order on Doe")]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("USA v. Cienfuegos Zepeda", "United States v. Cienfuegos Zepeda"),
        ("Spoon et al v. Ethicon, Inc. et al", "Spoon v. Ethicon, Inc."),
        ("DMJ Associates, L.L. v. Capasso, et al", "DMJ Associates, L.L. v. Capasso"),
        ("United States of America v. Doe", "United States v. Doe"),
        ("In re Symbol Technologies, Inc.", "In re Symbol Technologies, Inc."),
        ("Gioeli vs. United States of America", "Gioeli v. United States"),
        ("Usain v. Doe", "Usain v. Doe"),
    ],
)
def test_a_caption_is_made_plain(written: str, plain: str) -> None:
    assert plain_caption(written) == plain
