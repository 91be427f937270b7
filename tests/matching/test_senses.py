"""Words that tell a stage of a case, used in another sense: "seizes power", "drops an album"."""

from __future__ import annotations

from pathlib import Path

import pytest

from matching.senses import aside_in
from matching.stages import stages_of
from matching.turns import folded, words_of

TABLE = (Path(__file__).parent / "cases/senses.tsv").read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr", "de", "it"])
def test_a_headline_shows_the_stages_it_tells_and_no_other(lang: str) -> None:
    lines = [line.split("\t") for line in TABLE if line.startswith(f"{lang}\t")]
    wrong = []
    for _, kinds, title in lines:
        shown = {one.kind for one in stages_of(title, lang)}
        if shown != set(kinds.split(",")) - {"-"}:
            wrong.append(f"{title}: {sorted(shown)}, not {kinds}")
    assert lines
    assert not wrong


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Luna, arrested in 2020, publishes memoir", ["arrested", "in", "2020"]),
        ("Banker arrested in 2019 murder", []),
        ("Luna, arrested in Lima, denies bribes", []),
    ],
)
def test_what_is_told_in_passing_of_a_year_went_before(text: str, told: list[str]) -> None:
    words = words_of(folded(text))
    assert [words[at] for at in aside_in(folded(text), words)] == told


def test_a_phrase_is_not_taken_for_another_sense_for_its_own_words() -> None:
    assert {one.kind for one in stages_of("Luna clears way for extradition", "en")} == {
        "extradition"
    }
    assert not stages_of("Luna clears way for reshuffle", "en")


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("Luna admits he was wrong on Brexit", set()),
        ("Luna admits he was wrong, tells court", {"plea"}),
        ("Luna restores order after riots", set()),
        ("Court restores case against Luna", {"reopened"}),
        ("Eva Luna confesses", {"plea"}),
    ],
)
def test_a_needy_word_wants_a_court_or_a_crime_beside_it(title: str, kinds: set[str]) -> None:
    assert {one.kind for one in stages_of(title, "en")} == kinds
