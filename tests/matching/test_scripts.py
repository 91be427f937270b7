"""Names across alphabets."""

from __future__ import annotations

import pytest

from matching import letters, scripts, sounds
from matching.text import Word


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("Luna", scripts.LATIN),
        ("Громов", scripts.CYRILLIC),
        ("Αλεβίζος", scripts.GREEK),
        ("طارق", scripts.ARABIC),
        ("דב", scripts.HEBREW),
        ("अनिल", scripts.DEVANAGARI),
        ("วิชัย", scripts.THAI),
        ("孙", scripts.HAN),
        ("ロバート", scripts.KANA),
        ("최", scripts.HANGUL),
    ],
)
def test_a_word_is_of_the_script_of_its_letters(word: str, script: str) -> None:
    assert Word(word).script == script


@pytest.mark.parametrize(
    ("latin", "other"),
    [
        ("Kruglov", "Круглов"),
        ("Meshcheryakov", "Мещеряков"),
        ("Polezhayev", "Полежаев"),
        ("Alevizos", "Αλεβίζος"),
        ("Efthymios", "Ευθύμιος"),
        ("Cienfuegos", "Сьенфуэгос"),
        ("Hnatyshak", "Гнатишак"),
    ],
)
def test_what_has_vowels_sounds_the_same(latin: str, other: str) -> None:
    assert sounds.same_sound(Word(latin), Word(other))


@pytest.mark.parametrize(
    ("latin", "other"),
    [
        ("khaled", "خالد"),
        ("mahmoud", "محمود"),
        ("abdulrahman", "عبدالرحمن"),
        ("alterman", "אלטרמן"),
        ("deshmukhia", "देशमुखिया"),
        ("salvador", "サルバドール"),
        ("dunmore", "данмор"),
        ("gaddafi", "القذافي"),
        ("amr", "عمرو"),
        ("moneim", "منعم"),
        ("ahmed", "أحمد"),
        ("reuven", "ראובן"),
        ("ehud", "אהוד"),
        ("singh", "सिंह"),
        ("mayawati", "मायावती"),
        ("ghosh", "घोष"),
    ],
)
def test_what_has_few_vowels_is_read_letter_by_letter(latin: str, other: str) -> None:
    assert letters.reads(Word(other).fold, Word(other).script, latin)
    assert latin


@pytest.mark.parametrize(
    ("latin", "other"),
    [
        ("hassan", "حسين"),
        ("fahmy", "فهيم"),
        ("ahmed", "حمد"),
        ("hamad", "أحمد"),
        ("mahmoud", "محمد"),
        ("said", "سعد"),
        ("ziad", "سعد"),
        ("amr", "عمر"),
        ("omar", "عمرو"),
        ("assad", "الشاهد"),
        ("arye", "אורי"),
        ("rajesh", "हरीश"),
        ("joshi", "घोष"),
        ("manoj", "मीना"),
        ("karimi", "كريم"),
        ("abadi", "عبد"),
        ("jabouri", "الجابري"),
        ("naser", "نزار"),
        ("goyal", "जलाया"),
        ("kruglov", "Кругов"),
        ("harkness", "ハーマン"),
    ],
)
def test_near_names_do_not_read_alike(latin: str, other: str) -> None:
    assert not letters.reads(Word(other).fold, Word(other).script, latin)


@pytest.mark.parametrize(
    ("latin", "other"),
    [("khaled", "خالد"), ("alterman", "אלטרמן"), ("salvador", "сальвадор"), ("dunmore", "данмор")],
)
def test_a_name_and_its_reading_share_a_rough_key(latin: str, other: str) -> None:
    word = Word(other)
    assert set(letters.rough(latin)) & set(letters.rough_of(word.fold, word.script))


@pytest.mark.parametrize(
    ("one", "other"), [("park", "pak"), ("minseok", "minsok"), ("soo", "su"), ("jihoon", "jihun")]
)
def test_romanisations_of_korean_meet(one: str, other: str) -> None:
    assert sounds.korean(one) == sounds.korean(other)
