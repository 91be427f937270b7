from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web as aioweb

from model import Claim, Pace, Source, SourceState, Validators
from tests.fakes import LOOPBACK, Answering, Clock, Web
from watchers.ask import Asker, Outcome, Result
from watchers.fetch import Fetcher, FetchRules
from watchers.kinds import KINDS
from watchers.sandbox import Sandbox

NOW = Clock().now


def feed(*numbers: int, built: int = 0, title: str = "News") -> str:
    items = "".join(
        f"<item><guid isPermaLink='false'>g{n}</guid><title>The story number {n}</title>"
        f"<link>https://example.org/{n}</link></item>"
        for n in numbers
    )
    return (
        f"<rss version='2.0'><channel><title>{title}</title><ttl>20</ttl>"
        f"<lastBuildDate>Wed, 18 Nov 2020 19:00:{built:02} GMT</lastBuildDate>{items}"
        "</channel></rss>"
    )


def claim(url: str, state: SourceState | None = None, **fields: Any) -> Claim:
    pace = fields.pop("pace", Pace())
    source = Source(5, url, url, **{"name": "Ríodoce", **fields})
    return Claim(source, pace, state or SourceState(), "me", 1)


def after(result: Result) -> SourceState:
    assert result.state is not None
    return result.state


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    rules = FetchRules(host_gap=0, allow_networks=LOOPBACK, timeout=5)
    async with Fetcher(rules) as fetcher, Sandbox(1) as sandbox:
        yield Asker(fetcher, sandbox, KINDS)


async def test_a_first_poll_reads_everything(web: Web, asker: Asker) -> None:
    url = web.page("/feed", feed(1, 2, 3), ETag='"a"', Last_Modified="then")
    result = await asker.ask(claim(url), NOW)
    assert result.outcome is Outcome.NEW
    assert [item.key for item in result.items] == ["g1", "g2", "g3"]
    assert {(item.source, item.source_id) for item in result.items} == {("Ríodoce", 5)}
    assert (result.total, len(result.present), result.title) == (3, 3, "News")
    assert result.asked.hint == 20 * 60
    state = after(result)
    assert state.validators == Validators('"a"', "then", NOW)
    assert state.first_polled == NOW
    assert state.items_hash
    assert state.known


async def test_the_rungs_of_the_ladder(web: Web, asker: Asker) -> None:
    url = web.page("/feed", feed(1, 2, 3), ETag='"a"')
    state = after(await asker.ask(claim(url), NOW))

    unchanged = await asker.ask(claim(url, state), NOW)
    assert unchanged.outcome is Outcome.UNCHANGED
    assert unchanged.state is None

    web.page("/feed", feed(1, 2, 3, built=7), ETag='"b"')
    rebuilt = await asker.ask(claim(url, state), NOW)
    assert (rebuilt.outcome, rebuilt.items) == (Outcome.NOTHING_NEW, ())
    assert after(rebuilt).validators.etag == '"b"'

    web.page("/feed", feed(4, 1, 2), ETag='"c"')
    more = await asker.ask(claim(url, state), NOW)
    assert more.outcome is Outcome.NEW
    assert [item.key for item in more.items] == ["g4"]
    assert (more.total, len(more.present)) == (3, 3)


async def test_the_same_bytes_with_the_same_validators_write_nothing(
    web: Web, asker: Asker
) -> None:
    url = web.page("/feed", feed(1, 2))
    state = after(await asker.ask(claim(url), NOW))
    assert state.validators == Validators()
    again = await asker.ask(claim(url, state), NOW)
    assert again.outcome is Outcome.NOTHING_NEW
    assert again.state is None


async def test_validators_are_sent_as_they_came_and_asked_anew_after_eight_days(
    web: Web, asker: Asker
) -> None:
    url = web.page("/feed", feed(1), ETag='W/"x-gzip"', Last_Modified="yesterday, about noon")
    state = after(await asker.ask(claim(url), NOW))
    await asker.ask(claim(url, state), NOW + timedelta(days=7))
    sent = web.asked[-1].headers
    assert sent["If-None-Match"] == 'W/"x-gzip"'
    assert sent["If-Modified-Since"] == "yesterday, about noon"
    late = NOW + timedelta(days=8)
    again = await asker.ask(claim(url, state), late)
    assert "If-None-Match" not in web.asked[-1].headers
    assert again.outcome is Outcome.NOTHING_NEW
    assert after(again).validators.stored_at == late


async def test_a_cut_document_leaves_no_validators(web: Web, asker: Asker) -> None:
    whole = gzip.compress(feed(*range(400)).encode(), 1)
    url = web.page("/feed", whole[:-400], ETag='"a"', Content_Encoding="gzip")
    cut = await asker.ask(claim(url), NOW)
    state = after(cut)
    assert 0 < len(cut.items) < 400
    assert state.validators == Validators()
    assert state.items_hash == b""
    assert state.first_polled is None

    web.page("/feed", whole, ETag='"a"', Content_Encoding="gzip")
    rest = await asker.ask(claim(url, state, pace=Pace(last_ok=NOW)), NOW)
    assert len(rest.items) + len(cut.items) >= 400
    assert after(rest).validators.etag == '"a"'
    assert after(rest).first_polled == NOW


