"""The Matcher as a whole: fields, never and require, nicknames, adding and removing."""

from __future__ import annotations

from pathlib import Path

import pytest

from matching.match import Matcher
from matching.reasons import codes
from model import Item, Watch, WatchKind
from model.errors import TermError

CATALOGUE = Path(__file__).resolve().parents[2] / "bot" / "words" / "en" / "reasons.po"


def texts(watch: Watch, item: Item) -> list[str]:
    """Return what is found of one Watch."""
    matcher = Matcher()
    matcher.add(watch)
    return [mention.text for mention in matcher.find_mentions(item)]


def test_every_field_is_read() -> None:
    watch = Watch("Niamh O'Dowd", id=1)
    matcher = Matcher()
    matcher.add(watch)
    item = Item(title="Niamh O’Dowd", summary="NIAMH ODOWD said", text="O'Dowd, Niamh")
    assert [(m.field, m.text) for m in matcher.find_mentions(item)] == [
        ("title", "Niamh O’Dowd"),
        ("summary", "NIAMH ODOWD"),
        ("text", "O'Dowd, Niamh"),
    ]


def test_a_never_that_names_a_part_cancels_only_what_it_covers() -> None:
    watch = Watch("Niamh O'Dowd", never=("Niamh O'Dowd Foundation",), id=1)
    assert texts(watch, Item(title="Niamh O'Dowd Foundation opens")) == []
    both = Item(title="Niamh O'Dowd Foundation opens", summary="Niamh O'Dowd was there")
    assert texts(watch, both) == ["Niamh O'Dowd"]


def test_any_other_never_forbids_the_item() -> None:
    watch = Watch("Niamh O'Dowd", never=("violin",), id=1)
    assert texts(watch, Item(title="Niamh O'Dowd", summary="The VIOLIN was hers")) == []
    assert texts(watch, Item(title="Niamh O'Dowd", summary="violinists")) == ["Niamh O'Dowd"]


def test_of_each_group_one_word_is_required() -> None:
    watch = Watch("Niamh O'Dowd", require=("fraud", "theft"), also=(("Dublin",),), id=1)
    assert texts(watch, Item(title="Niamh O'Dowd: theft in Dublin")) == ["Niamh O'Dowd"]
    assert texts(watch, Item(title="Niamh O'Dowd: theft in Cork")) == []


def test_a_nickname_needs_support_nearby() -> None:
    watch = Watch("Ignacio Matamoros Treviño", nicknames=("El Notario",), context=("DEA",), id=1)
    assert texts(watch, Item(title="El Notario vuelve a los cines")) == []
    assert texts(watch, Item(title="La DEA busca a El Notario")) == ["El Notario"]
    far = Item(title="El Notario vuelve", text="x " * 400 + "DEA")
    assert texts(watch, far) == []


def test_languages_that_are_left_out_are_not_read() -> None:
    watch = Watch("Niamh O'Dowd", lang=("es",), id=1)
    assert texts(watch, Item(title="Niamh O'Dowd", lang="en")) == []
    assert texts(watch, Item(title="Niamh O'Dowd", lang="es-MX")) == ["Niamh O'Dowd"]


def test_at_most_one_mention_for_a_place() -> None:
    watch = Watch("Niamh O'Dowd", aliases=("Niamh Mary O'Dowd", "O'Dowd"), id=1)
    assert texts(watch, Item(title="Niamh Mary O'Dowd spoke")) == ["Niamh Mary O'Dowd"]


def test_each_kind_is_found_by_its_own_forms() -> None:
    matcher = Matcher()
    matcher.add(Watch("Halloran & Pike Ltd", kind=WatchKind.ORG, id=1))
    matcher.add(Watch("MV Amber Petrel", kind=WatchKind.VESSEL, id=2))
    matcher.add(Watch("1:21-cr-00482", kind=WatchKind.CASE, id=3))
    matcher.add(Watch("orden de aprehensión", kind=WatchKind.PHRASE, id=4))
    item = Item(
        title="Halloran and Pike own the Amber Petrel",
        summary="21 Cr. 482 (RJD); la ORDEN DE APREHENSION",
    )
    assert {m.watch_id for m in matcher.find_mentions(item)} == {1, 2, 3, 4}


@pytest.mark.parametrize("name", ["", "…", "x", "word " * 300, "a" * 400])
def test_what_cannot_be_watched_is_refused_in_a_sentence(name: str) -> None:
    matcher = Matcher()
    with pytest.raises(TermError) as refused:
        matcher.add(Watch(name, id=1))
    assert str(refused.value)
    assert len(matcher) == 0


def test_ten_thousand_aliases_are_refused() -> None:
    many = tuple(f"Alias Number {n}" for n in range(10_000))
    with pytest.raises(TermError):
        Matcher().add(Watch("Niamh O'Dowd", aliases=many, id=1))


def test_the_catalogue_has_a_sentence_for_every_reason() -> None:
    said = {
        line.removeprefix('msgid "reason.').rstrip('"')
        for line in CATALOGUE.read_text("utf-8").splitlines()
        if line.startswith('msgid "reason.')
    }
    assert codes() <= said
