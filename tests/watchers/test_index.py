from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.watchers.feeds import answer, read, rss, stories, story
from watchers.index import (
    VERSION,
    Known,
    Range,
    UnindexableError,
    find_items,
    items_hash,
    piece_hash,
    present_keys,
    without,
)


def cut_out(body: bytes, charset: str = "") -> list[bytes]:
    return [body[one.start : one.end] for one in find_items(body, charset)]


@pytest.mark.parametrize(
    "item",
    [
        b"<item/>",
        b"<item></item>",
        b"<item\n/>",
        b"<item a='/>'>x/></item>",
        b"<item>/></item>",
        b"<item><x/></item>",
        b"<item><![CDATA[</item>]]></item >",
        b"<item><!-- <item> --></item>",
        b"<entry xmlns='http://www.w3.org/2005/Atom'><title/></entry>",
        b"<a:ITEM xmlns:a='http://a.example/'>x</a:ITEM>",
        b"<product/>",
    ],
)
def test_an_item_goes_from_its_first_byte_to_its_last(item: bytes) -> None:
    body = b"<r>before" + item + b"<!-- <item> -->" + item + b"</r>"
    assert cut_out(body) == [item, item]


def test_items_are_found_behind_a_byte_order_mark() -> None:
    assert cut_out(b"\xef\xbb\xbf<r><item>\xc3\xad</item></r>") == [b"<item>\xc3\xad</item>"]


def test_items_are_found_in_latin_1() -> None:
    body = b"<?xml version='1.0' encoding='ISO-8859-1'?><r><item>Garc\xeda</item></r>"
    assert cut_out(body, "iso-8859-1") == [b"<item>Garc\xeda</item>"]


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (b"<rss><item>", ""),
        (b"<rss><item><b></item></rss>", ""),
        (b"<rss><x:item/></rss>", ""),
        (b"<rss><item>&eacute;</item></rss>", ""),
        (b"<item/>", ""),
        (b"<rss><item><item/></item></rss>", ""),
        (b'<!DOCTYPE rss [<!ENTITY a "<b>">]><rss/>', ""),
        (b'<!DOCTYPE rss [<!ENTITY a "plain">]><rss/>', ""),
        (b'<!DOCTYPE rss [<!ENTITY % a "plain">]><rss/>', ""),
        (b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss/>', ""),
        (b'<!DOCTYPE rss SYSTEM "http://a.example/x.dtd"><rss><item>&uuml;</item></rss>', ""),
        ("<rss><item/></rss>".encode("utf-16"), ""),
        ("<rss><item/></rss>".encode("utf-32"), ""),
        (b"<?xml version='1.0' encoding='big5'?><rss><item/></rss>", ""),
        (b"<?xml version='1.0' encoding='no-such'?><rss><item/></rss>", ""),
        ("<rss><item>García</item></rss>".encode(), "iso-8859-1"),
        (b"", ""),
    ],
)
def test_what_could_be_read_differently_in_parts_is_read_whole(body: bytes, charset: str) -> None:
    with pytest.raises(UnindexableError):
        find_items(body, charset)


def test_a_doctype_alone_is_no_hindrance() -> None:
    assert cut_out(b'<!DOCTYPE rss SYSTEM "http://a.example/x.dtd"><rss><item/></rss>') == [
        b"<item/>"
    ]


def test_the_charset_does_not_matter_to_a_document_in_ascii() -> None:
    assert cut_out(b"<rss><item>a</item></rss>", "iso-8859-1") == [b"<item>a</item>"]


@pytest.mark.parametrize("body", [b"<rss><item>", b"<rss><item", b"<rss><![CDATA[x", b"<rss>\xc3"])
def test_a_document_that_ends_early_is_cut(body: bytes) -> None:
    with pytest.raises(UnindexableError) as caught:
        find_items(body)
    assert caught.value.cut


def test_without_leaves_out_just_these_bytes() -> None:
    assert without(b"0123456789", [Range(1, 3), Range(3, 4), Range(9, 10)]) == b"045678"


