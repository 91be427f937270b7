"""Words of the original text, and what folding makes of them."""

from __future__ import annotations

import pytest

from matching.text import WORD, Case, Word, fold, skeleton, word_pattern


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("GARCÍA", "garcia"),
        ("Garci\u0301a", "garcia"),
        ("Preuß", "preuss"),
        ("KILIÇ", "kilic"),
        ("İsmail", "ismail"),
        ("Lebœuf", "leboeuf"),
        ("Żurawski", "zurawski"),
        ("Đặng", "dang"),
        ("Ｃｌａｒａ", "clara"),
        ("Pell\u200bworth", "pellworth"),
        ("O’Dowd", "odowd"),
        ("O´Dowd", "odowd"),
        ("M.ª", "ma"),
        ("ﾊｰｸﾈｽ", "ハークネス"),
        ("いしばし", "イシバシ"),
        ("孫浩然", "孙浩然"),
        ("كريمي", "كريمي"),
        ("کریمی", "كريمي"),
        ("إبراهيم", "ابراهيم"),
        ("देशपाण्डे", "देशपांडे"),
        ("Семёнович", "семенович"),
        ("Cоrdelia", "cordelia"),
    ],
)
def test_spellings_of_one_word_fold_to_one(raw: str, folded: str) -> None:
    assert fold(raw) == folded


def test_marks_and_invisible_signs_do_not_part_a_word() -> None:
    assert WORD.findall("Garci\u0301a Pell\u200bworth अनिल O’Dowd's") == [
        "Garci\u0301a",
        "Pell\u200bworth",
        "अनिल",
        "O’Dowd's",
    ]


def test_an_apostrophe_at_the_end_is_not_of_the_word() -> None:
    assert WORD.findall("Cienfuegos' arrest") == ["Cienfuegos", "arrest"]


@pytest.mark.parametrize("text", ["It's 19-cr-366, isn't it?", "a_b c`d", "'quoted'", ""])
def test_the_fast_pattern_finds_the_same_words(text: str) -> None:
    assert word_pattern(text).findall(text) == WORD.findall(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("schoenfeldt", "schonfeldt"),
        ("sergey", "sergei"),
        ("heijdenrijk", "heydenryk"),
        ("kuznetsov", "kuznecov"),
        ("mohammed", "mohamed"),
        ("gonzalez", "gonzales"),
        ("meschtscherjakow", "meshcheryakov"),
    ],
)
def test_orthographies_of_one_name_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_a_word_knows_how_it_is_capitalised() -> None:
    cases = [Word(raw).case for raw in ("luna", "Luna", "LUNA", "deLuca", "孙", "S")]
    assert cases == [Case.LOWER, Case.TITLE, Case.UPPER, Case.TITLE, Case.NONE, Case.TITLE]


def test_what_is_too_long_for_a_word_is_cut() -> None:
    assert len(Word("x" * 100_000).fold) == 80
