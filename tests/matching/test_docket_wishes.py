"""What people send to follow a case, and how they write courts and captions."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.docket_wishes import read_docket
from matching.parties import parse_caption, people_of, sought_for
from model import DocketError
from model.courts import COURTS, Court, find_court, nearest_court

FOLDER = Path(__file__).parent / "cases"


def rows(name: str, width: int) -> Iterator[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield [*row, *[""] * (width - len(row))]


NAMES, WISHES, CAPTIONS = (
    list(rows("courts.tsv", 2)),
    list(rows("dockets.tsv", 6)),
    list(rows("captions.tsv", 6)),
)


def test_the_forms_are_plenty() -> None:
    assert len(NAMES) + len(WISHES) + len(CAPTIONS) >= 150


@pytest.mark.parametrize(("text", "court"), NAMES)
def test_a_court_is_known_however_written(text: str, court: str) -> None:
    assert court in [one.id for one in find_court(text)]


@pytest.mark.parametrize("court", COURTS.values(), ids=lambda court: court.id)
def test_every_court_goes_by_its_id_its_name_and_its_short_form(court: Court) -> None:
    for name in (court.id, court.name, court.short, court.short.replace(" ", "")):
        assert court in find_court(name), name


def test_a_misspelt_court_is_guessed() -> None:
    assert nearest_court("Easten District of New York") == COURTS["nyed"]
    assert nearest_court("xyzzy") is None


@pytest.mark.parametrize("row", WISHES, ids=lambda row: row[0])
def test_what_a_person_sends_is_understood(row: list[str]) -> None:
    text, *wanted = row
    wish = read_docket(text)
    assert [wish.court, wish.number, wish.docket_id, wish.case_id, wish.caption] == wanted


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("1:19-cf-00366", "1:19-cr-00366"),
        ("1:19-cr-00366 Easten District of New York", "1:19-cr-00366 E.D.N.Y."),
        ("1:19-cr-00366 (Narnia)", "1:19-cr-00366"),
        ("19-366 EDNY", "19-cr-366 E.D.N.Y."),
        ("EDNY", "1:19-cr-00366 E.D.N.Y."),
        ("???", "1:19-cr-00366"),
        ("https://ecf.nyed.uscourts.gov/", "1:19-cr-00366 E.D.N.Y."),
        ("https://www.courtlistener.com/opinion/1/x/", ""),
        ("https://example.org/docket/1/", ""),
    ],
)
def test_what_names_no_case_is_answered_with_what_would(text: str, suggestion: str) -> None:
    with pytest.raises(DocketError) as refused:
        read_docket(text)
    assert refused.value.suggestion == suggestion
    assert str(refused.value).endswith((".", "?"))
    assert refused.value.code
    if suggestion:
        assert read_docket(suggestion).number


@given(st.text(max_size=80))
def test_any_text_is_a_wish_or_a_sentence(text: str) -> None:
    with contextlib.suppress(DocketError):
        wish = read_docket(text)
        assert wish.number or wish.caption or wish.docket_id or wish.case_id


@pytest.mark.parametrize("row", CAPTIONS, ids=lambda row: row[0])
def test_a_caption_is_taken_apart(row: list[str]) -> None:
    text, first, second, aliases, others, hidden = row
    found = parse_caption(text)
    assert found is not None
    assert (found.first, "|".join(found.second)) == (first, second)
    assert "|".join(found.aliases) == aliases
    assert (found.others, found.hidden) == (bool(others), bool(hidden))


def test_what_is_no_caption_has_no_parties() -> None:
    assert parse_caption("Court closed on Monday") is None


@pytest.mark.parametrize(
    ("caption", "parties", "people"),
    [
        ("USA v. Cienfuegos Zepeda", (), ("Cienfuegos Zepeda",)),
        (
            "USA v. Cienfuegos Zepeda",
            ("United States of America", "Salvador Cienfuegos Zepeda"),
            ("Salvador Cienfuegos Zepeda",),
        ),
        ("Roe, et al. v. Jones Inc. and Brown", (), ("Jones Inc.", "Brown", "Roe")),
        ("USA v. SEALED", (), ()),
        ("Court closed on Monday", (), ()),
    ],
)
def test_whom_a_case_is_about(caption: str, parties: tuple[str, ...], people: object) -> None:
    assert people_of(caption, parties) == people


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("US v. Cienfuegos", "Cienfuegos"),
        ("United States of America v. García Luna et al", "García Luna"),
        ("Roe v. Jones Inc.", "Jones Inc. Roe"),
        ("cienfuegos zepeda", "cienfuegos zepeda"),
        ("USA v. Sealed", "USA v. Sealed"),
    ],
)
def test_a_caption_is_searched_for_by_whom_it_names(typed: str, sought: str) -> None:
    assert sought_for(typed) == sought
