"""What a Story's message says of the others that tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.compose import compose
from model.alert import Bond, Sameness, Thread, Tie
from model.docket import Event, Filing, Severity
from model.item import Item
from model.message import Style
from tests.alerts.making import AT, PRIVATE, SPANISH, STORY, english, sound, story

WORDS = english()
REPRINT = replace(
    STORY,
    key="3",
    id=3,
    url="https://town.example/3",
    source="Town Paper",
    published_at=AT + timedelta(minutes=40),
)
ORDER = Item(
    title="USA v. Cienfuegos Zepeda",
    url="https://court.example/366",
    id=9,
    first_seen=AT - timedelta(minutes=3),
    filing=Filing(
        number="1:19-cr-00366",
        url="https://court.example/366",
        events=(Event("dismissal", Severity.LOUD),),
    ),
)


def test_texts_of_their_own_are_counted_apart_from_reprints() -> None:
    thread = Thread(joins=((2, Sameness.SAME), (3, Sameness.HEADLINE)))
    said = compose(story(items=(STORY, SPANISH, REPRINT), thread=thread), WORDS)
    lines = said.text.split("\n")
    assert "Also in 1 outlet · 1 reprint" in lines
    at = lines.index("Also in 1 outlet · 1 reprint")
    assert lines[at + 1].endswith("Crónica del Norte, +12 min (es)")
    assert lines[at + 2].endswith("Town Paper, +40 min")
    sound(said)


def test_where_all_are_reprints_no_outlet_counts_as_a_second_source() -> None:
    others = [replace(REPRINT, id=3 + n, source=f"Paper {n}") for n in range(9)]
    thread = Thread(joins=tuple((one.id, Sameness.REPRINT) for one in others))
    said = compose(story(items=(STORY, *others), thread=thread), WORDS)
    assert "Reprinted in 9 outlets" in said.text
    assert "and 3 more" in said.text
    assert "Also in" not in said.text


def test_it_says_who_had_it_first_even_if_it_came_to_us_later() -> None:
    early = replace(SPANISH, published_at=AT - timedelta(minutes=5))
    said = compose(story(items=(STORY, early)), WORDS)
    (line,) = [one for one in said.text.split("\n") if one.startswith("First: ")]
    assert line.startswith("First: Crónica del Norte ")
    assert line.endswith("· The Borough Ledger +5 min")


def test_the_court_stands_among_those_who_had_it_and_in_a_line_of_its_own() -> None:
    said = compose(story(thread=Thread(filings=(ORDER,))), WORDS)
    (first,) = [one for one in said.text.split("\n") if one.startswith("First: ")]
    assert first.startswith("First: court ")
    assert first.endswith("· The Borough Ledger +3 min")
    (court,) = [one for one in said.text.split("\n") if one.startswith("⚖️ Court: ")]
    assert court == f"⚖️ Court: 1:19-cr-00366, “{WORDS.say('event.dismissal')}”"
    links = [mark.value for mark in said.marks if mark.style is Style.LINK]
    assert "https://court.example/366" in links
    assert "#CR19366" in said.text


def test_what_happened_is_a_word_of_its_line_and_a_hashtag() -> None:
    arrest = replace(STORY, title="Cienfuegos arrested at the airport")
    said = compose(story(items=(arrest,), mentions=()), WORDS)
    assert said.text.split("\n")[2].startswith(f"{WORDS.say('event.arrest')} · The Borough Ledger")
    assert said.text.endswith("#SalvadorCienfuegosZepeda #Arrest")


def test_there_are_never_more_than_three_hashtags_and_one_is_whom_it_is_about() -> None:
    arrest = replace(STORY, title="Cienfuegos arrested at the airport")
    (watch,) = story().watches
    many = tuple(replace(watch, id=n, name=f"Person {n} Ofmany") for n in range(1, 6))
    thread = Thread(filings=(ORDER,))
    said = compose(story(items=(arrest,), watches=many, mentions=(), thread=thread), WORDS)
    assert said.text.endswith("#Person1Ofmany #CR19366 #Arrest")


def test_what_is_joined_to_another_leaves_one_line_and_a_way_back() -> None:
    thread = Thread(tie=Tie(5, Bond.MERGED), other=SPANISH)
    view = story(subscriber=PRIVATE, thread=thread, buttons=(("unmerge", "abc"),))
    said = compose(view, WORDS)
    assert said.text.split("\n")[1:] == [f"Same story, told there: {SPANISH.title}"]
    assert [key.press for row in said.buttons for key in row] == ["abc"]


def test_a_channel_has_no_buttons_that_anybody_could_press() -> None:
    thread = Thread(joins=((2, Sameness.SAME),))
    pressed = (("merge", "m"), ("split", "s"))
    view = story(items=(STORY, SPANISH), thread=thread, buttons=pressed)
    assert all(not key.press for row in compose(view, WORDS).buttons for key in row)
    private = compose(replace(view, subscriber=PRIVATE), WORDS)
    assert {key.press for row in private.buttons for key in row} >= {"m", "s"}
