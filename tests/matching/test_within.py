"""Notation in a Term that the Matcher must honour: phrases, literals, words near each other."""

from __future__ import annotations

import pytest

from matching.match import Matcher
from matching.terms import parse
from model import Item


def found(line: str, text: str) -> list[str]:
    matcher = Matcher()
    matcher.add(parse(line))
    return [mention.text for mention in matcher.find_mentions(Item(key="1", text=text))]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Cienfuegos was met by DEA agents.", ["Cienfuegos was met by DEA"]),
        ("The dea, said CIENFUEGOS, never called.", ["dea, said CIENFUEGOS"]),
        ("Cienfuegos is a city. Far away, and on another day, somebody called the DEA.", []),
        ("Cienfuegos is a city.", []),
        ("Nobody called the DEA.", []),
    ],
)
def test_two_words_stand_near_each_other_in_either_order(text: str, spans: list[str]) -> None:
    assert found("Cienfuegos w/5 DEA", text) == spans


def test_phrases_can_stand_near_each_other() -> None:
    line = '"general Cienfuegos" w/3 "cártel H-2"'
    assert found(line, "El General Cienfuegos y el Cartel H2") == [
        "General Cienfuegos y el Cartel H2"
    ]
    assert found(line, "Cienfuegos, general, y el Cartel H2") == []


def test_several_words_within_a_few_words() -> None:
    line = '"general arrest airport"~4'
    text = "A general was under arrest at an airport."
    assert found(line, text) == []
    assert found('"general arrest airport"~6', text) == ["general was under arrest at an airport"]


def test_alternatives_near_a_word_are_terms_of_their_own() -> None:
    line = "Cienfuegos w/2 (DEA OR cartel)"
    assert found(line, "DEA: Cienfuegos") == ["DEA: Cienfuegos"]
    assert found(line, "the cartel of Cienfuegos") == ["cartel of Cienfuegos"]


def test_a_phrase_has_no_variants_and_a_literal_keeps_its_capitals() -> None:
    assert found('"General Cienfuegos"', "el GENERAL CIENFUEGOS") == ["GENERAL CIENFUEGOS"]
    assert found('"General Cienfuegos"', "Cienfuegos, general") == []
    assert found('="DEA"', "the DEA said") == ["DEA"]
    assert found('="DEA"', "the dea said") == []
    assert found('="José"', "Jose said") == []


def test_a_required_docket_number_is_known_in_every_form() -> None:
    line = "Ana Luz Paz docket:1:19-cr-00366"
    assert found(line, "19 Cr. 366 (CBA): Ana Luz Paz") == ["Ana Luz Paz"]
    assert found(line, "1:19-cr-00366-CBA-1 Ana Luz Paz") == ["Ana Luz Paz"]
    assert found(line, "1:19-cr-00367 Ana Luz Paz") == []


def test_a_phrase_in_a_script_without_spaces_is_found_in_running_text() -> None:
    assert found('"孙浩然"', "法院判处孙浩然有期徒刑") == ["孙浩然"]
    assert found("phrase 孙浩然", "法院判处孙浩然有期徒刑") == ["孙浩然"]


def test_a_removed_term_leaves_no_trace() -> None:
    matcher = Matcher()
    for line in ("Cienfuegos w/5 DEA", '="DEA"', '"孙浩然"'):
        watch = parse(line)
        matcher.add(watch)
        matcher.remove(watch.id)
        assert matcher.find_mentions(Item(key="1", text="DEA, Cienfuegos, 孙浩然")) == []
