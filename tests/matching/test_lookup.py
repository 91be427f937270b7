"""The keys beside stored Items: whatever the Matcher finds in an Item is found by them too."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.lookup import Keys, anchors_of, key_of_word, keys_of_item
from matching.text import WORDS
from model import Item, Watch
from tests.matching import labelled


def is_found(anchors: list[Keys], item: Item) -> bool:
    keys = keys_of_item(item)
    return any(anchor <= keys for anchor in anchors)


def test_no_mention_of_the_labelled_cases_is_overlooked() -> None:
    overlooked = []
    mentioned = 0
    for case in labelled.every():
        if not labelled.answer(case, possible=True):
            continue
        mentioned += 1
        item = Item(key=case.id, text=case.text, lang=case.lang)
        if not is_found(anchors_of(case.watch), item):
            overlooked.append(str(case))
    assert overlooked == []
    assert mentioned > 500


def test_an_item_about_something_else_is_left_out() -> None:
    anchors = anchors_of(Watch("Salvador Cienfuegos Zepeda"))
    assert is_found(anchors, Item(title="Cienfuegos Zepeda returns home"))
    assert not is_found(anchors, Item(title="Rain over the city of Cienfuegos"))
    assert not is_found(anchors, Item(title="A hearing in Brooklyn"))


@given(st.text(alphabet="aáäbcdeéfghiílmnñoóprstuü", min_size=3, max_size=12))
def test_a_word_is_found_under_its_key_in_any_dress(word: str) -> None:
    for dress in (word, word.upper(), word.title()):
        assert key_of_word(WORDS[word]) in keys_of_item(Item(text=f"So {dress}, he said"))


@given(st.text(max_size=300))
def test_no_text_breaks_the_keys(text: str) -> None:
    assert all(-(1 << 31) <= key < 1 << 31 for key in keys_of_item(Item(text=text)))
