"""Levels of courts in news."""

from __future__ import annotations

import pytest

from matching.court_levels import levels_in
from matching.stopwords import COURTS
from matching.turns import folded, words_of


def levels(text: str) -> frozenset[str]:
    plain = folded(text)
    return levels_in(plain, words_of(plain))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("US Supreme Court rejects appeal", "highest"),
        ("Corte de Apelaciones ratifica condena", "appeal"),
        ("La cour d’appel confirme", "appeal"),
        ("قررت المحكمة العليا", "highest"),
        ("ومحكمة الاستئناف تؤيد", "appeal"),
        ("Верховный суд оставил приговор", "highest"),
        ("最高法院裁定", "highest"),
        ("Das Oberlandesgericht München", "appeal"),
    ],
)
def test_a_court_is_known_by_its_name(text: str, level: str) -> None:
    assert level in levels(text)
    assert levels("Police search a house in Lima") == frozenset()


def test_every_plain_name_of_the_table_is_found() -> None:
    for level, names in COURTS.items():
        for name in names:
            if not set(name) & set("\\(?"):
                assert level in levels(f"x {name} y"), name
