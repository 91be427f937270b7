"""Signs that a case came out of seal, and what is not public of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.happened import with_events
from matching.stages import events_of
from matching.unsealing import is_unsealing, radar, seal_gaps
from model import Filing

NOW = date(2020, 10, 16)
CASE = Filing(
    court="nyed",
    number="1:19-cr-00366",
    caption="United States v. Cienfuegos Zepeda",
    entry="6",
    short="Letter",
)


def test_an_old_number_at_its_first_entries_is_a_sign() -> None:
    assert radar(CASE, NOW, first=True) == ("old_number", "low_entry")
    assert is_unsealing(radar(CASE, NOW, first=True))


def test_an_old_number_alone_is_any_old_case() -> None:
    old = replace(CASE, entry="412")
    assert radar(old, NOW, first=True) == ("old_number",)
    assert not is_unsealing(radar(old, NOW, first=True))
    assert radar(CASE, NOW, first=False) == ()


def test_a_charge_under_an_old_number_is_a_sign_without_any_entry_number() -> None:
    charged = replace(CASE, entry="", short="Indictment", events=events_of("Indictment"))
    assert is_unsealing(radar(charged, NOW, first=True))


@pytest.mark.parametrize("number", ["1:20-cr-00366", "1:19-cv-00366", "20-1234", ""])
def test_a_number_of_this_year_or_no_criminal_one_is_none(number: str) -> None:
    assert radar(replace(CASE, number=number), NOW, first=True) == ()


def test_the_word_itself_is_a_sign_unless_it_was_refused() -> None:
    said = with_events(replace(CASE, entry="7", text="ORDER TO UNSEAL as to John Doe"))
    assert radar(said, NOW, first=False) == ("unseal",)
    for text in ("ORDER denying motion to unseal", "MOTION to Unseal Case by USA"):
        asked = with_events(replace(CASE, text=text))
        assert radar(asked, NOW, first=False) == ()


def test_a_caption_that_gets_a_name_is_a_sign() -> None:
    assert radar(CASE, NOW, first=False, caption="USA v. SEALED") == ("named",)
    assert radar(CASE, NOW, first=False, caption="USA v. Cienfuegos Zepeda") == ()


def test_runs_of_missing_numbers_are_not_public() -> None:
    assert seal_gaps(["13", "17", "18", "20", "", "minute"], 21, since=13) == (
        (14, 16),
        (19, 19),
        (21, 21),
    )
    assert seal_gaps(["1", "2", "3"]) == ()
    assert seal_gaps([]) == ()


@given(st.sets(st.integers(1, 60)), st.integers(0, 60))
def test_every_number_is_either_known_or_in_one_gap(known: set[int], newest: int) -> None:
    gaps = seal_gaps(map(str, known), newest)
    missing = {number for first, last in gaps for number in range(first, last + 1)}
    assert missing == set(range(1, max([newest, *known], default=0) + 1)) - known
