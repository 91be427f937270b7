"""Risky names are recognised when they are added, and the words that would help are found."""

from __future__ import annotations

import pytest

from matching.risk import context_words, find_risks
from matching.terms import parse
from model import Item, Watch


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Juan Pérez", "common_name"),
        ("María García López", "common_name"),
        ("José Luis Hernández", "common_name"),
        ("John Smith", "common_name"),
        ("João Silva", "common_name"),
        ("Cienfuegos", "place"),
        ("Nuevo Laredo", "place"),
        ("São Paulo", "place"),
        ("mexico", "place"),
        ("El Padrino", "ordinary"),
        ("The Godfather", "ordinary"),
        ('"el señor de los cielos"', "ordinary"),
        ("fraude", "ordinary"),
        ("DEA", "short"),
        ("phrase ONU", "short"),
        ("Villaseñor", "one_word"),
        ("Rasputin", "one_word"),
    ],
)
def test_a_risky_name_is_told(line: str, code: str) -> None:
    (risk,) = find_risks(parse(line))
    assert risk.code == code


@pytest.mark.parametrize(
    "line",
    [
        "Salvador Cienfuegos Zepeda",
        "Genaro García Luna",
        "Juan Pérez Villaseñor",
        "Emilio Lozoya",
        "H-2 Cartel",
        "1:19-cr-00366",
        "USA v. Smith",
        "org Kestrel",
        '="DEA"',
        "Juan Pérez AND fentanilo",
        "Juan Pérez near:(Zapopan OR fentanilo)",
        "Cienfuegos w/10 DEA",
        "孙浩然",
    ],
)
def test_a_telling_name_is_not(line: str) -> None:
    assert find_risks(parse(line)) == []


def test_each_risky_alias_is_told_once() -> None:
    watch = Watch("Ana Luz Quiroga", aliases=("La Jefa", "Ana Luz Quiroga Paz", "ALQ"))
    assert [(risk.code, risk.term) for risk in find_risks(watch)] == [
        ("ordinary", "La Jefa"),
        ("short", "ALQ"),
    ]


def test_the_words_that_help_stand_near_the_name_and_not_everywhere() -> None:
    near = "El general Matamoros fue citado por la DEA tras una denuncia en la aduana, dijo hoy"
    other = "El gobierno dijo hoy que el presupuesto será aprobado por el Congreso en noviembre"
    samples = [Item(key=str(n), title=near, text=f"{other}. {n}") for n in range(4)]
    samples += [Item(key=f"x{n}", text=f"{other} {n}") for n in range(20)]
    words = context_words("Matamoros", samples)
    assert words[0] == "DEA"
    assert {"general", "aduana", "denuncia"} <= set(words)
    assert not {"Matamoros", "dijo", "hoy", "Congreso"} & set(words[:4])
    (risk,) = find_risks(Watch("Matamoros"), samples)
    assert risk.words == words


def test_nothing_is_suggested_from_nothing() -> None:
    assert context_words("Matamoros", []) == ()
    assert context_words("…", [Item(key="1", text="Matamoros")]) == ()
