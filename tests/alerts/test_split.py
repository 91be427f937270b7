"""No text breaks a Message: parts are whole words, their Marks in place, within the limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alerts.split import cut, split, units
from model.message import Button, Mark, Message, Style
from tests.alerts.making import HOSTILE, sound


@st.composite
def messages(draw: st.DrawFn) -> Message:
    text = draw(HOSTILE).replace("\ud800", "?") * draw(st.integers(1, 30))
    text = text.encode("utf-8", "replace").decode()
    places = st.integers(0, len(text))
    marks = [
        Mark(draw(st.sampled_from(list(Style))), *sorted((draw(places), draw(places))), "1")
        for _ in range(draw(st.integers(0, 12)))
    ]
    return Message(text, tuple(mark for mark in marks if mark.start < mark.end))


@given(messages(), st.integers(4, 60), st.integers(2, 8))
def test_every_part_is_within_the_limits_and_nothing_visible_is_lost(
    message: Message, most: int, marks: int
) -> None:
    parts = split(message, most, marks)
    for part in parts:
        sound(part, units=most, marks=marks)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(message.text.split())


@given(messages(), st.data())
def test_a_cut_takes_the_marks_along(message: Message, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.integers(0, len(message.text))) for _ in range(2))
    part = cut(message, start, end)
    wanted = [
        message.text[max(m.start, start) : min(m.end, end)]
        for m in message.marks
        if max(m.start, start) < min(m.end, end)
    ]
    assert part.text == message.text[start:end]
    assert [part.text[m.start : m.end] for m in part.marks] == wanted


def test_ten_thousand_characters_are_cut_between_paragraphs() -> None:
    paragraph = "word " * 60
    parts = split(Message("\n\n".join([paragraph.strip()] * 34)))
    assert [len(part.text) <= 4096 for part in parts] == [True] * 3
    assert all(part.text.startswith("word") and part.text.endswith("word") for part in parts)
    assert all(len(one) == 299 for part in parts for one in part.text.split("\n\n"))


def test_words_are_kept_whole_where_there_are_no_paragraphs() -> None:
    assert [part.text for part in split(Message("alpha beta gamma delta"), 12)] == [
        "alpha beta",
        "gamma delta",
    ]


def test_emoji_count_twice_and_are_never_cut_in_half() -> None:
    assert units("a👍") == 3
    assert [part.text for part in split(Message("👍" * 5), 4)] == ["👍👍", "👍👍", "👍"]


def test_a_mark_across_the_cut_is_in_both_parts() -> None:
    message = Message("alpha beta gamma", (Mark(Style.BOLD, 6, 16),))
    first, second = split(message, 11)
    assert (first.text, first.marks) == ("alpha beta", (Mark(Style.BOLD, 6, 10),))
    assert (second.text, second.marks) == ("gamma", (Mark(Style.BOLD, 0, 5),))


def test_buttons_go_last_and_the_preview_first() -> None:
    message = Message("alpha beta", (), ((Button("x", url="https://a.test"),),), "https://a.test")
    first, second = split(message, 6)
    assert (first.buttons, first.preview) == ((), "https://a.test")
    assert (second.buttons, second.preview) == (message.buttons, "")


def test_nothing_to_say_has_no_parts() -> None:
    assert split(Message(" \n ")) == []
