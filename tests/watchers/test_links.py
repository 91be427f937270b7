from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.answer import Link
from watchers.links import MOST, links

PAGE = "https://outlet.example/section/page.html"


def test_declared_feeds_come_first_and_comments_last() -> None:
    html = """<link rel="alternate" type="application/rss+xml" title="Comments"
      href="/comments/feed/">
    <a href="/rss.xml">RSS <b>here</b></a>
    <link rel='ALTERNATE nofollow' type='application/atom+xml; charset=utf-8'
      title="News &amp; more"
      href='../atom'><link rel="alternate" type="application/feed+json" href="/feed.json">"""
    assert links(html.encode(), PAGE) == (
        Link("https://outlet.example/atom", "News & more"),
        Link("https://outlet.example/feed.json"),
        Link("https://outlet.example/rss.xml", "RSS here", declared=False),
        Link("https://outlet.example/comments/feed/", "Comments"),
    )


def test_a_base_element_is_heeded() -> None:
    html = b'<base href="/es/"><link rel=alternate type=application/rss+xml href=feed>'
    assert links(html, PAGE) == (Link("https://outlet.example/es/feed"),)


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="alternate" hreflang="es" href="/es/">',
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<link rel="alternate" type="application/json" href="/wp-json/x">',
        '<a href="/feedback">f</a><a href="/crossfeed-news">f</a><a href="#rss">x</a>',
        '<a href="javascript:rss()">x</a><a href="http://[rss/">x</a><a>rss</a><a href>rss</a>',
        '<a href="https://rss.example/about">x</a>',
        "",
    ],
)
def test_what_is_no_feed_is_passed_over(html: str) -> None:
    assert links(html.encode(), PAGE) == ()


@pytest.mark.parametrize(
    "href",
    ["/rss", "/feed/", "/index.rdf", "?feed=rss2", "/a/atom.xml", "/feeds/all.atom", "/rss/x"],
)
def test_an_address_that_looks_like_a_feed_is_offered(href: str) -> None:
    [found] = links(f'<a href="{href}">x</a>'.encode(), PAGE)
    assert not found.declared


def test_an_address_is_given_once() -> None:
    html = '<link rel="alternate" type="application/rss+xml" href="/rss"><a href="/rss#x">RSS</a>'
    assert links(html.encode(), PAGE) == (Link("https://outlet.example/rss"),)


def test_a_directory_is_cut_off() -> None:
    html = "".join(f'<a href="/rss/{number}">x</a>' for number in range(MOST * 2))
    assert len(links(html.encode(), PAGE)) == MOST


def test_titles_are_read_in_the_pages_own_charset() -> None:
    html = '<link rel="alternate" type="application/rss+xml" title="Año" href="/rss">'
    meta = '<meta charset="iso-8859-1">'
    assert links((meta + html).encode("iso-8859-1"), PAGE)[0].title == "Año"
    assert links(html.encode("iso-8859-1"), PAGE, "iso-8859-1")[0].title == "Año"
    assert links(html.encode(), PAGE, "no-such-charset")[0].title == "Año"


@given(st.binary(max_size=300))
def test_no_bytes_break_it(html: bytes) -> None:
    links(html, PAGE)


@given(
    st.text(alphabet=st.sampled_from("<link rel=alternate href='/:#?[] type=rss>a\""), max_size=80)
)
def test_no_half_markup_breaks_it(html: str) -> None:
    links(f"<a href=rss{html}".encode(), PAGE)
