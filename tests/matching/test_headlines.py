"""Words of live headlines are counted on as they come and go."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import headlines
from matching.headlines import words_of
from matching.remembered import remembered
from model import Item

TEXTS = [
    remembered(Item(title=f"{who} {turn} in {place}", lang="en"))
    for who in ("Eva Luna", "Juan Roe")
    for turn in ("arrested", "released", "fined", "seen again")
    for place in ("Lima", "Colima", "Durango")
]
_PLACES = st.lists(st.integers(0, len(TEXTS) - 1), max_size=30)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[object, object]:
    kept: dict[object, object] = {}
    monkeypatch.setattr(headlines, "_KEPT", kept)
    return kept


@given(st.lists(_PLACES, min_size=2, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_counted_on_is_what_is_counted_anew(
    kept: dict[object, object], steps: list[list[int]]
) -> None:
    for places in steps:
        live = [TEXTS[place] for place in places]
        assert words_of(live, "ours") == Counter(word for one in live for word in one.head)


def test_one_that_comes_and_one_that_goes_are_counted_without_the_rest(
    kept: dict[object, object],
) -> None:
    words_of(TEXTS[:20], "ours")
    assert words_of(TEXTS[1:21], "ours") == words_of(TEXTS[1:21])
    assert words_of(TEXTS[2:], "ours") == words_of(TEXTS[2:])


def test_no_more_counts_are_kept_than_fit(
    kept: dict[object, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headlines, "MOST", 2)
    for whose in (1, 2, 1, 3):
        words_of(TEXTS, whose)
    assert list(kept) == [1, 3]
