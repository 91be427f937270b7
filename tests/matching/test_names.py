"""What the parts of a name are, by the customs of where it comes from."""

from __future__ import annotations

import pytest

from matching.anatomy import Culture
from matching.eastern import romanised
from matching.entities import phrase
from matching.names import understand


def parts(text: str) -> tuple[list[str], list[str]]:
    """Return the folded given names and surnames."""
    person = understand(text)
    assert person is not None
    return [p.word.fold for p in person.given], [p.word.fold for p in person.surnames]


@pytest.mark.parametrize(
    ("text", "given", "surnames"),
    [
        ("Armando Villaseñor Quiroga", ["armando"], ["villasenor", "quiroga"]),
        ("Juan Orlando Hernández Alvarado", ["juan", "orlando"], ["hernandez", "alvarado"]),
        ("Manuel de la Torre Ibarra", ["manuel"], ["delatorre", "ibarra"]),
        ("Rogério Tavares da Cunha", ["rogerio"], ["tavares", "dacunha"]),
        ("Gregory Alan Whitcombe", ["gregory", "alan"], ["whitcombe"]),
        ("Wouter van der Heijdenrijk", ["wouter"], ["vanderheijdenrijk"]),
        ("QUIROGA PONCE, Laura", ["laura"], ["quiroga", "ponce"]),
        ("Dr. Annegret Ilse Möllenkamp", ["annegret", "ilse"], ["mollenkamp"]),
        ("Park Min-seok", ["minseok"], ["park"]),
        ("Phạm Nhật Quảng", ["nhatquang"], ["pham"]),
        ("Anne-Cécile Lebœuf", ["annececile"], ["leboeuf"]),
    ],
)
def test_given_names_and_surnames_are_told_apart(
    text: str, given: list[str], surnames: list[str]
) -> None:
    assert parts(text) == (given, surnames)


@pytest.mark.parametrize(
    ("text", "culture"),
    [
        ("Nemesio Cervantes Quiroga", Culture.SPANISH),
        ("João Batista Assunção", Culture.PORTUGUESE),
        ("Sun Haoran", Culture.EASTERN),
        ("Khaled Mansouri", Culture.ARABIC),
        ("Gregory Alan Whitcombe", Culture.WESTERN),
        ("Олег Стрельников", Culture.SLAVIC),
    ],
)
def test_a_name_tells_where_it_comes_from(text: str, culture: Culture) -> None:
    person = understand(text)
    assert person is not None
    assert person.culture is culture


def test_a_spanish_name_stands_by_its_first_surname_a_portuguese_by_its_last() -> None:
    spanish, portuguese = understand("Emilio Lozoya Austin"), understand("Rogério Tavares Lacerda")
    assert spanish is not None
    assert portuguese is not None
    assert spanish.heads == (0,)
    assert portuguese.heads == (1,)


def test_a_generation_is_no_part_of_the_surname() -> None:
    person = understand("Desmond Achterberg Jr.")
    assert person is not None
    assert (person.suffix, len(person.surnames)) == ("jr", 1)


def test_one_word_is_no_person_that_could_be_taken_apart() -> None:
    assert understand("Ronaldinho") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Halloran & Pike Ltd", ["halloran", "and", "pike"]),
        ("Minera del Sol, S.A. de C.V.", ["minera", "del", "sol"]),
        ("ООО Ромашка", ["ромашка"]),
        ("Los Zetas", ["zetas"]),
    ],
)
def test_a_firm_goes_without_legal_form_and_article(text: str, words: list[str]) -> None:
    found = phrase(text, "org")
    assert found is not None
    assert [word.fold for word in found.words] == words


def test_a_ship_goes_without_its_prefix() -> None:
    found = phrase("M/V Amber Petrel", "vessel")
    assert found is not None
    assert [word.fold for word in found.words] == ["amber", "petrel"]


@pytest.mark.parametrize(
    ("text", "latin"), [("欧阳明轩", "Ouyang Mingxuan"), ("孙浩然", "Sun Haoran"), ("石橋誠", "")]
)
def test_chinese_names_can_be_romanised_and_japanese_ones_not(text: str, latin: str) -> None:
    assert romanised(text) == latin
