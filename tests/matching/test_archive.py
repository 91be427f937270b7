"""Searching the archive: which Items a typed search fits, and that their keys lead to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.archive import read_search
from matching.lookup import keys_of_item
from model import Filing, Item, TermError

ITEM = Item(
    title="Jueza acepta desestimar los cargos contra Cienfuegos",
    summary="La jueza Amon's ruling frees Mexico’s ex-minister; see 1:19-cr-00366, l’avocat said.",
    lang="es-MX",
    source="El Universal",
)


def fits(text: str, item: Item = ITEM) -> bool:
    search = read_search(text)
    by_keys = any(anchor <= keys_of_item(item) for anchor in search.anchors())
    found = search.fits(item)
    assert by_keys or not found, "the keys overlook it"
    return found


@pytest.mark.parametrize(
    "text",
    [
        "cienfuegos",
        "CIENFUEGOS jueza",
        "Ciénfuegos",
        '"acepta desestimar"',
        "dismissal | cargos",
        "amon",
        "mexico",
        "avocat",
        "cargos -drogas",
        "cargos lang:es",
        'cargos source:"el universal"',
        "19 CR 366",
        "1:19-cr-00366",
        '"acepta desestimar',
        "cargos contra",
        "ex-minister",
    ],
)
def test_it_is_found(text: str) -> None:
    assert fits(text)


@pytest.mark.parametrize(
    "text",
    [
        "cienfuego",
        '"desestimar acepta"',
        "cargos drogas",
        "cargos -cienfuegos",
        "cargos lang:en",
        "cargos source:reuters",
        "1:19-cr-00367",
    ],
)
def test_it_is_not_found(text: str) -> None:
    assert not fits(text)


def test_a_filing_is_found_by_its_number_though_its_words_lack_it() -> None:
    item = Item(title="USA v. Cienfuegos", filing=Filing(court="nyed", number="1:19-cr-00366"))
    assert fits("19-cr-366", item)
    assert not fits("19-cr-367", item)


def test_a_word_without_spaces_around_it_is_found_inside() -> None:
    assert fits("習近平", Item(title="中国国家主席习近平抵达"))
    assert not fits("李强", Item(title="中国国家主席习近平抵达"))


@pytest.mark.parametrize("text", ["", "   ", "-only", "lang:es", '""', "|"])
def test_a_search_for_nothing_is_refused(text: str) -> None:
    with pytest.raises(TermError, match="Say what to look for"):
        read_search(text)


@given(st.text(max_size=80))
def test_no_text_breaks_a_search(text: str) -> None:
    try:
        search = read_search(text)
    except TermError:
        return
    assert search.anchors()
    search.fits(ITEM)
