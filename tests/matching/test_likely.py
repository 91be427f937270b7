"""Which words can be a name's at all, before the name is compiled."""

from __future__ import annotations

import pytest

from matching.forms import Term
from matching.likely import TONGUES, Likely
from matching.match import Matcher
from matching.text import WORD
from model import Item, Watch, WatchKind


def likely(name: str, text: str, first: int, second: int) -> bool:
    words = WORD.findall(text)
    asked = Likely(text, words, TONGUES, (), small=text == text.lower())
    return asked.found(Term(name, WatchKind.PERSON), [first, second])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Martina Robledo", "Martina Robledo"),
        ("Martina Robledo", "Robledo, Martina"),
        ("Martina Robledo", "Martina Rovledo"),
        ("Martina Robledo", "M. Robledo"),
        ("Mohammed Haddad", "Muhammad Hadad"),
        ("Grzegorz Nowicki", "Grzegorza Nowickiego"),
        ("Сергей Волков", "Sergej Wolkow"),
        ("Jens de la Croix", "Jens Delacroix"),
        ("Bae Jong-chul", "Bae Jongchul"),
        ("Michael O’Leary", "Michael OLeary"),
    ],
)
def test_every_dress_of_a_name_is_likely(name: str, text: str) -> None:
    assert likely(name, text, 0, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Nathan White", "Nathan With"),
        ("Igor Rubio", "Igor Rule"),
        ("Шекар Гоял", "Google Summer"),
        ("Timoteo Alonzo", "Johns LEGO"),
    ],
)
def test_words_that_only_meet_its_keys_are_not(name: str, text: str) -> None:
    assert not likely(name, text, 0, 1)


def test_small_letters_between_two_words_part_them_unless_they_are_particles() -> None:
    assert not likely("Martina Robledo", "Martina goes to Robledo", 0, 3)
    assert likely("Martina Robledo", "Martina de la Robledo", 0, 3)
    assert likely("Martina Robledo", "martina goes to robledo", 0, 3)


def test_a_nickname_in_quotes_parts_nothing() -> None:
    assert likely("Martina Robledo", "Martina “little one” Robledo", 0, 3)


def test_a_term_in_quotes_or_of_one_word_is_left_to_the_alignment() -> None:
    assert likely('"Martina Robledo"', "Nothing Alike", 0, 1)
    assert likely("Robledo", "Nothing Alike", 0, 1)


def test_many_items_give_what_each_gives_alone() -> None:
    matcher = Matcher()
    for at, name in enumerate(("Martina Robledo", "Grzegorz Nowicki", "Сергей Волков"), 1):
        matcher.add(Watch(name, id=at))
    texts = ("Martina Robledo’s lawyer", "Nobody at all", "Sergej Wolkow i Grzegorza Nowickiego")
    items = [Item(key=str(at), text=text) for at, text in enumerate(texts)]
    alone = [matcher.find_mentions(item) for item in items]
    assert matcher.find_all(items) == alone
    assert [len(found) for found in alone] == [1, 0, 2]
