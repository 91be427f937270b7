"""What goes over the sandbox's pipe comes out as it went in."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

from model import Item, Page
from model.docket import Event, Filing, Route, Severity
from watchers.wire import hear_page, say_page

WHOLE = Filing(
    court="nyed",
    number="1:19-cr-00366",
    case_id="437498",
    docket_id="4214664",
    caption="USA v. Cienfuegos Zepeda",
    entry="22",
    document="22",
    seq="88",
    pk="2208776613",
    short="Motion to Dismiss",
    text="MOTION to Dismiss by USA.",
    filed=date(2020, 11, 17),
    stamp="2020-11-17T18:00:00Z",
    judge="Carol Bagley Amon",
    parties=("USA", "Salvador Cienfuegos Zepeda"),
    url="https://example.org/docket/4214664/#entry-22",
    pdf="https://example.org/22.pdf",
    sealed=True,
    events=(Event("motion-to-dismiss", Severity.IMPORTANT, 0, 17),),
    route=Route.PUSH,
)


def test_a_filing_goes_over_the_pipe_whole() -> None:
    assert all(getattr(WHOLE, one.name) for one in fields(Filing))
    item = Item(key="a", title="USA v. Cienfuegos Zepeda", filing=WHOLE)
    dated = replace(item, published_at=datetime(2020, 11, 17, 18, tzinfo=UTC), filing=Filing())
    page = Page(items=(item, dated, Item(key="b")), total=3)
    assert hear_page(say_page(page)) == page
