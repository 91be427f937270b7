"""What texts tell is kept small, for as long as it is asked for, and no answer depends on it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from matching import remembered as cache
from matching.gist import told
from matching.remembered import DAY, forget, remembered
from model import Item
from tests.matching.test_stories import TABLES, pairs

NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
ARREST = Item(id=1, title="Salvador Cienfuegos arrested in Los Angeles", lang="en")


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_READ", cache._Lately())


@pytest.mark.parametrize("name", TABLES[:3])
def test_what_is_remembered_is_what_was_told(name: str) -> None:
    for _, *both in pairs(name):
        for item in both:
            one, fresh = remembered(item).told(), told(item)
            assert {f.name: getattr(one, f.name) for f in fields(one)} == {
                f.name: getattr(fresh, f.name) for f in fields(fresh)
            }


def test_a_text_is_read_once_and_again_when_it_changes() -> None:
    first = remembered(ARREST)
    assert remembered(Item(id=2, title=ARREST.title, lang="en")) is first
    changed = Item(id=1, title="Salvador Cienfuegos released in Los Angeles", lang="en")
    assert remembered(changed).turns is not first.turns


def test_what_nobody_asks_for_in_a_day_is_forgotten_and_what_is_asked_for_is_not() -> None:
    forget(NOW)
    first, other = remembered(ARREST), remembered(Item(title="Meng Wanzhou fined", lang="en"))
    for day in range(1, 4):
        forget(NOW + day * DAY)
        assert remembered(ARREST) is first
    assert remembered(Item(title="Meng Wanzhou fined", lang="en")) is not other
    forget(NOW + 3 * DAY + timedelta(hours=1))
    assert remembered(ARREST) is first


def test_no_more_is_kept_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 3)
    for number in range(20):
        remembered(Item(title=f"Headline {number} of the day", lang="en"))
    assert len(cache._READ.young) + len(cache._READ._old) <= 6
