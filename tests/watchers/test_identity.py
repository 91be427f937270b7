from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from model import Item
from tests.watchers.feeds import SOURCE, item, key_of, only, read, rss, stories, story
from watchers.identity import LONGEST, name_items
from watchers.index import present_keys

MOVED = replace(SOURCE, url="https://elsewhere.example/feed")
A, B = "http://outlet.example/a", "http://outlet.example/b"


def names(*items: Item) -> list[str]:
    return name_items(items, ())[0]


def test_an_item_is_called_by_its_guid_then_its_address_then_its_words() -> None:
    words = Item(title="A title", summary="and words")
    guid, address, printed = names(Item(key="g", url=A), Item(url=A), words)
    assert (guid, address) == ("g", A)
    assert printed.startswith("print:")
    assert printed == names(Item(title="a  TITLE", summary="and words"))[0]


def test_a_guid_beyond_measure_is_shortened_without_loss() -> None:
    one, two = names(Item(key="x" * LONGEST + "1"), Item(key="x" * LONGEST + "2"))
    assert one != two
    assert len(one) < LONGEST


def test_one_guid_for_two_addresses_is_two_items() -> None:
    page = read(rss(item("g", A, "One"), item("g", B, "Two")))
    assert [one.title for one in page.items] == ["One", "Two"]
    assert len({one.key for one in page.items}) == 2


def test_one_address_for_two_headlines_is_two_items() -> None:
    page = read(rss(item(link=A, title="One"), item(link=A, title="Two")))
    assert len({one.key for one in page.items}) == 2


def test_the_same_item_twice_is_one() -> None:
    same = item("g", A, "One", "words")
    assert only(read(rss(same, same, item("g", A, "One", "other words")))).summary == "words"


def test_a_name_once_shared_stays_lengthened_when_only_one_item_is_left() -> None:
    both = read(rss(item("g", A, "One"), item("g", B, "Two")))
    edited = read(rss(item("g", B, "Two, corrected")), both.known)
    assert only(edited).key == both.items[1].key


def test_a_newcomer_with_the_guid_of_a_known_item_swallows_nothing() -> None:
    first = read(rss(item("g", A, "One")))
    second = read(rss(item("g", B, "Two"), item("g", A, "One")), first.known)
    assert {one.title for one in second.items} == {"One", "Two"}
    assert only(first).key not in {one.key for one in second.items}
    keys = {key_of(one) for one in second.items}
    assert present_keys(second.known) == keys


def test_an_edited_item_keeps_its_name() -> None:
    first = read(rss(item("g", A, "One")))
    second = read(rss(item("g", A, "One, and what came of it")), first.known)
    assert only(second).key == only(first).key


def test_a_guid_is_the_same_whatever_address_is_asked_now() -> None:
    page = read(rss(item("relative-guid", A, "One")))
    moved = read(rss(item("relative-guid", A, "One")), source=MOVED)
    assert only(page).key == only(moved).key


GUIDS = st.sampled_from(["", "g", "h"])
URLS = st.sampled_from(["", A, B])
TITLES = st.sampled_from(["", "One", "Two"])
ITEMS = st.lists(st.builds(Item, key=GUIDS, url=URLS, title=TITLES), max_size=8)


@given(ITEMS, ITEMS)
def test_only_items_alike_in_all_share_a_name(before: list[Item], now: list[Item]) -> None:
    _, shared = name_items(before, ())
    found, _ = name_items(now, shared)
    for one, name in zip(now, found, strict=True):
        for other, same in zip(now, found, strict=True):
            assert (name == same) == alike(one, other)


def alike(one: Item, other: Item) -> bool:
    return (one.key, one.url, one.title.casefold()) == (
        other.key,
        other.url,
        other.title.casefold(),
    )


@given(ITEMS)
def test_naming_again_gives_the_same_names(items: list[Item]) -> None:
    found, shared = name_items(items, ())
    assert name_items(items, shared) == (found, shared)


def test_distinct_items_keep_distinct_keys_over_many_polls() -> None:
    known = b""
    seen: dict[str, str] = {}
    for start in range(0, 30, 3):
        page = read(rss(*stories(10, start)), known)
        known = page.known
        for one in page.items:
            assert seen.setdefault(one.key, one.url) == one.url
    assert len(seen) == 37
    assert len(present_keys(known)) == 10
    assert not read(rss(*stories(10, 27)), known).items
    assert only(read(rss(story(99), *stories(9, 27)), known)).url.endswith("/99")
