"""Watches as rows: JSON lines, CSV columns, [[watches]]."""

from __future__ import annotations

import csv
import io

import pytest

from matching.terms import parse
from matching.wishes import COLUMNS, from_row, to_columns, to_row
from model import Priority, TermError, Watch, WatchKind

FULL = Watch(
    "Salvador Cienfuegos Zepeda",
    aliases=('"General Cienfuegos"', "General | Cienfuegos"),
    nicknames=("El Padrino",),
    context=("Mexico", "DEA"),
    require=("cartel", "H-2 Cartel"),
    also=(("order", "motion"), ("nyed",)),
    never=("Camilo Cienfuegos",),
    lang=("es", "en"),
    sources=("InSight Crime",),
    priority=Priority.HIGH,
    threshold=80,
)


def test_only_the_name_is_required() -> None:
    assert from_row({"name": "Ana Luz"}) == Watch("Ana Luz")


def test_the_kind_is_guessed_where_it_is_not_said() -> None:
    assert from_row({"name": "USA v. Doe"}).kind is WatchKind.CASE
    assert from_row({"name": "MV Amber Petrel"}).kind is WatchKind.VESSEL
    assert from_row({"name": "USA v. Doe", "kind": "person"}).kind is WatchKind.PERSON


def test_a_watch_survives_its_row() -> None:
    assert from_row(to_row(FULL)) == FULL
    assert to_row(Watch("Ana Luz")) == {"name": "Ana Luz", "kind": "person"}


def test_a_watch_survives_a_csv_file() -> None:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerow(to_columns(FULL))
    (row,) = csv.DictReader(io.StringIO(file.getvalue()))
    assert from_row(row) == FULL


def test_lists_may_be_one_text_split_at_bars() -> None:
    row = {"name": "Ana Luz", "aliases": "La Jefa|  Doña  Ana ", "never": "Cuba", "threshold": "75"}
    watch = from_row(row)
    assert watch.aliases == ("La Jefa", "Doña Ana")
    assert (watch.never, watch.threshold) == (("Cuba",), 75)


def test_a_row_and_a_typed_line_lead_to_the_same_watch() -> None:
    row: dict[str, object] = {"name": "Ana  Luz", "aliases": ["“La Jefa”"], "context": ["DEA"]}
    row["nicknames"] = ["La Doña", "La Doña"]
    assert from_row(row) == parse('Ana Luz | "La Jefa" | ~"La Doña" near:DEA')


def test_columns_of_no_concern_are_passed_over() -> None:
    assert from_row({"name": "Ana Luz", "note": "seen twice", "to": ["desk"]}) == Watch("Ana Luz")
    assert from_row({" Name ": "Ana Luz", "Alias": "La Jefa"}).aliases == ("La Jefa",)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, "needs a name"),
        ({"name": "  "}, "needs a name"),
        ({"name": 7}, "needs a name"),
        ({"name": "Ana Luz", "alaises": ["x y"]}, "did you mean aliases"),
        ({"name": "Ana Luz", "aliases": [1]}, "must be a list of words"),
        ({"name": "Ana Luz", "kind": "human"}, "one of person, org"),
        ({"name": "Ana Luz", "lang": ["xx"]}, "language"),
        ({"name": "Ana Luz", "priority": "urgent"}, "high, normal or digest"),
        ({"name": "Ana Luz", "threshold": "many"}, "whole number"),
        ({"name": "Ana Luz", "threshold": 101}, "0 to 100"),
        ({"name": "Ana Luz", "aliases": ["x"]}, "single letter"),
        ({"name": "Ana\ud800Luz"}, "unreadable"),
        ({"name": "Ana Luz", "aliases": [f"Ana {n}" for n in range(10_000)]}, "10,001 names"),
        ({"name": "Ana Luz", "also": 3}, "list of lists"),
    ],
)
def test_a_bad_row_is_refused_in_one_sentence(row: dict[str, object], says: str) -> None:
    with pytest.raises(TermError, match=r"^[^\n]+$") as caught:
        from_row(row)
    assert says in str(caught.value)
