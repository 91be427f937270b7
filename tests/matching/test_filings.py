"""Filings: one thing whichever way it arrives, and never two things in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.filings import (
    changes,
    filed_on,
    filing_keys,
    is_graver,
    is_told,
    joined_shorts,
    loose_keys,
    may_be_same,
    merge,
    severity_of,
)
from matching.happened import with_events
from model.docket import Event, Filing, Level, Route, Severity

COURT = Filing(
    court="nyed",
    number="1:19-cr-00366-CBA",
    case_id="437498",
    caption="United States v. Cienfuegos Zepeda",
    entry="22",
    short="Motion to Dismiss",
    stamp="2020-11-17T23:10:04+00:00",
)
API = Filing(
    docket_id="18555801",
    court="nyed",
    number="1:19-cr-00366",
    entry="22",
    pk="1001",
    text="MOTION to Dismiss Indictment by USA",
    filed=date(2020, 11, 17),
    route=Route.API,
)


def shared(one: Filing, other: Filing) -> bool:
    return bool(set(filing_keys(one)) & set(filing_keys(other)))


def test_one_entry_is_one_filing_by_every_route() -> None:
    feed = replace(API, court="", number="", route=Route.DOCKET_FEED, pk="")
    assert shared(COURT, API)
    assert shared(API, feed)
    assert not shared(COURT, feed), "their dockets meet only through a third"
    assert shared(merge(COURT, API), feed)


def test_entries_of_one_docket_are_apart_and_so_are_courts() -> None:
    assert not shared(COURT, replace(COURT, entry="23"))
    assert not shared(COURT, replace(COURT, court="nysd"))
    assert not shared(replace(COURT, number=""), replace(COURT, number="", case_id="437499"))


def test_several_case_ids_under_one_number_are_one_case() -> None:
    assert shared(COURT, replace(COURT, case_id="437499"))


def test_orders_without_a_number_are_apart_by_the_second() -> None:
    first = replace(COURT, entry="", short="Order")
    second = replace(first, stamp="2020-11-17T23:10:05+00:00")
    assert not shared(first, second)
    assert shared(first, replace(first, short="Order AND Order(Other)"))
    assert set(loose_keys(first)) & set(loose_keys(second))
    assert not may_be_same(first, second)


def test_an_order_without_a_number_meets_itself_from_another_route() -> None:
    fed = replace(COURT, entry="", short="Order")
    told = Filing(
        court="nyed", number="1:19-cr-00366", pk="7", short="Order", filed=date(2020, 11, 17)
    )
    assert set(loose_keys(fed)) & set(loose_keys(told))
    assert may_be_same(fed, told)
    assert not may_be_same(replace(told, pk="8"), told)


def test_the_day_is_the_court_s_own() -> None:
    late = replace(COURT, stamp="2020-11-18T03:30:00+00:00")
    assert filed_on(late) == "2020-11-17"
    assert filed_on(replace(late, court="hid")) == "2020-11-17"
    assert filed_on(replace(late, filed=date(2020, 11, 16))) == "2020-11-16"


def test_a_filing_without_a_docket_has_no_key() -> None:
    assert filing_keys(Filing(entry="3")) == ()


EVENTS = st.builds(
    Event,
    st.sampled_from(["order", "motion", "plea", "made_up"]),
    st.sampled_from(list(Severity)),
    st.integers(0, 1),
)
FILINGS = st.builds(
    Filing,
    court=st.sampled_from(["", "nyed"]),
    number=st.sampled_from(["", "1:19-cr-00366", "19-cr-00366"]),
    entry=st.sampled_from(["", "22"]),
    short=st.sampled_from(["", "Order", "Motion", "Order AND Motion"]),
    text=st.sampled_from(["", "ORDER", "ORDER granting 22"]),
    filed=st.sampled_from([None, date(2020, 11, 17), date(2020, 11, 18)]),
    parties=st.sampled_from([(), ("A",), ("B", "A")]),
    pdf=st.sampled_from(["", "https://x.test/1.pdf", "https://y.test/1.pdf"]),
    sealed=st.booleans(),
    events=st.lists(EVENTS, max_size=2, unique_by=lambda one: one.kind).map(tuple),
    route=st.sampled_from(list(Route)),
)


@given(FILINGS, FILINGS)
def test_it_does_not_matter_which_telling_came_first(one: Filing, other: Filing) -> None:
    assert merge(one, other) == merge(other, one)


@given(FILINGS, FILINGS, FILINGS)
def test_it_does_not_matter_which_two_of_three_met_first(
    one: Filing, other: Filing, third: Filing
) -> None:
    assert merge(merge(one, other), third) == merge(one, merge(other, third))


SHORTS = ["", "Order", "Motion to Dismiss", "Order on Motion to Dismiss", "Dismissing Case"]
TEXTS = ["", "ORDER granting 22 Motion to Dismiss.", "MOTION to Dismiss", "Plea of guilty entered."]
READ = st.builds(
    Filing,
    short=st.lists(st.sampled_from(SHORTS), max_size=2).map(lambda some: joined_shorts(*some)),
    text=st.sampled_from(TEXTS),
).map(with_events)


@given(st.lists(READ, min_size=2, max_size=4), st.data())
def test_what_an_entry_is_headed_by_does_not_hang_on_the_order_of_the_ways(
    some: list[Filing], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(some))
    one, two = (reduce(merge, each) for each in (some, other))
    assert one.events == two.events
    heads = [each.events[0] for each in some if each.events]
    if heads:
        worst = min(head.severity.rank for head in heads)
        assert one.events[0].severity.rank == worst
    again = [event.kind for event in with_events(one).events]
    assert again == [event.kind for event in one.events], "reading it once more changes no place"


@given(FILINGS, FILINGS)
def test_the_same_telling_again_adds_nothing(one: Filing, other: Filing) -> None:
    whole = merge(one, other)
    assert merge(whole, other) == whole
    assert changes(whole, merge(whole, other)) == frozenset()


@pytest.mark.parametrize(
    ("severity", "levels"),
    [
        (Severity.LOUD, set(Level)),
        (Severity.IMPORTANT, {Level.IMPORTANT, Level.ALL}),
        (Severity.ROUTINE, {Level.ALL}),
    ],
)
def test_a_level_tells_what_is_at_least_so_severe(severity: Severity, levels: set[Level]) -> None:
    filing = replace(COURT, events=(Event("x", Severity.ROUTINE), Event("y", severity)))
    assert severity_of(filing) is severity
    assert {level for level in Level if is_told(filing, level)} == levels


def test_a_ruling_is_told_to_who_wants_orders() -> None:
    filing = replace(COURT, events=(Event("order", Severity.IMPORTANT),))
    assert is_told(filing, Level.ORDERS)
    assert not is_told(replace(COURT, events=(Event("motion", Severity.IMPORTANT),)), Level.ORDERS)


def test_what_became_of_an_entry_is_named() -> None:
    stub = replace(COURT, sealed=True)
    whole = replace(stub, text="MOTION to Dismiss", pdf="https://x.test/22.pdf", sealed=False)
    assert changes(stub, whole) == {"text", "document", "public"}
    ruled = replace(whole, events=(Event("dismissal", Severity.LOUD),))
    assert changes(whole, ruled) == {"event"}


@pytest.mark.parametrize(
    ("short", "text", "graver"),
    [
        ("Order on Motion to Dismiss", "ORDER granting 22 Motion to Dismiss", True),
        ("Order on Motion to Dismiss", "ORDER denying 22 Motion to Dismiss", False),
        ("Order", "ORDER: Status Conference held before Judge Amon.", False),
        ("Notice of Appearance", "MOTION to Dismiss by USA", True),
        ("Order Dismissing Case", "ORDER dismissing the case. Case closed.", False),
        ("Judgment", "JUDGMENT in a Criminal Case. Indictment dismissed.", False),
    ],
)
def test_only_what_matters_more_than_all_that_was_told_is_told_again(
    short: str, text: str, graver: bool
) -> None:
    stub = with_events(replace(COURT, short=short))
    whole = merge(stub, with_events(replace(API, text=text)))
    assert is_graver(stub, whole) is graver
    assert ("event" in changes(stub, whole)) is graver
