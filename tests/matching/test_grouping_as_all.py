"""Grouping asks as little as it can; it answers what comparing everything would answer."""

from __future__ import annotations

import random
import tarfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path

import pytest

from bench import stories
from matching.compare import Verdict, compare, is_near
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
    live = [(one, told(one.item)) for one in sorted(kept, key=lambda one: (one.at, one.story_id))]
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


def told_in_threes(items: Sequence[Item]) -> list[Kept]:
    """Every story of three Items, some told at the same time."""
    return [
        Kept(number // 3 + 1, item, NOW - timedelta(minutes=len(items) - number // 2))
        for number, item in enumerate(items)
    ]


def check(live: Sequence[Item], asked: Sequence[Item]) -> set[Verdict]:
    """Hold each answer against the exhaustive one; return which there were."""
    kept = told_in_threes(live)
    answers = set()
    for item in asked:
        expected = exhaustive(item, kept)
        assert place(item, NOW, kept) == expected, item.title
        answers.add(expected.verdict)
    return answers


@pytest.mark.parametrize("name", TABLES)
def test_labelled_pairs_find_the_place_that_comparing_all_would_find(name: str) -> None:
    both = [pair for _, *pair in pairs(name)]
    random.Random(name).shuffle(both)
    live = [replace(one, id=number) for number, (one, _) in enumerate(both, 1)]
    answers = check(live[:80], [other for _, other in both[:40]])
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
