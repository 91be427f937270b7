from __future__ import annotations

from datetime import timedelta

from model import SourceState, Validators
from tests.watchers.feeds import ADDRESS, NOW, SOURCE
from watchers.kinds import KINDS, Kind
from watchers.kinds.feed import VALIDATORS_LAST, Feed

FEED: Kind = Feed()


def state(age: timedelta) -> SourceState:
    return SourceState(Validators('W/"1"', "Wed, 18 Nov 2020 10:00:00 GMT", NOW - age))


def test_a_new_source_is_asked_for_everything() -> None:
    request = FEED.request(SOURCE, SourceState(), NOW)
    assert request.url == ADDRESS
    assert set(request.headers) == {"Accept"}


def test_validators_go_back_exactly_as_they_came() -> None:
    headers = FEED.request(SOURCE, state(timedelta(hours=1)), NOW).headers
    assert headers["If-None-Match"] == 'W/"1"'
    assert headers["If-Modified-Since"] == "Wed, 18 Nov 2020 10:00:00 GMT"


def test_no_date_is_made_up_where_the_server_gave_none() -> None:
    only_etag = SourceState(Validators(etag='"1"', stored_at=NOW))
    assert "If-Modified-Since" not in FEED.request(SOURCE, only_etag, NOW).headers


def test_after_eight_days_the_whole_document_is_asked_for() -> None:
    assert set(FEED.request(SOURCE, state(VALIDATORS_LAST), NOW).headers) == {"Accept"}


def test_what_a_clock_that_ran_ahead_dated_is_not_believed_for_years() -> None:
    assert set(FEED.request(SOURCE, state(timedelta(days=-400)), NOW).headers) == {"Accept"}


def test_every_kind_is_listed_by_its_own_name() -> None:
    assert all(name == kind.name for name, kind in KINDS.items())
    assert "feed" in KINDS
