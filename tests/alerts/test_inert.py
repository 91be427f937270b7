"""What a stranger wrote is harmless before it is said."""

from __future__ import annotations

import unicodedata

from hypothesis import given

from alerts.inert import clipped, inert
from tests.alerts.making import HOSTILE


def test_hidden_directions_and_invisible_letters_are_gone() -> None:
    assert inert("a\u202eb\u200bc\u2066d\ufeffe\u00adf\x1b[31m") == "abcdef[31m"


def test_white_space_of_any_kind_is_one_space() -> None:
    assert inert("a\r\n\u2028 \tb\u00a0c") == "a b c"


def test_an_at_sign_mentions_nobody() -> None:
    assert inert("@all a@b.test") == "@\u2060all a@\u2060b.test"


def test_emoji_accents_and_other_scripts_stay() -> None:
    text = "Ñandú 👍🏽 أحمد שלום Воронов 曾"
    assert inert(text) == text


@given(HOSTILE)
def test_nothing_hidden_survives_and_all_of_it_can_be_encoded(text: str) -> None:
    clean = inert(text)
    clean.encode("utf-8")
    assert "\n" not in clean
    hidden = {c for c in clean.replace("@\u2060", "") if unicodedata.category(c) in {"Cc", "Cs"}}
    assert hidden == set()
    assert not set("\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff") & set(clean)


@given(HOSTILE)
def test_a_clipped_text_is_its_own_beginning(text: str) -> None:
    short = clipped(text, 10)
    assert len(short) <= 10
    assert short == text or text.startswith(short[:-1])


def test_clipping_ends_at_a_word() -> None:
    assert clipped("Judge drops the case", 14) == "Judge drops…"
    assert clipped("Judge", 5) == "Judge"
