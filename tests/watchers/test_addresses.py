from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from url_normalize import url_normalize

from watchers.addresses import LONGEST, clean_address, feed_address

BASE = "http://outlet.example/news/feed.xml"


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("https://a.example/story?utm_source=rss&utm_medium=x", "https://a.example/story"),
        ("https://a.example/story?id=4&fbclid=IwAR0&ref=rss", "https://a.example/story?id=4"),
        ("HTTP://A.example:80/b/../c", "http://a.example/c"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/story#comments", "https://a.example/story"),
        ("https://a.example/#!/story/7", "https://a.example/#!/story/7"),
        ("https://user:secret@a.example/x", "https://a.example/x"),
        ("../2020/x", "http://outlet.example/2020/x"),
        ("//b.example/x", "http://b.example/x"),
        (" https://a.example/\n  x ", "https://a.example/  x".replace(" ", "%20")),
        ("https://mañana.example/ñ", "https://xn--maana-pta.example/%C3%B1"),
        ("http://[::1]/a", "http://[::1]/a"),
        ("https://a.example/a%23b%2Fc?d=%26", "https://a.example/a%23b%2Fc?d=%26"),
        ("https://a.example/@ana/x+y(z)", "https://a.example/@ana/x+y(z)"),
    ],
)
def test_an_address_is_absolute_and_without_what_tracks(given_url: str, kept: str) -> None:
    assert clean_address(given_url, BASE) == kept


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/article.php?cid=12&eid=7",
        "https://a.example/story?source=31",
        "https://a.example/?gallery",
        "https://a.example/?some-article",
        "https://a.example/?cid=politics",
        "https://a.example/Default.aspx?ref=abc",
    ],
)
def test_a_parameter_that_may_name_the_article_is_kept(url: str) -> None:
    assert clean_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "file:///etc/passwd",
        "tg://resolve?domain=x",
        "data:text/html,x",
        "mailto:a@b.example",
        "http://",
        "https:///",
        "http://a b.example/",
        "http://..../",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://127。0。0。1/",
        "http://[bad",
        "http://" + "a" * 70 + ".example/é",
        "http://a.example/" + "a" * LONGEST,
    ],
)
def test_what_is_no_address_to_show_is_none(url: str) -> None:
    assert clean_address(url, BASE) == ""


def test_a_backslash_hides_no_host() -> None:
    assert clean_address("http://outlet.example\\@evil.example/") == (
        "http://outlet.example/@evil.example/"
    )


PART = st.text(alphabet="abcXYZ09-_.~%é /:?#[]@!$&'()*+,;=\\", max_size=12)


@given(PART, PART, PART)
def test_a_clean_address_is_clean_already(host: str, path: str, query: str) -> None:
    once = clean_address(f"http://{host}.example/{path}?{query}")
    assert clean_address(once) == once


@given(
    st.from_regex(
        r"https?://[a-z0-9.\-]{1,12}\.[a-z]{2}/[\w.\-~/]{0,12}(\?[\w=&.~\-]{0,12})?", fullmatch=True
    )
)
def test_the_short_cut_for_plain_addresses_changes_nothing(url: str) -> None:
    short = clean_address(url)
    if short and "?" not in url:
        assert short == url_normalize(url)


@pytest.mark.parametrize(
    ("given_url", "asked"),
    [
        ("https://a.example/feed?utm_source=x", "https://a.example/feed?utm_source=x"),
        (" https://a.example/feed#top ", "https://a.example/feed"),
        ("feed://a.example/rss", "http://a.example/rss"),
        ("feed:https://a.example/rss", "https://a.example/rss"),
        ("ftp://a.example/rss", ""),
        ("javascript:x", ""),
        ("http://[bad", ""),
        ("rss.xml", ""),
    ],
)
def test_the_address_of_a_feed_is_kept_as_it_was_given(given_url: str, asked: str) -> None:
    assert feed_address(given_url) == asked
