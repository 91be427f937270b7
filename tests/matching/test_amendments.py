"""How two versions of an article differ, and what of it a reader should know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matching.amendments import amendments, changes, differ, latest, said_by_source, turns
from model import Item
from model.item import Capture
from model.version import Amendment, Changed, Part, Version

AT = datetime(2020, 11, 18, 19, tzinfo=UTC)
LONG = " ".join(f"word{n}" for n in range(1_000))


def version(hours: int = 0, part: Part = Part.SOURCE, **said: object) -> Version:
    return Version(1, AT + timedelta(hours=hours), part, "https://a.example", "ab", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (version(title="A"), version(title="B"), (Changed.HEADLINE,)),
        (version(title="A  b"), version(title="A b"), ()),
        (version(summary="A"), version(summary="B"), (Changed.SUMMARY,)),
        (version(summary=""), version(summary="B"), ()),
        (version(text=LONG), version(text=""), ()),
        (version(text=LONG), version(text=LONG + " five words more than before"), ()),
        (version(text=LONG), version(text=LONG + " more" * 40), (Changed.TEXT,)),
        (version(title="A"), version(status=404), (Changed.WITHDRAWN,)),
        (version(status=404), version(status=410), ()),
        (version(status=410), version(title="A"), (Changed.BACK,)),
        (None, version(title="A"), ()),
    ],
)
def test_what_differs_is_named(
    before: Version | None, now: Version, found: tuple[Changed, ...]
) -> None:
    assert changes(before, now) == found


def test_paragraphs_that_change_places_say_the_same() -> None:
    one, two = "The first of them says this. " * 9, "The second says something else. " * 9
    assert not differ(f"{one}\n{two}", f"{two}\n{one}")


def test_a_sentence_in_a_short_text_counts_and_one_in_a_long_one_need_not() -> None:
    more = " A spokesman said on Friday that none of this had ever been agreed with anyone."
    assert differ("The court met on Thursday.", "The court met on Thursday." + more)
    assert not differ(LONG, LONG + more)


def test_each_part_is_compared_with_itself() -> None:
    kept = [
        version(0, title="The feed's headline"),
        version(1, Part.PAGE, title="The page's headline"),
        version(2, title="Another headline", changed=(Changed.HEADLINE,)),
        version(3, Part.PAGE, status=410, changed=(Changed.WITHDRAWN,)),
        version(4, Part.PAGE, title="The page", changed=(Changed.BACK, Changed.HEADLINE)),
    ]
    assert [(one.what, one.was) for one in amendments(kept)] == [
        (Changed.HEADLINE, "The feed's headline"),
        (Changed.WITHDRAWN, ""),
        (Changed.BACK, ""),
        (Changed.HEADLINE, "The page's headline"),
    ]


def test_a_reader_is_told_the_last_of_each_sort() -> None:
    def one(what: Changed, hours: int, watch_id: int = 0) -> Amendment:
        return Amendment(1, what, AT + timedelta(hours=hours), str(hours), watch_id)

    every = [
        one(Changed.HEADLINE, 1),
        one(Changed.WITHDRAWN, 2),
        one(Changed.HEADLINE, 3),
        one(Changed.BACK, 4),
        one(Changed.DROPPED, 5, 7),
        one(Changed.DROPPED, 5, 8),
    ]
    assert [(one.what, one.was) for one in latest(every)] == [
        (Changed.HEADLINE, "3"),
        (Changed.BACK, "4"),
        (Changed.DROPPED, "5"),
        (Changed.DROPPED, "5"),
    ]


@pytest.mark.parametrize(
    ("before", "now", "turned"),
    [
        ("General arrested in Los Angeles", "General released in Los Angeles", True),
        ("General arrested in Los Angeles", "General arrested at the airport", False),
        ("General flies home", "General released in Los Angeles", False),
        ("Detienen al general en Los Ángeles", "Liberan al general en Los Ángeles", True),
    ],
)
def test_another_event_in_a_headline_is_told_from_other_words(
    before: str, now: str, turned: bool
) -> None:
    assert turns(Item(title=before), Item(title=now)) is turned


def test_what_was_never_stored_has_no_version() -> None:
    item = Item(id=1, title="A", capture=Capture("https://a.example/feed", "cd"))
    assert said_by_source(item) is None
