"""Where a new Item belongs among the live Stories of its Watches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from matching.compare import Verdict
from matching.grouping import WINDOW, Kept, Place, place
from model import Item

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)


def kept(story: int, number: int, title: str, *, hours: float = 1, lang: str = "en") -> Kept:
    return Kept(story, Item(id=number, title=title, lang=lang), NOW - timedelta(hours=hours))


def where(title: str, *live: Kept, lang: str = "en") -> Place:
    return place(Item(title=title, lang=lang), NOW, sorted(live, key=lambda one: one.at))


ARREST = kept(7, 1, "Salvador Cienfuegos arrested in Los Angeles", hours=20)


def test_a_rewrite_joins_the_earliest_story_that_tells_the_same() -> None:
    later = kept(9, 2, "Ex-minister Cienfuegos detained in Los Angeles", hours=2)
    found = where("Mexico's Salvador Cienfuegos arrested at Los Angeles airport", later, ARREST)
    assert found == Place(Verdict.SAME, story_id=7, item_id=1)


def test_a_release_is_the_next_stage_of_the_arrest_and_a_story_of_its_own() -> None:
    found = where("Salvador Cienfuegos released in Los Angeles", ARREST)
    assert found == Place(Verdict.STAGE, item_id=1, after=7)


def test_a_second_release_joins_the_first_and_not_the_arrest() -> None:
    release = kept(8, 2, "Salvador Cienfuegos released in Los Angeles")
    spanish = where("Liberan a Salvador Cienfuegos en Los Ángeles", ARREST, release, lang="es")
    assert (spanish.story_id, spanish.after) == (8, 0)


def test_another_persons_stage_follows_nothing() -> None:
    assert where("Meng Wanzhou fined in Vancouver", ARREST).after == 0


def test_what_says_little_does_not_bind_two_stages_together() -> None:
    vague = kept(7, 3, "Salvador Cienfuegos in Los Angeles: what is known", hours=10)
    found = where("Salvador Cienfuegos released in Los Angeles: what is known", ARREST, vague)
    assert found.story_id == 0


def test_what_is_older_than_the_window_is_not_joined() -> None:
    old = kept(7, 1, "Salvador Cienfuegos arrested", hours=WINDOW.total_seconds() / 3600 + 1)
    assert where("Salvador Cienfuegos arrested", old) == Place(Verdict.OTHER)


def test_nothing_live_leaves_a_story_of_its_own() -> None:
    assert where("Salvador Cienfuegos arrested") == Place(Verdict.OTHER)
