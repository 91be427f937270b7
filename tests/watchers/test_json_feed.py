from __future__ import annotations

import json
from typing import Any

import pytest

from tests.watchers.feeds import only, read


def feed(*items: dict[str, Any], **head: Any) -> bytes:
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "The Outlet", **head, "items": items}).encode()


def test_a_json_feed_is_read() -> None:
    page = read(
        feed(
            {
                "id": "https://outlet.example/1",
                "url": "https://outlet.example/1?utm_source=feed",
                "title": "Salvador <Cienfuegos> & others",
                "content_html": "<p>Freed&nbsp;in <b>New</b> York</p>",
                "summary": "He was freed.",
                "date_published": "2020-11-18T15:30:00-05:00",
                "authors": [{"name": "Ana"}, {"url": "https://x.example/"}, {"name": "Bea"}],
                "language": "en-US",
            },
            language="es",
            hubs=[
                {"type": "rssCloud", "url": "x"},
                {"type": "WebSub", "url": "https://hub.example/"},
            ],
        )
    )
    found = only(page)
    assert (found.key, found.url) == ("https://outlet.example/1", "https://outlet.example/1")
    assert found.title == "Salvador <Cienfuegos> & others"
    assert (found.text, found.summary) == ("Freed in New York", "He was freed.")
    assert (found.author, found.lang) == ("Ana, Bea", "en")
    assert found.published_at is not None
    assert (page.title, page.lang, page.hub) == ("The Outlet", "es", "https://hub.example/")


def test_plain_content_is_not_taken_for_html() -> None:
    assert only(read(feed({"id": 1, "content_text": "a <T> b"}))).summary == "a <T> b"


def test_a_number_is_an_id_too() -> None:
    assert [one.key for one in read(feed({"id": 12}, {"id": 1.5})).items] == ["12", "1.5"]


def test_what_is_known_is_left_out() -> None:
    first = read(feed({"id": "1", "title": "One"}))
    body = feed({"id": "2", "title": "Two"}, {"title": "One", "id": "1"})
    assert only(read(body, first.known)).title == "Two"


@pytest.mark.parametrize(
    "one",
    [
        {"id": None, "url": ["x"], "title": {"a": 1}, "authors": "x", "content_text": True},
        {"id": "\ud800", "title": "\x00"},
        {"authors": [None, {"name": 3}], "id": "x", "hubs": 1},
    ],
)
def test_wrong_types_break_nothing(one: dict[str, Any]) -> None:
    page = read(feed(one, {"id": "fine", "title": "Fine"}, hubs="x", title=3, language=[]))
    assert page.items[-1].title == "Fine"


def test_items_that_are_none_are_passed_over() -> None:
    assert read(b'\xef\xbb\xbf{"version": "x", "items": [1, "a", null, {"id": "1"}]}').total == 1


def test_an_empty_feed_is_a_feed() -> None:
    assert read(feed()).total == 0
