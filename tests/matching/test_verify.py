"""Scores and reasons: what each kind of mention is worth."""

from __future__ import annotations

from itertools import combinations

import pytest

from matching.fit import Dress, Fit, fit
from matching.match import Matcher
from matching.reasons import codes
from matching.text import Word
from model import Item, Mention, Watch

WATCH = Watch("Armando Villaseñor Quiroga", id=1)


def found(watch: Watch, text: str, *, lang: str = "", possible: bool = True) -> list[Mention]:
    """Return the mentions of one Watch in one title."""
    matcher = Matcher()
    matcher.add(watch)
    return matcher.find_mentions(Item(title=text, lang=lang), possible=possible)


@pytest.mark.parametrize(
    ("text", "score", "code"),
    [
        ("Armando Villaseñor Quiroga habló.", 100, "exact"),
        ("Armando Villaseñor habló.", 90, "surname_dropped"),
        ("Villaseñor Quiroga habló.", 80, "pair"),
        ("A. Villaseñor Quiroga habló.", 75, "initials"),
        ("Armando Vilaseñor Quiroga habló.", 92, "variant"),
        ("Armando Villaseñar Quiroga habló.", 70, "typo"),
        ("USA v. Villaseñor", 55, "caption_single"),
    ],
)
def test_each_kind_of_mention_has_its_score(text: str, score: int, code: str) -> None:
    mentions = found(WATCH, text)
    assert [(m.score, m.reason.code) for m in mentions] == [(score, code)]


@pytest.mark.parametrize(
    ("name", "text", "lang", "code"),
    [
        ("Аркадий Полежаев", "Дело Аркадия Полежаева", "ru", "inflected"),
        ("Pavel Kruglov", "Павел Круглов", "ru", "script"),
        ("Radomír Vrzáň", "trest Radomíru Vrzáňovi", "cs", "inflected"),
        ("Robert Lindqvist", "Robert James Lindqvist", "en", "extra_given"),
        ("Gregory Alan Whitcombe", "Gregory Whitcombe", "en", "middle_dropped"),
    ],
)
def test_the_reason_is_the_furthest_difference(name: str, text: str, lang: str, code: str) -> None:
    assert [m.reason.code for m in found(Watch(name, id=1), text, lang=lang)] == [code]


def test_what_is_only_possible_is_no_mention() -> None:
    assert found(WATCH, "USA v. Villaseñor", possible=False) == []


def test_a_very_common_pair_needs_a_context_word() -> None:
    watch = Watch("José Luis García Ponce", context=("aduana",), id=1)
    bare = found(watch, "José García habló.")
    near = found(watch, "José García habló en la aduana.")
    assert [(m.score, m.reason.code) for m in bare] == [(60, "common_pair")]
    assert [(m.score, m.context) for m in near] == [(70, ("aduana",))]


def test_a_threshold_of_its_own_moves_what_counts() -> None:
    strict = Watch("Armando Villaseñor Quiroga", threshold=95, id=1)
    assert found(strict, "Armando Villaseñor habló.", possible=False) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Armando Villaseñor Torres ganó.", "not_second_surname"),
        ("Diego Villaseñor Quiroga ganó.", "not_other_given"),
        ("Villaseñor y Quiroga ganaron.", "not_joined"),
        ("San Armando Villaseñor", "not_saint"),
        ("Otra cosa", "absent"),
    ],
)
def test_what_is_refused_says_why(text: str, code: str) -> None:
    verdicts = Matcher().explain(WATCH, Item(title=text))
    assert code in {verdict.reason.code for verdict in verdicts if not verdict.passed}


def test_every_reason_given_is_listed() -> None:
    texts = ["Armando Villaseñor Quiroga", "Diego Villaseñor Quiroga", "Quiroga", "A. Villaseñor"]
    for text in texts:
        for verdict in Matcher().explain(WATCH, Item(title=text)):
            assert verdict.reason.code in codes()


@pytest.mark.parametrize("others", [1, 2, 3])
def test_an_ending_every_part_bears_is_heard_first_whatever_else_is_spoken(others: int) -> None:
    # In sets, whose order differs from run to run: Łukasza would be Turkish in every other one.
    for spoken in combinations(["turkish", "finnish", "hungarian", "genitive", "baltic"], others):
        heard = frozenset(["slavic", *spoken])
        assert fit(Word("Łukasz"), Word("Łukasza"), heard) == Fit(Dress.INFLECTED)
