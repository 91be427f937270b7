"""Two people of one family, and the days a text names."""

from __future__ import annotations

import pytest

from matching.compare import Verdict, compare
from matching.days import days_in
from matching.gist import told
from matching.kin import kin_in
from matching.turns import folded, turns_in, words_of
from model import Item


def verdict(one: str, other: str, lang: str) -> Verdict:
    return compare(told(Item(title=one, lang=lang)), told(Item(title=other, lang=lang)))


@pytest.mark.parametrize(
    ("title", "lang", "whose"),
    [
        ("Hernán Loza's brother arrested", "en", ("hernan",)),
        ("Son of Hernán Loza arrested", "en", ("hernan",)),
        ("Detienen a la hija de Hernán Loza", "es", ("hernan",)),
        ("Le fils d'Aminata Sow arrêté", "fr", ("aminata",)),
        ("Tannerts Bruder verhaftet", "de", ("tannerts",)),
        ("Арестован сын Рябинина", "ru", ("рябинина",)),
        ("Lawyer for Hernán Loza arrested", "en", ("hernan",)),
        ("Tarık Loza'nın oğlu tutuklandı", "tr", ("tarik",)),
        ("Aide of President Hernán Loza arrested", "en", ("president", "hernan")),
        ("Hernán Loza: muere su abogado", "es", ("hernan",)),
        ("Hernán Loza : son frère arrêté", "fr", ("hernan",)),
        ("Hernán Loza: held with his wife", "en", ()),
        ("Police seize yacht of Hernán Loza", "en", ("hernan",)),
        ("Суд арестовал особняк Ивана Петрова", "ru", ("ивана",)),
        ("Hernán Loza sells yacht of Eva Luna", "en", ()),
        ("Lawyer for Hernán Loza says he was arrested", "en", ()),
        ("Lawyer for Hernán Loza appeals", "en", ()),
        ("US attorney for Manhattan charges ex-mayor", "en", ()),
        ("Kenya's deputy president arrested", "en", ()),
        ("His brother was arrested", "en", ()),
        ("Salvador Cienfuegos arrested", "en", ()),
    ],
)
def test_it_is_heard_whose_kin_a_headline_speaks_of(
    title: str, lang: str, whose: tuple[str, ...]
) -> None:
    words = words_of(folded(title))
    turns = turns_in(folded(title), words, lang).told
    assert kin_in(title, words, lang, turns).owners == whose


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("Hernán Loza's brother arrested in Lima", "Hernán Loza arrested in Lima", "en"),
        ("Esteban Loza arrested in Lima raid", "Hernán Loza held in Lima", "en"),
        ("Detienen a la hija de Hernán Loza", "Detienen a Hernán Loza", "es"),
        ("Lawyer for Hernán Loza arrested", "Hernán Loza arrested in Lima", "en"),
        ("Detienen al abogado de Hernán Loza", "Detienen al hermano de Hernán Loza", "es"),
        ("Hernán Loza: muere su abogado", "Muere Hernán Loza", "es"),
        ("Capturan en Lima al hijo del capo Hernán Loza", "Capturan al capo Hernán Loza", "es"),
        ("Police seize yacht of Hernán Loza", "Police seize Hernán Loza", "en"),
        ("Суд арестовал особняк Ивана Петрова", "Суд арестовал Ивана Петрова", "ru"),
    ],
)
def test_kin_are_other_people(one: str, other: str, lang: str) -> None:
    assert verdict(one, other, lang) is Verdict.NAMES


def test_one_person_is_one_whatever_stands_before_the_surname() -> None:
    found = verdict("Salvador Cienfuegos arrested", "General Cienfuegos arrested in Lima", "en")
    assert found.is_same


@pytest.mark.parametrize(
    ("text", "lang", "weekdays", "dates"),
    [
        ("Held on Tuesday, 12 March", "en", {2}, {(3, 12)}),
        ("on March 12, 2024", "en", set(), {(3, 12)}),
        ("el martes 12 de marzo", "es", {2}, {(3, 12)}),
        ("am 3. Mai", "de", set(), {(5, 3)}),
        ("в четверг, 9 ноября", "ru", {4}, {(11, 9)}),
        ("3月12日", "zh", set(), {(3, 12)}),
        ("nothing at all", "en", set(), set()),
    ],
)
def test_days_are_read(
    text: str, lang: str, weekdays: set[int], dates: set[tuple[int, int]]
) -> None:
    found = days_in(folded(text), words_of(folded(text)), lang)
    assert (found.weekdays, found.dates) == (weekdays, dates)


def test_the_same_words_on_another_day_are_another_story() -> None:
    one = Item(title="Cienfuegos appears in court", summary="He came on 12 March.", lang="en")
    other = Item(title="Cienfuegos appears in court", summary="He came on 4 May.", lang="en")
    assert compare(told(one), told(other)) is Verdict.NAMES
