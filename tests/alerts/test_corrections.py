"""What a message says of an article that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.compose import compose
from bot.words import load
from model import (
    AlertKind,
    AlertView,
    Bond,
    Chat,
    Item,
    Mention,
    Reason,
    Subscriber,
    Thread,
    Tie,
    WatchName,
)
from model.version import Amendment, Changed

AT = datetime(2020, 11, 18, 19, tzinfo=UTC)
LATER = AT + timedelta(hours=15)
FIRST = Item(
    id=1,
    url="https://a.example/1",
    title="The minister goes home",
    summary="Ana Pérez was named.",
    source="Ríodoce",
    first_seen=AT,
)
OTHER = replace(FIRST, id=2, url="https://b.example/1", source="El Universal")
ANA = WatchName(7, "Ana Pérez")
LUZ = WatchName(8, "Luz Díaz")
MENTION = Mention(7, "summary", 0, 9, "Ana Pérez", 100, Reason("exact", ("Ana Pérez", "Ana Pérez")))


def view(*amendments: Amendment, **more: object) -> AlertView:
    reader = Subscriber(1, "telegram", "1", chat=Chat.PRIVATE, language="en")
    whole = AlertView(3, AlertKind.STORY, reader, (ANA,), (FIRST,), (MENTION,), at=AT)
    return replace(whole, amendments=amendments, **more)  # type: ignore[arg-type]


def amended(what: Changed, item_id: int = 1, was: str = "", watch_id: int = 0) -> Amendment:
    return Amendment(item_id, what, LATER, was, watch_id)


def said(one: AlertView, language: str = "en") -> str:
    return compose(one, load(language)).text


def test_each_change_is_a_line_below_the_headline() -> None:
    lines = said(
        view(amended(Changed.HEADLINE, was="The minister stays"), amended(Changed.WITHDRAWN))
    ).splitlines()
    at = load("en").moment(LATER)
    assert f"Headline changed {at}: was “The minister stays”" in lines
    assert f"Withdrawn by the outlet {at}" in lines


def test_what_changed_before_it_was_told_is_not_said() -> None:
    early = Amendment(1, Changed.TEXT, AT, "")
    assert "Text changed" not in said(view(early))


def test_another_outlets_change_says_whose_it_is() -> None:
    one = view(amended(Changed.WITHDRAWN, item_id=2), items=(FIRST, OTHER))
    assert "El Universal: Withdrawn by the outlet" in said(one)


def test_the_quote_goes_when_nobody_is_named_any_more_and_stays_else() -> None:
    gone = amended(Changed.DROPPED, watch_id=7)
    assert "was named." not in said(view(gone))
    assert "No longer names Ana Pérez since" in said(view(gone))
    assert "was named." in said(view(gone, watches=(ANA, LUZ)))


def test_a_name_that_went_is_nothing_to_a_reader_who_does_not_follow_it() -> None:
    assert "Luz" not in said(view(amended(Changed.DROPPED, watch_id=8)))


@pytest.mark.parametrize(
    ("why", "english", "spanish"),
    [
        ("dropped", "Ríodoce no longer names Ana Pérez", "Ríodoce ya no nombra a Ana Pérez"),
        ("withdrawn", "Ana Pérez: Ríodoce withdrew this article", "Ríodoce retiró este artículo"),
        ("turned", "Ana Pérez: Ríodoce changed what happened", "Ríodoce cambió lo que pasó"),
    ],
)
def test_an_answer_says_what_has_become_of_it(why: str, english: str, spanish: str) -> None:
    thread = Thread(tie=Tie(2, Bond.CORRECTION, why))
    one = view(amended(Changed.HEADLINE, was="The minister stays"), thread=thread)
    assert said(one).startswith(english)
    assert "was “The minister stays”" in said(one)
    assert spanish in said(one, "es").splitlines()[0]


def test_what_an_outlet_wrote_is_inert_in_what_was() -> None:
    one = view(amended(Changed.HEADLINE, was="Call @everyone \u202enow"))
    assert "@\u2060everyone" in said(one)
    assert "\u202e" not in said(one)
