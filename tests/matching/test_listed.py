"""The parties of a case, each by itself."""

from __future__ import annotations

from matching.listed import party_mentions
from matching.match import Matcher
from model import Filing, Item, Watch


def found(name: str, *parties: str) -> list[tuple[str, int]]:
    matcher = Matcher()
    matcher.add(Watch(name, id=1))
    item = Item(title="United States v. Doe", lang="en", filing=Filing(parties=parties))
    return [(one.text, one.score) for one in party_mentions(matcher, item)]


def test_two_parties_that_stand_below_one_another_are_not_one_name() -> None:
    assert found("John Smith", "Doe John", "Smith Barney") == []


def test_a_party_is_as_sure_as_a_name_alone() -> None:
    assert found("John Smith", "Acme", "John Smith", "Yates") == [("John Smith", 100)]


def test_a_case_without_parties_names_nobody() -> None:
    assert found("John Smith") == []
