"""What an alert about a court case says, as its reader sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.compose import compose
from alerts.split import MARKS, UNITS, units
from bot.words import load
from matching.happened import with_events
from model import (
    AlertKind,
    AlertView,
    Docket,
    Filing,
    Item,
    Mention,
    Reason,
    Style,
    Subscriber,
    WatchName,
)
from model.people import Chat

BEFORE = "6 Detention (16 October 2020) → 22 Motion to dismiss (17 November 2020)"
NAME = "Salvador Cienfuegos Zepeda"
SEEN = datetime(2020, 11, 18, 18, 54, tzinfo=UTC)
ORDER = Filing(
    court="nyed",
    number="1:19-cr-00366",
    case_id="437498",
    caption=f"United States v. {NAME.split(' ', 1)[1]}",
    short="Order on Motion to Dismiss",
    text=f"ORDER granting 22 Motion to Dismiss as to {NAME} (1).",
    filed=date(2020, 11, 18),
    judge="Carol Bagley Amon",
    url="https://www.courtlistener.com/docket/18555801/usa-v-cienfuegos-zepeda/#minute-entry-7",
)
LETTER = replace(
    ORDER, entry="6", short="Letter", text="Detention letter", filed=date(2020, 10, 16)
)
MOTION = replace(
    ORDER, entry="22", short="Motion to Dismiss", text="MOTION to Dismiss", filed=date(2020, 11, 17)
)


def item(filing: Filing, number: int = 1) -> Item:
    told = with_events(filing)
    return Item(
        key=f"437498/{filing.entry}",
        url=filing.url,
        title=filing.caption,
        summary=filing.text,
        filing=told,
        first_seen=SEEN,
        id=number,
    )


def view(*items: Item, **more: object) -> AlertView:
    mention = Mention(1, "summary", 42, 68, NAME, 100, Reason("exact", (NAME, NAME)))
    whole = AlertView(
        id=1,
        kind=AlertKind.FILING,
        subscriber=Subscriber(1, "telegram", "-1001", chat=Chat.GROUP),
        watches=(WatchName(1, NAME),),
        items=items,
        mentions=(mention,),
        at=SEEN,
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def test_an_order_of_dismissal_reads_as_a_lawyer_would_say_it() -> None:
    message = compose(view(item(ORDER), earlier=(item(LETTER), item(MOTION))), load("en"))
    assert message.text.splitlines() == [
        "⚖️ United States v. Cienfuegos Zepeda",
        "Dismissal",
        "E.D.N.Y. · 1:19-cr-00366 · Judge Carol Bagley Amon",
        "Filed 18 November 2020 · seen 18 Nov 2020, 18:54 UTC",
        "",
        f"ORDER granting 22 Motion to Dismiss as to {NAME} (1).",
        "",
        f"Before this: {BEFORE} → Dismissal",
        "",
        f"Why: the exact name {NAME}",
        "",
        "#SalvadorCienfuegosZepeda #CR19366 #Dismissal",
    ]
    [row] = message.buttons
    assert [button.label for button in row] == ["Docket", "Copy number"]
    assert row[1].copy == "1:19-cr-00366"
    assert message.preview == ""


def test_a_document_anybody_can_read_has_its_button() -> None:
    filing = replace(ORDER, pdf="https://storage.example/22.pdf")
    [row] = compose(view(item(filing)), load("en")).buttons
    assert [button.label for button in row] == ["Docket", "PDF", "Copy number"]


@pytest.mark.parametrize(("chat", "shown"), [(Chat.PRIVATE, True), (Chat.CHANNEL, False)])
def test_where_a_document_is_missing_a_button_says_so_until_it_is_there(
    chat: Chat, shown: bool
) -> None:
    reader = Subscriber(1, "telegram", "1", chat=chat)
    told = view(item(LETTER), subscriber=reader, buttons=(("not_public", "p"),))
    [row] = compose(told, load("en")).buttons
    assert [one.press for one in row if one.label == "Not public yet"] == ["p"] * shown
    there = replace(told, items=(item(replace(LETTER, pdf="https://storage.example/6.pdf")),))
    [row] = compose(there, load("en")).buttons
    assert [one.label for one in row][:2] == ["Docket", "PDF"]
    assert not any(one.press == "p" for one in row)


def test_an_unsealing_says_so_first() -> None:
    filing = replace(ORDER, short="Order to Unseal Indictment", text="")
    message = compose(view(item(filing)), load("en"))
    assert message.text.startswith("🔓 Case unsealed: United States v. Cienfuegos Zepeda")


def test_a_case_that_is_no_longer_sealed_says_for_how_long_it_was() -> None:
    docket = Docket(court="nyed", number=ORDER.number, filed=date(2019, 8, 14))
    told = view(item(ORDER), changes=("unsealed",), docket=docket)
    message = compose(told, load("en"))
    assert message.text.startswith("🔓 Case unsealed: United States v. Cienfuegos Zepeda")
    assert "Sealed for 15 months, since 14 August 2019" in message.text


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2020, 11, 18), "Sealed since", "Bajo secreto desde"),
        (date(2020, 11, 17), "Sealed for 1 day,", "Bajo secreto 1 día,"),
        (date(2020, 10, 19), "Sealed for 30 days,", "Bajo secreto 30 días,"),
        (date(2020, 10, 18), "Sealed for 1 month,", "Bajo secreto 1 mes,"),
        (date(2019, 9, 19), "Sealed for 13 months,", "Bajo secreto 13 meses,"),
        (date(2019, 9, 18), "Sealed for 14 months,", "Bajo secreto 14 meses,"),
        (date(2015, 12, 1), "Sealed for more than 4 years,", "Bajo secreto más de 4 años,"),
    ],
)
def test_how_long_a_case_was_sealed_is_said_in_the_reader_s_language(
    day: date, english: str, spanish: str
) -> None:
    told = view(item(ORDER), changes=("unsealed",), docket=Docket(court="nyed", filed=day))
    for language, said in (("en", english), ("es", spanish)):
        assert compose(told, load(language)).text.splitlines()[1].startswith(said)


def test_a_docket_that_was_found_is_told_before_any_entry_is() -> None:
    docket = Docket(court="nyed", number=ORDER.number, caption=ORDER.caption)
    told = view(changes=("found",), docket=docket, mentions=(), followed=True)
    message = compose(told, load("en"))
    assert message.text.splitlines()[:2] == [
        "⚖️ United States v. Cienfuegos Zepeda",
        "E.D.N.Y. · 1:19-cr-00366",
    ]


def test_a_possible_mention_says_so_and_makes_no_sound() -> None:
    message = compose(view(item(ORDER), possible=True), load("en"))
    assert message.text.splitlines()[1] == "Possible: it may be somebody else"
    assert message.silent


def test_who_follows_the_case_hears_that_this_is_why() -> None:
    message = compose(view(item(ORDER), followed=True, mentions=()), load("en"))
    assert "Why: you follow this case" in message.text


def test_what_was_filed_long_before_it_could_be_seen_says_so() -> None:
    message = compose(view(item(replace(ORDER, filed=date(2020, 10, 1)))), load("en"))
    assert "Filed 1 October 2020 · public only now" in message.text


def test_several_filings_of_one_case_are_one_message_with_the_routine_ones_folded() -> None:
    routine = replace(ORDER, entry="23", short="Notice of Appearance", text="NOTICE of appearance")
    some = [item(MOTION, 1), item(ORDER, 2), item(routine, 3)]
    message = compose(view(*some), load("en"))
    lines = message.text.splitlines()
    assert lines[0] == "⚖️ United States v. Cienfuegos Zepeda"
    assert "• 22 Motion to dismiss: MOTION to Dismiss" in lines
    assert "+ 1 routine entry" in lines
    folded = [mark for mark in message.marks if mark.style is Style.FOLDED]
    assert [message.text[m.start : m.end].startswith("• 23 ") for m in folded] == [True]


def test_a_channel_can_copy_the_number_but_press_nothing() -> None:
    public = Subscriber(1, "telegram", "@mxcourts", chat=Chat.CHANNEL, public=True)
    told = view(item(ORDER), subscriber=public, buttons=(("why", "x"), ("not_them", "y")))
    [row] = compose(told, load("en")).buttons
    assert not any(button.press for button in row)


hostile = st.text(max_size=3_000)


@settings(deadline=None)
@given(hostile, hostile, hostile, st.integers(1, 30))
def test_no_filing_breaks_a_message(caption: str, text: str, judge: str, count: int) -> None:
    filing = replace(ORDER, caption=caption, text=text, judge=judge, short=text[:50])
    some = [item(replace(filing, entry=str(n)), n) for n in range(count)]
    message = compose(view(*some, earlier=tuple(some)), load("en"), repeat=True)
    assert 0 < units(message.text) <= UNITS
    assert len(message.marks) <= MARKS
    assert all(0 <= m.start < m.end <= len(message.text) for m in message.marks)


def test_a_case_of_which_only_courtlistener_s_number_is_known_is_called_by_that() -> None:
    pushed = replace(ORDER, caption="", number="", court="", docket_id="18555801")
    message = compose(view(item(pushed)), load("en"))
    assert message.text.splitlines()[0] == "⚖️ CourtListener docket 18555801"
