"""One change of a Watch, and the two wishes it can make that no list holds."""

from __future__ import annotations

import pytest

from matching.amend import Amendment, amended, different, restored, typed, unpacked
from matching.match import Matcher
from matching.raising import admits
from matching.terms import parse, write
from matching.wishes import from_row, to_columns
from model import Item, Priority, TermError, Watch

WATCH = Watch("Salvador Cienfuegos Zepeda", aliases=("General Cienfuegos",), context=("DEA",), id=7)


def test_words_are_put_in_and_taken_out() -> None:
    more = amended(WATCH, Amendment("context", add=("Amon", "DEA"), drop=()))
    assert more.context == ("DEA", "Amon")
    assert amended(more, Amendment("context", drop=("DEA",))).context == ("Amon",)
    assert more.id == 7


def test_the_next_name_takes_the_place_of_the_first() -> None:
    after = amended(WATCH, Amendment("names", drop=(WATCH.name,)))
    assert (after.name, after.aliases) == ("General Cienfuegos", ())
    with pytest.raises(TermError, match="one name at least"):
        amended(after, Amendment("names", drop=("General Cienfuegos",)))


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("never", "Camilo Cienfuegos\n Cuba ", ("Camilo Cienfuegos", "Cuba")),
        ("context", "DEA, Amon | H-2", ("DEA", "Amon", "H-2")),
        ("lang", "Spanish, en", ("es", "en")),
        ("names", "Cienfuegos Zepeda, Salvador", ("Cienfuegos Zepeda, Salvador",)),
    ],
)
def test_what_is_typed_may_be_several(field: str, text: str, words: tuple[str, ...]) -> None:
    assert typed(field, text).add == words


def test_a_language_nobody_knows_is_refused() -> None:
    with pytest.raises(TermError, match="Klingon"):
        typed("lang", "Klingon")


def test_what_cannot_be_watched_is_refused() -> None:
    with pytest.raises(TermError, match="too long"):
        amended(WATCH, Amendment("never", add=("x" * 400,)))


@pytest.mark.parametrize(
    "change",
    [
        Amendment("names", drop=(WATCH.name,)),
        Amendment("never", add=("Cuba",)),
        Amendment("priority", value="high"),
        Amendment("threshold", value="91"),
        Amendment("leading", value="yes"),
    ],
)
def test_a_change_survives_being_packed_and_can_be_taken_back(change: Amendment) -> None:
    assert unpacked(change.packed()) == change
    after = amended(WATCH, change)
    assert after != WATCH
    assert restored(after, different(WATCH, after)) == WATCH


def test_taking_back_leaves_what_was_changed_since() -> None:
    first = amended(WATCH, Amendment("never", add=("Cuba",)))
    second = amended(first, Amendment("priority", value="high"))
    back = restored(second, different(WATCH, first))
    assert (back.never, back.priority) == ((), Priority.HIGH)


def found(watch: Watch, **texts: str) -> list[str]:
    matcher = Matcher()
    matcher.add(watch)
    return [one.field for one in matcher.find_mentions(Item(**texts))]


def test_a_leading_watch_hears_only_of_what_stands_first() -> None:
    leading = amended(WATCH, Amendment("leading", value="yes"))
    name = WATCH.name
    late = f"A long report about the army.\nNear its end {name} is named."
    assert found(WATCH, text=late) == ["text"]
    assert found(leading, text=late) == []
    assert found(leading, title=f"{name} is freed", text=late) == ["title"]
    assert found(leading, text=f"\n{name} is freed.\nMore follows.") == ["text"]


def test_why_says_that_it_was_said_in_passing() -> None:
    leading = amended(WATCH, Amendment("leading", value="yes"))
    matcher = Matcher()
    item = Item(text=f"Something.\n{WATCH.name} too.")
    assert [one.reason.code for one in matcher.explain(leading, item)][:1] == ["not_leading"]


def test_leading_is_written_and_read() -> None:
    watch = parse("Ana Luz where:lead")
    assert watch.leading
    assert write(watch) == "Ana Luz where:lead"
    assert from_row(to_columns(watch)) == watch
    with pytest.raises(TermError, match="lead"):
        parse("Ana Luz where:here")


@pytest.mark.parametrize(
    ("rule", "url", "told"),
    [
        ("-riodoce.mx", "https://riodoce.mx/nota", False),
        ("-riodoce.mx", "https://a.example/nota", True),
        ("-riodoce.mx/deportes", "https://riodoce.mx/deportes/2020/gol", False),
        ("-riodoce.mx/deportes", "https://www.riodoce.mx/deportes", False),
        ("-riodoce.mx/deportes", "https://riodoce.mx/deportestotal/gol", True),
        ("-riodoce.mx/deportes", "https://riodoce.mx/justicia/nota", True),
        ("riodoce.mx/justicia", "https://riodoce.mx/justicia/nota", True),
        ("riodoce.mx/justicia", "https://riodoce.mx/deportes/gol", False),
    ],
)
def test_a_source_or_a_part_of_it_can_be_left_out(rule: str, url: str, told: bool) -> None:
    watch = amended(Watch("Ana Luz"), Amendment("sources", add=(rule,)))
    assert admits(watch, Item(url=url, source="Somewhere"), None) is told