TEXT = st.sampled_from(["a", "</item>", "]]", "/>", "<item>", "í", "&", "<!--", "'", '"', "\n"])


@given(st.lists(st.lists(TEXT, max_size=4).map("".join), max_size=8), st.data())
def test_a_document_without_some_items_reads_like_the_rest_of_it(
    texts: list[str], data: st.DataObject
) -> None:
    items = [
        f"<item><guid>{n}</guid><title><![CDATA[t{text}]]></title></item>"
        for n, text in enumerate(texts)
    ]
    body = rss(*items)
    ranges = find_items(body)
    assert [body[one.start : one.end].decode() for one in ranges] == items
    kept = data.draw(st.sets(st.integers(0, max(0, len(items) - 1))))
    rest = without(body, (one for place, one in enumerate(ranges) if place not in kept))
    assert rest == rss(*(one for place, one in enumerate(items) if place in kept))


def test_a_changed_build_date_changes_nothing() -> None:
    one = rss(*stories(3), head="<lastBuildDate>Mon, 16 Nov 2020 10:00:00 GMT</lastBuildDate>")
    two = rss(*stories(3), head="<lastBuildDate>Mon, 16 Nov 2020 10:05:00 GMT</lastBuildDate>")
    assert items_hash(answer(one)) == items_hash(answer(two))


def test_a_changed_item_changes_the_hash() -> None:
    assert items_hash(answer(rss(*stories(3)))) != items_hash(answer(rss(*stories(4))))


def test_another_charset_changes_the_hash() -> None:
    body = rss(*stories(3))
    sent = {"content-type": "text/xml; charset=iso-8859-1"}
    assert items_hash(answer(body)) != items_hash(answer(body, sent))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (b"<rss><channel><title>a</title></channel></rss>", b"<rss><channel/></rss>"),
        (
            b'<!DOCTYPE rss [<!ENTITY who "A">]><rss><item>&who;</item></rss>',
            b'<!DOCTYPE rss [<!ENTITY who "B">]><rss><item>&who;</item></rss>',
        ),
        (b'{"title":"a","items":[]}', b'{"title":"a","items":[{}]}'),
    ],
)
def test_a_document_without_items_or_with_entities_is_hashed_whole(one: bytes, two: bytes) -> None:
    assert items_hash(answer(one)) != items_hash(answer(two))


def test_a_prefixed_or_json_item_is_seen_too() -> None:
    atom = b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:updated>%d</a:updated><a:entry/></a:feed>"
    assert items_hash(answer(atom % 1)) == items_hash(answer(atom % 2))
    json = b'{"generated":%d,"items" : [{"id":1}]}'
    assert items_hash(answer(json % 1)) == items_hash(answer(json % 2))


DIGESTS = st.dictionaries(st.binary(min_size=8, max_size=8), st.binary(min_size=16, max_size=16))


@given(DIGESTS, st.frozensets(st.binary(min_size=8, max_size=8)))
def test_what_is_packed_is_unpacked(keys: dict[bytes, bytes], shared: frozenset[bytes]) -> None:
    packed = Known(keys, shared).pack()
    assert Known.unpack(packed) == Known(keys, shared)
    assert list(Known.unpack(packed).keys) == list(keys)


@given(st.binary(max_size=200))
def test_garbage_is_nothing_known(garbage: bytes) -> None:
    Known.unpack(garbage)
    assert Known.unpack(bytes([VERSION + 1]) + garbage) == Known()


def test_a_packed_index_that_was_cut_is_nothing_known() -> None:
    packed = Known({b"12345678": b"k" * 16}).pack()
    assert Known.unpack(packed[:-1]) == Known()


def test_present_keys_are_those_of_known_and_new_items_alike() -> None:
    first = read(rss(story(1)))
    both = read(rss(story(1), story(2)), first.known)
    assert len(both.items) == 1
    assert present_keys(first.known) < present_keys(both.known)
    assert len(present_keys(both.known)) == 2


def test_equal_bytes_have_equal_hashes() -> None:
    assert piece_hash(b"<item/>") == piece_hash(memoryview(b"<item/>")) != piece_hash(b"<item />")
