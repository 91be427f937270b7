"""Grouping asks as little as it can; it answers what comparing everything would answer."""

from __future__ import annotations

import random
import tarfile
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import stories
from matching.compare import ONE_TEXT, Verdict, compare, is_near, may_be_one_text
from matching.gist import Told, told
from matching.grouping import Kept, Place, place
from model import Item
from tests.matching.test_stories import TABLES, pairs
from tests.watchers.feeds import SOURCE, answer
from watchers.reading import read_feed

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)


def weights(live: Sequence[Told]) -> Callable[[str], float] | None:
    if len(live) < 30:
        return None
    seen = Counter(word for one in live for word in one.head)
    count = len(live) + 1
    return lambda word: log(count / (seen[word] + 1)) / log(count) + 0.05


def exhaustive(item: Item, kept: Sequence[Kept]) -> Place:
    """Read and compare every one, in the order in which they were told."""
    new = told(item)
    live = [(one, told(one.item)) for one in kept]
    weigh = weights([text for _, text in live])
    said = [(one, text, compare(new, text, weigh)) for one, text in live]
    votes: Counter[int] = Counter()
    for one, _, verdict in said:
        votes[one.story_id] += verdict.is_same - (verdict in (Verdict.STAGE, Verdict.DOCKET))
    for one, _, verdict in said:
        if verdict.is_same and votes[one.story_id] > 0:
            return Place(verdict, one.story_id, one.item.id)
    for one, text, verdict in reversed(said):
        if verdict is Verdict.STAGE and is_near(new, text):
            return Place(verdict, 0, one.item.id, one.story_id)
    for one, _, verdict in reversed(said):
        if verdict is not Verdict.OTHER:
            return Place(verdict if verdict is not Verdict.STAGE else Verdict.OTHER, 0, one.item.id)
    return Place(Verdict.OTHER)


def told_as_stories(items: Sequence[Item], each: int) -> list[Kept]:
    """Stories of so many Items each, two at a time told at the same time."""
    first = NOW - timedelta(minutes=len(items))
    return [
        Kept(
            number // each + 1,
            item,
            first + timedelta(minutes=number // each // 2),
        )
        for number, item in enumerate(items)
    ]


def check(live: Sequence[Item], asked: Sequence[Item], each: int = 3) -> set[Verdict]:
    """Hold each answer against the exhaustive one; return which there were."""
    kept = told_as_stories(live, each)
    answers = set()
    for item in asked:
        expected = exhaustive(item, kept)
        assert place(item, NOW, kept) == expected, item.title
        assert place(item, NOW, kept, "reader") == expected, item.title
        answers.add(expected.verdict)
    return answers


@pytest.mark.parametrize("name", TABLES)
def test_labelled_pairs_find_the_place_that_comparing_all_would_find(name: str) -> None:
    both = [pair for _, *pair in pairs(name)]
    random.Random(name).shuffle(both)
    live = [replace(one, id=number) for number, (one, _) in enumerate(both, 1)]
    asked = [other for _, other in both[:40]]
    answers = check(live[:80], asked) | check(live[:80], asked, each=1)
    assert {Verdict.SAME, Verdict.STAGE} <= answers
    check(live[:7], [other for _, other in both[:7]])


def test_many_stories_of_one_person_find_the_place_that_comparing_all_would_find() -> None:
    rng = random.Random(7)
    live = [item for item, _ in stories.made(80, ["Bolano"], rng)]
    asked = [item for item, _ in stories.made(40, ["Bolano"], rng)]
    assert Verdict.SAME in check(live, asked)
    check(live[:2], asked)
    quiet = [replace(item, title=item.title.replace("arrested", "seen")) for item in asked]
    check(quiet, live[:40])


def test_real_news_find_the_place_that_comparing_all_would_find(shared: Path) -> None:
    items: dict[str, Item] = {}
    with tarfile.open(shared / "data/feeds/replay_bbc/home_uk_2021-03-01_14.tar.xz") as archive:
        for number, member in enumerate(archive):
            if number % 100 == 0 and (file := archive.extractfile(member)) is not None:
                items |= {one.key: one for one in read_feed(SOURCE, answer(file.read())).items}
    news = [replace(one, id=number) for number, one in enumerate(items.values(), 1)]
    random.Random(3).shuffle(news)
    assert len(news) > 200
    for start in range(0, 160, 80):
        check(news[start : start + 80], news[200:230])


TEXT = """The hearing took ten minutes and at its end the judge let the government drop its case
against the former minister who is to be flown home before the end of this week, said people who
were in the room, while his lawyer asked for his passport and the papers that were taken from him
at the airport in October when nobody in his own capital had been told that he would be held"""


def test_one_text_under_headlines_of_two_stages_is_found_as_comparing_all_would() -> None:
    words = TEXT.split()
    lefts = [(title, left) for title in ("Luna arrested", "Sanctions on Luna") for left in range(9)]
    live = [
        Item(id=number, title=title, summary=" ".join(words[: len(words) - left]), lang="en")
        for number, (title, left) in enumerate(lefts, 1)
    ]
    asked = [Item(title=f"Ex-minister fined {n}", summary=TEXT, lang="en") for n in "ab"]
    assert check(live, asked) == {Verdict.REPRINT}
    assert set().union(*(check([one], asked) for one in live)) > {Verdict.REPRINT}


def test_dockets_come_before_stages_as_comparing_all_would_have_it() -> None:
    live = [
        Item(id=number, title=f"Eva Luna {turn} in {docket}", lang="en")
        for number, (turn, docket) in enumerate(
            ((t, d) for t in ("arrested", "released") for d in ("19-cr-366", "20-cr-12", "Lima")), 1
        )
    ]
    asked = [Item(title=f"Eva Luna {turn} in 19-cr-366", lang="en") for turn in ("freed", "tried")]
    check(live, asked)
    assert check([one for one in live if "20-cr" in one.title], asked) == {Verdict.DOCKET}


@given(st.sets(st.integers(0, 60), min_size=17), st.sets(st.integers(0, 60), max_size=3))
def test_no_text_that_is_one_is_passed_over(shingles: set[int], others: set[int]) -> None:
    one, other = array("q", shingles), array("q", sorted(shingles ^ others))
    both = len(shingles & set(other))
    if both >= ONE_TEXT * (len(one) + len(other) - both):
        assert may_be_one_text(frozenset(one), other)
        assert may_be_one_text(frozenset(other), one)
