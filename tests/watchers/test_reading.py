from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from model import ParseError
from tests.watchers.feeds import SOURCE, answer, item, only, read, rss, stories, story
from watchers.index import SLICE_ITEMS
from watchers.reading import SLICE_BYTES, read_feed

CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es-MX" xml:base="http://outlet.example/es/">
<title>El Diario</title><link rel="hub" href="https://hub.example/"/>
<entry><id>urn:uuid:1</id><link href="nota/1"/>
<title type="html">El &amp;lt;b&gt;general&lt;/b&gt;</title>
<summary>Resumen</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Salvador <b>Cienfuegos</b></p><p>volvió.</p></div></content>
<author><name>Ana Pérez</name></author><published>2020-11-18T15:30:00-06:00</published></entry>
</feed>"""


def test_everything_an_item_says_is_kept_as_plain_text() -> None:
    page = read(ATOM.encode())
    found = only(page)
    assert found.key == "urn:uuid:1"
    assert found.url == "http://outlet.example/es/nota/1"
    assert found.title == "El general"
    assert found.summary == "Resumen"
    assert found.text == "Salvador Cienfuegos\nvolvió."
    assert (found.lang, found.author) == ("es", "Ana Pérez")
    assert found.published == "2020-11-18T15:30:00-06:00"
    assert found.published_at == datetime(2020, 11, 18, 21, 30, tzinfo=UTC)
    assert (found.source, found.source_id) == ("The Outlet", 7)
    assert (page.title, page.lang, page.hub) == ("El Diario", "es", "https://hub.example/")
    assert (page.total, page.unread, page.partial, page.notes) == (1, 0, False, ())


def test_a_very_long_description_is_the_text_to_its_last_word() -> None:
    words = "what the court heard that day " * 1_000 + "and Salvador Cienfuegos"
    found = only(read(rss(item("g", title="Heard", summary=words))))
    assert (found.summary, found.text) == ("", words)
    text = f"<content:encoded xmlns:content='{CONTENT}'>Another text.</content:encoded>"
    found = only(read(rss(item("g", title="Heard", summary=words, extra=text))))
    assert (found.summary, found.text) == (words, "Another text.")


def test_the_operators_word_on_the_language_counts_most() -> None:
    assert only(read(ATOM.encode(), source=replace(SOURCE, lang="nah"))).lang == "nah"


def test_a_feed_that_asks_for_peace_gets_it() -> None:
    assert read(rss(story(1), head="<title>t</title><ttl>60</ttl>")).ttl == 3600
    assert read(rss(story(1), head="<title>t</title><ttl>soon</ttl>")).ttl is None


def test_entities_in_cdata_are_letters() -> None:
    found = only(
        read(rss(item("g", title="<![CDATA[Garc&iacute;a Luna]]>", summary="&amp;iacute;")))
    )
    assert (found.title, found.summary) == ("García Luna", "í")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "tg://resolve?domain=x"]
)
def test_only_addresses_of_the_web_survive(link: str) -> None:
    found = only(read(rss(item("urn:x", link, "A title"))))
    assert found.url == ""


def test_the_text_is_not_said_twice() -> None:
    short, long = "<p>short</p>", "word " * 1_000
    content = 'xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    page = read(
        rss(
            item("a", title="t", extra=f"<c:encoded {content}><![CDATA[{short}]]></c:encoded>"),
            item("b", title="t", extra=f"<c:encoded {content}>{long}</c:encoded>"),
        )
    )
    assert [(one.summary, len(one.text)) for one in page.items] == [("short", 0), ("", 4_999)]


def test_what_is_known_is_not_read_again() -> None:
    first = read(rss(*stories(5)))
    assert len(first.items) == 5
    again = read(rss(*stories(5)), first.known)
    assert (again.items, again.total, again.known) == ((), 5, first.known)
    more = read(rss(story(9), *stories(5)), first.known)
    assert [one.key for one in more.items] == ["http://outlet.example/news/guid-9"]


def test_an_edit_is_read_and_an_edit_back_too() -> None:
    first = read(rss(item("g", title="Old headline")))
    edited = read(rss(item("g", title="New headline")), first.known)
    back = read(rss(item("g", title="Old headline")), edited.known)
    assert [only(page).title for page in (edited, back)] == ["New headline", "Old headline"]


def test_a_feed_that_is_not_well_formed_leaves_out_what_is_known_too() -> None:
    damaged = rss(*stories(3)) + b"<oops"
    first = read(damaged)
    assert len(first.items) == 3
    assert "Not well-formed" in first.notes[0]
    assert [one.title for one in read(rss(*stories(4)) + b"<oops", first.known).items] == [
        "Story number 3"
    ]


def test_an_empty_feed_forgets_nothing() -> None:
    page = read(rss())
    assert (page.items, page.total, page.known, page.partial) == ((), 0, b"", False)


def test_a_long_document_is_read_in_slices_and_nothing_is_lost() -> None:
    body = rss(*stories(SLICE_ITEMS * 2 + 10))
    known, titles, left = b"", [], []
    while True:
        page = read(body, known)
        known = page.known
        titles += [one.title for one in page.items]
        left.append(page.unread)
        if not page.unread:
            break
    assert left == [SLICE_ITEMS + 10, 10, 0]
    assert titles == [f"Story number {number}" for number in range(SLICE_ITEMS * 2 + 10)]


def test_a_slice_is_small_in_bytes_too_but_never_empty() -> None:
    big = "word " * (SLICE_BYTES // 8)
    page = read(rss(*(item(f"g{n}", summary=big * 3) for n in range(3))))
    assert (len(page.items), page.unread) == (1, 2)
    assert len(read(rss(*(item(f"g{n}", summary=big) for n in range(3)))).items) == 1


def test_a_damaged_long_document_is_read_in_slices_too() -> None:
    body = rss(*(story(n, extra=f"<x>{'y' * 1_000}</x>") for n in range(700))) + b"<oops"
    first = read(body)
    assert (first.total, first.unread > 0) == (700, True)
    second = read(body, first.known)
    assert not {one.key for one in first.items} & {one.key for one in second.items}


def test_items_given_up_count_as_known() -> None:
    page = read_feed(SOURCE, answer(rss(*stories(3))), most=1, aside=1)
    assert (only(page).title, page.unread) == ("Story number 1", 1)
    assert only(read(rss(*stories(3)), page.known)).title == "Story number 2"


@pytest.mark.parametrize("end", [-1, -8, -30, -70])
def test_a_document_cut_short_is_partial(end: int) -> None:
    body = rss(*stories(3))[:end]
    page = read(body)
    assert page.partial
    assert len(page.items) >= 2


def test_an_answer_that_was_cut_is_partial_whatever_it_holds() -> None:
    assert read_feed(SOURCE, answer(rss(story(1)), cut=True)).partial


@pytest.mark.parametrize("first", ["guid", "title"])
def test_wherever_a_document_breaks_off_no_item_says_other_than_it_does(first: str) -> None:
    parts = {
        "title": "<title>General named</title><link>https://a.example/7/12</link>",
        "guid": "<guid>g7-12</guid>",
    }
    last = parts.pop(first) + "".join(parts.values())
    last = f"<item>{last}<description>Salvador Cienfuegos Zepeda was seen</description></item>"
    body = rss(*stories(2), last)
    said = {one.key: one for one in read(body).items}
    counts = set()
    for end in range(body.index(b"</item>") + 7, len(body)):
        items = read(body[:end]).items
        assert all(said[one.key] == one for one in items), body[:end][-60:]
        counts.add(len(items))
    assert counts == {1, 2, 3}


def test_a_torn_last_item_without_a_name_waits_until_it_is_whole() -> None:
    body = rss(item(title="Whole", summary="words"), item(title="Torn in the mid"))
    cut = body[: body.index(b" in the mid")]
    first = read(cut)
    assert [one.title for one in first.items] == ["Whole"]
    assert [one.title for one in read(body, first.known).items] == ["Whole", "Torn in the mid"]


def test_what_broke_off_behind_its_words_is_read_when_it_is_whole() -> None:
    news = item("g2", title="Garc&iacute;a again", extra="<category>courts</category>")
    body = rss(story(1), news)
    first = read(body[: body.index(b"courts")])
    assert [one.title for one in first.items] == ["Story number 1"]
    assert [one.title for one in read(body, first.known).items] == ["García again"]


def test_an_impossible_character_reference_is_mended() -> None:
    page = read(rss(item("g", title="A &#xD800; B"), story(1)))
    assert [one.title for one in page.items] == ["A \ufffd B", "Story number 1"]


def test_an_item_with_nothing_in_it_is_none() -> None:
    page = read(rss("<item/>", "<item><pubDate>today</pubDate></item>", story(1)))
    assert (len(page.items), page.total, page.unread) == (1, 3, 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"<!doctype html><html><head><title>Log &amp; in</title></head></html>", "“Log & in”"),
        (b"<html><body><p>Please log in</body></html>", "a web page, not a feed"),
        (b"%PDF-1.4 ...", "a PDF document"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<opml><body><outline xmlUrl='http://a.example/'/></body></opml>", "a list of feeds"),
        (b"<urlset><url><loc>http://a.example/</loc></url></urlset>", "<urlset>"),
        (b"just some words", "This is not a feed"),
        (b'{"error": "not found"}', "no list of items"),
        (b'{"items": [', "no valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_feed_is_named_in_a_sentence(body: bytes, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_page_that_says_it_is_html_is_a_web_page() -> None:
    with pytest.raises(ParseError, match="a web page"):
        read(b"<p>Please log in</p>", content_type="text/html")


def test_bytes_that_name_a_file_open_no_file() -> None:
    with pytest.raises(ParseError):
        read(__file__.encode())


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "windows-1251"]
)
def test_a_feed_in_any_encoding_is_read(encoding: str) -> None:
    word = "Воронов" if encoding == "windows-1251" else "García"
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + rss(item("g", title=word)).decode()
    assert only(read(text.encode(encoding))).title == word


def test_the_servers_charset_is_heard_where_the_document_names_none() -> None:
    body = rss(item("g", title="García")).decode().encode("iso-8859-1")
    assert only(read(body, content_type="text/xml; charset=iso-8859-1")).title == "García"


def test_a_server_that_names_the_wrong_charset_does_no_harm() -> None:
    body = rss(item("g", title="García"), declaration='<?xml version="1.0" encoding="utf-8"?>')
    assert only(read(body, content_type="text/xml; charset=iso-8859-1")).title == "García"
