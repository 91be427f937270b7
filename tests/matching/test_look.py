"""Which keys the words of a text have: the same, learnt together or one by one."""

from __future__ import annotations

from collections import Counter

import pytest

from matching.look import Keys, Look
from matching.text import WORD
from tests.matching.labelled import every

GENITIVE = frozenset({"genitive"})
SLAVIC = frozenset({"slavic"})


class EveryKey(dict[str, int]):
    """Holds whatever key is asked for, as if some Term had it."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]

    def get(self, key: str, default: object = None) -> int:  # type: ignore[override]  # never absent
        return self[key]


def look_of(ids: dict[str, int], spoken: frozenset[str], *, small: bool) -> Look:
    return Look(ids, Counter({"+": 1, "*": 1}), {}, spoken, small=small)


def vocabulary() -> list[str]:
    texts = (case.text for case in every())
    return sorted({word for text in texts for word in WORD.findall(text)})


def by_sort(keys: Keys | None) -> dict[int, set[int]]:
    return {sort: set(ids) for sort, ids in keys or ()}


@pytest.mark.parametrize("spoken", [frozenset(), GENITIVE, SLAVIC], ids=["none", "-s", "slavic"])
@pytest.mark.parametrize("small", [False, True], ids=["capitals", "no capitals"])
def test_words_learnt_together_have_all_the_keys_that_they_have_alone(
    spoken: frozenset[str], small: bool
) -> None:
    words = [word for word in vocabulary() if not small or word == word.lower()]
    ids = EveryKey()
    together, alone = look_of(ids, spoken, small=small), look_of(ids, spoken, small=small)
    together.expect(words)
    assert len(words) > 1000
    for word in words:
        kept, single = by_sort(together[word]), by_sort(alone[word])
        for sort, wanted in single.items():
            assert wanted <= kept.get(sort, set()), (word, sort)
        if word.isalpha():
            assert kept == single, word


def test_a_word_that_no_term_has_a_key_of_has_none() -> None:
    look = look_of({"marg": 1}, GENITIVE, small=False)
    look.expect(["Margo", "Quiroga", "margo's"])
    assert look["Quiroga"] is None
    assert by_sort(look["Margo"]) == {0: {1}}


def test_words_that_were_not_said_to_come_are_known_all_the_same() -> None:
    look = look_of({"marg": 1}, GENITIVE, small=False)
    look.expect(["Quiroga"])
    assert by_sort(look["Margo"]) == {0: {1}}