async def test_a_document_cut_every_time_still_ends_its_backlog(web: Web, asker: Asker) -> None:
    whole = gzip.compress(feed(*range(400)).encode(), 1)
    url = web.page("/feed", whole[:-400], Content_Encoding="gzip")
    first = after(await asker.ask(claim(url), NOW))
    second = await asker.ask(claim(url, first, pace=Pace(last_ok=NOW)), NOW)
    assert after(second).first_polled == NOW


async def test_an_empty_feed_forgets_nothing_and_counts_as_the_first(
    web: Web, asker: Asker
) -> None:
    url = web.page("/feed", feed(1, 2))
    state = after(await asker.ask(claim(url), NOW))
    web.page("/feed", feed())
    empty = await asker.ask(claim(url, state), NOW)
    assert (empty.outcome, empty.items) == (Outcome.NOTHING_NEW, ())
    assert after(empty).known == state.known
    fresh = await asker.ask(claim(url), NOW)
    assert after(fresh).first_polled == NOW


async def test_a_permanent_redirect_is_counted_in_a_row(web: Web, asker: Asker) -> None:
    new = web.page("/new", feed(1), ETag='"a"')
    url = web.page("/old", "", status=301, Location="/new")
    state = SourceState()
    for times in (1, 2, 3):
        state = after(await asker.ask(claim(url, state), NOW))
        assert (state.moved_to, state.moved_times) == (new, times)
    straight = await asker.ask(claim(new, replace(state, moved_times=2)), NOW)
    assert (after(straight).moved_to, after(straight).moved_times) == ("", 0)


def dated(body: str, day: int) -> Answering:
    """Answer as file servers do: 304 to who has seen what was changed last on this day."""
    changed = datetime(2020, 11, day, 12, tzinfo=UTC)

    async def answer(request: aioweb.Request) -> aioweb.StreamResponse:
        since = request.if_modified_since
        response = aioweb.Response(body=body, status=304 if since and changed <= since else 200)
        response.last_modified = changed
        return response

    return answer


async def test_the_date_of_where_an_address_leads_is_not_asked_for_where_it_leads_next(
    web: Web, asker: Asker
) -> None:
    web.program("/today", dated(feed(1), 18))
    web.program("/mirror", dated(feed(2), 17))
    url = web.page("/feed", "", status=302, Location="/today")
    first = await asker.ask(claim(url), NOW)
    assert [one.key for one in first.items] == ["g1"]
    web.page("/feed", "", status=302, Location="/mirror")
    second = await asker.ask(claim(url, after(first)), NOW)
    assert [one.key for one in second.items] == ["g2"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, Outcome.FAILED), (500, Outcome.FAILED), (410, Outcome.GONE)],
)
async def test_a_refusal_is_a_result_with_a_sentence(
    web: Web, asker: Asker, status: int, outcome: Outcome
) -> None:
    url = web.page("/feed", "", status=status, Retry_After="77")
    result = await asker.ask(claim(url), NOW)
    assert result.outcome is outcome
    assert f"answered {status}" in result.error
    assert result.asked.retry_after == 77
    assert result.state is None


async def test_a_web_page_is_a_result_with_a_sentence(web: Web, asker: Asker) -> None:
    url = web.page("/feed", "<html><title>Log in</title></html>", Content_Type="text/html")
    result = await asker.ask(claim(url), NOW)
    assert result.outcome is Outcome.FAILED
    assert "web page" in result.error


async def test_out_of_reach_and_left_alone_are_told_apart(web: Web, asker: Asker) -> None:
    closed = await asker.ask(claim("http://127.0.0.1:1/feed"), NOW)
    assert closed.outcome is Outcome.UNREACHABLE
    busy = web.page("/busy", "", status=429, Retry_After="60")
    assert (await asker.ask(claim(busy), NOW)).outcome is Outcome.FAILED
    parked = await asker.ask(claim(web.page("/feed", feed(1))), NOW)
    assert parked.outcome is Outcome.PUT_OFF
    assert 50 < parked.wait <= 60


async def test_a_private_address_and_an_unknown_kind_are_sentences(asker: Asker) -> None:
    inner = await asker.ask(claim("http://10.0.0.1/feed"), NOW)
    assert inner.outcome is Outcome.FAILED
    assert "allow_networks" in inner.error
    strange = await asker.ask(claim("http://10.0.0.1/", kind="gopher"), NOW)
    assert "'gopher'" in strange.error


async def test_a_source_without_a_name_takes_the_feeds(web: Web, asker: Asker) -> None:
    url = web.page("/feed", feed(1, title="Noticias"))
    result = await asker.ask(claim(url, name=""), NOW)
    assert result.title == "Noticias"
    assert result.items[0].source == "Noticias"
